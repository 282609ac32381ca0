"""Broken characters are repaired one by one, and nothing else is touched."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.draft import Draft
from despin.restoration import Edit, Flag, replay
from despin.settings import CHARACTERS
from despin.stages.characters import Characters


def no_model() -> None:
    raise AssertionError("characters need no model")


def repair(text: str) -> tuple[list[Edit], list[Flag]]:
    draft = Draft(text, no_model)  # type: ignore[arg-type]
    return Characters()(draft), draft.flags


def repaired(text: str) -> str:
    return replay(text, repair(text)[0])


def test_edits_are_as_small_as_what_was_broken_and_say_what_it_was() -> None:
    edits, _ = repair("Itâ€™s a cafÃ© â€“ so â€œniceâ€\x9d.")
    assert " ".join(f"{edit.spun}={edit.original}" for edit in edits) == "â€™=’ Ã©=é â€“=– â€œ=“ â€\x9d=”"
    assert {edit.evidence[0].reason for edit in edits} == {"mojibake: UTF-8 that was read as windows-1252"}
    assert {edit.stage for edit in edits} == {CHARACTERS}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a \ud83d\ude00 b \ud800 c", "a 😀 b \ufffd c"),
        ("\x1b[1;31mred\x1b[0m and \x1b]0;title\x07plain\x1b", "red and plain"),
        ("one\x07\x1b[1m two", "one two"),
        ("don&acirc;&euro;&trade;t", "don’t"),
        ("&lt; 5 and &#60; 6 &apos;x&apos;", "< 5 and < 6 'x'"),
        ("word\ufeff here", "word here"),
        ("50Â\xa0%", "50\xa0%"),
        ("Ã la carte", "à la carte"),
        ("12â€“14 years, â€œobtainâ€\x9d", "12–14 years, “obtain”"),
        ("a\x85b\x91c\x92", "a…b‘c’"),
    ],
)
def test_repairs(text: str, right: str) -> None:
    assert repaired(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffA mark at the beginning",
        "tabs\tand\x0bbreaks\x0cstay\r\n",
        "&sum; &bogus; &#0; &#55296; &amp",
        "&lt;b&gt; and &amp; in a text that shows tags",
        "```\nitâ€™s\n```",
        "[it](https://a.example/â€™ 'x')",
        "<a title='itâ€™s'>",
    ],
)
def test_leaves_what_may_be_meant(text: str) -> None:
    assert repair(text)[0] == []


@pytest.mark.parametrize(
    ("text", "flagged"), [("It is lost\ufffd here", "\ufffd"), ("self\x02report", "\x02"), ("a dagger â€ b", "â€")]
)
def test_what_is_lost_is_flagged(text: str, flagged: str) -> None:
    edits, flags = repair(text)
    assert edits == []
    assert [flag.text for flag in flags] == [flagged]


def test_long_lines_are_repaired_in_parts() -> None:
    text = "Itâ€™s a word. " * 2_000
    assert repaired(text) == "It’s a word. " * 2_000


MOJIBAKE = "â€™|â€œ|â€|Ã©|Ã |Â |ΓÇÖ|├⌐|√©|Ã¢â‚¬â„¢|é|’|&amp;|&#8217;|&lt;|&acirc;|&euro;| |word".split("|")
CONTROLS = ["\x19", "\x19s", "\x07", "\x1b[1m", "\x1b", "\ud83d", "\ude00", "\ufffd", "\x92", "\n"]


@given(st.lists(st.sampled_from(MOJIBAKE + CONTROLS) | st.text(max_size=4), max_size=12).map("".join))
def test_a_repaired_text_needs_no_repair(text: str) -> None:
    edits, _ = repair(text)
    assert all(text[edit.start : edit.end] == edit.spun != edit.original for edit in edits)
    assert all(a.end <= b.start for a, b in itertools.pairwise(edits))
    now = replay(text, edits)
    assert repaired(now) == now


@pytest.mark.parametrize(
    "unit",
    ["â€", "Ã¢â‚¬", "Ã", "é ", "Ãƒ", "\x1b]", "\x1b[1", "a\x02", "&amp;", "&amp;amp;", "&#1", "\ufffd", "ΓÇ", "é\n", "\xa0"],
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        repair(unit * count)
        return time.process_time() - started

    assert seconds(160_000) < 64 * max(0.05, seconds(10_000))
