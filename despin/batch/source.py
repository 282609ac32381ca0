"""What a run reads: files, and the documents in them, each with what the manifest knows of it."""

from __future__ import annotations

import io
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from despin.batch.files import digest, digest_of, walk
from despin.batch.formats import format_of
from despin.batch.manifest import Status, lot
from despin.document.decoding import most_bytes
from despin.errors import DespinError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from despin.batch.formats import Format, Record
    from despin.batch.ledger import Ledger
    from despin.batch.manifest import DocumentRow, FileRow
    from despin.batch.options import Options
    from despin.settings import Settings


@dataclass(slots=True)
class File:
    """A file on its way.

    Attributes:
        path: its path, from the source on.
        format: how it is read and written.
        hash: SHA-256 of its bytes.
        size: in bytes.
        counts: how many documents have come out, by what became of them.
        edits: how many were made in them.
        partly: whether some are not wanted.
        complete: whether all of it was written before.
        error: why it cannot be read or written, else empty.
    """

    path: Path
    format: Format
    hash: bytes = b""
    size: int = 0
    counts: Counter[Status] = field(default_factory=Counter)
    edits: int = 0
    partly: bool = False
    complete: bool = False
    error: str = ""

    @property
    def name(self) -> str:
        """Its path as the manifest has it."""
        return self.path.as_posix()

    @property
    def documents(self) -> int:
        """How many documents have come out."""
        return self.counts.total()

    @property
    def wrong(self) -> int:
        """How many of them failed."""
        return self.counts[Status.failed] + self.counts[Status.quarantined]


@dataclass(slots=True)
class Document:
    """A document on its way, or what stands between documents.

    Attributes:
        file: the file that holds it.
        record: it.
        number: which of the file's documents it is, from 0; -1 for what is none.
        known: what the manifest knows of it, if that is what would come out again.
        read: how many of the file's bytes have been read.
    """

    file: File
    record: Record
    number: int = -1
    known: DocumentRow | None = None
    read: int = 0


@dataclass(slots=True)
class End:
    """A file has been read."""

    file: File


Item = Document | End


class Source:
    """The files to clean.

    Args:
        folder: where they are.
        only: the name of the only one, if the others are not wanted.
        target: where cleaned files go; they are replaced if it is the folder.
        options: which files and documents are wanted, and how they are read.
        settings: the dials, which tell how long a document may be.
        unread: called with what keeps a folder from being read.
    """

    def __init__(
        self,
        folder: Path,
        only: str | None,
        target: Path,
        options: Options,
        settings: Settings,
        unread: Callable[[OSError], None] | None = None,
    ) -> None:
        self._folder = folder
        self._only = only
        self._target = target
        self._in_place = target.resolve() == folder.resolve()
        self._options = options
        self._settings = settings
        self._unread = unread
        self._chosen = 0

    def paths(self) -> Iterator[Path]:
        """Yields the files, in order, as paths relative to the folder."""
        for path in self._found(self._unread):
            # What a link leads to is cleaned itself.
            if not (self._in_place and (self._folder / path).is_symlink()):
                yield path

    def _found(self, unread: Callable[[OSError], None] | None) -> Iterator[Path]:
        if self._only is not None:
            return iter([Path(self._only)])
        options = self._options
        # What is written must not be read.
        apart = options.backup if self._in_place else self._target
        return walk(self._folder, options.include, options.exclude, apart, unread)

    def size(self) -> int:
        """Returns how many bytes the files have that will be read."""
        total = 0
        for path in self._found(None):
            if format_of(path.name, self._options.field):
                with suppress(OSError):
                    total += (self._folder / path).stat().st_size
        return total

    def items(
        self, ledger: Ledger, skipped: Callable[[File, FileRow], None], left_out: Callable[[Path], None]
    ) -> Iterator[tuple[Item, tuple[str, str] | None, int]]:
        """Yields what the files hold, each with its text and the kind of that, if it is to be restored, and what it weighs.

        Args:
            ledger: what is known of them.
            skipped: called with a file that has not changed since it was cleaned, and what is known of it.
            left_out: called with a file of no kind that is cleaned.
        """
        for path in self.paths():
            form = format_of(path.name, self._options.field, self._options.input)
            if form is None:
                left_out(path)
                continue
            if self._is_spent():
                return
            file = File(path, form)
            known = ledger.manifest.file(file.name)
            file.complete = known is not None and known.status is Status.done
            try:
                with (self._folder / path).open("rb") as source:
                    begun = os.fstat(source.fileno())
                    file.hash, file.size = digest(source), begun.st_size
                    if known and self._is_done(file, known, ledger.manifest.version):
                        skipped(file, known)
                        continue
                    yield from self._documents(file, source, ledger)
                    ended = os.fstat(source.fileno())
                    if (begun.st_size, begun.st_mtime_ns) != (ended.st_size, ended.st_mtime_ns):
                        raise InputError("it was changed while it was read")
            except OSError as error:
                file.error = error.strerror or str(error)
            except DespinError as error:
                file.error = str(error)
            except Exception as error:
                # Libraries that read broken files raise what they will; the run goes on.
                file.error = f"it cannot be read: {type(error).__name__}: {error}"
            yield End(file), None, 0

    def _is_done(self, file: File, known: FileRow, version: int) -> bool:
        """Whether a file is as it was when it was cleaned with the same versions, and so is what was written."""
        if known.version != version or (known.error and self._options.retry):
            return False
        if self._in_place:
            return known.status in (Status.done, Status.writing) and file.hash == known.written
        return known.status is Status.done and file.hash == known.hash and digest_of(self._target / file.path) == known.written

    def _documents(
        self, file: File, source: BinaryIO, ledger: Ledger
    ) -> Iterator[tuple[Document, tuple[str, str] | None, int]]:
        if file.format.single:
            most = self._settings.max_characters
            if file.size > most_bytes(most):
                raise InputError(f"it has {file.size:,} bytes; the limit is {most:,} characters (setting max_characters)")
            source = io.BytesIO(source.read())
        numbers = count()
        dropped = False
        for record in file.format.read(source):
            if record.text is None and not record.problem:
                if not (record.continues and dropped):
                    yield Document(file, record), None, record.weight
                continue
            if reason := self._settings.refusal(record.text or ""):
                # A worker need not be handed it to refuse it.
                record = replace(record, text=None, problem=reason)
            number = next(numbers)
            known = ledger.known(file.name, number, record)
            dropped = not self._is_wanted(file.name, number, counts=known is None and record.text is not None)
            if dropped:
                file.partly = True
                continue
            task = None if known or record.text is None else (record.text, record.kind)
            yield Document(file, record, number, known, source.tell()), task, record.weight

    def _is_wanted(self, name: str, number: int, *, counts: bool) -> bool:
        """Whether a document is wanted; the limit is one of those that count."""
        sample = self._options.sample
        if sample is not None and int.from_bytes(lot(name, number)[:8], "big") >= sample * 2**64:
            return False
        if not counts:
            return True
        if self._is_spent():
            return False
        self._chosen += 1
        return True

    def _is_spent(self) -> bool:
        return self._options.limit is not None and self._chosen >= self._options.limit
