"""Garbled words, put right in their sentence, and words that only look garbled."""

import pytest

from despin.despinner import Despinner
from despin.settings import SPELLING, Settings


@pytest.fixture(scope="module")
def spelling(despinner: Despinner) -> Despinner:
    return Despinner(Settings(stages=frozenset({SPELLING})), despinner.lexicon, nlp=despinner.nlp)


@pytest.mark.parametrize(
    ("garbled", "right"),
    [
        ("Many people beleive that the weather will change.", "Many people believe that the weather will change."),
        ("The goverment should help farmers.", "The government should help farmers."),
        ("She did not recieve the letter until Monday.", "She did not receive the letter until Monday."),
        ("We talked abuot the price of bread.", "We talked about the price of bread."),
        ("It happened aboutthe same time.", "It happened about the same time."),
        ("He goes to physical ther apy every week.", "He goes to physical therapy every week."),
        ("They need more infor mation before they decide.", "They need more information before they decide."),
    ],
)
def test_garbled_words_are_put_right(spelling: Despinner, garbled: str, right: str) -> None:
    restoration = spelling(garbled)
    assert restoration.text == right
    assert {edit.stage for edit in restoration.edits} == {SPELLING}
    assert restoration.undo() == garbled


@pytest.mark.parametrize(
    "text",
    [
        "The colour of the harbour pleased the theatre's neighbours, who organised a festival.",
        "Patients with xerostomia were given pilocarpine before the colonoscopy.",
        "Xiomara asked Siobhan about the Recieve button of the toolkit's API.",
        "The neighbors were traveling to the theater, analyzing the flavor of the pediatric tumors.",
        "A kubelet pulls the image, and the kubelet starts the pod.",
        "He said that the goverment.example page was down, and `recieve()` failed.",
        "It was soooo good, hmmm, and yesss, we want more.",
        "They called it a taqueria, and the taqueria was full.",
        "The self-esteam workshop on www.recieve.com is at 5pm.",
        'The sign said "no tresspassing" in red paint.',
        "I dont know, he wont say, and she cant tell.",
    ],
)
def test_what_may_be_right_stays(spelling: Despinner, text: str) -> None:
    assert spelling(text).text == text


def test_a_word_that_the_document_keeps_writing_alike_stays(spelling: Despinner) -> None:
    once = "We walked to the tabel in the corner."
    assert spelling(once).text == "We walked to the table in the corner."
    often = "The tabel is old. Every tabel has a mark, and no tabel is sold. We walked to the tabel in the corner."
    assert spelling(often).text == often


def test_headings_are_left_alone(spelling: Despinner) -> None:
    heading = "Beleive In Goverment\n\nMany people go to the park.\n"
    assert spelling(heading).text == heading


def test_a_spun_phrase_with_a_slip_in_it_is_restored(despinner: Despinner) -> None:
    spun = "Peer support groups help people overcome mental health preconcepton and build a feeling of neighborhod."
    assert (
        despinner(spun).text == "Peer support groups help people overcome mental health stigma and build a sense of community."
    )


def test_the_evidence_says_what_the_word_was(spelling: Despinner) -> None:
    (edit,) = spelling("The goverment should help farmers.").edits
    assert (edit.spun, edit.original, edit.tier) == ("goverment", "government", "corrected")
    assert edit.evidence[0].reason == "symspell finds: goverment → government (corrected)"
    assert 0.45 <= edit.confidence <= 1


def test_the_dial_holds_corrections_back(despinner: Despinner) -> None:
    sure = Settings(stages=frozenset({SPELLING}), corrected=1.0)
    text = "The goverment should help farmers."
    assert Despinner(sure, despinner.lexicon, nlp=despinner.nlp)(text).text == text
