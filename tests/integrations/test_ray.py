"""A dataset of Ray Data is restored by actors that load the models once."""

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

import despin
from despin.errors import ConfigError

pytest.importorskip("ray")

from despin.integrations.ray import Clean

# Ray leaves files and sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore")

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "ray_parquet.py"
SPUN = "Peer support groups help people overcome mental health preconception."
RESTORED = "Peer support groups help people overcome mental health stigma."
CLEAN = "The committee met on Tuesday and agreed to publish the minutes of the last three meetings. " * 4


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    import ray

    # Two for actors, and one for reading and writing.
    ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def test_a_batch_is_restored() -> None:
    clean = Clean(field="body", max_characters=1000)
    batch = {"id": np.array([1, 2, 3, 4]), "body": np.array([SPUN, CLEAN, None, "long " * 300], dtype=object)}
    found = clean(batch)
    assert list(found["body"]) == [RESTORED, CLEAN, None, "long " * 300]
    assert list(found["id"]) == [1, 2, 3, 4]
    assert list(found["despin_edits"]) == [1, 0, 0, 0]
    assert list(found["despin_screened"]) == [False, True, False, False]
    assert [bool(error) for error in found["despin_error"]] == [False, False, False, True]
    assert found["despin_spin_rate"][0] > 0


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="no setting"):
        Clean(threshhold=0.5)


def test_the_example_restores_parquet(cluster: None, tmp_path: Path) -> None:
    import ray

    rows = [{"id": number, "text": SPUN if number % 5 == 0 else CLEAN} for number in range(100)]
    ray.data.from_items(rows).write_parquet(str(tmp_path / "pages"))
    runpy.run_path(str(EXAMPLE))["clean"](str(tmp_path / "pages"), str(tmp_path / "out"), 2)
    found = sorted(ray.data.read_parquet(str(tmp_path / "out")).take_all(), key=lambda row: row["id"])
    assert [row["text"] for row in found] == [row["text"].replace("preconception", "stigma") for row in rows]
    assert sum(row["despin_edits"] for row in found) == 20


class Slow(Clean):
    """So slow that it can be killed in between; it notes the processes that it works in."""

    def __init__(self, folder: str) -> None:
        super().__init__(stages={"characters"})
        self._folder = Path(folder)

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        (self._folder / str(os.getpid())).touch()
        time.sleep(0.2)
        return super().__call__(batch)


def test_a_worker_that_is_killed_loses_nothing(cluster: None, tmp_path: Path) -> None:
    import ray

    texts = [f"It is itâ€™s own, {number}." for number in range(120)]
    rows = [{"id": number, "text": text} for number, text in enumerate(texts)]
    killed = []

    def kill() -> None:
        for _ in range(3):
            time.sleep(1.5)
            for path in sorted(tmp_path.iterdir(), key=lambda path: path.name):
                if int(path.name) not in killed and psutil.pid_exists(int(path.name)):
                    os.kill(int(path.name), signal.SIGKILL)
                    killed.append(int(path.name))
                    break

    killer = threading.Thread(target=kill)
    killer.start()
    # The class is this module's, which Ray's workers cannot import.
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    found = (
        ray.data.from_items(rows)
        .map_batches(Slow, fn_constructor_args=(str(tmp_path),), batch_size=4, concurrency=2)
        .take_all()
    )
    killer.join()
    assert killed
    assert sorted(row["id"] for row in found) == list(range(120))
    assert {row["id"]: row["text"] for row in found} == {
        number: despin.restore(text, stages={"characters"}).text for number, text in enumerate(texts)
    }
