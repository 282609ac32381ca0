"""Clean documents and marked texts to measure on, from the shared folder beside the checkout."""

import lzma
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from despin.training.corpus import held_out

SHARED = Path(__file__).resolve().parents[3] / "shared"


def clean_documents(words: int, count: int, seed: int = 7) -> Iterator[str]:
    """Yields documents of at least so many words: whole consecutive paragraphs of clean prose, one in eight of technical.

    No model was trained on them.
    """
    rng = random.Random(seed)
    sources = [list(source) for source in _sources()]
    starts = [[k for k, paragraph in enumerate(source) if paragraph] for source in sources]
    made = 0
    while made < count:
        technical = made % 8 == 0
        at = rng.choice(starts[technical])
        document: list[str] = []
        held = 0
        for paragraph in islice(sources[technical], at, None):
            if not paragraph or held >= words:
                break
            document.append(paragraph)
            held += len(paragraph.split())
        if held >= words:
            made += 1
            yield "\n\n".join(document) + "\n"


def clean_paragraphs() -> list[str]:
    """Returns the paragraphs of clean and technical prose that no model was trained on."""
    return [paragraph for source in _sources() for paragraph in source if paragraph]


def _sources() -> Iterator[Iterator[str]]:
    """The lines of clean prose, and of technical; blank where the models were trained on them, which ends a document."""
    for name in ("prose.txt.xz", "tech.txt.xz"):
        with lzma.open(SHARED / "data" / name, "rt", encoding="utf-8") as file:
            yield (line.rstrip("\n") if name.startswith("tech") or held_out(k) else "" for k, line in enumerate(file))


def marked_texts() -> list[Path]:
    """Returns the marked texts of the shared folder."""
    return sorted((SHARED / "gold").glob("*.txt"))
