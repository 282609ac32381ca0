"""Tells British and American spellings of a word from words that differ."""

from __future__ import annotations

import re

# British and American spellings differ in these letters.
_SPELLINGS = (
    (r"our", "or"),
    (r"([iy])[sz]", r"\1s"),
    (r"(.)re\b", r"\1er"),
    (r"ogue", "og"),
    (r"[ao]e", "e"),
    (r"ence\b", "ense"),
)
_DOUBLE = re.compile(r"(.)\1|(?<=g)e(?=ment)")


def same_spelled(one: str, other: str) -> bool:
    """Whether two words or phrases are British and American spellings of the same, which no spinner's habit parts."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    for british, american in _SPELLINGS:
        text = re.sub(british, american, text)
    return _DOUBLE.sub(r"\1", text)
