"""The command line, thin: it reads, calls the library, and writes. Nothing heavy is imported until a text is there."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from despin.errors import ConfigError, DespinError, InputError, LexiconError
from despin.settings import THRESHOLDS, Settings, find_config, read_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.table import Table

    from despin.despinner import Despinner
    from despin.document.decoding import Decoded
    from despin.restoration import Restoration

FOUND, USAGE, FAILED = 1, 2, 3
STDIN = "-"


class Format(StrEnum):
    """What is written for each input."""

    text = "text"
    diff = "diff"
    criticmarkup = "criticmarkup"
    json = "json"


class Report(StrEnum):
    """How figures are written."""

    text = "text"
    json = "json"


class DefaultCommand(TyperGroup):
    """A group whose command `restore` is meant where no command is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `restore` before arguments that begin with no command; `--` goes before a file named like one."""
        own = {"--help", "--version", "--install-completion", "--show-completion"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["restore", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=DefaultCommand,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
lexicon_app = typer.Typer(no_args_is_help=True, help="Checks the lexicon's files.", rich_markup_mode=None)
app.add_typer(lexicon_app, name="lexicon")
train_app = typer.Typer(no_args_is_help=True, help="Makes what despin judges with (extra `train`).", rich_markup_mode=None)
app.add_typer(train_app, name="train")

Files = Annotated[list[str] | None, typer.Argument(metavar="[FILE]...", help="Text files; `-` or none is standard input.")]
Cautious = Annotated[bool, typer.Option("--cautious", help=f"Change only what is sure ({THRESHOLDS['cautious']:.2f}).")]
Eager = Annotated[bool, typer.Option("--eager", help=f"Change what is likely ({THRESHOLDS['eager']:.2f}).")]
Lexicons = Annotated[
    list[Path] | None,
    typer.Option("--lexicon", metavar="FILE", help="Adds the rows of a lexicon file to the packaged ones; repeatable."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="WORD|FILE", help="A word never to change, or a file of such words; repeatable."),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration; else the nearest `despin.toml` or `[tool.despin]` of `pyproject.toml` from here upwards.",
    ),
]
Rate = Annotated[
    float | None,
    typer.Option("--spin-rate", metavar="0..1", help="The share of spun sites, if known; else estimated for each text."),
]
Clean = Annotated[
    list[Path] | None,
    typer.Option("--clean", metavar="FILE|FOLDER", help="A text that was never spun, or a folder of them; repeatable."),
]
ReportFormat = Annotated[Report, typer.Option("--format", "-f", help="How to write the figures.")]


def _version(wanted: bool) -> None:
    if wanted:
        from despin import __version__

        _out(_bytes(f"despin {__version__}\n"))
        raise typer.Exit


@app.callback(epilog="`despin FILE...` is short for `despin restore FILE...`.")
def _despin(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Restores article text that an article spinner has garbled.

    Without a command, despin is a filter: `despin < spun.txt > restored.txt`, or `despin FILE...`; that is `despin
    restore`, whose options `despin restore --help` lists. Nothing is written to a file without `--write`.

    Exit status: 0 nothing to do, or done; 1 `--check` found spun text; 2 wrong usage; 3 some inputs failed.
    """


