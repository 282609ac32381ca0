"""The article goes by sound, not by letter."""

import pytest

from despin.document.pronunciation import opens_with_vowel, surely_opens_with_vowel


@pytest.mark.parametrize(
    ("word", "vowel"),
    [
        ("obstacle", True),
        ("Obstacle", True),
        ("hour", True),
        ("honest", True),
        ("university", False),
        ("European", False),
        ("one", False),
        ("challenge", False),
        ("yearly", False),
        # not in the dictionary
        ("unspinnable", True),
        ("ufological", False),
        ("despinner", False),
        ("", False),
        ("\ud800", False),
    ],
)
def test_vowels_are_sounds(word: str, vowel: bool) -> None:
    assert opens_with_vowel(word) is vowel


@pytest.mark.parametrize(
    ("word", "vowel"),
    [
        ("hour", True),
        ("mri", True),
        ("unit", False),
        ("house", False),
        ("undisclosed", True),
        ("extratropical", True),
        # said in two ways
        ("herb", None),
        ("sql", None),
        # not in the dictionary
        ("npm", None),
        ("uvulae", None),
        ("eurozone", None),
        ("despinner", None),
        ("\ud800", None),
    ],
)
def test_what_may_be_said_in_two_ways_is_open(word: str, vowel: bool | None) -> None:
    assert surely_opens_with_vowel(word) is vowel
