"""What copies say is learned from simulated groups of them."""

import random

import pytest

from despin.judge.decision import SAID_BY_COPIES, Weights
from despin.lexicon.dictionary import Dictionary
from despin.lexicon.rows import COPIED, Lexicon
from despin.training.copies import fit, simulated

pytest.importorskip("scipy")

TEXTS = [
    "The children asked many questions about the garden, and the old man showed them how to plant beans. They bought seeds "
    "in the village, carried water from the well, and waited until the first leaves came up in the warm spring rain.",
    "A good teacher explains hard things in simple words. She gives each student enough time to think, helps those who need "
    "help, and finds a new example when the first one fails. Parents often thank her at the end of the year.",
    "Most people buy their bread in the same small shop near the station. The baker begins his work at night, and when the "
    "first train leaves, the whole street smells of fresh bread. He sells cheap cakes to hungry workers, too.",
] * 3


def test_a_copy_that_has_the_word_speaks_for_it_and_one_that_agrees_against() -> None:
    read = list(simulated(TEXTS, [Dictionary.of_pairs(Lexicon.load())], random.Random(3)))
    weights = fit(read)
    assert weights.curves.keys() == set(SAID_BY_COPIES)
    assert weights.linear.keys() == {COPIED}
    assert weights.bias == 0
    assert weights.curves["seen"][1][0] > 0 > weights.curves["agreed"][1][-1]


def test_the_packaged_weights_know_what_copies_say() -> None:
    packaged = Weights.load("copies")
    assert packaged.curves.keys() == set(SAID_BY_COPIES)
    assert Weights.load().curves.keys() == Weights.load("weights").curves.keys() | packaged.curves.keys()
