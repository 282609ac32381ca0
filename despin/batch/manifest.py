"""The account of a cleaned folder: a SQLite file with one row a document, which later runs take up and reports are made of."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import zlib
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from despin.batch.versions import Versions
from despin.errors import InputError
from despin.restoration import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

# What it is, and which form it has, so that no other file is taken for it.
_APPLICATION, _FORM = 0x64737031, 1
_TABLES = """
CREATE TABLE IF NOT EXISTS versions (
    id INTEGER PRIMARY KEY, despin TEXT, lexicon TEXT, judge TEXT, settings TEXT, UNIQUE (despin, lexicon, judge, settings)
);
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, version INTEGER, source TEXT, started REAL, ended REAL);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, hash BLOB, size INTEGER, version INTEGER, written BLOB, documents INTEGER, status TEXT, error TEXT,
    run INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    path TEXT, number INTEGER, hash BLOB, size INTEGER, encoding TEXT, kind TEXT, spin_rate REAL, edits INTEGER, seconds REAL,
    version INTEGER, status TEXT, error TEXT, changes BLOB, PRIMARY KEY (path, number)
) WITHOUT ROWID;
"""
# What is known is written to the disk this often, in seconds, or after so many rows: what a crash may cost.
_PERIOD, _ROWS = 1.0, 500
# So many characters around an edit are kept for the report.
_AROUND = 60


class Status(StrEnum):
    """What became of a document, or of a file.

    Documents: `restored`, `unchanged`, `screened` (taken for clean by a quick look), `failed`, `quarantined` (it made a worker
    break, or took too much time or memory, and is not tried again under the same versions). Files: `done`, `partial` (only some
    of its documents were wanted), `writing` (about to be replaced), `failed`.
    """

    restored = "restored"
    unchanged = "unchanged"
    screened = "screened"
    failed = "failed"
    quarantined = "quarantined"
    done = "done"
    partial = "partial"
    writing = "writing"


class Change(NamedTuple):
    """An edit as it is kept: where (in characters), what, how sure, by which stage and tier, and the text around it."""

    start: int
    end: int
    spun: str
    original: str
    confidence: float
    stage: str
    tier: str
    before: str
    after: str

    @classmethod
    def of(cls, edit: Edit, source: str) -> Change:
        """Makes it of an edit of a text."""
        before, after = source[max(0, edit.start - _AROUND) : edit.start], source[edit.end : edit.end + _AROUND]
        confidence = round(edit.confidence, 4)
        return cls(edit.start, edit.end, edit.spun, edit.original, confidence, edit.stage, edit.tier, before, after)

    @property
    def edit(self) -> Edit:
        """The edit."""
        return Edit(self.start, self.end, self.spun, self.original, self.confidence, stage=self.stage, tier=self.tier)


@dataclass(frozen=True, slots=True)
class FileRow:
    """What is known of a file.

    Attributes:
        path: its path, from the folder on.
        hash: SHA-256 of its bytes; empty if it could not be read.
        size: in bytes.
        version: the versions that it was cleaned with, by `Manifest.version`.
        written: SHA-256 of what was written for it.
        documents: how many it has.
        status: what became of it.
        error: why it failed, else empty.
    """

    path: str
    hash: bytes = b""
    size: int = 0
    version: int = 0
    written: bytes = b""
    documents: int = 0
    status: Status = Status.failed
    error: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What is known of a document.

    Attributes:
        path: its file's path, from the folder on.
        number: which of the file's documents it is, from 0.
        hash: SHA-256 of its text in UTF-8.
        size: in characters.
        encoding: of the file.
        kind: one of `despin.document.views.KINDS`.
        spin_rate: the share of sites that were spun, 0 to 1.
        edits: how many were made.
        seconds: what it took.
        version: the versions that it was cleaned with, by `Manifest.version`.
        status: what became of it.
        error: why it failed, else empty.
        changes: the edits.
    """

    path: str
    number: int
    hash: bytes
    size: int
    encoding: str
    kind: str
    spin_rate: float
    edits: int
    seconds: float
    version: int
    status: Status
    error: str = ""
    changes: tuple[Change, ...] = ()


