"""Finds what a spinner, or a translator and back, made of a text whose original is at hand.

Words are matched by the longest common runs (Ratcliff and Obershelp, as Python's difflib has it), in letters of either case
and in British or American spelling. A word that was only added or only dropped is taken together with a neighbour, so that
every change has words on both sides.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# What parts British from American spelling, in words of five letters or more: more than in fact, but two words that only this
# makes alike hardly stand for each other.
_SPELLINGS = [
    (re.compile(british), american)
    for british, american in (
        (r"([iy])s(?=e|ing|ation|able)", r"\1z"),
        ("our", "or"),
        (r"([^aeiou])re(?=s?$)", r"\1er"),
        ("ogue", "og"),
        ("ence(?=s?$)", "ense"),
        ("ll(?=[eio])", "l"),
    )
]
_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


class Change(NamedTuple):
    """A run of changed words: its first character in the original, the one after its last, and the words there now."""

    start: int
    end: int
    words: str


def changes(original: str, rewritten: str) -> list[Change]:
    """Returns where two versions of a text differ, in order.

    Texts of as many lines are compared line by line. White space is not compared; words are given with single spaces between.

    Args:
        original: the text as it was written.
        rewritten: what became of it.
    """
    lines = (original.splitlines(keepends=True), rewritten.splitlines(keepends=True))
    found = []
    at = 0
    for old, new in zip(*lines, strict=True) if len(lines[0]) == len(lines[1]) else [(original, rewritten)]:
        found += [Change(at + start, at + end, words) for start, end, words in _changes(old, new)]
        at += len(old)
    return found


def _changes(original: str, rewritten: str) -> list[Change]:
    old = list(_WORD.finditer(original))
    new = [match[0] for match in _WORD.finditer(rewritten)]
    matcher = SequenceMatcher(None, [_key(match[0]) for match in old], [_key(word) for word in new], autojunk=False)
    runs = _runs([(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"], len(old))
    return [Change(old[a].start(), old[b - 1].end(), " ".join(new[c:d])) for a, b, c, d in runs]


def _key(word: str) -> str:
    """What is compared of a word."""
    word = word.lower()
    if len(word) >= 5:
        for british, american in _SPELLINGS:
            word = british.sub(american, word)
    return word


_Run = tuple[int, int, int, int]  # first and last of the original's words, of the rewritten's


def _runs(opcodes: list[_Run], size: int) -> list[_Run]:
    """Changed runs with words on both sides, those joined that one word alone parts and that lack words on one side."""
    joined: list[_Run] = []
    for a, b, c, d in opcodes:
        if joined and a - joined[-1][1] <= 1 and (_lacks(joined[-1]) or _lacks((a, b, c, d))):
            joined[-1] = (joined[-1][0], b, joined[-1][2], d)
        else:
            joined.append((a, b, c, d))
    whole: list[_Run] = []
    for a, b, c, d in joined:
        if _lacks((a, b, c, d)):
            if b < size:
                b, d = b + 1, d + 1
            elif a > (whole[-1][1] if whole else 0):
                a, c = a - 1, c - 1
            else:
                continue
        whole.append((a, b, c, d))
    return whole


def _lacks(run: _Run) -> bool:
    return run[0] == run[1] or run[2] == run[3]
