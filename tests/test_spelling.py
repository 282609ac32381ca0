"""Which words there are, and what a garbled one may have been."""

import pytest

from despin.lexicon.rows import Lexicon, Row
from despin.spelling import Speller


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(Lexicon([Row("zzyzx", "NOUN", ("end",))]))


@pytest.mark.parametrize("word", ["house", "colour", "organisation", "paediatric", "walked", "zzyzx"])
def test_words_are_known(speller: Speller, word: str) -> None:
    assert speller.knows(word)


@pytest.mark.parametrize("word", ["recieve", "goverment", "zzyzy", "aboutthe", "occured"])
def test_garbled_words_are_not(speller: Speller, word: str) -> None:
    assert not speller.knows(word)


@pytest.mark.parametrize(
    ("word", "correction", "feature"),
    [
        ("recieve", "receive", "transposed"),
        ("begining", "beginning", "doubled"),
        ("seperate", "separate", "sound"),
        ("goverment", "government", "near_by"),
        ("tommorow", "tomorrow", "distant"),
        ("nuclear", "", ""),
        ("ofice", "office", "doubled"),
        ("rhe", "the", "first_letter"),
        ("gardend", "garden", "ending"),
        ("aboutthe", "about the", "split"),
        ("gardenchair", "garden chair", "compound"),
    ],
)
def test_corrections_say_what_happened(speller: Speller, word: str, correction: str, feature: str) -> None:
    found = {one.words: one.features for one in speller.corrections(word)}
    if correction:
        assert found[correction][feature] == 1.0
    else:
        assert speller.knows(word)


@pytest.mark.parametrize("word", ["bodys", "compliances", "prevalences"])
def test_a_word_with_an_ending_is_not_taken_for_the_word_without(speller: Speller, word: str) -> None:
    assert word.removesuffix("s") not in {one.words for one in speller.corrections(word)}


def test_nothing_is_near_to_some_words(speller: Speller) -> None:
    assert speller.corrections("xqzwvkjhgf") == ()


def test_two_pieces_make_a_word(speller: Speller) -> None:
    joined = speller.joined("ther", "apy")
    assert joined is not None
    assert (joined.words, joined.features["joined"]) == ("therapy", 1.0)
    assert speller.joined("in", "side") is None  # both are words
    assert speller.joined("xq", "zw") is None
