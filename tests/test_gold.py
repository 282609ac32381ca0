"""Marked texts are restored at least as well as they once were: the floors only rise."""

import json
from functools import reduce
from operator import add
from pathlib import Path

import pytest

from despin.despinner import Despinner
from despin.evaluation.score import Score, score
from despin.marks import spun_text

GOLD = Path(__file__).parent / "gold"
# Two spun copies of an article by others, which this repository does not hold.
SHARED = Path(__file__).resolve().parents[2] / "shared" / "gold"
HELD_OUT = Path(__file__).parent / "heldout"
FLOORS = json.loads((GOLD / "floors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("group", FLOORS)
def test_restores_marked_texts(despinner: Despinner, group: str) -> None:
    paths = [
        next((p for p in (GOLD / name, SHARED / name, HELD_OUT / name) if p.exists()), None) for name in FLOORS[group]["texts"]
    ]
    if None in paths:
        pytest.skip("the texts are not here")
    golds = [path.read_text(encoding="utf-8") for path in paths if path]
    restored = despinner.pipe(map(spun_text, golds))
    total = reduce(add, (score(gold, done.text) for gold, done in zip(golds, restored, strict=True)), Score())
    figures = total.figures()
    assert {name: floor for name, floor in FLOORS[group]["floors"].items() if figures[name] < floor} == {}, figures


@pytest.mark.parametrize("path", sorted((GOLD / "clean").glob("*.txt")), ids=lambda path: path.stem)
def test_clean_texts_come_back_as_they_are(despinner: Despinner, path: Path) -> None:
    text = path.read_bytes().decode()
    restoration = despinner(text)
    assert restoration.edits == ()
    assert restoration.text == text
    assert not despinner.detect(text).is_spun
