"""Finds what an article spinner should have resolved and did not: groups of alternatives such as `{good|great}`, in braces,
square brackets or tags, and placeholders such as `%keyword%`.

Purely textual. Brackets with bars in them are also templates, sets, tables, formulas and the syntax of commands; a group is
only taken for spintax if nothing in it or at its borders speaks for one of those. Words that may be either are left to the
caller, who knows the language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Deeper nests than a writer makes, and longer lists than a thesaurus gives, hold something else.
_DEEPEST = 8
_MOST = 60
_LONGEST = 5_000
# So many brackets may be open at a time.
_OPEN = 64
_MARK = re.compile(r"(?i:\[/?(?:spin|spintax|synonyms?)\])|[{}\[\]|]|\n(?=[ \t\r]*\n)")
# What an alternative may hold: words of English, figures, and the punctuation of prose.
_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9\s'’,.!?;:&%$£€()\"“”–—-]*")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9]+(?:['’-][A-Za-z]+)*")
# Laid out in lines, an operator of programs, a tag of templates.
_CODE = re.compile(r"[{\[\]|][ \t\r]*\n|\n[ \t\r]*[|}\]]|\|\||\{%|%\}")
# Words of one or two letters; other such alternatives are variables, chords, answers.
_SHORT = frozenset("a am an as at be by do go he i if in is it me my no of oh ok on or so to up us we".split())
# What may stand right before and after a group: nothing that makes it a command's, a variable's, a link's or a formula's.
_BEFORE = frozenset(" \t\n\r\"'“‘(—–-")
_NOT_AFTER = {"{": "^_=", "[": "^_=([:"}
_PLACEHOLDER = re.compile(
    r"%(?P<percent>[a-z][\w ]{0,30})%|#(?P<hash>[a-z][\w ]{0,30})#|@@(?P<at>[a-z][\w ]{0,30})@@"
    r"|\[\[(?P<squares>[a-z][\w -]{0,30})\]\]|\{\{(?P<braces>[a-z][\w -]{0,30})\}\}"
    r"|\[/?(?P<square>[a-z][\w -]{0,30})\]|\{(?P<brace>[a-z][\w -]{0,30})\}|<(?P<angle>[a-z][\w -]{0,30})>",
    re.IGNORECASE,
)
# The names of placeholders of article spinners and of the tools that post their articles.
_NAMED = frozenset(
    "address anchor article author brand business businessname city company companyname country county domain domainname email "
    "firstname kw lastname link location name niche phone phonenumber product productname region service servicename site "
    "sitename siteurl state street tagline title topic town url website websiteurl zip zipcode".split()
)
# Those that no other templates have: technical writing is full of [name] and <url>.
_SPINNERS = frozenset(
    "anchortext cityname keyphrase keyword keywords maincity mainkeyword spin spintax statename synonym synonyms".split()
)
_EVERYDAY = frozenset({"square", "brace", "angle"})
_SEPARATOR = re.compile(r"[\s_-]|\d+$")


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives in brackets.

    Attributes:
        start: its first character in the text.
        end: the character after its last.
        square: whether its brackets are square.
        alternatives: for each alternative what it is made of, in order: text, and groups in it.
    """

    start: int
    end: int
    square: bool
    alternatives: tuple[tuple[str | Group, ...], ...]

    @property
    def nested(self) -> bool:
        """Whether there are groups in it."""
        return any(isinstance(part, Group) for alternative in self.alternatives for part in alternative)

    @property
    def readings(self) -> list[str]:
        """Each alternative as text, first alternatives chosen in it."""
        return [
            "".join(part if isinstance(part, str) else part.readings[0] for part in alternative)
            for alternative in self.alternatives
        ]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that was to be replaced by what it stands for: its first character in the text, and the one after its last."""

    start: int
    end: int


def groups(text: str) -> Iterator[Group]:
    """Yields the groups of alternatives of a text that lie in no other, in order; takes time in proportion to the text."""
    outermost: list[_Pair] = []
    for pair in _pairs(text):
        while outermost and outermost[-1].start > pair.start:
            outermost.pop()
        outermost.append(pair)
    before = -1
    for pair in outermost:
        group = _group(pair, text)
        if group and _is_apart(group, text, before):
            before = group.end
            yield group


def placeholders(text: str) -> Iterator[Placeholder]:
    """Yields the placeholders of a text, in order."""
    for match in _PLACEHOLDER.finditer(text):
        kind = str(match.lastgroup)
        name = _SEPARATOR.sub("", match[kind].lower())
        if name in _SPINNERS or (name in _NAMED and kind not in _EVERYDAY):
            yield Placeholder(match.start(), match.end())


@dataclass(slots=True)
class _Pair:
    """A pair of brackets or tags: where it opens and closes, its first character, its bars, and the pairs in it."""

    start: int
    opener: str
    bars: list[int]
    inner: list[_Pair]
    closer: int = 0
    end: int = 0
    depth: int = 1


def _pairs(text: str) -> Iterator[_Pair]:
    """Pairs of brackets that hold bars of their own, or are tags; those in others first; none across a blank line."""
    stack: list[_Pair] = []
    hopeless = False
    for match in _MARK.finditer(text):
        mark = match[0].lower()
        if mark == "\n":
            stack.clear()
            hopeless = False
        elif hopeless:
            continue
        elif mark in "{[" or (len(mark) > 1 and mark[1] != "/"):
            stack.append(_Pair(match.start(), mark, [], []))
            if len(stack) > _OPEN:
                stack.clear()
                hopeless = True
        elif not stack:
            continue
        elif mark == "|":
            stack[-1].bars.append(match.start())
        elif mark != _closer(stack[-1].opener):
            stack.clear()
        else:
            pair = stack.pop()
            pair.closer, pair.end = match.span()
            pair.depth += max((inner.depth for inner in pair.inner), default=0)
            if pair.bars or (len(mark) > 1 and pair.inner):
                if stack:
                    stack[-1].inner.append(pair)
                yield pair


def _closer(opener: str) -> str:
    return {"{": "}", "[": "]"}.get(opener, "[/" + opener[1:])


def _group(pair: _Pair, text: str) -> Group | None:
    """A pair as a group, if all that is in it is fit for spintax."""
    if pair.depth > _DEEPEST or len(pair.bars) >= _MOST or pair.end - pair.start > _LONGEST:
        return None
    if pair.opener in "{[" and _CODE.search(text, pair.start, pair.end):
        return None
    inner = iter(pair.inner)
    child = next(inner, None)
    alternatives: list[tuple[str | Group, ...]] = []
    at = pair.start + len(pair.opener)
    for bar in (*pair.bars, pair.closer):
        parts: list[str | Group] = []
        while child and child.start < bar:
            if not (group := _group(child, text)):
                return None
            parts += [text[at : child.start], group]
            at = child.end
            child = next(inner, None)
        alternatives.append(tuple(part for part in (*parts, text[at:bar]) if part))
        at = bar + 1
    group = Group(pair.start, pair.end, pair.opener == "[", tuple(alternatives))
    return group if _are_words(alternatives) and _are_spaced_alike(group.readings) else None


def _is_apart(group: Group, text: str, last: int) -> bool:
    """Whether a group is no part of what stands right before and after it; the last group ended at `last`."""
    if group.end < len(text) and text[group.end] in _NOT_AFTER[text[group.start]]:
        return False
    before = text[group.start - 1 : group.start]
    return not before or before in _BEFORE or group.start == last or (before.isalnum() and _leads(group))


def _are_words(alternatives: list[tuple[str | Group, ...]]) -> bool:
    """Whether alternatives are words as prose has them, and differ."""
    told = False
    for alternative in alternatives:
        own = "".join(part for part in alternative if isinstance(part, str))
        words = _WORD.findall(own)
        if not _PLAIN.fullmatch(own) or any(
            len(word) < 3 and word.lower() not in _SHORT and not word.isdecimal() and not (len(word) > 1 and word.isupper())
            for word in words
        ):
            return False
        told |= len(own) < sum(len(part) if isinstance(part, str) else part.end - part.start for part in alternative) or any(
            len(word) > 1 and not word.isupper() and not word.isdecimal() for word in words
        )
    return told and (len(set(alternatives)) > 1 or len(alternatives) == 1)


def _leads(group: Group) -> bool:
    """Whether the alternatives begin with the space that parts them from the word before."""
    return all(reading.startswith(" ") for reading in group.readings if reading)


def _are_spaced_alike(readings: list[str]) -> bool:
    """Whether alternatives have white space at the same ends, or around the bars: other bars set off what is between them."""
    leading, trailing = ([reading[end].isspace() for reading in readings if reading] for end in (0, -1))
    if len(set(leading)) < 2 and len(set(trailing)) < 2:
        return True
    return "" not in readings and all(leading[1:]) and all(trailing[:-1])
