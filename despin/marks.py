"""The notation of marked texts, like CriticMarkup's.

    {~~spun~>right|also right~~}   must be repaired
    {??spun~>right|also right??}   may be repaired: spun, but it reads well

What stands outside such sites was not spun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SITE = re.compile(r"\{(~~|\?\?)(.*?)~>(.*?)(?:~~|\?\?)\}", re.S)
_SIGN = re.compile(r"[|{}]|~>|~~|\?\?")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class GoldSite:
    """A marked site: whether it must be repaired, its spun words, its right readings, the likeliest first."""

    must: bool
    spun: str
    accepted: tuple[str, ...]


class Mark(NamedTuple):
    """A site with its first character in a text and the one after its last."""

    start: int
    end: int
    site: GoldSite

    def overlaps(self, start: int, end: int) -> bool:
        """Tells whether it overlaps a span of the text; of the two, one of no length must stand inside the other.

        Args:
            start: the span's first character.
            end: the one after its last.
        """
        return self.start < end and start < self.end


def parts(gold: str) -> Iterator[str | GoldSite]:
    """Yields what a marked text is made of, in order: the text between the sites, and the sites."""
    at = 0
    for match in _SITE.finditer(gold):
        yield gold[at : match.start()]
        yield GoldSite(match[1] == "~~", match[2], tuple(match[3].split("|")))
        at = match.end()
    yield gold[at:]


def spun_text(gold: str) -> str:
    """Returns the spun text, its sites unmarked."""
    return "".join(part if isinstance(part, str) else part.spun for part in parts(gold))


def original_text(gold: str) -> str:
    """Returns the text with each site put right."""
    return "".join(part if isinstance(part, str) else part.accepted[0] for part in parts(gold))


def spans(gold: str) -> list[Mark]:
    """Returns a marked text's sites with their first character in the spun text and the one after their last."""
    return _spans((part, part if isinstance(part, str) else part.spun) for part in parts(gold))


def original_spans(gold: str) -> list[Mark]:
    """Returns a marked text's sites with their first character in the original text and the one after their last."""
    return _spans((part, part if isinstance(part, str) else part.accepted[0]) for part in parts(gold))


def mark(text: str, changes: Iterable[tuple[int, int, str]]) -> tuple[str, str]:
    """Returns a text with changes made, and the same with each marked as a site that must be repaired.

    Args:
        text: the original.
        changes: first character, the one after the last, and the words that go there, in order; of those that overlap the
            first is made, and none with a sign of the notation.
    """
    spun: list[str] = []
    gold: list[str] = []
    at = 0
    for start, end, words in changes:
        if start < at or _SIGN.search(words) or _SIGN.search(text, start, end):
            continue
        spun += text[at:start], words
        gold += text[at:start], "{~~", words, "~>", text[start:end], "~~}"
        at = end
    return "".join([*spun, text[at:]]), "".join([*gold, text[at:]])


def words_of(text: str) -> list[str]:
    """Returns the words of a text as they are compared: in lower case, without punctuation."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _spans(shown: Iterable[tuple[str | GoldSite, str]]) -> list[Mark]:
    found = []
    at = 0
    for part, text in shown:
        if not isinstance(part, str):
            found.append(Mark(at, at + len(text), part))
        at += len(text)
    return found
