"""A judge's proposals at many places become one guess."""

import math
from collections.abc import Sequence

import pytest

from despin.despinner import Despinner
from despin.judge.base import Passage, Proposal, Slot
from despin.mining.guesses import guess
from despin.mining.tagged import tag_texts

TEXT = "The canines ate. A canine slept. One canine barked. They really feel well."


class Proposer:
    """A judge that proposes what it is told, slot by slot."""

    name = "encoder"
    local = False

    def __init__(self, *answers: dict[str, float]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, ...]] = []

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        return [[0.0 for _ in slot.readings] for slot in slots]

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        return []

    def frequency(self, reading: Sequence[str]) -> float:
        return 0.0

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        self.asked += [passage.words[slot.start : slot.end] for slot in slots]
        return [[Proposal((word,), nats) for word, nats in self.answers.pop(0).items()] for _ in slots]


def places(despinner: Despinner, *words: str):  # type: ignore[no-untyped-def]
    (text,) = tag_texts(despinner.nlp, [TEXT])
    found = []
    at = 0
    for word in words:
        at = TEXT.index(word, at)
        found.append(text.find(at, at + len(word)))
        at += len(word)
    return found


def test_probabilities_are_summed_over_the_places(despinner: Despinner) -> None:
    judge = Proposer({"dog": 3.0, "cat": 1.0}, {"cat": 0.5, "pet": 0.0}, {"dog": 2.0, "cat": -9.0})
    (found,) = guess(despinner.nlp, judge, [places(despinner, "canines", "canine", "canine")])
    assert judge.asked == [("canines",), ("canine",), ("canine",)]
    assert (found.text, found.pos, found.originals) == ("canine", "NOUN", ("dog", "cat", "pet"))
    assert found.examples == {
        "": "The [canines=>?] ate.",
        "dog": "One [canine=>dog] barked.",
        "cat": "A [canine=>cat] slept.",
        "pet": "A [canine=>pet] slept.",
    }
    assert math.exp(2) / (1 + math.exp(2) + math.exp(-9)) > math.exp(3) / (1 + math.exp(3) + math.exp(1))


@pytest.mark.parametrize(
    "answer",
    [
        {"canine": 9.0},  # the word itself
        {"quickly": 9.0},  # no noun
        {"dog": -4.0},  # what stands there is far likelier
    ],
)
def test_what_cannot_be_meant_is_not_offered(despinner: Despinner, answer: dict[str, float]) -> None:
    (found,) = guess(despinner.nlp, Proposer(answer), [places(despinner, "canine ")])
    assert found.originals == ()


def test_of_fixed_text_nothing_is_asked(despinner: Despinner) -> None:
    judge = Proposer()
    (found,) = guess(despinner.nlp, judge, [places(despinner, "really feel")])
    assert (found.text, found.pos, found.originals) == ("really feel", "", ())
    assert judge.asked == []
