"""The encoder suspects spun words and knows what stood there."""

from pathlib import Path

import pytest

from despin.errors import ModelError
from despin.judge.base import Passage, Slot
from despin.judge.encoder import EncoderJudge


@pytest.fixture(scope="module")
def encoder() -> EncoderJudge:
    return EncoderJudge()


def passage(text: str) -> Passage:
    words = text.split()
    return Passage(tuple(words), frozenset({0, *(i + 1 for i, word in enumerate(words[:-1]) if word == ".")}))


SPUN = passage("Support groups build a feeling of neighborhood and fight preconception .")


@pytest.mark.parametrize(
    ("at", "right", "wrong"),
    [(4, "sense", "opinion"), (6, "community", "district"), (9, "stigma", "preface")],
)
def test_prefers_the_original_to_other_meanings(encoder: EncoderJudge, at: int, right: str, wrong: str) -> None:
    slot = Slot(at, at + 1, ((SPUN.words[at],), (right,), (wrong,)))
    ((keep, good, bad),) = encoder.score(SPUN, [slot])
    assert good > keep
    assert good > bad


def test_suspects_spun_words_more_than_others(encoder: EncoderJudge) -> None:
    slots = [Slot(at, at + 1, ((SPUN.words[at],),)) for at in (6, 0)]
    spun, clean = encoder.suspect(SPUN, slots)
    assert spun > clean


def test_proposes_lemmas_of_its_vocabulary_best_first(encoder: EncoderJudge) -> None:
    ((*proposals,),) = encoder.propose(SPUN, [Slot(6, 7, (("neighborhood",),))])
    assert [p.nats for p in proposals] == sorted((p.nats for p in proposals), reverse=True)
    assert all(proposal.words[0] in encoder.vocabulary for proposal in proposals)


def test_has_the_original_among_its_proposals(encoder: EncoderJudge) -> None:
    (proposals,) = encoder.propose(SPUN, [Slot(6, 7, (("neighborhood",),))])
    assert "community" in [proposal.words[0] for proposal in proposals]


def test_proposes_as_many_as_asked_for(encoder: EncoderJudge) -> None:
    slot = Slot(6, 7, (("neighborhood",),))
    ((*ten,), (*many,)) = (encoder.propose(SPUN, [slot], count)[0] for count in (10, 100))
    assert (len(ten), many[:10]) == (10, ten)
    assert len(many) == 100
    assert len(encoder.propose(SPUN, [slot], 10**9)[0]) == len(encoder.vocabulary)
    assert encoder.propose(SPUN, [slot], 0) == [[]]


def test_inflected_readings_score_as_their_lemma(encoder: EncoderJudge) -> None:
    slot = Slot(6, 7, (("neighborhoods",), ("communities",), ("community",), ("group of people",)))
    ((_, plural, singular, phrase),) = encoder.score(SPUN, [slot])
    assert plural == singular
    assert phrase != singular


def test_any_words_can_be_read(encoder: EncoderJudge) -> None:
    odd = Passage(("\ud800", "", "\0", "x" * 5000, "…", *["word"] * 900), frozenset({0}))
    slots = [Slot(i, i + 1, ((odd.words[i],), ("", "a"), ("get",))) for i in (0, 1, 3, 904)]
    assert all(len(scores) == 3 for scores in encoder.score(odd, slots))
    assert len(encoder.suspect(odd, slots)) == 4
    assert encoder.score(odd, []) == encoder.suspect(odd, []) == encoder.propose(odd, []) == []


def test_what_is_said_does_not_depend_on_what_is_asked_together(encoder: EncoderJudge) -> None:
    slots = [Slot(at, at + 1, ((SPUN.words[at],), ("group",), ("stigma",))) for at in range(10)]
    together = encoder.score(SPUN, slots)
    for slot, scores in zip(slots, together, strict=True):
        assert encoder.score(SPUN, [slot])[0] == pytest.approx(scores, rel=1e-6)


def test_a_missing_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="install despin again"):
        EncoderJudge(tmp_path)
