"""How a folder is cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from despin.document.views import KINDS
from despin.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a folder is cleaned.

    Attributes:
        jobs: how many worker processes.
        field: the field or column that holds a document's text, in files that hold many.
        input: what texts are, one of `despin.document.views.KINDS`; if None, what names say.
        include: patterns of `.gitignore`'s form, one of which a file must match, if there are any.
        exclude: patterns that leave files out.
        limit: so many documents at most that were not cleaned before; of a file that holds more, only those are written.
        sample: the share of the documents that are wanted, 0 to 1, chosen by path and number, always the same ones.
        dry_run: nothing is written, but a manifest where one is named.
        retry: documents that made a worker break or took too much are tried again.
        timeout: so many seconds a document may take.
        memory: so many bytes a worker may take; its share of what the machine has if None; no limit if 0.
        manifest: where the manifest is; in the folder `.despin` of the target if None.
        backup: where originals go that are replaced; needed where source and target are the same.

    Raises:
        ConfigError: if one of them is out of range.
    """

    jobs: int = 1
    field: str = "text"
    input: str | None = None
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    limit: int | None = None
    sample: float | None = None
    dry_run: bool = False
    retry: bool = False
    timeout: float = 600.0
    memory: int | None = None
    manifest: Path | None = None
    backup: Path | None = None

    def __post_init__(self) -> None:
        if self.sample is not None and not 0 <= self.sample <= 1:
            raise ConfigError(f"sample must be a number between 0 and 1, not {self.sample!r}.")
        if self.input is not None and self.input not in KINDS:
            raise ConfigError(f"input must be one of {', '.join(KINDS)}, not {self.input!r}.")
        for name in ("jobs", "timeout"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"{name} must be more than 0, not {getattr(self, name)!r}.")
        if self.limit is not None and self.limit < 0:
            raise ConfigError(f"limit must be 0 or more, not {self.limit!r}.")


def check(source: Path, target: Path, options: Options, in_place: bool) -> None:
    """Refuses what cannot be.

    Raises:
        ConfigError: if options contradict each other.
        InputError: if there is no such source.
    """
    if not source.exists():
        raise InputError(f"{source}: there is no such file or folder")
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target} is a file; name the folder that cleaned files go to.")
    if in_place and not options.backup and not options.dry_run:
        raise ConfigError("To clean a folder in place, name a folder that the originals are kept in (backup).")
    if in_place and options.backup and options.backup.resolve() == target.resolve():
        raise ConfigError("The originals cannot be kept where they are replaced; name another folder (backup).")
    folder = (source.parent if source.is_file() else source).resolve()
    for written, name in ((target, "where cleaned files go"), (options.backup, "where originals are kept")):
        if written and folder != written.resolve() and folder.is_relative_to(written.resolve()):
            raise ConfigError(f"{source} lies in {written}, {name}; what is read might be overwritten. Name another folder.")
    if options.backup and not in_place:
        raise ConfigError("Originals are kept (backup) only where a folder is cleaned in place.")
    if in_place and not options.dry_run and (options.limit is not None or options.sample is not None):
        raise ConfigError("A folder that is cleaned in place is cleaned whole; a limit or a sample needs another target.")
