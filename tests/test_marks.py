"""Marked sites and spans of the text overlap where they have characters in common."""

import pytest

from despin.marks import spans


@pytest.mark.parametrize(
    ("gold", "start", "end", "expected"),
    [
        ("We {~~obtain~>get~~} help.", 3, 9, True),
        ("We {~~obtain~>get~~} help.", 0, 20, True),
        ("We {~~obtain~>get~~} help.", 8, 12, True),
        ("We {~~obtain~>get~~} help.", 0, 3, False),
        ("We {~~obtain~>get~~} help.", 9, 14, False),
        ("We {~~obtain~>get~~} help.", 5, 5, True),
        ("We {~~obtain~>get~~} help.", 3, 3, False),
        ("We ob{~~~>s~~}tain help.", 3, 9, True),
        ("We {~~~>all ~~}obtain help.", 3, 9, False),
    ],
)
def test_what_overlaps(gold: str, start: int, end: int, expected: bool) -> None:
    (mark,) = spans(gold)
    assert mark.overlaps(start, end) == expected
