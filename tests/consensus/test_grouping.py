"""Copies are found among other texts, whatever was swapped in them."""

import random

import pytest

from despin.consensus.grouping import Grouper
from despin.despinner import Despinner
from despin.lexicon.dictionary import Dictionary
from despin.lexicon.simulate import simulate

pytest.importorskip("datasketch")


@pytest.fixture
def grouper(despinner: Despinner) -> Grouper:
    return Grouper(despinner.lexicon, despinner.judges[0])


def test_copies_are_found(grouper: Grouper, copies: list[str], unrelated: str) -> None:
    for text in (unrelated, *copies, ""):
        grouper.add(text)
    assert grouper.groups() == [[1, 2, 3]]


def test_simulated_copies_are_found(grouper: Grouper, despinner: Despinner, copies: list[str], unrelated: str) -> None:
    dictionaries = [Dictionary.of_lexicon(despinner.lexicon)]
    rng = random.Random(1)
    texts = [(k, text) for k, text in enumerate((copies[2], unrelated * 2)) for _ in range(4)]
    rng.shuffle(texts)
    for _, text in texts:
        grouper.add(simulate(text, despinner.nlp, dictionaries, rate=0.4, seed=rng.randrange(1000)).text)
    wanted = [[i for i, (k, _) in enumerate(texts) if k == own] for own in (0, 1)]
    assert grouper.groups() == sorted(wanted)


def test_articles_by_one_template_are_no_copies(grouper: Grouper) -> None:
    template = (
        "What are the signs of {0}? Read the list of signs and symptoms below, and ask a doctor which of them matter to you. "
        "{1} The information on this page was checked by nurses and is no substitute for advice from a doctor."
    )
    rust = "Rust shows as orange spots under the leaves. It spreads by wind in wet summers, and old leaves should be burnt."
    gout = "Gout hurts most in the big toe at night. It comes from crystals in the joints, and beer makes it worse for many."
    grouper.add(template.format("rust", rust))
    grouper.add(template.format("gout", gout))
    assert grouper.groups() == []


@pytest.mark.parametrize("text", ["", "Share this", "a " * 10_000, "\0\ud800", "1 2 3 " * 100])
def test_odd_texts_do_no_harm(grouper: Grouper, copies: list[str], text: str) -> None:
    grouper.add(copies[0])
    grouper.add(text)
    assert grouper.groups() == []