@app.command()
def restore(
    files: Files = None,
    write: Annotated[bool, typer.Option("--write", "-w", help="Write restored text back to the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what changes as a unified diff (`--format diff`).")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write no text; exit with 1 if there is spun text.")] = False,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to write to standard output.")] = Format.text,
    explain: Annotated[bool, typer.Option("--explain", help="Give each edit's evidence on standard error.")] = False,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    spin_rate: Rate = None,
    config: ConfigFile = None,
) -> None:
    """Restores spun text; this is the default command.

    It reads files, or standard input, and writes to standard output.
    """
    names = files or [STDIN]
    if write and STDIN in names:
        raise typer.BadParameter("standard input cannot be written back; name files.", param_hint="--write")
    if diff and format not in (Format.text, Format.diff):
        raise typer.BadParameter("contradicts --diff; choose one.", param_hint="--format")
    despinner = _despinner(cautious, eager, lexicon, ignore, spin_rate, config)
    shown = Format.diff if diff else format
    silent = shown is Format.text and (check or write)
    found = failed = False
    for name, decoded in _inputs(names):
        if decoded is None:
            failed = True
            continue
        try:
            restoration = despinner(decoded.text)
            if restoration.edits and write:
                _replace(Path(name), decoded.encode(restoration.text))
            if not silent:
                _out(_rendered(shown, decoded, restoration, name))
        except InputError as error:
            _complain(f"{name}: {_sentence(error)}")
            failed = True
            continue
        if explain:
            _explain(decoded.text, restoration, name)
        if restoration.edits and (check or write):
            count = len(restoration.edits)
            edits = f"{count} edit{'' if count == 1 else 's'}"
            _complain(f"{name}: {f'restored, {edits}' if write else f'spun, {edits} to make'}.")
        found = found or bool(restoration.edits)
    raise typer.Exit(FAILED if failed else FOUND if check and found else 0)


@app.command()
def detect(
    files: Files = None,
    format: ReportFormat = Report.text,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    config: ConfigFile = None,
) -> None:
    """Tells how much of each text is spun.

    Gives the strongest evidence, and changes nothing.
    """
    despinner = _despinner(cautious, eager, lexicon, ignore, None, config)
    failed = False
    for name, decoded in _inputs(files or [STDIN]):
        try:
            detection = despinner.detect(decoded.text) if decoded else None
        except InputError as error:
            _complain(f"{name}: {_sentence(error)}")
            detection = None
        if detection is None:
            failed = True
        elif format is Report.json:
            _out((json.dumps({"path": name, "is_spun": detection.is_spun, **asdict(detection)}) + "\n").encode())
        else:
            from despin.render.explain import verdict

            _out(_bytes(verdict(detection, name).plain + "\n"))
    raise typer.Exit(FAILED if failed else 0)


@app.command()
def undo(files: Files = None) -> None:
    """Gives back the input of `despin --format json`.

    The inputs are what that wrote.
    """
    from despin.document.decoding import written_as
    from despin.restoration import Restoration

    failed = False
    for name, decoded in _inputs(files or [STDIN]):
        try:
            for line in filter(None, decoded.text.split("\n")) if decoded else ():
                source, origin = Restoration.from_json(line).undo(), json.loads(line)
                # What Python wrote names no encoding, and may hold anything.
                _out(written_as(origin).encode(source) if "encoding" in origin else source.encode("utf-8", "surrogatepass"))
        except DespinError as error:
            _complain(f"{name}: {_sentence(error)}")
            failed = True
        failed = failed or decoded is None
    raise typer.Exit(FAILED if failed else 0)


@app.command("eval")
def evaluate(
    gold: Annotated[list[str], typer.Argument(metavar="GOLD...", help="Marked texts.")],
    format: ReportFormat = Report.text,
    judge: Annotated[bool, typer.Option("--judge", help="Measure each judge by itself instead (extra `train`).")] = False,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="Measure instead what confidence is worth (extra `train`).")
    ] = False,
    clean: Clean = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="With --calibration: draw it, as .svg or .png.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List what was missed, wrong or damaged; with --judge, each text's figures.")
    ] = False,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    spin_rate: Rate = None,
    config: ConfigFile = None,
) -> None:
    """Scores despin on marked texts.

    The figures are recall, precision, F0.5, and damage per 1,000 words. `--judge` and `--calibration` take clean texts
    beside the marked ones, and decide on each with weights that were fitted on the others.

    Marks: `{~~spun~>right|also right~~}` must be repaired, `{??spun~>right??}` may be.
    """
    if judge and calibration:
        raise typer.BadParameter("contradicts --calibration; choose one.", param_hint="--judge")
    if clean and not (judge or calibration):
        raise typer.BadParameter("goes with --judge or --calibration.", param_hint="--clean")
    if plot and not calibration:
        raise typer.BadParameter("goes with --calibration.", param_hint="--plot")
    if plot and plot.suffix.lower() not in (".svg", ".png"):
        raise typer.BadParameter("must end in .svg or .png.", param_hint="--plot")
    if plot and not plot.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {plot.parent}.", param_hint="--plot")
    from despin.evaluation.score import Score, score, spun_text

    despinner = _despinner(cautious, eager, lexicon, ignore, spin_rate, config)
    if judge or calibration:
        inputs = [dict(_inputs(names)) for names in (gold, _files(clean))]
        marked, never = ({name: decoded.text for name, decoded in read.items() if decoded} for read in inputs)
        if not marked:
            raise typer.Exit(FAILED)
        if judge:
            _judge(despinner, marked, never, format, verbose)
        else:
            _calibrate(despinner, marked, never, format, plot)
        raise typer.Exit(0 if all(decoded for read in inputs for decoded in read.values()) else FAILED)
    scores: dict[str, Score] = {}
    failed = False
    for name, decoded in _inputs(gold):
        if decoded is None:
            failed = True
            continue
        scores[name] = score(decoded.text, despinner(spun_text(decoded.text)).text)
        if verbose:
            _out(_bytes("".join(f"{name}: {miss}\n" for miss in scores[name].misses)))
    if scores:
        from despin.render.tables import score_table

        scores["ALL"] = sum(scores.values(), Score())
        _report([{"text": name, **s.figures()} for name, s in scores.items()], [score_table(scores)], format)
    raise typer.Exit(FAILED if failed else 0)


