"""The commands that tend a lexicon: they measure its rows on clean text, and take over a list of others."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from despin.cli.app import lexicon_app
from despin.cli.options import Clean, ConfigFile, Lexicons, check_target, choose_settings, make_despinner
from despin.cli.streams import (
    FAILED,
    FOUND,
    RowFormat,
    as_bytes,
    complain,
    drawn,
    files_of,
    is_shown,
    json_lines,
    out,
    progress,
    read_texts,
    writing,
)
from despin.errors import InputError

if TYPE_CHECKING:
    from despin.evaluation.firing import Fired


@lexicon_app.command("stats")
def lexicon_stats(
    clean: Clean = None,
    most: Annotated[float, typer.Option("--most", min=0.0, help="Edits that a row may make in a million words.")] = 1.0,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many rows to list, the worst first; 0 is all.")] = 50,
    format: Annotated[RowFormat, typer.Option("--format", "-f", help="How to write the figures.")] = RowFormat.text,
    lexicon: Lexicons = None,
    config: ConfigFile = None,
) -> None:
    """Measures the lexicon's rows on clean text: how often each matches, and how often despin would act on it.

    Each clean text is decided on as it is; `.xz` is read as one text a line. Rows of the tiers `safe` and `context` act in any
    text, and each of their edits in a clean one is damage; the others are believed in spun documents alone. Rows over `--most`
    are flagged, with the tier to move them to. Take a million words or more, of many kinds.

    Exit status: 0 no row is flagged; 1 some are; 2 wrong usage; 3 some texts could not be read.
    """
    names = files_of(clean)
    if not names:
        raise typer.BadParameter("give a text that was never spun, or a folder of them.", param_hint="--clean")
    from despin.evaluation.firing import fire

    despinner = make_despinner(choose_settings(False, False, lexicon, None, None, config), watched=False)
    unread: list[str] = []
    fired = fire(despinner, read_texts(names, unread, progress("clean text")))
    flagged = fired.flagged(most)
    out(_written(fired, most, limit or len(fired.rows), format))
    if format is not RowFormat.text:
        complain(_total(fired, most))
    raise typer.Exit(FAILED if unread else FOUND if flagged else 0)


@lexicon_app.command("import-pps")
def import_pps(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your copy of the list, as the screener exports it: CSV.")],
    target: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the rows go; `--lexicon` reads them.")],
) -> None:
    """Makes a lexicon of the Problematic Paper Screener's list of tortured phrases.

    Rows are of the tier `safe`; of the tier `thesaurus` if the list qualifies a phrase, which makes its conditions `near` and
    `avoid`, or if it is a name or a single word. The file begins with what it was made of.
    """
    import datetime
    import hashlib

    from despin.document.parsing import load_model
    from despin.lexicon.rows import write
    from despin.mining.screener import import_list, read_list

    check_target(target, "--out")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    found = import_list(load_model(), read_list(data, str(file)))
    safe = sum(row.tier == "safe" for row in found.rows)
    comments = (
        f"source: {file.name}, the Problematic Paper Screener's tortured phrases",
        f"sha256: {hashlib.sha256(data).hexdigest()}",
        f"imported: {datetime.date.today()}",
        f"rows: {len(found.rows)} of {found.entries} entries",
    )
    with writing(target):
        target.write_text(write(found.rows, comments), encoding="utf-8")
    complain(f"{found.entries:,} entries, {len(found.rows):,} rows: {safe:,} safe, {len(found.rows) - safe:,} thesaurus.")
    for reason, count in found.left_out.items():
        complain(f"left out: {count:,} ({reason}).")


def _written(fired: Fired, most: float, limit: int, format: RowFormat) -> bytes:
    rows = fired.rows[:limit]
    if format is RowFormat.text:
        from despin.render.tables import firing_table

        return as_bytes((drawn([firing_table(rows, most)], is_shown()) + "\n" if rows else "") + _total(fired, most) + "\n")
    figures = [one.figures(most) for one in rows]
    if format is RowFormat.json:
        return json_lines(figures)
    text = StringIO()
    if figures:
        writer = csv.DictWriter(text, list(figures[0]), dialect="excel-tab", lineterminator="\n")
        writer.writeheader()
        writer.writerows(figures)
    return as_bytes(text.getvalue())


def _total(fired: Fired, most: float) -> str:
    flagged = len(fired.flagged(most))
    return (
        f"{fired.words:,} words, {fired.edits:,} edits ({fired.edits_per_1000:.3f} per 1,000 words); {len(fired.rows):,} rows "
        f"match, {flagged:,} make more than {most:g} edits per million words."
    )
