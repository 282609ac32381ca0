"""What the screen weighs is counted."""

import math
import random
from pathlib import Path

import pytest

from despin.lexicon import screen
from despin.lexicon.dictionary import Dictionary
from despin.lexicon.rows import Lexicon, Row
from despin.training.screen import fit, spins, write

ROWS = [
    Row("preconception", "NOUN", ("stigma",), tier="context"),
    Row("bosom malignancy", "NOUN", ("breast cancer",), tier="safe"),
    Row("purchase", "VERB", ("buy",)),
    Row("unmet", "ADJ", ("unseen",), tier="generated"),
]


def test_forms_weigh_what_they_tell(tmp_path: Path) -> None:
    clean = ["They purchase bread and are free of prejudice."] * 50
    spun = ["They purchased bread and are free of preconceptions."] * 50
    weights = fit(Lexicon(ROWS), clean, spun)
    assert weights[" bosom malignancies "] == math.inf
    assert " unmet " not in weights
    assert weights[" preconceptions "] > weights.get(" purchase ", 0.0)
    write(weights, tmp_path / "weights.tsv.xz")
    assert {form: round(weight, 1) for form, weight in weights.items()} == pytest.approx(read(tmp_path / "weights.tsv.xz"))


def read(path: Path) -> dict[str, float]:
    before, screen.WEIGHTS = screen.WEIGHTS, path
    try:
        return screen.read_weights()
    finally:
        screen.WEIGHTS = before


def test_texts_are_spun() -> None:
    texts = ["The people in this town often buy good bread and help each other with difficult work."] * 4
    dictionaries = [Dictionary.of_lexicon(Lexicon.load())]
    found = list(spins(texts, dictionaries, random.Random(1)))
    assert len(found) == 4
    assert sum(one != other for one, other in zip(texts, found, strict=True)) >= 2
    assert found == list(spins(texts, dictionaries, random.Random(1)))
