"""What became of a text is found word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.errors import InputError
from despin.lexicon.alignment import changes
from despin.marks import mark, original_text, words_of


@pytest.mark.parametrize(
    ("original", "rewritten", "expected"),
    [
        ("We build a sense of community.", "We construct a feeling of neighborhood.", ["build>construct", "sense>feeling"]),
        ("It needs a graphics card.", "It needs a card of graphics.", ["graphics card>card of graphics"]),
        ("the first year", "first year", ["the first>first"]),
        ("They walk home", "They walk home again", ["home>home again"]),
        ("He came home. He slept.", "He came home finally. He slept.", ["home>home finally"]),
        ("He said: “Stop!”", 'he said: "stop!"', []),
        ("It isn't well-known.", "It isn't famous.", ["well-known>famous"]),
        ("We don't think they'll say it can’t.", "We do not think they will say it cannot.", ["can’t>cannot"]),
        ("We don't know.", "We don’t know.", []),
        ("It cost $1,000 at 10:30.", "It was $1,000 at 10:30.", ["cost>was"]),
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


def test_too_long_lines_are_refused() -> None:
    with pytest.raises(InputError, match="5,000"):
        changes("word " * 5_001, "word")


WORDS = st.lists(st.sampled_from("the dog walks home . , and “ ” then it's don't ' - well-known".split()), min_size=1)


@given(WORDS, WORDS, st.booleans())
def test_making_the_changes_gives_the_other_text(original: list[str], rewritten: list[str], spaced: bool) -> None:
    """But for a word that was added to nothing, or of which nothing is left."""
    texts = [" ".join(words) for words in (original, rewritten)]
    if not spaced:
        texts = [text.replace(" .", ".").replace(" ,", ",").replace("“ ", "“").replace(" ”", "”") for text in texts]
    spun, gold = mark(texts[0], changes(*texts))
    assert original_text(gold) == texts[0]
    if words_of(texts[0]) and words_of(texts[1]):
        assert words_of(spun) == words_of(texts[1])
