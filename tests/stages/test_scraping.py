"""Debris around and in an article goes, and the article stays as it was laid out."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.draft import Draft
from despin.restoration import Edit, Flag, replay
from despin.settings import SCRAPING
from despin.stages.scraping import Scraping

PARAGRAPH = "A good night begins with a quiet evening and a room that is dark and cool."
OTHER = "Those who wake at night do well to leave the clock alone and to breathe slowly."


def clean(text: str) -> tuple[list[Edit], list[Flag]]:
    draft = Draft(text, None)  # type: ignore[arg-type]
    return Scraping()(draft), draft.flags


def cleaned(text: str) -> str:
    return replay(text, clean(text)[0])


@pytest.mark.parametrize(
    ("page", "article"),
    [
        ("Blog Article\n\n¶\n\n§\n", "¶\n\n§\n"),
        ("Blog Article\n¶\n§", "¶\n§"),
        ("¶\n\n§\n\nLeave a Reply\n\nFacebook Twitter\n", "¶\n\n§\n"),
        ("¶\r\n\r\n§\r\n\r\nLeave a Reply\r\n", "¶\r\n\r\n§\r\n"),
        ("¶\n\nContinue reading →\n\n§", "¶\n\n§"),
        ("¶\nContinue reading →\n\n§", "¶\n\n§"),
        ("¶\n\nContinue reading →\n§", "¶\n\n§"),
        ("¶\n\n\nContinue reading →\n\n§", "¶\n\n\n§"),
        ("¶\n\nFacebook\nTwitter\nShare this\n\n§", "¶\n\n§"),
        ("\n\nHome > Blog\n\n¶\n", "\n\n¶\n"),
        ("The Night\n\nTHE NIGHT\n\nThe Night\n\n¶\n\n§", "The Night\n\n¶\n\n§"),
        ("THE NIGHT\nThe Night\n¶\n§", "The Night\n¶\n§"),
        ("How to Sleep Well\nHow to Sleep Well | Sleepy Blog\n\n¶", "How to Sleep Well\n\n¶"),
        ("How to Sleep Well\n\n¶\n\nHow to Sleep Well\n\n§\n\nHow to Sleep Well\n\n¶", "How to Sleep Well\n\n¶\n\n§\n\n¶"),
        ("¶\n\nBack to top\n\n§\n\nBack to top\n\n¶\n\nBack to top\n\n§", "¶\n\n§\n\n¶\n\n§"),
    ],
)
def test_lines_go_and_leave_the_wider_break(page: str, article: str) -> None:
    page, article = (text.replace("¶", PARAGRAPH).replace("§", OTHER) for text in (page, article))
    assert cleaned(page) == article
    assert cleaned(article) == article


@pytest.mark.parametrize(
    "line",
    [
        "Read more", "Share on Facebook", "Leave a comment", "Back to top", "Blog Article", "All rights reserved", "Home",
        "- Leave a comment", "1. Share on Facebook", "> Read more", "`Read more`", "[Read more](https://a.example/)",
    ],
)  # fmt: skip
def test_a_lone_line_among_paragraphs_stays(line: str) -> None:
    assert clean(f"{PARAGRAPH}\n\n{line}\n\n{OTHER}\n")[0] == []


@pytest.mark.parametrize("text", ["Read more", "Home\nAbout\nContact\nBlog", "Report this page\n\nShare this:\n", "A\n\nA\n"])
def test_without_a_paragraph_nothing_is_sure(text: str) -> None:
    assert clean(text)[0] == []


def test_what_may_belong_there_is_flagged() -> None:
    _, flags = clean(f"{PARAGRAPH}\n\nLeave a comment\n\n{OTHER}\n")
    assert [(flag.text, flag.reason, flag.stage) for flag in flags] == [("Leave a comment", "comment form", SCRAPING)]
    _, flags = clean("It helps to find a group cbt therapy that has a leader. The results are shown in,, and later.")
    assert sorted(flag.text for flag in flags) == [",,", "a group cbt therapy"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Here are some of them:.", "Here are some of them:"),
        ("It is late , and dark .", "It is late, and dark."),
        ("Who knows?. They do..\nIt ends ;  or not !", "Who knows? They do.\nIt ends;  or not!"),
        ("Find a therapist near me who listens.", "Find a therapist who listens."),
    ],
)
def test_stray_marks_and_search_phrases_go(text: str, right: str) -> None:
    assert cleaned(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "Wait... Then .NET, .5 and ... are read; see ../a or a .. b.",
        "She said “so ,, they say .” and `x , y` is code.",
        "Put it up :rocket:.",
        "I sat down, and a man near me who slept woke up.",
        "Search for “therapist near me that listens” or type therapist near me that listens.",
        "x , 5 ; y",
        "He drove his old suv to the clinic and took the tv along.",
    ],
)
def test_marks_and_words_that_are_meant_stay(text: str) -> None:
    assert clean(text)[0] == []


LINES = (PARAGRAPH, OTHER, "", "", "\r", "  ", "```", "- Share", "The Night", "THE NIGHT", "Home", "About", "Contact")
PAGE = (
    "Read more",
    "Blog Article",
    "Leave a Reply",
    "Continue reading →",
    "Facebook Twitter",
    "© 2021 Us. All rights reserved.",
)


@given(st.lists(st.sampled_from(LINES + PAGE), max_size=14).map("\n".join))
def test_cleaning_comes_to_rest_and_doubles_no_blank_line(text: str) -> None:
    edits, _ = clean(text)
    assert all(text[edit.start : edit.end] == edit.spun != edit.original for edit in edits)
    assert all(a.end <= b.start for a, b in itertools.pairwise(edits))
    now = replay(text, edits)
    assert _most_breaks(now) <= max(1, _most_breaks(text))
    for paragraph in (PARAGRAPH, OTHER):
        assert now.count(paragraph) == text.count(paragraph)
    for _ in range(4):
        if (after := cleaned(now)) == now:
            return
        now = after
    raise AssertionError("does not come to rest")


def _most_breaks(text: str) -> int:
    """The most line breaks between two lines that hold something."""
    held = [i for i, line in enumerate(text.split("\n")) if line.strip()]
    return max((b - a for a, b in itertools.pairwise(held)), default=0)


@pytest.mark.parametrize("unit", ["Read more\n", "Home | ", "a ,", "..", ":.", " near me", "The Night\n\n", "cookies "])
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        clean(f"{PARAGRAPH}\n\n{unit * count}\n\n{OTHER}")
        return time.process_time() - started

    assert seconds(12_000) < 10 * max(0.1, seconds(3_000))
