"""What a manifest tells of a folder, in figures."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from despin.batch.manifest import Status, lot
from despin.settings import SUBSTITUTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from despin.batch.manifest import Change, DocumentRow, Manifest
    from despin.batch.versions import Versions
    from despin.restoration import Edit

BINS = 10
_SUBSTITUTIONS, _EDGES, _FAILURES, _SAMPLES = 50, 20, 200, 8
# A sample has so many edits at least; it is cut after so many characters.
_EDITS, _LENGTH = 3, 600


@dataclass(frozen=True, slots=True)
class Substitution:
    """A pair of words that was put right.

    Attributes:
        spun: the words that stood there, in lower case.
        original: those that were put in their place, likewise.
        stage: the stage that did it.
        count: how often.
        confidence: in the mean, 0 to 1.
    """

    spun: str
    original: str
    stage: str
    count: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document, and what was changed in it.

    Attributes:
        name: the document's.
        text: as it stood.
        edits: what was changed, in characters of the text.
        spin_rate: the document's, 0 to 1.
    """

    name: str
    text: str
    edits: tuple[Edit, ...]
    spin_rate: float


@dataclass(slots=True)
class Figures:
    """What became of a folder.

    Attributes:
        runs: each with its versions, its source, when it began and, if it did, ended, in seconds since 1970.
        statuses: how many documents each status has; those of a file that could not be written have failed.
        files: how many files there are.
        edits: how many were made, by stage.
        characters: of all documents.
        seconds: what they took, all together.
        rates: how many documents that had a thorough look have which spin rate, by tenths from 0 to 1.
        substitutions: the most frequent ones.
        certain: the edits of spun words that are most certain, no pair twice.
        unsure: those that are least.
        failures: what failed, and why; not all, if there are very many.
        failed: how many failed.
        samples: passages of documents that were restored.
    """

    runs: list[tuple[Versions, str, float, float | None]]
    statuses: dict[str, int] = field(default_factory=dict)
    files: int = 0
    edits: dict[str, int] = field(default_factory=dict)
    characters: int = 0
    seconds: float = 0.0
    rates: list[int] = field(default_factory=lambda: [0] * BINS)
    substitutions: list[Substitution] = field(default_factory=list)
    certain: list[Passage] = field(default_factory=list)
    unsure: list[Passage] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    failed: int = 0
    samples: list[Passage] = field(default_factory=list)


def figures_of(manifest: Manifest) -> Figures:
    """Reads a manifest through, once; of what is kept, only pairs of words and failed files grow with the folder."""
    figures = Figures(manifest.runs())
    counts: Counter[tuple[str, str, str]] = Counter()
    trust: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    edges = _Edges()
    samples: list[tuple[bytes, Passage]] = []
    failed_files = {row.path: row.error for row in manifest.files() if row.status is Status.failed}
    unwritten = frozenset(failed_files)
    for row in manifest.documents():
        lost = row.path in unwritten and row.status is not Status.quarantined
        status = Status.failed if lost else row.status
        figures.statuses[status.value] = figures.statuses.get(status.value, 0) + 1
        figures.characters += row.size
        figures.seconds += row.seconds
        if status in (Status.restored, Status.unchanged):
            figures.rates[min(BINS - 1, int(row.spin_rate * BINS))] += 1
        if row.error:
            _fail(figures, _name(row), row.error)
            if failed_files.get(row.path) == row.error:
                del failed_files[row.path]
        if lost:
            continue
        for change in row.changes:
            key = (change.spun.lower(), change.original.lower(), change.stage)
            figures.edits[change.stage] = figures.edits.get(change.stage, 0) + 1
            counts[key] += 1
            trust[key] += change.confidence
            if change.stage == SUBSTITUTION:
                edges.add(row, change)
        if row.edits >= _EDITS:
            # The same ones each time, and no more of one folder than of another.
            drawn = lot(row.path, row.number)
            if len(samples) < _SAMPLES or drawn < samples[-1][0]:
                samples = sorted((*samples, (drawn, _passage(row))), key=lambda sample: sample[0])[:_SAMPLES]
    for name, error in failed_files.items():
        _fail(figures, name, error)
    figures.files = sum(1 for _ in manifest.files())
    most = heapq.nsmallest(_SUBSTITUTIONS, counts.items(), key=lambda item: (-item[1], item[0]))
    figures.substitutions = [Substitution(*key, count, trust[key] / count) for key, count in most]
    figures.certain, figures.unsure = edges.certain, edges.unsure
    figures.samples = [passage for _, passage in samples]
    return figures


class _Edges:
    """The most and the least certain edits, each pair of words once."""

    def __init__(self) -> None:
        self._most: dict[tuple[str, str], tuple[float, DocumentRow, Change]] = {}
        self._least: dict[tuple[str, str], tuple[float, DocumentRow, Change]] = {}

    def add(self, row: DocumentRow, change: Change) -> None:
        """Takes an edit."""
        self._keep(self._most, -change.confidence, row, change)
        self._keep(self._least, change.confidence, row, change)

    def _keep(
        self, kept: dict[tuple[str, str], tuple[float, DocumentRow, Change]], rank: float, row: DocumentRow, change: Change
    ) -> None:
        key = (change.spun.lower(), change.original.lower())
        if key in kept:
            if rank < kept[key][0]:
                kept[key] = (rank, _bare(row), change)
            return
        if len(kept) >= _EDGES:
            last = max(kept, key=lambda pair: kept[pair][0])
            if rank >= kept[last][0]:
                return
            del kept[last]
        kept[key] = (rank, _bare(row), change)

    @property
    def certain(self) -> list[Passage]:
        """The most certain edits, the surest first."""
        return self._passages(self._most)

    @property
    def unsure(self) -> list[Passage]:
        """The least certain edits, the least sure first."""
        return self._passages(self._least)

    def _passages(self, kept: dict[tuple[str, str], tuple[float, DocumentRow, Change]]) -> list[Passage]:
        ranked = sorted(kept.items(), key=lambda item: (item[1][0], item[0]))
        return [_stitched(row, [change]) for _, (_, row, change) in ranked]


def _bare(row: DocumentRow) -> DocumentRow:
    return replace(row, changes=())


def _name(row: DocumentRow) -> str:
    return f"{row.path}, document {row.number + 1}" if row.number else row.path


def _fail(figures: Figures, name: str, error: str) -> None:
    figures.failed += 1
    if len(figures.failures) < _FAILURES:
        figures.failures.append((name, error))


def _passage(row: DocumentRow) -> Passage:
    """The stretch of a document that most edits stand in, as far as what is kept around them tells."""
    stretches: list[list[Change]] = []
    end = -1
    for change in row.changes:
        begin = change.start - len(change.before)
        long = stretches and change.end - stretches[-1][0].start > _LENGTH
        if begin > end or long:
            stretches.append([])
        stretches[-1].append(change)
        end = change.end + len(change.after)
    return _stitched(row, max(stretches, key=len))


def _stitched(row: DocumentRow, changes: Sequence[Change]) -> Passage:
    """A passage of edits whose surroundings meet."""
    first = changes[0].start - len(changes[0].before)
    text = ""
    for change in changes:
        own = change.before + change.spun + change.after
        text += own[first + len(text) - (change.start - len(change.before)) :]
    edits = tuple(replace(change.edit, start=change.start - first, end=change.end - first) for change in changes)
    return Passage(_name(row), text, edits, row.spin_rate)
