"""The commands that read texts: restore, detect, undo."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from despin.cli.app import app
from despin.cli.options import (
    Cautious,
    ConfigFile,
    Eager,
    Files,
    Ignore,
    Kind,
    KindOfInput,
    LastJudge,
    Lexicons,
    NoProposals,
    Only,
    OutputEncoding,
    OutputNewline,
    Rate,
    ReportFormat,
    Scrape,
    Skip,
    Stages,
    Style,
    choose_settings,
    kind_of_input,
    make_despinner,
)
from despin.cli.rendering import Format, rendered
from despin.cli.streams import (
    FAILED,
    FOUND,
    STDIN,
    Report,
    as_bytes,
    complain,
    json_lines,
    message_console,
    out,
    read_inputs,
    sentence,
)
from despin.errors import DespinError, InputError
from despin.settings import SUBSTITUTION

if TYPE_CHECKING:
    from despin.document.decoding import Decoded
    from despin.restoration import Restoration


@app.command()
def restore(
    files: Files = None,
    write: Annotated[bool, typer.Option("--write", "-w", help="Write restored text back to the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what changes as a unified diff (`--format diff`).")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write no text; exit with 1 if there is anything to do.")] = False,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to write to standard output.")] = Format.text,
    explain: Annotated[bool, typer.Option("--explain", help="Give each edit's evidence on standard error.")] = False,
    input: KindOfInput = None,
    extract: Annotated[
        bool,
        typer.Option(
            "--extract",
            help="Take the main text out of HTML pages and restore that, as plain text in UTF-8: a new text, not edits of the "
            "page (extra `extract`).",
        ),
    ] = False,
    only: Only = None,
    skip: Skip = None,
    scrape: Scrape = False,
    style: Style = False,
    encoding: OutputEncoding = None,
    newline: OutputNewline = None,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    spin_rate: Rate = None,
    no_proposals: NoProposals = False,
    judge: LastJudge = None,
    config: ConfigFile = None,
) -> None:
    """Restores spun text; this is the default command.

    It reads files, or standard input, and writes to standard output.
    """
    names = files or [STDIN]
    if write and STDIN in names:
        raise typer.BadParameter("standard input cannot be written back; name files.", param_hint="--write")
    if write and extract:
        raise typer.BadParameter("contradicts --extract, whose text is not the file's.", param_hint="--write")
    if extract and input not in (None, Kind.html):
        raise typer.BadParameter("contradicts --extract, which reads HTML.", param_hint="--input")
    if diff and format not in (Format.text, Format.diff):
        raise typer.BadParameter("contradicts --diff; choose one.", param_hint="--format")
    if encoding is not None:
        from despin.document.decoding import ENCODINGS

        if encoding not in ENCODINGS:
            raise typer.BadParameter(f"must be one of {', '.join(ENCODINGS)}.", param_hint="--encoding")
    stages = Stages(only, skip, scrape, style)
    despinner = make_despinner(
        choose_settings(cautious, eager, lexicon, ignore, spin_rate, config, no_proposals, judge, stages=stages)
    )
    shown = Format.diff if diff else format
    silent = shown is Format.text and (check or write)
    found = failed = False
    for name, decoded in read_inputs(names, despinner.settings.max_characters):
        if decoded is None:
            failed = True
            continue
        try:
            if extract:
                decoded = _extracted(decoded.text)
            restoration = despinner(decoded.text, "text" if extract else kind_of_input(input, name))
            written = decoded.to(encoding, newline)
            if write and (restoration.edits or written is not decoded):
                _replace(Path(name), written.encode(restoration.text))
            if not silent:
                out(rendered(shown, decoded if shown is Format.json else written, restoration, name))
        except InputError as error:
            complain(f"{name}: {sentence(error)}")
            failed = True
            continue
        if explain:
            _explain(decoded.text, restoration, name)
        if restoration.edits and (check or write):
            from despin.render.markup import counted

            edits = counted(restoration.edits)
            state = "spun" if any(edit.stage == SUBSTITUTION for edit in restoration.edits) else "garbled"
            complain(f"{name}: {f'restored, {edits}' if write else f'{state}, {edits} to make'}.")
        found = found or bool(restoration.edits)
    raise typer.Exit(FAILED if failed else FOUND if check and found else 0)


@app.command()
def detect(
    files: Files = None,
    format: ReportFormat = Report.text,
    input: KindOfInput = None,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    judge: LastJudge = None,
    config: ConfigFile = None,
) -> None:
    """Tells how much of each text is spun.

    Gives the strongest evidence, and changes nothing.
    """
    despinner = make_despinner(choose_settings(cautious, eager, lexicon, ignore, None, config, judge=judge))
    failed = False
    for name, decoded in read_inputs(files or [STDIN], despinner.settings.max_characters):
        try:
            detection = despinner.detect(decoded.text, kind_of_input(input, name)) if decoded else None
        except InputError as error:
            complain(f"{name}: {sentence(error)}")
            detection = None
        if detection is None:
            failed = True
        elif format is Report.json:
            out(json_lines([{"path": name, "is_spun": detection.is_spun, **asdict(detection)}]))
        else:
            from despin.render.explain import verdict

            out(as_bytes(verdict(detection, name).plain + "\n"))
    raise typer.Exit(FAILED if failed else 0)


@app.command()
def undo(files: Files = None) -> None:
    """Gives back the input of `despin --format json`.

    The inputs are what that wrote.
    """
    from despin.document.decoding import written_as
    from despin.restoration import Restoration

    failed = False
    for name, decoded in read_inputs(files or [STDIN]):
        try:
            for line in filter(None, decoded.text.split("\n")) if decoded else ():
                source, origin = Restoration.from_json(line).undo(), json.loads(line)
                # What Python wrote names no encoding, and may hold anything.
                out(written_as(origin).encode(source) if "encoding" in origin else source.encode("utf-8", "surrogatepass"))
        except DespinError as error:
            complain(f"{name}: {sentence(error)}")
            failed = True
        failed = failed or decoded is None
    raise typer.Exit(FAILED if failed else 0)


def _extracted(source: str) -> Decoded:
    from despin.document.decoding import Decoded
    from despin.document.extraction import extract

    return Decoded(extract(source), "utf-8")


def _replace(path: Path, data: bytes) -> None:
    """Writes a file back, if it may be written."""
    from despin.batch.files import Partial

    target = path.resolve()
    if path.is_symlink() and not target.is_relative_to(path.parent.resolve()):
        # Who cleans a folder that others filled wants nothing outside it changed.
        raise InputError(f"cannot be written: it is a link to {target}, outside its folder; name that file")
    if not os.access(target, os.W_OK):
        raise InputError("cannot be written: it is read-only")
    try:
        with Partial(target) as file:
            file.write(data)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}") from error


def _explain(source: str, restoration: Restoration, name: str) -> None:
    from despin.render.explain import explanation

    console = message_console()
    for line in explanation(source, restoration, name):
        console.print(line, soft_wrap=True)
