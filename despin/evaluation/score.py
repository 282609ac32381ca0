"""Scores restored text against marked gold (`despin.marks`): recall, precision, F0.5 and damage.

Anything changed outside a site is damage. Case, punctuation and white space are not compared. The restored words are
aligned with the gold as the cheapest path through the lattice of its readings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from despin.errors import InputError
from despin.evaluation.counts import Counts
from despin.marks import GoldSite, parts, spun_text, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_INFINITE = 10**9
# Costs of the alignment: a word lost, a word gained, a word for another.
_LOST, _GAINED, _OTHER = 10, 10, 11
_BAND = 60


@dataclass(frozen=True, slots=True)
class Score(Counts):
    """Counts over one or more texts, and the figures that follow from them.

    Attributes:
        words: words of the spun texts.
        must: sites that must be repaired.
        must_fixed: of those, the repaired ones.
        may_fixed: repaired sites that need not have been.
        wrong: sites changed to something that is not right.
        damage: runs of changed words outside the sites.
        misses: what fell short, in words for a person.
    """

    words: int = 0
    must: int = 0
    must_fixed: int = 0
    may_fixed: int = 0
    wrong: int = 0
    damage: int = 0
    misses: tuple[str, ...] = field(default=(), compare=False)

    @property
    def recall(self) -> float:
        """Repaired must-sites among all must-sites, 0 to 1."""
        return self.must_fixed / self.must if self.must else 1.0

    @property
    def precision(self) -> float:
        """Right edits among all edits, 0 to 1."""
        right = self.must_fixed + self.may_fixed
        edits = right + self.wrong + self.damage
        return right / edits if edits else 1.0

    @property
    def must_precision(self) -> float:
        """Precision with may-sites left out of the right edits, 0 to 1."""
        edits = self.must_fixed + self.wrong + self.damage
        return self.must_fixed / edits if edits else 1.0

    @property
    def f05(self) -> float:
        """F-measure that weighs precision double, 0 to 1."""
        p, r = self.precision, self.recall
        return 1.25 * p * r / (0.25 * p + r) if p + r else 0.0

    @property
    def damage_per_1000(self) -> float:
        """Runs of damage per 1,000 words."""
        return 1000 * self.damage / max(1, self.words)

    def figures(self) -> dict[str, float]:
        """Returns counts and figures by name, rounded as they are reported."""
        return self.counts() | {
            "recall": round(self.recall, 4),
            "precision": round(self.precision, 4),
            "f05": round(self.f05, 4),
            "must_precision": round(self.must_precision, 4),
            "damage_per_1000": round(self.damage_per_1000, 2),
        }


def score(gold: str, restored: str) -> Score:
    """Scores one restoration against its gold.

    Raises:
        InputError: if the restored text is too different in length to be aligned.
    """
    sites, chosen, wrong, damage = _align(gold, restored)
    must = must_fixed = may_fixed = failed = 0
    misses = []
    for number, site in enumerate(sites):
        must += site.must
        kept = words_of(site.spun)
        reading = chosen[number]
        took = words_of(site.accepted[reading - 1]) if reading else kept
        if number in wrong:
            failed += 1
            misses.append(f"wrong  {shown(site)}: got {_changes(wrong[number])}")
        elif took != kept or (reading and site.must):
            must_fixed += site.must
            may_fixed += not site.must
        elif site.must:
            misses.append(f"kept   {shown(site)}")
    misses += [f"damage {_changes(run)}" for run in damage]
    return Score(len(words_of(spun_text(gold))), must, must_fixed, may_fixed, failed, len(damage), tuple(misses))


def shown(site: GoldSite) -> str:
    """Returns a site as reports name it: what stands there, and what is right."""
    return f"{site.spun!r}, right is {' | '.join(site.accepted)!r}"


_Changes = list[tuple[str | None, str | None]]


def _changes(changes: _Changes) -> str:
    return " ".join(f"{a or '∅'}→{b or '∅'}" for a, b in changes)


@dataclass(slots=True)
class _Node:
    """A word of the gold's lattice, or, with no word, the mark where a reading of a site begins."""

    word: str | None
    before: tuple[int, ...]
    site: int | None = None
    reading: int = 0


