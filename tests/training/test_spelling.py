"""Garbling clean prose, and fitting what evidence of it weighs."""

import random

import pytest

from despin.despinner import Despinner
from despin.marks import original_text, spans, spun_text
from despin.resources import Resources
from despin.settings import Settings
from despin.training.corpus import documents
from despin.training.spelling import fit, garble, read_misspellings

KNOWN = read_misspellings(["recieve->receive", "teh->the", "wierd->weird", "acomodate->accommodate, accommodated,", "Foo->bar"])
PLAIN = (
    "Every morning the baker lights the oven before the village wakes, and the smell of fresh bread drifts over the square. "
    "Children receive a warm roll on their way to school, and the old men drink coffee at the window until the church bell "
    "strikes nine. In winter the street is dark and quiet, and only the lamp above the door shows that somebody is working. "
    "Travellers who arrive with the first train often stop there, because nothing else is open and the fire is warm."
)


def test_misspellings_are_read_by_what_is_right() -> None:
    assert KNOWN == {"receive": ["recieve"], "the": ["teh"], "weird": ["wierd"]}


def test_documents_are_whole_paragraphs() -> None:
    paragraphs = [PLAIN] * 7
    found = list(documents(paragraphs))
    assert len(found) == 2
    assert all(text == "\n\n".join([PLAIN] * 3) for text in found)


def test_garbled_words_are_marked_and_the_rest_stays() -> None:
    rng = random.Random(2)
    kinds = set()
    for _ in range(40):
        gold = garble(PLAIN, KNOWN, rng)
        assert original_text(gold) == PLAIN
        for _, _, site in spans(gold):
            assert site.must
            assert site.spun != site.accepted[0]
            kinds.add((" " in site.spun, " " in site.accepted[0]))
    assert kinds == {(False, False), (True, False), (False, True)}
    assert garble(PLAIN, KNOWN, random.Random(1)) == garble(PLAIN, KNOWN, random.Random(1))


def test_the_fit_tells_garbled_words_from_strange_ones(despinner: Despinner) -> None:
    pytest.importorskip("scipy")
    rng = random.Random(3)
    garbled = [garble(PLAIN, KNOWN, rng) for _ in range(12)]
    strange = PLAIN.replace("baker", "kubectl").replace("oven", "xerostomia").replace("lamp", "webinar")
    settings = Settings()
    resources = Resources(settings, despinner.lexicon, nlp=despinner.nlp)
    weights = fit(resources, settings, [strange] * 12, garbled)
    assert spun_text(garbled[0]) != PLAIN
    assert set(weights.curves) == {"change", "length", "frequency", "trigram", "prose"}
    assert weights.linear["repeated"] <= 0 or weights.linear["near_by"] >= 0
