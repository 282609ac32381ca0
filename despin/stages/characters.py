"""Repairs characters that went wrong on their way: mojibake, HTML entities in plain text, control characters, broken
surrogates and terminal escapes. Nothing stylistic, and no wording: so quotations, names and numbers are repaired, too, but not
code, addresses, markup and what else is no prose.

Mojibake is ftfy's work, line by line; what it makes of a line is aligned with the line, so that each edit is as small as what
was broken.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import name2codepoint
from typing import TYPE_CHECKING
from unicodedata import category, normalize

from despin.document.protection import WORDS_ONLY
from despin.document.views import TEXT
from despin.restoration import Edit, Evidence, Flag, compose, replay
from despin.settings import CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from despin.document.protection import Protection
    from despin.draft import Draft

# Measured on clean prose and on text that was broken on purpose (tests/benchmarks/mojibake.py).
_CONFIDENCE = 0.99
# What one repair brings to light another repairs: an entity may stand for a part of mojibake.
_LAYERS = 4
# Longer lines are repaired in parts: enough context to tell an encoding, few enough that nested mojibake costs little.
_LONGEST = 4_000
# So many flags tell that a document is broken; more tell nothing.
_MOST_FLAGS = 200

_SUSPECT = re.compile(r"&[#A-Za-z]|[\x00-\x08\x0e-\x1f\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_BREAKABLE = re.compile(r"(?<=[!-~]) (?=[!-~])")
# Mojibake is read anew without its ASCII characters changing, but for spaces, which no-break spaces have become.
_UNCHANGED = re.compile(r"[^ \x80-\U0010ffff]+")
# The last byte of a closing quotation mark means nothing in Windows-1252, so that it is lost, or became a sign of loss.
_MARKS = re.compile(
    r"(?P<opens>“|â€œ|Ã¢â‚¬Å“)|(?P<closes>”|â€\x9d|Ã¢â‚¬Â\x9d)|(?P<broken>â€|Ã¢â‚¬Â)(?:\ufffd|(?=[\s.,;:!?)\]]|\Z))"
)
# Dashes, quotation marks and accents as DOS reads them, which ftfy lets pass.
_DOS = re.compile(r"ΓÇ[£¥ªáîïòôöÿÖÜó]|(?<=[A-Za-z0-9])[├┬][^\x00-\x7f]")
_LOST = re.compile(r"\ufffd+|â€|Ã¢â‚¬")

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[()*+][A-Z0-9]|[=>78cDEHM])?")
_SURROGATES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
# Line and record separators stay; so does a byte-order mark where it belongs.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffc]+|(?<!\A)[\ufeff\u206a-\u206f\ufff9-\ufffb]+")
# Characters of two bytes that lost the first: U+2019 becomes U+0019. Contractions and possessives tell.
_HALVED = re.compile(r"[A-Za-z]\x19(?:s|t|re|ve|ll|d|m)\b")
_WHOLE = {"\x13": "–", "\x14": "—", "\x18": "‘", "\x19": "’", "\x1c": "“", "\x1d": "”"}

_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Letters and typographic marks; of the rest of the names some are words of programs, such as `&sum;`.
_NAMES = {
    name: chr(code)
    for name, code in name2codepoint.items()
    if (code < 0x180 or 0x2000 <= code < 0x2070 or name in ("euro", "trade")) and name not in ("not", "para", "sect", "yen")
} | {"apos": "'"}
# In such a document an entity may be what is meant: it has markup, shows some, or speaks of it.
_MARKUP = frozenset({"markup", "code", "link", "front matter"})
_MARKED_UP = re.compile(
    r"^ {0,3}#{1,6} \S|\*\*\S|^ {0,3}[-*+] \[[ xX]\] |\]\(|&(?:amp;)*(?:lt|#60|#[xX]3[cC]);[A-Za-z/!?]"
    r"|\b(?i:x?html\d?|xml|svg|markdown|entity|entities|ampersands?|unescap\w*|escap(?:e|es|ed|ing) (?:sequence|code)s?)\b",
    re.M,
)


class Characters:
    """The stage that repairs characters."""

    name = CHARACTERS

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        edits: tuple[Edit, ...] = ()
        text = draft.text
        if _is_plain(text):
            return []
        protection = draft.protection.without(WORDS_ONLY)
        for _ in range(_LAYERS):
            found = tuple(_layer(text, protection, draft.kind))
            if not found:
                break
            edits = compose(edits, found, draft.text)
            text, protection = replay(text, found), protection.after(found)
        if not edits:
            draft.flags += _flags(text, protection)
        return list(edits)


def _is_plain(text: str) -> bool:
    return text.isascii() and not _SUSPECT.search(text)


def _layer(text: str, protection: Protection, kind: str) -> list[Edit]:
    """The edits that a text needs as it stands, in order; in Markdown and HTML an entity means what it stands for."""
    found: list[Edit] = []
    entities = _entities(text, protection) if kind == TEXT else ()
    for edits in (_mojibake(text, protection), entities, _controls(text)):
        found += (edit for edit in edits if not protection.touches(edit.start, edit.end))
    found.sort(key=lambda edit: (edit.start, edit.end))
    kept: list[Edit] = []
    for edit in found:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _edit(start: int, spun: str, original: str, reason: str) -> Edit:
    return Edit(start, start + len(spun), spun, original, _CONFIDENCE, evidence=(Evidence(reason, 0.0),), stage=CHARACTERS)


def _mojibake(text: str, protection: Protection) -> Iterator[Edit]:
    from ftfy import fix_encoding_and_explain  # for those whose text is not plain
    from ftfy.badness import is_bad

    for start, end in _parts(text):
        for begin, stop in protection.gaps(start, end):
            part = text[begin:stop]
            if part.isascii():
                continue
            if _DOS.search(part):
                repaired, reason = _NOT_ASCII.sub(_from_dos, part), "mojibake: UTF-8 that was read as cp437"
            elif is_bad(part):
                repaired, plan = fix_encoding_and_explain(_closed(part), replace_lossy_sequences=False)
                reason = _in_words(plan or ())
            else:
                continue
            for a, b, original in _aligned(part, repaired):
                # Two bytes of a closing quotation mark and a space make a dagger, which is far rarer.
                if "†" not in original or " " not in part[a:b]:
                    yield _edit(begin + a, part[a:b], original, reason)


def _from_dos(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp437").decode()
    except UnicodeError:
        return match[0]


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """The lines of a text that hold other than ASCII characters, long ones in parts that end between words."""
    at = 0
    while match := _NOT_ASCII.search(text, at):
        start = text.rfind("\n", at, match.start()) + 1 or at
        end = text.find("\n", match.start())
        end = len(text) if end < 0 else end
        start = max(start, match.start() - _LONGEST)
        if end - start > _LONGEST:
            breaks = [found.end() for found in _BREAKABLE.finditer(text, match.start(), start + _LONGEST)]
            end = breaks[-1] if breaks else start + _LONGEST
        yield start, end
        at = end


def _closed(part: str) -> str:
    """Puts the last bytes of closing quotation marks back that were lost, where a quotation is open."""
    opened = 0

    def close(match: re.Match[str]) -> str:
        nonlocal opened
        if match["opens"]:
            opened += 1
        elif opened:
            opened -= 1
            return match["closes"] or match["broken"] + "\x9d"
        return match[0]

    return _MARKS.sub(close, part)


def _aligned(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """What differs between a text and what ftfy made of it: first character, end, and what stands there afterwards.

    What is unchanged divides both alike; where it does not, nothing is certain, and nothing is told.
    """
    old = [match.span() for match in _UNCHANGED.finditer(before)]
    new = [match.span() for match in _UNCHANGED.finditer(after)]
    if [before[a:b] for a, b in old] != [after[a:b] for a, b in new]:
        return
    at = to = 0
    for (a, b), (c, d) in zip([*old, (len(before),) * 2], [*new, (len(after),) * 2], strict=True):
        if before[at:a] != after[to:c]:
            yield from _trimmed(before[at:a], after[to:c], at)
        at, to = b, d


def _trimmed(before: str, after: str, at: int) -> Iterator[tuple[int, int, str]]:
    """A difference without the spaces that it shares."""
    words, repaired = before.split(" "), after.split(" ")
    if len(words) == len(repaired):
        for word, whole in zip(words, repaired, strict=True):
            if word != whole:
                yield at, at + len(word), whole
            at += len(word) + 1
        return
    start, end = 0, len(before)
    while start < min(end, len(after)) and before[start] == after[start] == " ":
        start += 1
    while end > start and len(after) - (len(before) - end) > start and before[end - 1] == after[end - 1 - len(before)] == " ":
        end -= 1
    yield at + start, at + end, after[start : len(after) - (len(before) - end)]


def _in_words(plan: Iterable[tuple[str, str]]) -> str:
    """What ftfy's plan says was done to a text, for the user."""
    steps: list[str] = []
    encoding = ""
    for action, name in plan:
        if action == "encode":
            encoding = name.removeprefix("sloppy-")
        elif action == "decode":
            right = "UTF-8" if name.startswith("utf-8") else name
            steps.append(f"{right} that was read as {encoding}")
        elif name == "decode_inconsistent_utf8":
            steps.append("UTF-8 that was read as another encoding")
        elif name == "fix_c1_controls":
            steps.append("windows-1252 that was read as latin-1")
    return f"mojibake: {', of '.join(dict.fromkeys(steps))}"


