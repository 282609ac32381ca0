"""The commands for folders: clean, report."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from despin.cli.app import app
from despin.cli.options import (
    Cautious,
    ConfigFile,
    Eager,
    Ignore,
    Kind,
    LastJudge,
    Lexicons,
    NoProposals,
    Only,
    Rate,
    ReportFormat,
    Scrape,
    Skip,
    Stages,
    Style,
    UserErrors,
    check_target,
    choose_settings,
)
from despin.cli.streams import FAILED, Report, complain, json_lines, message_console, out, writing
from despin.cli.streams import report as write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from despin.batch.run import Run, Tally

# So many problems are told of; the manifest has all.
_TOLD = 20


@app.command()
def clean(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="The folder, or a single file.")],
    target: Annotated[
        Path | None, typer.Argument(metavar="[DST]", help="The folder that cleaned files go to, by the same names.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Worker processes; one a core by default.")
    ] = None,
    field: Annotated[
        str, typer.Option("--field", metavar="NAME", help="What holds the text in JSONL, CSV and Parquet.")
    ] = "text",
    input: Annotated[
        Kind | None,
        typer.Option("--input", "-i", help="What texts are; else what files' names say, and text in files that hold many."),
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option("--include", metavar="GLOB", help="Clean only files that match; repeatable.")
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", metavar="GLOB", help="Leave files out that match, as `.despinignore` in SRC does; repeatable."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=0, help="Clean N documents at most that were not cleaned before.")
    ] = None,
    sample: Annotated[
        float | None, typer.Option("--sample", metavar="0..1", min=0, max=1, help="Clean this share of the documents.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would come of it; write nothing but a manifest that is named.")
    ] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="Replace the files of SRC; takes --backup.")] = False,
    backup: Annotated[
        Path | None, typer.Option("--backup", metavar="DIR", help="With --in-place: where originals are kept.")
    ] = None,
    no_screen: Annotated[
        bool,
        typer.Option("--no-screen", help="Give every text a thorough look, not only those that a quick one takes for spun."),
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try documents again that took too much time or memory, or broke a worker.")
    ] = False,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=1, help="What a document may take.")] = 600,
    memory: Annotated[
        int | None,
        typer.Option(
            "--memory",
            metavar="MB",
            min=0,
            help="What a worker may take; its share of the machine's by default, 0 is no limit.",
        ),
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", metavar="FILE", help="Where the manifest is; else in DST/.despin.")
    ] = None,
    format: ReportFormat = Report.text,
    only: Only = None,
    skip: Skip = None,
    scrape: Scrape = False,
    style: Style = False,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    spin_rate: Rate = None,
    no_proposals: NoProposals = False,
    judge: LastJudge = None,
    config: ConfigFile = None,
) -> None:
    """Cleans a folder of files, from ten to millions, into another.

    Text, Markdown and HTML files are documents; of JSONL, CSV (both also .gz and .zst), Parquet and WARC each line, row or
    record is one. A quick look takes most clean texts out; in these, spun words, spelling and grammar are left.

    Every file is written whole or not at all. A manifest tells of each document what became of it; run again, what has not
    changed is skipped, and an interrupted run goes on where it stood. Exit status: 0 done; 2 wrong usage; 3 some files or
    documents failed.
    """
    import os

    from despin.batch.options import Options
    from despin.batch.run import Run

    if target is not None and in_place:
        raise typer.BadParameter("contradicts --in-place.", param_hint="DST")
    if target is None and not in_place:
        raise typer.BadParameter("name the folder that cleaned files go to, or give --in-place.", param_hint="DST")
    if in_place and backup is None and not dry_run:
        raise typer.BadParameter("takes --backup, the folder that originals are kept in.", param_hint="--in-place")
    settings, lexicons = choose_settings(
        cautious, eager, lexicon, ignore, spin_rate, config, no_proposals, judge, Stages(only, skip, scrape, style)
    )
    options = Options(
        jobs=jobs or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)),
        field=field,
        input=input.value if input else None,
        include=include or (),
        exclude=exclude or (),
        limit=limit,
        sample=sample,
        dry_run=dry_run,
        retry=retry,
        timeout=timeout,
        memory=None if memory is None else memory << 20,
        manifest=manifest,
        backup=backup,
    )
    told = 0

    def problem(name: str, reason: str) -> None:
        nonlocal told
        told += 1
        if told <= _TOLD:
            complain(f"{name}: {reason}.")

    home = target or (source.parent if source.is_file() else source)
    with UserErrors():
        run = Run(source, home, replace(settings, screen=not no_screen), lexicons, options, complain=problem)
        with _shown(run) as watch:
            run.watch = watch
            tally = run()
    if told > _TOLD:
        complain(f"{told - _TOLD:,} more problems; the manifest has all.")
    if format is Report.json:
        out(json_lines([asdict(tally)]))
    complain(_summary(tally, dry_run))
    raise typer.Exit(FAILED if tally.problems else 0)


@contextmanager
def _shown(run: Run) -> Iterator[Callable[[Tally], None]]:
    """A function that draws on standard error how far a run is; it draws nothing where nobody watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[documents]:,} documents, {task.fields[rate]:.1f}/s, {task.fields[told]}"),
    )
    begun = time.monotonic()
    with Progress(*columns, console=message_console(), transient=True) as bar:
        task = bar.add_task("clean", total=run.source.size() or None, documents=0, rate=0.0, told="")

        def watch(tally: Tally) -> None:
            rate = tally.documents / (time.monotonic() - begun)
            told = f"{tally.restored:,} restored, {tally.failed + tally.quarantined:,} failed"
            bar.update(task, completed=tally.bytes, documents=tally.documents, rate=rate, told=told)

        yield watch


