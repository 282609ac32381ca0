"""Texts through worker processes: what comes out is in order, and a text that kills its worker takes no other with it."""

from __future__ import annotations

import os
import time
from collections import deque
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, Generic, TypeVar

from despin.batch.worker import Outcome, start, work
from despin.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pebble import ProcessFuture, ProcessPool

    from despin.settings import Settings

_Item = TypeVar("_Item")
# A worker is handed so many texts at a time, of so many characters together.
_TEXTS, _CHARACTERS = 16, 100_000
# So many batches a worker are under way or wait, so that none is idle; what waits for them is bounded, too.
_AHEAD = 3
_WAITING, _WAITING_CHARACTERS = 20_000, 100_000_000
# A batch waits for no more than so many items to be filled.
_SINCE = 256
# So often in a row all workers may end while they are idle.
_PATIENCE = 5
# So often, in seconds, a pool is asked whether it is still at work; it may forget a batch as it breaks.
_GLANCE = 1.0
# A worker needs so many seconds at most to start. If nothing comes of a pool for longer than that and a batch take together,
# it has stalled: a worker that ended in the midst of reading leaves the next one half a message.
_START = 180.0
# A text that a worker could not even read is tried so often.
_TRIES = 2
# A worker that loads its models takes more than a gigabyte at times.
_LEAST = 2 << 30
# A worker is replaced after so many batches, which bounds what it remembers.
_BATCHES = 500


@dataclass(slots=True)
class _Batch:
    texts: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0
    future: ProcessFuture[list[Outcome]] | None = None
    outcomes: list[Outcome] | None = None


@dataclass(slots=True)
class _Waiting(Generic[_Item]):
    item: _Item
    size: int = 0
    batch: _Batch | None = None
    number: int = 0


