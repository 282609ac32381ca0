"""Each kind of boilerplate line matches its own example, and none matches what it must not."""

import itertools
import re
import time

import pytest

from despin.document.boilerplate import PLACES, Boilerplate, boilerplate, table


@pytest.mark.parametrize("row", table(), ids=lambda row: row.example)
def test_each_row_keeps_its_word(row: Boilerplate) -> None:
    assert row.where in PLACES
    assert boilerplate(row.example) is row
    assert boilerplate(row.keep) is None


@pytest.mark.parametrize("line", ["  » Read More …", "READ MORE", "## Leave a Reply", "• Facebook", "Don’t miss:"])
def test_marks_and_case_do_not_matter(line: str) -> None:
    assert boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Home is where the heart is.",
        "Share the costs with your neighbors.",
        "Read more books, watch less television.",
        "Contact your doctor if the pain goes on.",
        "Comments from three reviewers led to this version.",
        "Next, mix the eggs with the flour.",
        "Tags are printed on paper that does not tear.",
        "All rights reserved seats were sold.",
        "By Monday, March 3, 2021, all of them had left the island.",
        "We use cookie cutters in the shape of stars.",
        "Email marketing",
        "Facebook was founded in 2004.",
        "12, 14 and 16",
        "The menu changes daily.",
    ],
)
def test_prose_is_none(line: str) -> None:
    assert boilerplate(line) is None


@pytest.mark.parametrize("row", table(), ids=lambda row: row.example)
def test_hostile_lines_take_little_time(row: Boilerplate) -> None:
    pattern = re.compile(row.pattern, re.I)
    words = row.example.split()
    started = time.process_time()
    for unit in (*words, *map(" ".join, itertools.pairwise(words)), row.example, "home | ", "x, ", "a ", "1 "):
        pattern.fullmatch((unit * 300)[:300])
        pattern.fullmatch((f"{unit} " * 300)[:300])
        pattern.fullmatch(row.example + (unit * 300)[: 300 - len(row.example)] + "\x00")
    assert time.process_time() - started < 1
