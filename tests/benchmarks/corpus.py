"""Clean documents and marked texts to measure on, from the shared folder beside the checkout."""

import lzma
import random
from collections.abc import Iterator
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"


def clean_documents(words: int, count: int, seed: int = 7) -> Iterator[str]:
    """Yields documents of at least so many words: whole consecutive paragraphs of clean prose, one in eight of technical."""
    rng = random.Random(seed)
    sources = []
    for name in ("prose.txt.xz", "tech.txt.xz"):
        with lzma.open(SHARED / "data" / name, "rt", encoding="utf-8") as file:
            sources.append([line.rstrip("\n") for line in file])
    for number in range(count):
        paragraphs = sources[number % 8 == 0]
        at = rng.randrange(len(paragraphs) - 500)
        document: list[str] = []
        held = 0
        while held < words:
            document.append(paragraphs[at])
            held += len(paragraphs[at].split())
            at += 1
        yield "\n\n".join(document) + "\n"


def marked_texts() -> list[Path]:
    """Returns the marked texts of the shared folder."""
    return sorted((SHARED / "gold").glob("*.txt"))
