"""Lines that pages have around an article: buttons, notices, navigation. They are data, `boilerplate.tsv`, one kind a row.

A row's pattern matches a whole line, in any case, without marks around it. `where` tells where that is sure enough to remove
it: `line` anywhere, `start` above an article's first paragraph, `end` below its last one, `edge` in either place, `run` where
several of them follow one another, `group` among several in either place, or of other kinds; `flag` nowhere. Each row has an
example, and a line that it must not match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LINE, START, END, EDGE, RUN, GROUP, FLAG = PLACES = ("line", "start", "end", "edge", "run", "group", "flag")
# Longer lines are no boilerplate of a kind that is told by its wording.
LONGEST = 300
_SPACE = re.compile(r"\s+")
_BULLET = re.compile(r"(?:[-*•·+▪►▸»›✓✔☰|]|#{1,6})\s+")
_ITEM = re.compile(r"\s*(?:[-*+•·]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_MARKS = " \t.:!?…»›→>|*_ "


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A kind of line that belongs to a page, not to its article."""

    pattern: str
    where: str
    reason: str
    example: str
    keep: str


@cache
def table() -> tuple[Boilerplate, ...]:
    """Reads the kinds of lines."""
    rows = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Boilerplate(*row.split("\t")) for row in rows)


def boilerplate(line: str) -> Boilerplate | None:
    """Returns the kind of boilerplate that a line is, the first of the table that fits; None if it is none."""
    if len(line) > LONGEST:
        return None
    line = _SPACE.sub(" ", line).replace("’", "'").strip()
    bare = line[match.end() :] if (match := _BULLET.match(line)) else line
    # Marks that end a line are part of some patterns, and of others not.
    for shown in dict.fromkeys((bare, bare.strip(_MARKS))):
        if _any().fullmatch(shown):
            return next(row for row, pattern in zip(table(), _each(), strict=True) if pattern.fullmatch(shown))
    return None


def is_item(line: str) -> bool:
    """Whether a line is an item of a list, by its mark."""
    return _ITEM.match(line) is not None


@cache
def _each() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row.pattern, re.I) for row in table())


@cache
def _any() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row.pattern})" for row in table()), re.I)