@app.command()
def spin(
    files: Files = None,
    rate: Annotated[float, typer.Option("--rate", min=0.0, max=1.0, help="Share of the words that it knows to change.")] = 0.4,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same text.")] = 0,
    gold: Annotated[bool, typer.Option("--gold", help="Mark each site, as `despin eval` reads it.")] = False,
    wordnet: Annotated[
        Path | None, typer.Option("--wordnet", metavar="DIR", help="WordNet's database files, for more synonyms.")
    ] = None,
) -> None:
    """Spins clean text, to test despin with.

    It works as article spinners do, and marks the sites if asked to. Its dictionary is the lexicon read forwards; many of
    its spins are therefore what despin knows best.
    """
    from despin.document.parsing import load_model
    from despin.lexicon.rows import Lexicon
    from despin.lexicon.simulate import Dictionary, simulate

    _current_folder()
    with _UserErrors():
        dictionaries = [Dictionary.of_lexicon(Lexicon.load())]
        if wordnet:
            dictionaries.append(Dictionary.of_wordnet(wordnet))
        nlp = load_model()
    failed = False
    for number, (_, decoded) in enumerate(_inputs(files or [STDIN])):
        if decoded is None:
            failed = True
            continue
        simulation = simulate(decoded.text, nlp, dictionaries, rate=rate, seed=seed + number)
        _out(decoded.encode(simulation.gold if gold else simulation.text))
    raise typer.Exit(FAILED if failed else 0)


@lexicon_app.command("check")
def lexicon_check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Lexicon files; the packaged ones if none.")
    ] = None,
    lint: Annotated[bool, typer.Option("--lint", help="Check the format only; run no examples.")] = False,
) -> None:
    """Lints lexicon files and runs their examples.

    Each `example` must be restored, each `keep` must stay.
    """
    from despin.lexicon.check import lint as lint_rows
    from despin.lexicon.check import self_test
    from despin.lexicon.rows import Lexicon, packaged_files

    with _UserErrors():
        lexicon = Lexicon.read(*(files or packaged_files()))
    complaints = list(lint_rows(lexicon))
    if not lint:
        complaints += self_test(lexicon)
    for complaint in complaints:
        _complain(complaint)
    _complain(f"{len(lexicon.rows)} rows, {len(complaints)} complaint{'' if len(complaints) == 1 else 's'}.")
    raise typer.Exit(FOUND if complaints else 0)


