"""A quick look tells texts that may be spun from clean ones."""

import math
from pathlib import Path

import pytest

from despin.lexicon.rows import Lexicon
from despin.lexicon.screen import Screen, forms, normal, read_weights
from despin.marks import original_text, spun_text

BACK_TRANSLATED = {"first-car", "credit-cards", "holiday-portugal", "moving-house", "kids-reading"}
HERE = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.load(Lexicon.load())


@pytest.mark.parametrize("folder", ["gold", "heldout", "fitting"])
def test_marked_texts_are_suspected(screen: Screen, folder: str) -> None:
    paths = [path for path in sorted((HERE / folder).glob("*.txt")) if path.stem not in BACK_TRANSLATED]
    assert paths
    missed = [path.stem for path in paths if not screen.suspects(spun_text(path.read_text(encoding="utf-8")))]
    assert not missed


def test_most_of_what_they_were_is_not(screen: Screen) -> None:
    paths = sorted((HERE / "gold").glob("*.txt"))
    passed = [path.stem for path in paths if screen.suspects(original_text(path.read_text(encoding="utf-8")))]
    assert len(passed) <= len(paths) / 3


@pytest.mark.parametrize(
    ("text", "suspected"),
    [
        ("", False),
        ("12 %, 13 %", False),
        ("The committee met on Tuesday and agreed to publish the minutes of the last three meetings.", False),
        ("The searchings for recommend that each various other home owner really feels a feeling of neighborhood.", True),
        ("Peer support groups help people overcome mental health preconception.", True),
    ],
)
def test_short_texts_are_judged_leniently(screen: Screen, text: str, suspected: bool) -> None:
    assert screen.suspects(text) is suspected


def test_one_phrase_that_is_garbled_wherever_it_stands_is_enough(screen: Screen) -> None:
    phrase = next(form.strip() for form, weight in read_weights().items() if weight == math.inf)
    prose = "The committee met on Tuesday and agreed to publish the minutes of the last three meetings. " * 100
    assert not screen.suspects(prose)
    assert screen.suspects(prose + phrase + ".")


def test_rows_of_the_users_own_count(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(
        "spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\nblorptious\tADJ\tgood\t\t\tsafe\t\t\n", encoding="utf-8"
    )
    prose = "The committee met on Tuesday and agreed to publish the minutes of the last three meetings. " * 100
    assert Screen.load(Lexicon.load(own)).suspects(prose + "A blorptious day.")


def test_forms_are_those_of_the_head() -> None:
    rows = {row.spun: row for row in Lexicon.load().rows}
    assert {" preconception ", " preconceptions "} <= set(forms(rows["preconception"]))
    assert list(forms(rows["each various other"])) == [" each various other "]


def test_texts_are_read_in_lower_case_without_punctuation() -> None:
    assert normal("“Don’t,” she said—twice!") == " don't she said twice "


def test_weights_are_of_all_tiers_and_speak_for_spun_text() -> None:
    weights = read_weights()
    assert len(weights) > 100_000
    assert min(weights.values()) >= 0
