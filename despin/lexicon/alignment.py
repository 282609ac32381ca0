"""Finds what a spinner, or a translator and back, made of a text whose original is at hand.

Words are matched by the longest common runs (Ratcliff and Obershelp, as Python's difflib has it), in letters of either case,
British or American spelling, contracted or in full. A word that was only added or only dropped is taken together with a
neighbour, so that every change has words on both sides.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from despin.errors import InputError

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
_CONTRACTED = {"n't": "not", "'ll": "will", "'re": "are", "'ve": "have", "'m": "am", "ca": "can", "wo": "will"}
_WORD = re.compile(
    r"\w+?(?=n['’]t\b)|n['’]t\b|['’](?:ll|re|ve|m)\b|\w+?(?=['’](?:ll|re|ve|m)\b)"
    r"|\w+(?:['’.,:/@-]\w+)*|[^\w\s]",
    re.IGNORECASE,
)
# Longer lines are not compared, since time grows with the cube of their length at worst.
_LONGEST = 5_000


class Change(NamedTuple):
    """A run of changed words: its first character in the original, the one after its last, and the words there now."""

    start: int
    end: int
    words: str


class Difference(NamedTuple):
    """A run of changed words in both texts: its first character in each, and the one after its last."""

    start: int
    end: int
    rewritten_start: int
    rewritten_end: int


def changes(original: str, rewritten: str) -> list[Change]:
    """Returns where two versions of a text differ, in order, with what stands there now, single spaces between its words.

    Args:
        original: the text as it was written.
        rewritten: what became of it.

    Raises:
        InputError: as `differences` does.
    """
    return [Change(a, b, " ".join(rewritten[c:d].split())) for a, b, c, d in differences(original, rewritten)]


def differences(original: str, rewritten: str) -> list[Difference]:
    """Returns where two versions of a text differ, in order.

    Texts of as many lines are compared line by line. White space is not compared.

    Args:
        original: the text as it was written.
        rewritten: what became of it.

    Raises:
        InputError: if a line, or a text whose lines have no partners, has more than 5,000 words.
    """
    lines = (original.splitlines(keepends=True), rewritten.splitlines(keepends=True))
    found = []
    at = rewritten_at = 0
    for old, new in zip(*lines, strict=True) if len(lines[0]) == len(lines[1]) else [(original, rewritten)]:
        found += [Difference(at + a, at + b, rewritten_at + c, rewritten_at + d) for a, b, c, d in _differences(old, new)]
        at += len(old)
        rewritten_at += len(new)
    return found


def _differences(original: str, rewritten: str) -> list[Difference]:
    old, new = (list(_WORD.finditer(text)) for text in (original, rewritten))
    if max(len(old), len(new)) > _LONGEST:
        raise InputError(f"lines that differ in number, or of more than {_LONGEST:,} words, cannot be compared")
    matcher = SequenceMatcher(None, [_key(match[0]) for match in old], [_key(match[0]) for match in new], autojunk=False)
    touching = [[i > 0 and words[i - 1].end() == word.start() for i, word in enumerate(words)] for words in (old, new)]
    runs = _runs([(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"], *touching)
    return [Difference(old[a].start(), old[b - 1].end(), new[c].start(), new[d - 1].end()) for a, b, c, d in runs]


def _key(word: str) -> str:
    """What is compared of a word."""
    word = word.lower().replace("’", "'").replace("“", '"').replace("”", '"')
    if len(word) >= 5:
        for british, american in _SPELLINGS:
            word = british.sub(american, word)
    return _CONTRACTED.get(word, word)


_Run = tuple[int, int, int, int]  # first and last of the original's words, of the rewritten's


def _runs(opcodes: list[_Run], old: list[bool], new: list[bool]) -> list[_Run]:
    """Changed runs with words on both sides, those joined that one word alone parts and that lack words on one side.

    A run takes in its neighbour, too, where the one text has white space before it and the other has not.

    Args:
        opcodes: the runs that differ.
        old: for each of the original's words whether it touches the word before.
        new: the same for the rewritten words.
    """
    joined: list[_Run] = []
    for a, b, c, d in opcodes:
        if joined and a - joined[-1][1] <= 1 and (_lacks(joined[-1]) or _lacks((a, b, c, d))):
            joined[-1] = (joined[-1][0], b, joined[-1][2], d)
        else:
            joined.append((a, b, c, d))
    whole: list[_Run] = []
    for (a, b, c, d), (end, *_) in zip_longest(joined, joined[1:], fillvalue=(len(old), 0, 0, 0)):
        before = whole[-1][1] if whole else 0
        if _lacks((a, b, c, d)):
            if b < end and not (a > before and old[b]):
                b, d = b + 1, d + 1
            elif a > before:
                a, c = a - 1, c - 1
            elif whole:
                a, _, c, _ = whole.pop()
            else:
                continue
        while a > 0 and old[a] != new[c]:
            if a > before:
                a, c = a - 1, c - 1
            else:
                a, _, c, _ = whole.pop()
        while b < end and old[b] != new[d]:
            b, d = b + 1, d + 1
        whole.append((a, b, c, d))
    return whole


def _lacks(run: _Run) -> bool:
    return run[0] == run[1] or run[2] == run[3]