class Manifest:
    """The account, open for reading and writing.

    Rows are kept in memory for a second before they go to the disk. What the disk has no room for stays there until it has.

    Args:
        path: the file, made if there is none; None keeps all in memory.
        versions: what outputs are made with now; None if there will be none.

    Raises:
        InputError: if it is no manifest, or cannot be read.
    """

    def __init__(self, path: Path | None, versions: Versions | None = None) -> None:
        self._path = path
        self._files: dict[str, FileRow] = {}
        self._documents: dict[tuple[str, int], DocumentRow] = {}
        self._seen: list[str] = []
        self._written_at = time.monotonic()
        self.version = 0
        self._run = 0
        try:
            # A reader, such as a report, may keep it for a while. Those who iterate may do so in another thread.
            self._database = sqlite3.connect(path or ":memory:", timeout=60, check_same_thread=False)
        except sqlite3.Error as error:
            raise InputError(f"{path}: the manifest cannot be opened: {error}") from error
        try:
            self._open(versions is not None)
            if versions:
                self.version = self._version(versions)
        except sqlite3.Error as error:
            self._database.close()
            raise InputError(f"{path}: the manifest cannot be read: {error}") from error

    def _open(self, made: bool) -> None:
        (form,) = self._database.execute("PRAGMA user_version").fetchone()
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        empty = not self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if (application, form) != (_APPLICATION, _FORM) and not (empty and made):
            raise sqlite3.DatabaseError("it is no manifest, or one of another version of despin")
        if made:
            self._database.executescript(_TABLES + f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_FORM};")

    def _version(self, versions: Versions) -> int:
        values = astuple(versions)
        with self._database:
            self._database.execute("INSERT OR IGNORE INTO versions (despin, lexicon, judge, settings) VALUES (?,?,?,?)", values)
        where = "SELECT id FROM versions WHERE despin=? AND lexicon=? AND judge=? AND settings=?"
        return int(self._database.execute(where, values).fetchone()[0])

    def begin(self, source: str) -> int:
        """Notes that a run begins, and returns its number.

        Raises:
            InputError: if that cannot be written; so does `end`.
        """
        row = (self.version, _stored(source), time.time())
        with self._writing():
            found = self._database.execute("INSERT INTO runs (version, source, started) VALUES (?,?,?)", row)
        self._run = found.lastrowid or 0
        return self._run

    def end(self, run: int) -> None:
        """Notes that a run ended, and writes all rows."""
        with self._writing():
            self.flush()
            self._database.execute("UPDATE runs SET ended=? WHERE id=?", (time.time(), run))

    def seen(self, path: str) -> None:
        """Notes that a file is still there, as it is known."""
        self._seen.append(path)
        self._flush_if_due()

    def forget(self, run: int, is_gone: Callable[[str], bool]) -> None:
        """Drops the rows of files that a run has not met and that are gone."""
        with self._writing():
            self.flush()
            last: str | bytes = ""
            some = "SELECT path FROM files WHERE run IS NOT ? AND path > ? ORDER BY path LIMIT ?"
            while rows := self._database.execute(some, (run, last, _ROWS)).fetchall():
                last = rows[-1][0]
                gone = [row for row in rows if is_gone(_path(row[0]))]
                self._database.executemany("DELETE FROM files WHERE path=?", gone)
                self._database.executemany("DELETE FROM documents WHERE path=?", gone)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._database:
                yield
        except sqlite3.Error as error:
            raise InputError(f"{self._path}: the manifest cannot be written: {error}") from error

    def close(self) -> None:
        """Closes the file; what there is room for is written first."""
        with suppress(sqlite3.Error):
            self.flush()
        self._database.close()

    def file(self, path: str) -> FileRow | None:
        """Returns what is known of a file."""
        if path in self._files:
            return self._files[path]
        row = self._database.execute("SELECT * FROM files WHERE path=?", (_stored(path),)).fetchone()
        return _file(row) if row else None

    def document(self, path: str, number: int) -> DocumentRow | None:
        """Returns what is known of a document."""
        if (path, number) in self._documents:
            return self._documents[path, number]
        row = self._database.execute("SELECT * FROM documents WHERE path=? AND number=?", (_stored(path), number)).fetchone()
        return _document(row) if row else None

    def files(self) -> Iterator[FileRow]:
        """Yields all files, in order of their paths."""
        return map(_file, self._database.execute("SELECT * FROM files ORDER BY path"))

    def documents(self) -> Iterator[DocumentRow]:
        """Yields all documents, in order."""
        return map(_document, self._database.execute("SELECT * FROM documents ORDER BY path, number"))

    def runs(self) -> list[tuple[Versions, str, float, float | None]]:
        """Returns the runs: versions, source, when it began and, if it did, ended, in seconds since 1970."""
        columns = "despin, lexicon, judge, settings, source, started, ended"
        rows = self._database.execute(f"SELECT {columns} FROM runs JOIN versions ON versions.id = version ORDER BY runs.id")  # noqa: S608
        return [(Versions(*row[:4]), _path(row[4]), *row[5:]) for row in rows]

    def add(self, row: FileRow | DocumentRow) -> None:
        """Takes a row; a file's after those of its documents."""
        if isinstance(row, FileRow):
            self._files[row.path] = row
        else:
            self._documents[row.path, row.number] = row
        self._flush_if_due()

    def _flush_if_due(self) -> None:
        held = len(self._documents) + len(self._files) + len(self._seen)
        if held % _ROWS and time.monotonic() - self._written_at < _PERIOD:
            return
        self._written_at = time.monotonic()
        # The disk may be full, perhaps not for long.
        with suppress(sqlite3.OperationalError):
            self.flush()

    def flush(self) -> None:
        """Writes all rows to the disk.

        Raises:
            sqlite3.Error: if they cannot be written.
        """
        documents = [_columns(row) for row in self._documents.values()]
        files = [(_stored(row.path), *astuple(row)[1:], self._run) for row in self._files.values()]
        with self._database:
            self._database.executemany(f"INSERT OR REPLACE INTO documents VALUES ({','.join('?' * 13)})", documents)  # noqa: S608
            self._database.executemany(f"INSERT OR REPLACE INTO files VALUES ({','.join('?' * 9)})", files)  # noqa: S608
            self._database.executemany(
                "UPDATE files SET run=? WHERE path=?", [(self._run, _stored(path)) for path in self._seen]
            )
            over = [(row[0], row[5]) for row in files if row[6] == Status.done]
            self._database.executemany("DELETE FROM documents WHERE path=? AND number>=?", over)
        self._documents.clear()
        self._files.clear()
        self._seen.clear()


