"""Measures what is proposed at all: at how many marked sites some candidate is right. Nothing else can be restored there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from despin.evaluation.counts import Counts
from despin.evaluation.score import shown
from despin.lexicon.rows import GENERATED
from despin.marks import spans, spun_text, words_of
from despin.training.weights import label

if TYPE_CHECKING:
    from despin.despinner import Despinner


@dataclass(frozen=True, slots=True)
class Coverage(Counts):
    """Counts of marked sites that must be repaired, over one or more texts.

    Attributes:
        must: all of them.
        covered: those at which a candidate is right, whoever proposes it.
        lexicon: those at which one from the lexicon is.
        written: those at which one from a row that somebody wrote is, not a generated one.
        words: sites of one spun word.
        words_covered: of those, the covered ones.
        phrases: sites of more words, or none.
        phrases_covered: of those, the covered ones.
        missing: the sites that are not covered, in words for a person.
    """

    must: int = 0
    covered: int = 0
    lexicon: int = 0
    written: int = 0
    words: int = 0
    words_covered: int = 0
    phrases: int = 0
    phrases_covered: int = 0
    missing: tuple[str, ...] = field(default=(), compare=False)

    @property
    def share(self) -> float:
        """Covered sites among all, 0 to 1."""
        return self.covered / self.must if self.must else 1.0

    def figures(self) -> dict[str, float]:
        """Returns counts and share by name, rounded as they are reported."""
        return self.counts() | {"share": round(self.share, 4)}


def coverage(despinner: Despinner, gold: str) -> Coverage:
    """Measures one marked text.

    Args:
        despinner: whose lexicon and proposals are measured.
        gold: the marked text.
    """
    marks = spans(gold)
    must = {number for number, (*_, mark) in enumerate(marks) if mark.must}
    single = {number for number in must if len(words_of(marks[number].site.spun)) == 1}
    readings = despinner.read(spun_text(gold))
    labels = iter(label(gold, readings).right)
    covered, lexicon, written = set[int](), set[int](), set[int]()
    for at, reading in readings:
        for site in reading.sites:
            start, end = (at + character for character in reading.characters(site.start, site.end))
            here = {number for number in must if marks[number].overlaps(start, end)}
            for candidate, right in zip(site.candidates, next(labels), strict=True):
                if right:
                    covered |= here
                    lexicon |= here if site.known else set()
                    written |= here if site.known and candidate.row.tier != GENERATED else set()
    phrases = must - single
    return Coverage(
        must=len(must),
        covered=len(covered),
        lexicon=len(lexicon),
        written=len(written),
        words=len(single),
        words_covered=len(covered & single),
        phrases=len(phrases),
        phrases_covered=len(covered & phrases),
        missing=tuple(shown(marks[number].site) for number in sorted(must - covered)),
    )