def _lattice(gold: str) -> tuple[list[_Node], list[int], list[GoldSite]]:
    """Nodes in topological order, the ids of the last ones, and the sites. -1 is the start."""
    nodes: list[_Node] = []
    sites: list[GoldSite] = []

    def chain(words: Sequence[str], starts: list[int], site: int | None = None, reading: int = 0) -> list[int]:
        for word in words:
            nodes.append(_Node(word, tuple(starts), site, reading))
            starts = [len(nodes) - 1]
        return starts

    ends = [-1]
    for part in parts(gold):
        if isinstance(part, str):
            ends = chain(words_of(part), ends)
            continue
        leaving: list[int] = []
        for reading, text in enumerate((part.spun, *part.accepted)):
            nodes.append(_Node(None, tuple(ends), len(sites), reading))
            leaving += chain(words_of(text), [len(nodes) - 1], len(sites), reading)
        sites.append(part)
        ends = leaving
    return nodes, ends, sites


def _align(gold: str, restored: str) -> tuple[list[GoldSite], dict[int, int], dict[int, _Changes], list[_Changes]]:
    """Reads the restored words as a path through the gold: sites, reading chosen at each, wrong sites, damage."""
    nodes, ends, sites = _lattice(gold)
    out = words_of(restored)
    rows, back = _paths(nodes, out, max(_BAND, abs(len(out) - len(words_of(spun_text(gold)))) + _BAND))
    i = min(ends, key=lambda end: rows[end][-1])
    if rows[i][-1] >= _INFINITE:
        raise InputError("The restored text cannot be aligned with the gold: they differ too much in length.")
    j = len(out)
    steps = []
    while (i, j) != (-1, 0):
        before, at = back[i][j]
        steps.append((i, j, before, at))
        i, j = before, at
    chosen: dict[int, int] = {}
    wrong: dict[int, _Changes] = {}
    damage: list[_Changes] = []
    running = False
    for i, j, before, at in reversed(steps):
        node = nodes[i] if i >= 0 else _Node(None, ())
        moved = i != before
        if moved and node.word is None and node.site is not None:
            chosen[node.site] = node.reading
            continue
        right = moved and j != at and out[j - 1] == node.word
        change = (node.word if moved else None, out[at] if j != at else None)
        if node.site is not None:
            if not right:
                wrong.setdefault(node.site, []).append(change)
            running = False
        elif right:
            running = False
        else:
            if not running:
                damage.append([])
            damage[-1].append(change)
            running = True
    return sites, chosen, wrong, damage


def _paths(
    nodes: Sequence[_Node], out: Sequence[str], band: int
) -> tuple[dict[int, list[int]], dict[int, list[tuple[int, int]]]]:
    """Cheapest costs of aligning the first j restored words with each node's paths, and where each comes from."""
    m = len(out)
    rows = {-1: [_GAINED * j for j in range(m + 1)]}
    back = {-1: [(-1, max(0, j - 1)) for j in range(m + 1)]}
    depth = {-1: 0}
    for i, node in enumerate(nodes):
        row, origin = [_INFINITE] * (m + 1), [(-1, 0)] * (m + 1)
        depth[i] = max(depth[before] for before in node.before) + (node.word is not None)
        low, high = max(0, depth[i] - band), min(m, depth[i] + band)
        for before in node.before:
            earlier = rows[before]
            for j in range(low, high + 1):
                if node.word is None:
                    if earlier[j] < row[j]:
                        row[j], origin[j] = earlier[j], (before, j)
                    continue
                if earlier[j] + _LOST < row[j]:
                    row[j], origin[j] = earlier[j] + _LOST, (before, j)
                if j and (cost := earlier[j - 1] + (0 if out[j - 1] == node.word else _OTHER)) < row[j]:
                    row[j], origin[j] = cost, (before, j - 1)
        for j in range(low + 1, high + 1):
            if row[j - 1] + _GAINED < row[j]:
                row[j], origin[j] = row[j - 1] + _GAINED, (i, j - 1)
        rows[i], back[i] = row, origin
    return rows, back
