"""A judge's own proposals: for suspicious words that may change, in their form, in spun documents, above a bar of their own."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from despin.despinner import Despinner
from despin.judge.base import Passage, Proposal, Slot
from despin.lexicon.rows import Lexicon, Row
from despin.proposals import propose
from despin.settings import Settings

TEXT = "The committees discussed the proposal. Maria likes big gardens."


class Proposer:
    """A judge that proposes the same for certain words, and suspects only those."""

    name = "encoder"
    local = True

    def __init__(self, **wanted: str) -> None:
        self.wanted = wanted

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        return [[0.0, *(8.0 for _ in slot.readings[1:])] for slot in slots]

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        return [3.0 if passage.words[slot.start] in self.wanted else -6.0 for slot in slots]

    def frequency(self, reading: Sequence[str]) -> float:
        return -9.0

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        return [[Proposal((self.wanted[passage.words[slot.start]],), 6.0)] for slot in slots]


class Liking(Proposer):
    """The first judge: likes every change."""

    name = "trigram"


def proposed(despinner: Despinner, judge: Proposer, text: str = TEXT, lexicon: Lexicon | None = None) -> dict[str, list[str]]:
    reader = Despinner(Settings(proposals=False), lexicon or Lexicon(()), (Liking(),), despinner.nlp)
    readings = propose([reading for _, reading in reader.read(text)], [judge], Liking())
    return {site.spun: [c.original for c in site.candidates] for reading in readings for site in reading.sites}


@pytest.mark.parametrize(
    ("word", "original", "expected"),
    [
        ("committees", "board", ["boards"]),
        ("discussed", "debate", ["debated"]),
        ("big", "large", ["large"]),
        ("committees", "large", None),  # no noun
        ("gardens", "garden", None),  # the word itself
        ("Maria", "woman", None),  # a name
        ("the", "board", None),  # no content word
        ("likes", "big", None),  # it would double the word after it
    ],
)
def test_proposes_in_the_form_of_the_word(despinner: Despinner, word: str, original: str, expected: list[str] | None) -> None:
    assert proposed(despinner, Proposer(**{word: original})).get(word.lower()) == expected


def test_words_above_suspicion_are_not_asked_about(despinner: Despinner) -> None:
    assert list(proposed(despinner, Proposer(big="large"))) == ["big"]


def test_words_that_the_lexicon_knows_are_its_own(despinner: Despinner) -> None:
    lexicon = Lexicon((Row("big", "ADJ", ("great", "large")),))
    found = proposed(despinner, Proposer(big="huge", discussed="debate"), lexicon=lexicon)
    assert found == {"discussed": ["debated"], "big": ["great", "large"]}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"spin_rate": 0.9, "proposed": 0.1, "threshold": 0.1}, "large"),
        ({"spin_rate": 0.9, "proposed": 1.0, "threshold": 0.1}, "big"),  # the bar is their own
        ({"spin_rate": 0.9, "proposed": 0.1, "threshold": 0.1, "proposals": False}, "big"),
        ({"proposed": 0.0, "threshold": 0.0}, "big"),  # not known to be spun
    ],
)
def test_acts_only_where_it_may(despinner: Despinner, settings: dict[str, float], expected: str) -> None:
    judges = (Liking(), Proposer(big="large"))
    restored = Despinner(Settings(**settings), Lexicon(()), judges, despinner.nlp)(TEXT)  # type: ignore[arg-type]
    assert restored.text == TEXT.replace("big", expected)
    assert all("proposes" in edit.evidence[0].reason for edit in restored.edits)


def test_changes_nothing_else(despinner: Despinner) -> None:
    plain = replace(despinner.settings, proposals=False)
    text = "Plain words about a garden, and nothing spun in them."
    assert Despinner(plain, despinner.lexicon, despinner.judges, despinner.nlp)(text).text == despinner(text).text == text
