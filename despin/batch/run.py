"""A run over a folder: files are read, their documents restored by workers, and written; all of it is accounted for.

Only this process touches files. Each is written apart and renamed, and then entered in the manifest, so that whatever ends the
run, the next one takes it up where it stood: files that are done are skipped, and of others no document is judged again whose
edits the manifest has.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from despin.batch.ledger import Ledger, new_text
from despin.batch.manifest import DocumentRow, FileRow, Manifest, Status
from despin.batch.options import Options, check
from despin.batch.pool import Pool
from despin.batch.sink import Sink
from despin.batch.source import Document, File, Source
from despin.batch.versions import versions_of
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from despin.batch.worker import Outcome
    from despin.settings import Settings

# What a run needs beside its outputs: the manifest, a lock, and files that are being written.
FOLDER, MANIFEST = ".despin", "manifest.sqlite"
_LOCK, _PARTIAL = "lock", "partial"
# After so many files in a row for which the disk has no room, no more are tried.
_FULL = 100


@dataclass(slots=True)
class Tally:
    """What a run has come to.

    Attributes:
        files: how many were read.
        skipped: how many of them had not changed since they were cleaned with the same versions.
        left_out: how many files are of no kind that is cleaned.
        bytes: of the files read.
        documents: how many were looked at; each is one of the following.
        restored: how many were changed.
        unchanged: how many had a thorough look, and nothing to restore.
        screened: how many a quick look took for clean, and nothing was to restore.
        failed: how many could not be read, restored or written.
        quarantined: how many made a worker break, or took too much time or memory.
        edits: how many were made.
        problems: how many files or documents have a problem, those of earlier runs included.
    """

    files: int = 0
    skipped: int = 0
    left_out: int = 0
    bytes: int = 0
    documents: int = 0
    restored: int = 0
    unchanged: int = 0
    screened: int = 0
    failed: int = 0
    quarantined: int = 0
    edits: int = 0
    problems: int = 0

    def count(self, status: Status, edits: int = 0) -> None:
        """Counts a document."""
        self.documents += 1
        self.edits += edits
        setattr(self, status, getattr(self, status) + 1)

    def withdraw(self, counts: Mapping[Status, int], edits: int) -> None:
        """Counts documents as failed after all, since their file cannot be written; a file without any as one."""
        self.edits -= edits
        for status, number in counts.items():
            if status is not Status.quarantined:
                setattr(self, status, getattr(self, status) - number)
                self.failed += number
        if not counts:
            self.count(Status.failed)


class Run:
    """Cleans a folder, or a single file.

    Args:
        source: the folder or file.
        target: the folder that cleaned files go to, by the names that they have in the source.
        settings: the dials.
        lexicons: lexicon files beside the packaged ones.
        options: how it is cleaned.
        watch: called after each document and file with what the run has come to.
        complain: called with the name of what has a problem, and with the problem.

    Raises:
        ConfigError: if options contradict each other.
        InputError: if there is no such source.
    """

    def __init__(
        self,
        source: Path,
        target: Path,
        settings: Settings,
        lexicons: Sequence[Path] = (),
        options: Options | None = None,
        watch: Callable[[Tally], None] | None = None,
        complain: Callable[[str, str], None] | None = None,
    ) -> None:
        self.options = options or Options()
        self.tally = Tally()
        folder, only = (source.parent, source.name) if source.is_file() else (source, None)
        in_place = target.resolve() == folder.resolve()
        check(source, target, self.options, in_place)
        self.source = Source(folder, only, target, self.options, settings, self._unread)
        self._folder = folder
        self._target = target
        self._settings = settings
        self._lexicons = lexicons
        self.watch = watch or (lambda _: None)
        self._complain = complain or (lambda *_: None)
        backup = self.options.backup
        self._sink = Sink(folder, target, target / FOLDER / _PARTIAL, backup, self._replacing)
        self._full = 0
        self._bytes = 0
        self._manifest: Manifest
        self._ledger: Ledger

    def __call__(self) -> Tally:
        """Cleans, and returns what it came to.

        Raises:
            DespinError: if another run is at work, the disk is full, or models, lexicon or settings keep anything from being
                restored.
        """
        options = self.options
        versions = versions_of(self._settings, self._lexicons, field=options.field, input=options.input)
        with nullcontext() if options.dry_run else self._locked():
            path = options.manifest or (None if options.dry_run else self._target / FOLDER / MANIFEST)
            self._manifest = Manifest(path, versions)
            try:
                self._ledger = Ledger(self._manifest, retry=options.retry)
                number = self._manifest.begin(str(self._folder.resolve()))
                self._clean()
                self._manifest.forget(number, self._is_gone)
                self._manifest.end(number)
            except OSError as error:
                raise InputError(f"{error.filename or self._folder}: {error.strerror or error}") from error
            except sqlite3.Error as error:
                raise InputError(f"{path}: the manifest cannot be read or written: {error}") from error
            finally:
                self._sink.discard()
                self._manifest.close()
        return self.tally

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Makes the folder for what a run needs, and keeps other runs out."""
        from filelock import FileLock, Timeout

        folder = self._target / FOLDER
        lock = FileLock(folder / _LOCK, timeout=0)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise InputError(f"{self._target}: another run is at work there; wait for it, or end it") from error
        except OSError as error:
            raise InputError(f"{error.filename or folder}: cannot be written: {error.strerror or error}") from error
        try:
            # What a run that was killed left behind goes first.
            shutil.rmtree(folder / _PARTIAL, ignore_errors=True)
            (folder / _PARTIAL).mkdir(exist_ok=True)
            yield
        finally:
            shutil.rmtree(folder / _PARTIAL, ignore_errors=True)
            lock.release()

    def _clean(self) -> None:
        options = self.options
        pool = Pool(self._settings, self._lexicons, jobs=options.jobs, timeout=options.timeout, memory=options.memory)
        with pool:
            for item, outcome in pool.map(self.source.items(self._ledger, self._skipped, self._left_out)):
                if isinstance(item, Document):
                    self._take(item, outcome)
                else:
                    self._finish(item.file)
                self.watch(self.tally)

    def _is_gone(self, name: str) -> bool:
        """Whether a file that the run has not met does not exist any more."""
        return not (self._folder / name).is_file()

    def _skipped(self, file: File, known: FileRow) -> None:
        self._manifest.seen(file.name)
        self.tally.files += 1
        self.tally.skipped += 1
        self._read(file.size, over=True)
        if known.error:
            self._problem(file.name, known.error)
        self.watch(self.tally)

    def _read(self, size: int, *, over: bool = False) -> None:
        """Counts bytes of the file that comes out."""
        self.tally.bytes = self._bytes + size
        if over:
            self._bytes = self.tally.bytes

    def _left_out(self, _: Path) -> None:
        self.tally.left_out += 1

    def _take(self, document: Document, outcome: Outcome | None) -> None:
        """Writes a document, and enters it in the manifest."""
        file, record = document.file, document.record
        piece = None
        if document.number >= 0:
            row = document.known or self._ledger.judged(file.name, document.number, record, outcome)
            text = new_text(row, record.text or "")
            if text is not None:
                try:
                    piece = record.rebuilt(text)
                except InputError as error:
                    row = self._ledger.failed(file.name, document.number, record, str(error))
            self._enter(file, row)
            self._read(document.read)
        if file.error or self.options.dry_run:
            return
        try:
            self._sink.write(file, record.rebuilt(None) if piece is None else piece)
        except Exception as error:
            self._cannot_write(file, error)

    def _enter(self, file: File, row: DocumentRow) -> None:
        self.tally.count(row.status, row.edits)
        file.counts[row.status] += 1
        file.edits += row.edits
        if row.error and file.format.single:
            file.error = row.error
        elif row.error:
            self._problem(f"{file.name}, document {row.number + 1}", row.error)
        self._manifest.add(row)

    def _finish(self, file: File) -> None:
        """Puts a file in its place, and enters it in the manifest."""
        self.tally.files += 1
        self._read(file.size, over=True)
        if file.partly and not file.error and (file.complete or not file.documents):
            # A part takes no whole file's place.
            self._sink.discard()
            return
        written = b""
        if not file.error and not self.options.dry_run:
            try:
                written = self._sink.place(file)
                self._full = 0
            except Exception as error:
                # As with reading, libraries raise what they will.
                self._cannot_write(file, error)
        self._sink.discard()
        if file.error:
            self.tally.withdraw(file.counts, file.edits)
            self._problem(file.name, file.error)
        status = Status.failed if file.error else Status.partial if file.partly else Status.done
        self._manifest.add(self._file_row(file, written, status, file.error or _wrong(file)))

    def _replacing(self, file: File, written: bytes) -> None:
        """Notes what will stand where a file is replaced, so that it is not taken for another one if the run ends now."""
        self._manifest.add(self._file_row(file, written, Status.writing, _wrong(file)))
        try:
            self._manifest.flush()
        except sqlite3.Error as error:
            raise OSError(errno.ENOSPC, f"the manifest cannot be written: {error}") from error

    def _file_row(self, file: File, written: bytes, status: Status, error: str = "") -> FileRow:
        return FileRow(file.name, file.hash, file.size, self._manifest.version, written, file.documents, status, error)

    def _cannot_write(self, file: File, error: Exception) -> None:
        file.error = f"cannot be written: {getattr(error, 'strerror', None) or error}"
        self._sink.discard()
        self._full = self._full + 1 if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) else 0
        if self._full >= _FULL:
            raise InputError(f"{self._target}: the disk is full; make room, and run it again to go on")

    def _unread(self, error: OSError) -> None:
        """A folder cannot be read."""
        name = Path(error.filename).relative_to(self._folder).as_posix()
        reason = error.strerror or str(error)
        self.tally.count(Status.failed)
        self._problem(name, reason)
        self._manifest.add(FileRow(name, version=self._manifest.version, error=reason))

    def _problem(self, name: str, problem: str) -> None:
        self.tally.problems += 1
        self._complain(name, problem)


def _wrong(file: File) -> str:
    return f"{file.wrong:,} of its documents failed" if file.wrong else ""
