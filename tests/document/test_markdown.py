"""Markdown keeps its structure whatever its words become."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from despin.document import markdown
from despin.document.markdown import MarkdownView
from despin.errors import TooLargeError
from despin.restoration import Edit, replay

# Each text with what of it is protected, between ⟦ and ⟧.
CASES = {
    "indented code": "Then this.\n\n⟦    Obtain it when the people go home to sleep.\n⟧\nThen that.",
    "paragraphs of an item": "- One.\n\n  Obtain it.\n\n    Obtain more.",
    "code in an item": "- One.\n\n⟦      obtain()\n⟧\n- Two.",
    "code in an item of an item": "- One.\n  - Two.\n\n⟦        obtain()\n⟧\n    Three.",
    "block quotation that goes on": "⟦> Obtain it.\nPeople obtain it.\n⟧\nThen.",
    "block quotation in an item": "- One.\n\n⟦  > Obtain it.\n⟧\nThen.",
    "fence in a block quotation": "⟦> ```\n> obtain\n> ```\n⟧\nThen.",
    "fence that is not closed": "One.\n\n⟦~~~~ obtain\nobtain\n~~~\nobtain⟧",
    "definition over lines": "⟦[one]:\n  /two\n  'Obtain\n  it'\n⟧\nThen ⟦[one]⟧.",
    "script that is not closed": "One.\n\n⟦<script>\nobtain\n\nobtain⟧",
    "comment that is not closed": "One.\n\n⟦<!-- obtain\n\nobtain⟧",
    "text in raw HTML": "⟦<div>⟧\nPeople obtain it.\n⟦</div>⟧",
    "front matter": "⟦---\ntitle: Obtain it\n---⟧\n\nThen\n----\n\nPeople.",
    "code behind an escaped tick": r"Call \`⟦`obtain`⟧ then.",
    "code behind code with a tick": "⟦    `obtain\n`people`⟧ obtain it",
    "address without a dot": "Write to ⟦<people@obtain>⟧ or ⟦<obtain:people>⟧.",
    "container": "⟦::: warning⟧\nPeople obtain it.\n⟦:::⟧",
    "admonition": '⟦!!! note "Obtain it"⟧\n\nThen.',
    "attributes": "# People ⟦{#people .obtain}⟧\n\nThen.⟦{: .obtain}⟧",
    "note": "People⟦[^people]⟧ obtain it.\n\n⟦[^people]⟧: They do.",
    "page of a wiki": "See ⟦[[Obtain it|people]]⟧.",
    "formula": r"If ⟦$people < more$⟧ or ⟦$$obtain$$⟧ or ⟦\(a b\)⟧ then ⟦\cite{people}⟧.",
    "prices": "From ⟦$5⟧ people pay up to ⟦$10⟧ more.",
    "heading that a link leads to": "⟦# Obtain *it*, people!\n⟧\n# Others\n\nSee [there]⟦(#obtain-it-people)⟧.",
    "switched off": "One ⟦<!-- despin: off -->\n\nobtain <!-- despin: on -->⟧ two.",
}


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_protects_exactly_the_marked_stretches(marked: str) -> None:
    text = re.sub("[⟦⟧]", "", marked)
    protection = MarkdownView(text).protection
    shown = "".join(f"⟦{char}⟧" if protection.touches(at, at + 1) else char for at, char in enumerate(text))
    assert shown.replace("⟧⟦", "") == marked


# Texts with an edit, and whether it may be made.
EDITS = {
    "word": ("obtain it", "obtain", "get", True),
    "words over a line": ("each\nvarious other", "each\nvarious other", "each other", True),
    "words over a hard break": ("each  \nvarious other", "each  \nvarious other", "each other", False),
    "words over paragraphs": ("each\n\nother", "each\n\nother", "each other", False),
    "sign that comes": ("obtain it", "obtain", "*get*", False),
    "sign that goes": ("*obtain* it", "*obtain", "get", False),
    "reference that is decoded": ("a &lt;b", "&lt;", "<", False),
    "spintax": ("{obtain|get} it", "{obtain|get}", "get", True),
    "cells": ("| a | b |", "a | b", "c", False),
    "what would begin an item": ("well - obtain", "well ", "", False),
    "what would be numbered": ("the 1. day", "the ", "", False),
    "what would be a heading": ("see # one", "see ", "", False),
    "what would be code": ("a\n\nb     c", "b", "", False),
    "indentation": ("- a\n\n  b", "  b", "b", False),
    "all of an item": ("a\n- b", "b", "", False),
    "all of a line": ("a\nb\nc", "b", "", False),
    "all of a paragraph": ("a\n\nb c\n\nd", "b c", "", True),
    "all of a paragraph and its end": ("a\n\nb c\n\nd", "b c\n\n", "", True),
    "all of a paragraph and both ends": ("a\n\nb c\n\nd", "\n\nb c\n\n", "", False),
    "all of the last paragraph": ("a\n\nb c\n", "b c\n", "", True),
    "all of the first paragraph": ("a b\n\nc", "a b\n\n", "", True),
    "line that ends elsewhere": ("word\na - b", "word\na", "a\n", False),
    "words from nothing": ("a\n\n \n\nb", " ", "a", False),
    "new line": ("a b", "a b", "a\nb", False),
    "within a long line": (f"{'word ' * 1_000}- obtain it", "obtain ", "", True),
}


@pytest.mark.parametrize(("text", "spun", "original", "safe"), EDITS.values(), ids=EDITS.keys())
def test_edits_that_change_how_the_text_is_read_are_left_out(text: str, spun: str, original: str, safe: bool) -> None:
    at = text.index(spun)
    edit = Edit(at, at + len(spun), spun, original, 0.9)
    assert MarkdownView(text).edits([edit]) == ((edit,) if safe else ())


WORD = re.compile(r"[^\W\d_]+")
MARK = "zq"


def structure(text: str) -> list[object]:
    """All that a parser reads in a text: blocks, what is in them, and what links lead to."""
    env: dict[str, object] = {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text, env)
    return [*(token.as_dict() for token in tokens), env]


def check_that_words_alone_change(text: str) -> None:
    view = MarkdownView(text)
    words = [Edit(m.start(), m.end(), m[0], MARK + m[0], 0.9) for m in WORD.finditer(text)]
    edits = view.edits([edit for edit in words if not view.protection.touches(edit.start, edit.end)])
    before, after = structure(text), structure(replay(text, edits))
    assert repr(after).replace(MARK, "") == repr(before)
    # Addresses stay, and so do all kinds of code.
    for token in after[:-1]:
        for part in (token, *(token["children"] or ())):
            assert not any(MARK in str(value) for name, value in part["attrs"] or () if name in ("href", "src"))
            assert part["type"] not in ("fence", "code_block", "code_inline") or MARK not in part["content"] + part["info"]


PIECES = [
    *("word", "Word word.", "word\n", "a - b", " ", "  ", "  \n", "\n", "\n\n", "    ", "\t", "\r\n", "\r", "\0", "é"),
    *("- ", "* ", "+", "1. ", "> ", "# ", "---\n", "===\n", "=", "title: word\n", ":::", "```", "~~~", "`", "|", "|-|\n"),
    *("*", "**", "_", "[", "](", ")", "](word)", "[word]: word\n", "![", "[^word]", "\\", "&amp;", "&", ";", '"', "'", "$"),
    *("<b>", "</b>", "<div>\n", "<pre>", "<!--", "-->", "<", ">", "{", "}", "http://a.example/word", "<http://a.example/word>"),
]
soup = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join).filter(lambda text: MARK not in text)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(soup)
def test_structure_of_random_texts_stays(text: str) -> None:
    check_that_words_alone_change(text)


def test_structure_of_real_texts_stays(documents: Callable[..., Iterator[tuple[str, str]]]) -> None:
    texts = 0
    for _, text in documents((".md", ".markdown"), 60_000):
        if MARK not in text:
            check_that_words_alone_change(text)
            texts += 1
        if texts == 60:
            return
    pytest.skip("fewer than 60 Markdown files are installed")


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    soup,
    st.integers(0, 100),
    st.integers(0, 12),
    st.sampled_from(["", "word", "- ", "1.", "# word", "*a*", "a\n", " word", "\n"]),
)
@example(" 0;\r\nword", 2, 2, "a\n")
def test_edits_of_random_places_leave_the_blocks(text: str, start: int, length: int, new: str) -> None:
    start = min(start, len(text))
    spun = text[start : start + length]
    view = MarkdownView(text)
    if view.protection.touches(start, start + max(len(spun), 1)) or not spun:
        return
    edits = view.edits([Edit(start, start + len(spun), spun, new, 0.9)])

    def blocks(text: str) -> list[tuple[str, int]]:
        return [(token.type, token.level) for token in MarkdownIt("commonmark").parse(text) if "paragraph" not in token.type]

    if new.strip():
        assert blocks(replay(text, edits)) == blocks(text)


@pytest.mark.parametrize(
    "unit",
    [
        *("> ", "- ", ">- ", "* a\n", "1. a\n", "[a]: b\n", "[a]:\n", "```\n", "    a\n", "<div>\n", "<!--\n", "$a", "$$a"),
        *("\\(", "\\a{", "[^a", "[[", "[a", "{#", "# a\n", "a\n=\n", "\r", "| a |\n", "](#a)\n", "<a:", "<a@", "!!!\n"),
    ],
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    begin = time.perf_counter()
    view = MarkdownView(unit * 30_000)
    assert view.protection.spans is not None
    assert time.perf_counter() - begin < 60


def test_many_edits_of_one_line_take_linear_time() -> None:
    begin = time.perf_counter()
    text = "word " * 100_000
    MarkdownView(text).edits([Edit(m.start(), m.end(), m[0], "x", 0.9) for m in WORD.finditer(text)])
    assert time.perf_counter() - begin < 60


def test_refuses_more_lines_than_memory_is_spent_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_MOST_LINES", 100)
    assert MarkdownView("a\n" * 99).protection
    with pytest.raises(TooLargeError, match="more than 100 lines"):
        assert MarkdownView("a\n" * 101).protection
