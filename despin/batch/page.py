"""A folder's figures for a person: as tables at a terminal, and as a page of HTML by itself, which takes no JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from despin.batch.report import BINS
from despin.render.markup import woven
from despin.render.page import framed, marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from despin.batch.report import Figures, Passage

_STYLE = (
    "body{max-width:60rem}table{border-collapse:collapse;margin:1rem 0}td,th{padding:.1rem .8rem .1rem 0;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "th{font-weight:normal;opacity:.7}.bar{background:#68a;height:1rem;min-width:1px}.bars td{width:100%}"
    ".bars th{white-space:nowrap}blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid #aaa;white-space:pre-wrap;"
    "overflow-wrap:anywhere}.name{opacity:.7;font-size:.9rem;overflow-wrap:anywhere}"
)
_PRINTED = 20


def page(figures: Figures, title: str) -> str:
    """Returns a folder's figures as a page; all that comes from files is escaped."""
    parts = [
        _paragraphs(_runs(figures)),
        "<h2>Totals</h2>",
        _table((), [(name, f"{value:,}") for name, value in _totals(figures)], numeric={1}),
        "<h2>Spin rate</h2>",
        "<p>Documents that had a thorough look, by the share of their sites that were spun.</p>",
        _bars(figures.rates),
    ]
    if figures.substitutions:
        rows = [
            (row.spun, row.original or "(dropped)", f"{row.count:,}", f"{row.confidence:.2f}", row.stage)
            for row in figures.substitutions
        ]
        parts += [
            "<h2>Most frequent substitutions</h2>",
            _table(("spun", "original", "times", "confidence", "stage"), rows, numeric={2, 3}),
        ]
    for heading, passages in (
        ("Samples", figures.samples),
        ("Most certain edits", figures.certain),
        ("Least certain edits", figures.unsure),
    ):
        if passages:
            parts += [f"<h2>{heading}</h2>", *map(_quoted, passages)]
    parts += ["<h2>Failures</h2>", f"<p>{figures.failed:,} files or documents failed.</p>"]
    if figures.failures:
        parts.append(_table(("what", "why"), figures.failures))
    if figures.failed > len(figures.failures):
        parts.append(f"<p>These are {len(figures.failures):,} of them; the manifest has all.</p>")
    return framed(title, "\n".join(parts) + "\n", _STYLE)


def tables(figures: Figures) -> list[Table]:
    """Returns a folder's figures as tables for a terminal."""
    totals = Table("documents", "", title="Totals", title_justify="left")
    for name, value in _totals(figures):
        totals.add_row(name, f"{value:,}")
    rates = Table("spin rate", "documents", title="Spin rate of documents that had a thorough look", title_justify="left")
    for number, count in enumerate(figures.rates):
        rates.add_row(_bin(number), f"{count:,}")
    pairs = Table("spun", "original", "times", "confidence", "stage", title="Substitutions", title_justify="left")
    for row in figures.substitutions[:_PRINTED]:
        pairs.add_row(Text(row.spun), Text(row.original), f"{row.count:,}", f"{row.confidence:.2f}", row.stage)
    failures = Table("what", "why", title=f"{figures.failed:,} failures", title_justify="left")
    for name, why in figures.failures[:_PRINTED]:
        failures.add_row(Text(name), Text(why))
    return [totals, rates, pairs, *([failures] if figures.failures else [])]


def _runs(figures: Figures) -> Iterable[str]:
    for versions, source, started, ended in figures.runs[-1:]:
        begun = datetime.fromtimestamp(started, UTC)
        took = f"took {ended - started:,.0f} seconds" if ended else "did not end"
        yield f"{source}, cleaned by despin {versions.despin} (lexicon {versions.lexicon})."
        yield f"The last of {len(figures.runs)} runs began on {begun:%Y-%m-%d at %H:%M} UTC and {took}."


def _totals(figures: Figures) -> list[tuple[str, int]]:
    said = {
        "restored": "restored",
        "unchanged": "nothing to restore",
        "screened": "taken for clean by a quick look",
        "failed": "failed",
        "quarantined": "quarantined",
    }
    return [
        ("files", figures.files),
        ("documents", sum(figures.statuses.values())),
        *((name, figures.statuses.get(status, 0)) for status, name in said.items()),
        ("characters", figures.characters),
        *((f"edits: {stage}", count) for stage, count in sorted(figures.edits.items(), key=lambda item: -item[1])),
        ("seconds of work", round(figures.seconds)),
    ]


def _bin(number: int) -> str:
    return f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"


def _bars(counts: Sequence[int]) -> str:
    most = max(counts) or 1
    rows = (
        f'<tr><th>{_bin(number)}</th><td><div class="bar" style="width:{100 * count / most:.1f}%"></div></td>'
        f'<td class="n">{count:,}</td></tr>'
        for number, count in enumerate(counts)
    )
    return f'<table class="bars">{"".join(rows)}</table>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Collection[int] = ()) -> str:
    """A table; the columns with some indices hold numbers."""
    lines = [_row(head, "th", numeric)] if head else []
    lines += (_row(row, "td", numeric) for row in rows)
    return f"<table>{''.join(lines)}</table>"


def _row(cells: Sequence[str], tag: str, numeric: Collection[int]) -> str:
    style = dict.fromkeys(numeric, ' class="n"')
    shown = (f"<{tag}{style.get(number, '')}>{escape(cell)}</{tag}>" for number, cell in enumerate(cells))
    return f"<tr>{''.join(shown)}</tr>"


def _quoted(passage: Passage) -> str:
    shown = woven(passage.text, passage.edits, escape, marked)
    told = f"{passage.name}, spin rate {passage.spin_rate:.2f}"
    if len(passage.edits) == 1:
        told += f", confidence {passage.edits[0].confidence:.2f}"
    return f'<div class="name">{escape(told)}</div><blockquote>{shown}</blockquote>'


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
