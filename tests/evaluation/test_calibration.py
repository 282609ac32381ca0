"""Confidence is compared with what is right."""

import random
import sys
from pathlib import Path

import pytest

from despin.errors import ModelError
from despin.evaluation.calibration import Calibration, Operation, bins, calibrate, draw, expected_error
from despin.settings import THRESHOLDS, Settings
from despin.training.weights import Example


def drawn(share: float) -> list[tuple[float, bool]]:
    """Confidences of which a share of what they promise is right."""
    rng = random.Random(5)
    return [(confidence, rng.random() < share * confidence) for confidence in (rng.random() for _ in range(20_000))]


@pytest.mark.parametrize(
    ("judged", "error"),
    [
        (drawn(1.0), pytest.approx(0, abs=0.02)),
        (drawn(0.5), pytest.approx(0.25, abs=0.02)),
        ([(0.9, False)] * 5, pytest.approx(0.9)),
        ([(1.0, True), (0.0, False)], 0),
        ([(0.25, False)] * 3 + [(0.25, True)], pytest.approx(0)),
        # 3 of 4 verdicts are off by a fifth.
        ([(0.8, True)] * 3 + [(0.0, False)], pytest.approx(0.15)),
        ([], 0),
    ],
)
def test_the_expected_error(judged: list[tuple[float, bool]], error: float) -> None:
    assert expected_error(bins(judged)) == error


def test_bins_hold_every_verdict_once() -> None:
    found = bins([(0.0, False), (0.1, True), (0.19, False), (1.0, True)])
    assert [(one.low, one.high, one.count, one.right) for one in found] == [
        (0.0, 0.1, 1, 0.0),
        (0.1, 0.2, 2, 0.5),
        (0.9, 1.0, 1, 1.0),
    ]


def test_a_true_model_is_well_calibrated_on_texts_held_out(examples: tuple[list[Example], list[Example]]) -> None:
    found = calibrate(*examples, Settings())
    # Clean texts lie under the gate, where rows of a thesaurus are not believed.
    assert found.count == sum(len(example.sites) for example in examples[0])
    assert found.error < 0.05
    assert [(one.name, one.threshold) for one in found.operations] == sorted(THRESHOLDS.items(), key=lambda item: item[1])
    assert [one.edits for one in found.operations] == sorted((one.edits for one in found.operations), reverse=True)
    assert all(one.right > 0.85 for one in found.operations)


def test_clean_texts_held_out_count(examples: tuple[list[Example], list[Example]]) -> None:
    found = calibrate(*examples, Settings(gate=0.0))
    assert found.count == sum(len(example.sites) for kind in examples for example in kind)


def test_confidence_that_lies_is_found_out(examples: tuple[list[Example], list[Example]]) -> None:
    marked, clean = examples
    found = calibrate(marked, clean, Settings(spin_rate=0.95))
    assert found.error > 0.2


@pytest.mark.parametrize(("suffix", "begin"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_draws_a_picture(tmp_path: Path, suffix: str, begin: bytes) -> None:
    path = tmp_path / f"reliability{suffix}"
    draw(Calibration(bins(drawn(1.0)), (Operation("eager", 0.3, 10, 0.9),)), path)
    assert path.read_bytes().startswith(begin)


def test_without_matplotlib_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModelError, match=r"install `despin\[eval\]`"):
        draw(Calibration((), ()), tmp_path / "a.svg")
