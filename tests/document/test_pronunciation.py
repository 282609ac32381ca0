"""The article goes by sound, not by letter."""

import pytest

from despin.document.pronunciation import opens_with_vowel


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