@train_app.command("weights")
def train_weights(
    gold: Annotated[list[str], typer.Argument(metavar="GOLD...", help="Marked texts, as `despin eval` reads them.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the weights go.")],
    clean: Clean = None,
) -> None:
    """Fits what each piece of evidence weighs, and tells how weights fitted on other texts decide on each.

    `despin/judge/weights.json` is what despin uses.
    """
    import datetime

    from despin.despinner import Despinner
    from despin.training.weights import decide, fit, held_out, read_example

    if not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}.", param_hint="--out")
    despinner = Despinner()
    inputs = [list(_inputs(names)) for names in (gold, _files(clean))]
    if any(decoded is None for read in inputs for _, decoded in read):
        raise typer.Exit(FAILED)
    marked, never = ([read_example(despinner, decoded.text) for _, decoded in read if decoded] for read in inputs)
    try:
        folds = list(held_out(marked, never))
    except ValueError as error:
        raise InputError(str(error)) from error
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8):
        settings = Settings(threshold=threshold)
        right = [r for fold in folds for example in fold.marked for r in decide(example, fold.weights, settings)]
        share = sum(right) / len(right) if right else 1.0
        _complain(f"held out, threshold {threshold}: {len(right)} edits, {sum(right)} of them right ({share:.3f}).")
    out.write_text(fit(marked, never).dumps(fitted=str(datetime.date.today())), encoding="utf-8")


def main() -> None:
    """Runs the command line; errors become one sentence on standard error and an exit status."""
    # Bytes go out as they are; the messages of a console without UTF-8 must not crash either.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except DespinError as error:
        _complain(_sentence(error))
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


def _despinner(
    cautious: bool,
    eager: bool,
    lexicon: list[Path] | None,
    ignore: list[str] | None,
    spin_rate: float | None,
    config: Path | None,
) -> Despinner:
    """Makes the Despinner that options and configuration ask for; options win."""
    if cautious and eager:
        raise typer.BadParameter("contradicts --eager; choose one.", param_hint="--cautious")
    with _UserErrors():
        folder = _current_folder()
        path = config or find_config(folder)
        chosen: dict[str, Any] = {}
        lexicons: list[Path] = []
        if path:
            read = read_config(path)
            chosen, lexicons = dict(read.settings), list(read.lexicons)
        chosen["ignore"] = frozenset(chosen.get("ignore", ())).union(_ignored(ignore or []))
        if cautious or eager:
            chosen["threshold"] = THRESHOLDS["cautious" if cautious else "eager"]
        if spin_rate is not None:
            chosen["spin_rate"] = spin_rate
        settings = Settings(**chosen)
        lexicons += lexicon or []
        from despin.despinner import Despinner
        from despin.lexicon.rows import Lexicon

        return Despinner(settings, Lexicon.load(*lexicons))


