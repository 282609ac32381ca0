"""Finds what may not be touched in a text: addresses, code, markup, quoted speech, numbers, switched-off passages.

Purely textual; names, which need the sentence, are found in `despin.document.names`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Set

    from despin.restoration import Edit

_SWITCH = re.compile(r"despin\s?:\s*(on|off)\b", re.I)
# A line break that does not end a paragraph.
_BREAK = r"\n(?![ \t\r]*\n)"
# One pattern a kind of span; each is linear in the length of the text (no nested repetition), for hostile input.
_PATTERNS = {
    "front matter": re.compile(
        r"\A\ufeff?\s*^(?P<mark>---|\+\+\+)[ \t]*\r?\n(?=\s*[\w\"'.-]+[ \t]*[:=]|[#\[]).*?^(?:(?P=mark)|\.\.\.)[ \t]*\r?$",
        re.S | re.M,
    ),
    "code": re.compile(
        r"^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:(?P<fence>```++)[^`\n]*|(?P<tilde>~~~++)[^\n]*)\n"
        r"(?:.*?^[ \t]*(?:(?P=fence)`*|(?P=tilde)~*)[ \t]*\r?$|.*\Z)"
        rf"|(?<!`)(?P<ticks>`{{1,20}})(?!`)(?:[^\n]|{_BREAK}){{1,1000}}?(?<!`)(?P=ticks)(?!`)",
        re.S | re.M,
    ),
    "markup": re.compile(
        r"</?[A-Za-z][A-Za-z0-9:-]*+(?:\s(?>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*))?/?>"
        r"|</?[A-Za-z][A-Za-z0-9:-]*+(?:\s[^<>]*)?/?>|<![A-Za-z][^<>]*>"
    ),
    "entity": re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"),
    "link": re.compile(
        r"(?<=\])\((?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?\)"
        r"|\[[^\[\]\n]*\]\[\]"
        r"|(?<=\])\[[^\]\n]*\]"
    ),
    "address": re.compile(
        r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s<>\"'`]+"
        r"|\b(?:mailto|tel|doi):\S+"
        r"|\b(?i:www)\.[^\s<>\"'`]+"
        r"|(?<![\w:/])//[A-Za-z0-9-]{1,63}\.[^\s<>\"'`]+"
        r"|\b[A-Za-z0-9.-]{1,63}:\d{2,5}/[^\s<>\"'`]*"
        r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
        r"|\b[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}\.(?:com|org|net|edu|gov|io|co|info|biz|uk|us|ca|au|de|fr)\b(?:/[^\s<>\"'`]*)?"
        r"|(?<![\w/.])(?:~|\.{1,2})?(?:/[\w.@-]+){2,}/?"
        r"|\b[A-Za-z]:\\[^\s<>\"']+"
        r"|(?<![\w&;])[#@]\w+",
    ),
    "identifier": re.compile(
        r"\b[^\W_]+(?:_+[^\W_]+)+\b|\b_+\w+\b|\b[a-z]+(?:[A-Z][a-z0-9]*)+\b|\b(?:[A-Z][a-z0-9]+){2,}\b|(?<!\w)--?[a-z][\w-]{0,60}(?==)|(?<!\w)--[a-z][\w-]*"
        r"|\b\w+\(\)|\b[\w-]{1,100}\.(?:py|js|ts|c|h|cpp|java|rs|go|sh|md|txt|html?|css|json|ya?ml|toml|xml|csv|pdf|docx?|xlsx?|png|jpe?g|gif|svg|zip|exe)\b"
        r"|%\w+%|\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|\$[A-Za-z_]\w*"
    ),
    "number": re.compile(
        r"(?:[$€£¥]\s?)?\d[\d.,:/–-]*(?:(?:[^\S\r\n]{0,2}|\r\n?|\n)"
        r"(?:%|°\s?[CF]?|(?:k|M|G|T|m|c|µ|n)?(?:Hz|W|Wh|B|b|m|g|l|L|V|A|J|Pa|s)\b"
        r"|(?:am|pm|a\.m\.|p\.m\.|percent|per cent|million|billion|trillion|thousand|hundred"
        r"|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|decades?|inches|inch|feet|foot|ft|in|yards?|miles?|mph|km/h"
        r"|meters?|metres?|kilometers?|kilometres?|centimeters?|centimetres?|millimeters?|millimetres?"
        r"|pounds?|lbs?|ounces?|oz|grams?|kilograms?|kilos?|tons?|tonnes?|liters?|litres?|gallons?|cups?|quarts?|pints?"
        r"|tablespoons?|teaspoons?|tbsp|tsp|calories|kcal|degrees?|dollars?|bucks?|cents?|pence|euros?|watts?|volts?|amps?"
        r"|gigabytes?|megabytes?|kilobytes?|terabytes?|bits?|bytes?|pixels?|acres?|hectares?|mmol|mg|ml|mmHg)\b))?"
    ),
}
# What these protect are words: who quotes, counts or writes an entity means no broken characters.
WORDS_ONLY = frozenset({"quotation", "number", "entity"})
# Atomic groups stand where possessive quantifiers would do, since with those Python 3.11.2 misses matches.
# Quotation marks that open and close a quotation, over line breaks but not over blank lines. Single straight ones are
# apostrophes too often to be believed; a straight one after a figure or letter opens nothing (5" pipe).
_QUOTES = re.compile(
    rf"(?<!\w)\"(?>(?:[^\"\n]|{_BREAK})+)\"|“(?>(?:[^”“\n]|{_BREAK}|“(?>(?:[^”“\n]|{_BREAK})*)”)+)”"
    rf"|«(?>(?:[^«»\n]|{_BREAK})+)»|«(?>(?:[^»\n]|{_BREAK}){{1,2000}})»"
    rf"|„(?>(?:[^„“”\n]|{_BREAK})+)[“”]|„(?>(?:[^“”\n]|{_BREAK}){{1,2000}})[“”]"
    rf"|‘(?>(?:[^’‘\n]|’(?=\w)|{_BREAK}){{1,1000}})’(?!\w)"
    # Each paragraph of a long quotation opens anew, and only the last one closes.
    rf"|“(?>(?:[^”“\n]|{_BREAK})+)(?=\n[ \t\r]*\n\s*“)"
)
# Elements whose text is not prose of the author's own.
_ELEMENT = re.compile(
    r"<(script|style|pre|code|kbd|samp|tt|textarea|blockquote|q)\b[^<>]*>|<!--|<!\[CDATA\[|<\?(?:php|xml|=)|\{%|\{#", re.I
)
# Code of templates and of servers alone, as it stands in HTML, whose elements a parser finds.
_TEMPLATE = re.compile(r"<\?(?:php|=)|<%|\{%|\{#", re.I)
_CLOSERS = {"<!--": "-->", "<![CDATA[": "]]>", "<%": "%>", "{%": "%}", "{#": "#}"}
# A block quotation goes on over lines without its mark that go on with a sentence.
_BLOCK_QUOTE = re.compile(r"^[ \t]{0,3}>[^\n]*(?:\n(?=[a-z])[^\n]*)*", re.M)
_INDENTED = re.compile(r"(?:\A|^[ \t]*\r?\n)(?:(?:    |\t)[ \t]*\S[^\n]*(?:\n|\Z)|[ \t]*\r?\n(?=    |\t))+", re.M)
# The lines of a paragraph, and those that follow it without indentation.
_PARAGRAPH = re.compile(r"^(?:[ \t]*\S[^\n]*(?:\n|\Z))+", re.M)
_CONTINUED = re.compile(r"(?:[ \t]*\S[^\n]*(?:\n|\Z))+")
# What tells an indented paragraph of a plain text from code: so many words, nearly all of letters, from a capital to a stop.
_FEWEST = 8
_PLAIN = re.compile(r"[(\[“‘\"']*(?:[^\W\d_]+(?:['’/-][^\W\d_]+)*\.?|\d[\d.,]*%?|[–—-]+)[)\]”’\"']*[.,;:!?…]*[)\]”’\"']*")
_OPENING = re.compile(r"[(“‘\"']*[^\W\d_a-z]")
_CLOSING = re.compile(r"[.!?…][)”’\"']*\Z")
_CODE = re.compile(r"[{}=<>|\\^~$@#]|;[ \t]*$|\w\(|\(\)|::|->|^[ \t]*(?:[$%>*+-]|//|\.\.)", re.M)
_DEEP = re.compile(r"^(?: {6}| *\t[ \t])", re.M)
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]")
# Square brackets whose words are the name of a link that is defined elsewhere.
_LABEL = re.compile(r"\[([^\[\]\n]{1,200})\]")
_DEFINITION = re.compile(
    r"^[ \t]{0,3}\[([^\[\]\n]{1,200})\]:[ \t]*(?:<[^<>\n]*>|\S+)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*\r?$",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Protected:
    """A protected stretch in characters of the text, and what protects it."""

    start: int
    end: int
    reason: str


class Protection:
    """The protected stretches of one text, asked by position."""

    __slots__ = ("_ends", "_starts", "spans")

    def __init__(self, spans: Iterable[Protected]) -> None:
        self.spans = tuple(sorted(spans, key=lambda span: (span.start, span.end)))
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in self.spans:
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def touches(self, start: int, end: int) -> bool:
        """Whether any character from start to end (exclusive) is protected."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._ends[at] > start

    def without(self, reasons: Set[str]) -> Protection:
        """Returns the stretches that something else protects than these reasons."""
        return Protection(span for span in self.spans if span.reason not in reasons)

    def after(self, edits: Iterable[Edit]) -> Protection:
        """Returns the same stretches in the text that edits, which touch none of them, have made."""
        found = []
        waiting = deque(edits)
        shift = 0
        for span in self.spans:
            while waiting and waiting[0].end <= span.start:
                edit = waiting.popleft()
                shift += len(edit.original) - len(edit.spun)
            found.append(Protected(span.start + shift, span.end + shift, span.reason))
        return Protection(found)

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yields the stretches from start to end (exclusive) that are not protected, in order."""
        at = max(0, bisect_right(self._starts, start) - 1)
        while start < end and at < len(self._starts):
            if start < min(self._starts[at], end):
                yield start, min(self._starts[at], end)
            start = max(start, self._ends[at])
            at += 1
        if start < end:
            yield start, end


def protect(text: str) -> Protection:
    """Finds the protected stretches of a plain text."""
    return Protection([*stretches(text), *_indented_code(text), *switched_off(text)])


def stretches(text: str) -> list[Protected]:
    """Finds what is protected in a text of any kind: all but indented code, which each kind has its own rule for, and passages
    that are switched off, which are looked for in the source.
    """
    spans = [
        Protected(match.start(), match.end(), reason)
        for reason, pattern in _PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    spans += (Protected(m.start(), m.end(), "quotation") for p in (_QUOTES, _BLOCK_QUOTE) for m in p.finditer(text))
    definitions = list(_DEFINITION.finditer(text))
    spans += (Protected(m.start(), m.end(), "link") for m in definitions)
    names = {match[1].lower() for match in definitions}
    spans += (Protected(m.start(), m.end(), "link") for m in _LABEL.finditer(text) if names and m[1].lower() in names)
    return spans + _elements(text, _ELEMENT)


def template_code(text: str) -> list[Protected]:
    """Finds code of templates and of servers in an HTML document."""
    return _elements(text, _TEMPLATE)


def end_of_front_matter(text: str) -> int:
    """Returns where a document's front matter ends; 0 if it has none."""
    match = _PATTERNS["front matter"].match(text)
    return match.end() if match else 0


