"""Markdown as the stages see it: the source itself, with more of it protected than patterns can tell.

A parser finds the blocks: code, quotations, raw HTML and definitions, as CommonMark has them, whatever they are nested in. And
an edit is left out if it could change how the source is read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from despin.document.protection import Protected, Protection, end_of_front_matter, stretches, switched_off
from despin.errors import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from despin.restoration import Edit, Stretch

_Stretch = TypeVar("_Stretch", bound="Stretch")
# The parser keeps some kilobytes a line.
_MOST_LINES = 400_000
_NEWLINE = re.compile(r"\r\n?|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BLOCKS = {"fence": "code", "code_block": "indented code", "blockquote_open": "quotation"}
# Raw HTML that is no text; of all other, tags are protected and text is not.
_RAW = re.compile(r"\s*<(?:[!?]|(?:script|pre|style|textarea)\b)", re.I)
# Syntax that many dialects share. Each pattern is linear in the length of the text.
_SYNTAX = {
    # Containers and admonitions, whose first word is a keyword.
    "markup": re.compile(
        r"^[ \t]*(?::{3,}|!!!|\?\?\?\+?)[^\n]*|\[!\w+\]"
        # Attributes, notes and links of a wiki.
        r"|\{[:#.][^{}\n]*\}|\[\^[^\]\s]{1,100}\]|\[\[[^\[\]\n]*\]\]",
        re.M,
    ),
    "address": re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{0,31}:[^\s<>]*>|<[^\s<>@]{1,200}@[^\s<>]{1,200}>"),
    "formula": re.compile(
        r"(?<![\\$])\$\$(?>[^$]{1,5000})\$\$|(?<![\\$\w])\$(?![\s$])(?>[^$\n]{1,500})(?<!\s)\$(?![\d$])"
        r"|\\[\[(](?>[^\\\n]{1,500})\\[\])]|\\[A-Za-z]+(?:\{[^{}\n]*\})*"
    ),
}
_LABEL = re.compile(r"\[((?>[^\[\]\\]|\\.){1,999})\]", re.S)
_TICKS = re.compile(r"(?<!\\)(?P<escapes>\\*)(?P<ticks>`+)")
_TARGET = re.compile(r"(?:\]\(|\]:[ \t]*|href=[\"']?)#([^\s)\"'>]{1,200})")
# Signs that mean something wherever they stand, and what a line may begin with.
_SIGNS = frozenset("\\`*_[]<>#|~&")
_OPENER = re.compile(r"[ \t]*(?:(?:[-+*>=|:~`]+|\d{1,9}[.)]|#{1,6})[ \t]*)*")
# The end of a paragraph before, and the beginning of one behind.
_ENDED = re.compile(r"(?:\A|\n[ \t]*\n)\Z")
_BEGUN = re.compile(r"[ \t]*(?:\Z|\n[ \t]*(?:\n|\Z))")
# An edit's line is looked at so many characters before and behind it.
_NEAR = 1_000
_BREAK = re.compile(r"(?: {2}|\\)\n|\n[ \t]*\n")


class MarkdownView:
    """A Markdown document.

    Attributes:
        text: the source.
    """

    def __init__(self, source: str) -> None:
        self.text = source
        self._protection: Protection | None = None

    @property
    def protection(self) -> Protection:
        """What of the text may not be touched.

        Raises:
            TooLargeError: if it has more lines than memory should be spent on.
        """
        if self._protection is None:
            text = self.text
            syntax = (
                Protected(match.start(), match.end(), reason)
                for reason, pattern in _SYNTAX.items()
                for match in pattern.finditer(text)
            )
            self._protection = Protection([*stretches(text), *_blocks(text), *syntax, *switched_off(text)])
        return self._protection

    def edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Returns the edits that leave it as it is how the document is read."""
        return tuple(edit for edit in edits if _is_safe(self.text, edit))

    def stretches(self, stretches: Iterable[_Stretch]) -> list[_Stretch]:
        """Returns the stretches."""
        return list(stretches)