class _UserErrors:
    """Turns errors in what the user chose (configuration, lexicon) into wrong usage."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ConfigError | LexiconError):
            _complain(_sentence(error))
            raise typer.Exit(USAGE) from error


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        # spaCy does not load there either.
        raise InputError("the current folder has been deleted; go to another one") from error


def _files(paths: list[Path] | None) -> list[str]:
    """The names of files, and of those in folders."""
    return [str(file) for path in paths or () for file in (sorted(path.iterdir()) if path.is_dir() else [path])]


def _ignored(given: list[str]) -> Iterator[str]:
    for item in given:
        try:
            yield from Path(item).read_text(encoding="utf-8-sig").split() if Path(item).is_file() else [item]
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{item}: the ignore list cannot be read: {error}.") from error


def _inputs(names: list[str]) -> Iterator[tuple[str, Decoded | None]]:
    """Yields each input decoded; None for one that cannot be read, after a sentence about it on standard error."""
    from despin.document.decoding import decode

    for name in names:
        try:
            decoded = decode(_standard_input() if name == STDIN else Path(name).read_bytes())
        except IsADirectoryError:
            _complain(f"{name}: is a folder; name the files in it.")
            yield name, None
        except OSError as error:
            _complain(f"{name}: cannot be read: {error.strerror or error}.")
            yield name, None
        except InputError as error:
            _complain(f"{name}: {_sentence(error)}")
            yield name, None
        else:
            if decoded.warning:
                _complain(f"{name}: {decoded.warning}.")
            yield name, decoded


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise InputError("standard input is closed.")
    if sys.stdin.isatty():
        _complain("reading standard input; end it with Ctrl-D (`despin --help` tells more).")
    return sys.stdin.buffer.read()


def _rendered(shown: Format, decoded: Decoded, restoration: Restoration, name: str) -> bytes:
    from despin.render.markup import criticmarkup, diff

    if shown is Format.text:
        return decoded.encode(restoration.text)
    if shown is Format.diff:
        mark = "\ufeff" if decoded.mark and decoded.encoding == "utf-8" else ""
        header, hunk, lines = diff(mark + decoded.text, mark + restoration.text, name).partition("\n@@")
        return _bytes(header) + decoded.quote(hunk + lines)
    if shown is Format.criticmarkup:
        return decoded.encode(criticmarkup(decoded.text, restoration))
    found = {"path": name, **decoded.origin, **json.loads(restoration.to_json())}
    return _bytes(json.dumps(found, ensure_ascii=False) + "\n")


def _replace(path: Path, data: bytes) -> None:
    """Writes a file so that it is either as it was or complete: to a temporary file beside it, then renamed."""
    import tempfile

    target = path.resolve()
    if not os.access(target, os.W_OK):
        raise InputError("cannot be written: it is read-only")
    try:
        before = target.stat()
        handle, temporary = tempfile.mkstemp(prefix=".despin-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(temporary, before.st_uid, before.st_gid)
            os.chmod(temporary, before.st_mode & 0o7777)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}") from error


def _explain(source: str, restoration: Restoration, name: str) -> None:
    from despin.render.explain import explanation

    console = _console()
    for line in explanation(source, restoration, name):
        console.print(line, soft_wrap=True)


def _judge(despinner: Despinner, marked: dict[str, str], clean: dict[str, str], format: Report, verbose: bool) -> None:
    from despin.evaluation.judges import score_judges
    from despin.render.tables import judge_table

    scores = score_judges(despinner, marked, list(clean.values()))
    if not verbose:
        scores = {"ALL": scores["ALL"]}
    if not all(s.held_out for s in scores["ALL"]):
        _complain("there are too few texts to fit weights on others; the packaged ones flatter texts they were fitted on.")
    _report([{"text": name, **s.figures()} for name, found in scores.items() for s in found], [judge_table(scores)], format)


def _calibrate(despinner: Despinner, marked: dict[str, str], clean: dict[str, str], format: Report, plot: Path | None) -> None:
    from despin.evaluation.calibration import calibrate, draw, require_matplotlib
    from despin.render.tables import bin_table, threshold_table
    from despin.training.weights import read_example

    if plot:
        require_matplotlib()
    spun, never = ([read_example(despinner, text) for text in texts.values()] for texts in (marked, clean))
    try:
        found = calibrate(spun, never, despinner.settings)
    except ValueError as error:
        raise InputError(str(error)) from error
    _report([found.figures()], [bin_table(found), threshold_table(found)], format)
    if plot:
        try:
            draw(found, plot)
        except OSError as error:
            raise InputError(f"{plot}: cannot be written: {error.strerror or error}.") from error


def _report(figures: list[dict[str, Any]], tables: list[Table], format: Report) -> None:
    """Writes figures, one JSON object a line, or as tables."""
    if format is Report.json:
        _out("".join(json.dumps(one) + "\n" for one in figures).encode())
        return
    from io import StringIO

    from rich.console import Console

    shown = sys.stdout is not None and sys.stdout.isatty()
    text = StringIO()
    Console(file=text, width=None if shown else 200, force_terminal=shown).print(*tables, sep="\n")
    _out(_bytes(text.getvalue()))


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _bytes(text: str) -> bytes:
    """A text as UTF-8, with the bytes of file names that are none as they are."""
    return text.encode("utf-8", "surrogateescape")


def _out(data: bytes) -> None:
    if sys.stdout is None:
        _complain("standard output is closed.")
        raise typer.Exit(FAILED)
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # A reader that has gone, as with `| head`, needs no message. What is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            _complain(f"standard output cannot be written: {error.strerror or error}.")
        raise typer.Exit(FAILED) from error


def _complain(message: str) -> None:
    typer.echo(f"despin: {message}", err=True)


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith((".", "!", "?")) else f"{text}."
