"""What rows do in clean text is counted: where they match, and where despin acts on them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from despin.despinner import Despinner
from despin.evaluation.firing import Fired, Firing, fire
from despin.lexicon.rows import Lexicon, Row, Tier

TEXTS = (
    'She met her big brother in the park. The park has a "big brother" sign.\n\nPeople help each various other there.',
    "The two friends help each various other. Each of the various other rooms is quiet.",
    "# Nothing here\n",
)


@pytest.fixture(scope="module")
def fired(despinner: Despinner) -> Fired:
    rows = [
        Row("each various other", "", ("each other",), tier="safe"),
        Row("big", "ADJ", ("large",)),
        Row("never there", "", ("absent",), tier="safe"),
    ]
    own = Despinner(replace(despinner.settings, proposals=False), Lexicon(rows), despinner.judges, despinner.nlp)
    return fire(own, TEXTS)


def test_matches_are_counted_where_words_may_be_changed(fired: Fired) -> None:
    # Quoted words never change.
    assert {one.row.spun: one.matches for one in fired.rows} == {"each various other": 2, "big": 1}


def test_edits_are_those_that_despin_makes(fired: Fired) -> None:
    assert [(one.row.spun, one.edits) for one in fired.rows] == [("each various other", 2), ("big", 0)]
    assert fired.edits == 2
    assert fired.edits_per_1000 == pytest.approx(1000 * 2 / fired.words)
    assert [one.row.spun for one in fired.flagged(1.0)] == ["each various other"]
    assert fired.flagged(1e6) == []


def test_texts_are_read_one_by_one(despinner: Despinner) -> None:
    """The next is not asked for before the last is done with."""
    done: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(3):
            assert done == list(range(number))
            yield "A cat sat."

    class Watched(Despinner):
        def decide(self, text):  # type: ignore[no-untyped-def]
            yield from super().decide(text)
            done.append(len(done))

    assert fire(Watched(lexicon=despinner.lexicon, judges=despinner.judges, nlp=despinner.nlp), texts()).words == 9


def test_without_text_nothing_fires(despinner: Despinner) -> None:
    assert fire(despinner, []) == Fired(0, 0, ())
    assert Fired(0, 0, ()).edits_per_1000 == 0


@pytest.mark.parametrize(
    ("tier", "matches", "edits", "move"),
    [
        ("safe", 5, 1, ""),
        ("safe", 5, 2, "context"),
        ("safe", 11, 2, "thesaurus"),
        ("context", 5, 2, "thesaurus"),
        ("thesaurus", 5, 2, ""),
        ("generated", 5, 2, ""),
    ],
)
def test_a_row_that_acts_too_often_moves(tier: Tier, matches: int, edits: int, move: str) -> None:
    one = Firing(Row("a", "", ("b",), tier=tier), matches, edits, 1_000_000)
    assert (one.matches_per_million, one.edits_per_million) == (matches, edits)
    assert one.moved(1.0) == one.figures(1.0)["move_to"] == move
    assert one.is_flagged(1.0) == one.figures(1.0)["flagged"] == bool(move)