def lot(path: str, number: int) -> bytes:
    """Returns what a document draws where some are to be chosen as if by chance, and always the same ones."""
    return hashlib.sha256(f"{path}\0{number}".encode("utf-8", "surrogateescape")).digest()


def _stored(path: str) -> str | bytes:
    """A path as SQLite takes it: one that is no Unicode as bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def _path(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else os.fsdecode(stored)


def _columns(row: DocumentRow) -> tuple[object, ...]:
    packed = zlib.compress(json.dumps(row.changes, separators=(",", ":")).encode()) if row.changes else b""
    own = (getattr(row, name) for name in row.__slots__[1:-1])
    return (_stored(row.path), *own, packed)


def _document(row: Sequence[Any]) -> DocumentRow:
    values = dict(zip(DocumentRow.__slots__, row, strict=True))
    packed = values["changes"]
    changes = tuple(Change(*change) for change in json.loads(zlib.decompress(packed))) if packed else ()
    return DocumentRow(**values | {"path": _path(values["path"]), "status": Status(values["status"]), "changes": changes})


def _file(row: Sequence[Any]) -> FileRow:
    values = dict(zip(FileRow.__slots__, row[:-1], strict=True))
    return FileRow(**values | {"path": _path(values["path"]), "status": Status(values["status"])})
