"""Characters are made plain, and quotations are still told as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.document.protection import protect
from despin.draft import Draft
from despin.restoration import replay
from despin.stages.style import Style


def plain(text: str) -> str:
    return replay(text, Style()(Draft(text, None)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("It’s “fine”, we’re told", "It's \"fine\", we're told"),
        ("“One.\n\n“Two.” It’s", "“One.\n\n“Two.” It's"),
        ("‘We don’t’, she said", "‘We don't’, she said"),
        ("ﬁne Ｗｉｄｅ\u3000ﬂow", "fine Wide flow"),
    ],
)
def test_makes_plain_what_is_surely_meant(text: str, right: str) -> None:
    assert plain(text) == right


@given(st.lists(st.sampled_from([*"“”‘’\"' „`«»aﬁ", "“a”", "\n", "\n\n", ". ", "> "]), max_size=16).map("".join))
def test_what_was_quoted_stays_quoted(text: str) -> None:
    after = plain(text)
    assert plain(after) == after
    if "ﬁ" not in text:
        before, now = protect(text), protect(after)
        assert all(now.touches(i, i + 1) for i, char in enumerate(text) if char.isalpha() and before.touches(i, i + 1))
