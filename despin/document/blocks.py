"""Cuts a text into blocks: paragraphs, headings, list items; the units that are tagged and judged.

A line break inside a hard-wrapped paragraph does not cut; one after a heading, a list item or a finished sentence does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A longer paragraph is cut at a sentence's or a word's end: spaCy's memory grows with the length of a block.
MAX_BLOCK = 10_000
# A line shorter than this that is followed by a capital was not wrapped: it is a heading or an item.
_WRAP_WIDTH = 45
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(r"\s*(?:[-*+•·>#|=~]|\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s)")
_TERMINAL = re.compile(r"[.!?:;…][\"'”’)\]]*\s*$")
_STOP = re.compile(r"[.;][\"'”’)\]]*\s*$")
_CUT = re.compile(r"(?<=[.!?])\s+|\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that a title leaves in lower case.
SMALL_WORDS = frozenset(
    "a an and as at but by for from if in into is nor of on or over per so than that the till to up via with your".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, in characters, and whether its capitals are a heading's (title case or all capitals)."""

    start: int
    end: int
    capitals: bool


def blocks(text: str) -> Iterator[Block]:
    """Yields the text's blocks in order; white space between them belongs to none."""
    start = end = -1
    line = ""
    for match in _LINE.finditer(text):
        if not (here := match.group()).strip():
            continue
        if start >= 0 and _continues(line, here) and text[end : match.start()].strip(" \t") in ("\n", "\r\n", "\r"):
            end = match.end()
        else:
            if start >= 0:
                yield from _bounded(text, start, end)
            start, end = match.span()
        line = here
    if start >= 0:
        yield from _bounded(text, start, end)


def is_capitalised(text: str) -> bool:
    """Whether a stretch of text is in title case or all capitals, so that its capitals name nothing."""
    words = _WORD.findall(text)
    long = [word for word in words if word.lower() not in SMALL_WORDS and len(word) > 1]
    if len(long) < 2:
        return bool(words) and len(words) <= 3 and len(text) < _WRAP_WIDTH and not _TERMINAL.search(text) and text[:1].isupper()
    capital = sum(word[0].isupper() for word in long)
    # A sentence that ends as one may be rich in names; only if nothing else stands in it is it a title.
    share = 1.0 if _TERMINAL.search(text) else 0.75
    return capital >= share * len(long) and (len(words) <= 20 or all(word.isupper() for word in long))


def _continues(line: str, following: str) -> bool:
    """Whether a line break stands inside a paragraph: the line ends unfinished, and the next goes on with it."""
    if _TERMINAL.search(line) or _MARKER.match(following) or is_capitalised(line):
        return False
    if following.lstrip()[0].islower():
        return True
    # A heading does not end as a sentence does; the last line of a wrapped paragraph, short and rich in names, may.
    return len(line) >= _WRAP_WIDTH and (not is_capitalised(following) or bool(_STOP.search(following)))


def _bounded(text: str, start: int, end: int) -> Iterator[Block]:
    while end - start > MAX_BLOCK:
        cut = start + MAX_BLOCK
        for match in _CUT.finditer(text, start + MAX_BLOCK // 2, start + MAX_BLOCK):
            cut = match.end()
            if text[match.start() - 1] in ".!?" and match.start() > start + MAX_BLOCK * 3 // 4:
                break
        yield Block(start, cut, False)
        start = cut
    piece = text[start:end]
    yield Block(start, end, is_capitalised(piece.splitlines()[0] if "\n" in piece else piece))
