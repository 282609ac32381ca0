"""Measures the lexicon's rows on clean text: how often each matches there, and how often despin acts on it, which is damage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from despin.lexicon.matching import find_matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from despin.despinner import Despinner
    from despin.lexicon.rows import Row

# The tiers that act in any text; others do so only in one that is taken for spun, which tells nothing of the row.
_ACTING = ("safe", "context")
# A row that matches so many times as often as it may act stands in all kinds of company.
_OFTEN = 10
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Firing:
    """What a row does in clean text.

    Attributes:
        row: the row.
        matches: places where its words stand and might be changed.
        edits: places that despin changes with it.
        words: words of the text.
    """

    row: Row
    matches: int
    edits: int
    words: int

    @property
    def matches_per_million(self) -> float:
        """Matches in a million words."""
        return _MILLION * self.matches / self.words

    @property
    def edits_per_million(self) -> float:
        """Edits in a million words."""
        return _MILLION * self.edits / self.words

    def is_flagged(self, most: float) -> bool:
        """Whether it acts in any text and makes more edits than a number in a million words."""
        return self.row.tier in _ACTING and self.edits_per_million > most

    def moved(self, most: float) -> str:
        """Returns the tier that the row should move to, or nothing if it may stay.

        A safe row needs words beside it that betray it; one whose words are usual, or that has such words already, can only be
        believed in a document that is spun.

        Args:
            most: edits that it may make in a million words.
        """
        if not self.is_flagged(most):
            return ""
        usual = self.matches_per_million > _OFTEN * most
        return "thesaurus" if usual or self.row.tier == "context" else "context"

    def figures(self, most: float) -> dict[str, Any]:
        """Returns row and figures by name, rounded as they are reported."""
        row = self.row
        return {
            "spun": row.spun,
            "pos": row.pos,
            "original": "|".join(row.originals),
            "tier": row.tier,
            "matches": self.matches,
            "edits": self.edits,
            "matches_per_million": round(self.matches_per_million, 2),
            "edits_per_million": round(self.edits_per_million, 2),
            "flagged": self.is_flagged(most),
            "move_to": self.moved(most),
            "where": row.where,
        }


@dataclass(frozen=True, slots=True)
class Fired:
    """What a whole lexicon does in clean text.

    Attributes:
        words: words of the text.
        edits: places that despin changes, its own proposals among them.
        rows: the rows that match, worst first: by edits, and then by matches, those that act in any text first.
    """

    words: int
    edits: int
    rows: tuple[Firing, ...]

    @property
    def edits_per_1000(self) -> float:
        """Edits in a thousand words."""
        return 1000 * self.edits / self.words if self.words else 0.0

    def flagged(self, most: float) -> list[Firing]:
        """Returns the rows that make more edits than a number in a million words."""
        return [one for one in self.rows if one.is_flagged(most)]


def fire(despinner: Despinner, texts: Iterable[str]) -> Fired:
    """Runs despin's decision, one round of it, on clean texts, each a document by itself, and holds no more than one of them.

    Args:
        despinner: whose lexicon is measured.
        texts: the texts.
    """
    matches: Counter[Row] = Counter()
    edits: Counter[Row] = Counter()
    words = 0
    for text in texts:
        for reading, acted in despinner.decide(text):
            words += len(reading.lemmas)
            edits.update(verdict.best.row for verdict in acted)
            found = find_matches(reading.doc, despinner.lexicon)
            matches.update(match.row for match in found if not any(reading.mask[match.start : match.end]))
    fired = (Firing(row, count, edits[row], words) for row, count in matches.items())
    return Fired(words, edits.total(), tuple(sorted(fired, key=_rank)))


def _rank(one: Firing) -> tuple[int, bool, int, str, str, str]:
    return -one.edits, one.row.tier not in _ACTING, -one.matches, one.row.spun, one.row.pos, one.row.where
