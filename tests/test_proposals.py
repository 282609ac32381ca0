"""A judge's own proposals: for suspicious words that may change, in their form, in spun documents, above a bar of their own."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from despin.despinner import Despinner
from despin.judge.base import Judge
from despin.lexicon.rows import Lexicon, Row
from despin.proposals import propose
from despin.settings import Settings

TEXT = "The committees discussed the proposal. Maria likes big gardens."
Proposed = Callable[..., dict[str, list[str]]]


@pytest.fixture
def proposed(despinner: Despinner, make_proposer: Callable[..., Judge]) -> Proposed:
    """Finds the originals at the text's sites: those of rows, and those that a judge wants for certain words."""

    def originals(*rows: Row, **wanted: str) -> dict[str, list[str]]:
        first = make_proposer("trigram")
        reader = Despinner(Settings(proposals=False), Lexicon(rows), (first,), despinner.nlp)
        readings = propose([reading for _, reading in reader.read(TEXT)], [make_proposer("encoder", **wanted)], first)
        return {site.spun: [c.original for c in site.candidates] for reading in readings for site in reading.sites}

    return originals


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
def test_proposes_in_the_form_of_the_word(proposed: Proposed, word: str, original: str, expected: list[str] | None) -> None:
    assert proposed(**{word: original}).get(word.lower()) == expected


def test_words_above_suspicion_are_not_asked_about(proposed: Proposed) -> None:
    assert list(proposed(big="large")) == ["big"]


def test_words_that_the_lexicon_knows_are_its_own(proposed: Proposed) -> None:
    found = proposed(Row("big", "ADJ", ("great", "large")), big="huge", discussed="debate")
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
def test_acts_only_where_it_may(
    despinner: Despinner, make_proposer: Callable[..., Judge], settings: dict[str, float], expected: str
) -> None:
    judges = (make_proposer("trigram"), make_proposer("encoder", big="large"))
    restored = Despinner(Settings(**settings), Lexicon(()), judges, despinner.nlp)(TEXT)  # type: ignore[arg-type]
    assert restored.text == TEXT.replace("big", expected)
    assert all("proposes" in edit.evidence[0].reason for edit in restored.edits)


def test_changes_nothing_else(despinner: Despinner) -> None:
    plain = replace(despinner.settings, proposals=False)
    text = "Plain words about a garden, and nothing spun in them."
    assert Despinner(plain, despinner.lexicon, despinner.judges, despinner.nlp)(text).text == despinner(text).text == text
