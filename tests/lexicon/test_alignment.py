"""What became of a text is found word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.lexicon.alignment import changes
from despin.marks import mark, original_text, words_of


@pytest.mark.parametrize(
    ("original", "rewritten", "expected"),
    [
        ("We build a sense of community.", "We construct a feeling of neighborhood.", ["build>construct", "sense>feeling"]),
        ("It needs a graphics card.", "It needs a card of graphics.", ["graphics card>card of graphics"]),
        ("the first year", "first year", ["the first>first"]),
        ("They walk home", "They walk home again", ["home>home again"]),
        ("He said: “Stop!”", "he said: “Stop!”", []),
        ("It isn't well-known.", "It isn't famous.", ["well-known>famous"]),
        ("Feel safe.", "Really feel safe.", ["Feel>Really feel"]),
        ("It organised travelling theatres.", "It organized traveling theaters.", []),
        ("our house or yours", "or house and yours", ["our>or", "or>and"]),
        ("", "words", []),
        ("words", "", []),
    ],
)
def test_changes(original: str, rewritten: str, expected: list[str]) -> None:
    found = [f"{original[start:end]}>{words}" for start, end, words in changes(original, rewritten)]
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


def test_lines_are_compared_with_their_own() -> None:
    original, rewritten = "one two\nthree four\n", "one three\nthree two\n"
    assert [(original[a:z], words) for a, z, words in changes(original, rewritten)] == [("two", "three"), ("four", "two")]


WORDS = st.lists(st.sampled_from("the dog walks home . , and then it's well-known".split()), min_size=1).map(" ".join)


@given(WORDS, WORDS)
def test_making_the_changes_gives_the_other_text(original: str, rewritten: str) -> None:
    """But for a word that was added to nothing, or of which nothing is left."""
    spun, gold = mark(original, changes(original, rewritten))
    assert original_text(gold) == original
    if words_of(original) and words_of(rewritten):
        assert words_of(spun) == words_of(rewritten)