def _blocks(text: str) -> Iterator[Protected]:
    """Yields code, quotations, raw HTML, definitions, and headings that links of the document lead to."""
    from markdown_it import MarkdownIt  # for those who read Markdown
    from markdown_it.common.utils import normalizeReference

    at = end_of_front_matter(text)
    lines = [match.start() for match in _LINE.finditer(text, at)]
    if len(lines) > _MOST_LINES:
        raise TooLargeError(f"it has more than {_MOST_LINES:,} lines, too many for Markdown; as text it can be read")
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    found: dict[str, Any] = {}
    targets = {match[1].lower() for match in _TARGET.finditer(text)}

    def span(place: Sequence[int], reason: str) -> Protected:
        first, last = place
        return Protected(lines[first], lines[last] if last < len(lines) else len(text), reason)

    tokens = parser.parse(text[at:], found)
    for token, following in zip_longest(tokens, tokens[1:]):
        if not token.map:
            continue
        if token.type in _BLOCKS:
            yield span(token.map, _BLOCKS[token.type])
        elif token.type == "html_block" and _RAW.match(token.content):
            yield span(token.map, "markup")
        elif token.type == "inline":
            yield from _code(text, span(token.map, "code"))
        if token.type == "heading_open" and targets and following and _anchor(following.content) in targets:
            yield span(token.map, "link")
    for definition in (*found.get("references", {}).values(), *found.get("duplicate_refs", ())):
        yield span(definition["map"], "link")
    names = found.get("references", ())
    for match in _LABEL.finditer(text) if names else ():
        if normalizeReference(match[1]) in names:
            yield Protected(match.start(), match.end(), "link")


def _code(text: str, block: Protected) -> Iterator[Protected]:
    """Yields the code in the sentences of a block: what stands between as many ticks, the first of which is not escaped."""
    runs = list(_TICKS.finditer(text, block.start, block.end))
    closers: dict[int, list[int]] = {}
    for run in runs:
        closers.setdefault(len(run["ticks"]), []).append(run.start("ticks"))
    at = block.start
    for run in runs:
        start, end = run.start("ticks") + len(run["escapes"]) % 2, run.end()
        ends = closers.get(end - start, ())
        closer = bisect_left(ends, end)
        if run.start("ticks") >= at and start < end and closer < len(ends):
            at = ends[closer] + end - start
            yield Protected(start, at, "code")


def _anchor(heading: str) -> str:
    """The name by which links lead to a heading, as most renderers make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _is_safe(text: str, edit: Edit) -> bool:
    """Whether an edit leaves signs, lines' beginnings and paragraphs as they are."""
    if any(text[at - 1 : at + 1] == "\r\n" for at in (edit.start, edit.end) if at):
        return False  # half of a line break
    around = text[max(0, edit.start - _NEAR) : edit.start], edit.spun, edit.original, text[edit.end : edit.end + _NEAR]
    head, old, new, tail = (_NEWLINE.sub("\n", part) for part in around)
    if not new.strip() and _stands_alone(head, old, tail):
        return True
    signs = _SIGNS - {"|"} if old[:1] == "{" and old[-1:] == "}" else _SIGNS
    if Counter(sign for sign in old if sign in signs) != Counter(sign for sign in new if sign in signs):
        return False
    # A backslash makes a sign of what follows.
    if head.endswith("\\"):
        return False
    first = head.rfind("\n") + 1
    lead = head[first:] if first or edit.start <= _NEAR else "word"
    rest = tail.partition("\n")[0]
    before, after = ((lead + part + rest).split("\n") for part in (old, new))
    if len(before) == len(after):
        return all(one == other or _begin_alike(one, other) for one, other in zip(before, after, strict=True))
    # Lines of one paragraph may become fewer.
    return (
        len(before) > len(after)
        and old == old.strip("\n")
        and not _BREAK.search(old)
        and not any(_opener(line).strip() for line in (*before[1:], *after[1:]))
        and all(line.strip() for line in after)
        and _begin_alike(before[0], after[0])
    )


def _begin_alike(one: str, other: str) -> bool:
    """Whether two lines begin with the same signs, and both go on."""
    opener = _opener(one)
    return opener == _opener(other) and all(line[len(opener) :].strip() for line in (one, other))


def _stands_alone(head: str, old: str, tail: str) -> bool:
    """Whether what goes is one or more paragraphs as a whole, and those around it stay apart."""
    words = old.strip()
    if not words:
        return False
    lead, _, trail = old.partition(words)
    return (
        _ENDED.search(head + lead) is not None
        and _BEGUN.match(trail + tail) is not None
        and (_ENDED.search(head) is not None or _BEGUN.match(tail) is not None)
    )


def _opener(line: str) -> str:
    """The white space and signs that a line begins with."""
    match = _OPENER.match(line)
    return match.group() if match else ""
