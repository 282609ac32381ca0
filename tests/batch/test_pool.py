"""Texts go through worker processes: what comes out is in order, and a harmful text takes no other with it."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest
from pebble.pool.process import TaskManager

from despin.batch.pool import Pool
from despin.batch.worker import Outcome
from despin.errors import LexiconError
from despin.settings import CHARACTERS, Settings

# This stage needs no models, so that workers start fast.
QUICKLY = Settings(stages=frozenset({CHARACTERS}))
GARBLED, RIGHT = "It is itâ€™s own.", "It is it’s own."
# It takes such a worker far longer than the others.
LONG = GARBLED * 400_000


def mapped(pool: Pool, texts: list[str | None]) -> list[tuple[int, Outcome | None]]:
    return list(pool.map((number, None if text is None else (text, "text"), 0) for number, text in enumerate(texts)))


def workers() -> list[psutil.Process]:
    """The workers of the pools of this process, as far as they have not ended."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def restored(outcome: Outcome | None) -> str | None:
    return outcome.restoration.text if outcome and outcome.restoration else None


@pytest.mark.parametrize("jobs", [1, 2])
def test_outcomes_come_in_order(jobs: int) -> None:
    texts = [None if k % 7 == 3 else f"{GARBLED} {k}" for k in range(100)]
    with Pool(QUICKLY, jobs=jobs) as pool:
        found = mapped(pool, texts)
    assert [number for number, _ in found] == list(range(100))
    assert [restored(outcome) for _, outcome in found] == [None if k % 7 == 3 else f"{RIGHT} {k}" for k in range(100)]


def test_items_are_read_no_further_than_needed() -> None:
    read = 0

    def endless() -> Iterator[tuple[int, tuple[str, str] | None, int]]:
        nonlocal read
        while True:
            read += 1
            yield read, (GARBLED, "text"), 0

    with Pool(QUICKLY, jobs=1) as pool:
        for number, outcome in pool.map(endless()):
            assert restored(outcome) == RIGHT
            if number == 200:
                break
    assert read < 400


def test_a_text_that_takes_too_long_is_given_up_alone() -> None:
    with Pool(QUICKLY, jobs=1, timeout=4) as pool:
        found = mapped(pool, [GARBLED, LONG, GARBLED])
    outcomes = [outcome for _, outcome in found if outcome]
    assert [restored(outcome) for outcome in outcomes] == [RIGHT, None, RIGHT]
    assert outcomes[1].harmful
    assert outcomes[1].error == "it takes more than 4 seconds"


def test_a_text_that_takes_too_much_memory_is_given_up_alone() -> None:
    with Pool(QUICKLY, jobs=1, memory=180 << 20) as pool:
        found = mapped(pool, [GARBLED, LONG, GARBLED])
    outcomes = [outcome for _, outcome in found if outcome]
    assert [restored(outcome) for outcome in outcomes] == [RIGHT, None, RIGHT]
    assert outcomes[1].harmful
    assert "memory" in outcomes[1].error or "ended with status" in outcomes[1].error


def test_a_worker_that_is_killed_is_replaced() -> None:
    killed = 0
    with Pool(QUICKLY, jobs=1) as pool:
        for number, outcome in pool.map((number, (GARBLED, "text"), 0) for number in range(400)):
            if number % 150 == 10:
                for worker in workers():
                    worker.send_signal(signal.SIGKILL)
                    killed += 1
            assert restored(outcome) == RIGHT, outcome
    assert killed


@contextmanager
def signalled(number: signal.Signals, moment: float = 0.0) -> Iterator[None]:
    """Sends a signal to the first worker that is started meanwhile, some seconds after its start."""

    def send() -> None:
        while not (started := workers()):
            pass
        time.sleep(moment)
        for worker in started:
            worker.send_signal(number)

    sender = threading.Thread(target=send)
    sender.start()
    yield
    sender.join()


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.3])
def test_a_worker_that_is_killed_as_it_starts_keeps_nobody_waiting(moment: float) -> None:
    long = GARBLED + "Plain words. " * 7000
    with Pool(QUICKLY, jobs=1) as pool, signalled(signal.SIGKILL, moment):
        found = mapped(pool, [long] * 6)
    assert [outcome.error for _, outcome in found if outcome] == [""] * 6


def test_a_batch_that_a_breaking_pool_forgets_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is scheduled just as a pool breaks is never told; so nothing is told here.
    monkeypatch.setattr(TaskManager, "tasks_abort", lambda self, error: None)
    with Pool(QUICKLY, jobs=1) as pool, signalled(signal.SIGKILL):
        ((_, outcome),) = mapped(pool, [GARBLED])
    assert restored(outcome) == RIGHT


def test_a_pool_of_which_nothing_comes_any_more_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("despin.batch.pool._START", 10.0)
    with Pool(QUICKLY, jobs=1, timeout=2) as pool, signalled(signal.SIGSTOP):
        found = mapped(pool, [GARBLED] * 40)
    assert [restored(outcome) for _, outcome in found] == [RIGHT] * 40


def test_items_that_weigh_much_do_not_pile_up() -> None:
    read = 0

    def items() -> Iterator[tuple[int, tuple[str, str] | None, int]]:
        nonlocal read
        yield 0, (GARBLED, "text"), 0
        for number in range(1, 1000):
            read = number
            yield number, None, 10 << 20

    with Pool(QUICKLY, jobs=1) as pool:
        for number, _ in pool.map(items()):
            assert read - number <= 30


def test_a_text_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(Settings(stages=frozenset({CHARACTERS}), max_characters=10)) as pool:
        ((_, outcome),) = mapped(pool, ["more than ten"])
    assert outcome
    assert not outcome.harmful
    assert "the limit is 10" in outcome.error


def test_what_keeps_all_texts_from_being_restored_is_an_error(tmp_path) -> None:
    lexicon = tmp_path / "own.tsv"
    lexicon.write_text("no header\n")
    with Pool(Settings(), [lexicon]) as pool, pytest.raises(LexiconError, match="header"):
        mapped(pool, ["A text."])
