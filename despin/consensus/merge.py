"""Copies of one article compared: where they differ, what each has there, and whether they are copies at all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from despin.consensus.alignment import differing
from despin.restoration import Restoration, Stretch, replay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Token

    from despin.consensus.alignment import Aligned
    from despin.consensus.evidence import Witnesses
    from despin.consensus.words import Word
    from despin.document.tagged import TaggedBlock
    from despin.restoration import Edit

# Texts are copies if so many of the words of the shorter one, as a share, stand in sentences that have partners.
_RELATED = 0.3
# A copy that has so few of the words otherwise, as a share, is the same spun text: that it agrees says nothing.
_SAME = 0.02


@dataclass(frozen=True, slots=True)
class Difference(Stretch):
    """Where copies of a text differ.

    Attributes:
        others: for each further copy what stands in its place, in lower case; None where it has no such sentence.
    """

    others: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Place(Difference):
    """Where copies differ, and what was chosen.

    Attributes:
        chosen: what stands there in the merged text; where an edit reaches beyond the place, all that it put in.
    """

    chosen: str


@dataclass(frozen=True, slots=True)
class Merge(Restoration):
    """The restoration of a text with the help of its copies.

    Attributes:
        base: which of the texts was restored, counted from 0.
        places: where the copies differ, in order, in character offsets of the base; `others` has the further texts in their
            order.
    """

    base: int = 0
    places: tuple[Place, ...] = ()


@dataclass(slots=True)
class Comparison:
    """A text and its copies.

    Attributes:
        words: how many words the text has.
        shared: for each copy how many of them stand in sentences that have a partner there.
        changed: for each copy how many of those it has otherwise.
        differences: where some copy differs, in order.
    """

    words: int
    shared: list[int]
    changed: list[int]
    differences: list[Difference]

    def is_copy(self, k: int, words: int) -> bool:
        """Whether a text of so many words is a copy."""
        return self.shared[k] >= _RELATED * min(self.words, words)

    def is_same(self, k: int) -> bool:
        """Whether a copy is the text itself, but for a few words."""
        return self.changed[k] <= _SAME * self.shared[k]


def compare(blocks: Iterable[TaggedBlock], witnesses: Witnesses) -> Comparison:
    """Compares a text with its copies.

    Args:
        blocks: the text's blocks.
        witnesses: the copies.
    """
    count = len(witnesses.sizes)
    found = Comparison(0, [0] * count, [0] * count, [])
    for block in blocks:
        for words, partners in witnesses.align(block.doc, block.mask):
            found.words += len(words)
            runs = [differing(partner) if partner else [] for partner in partners]
            for k, partner in enumerate(partners):
                found.shared[k] += len(words) if partner else 0
                found.changed[k] += sum(b - a for a, b in runs[k])
            for first, last, others in _differences(words, partners, sorted(set(chain.from_iterable(runs)))):
                start, end = first.idx, last.idx + len(last)
                words_there = block.source[start:end]
                found.differences.append(Difference(block.start + start, block.start + end, words_there, others))
    return found


def _differences(
    words: Sequence[Word], partners: Sequence[Aligned | None], runs: Sequence[tuple[int, int]]
) -> Iterator[tuple[Token, Token, tuple[str | None, ...]]]:
    """The first and the last token of each stretch of a sentence that overlapping runs make up, and what copies have there."""
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    for start, end in joined:
        across = (partner.across(start, end) if partner else None for partner in partners)
        others = tuple(None if other is None else " ".join(word.lower for word in other) for other in across)
        yield words[start].token, words[end - 1].token, others


def placed(differences: Iterable[Difference], source: str, edits: Sequence[Edit]) -> Iterator[Place]:
    """Tells what was chosen where copies differ.

    Args:
        differences: where they differ, in order, in characters of the source.
        source: the base.
        edits: what was changed in it, in order.
    """
    for found in differences:
        first = bisect_right(edits, found.start, key=lambda edit: edit.end)
        own = edits[first : bisect_left(edits, found.end, key=lambda edit: edit.start)]
        start, end = min([found.start, *(edit.start for edit in own)]), max([found.end, *(edit.end for edit in own)])
        moved = [replace(edit, start=edit.start - start, end=edit.end - start) for edit in own]
        yield Place(found.start, found.end, found.text, found.others, replay(source[start:end], moved))
