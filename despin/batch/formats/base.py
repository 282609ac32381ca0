"""What a format is: how a file is read as documents, and written again with other texts."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from despin.document.views import TEXT
from despin.errors import InputError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GZIP, ZSTANDARD = ".gz", ".zst"


@dataclass(frozen=True, slots=True)
class Record:
    """A document of a file, or what stands between documents.

    Attributes:
        rebuilt: returns what is written for it, given another text, or None for its own; raises `InputError` where the file's
            encoding lacks a character.
        text: the text; None where there is none to restore.
        kind: what it is, one of `despin.document.views.KINDS`.
        encoding: how it was encoded.
        problem: why its text cannot be read, as a sentence for the user, else empty.
        continues: whether it is a further piece of the record before.
        weight: how many bytes or characters of memory it takes, roughly.
    """

    rebuilt: Callable[[str | None], Any]
    text: str | None = None
    kind: str = TEXT
    encoding: str = "utf-8"
    problem: str = ""
    continues: bool = False
    weight: int = 0


class Writer(Protocol):
    """Writes what records are rebuilt as, in order."""

    def write(self, piece: Any) -> object:
        """Writes a piece."""
        ...

    def close(self) -> None:
        """Writes what is left, and leaves the file below open."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """How files of some kind are read and written.

    Attributes:
        read: yields the records of an open file.
        writer: makes what writes them to another.
        single: whether such a file is one document.
    """

    read: Callable[[BinaryIO], Iterator[Record]]
    writer: Callable[[BinaryIO], Writer]
    single: bool = False


def kept(data: bytes, problem: str = "", continues: bool = False) -> Record:
    """Returns what is written as it stands."""
    return Record(lambda _: data, problem=problem, continues=continues, weight=len(data))


def packed(packing: str, read: Callable[[BinaryIO], Iterator[Record]]) -> Format:
    """Returns the format of files of bytes that are read in some way, compressed or, if `packing` is empty, not."""

    def unpacked(file: BinaryIO) -> Iterator[Record]:
        with _unpacking(file, packing) as plain:
            yield from read(plain)

    return Format(unpacked, lambda file: Plain(file, packing))


class Plain:
    """Writes bytes, compressed if asked."""

    def __init__(self, file: BinaryIO, packing: str = "") -> None:
        self._file: Any = file
        self._packed = bool(packing)
        if packing == GZIP:
            # Neither name nor time, so that the same documents make the same file.
            self._file = gzip.GzipFile("", "wb", 6, file, mtime=0)
        elif packing == ZSTANDARD:
            self._file = _zstd().ZstdFile(file, "wb")

    def write(self, piece: bytes) -> object:
        """See `Writer`."""
        return self._file.write(piece)

    def close(self) -> None:
        """See `Writer`."""
        if self._packed:
            self._file.close()


def missing(library: str) -> ModelError:
    """Returns the error that tells that a library is not installed."""
    return ModelError(f"{library} is missing, which reads such files; install it with `pip install 'despin[formats]'`.")


@contextmanager
def _unpacking(file: BinaryIO, packing: str) -> Iterator[BinaryIO]:
    if not packing:
        yield file
        return
    broken: tuple[type[Exception], ...] = (EOFError, zlib.error, gzip.BadGzipFile)
    if packing == ZSTANDARD:
        zstd = _zstd()
        broken = (EOFError, zstd.ZstdError)
        plain = zstd.ZstdFile(file)
    else:
        plain = gzip.GzipFile(fileobj=file, mode="rb")
    try:
        yield cast("BinaryIO", plain)
    except broken as error:
        raise InputError(f"its compressed data are broken: {error}") from error
    finally:
        plain.close()


def _zstd() -> Any:
    try:
        from backports import zstd
    except ImportError as error:
        raise missing("backports.zstd") from error
    return zstd
