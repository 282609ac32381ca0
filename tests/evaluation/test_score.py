"""Marked texts are scored as the notation says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from despin.errors import InputError
from despin.evaluation.score import Score, score
from despin.marks import spun_text

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLD = "We {~~obtain~>get|receive~~} help {??each various other~>each other??} and {~~really feel~>feel~~} {~~very ~>~~}good."


def test_the_spun_text_is_the_gold_without_its_marks() -> None:
    assert spun_text(GOLD) == "We obtain help each various other and really feel very good."


@pytest.mark.parametrize(
    ("restored", "expected"),
    [
        (spun_text(GOLD), Score(11, 3)),
        ("We get help each other and feel good.", Score(11, 3, 3, 1)),
        ("We receive help each various other and really feel good!", Score(11, 3, 2)),
        ("we take help each other and feel very good", Score(11, 3, 1, 1, 1)),
        ("We get aid each other and feel good.", Score(11, 3, 3, 1, 0, 1)),
        ("We get help some other and feel very good.", Score(11, 3, 2, 0, 1)),
    ],
)
def test_counts(restored: str, expected: Score) -> None:
    assert score(GOLD, restored) == expected


def test_figures_follow_from_the_counts() -> None:
    total = Score(100, 10, 6, 2, 1, 1)
    assert (total.recall, total.precision, total.must_precision) == (0.6, 0.8, 0.75)
    assert total.f05 == pytest.approx(0.75)
    assert total.damage_per_1000 == 10
    assert total + Score(100, 10, 6, 2, 1, 1) == Score(200, 20, 12, 4, 2, 2)
    assert Score().figures()["recall"] == Score().figures()["precision"] == 1


def test_misses_are_named() -> None:
    misses = score(GOLD, "We take aid each various other and feel very good.").misses
    assert misses == (
        "wrong  'obtain', right is 'get | receive': got obtain→take",
        "kept   'very ', right is ''",
        "damage help→aid",
    )


def test_a_run_of_changed_words_is_damage_once() -> None:
    assert score("one", "two " * 500).damage == 1


def test_gold_that_cannot_be_aligned_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be aligned"):
        score("{~~a~>" + "b " * 300 + "~~} c", "a c")


@pytest.mark.skipif(not SHARED.exists(), reason="the marked texts' own scorer is not here")
@pytest.mark.parametrize(
    "restored", ["We take help each other and feel very very good", "", "We get help each other and feel good"]
)
def test_agrees_with_the_marked_texts_own_scorer(tmp_path: Path, restored: str) -> None:
    gold, text = tmp_path / "gold.txt", tmp_path / "text.txt"
    gold.write_text(GOLD, encoding="utf-8")
    text.write_text(restored, encoding="utf-8")
    command = [sys.executable, str(SHARED / "gold" / "score.py"), str(gold), str(text)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    theirs = json.loads(done.stdout)
    assert theirs == {name: score(GOLD, restored).figures()[name] for name in theirs}
