"""What a run writes: each file apart, and whole into its place."""

from __future__ import annotations

import errno
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from despin.batch.files import Partial, digest, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from despin.batch.formats import Writer
    from despin.batch.source import File


class Sink:
    """Where cleaned files go. One is written at a time.

    Args:
        source: the folder that they come from.
        target: the folder that they go to.
        partial: the folder that a file is in while it is written, on the same disk.
        backup: the folder that the originals go to, if they are replaced.
        replacing: called before a file is replaced, with the hash of what will stand there.
    """

    def __init__(
        self, source: Path, target: Path, partial: Path, backup: Path | None, replacing: Callable[[File, bytes], None]
    ) -> None:
        self._source = source
        self._target = target
        self._folder = partial
        self._backup = backup
        self._replacing = replacing
        self._partial: Partial | None = None
        self._writer: Writer | None = None

    def write(self, file: File, piece: object) -> None:
        """Writes a piece of a file.

        Raises:
            OSError: if it cannot be written; so do the others.
        """
        self._opened(file).write(piece)

    def place(self, file: File) -> bytes:
        """Puts a file in its place, now that all of it is written, and returns the SHA-256 of it."""
        if self._backup and not file.edits:
            self.discard()
            return file.hash
        self._opened(file).close()
        assert self._partial  # noqa: S101 - it has been opened
        out = self._partial.file
        written = digest(out)
        if not file.edits and not file.partly and written != file.hash:
            # Compressed anew, the same documents may take other bytes.
            out.seek(0)
            out.truncate()
            written = self._copied(file, out)
        if self._backup:
            self._keep(file, self._backup)
            self._replacing(file, written)
        partial, self._partial, self._writer = self._partial, None, None
        partial.commit()
        return written

    def discard(self) -> None:
        """Throws away what has been written of a file."""
        if self._writer:
            with suppress(Exception):  # what is thrown away need not be whole
                self._writer.close()
        if self._partial:
            self._partial.discard()
        self._partial = self._writer = None

    def _opened(self, file: File) -> Writer:
        if self._writer is None:
            target = self._target / file.path
            if not target.parent.resolve().is_relative_to(self._target.resolve()):
                raise OSError(errno.EPERM, "its folder is a link that leads out of the target")
            target.parent.mkdir(parents=True, exist_ok=True)
            self._partial = Partial(target, self._folder, like=self._source / file.path)
            self._writer = file.format.writer(self._partial.file)
        return self._writer

    def _keep(self, file: File, backup: Path) -> None:
        """Keeps the original of a file that is about to be replaced; what has been kept stays."""
        if digest_of(self._source / file.path) != file.hash:
            raise _changed()
        own = backup / file.path
        for kept in (own, *(own.with_name(f"{own.name}.{number}") for number in range(1, 1000))):
            found = digest_of(kept)
            if found == file.hash:
                return
            if found is None and not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                with Partial(kept, like=self._source / file.path) as out:
                    self._copied(file, out)
                return
        raise OSError(errno.EEXIST, "a thousand originals of it are kept already")

    def _copied(self, file: File, out: BinaryIO) -> bytes:
        """Copies a file as it stands, and returns the SHA-256 of that, which must be what was read."""
        with (self._source / file.path).open("rb") as source:
            shutil.copyfileobj(source, out)
        written = digest(out)
        if written != file.hash:
            raise _changed()
        return written


def _changed() -> OSError:
    return OSError(errno.EBUSY, "it was changed while it was read")
