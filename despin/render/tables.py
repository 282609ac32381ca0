"""Figures, and what was found, as tables for a person at a terminal, with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from despin.evaluation.calibration import Calibration
    from despin.evaluation.coverage import Coverage
    from despin.evaluation.firing import Firing
    from despin.evaluation.judges import JudgeScore
    from despin.evaluation.score import Score
    from despin.mining.findings import Finding

_MISSING = "–"
# An example is shown from so many characters before its site to so many after.
_BEFORE, _AFTER = 40, 90


def score_table(scores: dict[str, Score]) -> Table:
    """Returns the figures of marked texts as a table."""
    table = _table("text", "words", "must", "fixed", "may", "wrong", "damage", "recall", "precision", "F0.5", "damage/1000")
    for name, s in scores.items():
        counts = (s.words, s.must, s.must_fixed, s.may_fixed, s.wrong, s.damage)
        figures = (f"{s.recall:.3f}", f"{s.precision:.3f}", f"{s.f05:.3f}", f"{s.damage_per_1000:.2f}")
        table.add_row(name, *map(str, counts), *figures)
    return table


def coverage_table(found: Mapping[str, Coverage]) -> Table:
    """Returns at how many sites of marked texts a right candidate is proposed, as a table."""
    table = _table("text", "must", "covered", "share", "lexicon", "written", "words", "covered", "phrases", "covered")
    for name, c in found.items():
        counts = (c.lexicon, c.written, c.words, c.words_covered, c.phrases, c.phrases_covered)
        table.add_row(name, str(c.must), str(c.covered), f"{c.share:.3f}", *map(str, counts))
    return table


def judge_table(scores: Mapping[str, Sequence[JudgeScore]]) -> Table:
    """Returns the figures of judges, by text."""
    table = _table(
        "text", "judge", "first", "in 10", "in 100", "choice", "coverage", "kept", "words", "documents", "words/s", left=2
    )
    for name, found in scores.items():
        for s in found:
            shares = (s.first, s.first_10, s.first_100, s.choice, s.coverage, s.kept, s.words_auroc, s.documents_auroc)
            speed = _MISSING if s.speed is None else f"{s.speed:,.0f}"
            table.add_row(name, s.judge, *(_MISSING if x is None else f"{x:.3f}" for x in shares), speed)
    return table


def bin_table(calibration: Calibration) -> Table:
    """Returns the bins of a calibration, with the error over all of them and over those at which despin may act."""
    table = _table("confidence", "verdicts", "mean", "right", left=1)
    for b in calibration.bins:
        table.add_row(f"{b.low:.1f} to {b.high:.1f}", f"{b.count:,}", f"{b.confidence:.3f}", f"{b.right:.3f}")
    table.add_section()
    for name, error in (("expected error", calibration.error), ("where despin acts", calibration.acting_error)):
        table.add_row(name, "", "", f"{error:.3f}")
    return table


def threshold_table(calibration: Calibration) -> Table:
    """Returns what each named threshold makes of a calibration's texts."""
    table = _table("threshold", "at", "edits", "right", left=1)
    for one in calibration.operations:
        table.add_row(one.name, f"{one.threshold:.2f}", f"{one.edits:,}", f"{one.right:.3f}")
    return table


def finding_table(findings: Sequence[Finding]) -> Table:
    """Returns rows that are proposed for the lexicon; with z-scores where those were measured."""
    scored = any(finding.z is not None for finding in findings)
    table = _table("spun", "pos", "original", "known", "count", "texts", *["z"] * scored, left=4)
    table.add_column("example", no_wrap=True, overflow="ellipsis")
    for f in findings:
        words = (f.row.spun, f.row.pos, "|".join(f.row.originals) or _MISSING, "yes" if f.known else "")
        figures = (str(f.count), str(f.texts), *([_MISSING if f.z is None else f"{f.z:.2f}"] if scored else []))
        table.add_row(*map(Text, (*words, *figures, _around_site(f.row.example))))
        # Where room is short, the example is cut.
        for column, cell in zip(table.columns, (*words, *figures), strict=False):
            column.min_width = max(column.min_width or len(str(column.header)), len(cell))
    return table


def firing_table(firings: Sequence[Firing], most: float) -> Table:
    """Returns what rows of the lexicon do in clean text; those that make more edits than a number per million words move."""
    table = _table("spun", "pos", "original", "tier", "matches", "edits", "matches/million", "edits/million", "move to", left=4)
    for f in firings:
        words = (f.row.spun, f.row.pos, "|".join(f.row.originals) or _MISSING, f.row.tier)
        rates = (f"{f.matches_per_million:,.1f}", f"{f.edits_per_million:,.1f}")
        table.add_row(*map(Text, (*words, str(f.matches), str(f.edits), *rates, f.moved(most))))
    return table


def _around_site(example: str) -> str:
    """What stands around an example's site."""
    at = max(0, example.find("[") - _BEFORE)
    start = at and example.find(" ", at) + 1
    end = example.find("[") + _AFTER
    return f"{'…' if start else ''}{example[start:end]}{'…' if end < len(example) else ''}"


def _table(*columns: str, left: int = 1) -> Table:
    """A bare table whose first columns are words, the others figures."""
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < left else "right")
    return table
