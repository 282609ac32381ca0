"""What comes in and goes out: inputs read and decoded, results on standard output, messages on standard error."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import typer

from despin.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from despin.document.decoding import Decoded

FOUND, USAGE, FAILED = 1, 2, 3
STDIN = "-"
# So many characters are read of an input where nobody says how many it may have: what memory should be spent on.
_MOST = 500_000_000
_CHUNK = 1 << 20


class Report(StrEnum):
    """How figures are written."""

    text = "text"
    json = "json"


class RowFormat(StrEnum):
    """How rows of the lexicon are written."""

    text = "text"
    json = "json"
    tsv = "tsv"


def files_of(paths: list[Path] | None) -> list[str]:
    """The names of files, and of those in folders."""
    return [str(file) for path in paths or () for file in (sorted(path.iterdir()) if path.is_dir() else [path])]


def read_inputs(names: list[str], most: int = _MOST) -> Iterator[tuple[str, Decoded | None]]:
    """Yields each input decoded; None for one that cannot be read, after a sentence about it on standard error.

    Args:
        names: the inputs.
        most: the number of characters that an input may have; of one that is larger, no more is read than they may take.
    """
    from despin.document.decoding import decode

    for name in names:
        try:
            decoded = decode(_bytes_of(name, most))
        except IsADirectoryError:
            complain(f"{name}: is a folder; name the files in it.")
            yield name, None
        except OSError as error:
            complain(f"{name}: cannot be read: {error.strerror or error}.")
            yield name, None
        except InputError as error:
            complain(f"{name}: {sentence(error)}")
            yield name, None
        else:
            if decoded.warning:
                complain(f"{name}: {decoded.warning}.")
            yield name, decoded


def read_texts(names: list[str], unread: list[str], show: Callable[[int, int], None] | None = None) -> Iterator[str]:
    """Yields each input's text, or, of one that ends in `.xz`, each line's.

    Compressed files are UTF-8 and may be larger than memory.

    Args:
        names: the inputs.
        unread: where the names of those go that cannot be read, after a sentence about each on standard error.
        show: called, when what came before has been worked on, with the number of bytes of files read and of all.
    """
    sizes = [Path(name).stat().st_size if Path(name).is_file() else 0 for name in names]
    whole = sum(sizes)
    done = 0

    def shown(read: int) -> None:
        # The last call, which says that all is done, comes at the end alone.
        if show and 0 < read < whole:
            show(read, whole)

    for name, size in zip(names, sizes, strict=True):
        if Path(name).suffix != ".xz":
            for _, decoded in read_inputs([name]):
                if decoded:
                    yield decoded.text
                else:
                    unread.append(name)
            done += size
            shown(done)
            continue
        import lzma

        try:
            with Path(name).open("rb") as packed, TextIOWrapper(lzma.LZMAFile(packed), encoding="utf-8") as lines:
                while line := lines.readline(_MOST):
                    if len(line) == _MOST:
                        raise lzma.LZMAError(f"a line of it has more than {_MOST:,} characters")
                    if not line.isspace():
                        yield line.strip()
                        shown(done + packed.tell())
            done += size
        except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
            complain(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}.")
            unread.append(name)
    if show and whole:
        show(whole, whole)


def _bytes_of(name: str, most: int) -> bytes:
    """What an input holds, if that is not surely more than so many characters."""
    if name != STDIN:
        with Path(name).open("rb") as file:
            return _bounded(file, most)
    if sys.stdin is None:
        raise InputError("standard input is closed.")
    if sys.stdin.isatty():
        complain("reading standard input; end it with Ctrl-D (`despin --help` tells more).")
    return _bounded(sys.stdin.buffer, most)


def _bounded(file: BinaryIO, most: int) -> bytes:
    from despin.document.decoding import most_bytes

    chunks = []
    left = most_bytes(most)
    while chunk := file.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise TooLargeError(f"it has more than {most_bytes(most):,} bytes; the limit is {most:,} characters")
        chunks.append(chunk)
    return b"".join(chunks)


def report(figures: list[dict[str, Any]], tables: list[Table], format: Report) -> None:
    """Writes figures, one JSON object a line, or as tables."""
    if format is Report.json:
        out(json_lines(figures))
    else:
        out(as_bytes(drawn(tables, is_shown())))


def json_lines(figures: Iterable[dict[str, Any]]) -> bytes:
    """Returns figures as JSON, one object a line."""
    return "".join(json.dumps(one) + "\n" for one in figures).encode()


def is_shown() -> bool:
    """Tells whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def drawn(tables: list[Table], shown: bool) -> str:
    """Returns tables as text: as wide as the terminal, if they are shown on one, and with its colours."""
    from io import StringIO

    from rich.console import Console

    text = StringIO()
    Console(file=text, width=None if shown else 200, force_terminal=shown).print(*tables, sep="\n")
    return text.getvalue()


def message_console() -> Console:
    """Returns rich's console on standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def progress(what: str) -> Callable[[int, int], None] | None:
    """Returns a function that draws a bar on standard error of how much is done, or None where nobody watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    bar: Progress | None = None

    def show(done: int, whole: int) -> None:
        # What is shown seldom is loaded late.
        import atexit

        from rich.progress import Progress

        nonlocal bar
        if bar is None:
            bar = Progress(console=message_console(), transient=True)
            bar.add_task(what)
            bar.start()
            atexit.register(bar.stop)  # which shows the cursor again
        bar.update(bar.task_ids[0], completed=done, total=whole)
        if done >= whole:
            bar.stop()
            atexit.unregister(bar.stop)
            bar = None

    return show


def as_bytes(text: str) -> bytes:
    """A text as UTF-8, with the bytes of file names that are none as they are."""
    return text.encode("utf-8", "surrogateescape")


def out(data: bytes) -> None:
    """Writes to standard output, and leaves with status 3 where that fails."""
    if sys.stdout is None:
        complain("standard output is closed.")
        raise typer.Exit(FAILED)
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # A reader that has gone, as with `| head`, needs no message. What is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            complain(f"standard output cannot be written: {error.strerror or error}.")
        raise typer.Exit(FAILED) from error


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns the failure to write a file into an error that names it.

    Raises:
        InputError: if it cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror or error}") from error


def complain(message: str) -> None:
    """Writes a message to standard error."""
    typer.echo(f"despin: {message}", err=True)


def sentence(error: Exception) -> str:
    """Returns what an error says, with a full stop."""
    text = str(error)
    return text if text.endswith((".", "!", "?")) else f"{text}."