class Pool:
    """Worker processes, as a context manager; they are started with the first text.

    Args:
        settings: the dials.
        lexicons: lexicon files beside the packaged ones.
        jobs: how many processes.
        timeout: so many seconds a text may take; a worker that takes longer is ended.
        memory: so many bytes a worker may take, where the system can tell it so; its share of what the machine has if None,
            two gigabytes at least; no limit if 0.
    """

    def __init__(
        self,
        settings: Settings,
        lexicons: Sequence[Path] = (),
        *,
        jobs: int = 1,
        timeout: float = 600,
        memory: int | None = None,
    ) -> None:
        self.jobs = jobs
        self._timeout = timeout
        self._start = (settings, tuple(lexicons), _share(jobs) if memory is None else memory)
        self._pool: ProcessPool | None = None
        self._broken = 0
        self._futures: set[ProcessFuture[list[Outcome]]] = set()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def map(self, items: Iterable[tuple[_Item, tuple[str, str] | None, int]]) -> Iterator[tuple[_Item, Outcome | None]]:
        """Restores the texts of some items, lazily.

        Args:
            items: each with its text and the kind of that, or None if it has none to restore, and what it weighs in memory, in
                bytes, beside its text.

        Yields:
            Each item, in order, with what became of its text, or None.

        Raises:
            DespinError: if models, lexicon or settings keep the workers from restoring anything.
        """
        waiting: deque[_Waiting[_Item]] = deque()
        under_way: deque[_Batch] = deque()
        filling = _Batch()
        held = 0

        def submit() -> None:
            nonlocal filling
            if filling.texts:
                filling.future = self._scheduled(filling.texts)
                under_way.append(filling)
                filling = _Batch()

        since = 0
        for item, task, weight in items:
            size = weight + (len(task[0]) if task else 0)
            if task:
                if filling.size + len(task[0]) > _CHARACTERS:
                    submit()
                waiting.append(_Waiting(item, size, filling, len(filling.texts)))
                filling.texts.append(task)
                filling.size += len(task[0])
            else:
                waiting.append(_Waiting(item, size))
            held += size
            # What comes after waits for it, too.
            since = since + 1 if filling.texts else 0
            if since >= _SINCE or len(filling.texts) >= _TEXTS:
                submit()
                since = 0
            while waiting and (
                self._is_ready(waiting[0], filling)
                or len(under_way) >= _AHEAD * self.jobs
                or len(waiting) >= _WAITING
                or held >= _WAITING_CHARACTERS
            ):
                if waiting[0].batch is filling:
                    submit()
                first = waiting.popleft()
                held -= first.size
                yield first.item, self._outcome(first)
                while under_way and under_way[0].outcomes is not None:
                    under_way.popleft()
        submit()
        while waiting:
            first = waiting.popleft()
            yield first.item, self._outcome(first)

    def _is_ready(self, first: _Waiting[_Item], filling: _Batch) -> bool:
        batch = first.batch
        if batch is None or batch.outcomes is not None:
            return True
        return batch is not filling and batch.future is not None and batch.future.done()

    def _outcome(self, waiting: _Waiting[_Item]) -> Outcome | None:
        batch = waiting.batch
        if batch is None:
            return None
        if batch.outcomes is None:
            assert batch.future is not None  # noqa: S101 - it was submitted
            batch.outcomes = self._result(batch.future, batch.texts)
            batch.texts = []
            batch.future = None
        return batch.outcomes[waiting.number]

    def _result(self, future: ProcessFuture[list[Outcome]], texts: Sequence[tuple[str, str]], tries: int = 0) -> list[Outcome]:
        """What became of a batch; if its worker ended, its texts are tried one by one, and a single text once more."""
        from pebble import ProcessExpired

        try:
            self._wait(future)
            outcomes = future.result()
            self._broken = 0
            return outcomes
        except (BrokenProcessPool, CancelledError) as error:
            # A worker ended that was idle, or could not even read its texts; with it went what waited.
            if isinstance(error, BrokenProcessPool) and len(texts) == 1 and tries >= _TRIES:
                return [Outcome(None, 0.0, "its worker ended before it could begin, perhaps for want of memory", harmful=True)]
            self._renew()
            return self._result(self._scheduled(list(texts)), texts, tries + isinstance(error, BrokenProcessPool))
        except (TaskTimeoutError, ProcessExpired, MemoryError) as error:
            timed_out = isinstance(error, TaskTimeoutError)
            if len(texts) > 1 or (isinstance(error, ProcessExpired) and not tries):
                alone = [([text], self._scheduled([text])) for text in texts]
                return [outcome for text, its in alone for outcome in self._result(its, text, 1)]
            return [Outcome(None, self._timeout if timed_out else 0.0, self._reason(error), harmful=True)]

    def _wait(self, future: ProcessFuture[list[Outcome]]) -> None:
        """Waits until a batch is done with.

        Raises:
            CancelledError: if nothing will come of it, since the pool has broken or stalled, which is then no longer active.
        """
        pool = self._pool
        assert pool  # noqa: S101 - when it ends, all its batches are cancelled
        pending, since, active = len(self._futures), time.monotonic(), True
        while True:
            try:
                future.exception(_GLANCE)
                return
            except TaskTimeoutError:
                # As it breaks, it still tells most of them.
                if not active:
                    raise CancelledError from None
            if len(self._futures) != pending:
                pending, since = len(self._futures), time.monotonic()
            elif time.monotonic() - since > self._timeout + _START:
                pool.stop()  # type: ignore[no-untyped-call]
            active = pool.active

    def _renew(self) -> None:
        """Ends a pool that has broken; another is started when it is needed."""
        if self._pool is not None and not self._pool.active:
            self._broken += 1
            if self._broken > _PATIENCE:
                raise ModelError("its workers end again and again before they have restored anything")
            self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None
            # Some of them the pool has not even noticed.
            for future in list(self._futures):
                future.cancel()  # type: ignore[no-untyped-call]
            self._futures.clear()

    def _reason(self, error: Exception) -> str:
        if isinstance(error, TaskTimeoutError):
            return f"it takes more than {self._timeout:g} seconds"
        code = getattr(error, "exitcode", None)
        return "it takes more memory than a worker may have" if code is None else f"its worker ended with status {code}"

    def _scheduled(self, texts: list[tuple[str, str]]) -> ProcessFuture[list[Outcome]]:
        for _ in range(_PATIENCE):
            self._renew()
            if self._pool is None:
                from pebble import ProcessPool

                self._pool = ProcessPool(
                    self.jobs, max_tasks=_BATCHES, initializer=start, initargs=self._start, context=get_context("spawn")
                )
            try:
                future = self._pool.schedule(work, [texts], timeout=self._timeout)
            except RuntimeError:  # it broke just now
                continue
            self._futures.add(future)
            future.add_done_callback(self._futures.discard)
            return future
        raise ModelError("its workers cannot be started")


def _share(jobs: int) -> int:
    """What a worker may take of the machine's memory, in bytes; 0 where that cannot be told."""
    try:
        return max(_LEAST, int(0.8 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / jobs))
    except (AttributeError, OSError, ValueError):
        return 0