def _entities(text: str, protection: Protection) -> Iterator[Edit]:
    if "&" not in text or any(span.reason in _MARKUP for span in protection.spans) or _MARKED_UP.search(text):
        return
    for match in _ENTITY.finditer(text):
        if (original := _meant(match[0])) and original != match[0]:
            yield _edit(match.start(), match[0], original, "HTML entity in plain text")


def _meant(entity: str) -> str:
    """The character that an entity stands for, however often it was escaped; none if that cannot be told."""
    name = entity[1:-1].rpartition(";")[2]
    char = unescape(f"&{name};") if name.startswith("#") else _NAMES.get(name, "")
    return char if len(char) == 1 and category(char) not in ("Cc", "Cs", "Cn") and char != "\ufffd" else ""


def _controls(text: str) -> Iterator[Edit]:
    for match in _ESCAPE.finditer(text):
        yield _edit(match.start(), match[0], "", "terminal escape")
    for match in _SURROGATES.finditer(text):
        pair = match[0]
        if len(pair) == 2:
            yield _edit(match.start(), pair, pair.encode("utf-16", "surrogatepass").decode("utf-16"), "pair of surrogates")
        else:
            yield _edit(match.start(), pair, "\ufffd", "lone surrogate, which no encoding can write")
    halved = _HALVED.search(text) is not None
    for match in _CONTROL.finditer(text):
        run = match[0]
        if halved and run in _WHOLE:
            yield _edit(match.start(), run, _WHOLE[run], "character that lost its first byte")
        elif halved and (accented := _accented(text, match)):
            yield _edit(match.start() - 1, text[match.start() - 1] + run, accented, "accent that lost its first byte")
        elif not _joins(text, match):
            yield _edit(match.start(), run, "", "control character")


def _accented(text: str, match: re.Match[str]) -> str:
    """The letter with an accent that a letter and what is left of a combining character make, if there is such a one."""
    letter = text[max(0, match.start() - 1) : match.start()]
    char = normalize("NFC", letter + chr(0x300 + ord(match[0]))) if letter.isalpha() and len(match[0]) == 1 else ""
    return char if len(char) == 1 and letter.isascii() else ""


def _joins(text: str, match: re.Match[str]) -> bool:
    """Whether control characters stand for something between two letters or figures, such as a hyphen, that cannot be told."""
    around = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    return match[0][0] < "\u2000" and all(char.isalnum() for char in around)


def _flags(text: str, protection: Protection) -> list[Flag]:
    """What is broken in a text that needs no repair, and stays, since what stood there is lost."""
    found = [(*m.span(), "broken characters whose bytes are lost") for m in _LOST.finditer(text)]
    found += [(*m.span(), "control character inside a word") for m in _CONTROL.finditer(text) if _joins(text, m)]
    return [
        Flag(start, end, text[start:end], reason, CHARACTERS)
        for start, end, reason in sorted(found)
        if not protection.touches(start, end)
    ][:_MOST_FLAGS]
