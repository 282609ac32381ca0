"""Learns from what the encoder proposes where the lexicon knows nothing: pairs that come again and again are its gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from despin.lexicon.rows import PROPOSED
from despin.mining.pairs import Swap, sightings
from despin.mining.tagged import tag_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from despin.despinner import Despinner
    from despin.mining.findings import Sighting
    from despin.restoration import Restoration


def learn(despinner: Despinner, texts: Iterable[str]) -> Iterator[Sighting]:
    """Yields the places of spun texts where despin acts on a proposal of the encoder's own.

    Args:
        despinner: restores the texts; its settings say which proposals it believes.
        texts: spun texts.

    Raises:
        TooLargeError: if a text is longer than the setting `max_characters`.
    """
    for number, text in enumerate(texts):
        restoration = despinner(text)
        if any(edit.tier == PROPOSED for edit in restoration.edits):
            yield from sightings(despinner.nlp, _swaps(despinner, text, restoration, number), despinner.lexicon)


def _swaps(despinner: Despinner, text: str, restoration: Restoration, number: int) -> Iterator[Swap]:
    """Where a text has a proposal in its place now."""
    spun, restored = tag_texts(despinner.nlp, (text, restoration.text))
    shift = 0
    for edit in restoration.edits:
        start = edit.start + shift
        shift += len(edit.original) - len(edit.spun)
        if edit.tier == PROPOSED:
            found, original = spun.find(edit.start, edit.end), restored.find(start, start + len(edit.original))
            if found and original:
                yield Swap(*found, *original, number)