def _indented_code(text: str) -> list[Protected]:
    """Paragraphs that are indented as Markdown's code; not those of an item, whose code is indented more, nor prose."""
    spans = []
    for match in _INDENTED.finditer(text):
        end = match.start()
        while end and text[end - 1].isspace():
            end -= 1
        if _ITEM.match(text, text.rfind("\n", 0, end) + 1, end) and not _DEEP.search(match.group()):
            continue
        announced = text.endswith("::", 0, end)
        bounds = [match.start()]
        for paragraph in () if announced else _PARAGRAPH.finditer(text, match.start(), match.end()):
            more = _CONTINUED.match(text, paragraph.end()) if paragraph.end() == match.end() else None
            if _is_prose(paragraph.group() + (more.group() if more else "")):
                bounds += paragraph.span()
        bounds.append(match.end())
        for start, stop in zip(bounds[::2], bounds[1::2], strict=True):
            if text[start:stop].strip():
                spans.append(Protected(start, stop, "indented code"))
    return spans


def _is_prose(paragraph: str) -> bool:
    """Whether an indented paragraph reads as prose: sentences of plain words without the signs of code."""
    words = paragraph.split()
    plain = sum(_PLAIN.fullmatch(word) is not None for word in words)
    return (
        len(words) >= _FEWEST
        and plain >= 0.9 * len(words)
        and _OPENING.match(words[0]) is not None
        and _CLOSING.search(words[-1]) is not None
        and not _CODE.search(paragraph)
    )


def _elements(text: str, pattern: re.Pattern[str]) -> list[Protected]:
    """Comments, code of templates, and elements of code or quotation, tags included; what is not closed is none of them."""
    spans = []
    unclosed: set[str] = set()
    at = 0
    while match := pattern.search(text, at):
        at = match.end()
        name = (match[1] or "").lower() if pattern.groups else ""
        end = rf"</{name}\s*>" if name else re.escape(_CLOSERS.get(match[0].upper(), "?>"))
        if end in unclosed:
            continue
        closer = re.compile(end, re.I).search(text, at)
        if closer:
            at = closer.end()
            spans.append(Protected(match.start(), at, "markup"))
        else:
            unclosed.add(end)
    return spans


def switched_off(text: str) -> list[Protected]:
    """Passages between `despin: off` and `despin: on`, wherever those stand: in a comment of any markup, or bare."""
    spans = []
    off: int | None = None
    for match in _SWITCH.finditer(text):
        if match[1].lower() == "off":
            off = match.start() if off is None else off
        else:
            spans.append(Protected(match.start() if off is None else off, match.end(), "switched off"))
            off = None
    if off is not None:
        spans.append(Protected(off, len(text), "switched off"))
    return spans
