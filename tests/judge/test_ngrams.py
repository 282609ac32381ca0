"""Models that count prefer what English prefers, and take whatever they are given."""

from pathlib import Path

import pytest

from despin.errors import ModelError
from despin.judge.base import Passage, Slot
from despin.judge.ngrams import NgramJudge, ProseJudge, TrigramJudge


@pytest.fixture(scope="module", params=[TrigramJudge, ProseJudge])
def judge(request: pytest.FixtureRequest) -> NgramJudge:
    made: NgramJudge = request.param()
    return made


def preference(judge: NgramJudge, text: str, start: int, end: int, other: str) -> float:
    words = tuple(text.split())
    slot = Slot(start, end, (words[start:end], tuple(other.split())))
    keep, change = judge.score(Passage(words, frozenset({0})), [slot])[0]
    return change - keep


def test_prefers_the_idiomatic_word(judge: NgramJudge) -> None:
    assert preference(judge, "They overcome mental health preconception .", 4, 5, "stigma") > 3
    assert preference(judge, "They help each various other .", 2, 5, "each other") > 3
    assert preference(judge, "They have a sense of community .", 5, 6, "neighborhood") < 0


def test_commas_are_looked_through_and_sentences_end(judge: NgramJudge) -> None:
    plain = preference(judge, "we went home early", 2, 3, "house")
    assert preference(judge, "we went , home early", 3, 4, "house") == pytest.approx(plain)
    assert preference(judge, "we went . home early", 3, 4, "house") != pytest.approx(plain)


def test_slots_are_scored_independently(judge: NgramJudge) -> None:
    words = tuple("the group can obtain aid from other people".split())
    slots = [Slot(3, 4, (("obtain",), ("get",))), Slot(4, 5, (("aid",), ("help",)))]
    passage = Passage(words, frozenset({0}))
    assert judge.score(passage, slots) == [judge.score(passage, [slot])[0] for slot in slots]


@pytest.mark.parametrize("word", ["", "\0", "\ud800", "’s", "-", "naïve", "x" * 10_000, "\u2028"])
def test_takes_any_word(judge: NgramJudge, word: str) -> None:
    scores = judge.score(Passage((word, "a"), frozenset({0})), [Slot(0, 1, ((word,), ("the",), ()))])
    assert all(isinstance(score, float) for score in scores[0])


def test_proposes_nothing(judge: NgramJudge) -> None:
    passage, slots = Passage(("a",), frozenset({0})), [Slot(0, 1, (("a",),))]
    assert judge.propose(passage, slots) == [[]]
    assert judge.suspect(passage, slots) == []


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="prose"):
        ProseJudge(tmp_path / "none.lm.bin")


def test_the_frequency_is_the_rarest_words(judge: NgramJudge) -> None:
    assert judge.frequency(("help",)) > judge.frequency(("assistance",)) > judge.frequency(("zzyzx",))
    assert judge.frequency(("help", "assistance")) == judge.frequency(("assistance",))
    assert judge.frequency(()) == judge.frequency(("(",)) == 0.0