def _summary(tally: Tally, dry_run: bool) -> str:
    """What a run came to, as a sentence."""
    parts = [
        f"{tally.restored:,} restored ({_many(tally.edits, 'edit')})",
        f"{tally.screened:,} taken for clean",
        f"{tally.unchanged:,} left as they were",
        *([f"{tally.failed:,} failed"] if tally.failed else []),
        *([f"{tally.quarantined:,} quarantined"] if tally.quarantined else []),
    ]
    read = _many(tally.files, "file") + (f", {tally.skipped:,} of them done before" if tally.skipped else "")
    others = f"; {_many(tally.left_out, 'file')} of other kinds left out" if tally.left_out else ""
    what = "would be " if dry_run else ""
    return f"{read}; {_many(tally.documents, 'document')}: {what}{', '.join(parts)}{others}."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


@app.command()
def report(
    manifest: Annotated[
        Path, typer.Argument(metavar="MANIFEST", help="The manifest, or the folder that was cleaned.", exists=True)
    ],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Where the page goes; else `report.html` beside the manifest.")
    ] = None,
    format: ReportFormat = Report.text,
) -> None:
    """Tells what became of a folder that `despin clean` has cleaned.

    Prints totals, spin rates, substitutions and failures, and writes a page of HTML by itself with these, samples, and the
    most and least certain edits.
    """
    from despin.batch.files import Partial
    from despin.batch.manifest import Manifest
    from despin.batch.page import page, tables
    from despin.batch.report import figures_of
    from despin.batch.run import FOLDER, MANIFEST

    path = manifest / FOLDER / MANIFEST if manifest.is_dir() else manifest
    if not path.is_file():
        raise typer.BadParameter(f"there is no manifest in {manifest}.", param_hint="MANIFEST")
    target = html or path.with_name("report.html")
    check_target(target, "--html")
    account = Manifest(path)
    figures = figures_of(account)
    account.close()
    name = manifest.resolve().name if manifest.is_dir() else path.name
    with writing(target), Partial(target) as file:
        file.write(page(figures, f"{name}: report").encode("utf-8", "backslashreplace"))
    write_report([asdict(figures)], tables(figures), format)
    complain(f"the page is {target}.")
