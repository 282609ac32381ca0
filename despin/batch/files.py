"""Which files of a folder are cleaned, and how one is written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from despin.errors import InputError

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator, Sequence

# Patterns of files to leave out, in the form of `.gitignore`, at the top of the folder.
IGNORE_FILE = ".despinignore"


def walk(
    folder: Path,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    apart: Path | None = None,
    failed: Callable[[OSError], None] | None = None,
) -> Iterator[Path]:
    """Yields the files of a folder and of those in it, in order, as paths relative to it.

    Hidden ones are left out, and so is what is neither a file nor a link to one that is in the folder, too. Links to folders
    are not followed.

    Args:
        folder: the folder.
        include: patterns of `.gitignore`'s form, one of which a file must match, if there are any.
        exclude: patterns that leave files out, beside those of the folder's own `.despinignore`.
        apart: a folder that is left out, if it stands in this one.
        failed: called with what keeps a folder in it from being read; then the others are gone through.

    Raises:
        InputError: if its `.despinignore` is no UTF-8.
        OSError: if the folder itself cannot be read.
    """
    from pathspec import GitIgnoreSpec

    os.scandir(folder).close()
    ignored = folder / IGNORE_FILE
    try:
        lines = ignored.read_text(encoding="utf-8-sig").splitlines() if ignored.is_file() else []
    except UnicodeDecodeError as error:
        raise InputError(f"{ignored}: is not UTF-8 (byte {error.start})") from error
    wanted, unwanted = GitIgnoreSpec.from_lines(include), GitIgnoreSpec.from_lines([*lines, *exclude])
    root = folder.resolve()
    kept_apart = apart.resolve() if apart else None
    for place, folders, names in os.walk(folder, onerror=failed):
        here = Path(place)
        near = here.relative_to(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and not unwanted.match_file(f"{(near / name).as_posix()}/")
            and (here / name).resolve() != kept_apart
        )
        for name in sorted(names):
            relative = near / name
            if name.startswith(".") or unwanted.match_file(relative) or (include and not wanted.match_file(relative)):
                continue
            if _is_within(here / name, root):
                yield relative


def _is_within(path: Path, root: Path) -> bool:
    """Whether a path is a file, or a link to one, that stands in a folder; one that has vanished counts as such a file."""
    if path.is_symlink():
        try:
            return path.resolve().is_relative_to(root) and path.is_file()
        except (OSError, RuntimeError):  # a loop
            return False
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return True


class Partial:
    """A file that is written so that its target is either as it was or complete: apart, then renamed.

    A target that was there passes its owner and its rights on. As a context manager it is put in place at the end, or thrown
    away if something goes wrong.

    Args:
        target: the file to be.
        folder: where it is kept while it is written; beside the target if None, or if that is on another disk.
        like: a file whose rights a new one gets, as far as the process gives such rights.

    Attributes:
        file: what is written to; it can be read, too.

    Raises:
        OSError: if it cannot be written; so do all methods.
    """

    def __init__(self, target: Path, folder: Path | None = None, like: Path | None = None) -> None:
        import tempfile

        self._target = target
        self._before = target.stat() if target.exists() else None
        self._rights = self._before.st_mode & 0o7777 if self._before else _rights(like)
        apart = folder and folder.stat().st_dev == target.parent.stat().st_dev
        handle, self._path = tempfile.mkstemp(prefix=".despin-", dir=folder if apart else target.parent)
        self.file: BinaryIO = os.fdopen(handle, "w+b")

    def commit(self) -> None:
        """Puts the file in its place."""
        try:
            with self.file:
                self.file.flush()
                os.fsync(self.file.fileno())
            if self._before and hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(self._path, self._before.st_uid, self._before.st_gid)
            os.chmod(self._path, self._rights)
            os.replace(self._path, self._target)
            _sync(self._target.parent)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Throws the file away; the target is as it was."""
        with suppress(OSError):  # what is left to be written may have no room
            self.file.close()
        with suppress(FileNotFoundError):
            os.unlink(self._path)

    def __enter__(self) -> BinaryIO:
        return self.file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()


def _rights(like: Path | None) -> int:
    """The rights of a new file, as other programs would give it."""
    mask = os.umask(0)
    os.umask(mask)
    return (like.stat().st_mode & 0o777 if like else 0o666) & ~mask


def _sync(folder: Path) -> None:
    """Makes sure that what a folder holds is on the disk, where the system can be asked for it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def digest(file: BinaryIO) -> bytes:
    """Returns the SHA-256 of an open file from its beginning, where it leaves it."""
    file.seek(0)
    found = hashlib.file_digest(cast("io.BufferedReader", file), "sha256").digest()
    file.seek(0)
    return found


def digest_of(path: Path) -> bytes | None:
    """Returns the SHA-256 of a file; None if there is none that can be read."""
    try:
        with path.open("rb") as file:
            return digest(file)
    except OSError:
        return None
