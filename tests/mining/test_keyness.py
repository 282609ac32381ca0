"""Words that spun texts have more often stand out, and a judge says what they stand for."""

import math

import pytest

from despin.despinner import Despinner
from despin.errors import InputError
from despin.lexicon.rows import Lexicon
from despin.mining.entries import Entry
from despin.mining.findings import as_row
from despin.mining.keyness import Term, learn, over_represented, z_score
from despin.mining.tagged import tag_texts

SPUN = [
    "The canine slept. Her canine ate a bone, and the home owner ran.",
    "A canine barked at him. The home owner saw the canine.",
]
CLEAN = [
    "The dog slept at home. Her dog ate a bone, and the man ran.",
    "A dog barked at the owner. The man saw the dog and the cat.",
]


def test_the_z_score_is_that_of_the_paper() -> None:
    """Twelve of 100 words against three of 200, with a prior of 30 words, of which 30 · 15 / 300 = 1.5 are this one."""
    odds = math.log(13.5 / (130 - 13.5)) - math.log(4.5 / (230 - 4.5))
    assert z_score(12, 3, 100, 200, 30) == pytest.approx(odds / math.sqrt(1 / 13.5 + 1 / 4.5))
    assert z_score(12, 3, 100, 200, 30) == pytest.approx(3.2316, abs=1e-4)


def test_the_z_score_knows_neither_direction_nor_nothing() -> None:
    assert z_score(5, 5, 100, 100) == pytest.approx(0)
    assert z_score(9, 2, 100, 100) == pytest.approx(-z_score(2, 9, 100, 100))
    assert z_score(9, 0, 100, 10_000) > z_score(9, 0, 100, 100) > 0
    assert z_score(0, 0, 100, 100) == z_score(4, 0, 4, 0) == 0


def test_words_and_pairs_of_words_stand_out(despinner: Despinner) -> None:
    found = over_represented(tag_texts(despinner.nlp, SPUN * 9), tag_texts(despinner.nlp, CLEAN * 9))
    terms = {key.term: key for key in found}
    canine = terms[Term(("canine",), "NOUN")]
    assert (canine.count, canine.texts) == (36, 18)
    # Both texts have a home and an owner; only one has home owners.
    assert terms[Term(("home", "owner"))].count == 18
    # What a word explains, its neighbours do not say again; and function words say nothing.
    assert not {Term(("the", "canine")), Term(("a", "canine")), Term(("him",), "")} & terms.keys()
    assert [key.z for key in found] == sorted((key.z for key in found), reverse=True)
    assert over_represented(tag_texts(despinner.nlp, SPUN * 9), tag_texts(despinner.nlp, SPUN * 9)) == []


def test_without_words_nothing_can_be_compared(despinner: Despinner) -> None:
    for spun, clean in (([], CLEAN), (SPUN, ["12", ""])):
        with pytest.raises(InputError, match="no words"):
            over_represented(tag_texts(despinner.nlp, spun), tag_texts(despinner.nlp, clean))


def test_the_encoder_says_what_they_stand_for(despinner: Despinner) -> None:
    spun = ["The canine barked at the mailman. Her canine ate a bone and slept on the rug."] * 9
    clean = ["The cat sat on the rug, and the mailman smiled at her. He ate a cake."] * 9
    encoder = despinner.judges[-1]
    found = {one.row.spun: one for one in learn(despinner.nlp, spun, clean, Lexicon(), encoder)}
    canine = found["canine"]
    assert canine.row.pos == "NOUN"
    assert "dog" in canine.row.originals
    assert f"canine=>{canine.row.originals[0]}]" in canine.row.example
    assert (canine.count, canine.texts, canine.known) == (18, 9, False)
    assert canine.z is not None

    # What the lexicon has is left out, or told.
    known = Lexicon([as_row(Entry("canine", "NOUN", original), "") for original in canine.row.originals])
    assert "canine" not in {one.row.spun for one in learn(despinner.nlp, spun, clean, known, encoder)}
    told = {one.row.spun: one for one in learn(despinner.nlp, spun, clean, known, encoder, known=True)}
    assert told["canine"].known
    assert told["canine"].row.originals == canine.row.originals
    assert len(learn(despinner.nlp, spun, clean, Lexicon(), encoder, limit=2)) == 2
    assert learn(despinner.nlp, spun, clean, Lexicon(), encoder, least=19) == []
