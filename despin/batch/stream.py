"""Texts from a program, many of them, with what a run over a folder promises: in order, in little memory, none lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from despin.batch.formats import Record
from despin.batch.ledger import Ledger, new_text
from despin.batch.manifest import Manifest, Status
from despin.batch.options import Options
from despin.batch.pool import Pool
from despin.batch.run import Tally
from despin.batch.versions import versions_of
from despin.document.views import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from despin.batch.manifest import DocumentRow
    from despin.restoration import Edit
    from despin.settings import Settings

# The path of what has none.
_STREAM = "-"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of a text.

    Attributes:
        number: which one it is, from 0.
        text: the restored text; where it failed, the text as it was.
        edits: what was changed, in character offsets of the text as it was, without evidence.
        spin_rate: the estimated share of sites that were spun, 0 to 1.
        status: `restored`, `unchanged`, `screened` (taken for clean by a quick look), `failed` or `quarantined`.
        error: why it failed, as a sentence for the user, else empty.
        seconds: what it took.
    """

    number: int
    text: str
    edits: tuple[Edit, ...]
    spin_rate: float
    status: Status
    error: str
    seconds: float


def stream(
    texts: Iterable[str], settings: Settings, lexicons: Sequence[Path] = (), options: Options | None = None
) -> Iterator[Cleaned]:
    """Restores texts, lazily and in order, in worker processes.

    Args:
        texts: the texts; no more of them are read than are needed to keep the workers busy.
        settings: the dials.
        lexicons: lexicon files beside the packaged ones.
        options: of these `jobs`, `input`, `timeout`, `memory`, `retry` and `manifest` count. With a manifest, a later call with
            the same texts judges none again that is in it.

    Raises:
        DespinError: if models, lexicon or settings keep anything from being restored.
    """
    options = options or Options()
    manifest = Manifest(options.manifest, versions_of(settings, lexicons, input=options.input))
    ledger = Ledger(manifest, retry=options.retry)

    def items() -> Iterator[tuple[tuple[int, Record, DocumentRow | None], tuple[str, str] | None, int]]:
        for number, text in enumerate(texts):
            record = Record(lambda _: None, text, options.input or TEXT)
            if reason := settings.refusal(text):
                yield (number, replace(record, problem=reason), None), None, len(text)
                continue
            # In memory, what has come out is not kept.
            known = ledger.known(_STREAM, number, record) if options.manifest else None
            yield (number, record, known), None if known else (text, record.kind), 0

    try:
        run = manifest.begin(_STREAM)
        with Pool(settings, lexicons, jobs=options.jobs, timeout=options.timeout, memory=options.memory) as pool:
            for (number, record, known), outcome in pool.map(items()):
                row = known or ledger.judged(_STREAM, number, record, outcome)
                if options.manifest:
                    manifest.add(row)
                source = record.text or ""
                edits = tuple(change.edit for change in row.changes)
                text = new_text(row, source)
                yield Cleaned(
                    number, source if text is None else text, edits, row.spin_rate, row.status, row.error, row.seconds
                )
        manifest.end(run)
    finally:
        manifest.close()


def handed(cleaned: Iterable[Cleaned], sink: Callable[[Cleaned], object]) -> Tally:
    """Hands texts to a function, in order, and returns what they come to."""
    tally = Tally()
    for found in cleaned:
        sink(found)
        tally.count(found.status, len(found.edits))
        tally.problems += bool(found.error)
    return tally
