"""What is entered in a manifest for each document, and what need not be judged again since it has been entered."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from despin.batch.manifest import Change, DocumentRow, Manifest, Status
from despin.restoration import replay

if TYPE_CHECKING:
    from despin.batch.formats import Record
    from despin.batch.worker import Outcome


class Ledger:
    """A manifest as runs use it.

    Args:
        manifest: the manifest.
        retry: whether documents that made a worker break or took too much are tried again.
    """

    def __init__(self, manifest: Manifest, *, retry: bool = False) -> None:
        self.manifest = manifest
        self._again = frozenset({Status.failed, Status.quarantined} if retry else {Status.failed})

    def known(self, path: str, number: int, record: Record) -> DocumentRow | None:
        """Returns what is known of a document, if that is what would come out of it now."""
        if record.text is None:
            return None
        row = self.manifest.document(path, number)
        if row is None or row.status in self._again:
            return None
        same = (row.version, row.kind, row.hash) == (self.manifest.version, record.kind, _digest(record))
        return row if same else None

    def judged(self, path: str, number: int, record: Record, outcome: Outcome | None) -> DocumentRow:
        """Returns what is to be entered for a document.

        Args:
            path: its file's path.
            number: which of the file's documents it is.
            record: it.
            outcome: what became of its text; None if it could not be read.
        """
        if outcome is None:
            return self.failed(path, number, record, record.problem)
        restoration = outcome.restoration
        if restoration is None:
            return self.failed(path, number, record, outcome.error, outcome.seconds, harmful=outcome.harmful)
        status = Status.restored if restoration.edits else Status.screened if restoration.screened else Status.unchanged
        changes = tuple(Change.of(edit, record.text or "") for edit in restoration.edits)
        return self._row(path, number, record, status, outcome.seconds, "", restoration.spin_rate, changes)

    def failed(
        self, path: str, number: int, record: Record, error: str, seconds: float = 0.0, *, harmful: bool = False
    ) -> DocumentRow:
        """Returns what is to be entered for a document that failed; one that is harmful is quarantined."""
        return self._row(path, number, record, Status.quarantined if harmful else Status.failed, seconds, error)

    def _row(
        self,
        path: str,
        number: int,
        record: Record,
        status: Status,
        seconds: float,
        error: str,
        spin_rate: float = 0.0,
        changes: tuple[Change, ...] = (),
    ) -> DocumentRow:
        size, version = len(record.text or ""), self.manifest.version
        about = (path, number, _digest(record), size, record.encoding, record.kind)
        return DocumentRow(*about, spin_rate, len(changes), seconds, version, status, error, changes)


def new_text(row: DocumentRow, source: str) -> str | None:
    """Returns what a document becomes; None if nothing in it changes."""
    return replay(source, (change.edit for change in row.changes)) if row.changes else None


def _digest(record: Record) -> bytes:
    return hashlib.sha256((record.text or "").encode("utf-8", "surrogatepass")).digest()
