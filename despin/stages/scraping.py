"""Removes what scraping left around and in an article: boilerplate lines, titles that stand twice, stray punctuation, search
phrases in mid-sentence. Off unless it is asked for, since a line that belongs to a page may have its place in another text.

Whole lines go where their kind and their place make it sure; what only looks like debris is flagged.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from despin.document.blocks import blocks
from despin.document.boilerplate import EDGE, END, FLAG, GROUP, LINE, LONGEST, RUN, START, Boilerplate, boilerplate, is_item
from despin.restoration import Edit, Evidence, Flag
from despin.settings import SCRAPING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from despin.document.blocks import Block
    from despin.draft import Draft

# Set by hand, below what was measured: no line of 337,000 clean paragraphs is of a kind that goes wherever it stands, five are
# of kinds that go above or below an article.
_CONFIDENCE = {LINE: 0.97, START: 0.93, END: 0.93, EDGE: 0.93, RUN: 0.95, GROUP: 0.9}
_TITLE = 0.95
_POINT = 0.97
_PHRASE = 0.9
# So many boilerplate lines in a row are no part of an article, whatever each would be by itself.
_GROUP = 3
# A paragraph has so many words and ends with a stop; that is looked for in its last characters.
_PROSE, _TAIL = 8, 40
# Titles that stand twice are looked for among so many blocks above the first paragraph.
_TOP = 12
# A text that speaks of cookies may say what it does with them.
_COOKIES = 3

# What protects words inside a line does not keep a line of such words from being boilerplate.
_WITHIN = frozenset({"number", "address", "entity", "identifier"})
_STOP = re.compile(r"[.!?…][\"'”’)\]]{0,3}\s*\Z")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SITE = re.compile(r"\s[|»·–—-]\s")

# Each with what stands in its place; without that, the mark itself does.
_POINTS = (
    (re.compile(r"(?<=\w):\.(?=[ \t\r]*(?:\n|\Z))"), ":", "full stop after a colon"),
    (re.compile(r"(?<=[a-z])\?\.(?=\s|\Z)"), "?", "full stop after a question mark"),
    (re.compile(r"(?<=[a-z]{2})\.\.(?=\s+[A-Z]|[ \t\r]*(?:\n|\Z))"), ".", "doubled full stop"),
    (re.compile(r"(?<=[a-z])[ \t]+,(?=[ \t]+[A-Za-z])"), ",", "space before a comma"),
    (re.compile(r"(?<=[a-z]{2})[ \t]+\.(?=\s+[A-Z][a-z]|[ \t\r]*(?:\n|\Z))"), ".", "space before a full stop"),
    (re.compile(r"(?<=[a-z])[ \t]+([;?!])(?=\s+[A-Za-z]|\s*\Z)"), "", "space before a mark"),
)
# A colon that ends a name of a picture, such as `:smile:`.
_NAMED = re.compile(r":\w+\Z")
# Between such marks something was lost more often than not.
_LOST = re.compile(r"(?<=[a-z)])(?:,(?:[ \t]*,)+(?=[ \t]+[A-Za-z])|[,;]\.(?=\s|\Z)|:\.(?=[ \t]+[A-Z]))")
# The words of a search that a text was to be found by: its end, and acronyms in small letters among nouns.
_NEAR_ME = re.compile(r"(?<=[a-z]) near me\b")
_FOLLOWS = re.compile(r" (?:who|that|which|whose|can|could|will|would|is|are|was|were|has|have|should|may|offers?|provides?)\b")
_KEYWORDS = re.compile(
    r"\b(?:an?|the|your|our|their|this|any|some|good|best|right) (?:[a-z]{3,20} ){0,2}"
    r"(?:cbt|dbt|emdr|adhd|ptsd|ocd|ivf|cbd|seo|ppc|hvac|crm|erp|vpn|suv|rv|iv|tv|ac|diy|led) "
    r"(?:therapy|therapist|therapists|treatment|services?|company|companies|specialist|specialists|agency|experts?|clinic|software|"
    r"repair|doctor|near|cost|tips|online|review|reviews|consultants?|contractors?|installation|oil|dealers?)\b"
)
# Where someone speaks of searching, or of themselves, such words are meant.
_OWN_WORDS = re.compile(
    r"\b(?:search\w*|googl\w+|quer(?:y|ies)|keywords?|typ(?:e|ed|es|ing)|phrases?|I|I'm|my|myself|said|asked)\b"
)
_REACH = 400
_STOPS = re.compile(r"[.!?\n]")


class Scraping:
    """The stage that removes scraping debris."""

    name = SCRAPING

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        page = _Page(draft)
        found = [*page.edits(), *_points(draft), *_phrases(draft)]
        draft.flags += page.flags
        draft.flags += _odd(draft)
        kept: list[Edit] = []
        for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
            if not kept or edit.start >= kept[-1].end:
                kept.append(edit)
        return kept


class _Page:
    """A text as what a page showed: an article, from its first paragraph to its last, and what is around it."""

    def __init__(self, draft: Draft) -> None:
        self._text = draft.text
        self._protection = draft.protection.without(_WITHIN)
        self._blocks = list(blocks(draft.text))
        self._kinds = [self._kind(block) for block in self._blocks]
        prose = [i for i, kind in enumerate(self._kinds) if not kind and _is_prose(self._line(i))]
        # Without a paragraph there is no article that something could be around.
        self._first, self._last = (prose[0], prose[-1]) if prose else (0, len(self._blocks))
        self.flags: list[Flag] = []

    def edits(self) -> Iterator[Edit]:
        """Yields what removes lines; what is left of them is flagged."""
        removed = self._boilerplate() | self._titles() if self._last < len(self._blocks) else {}
        for is_removed, run in groupby(range(len(self._blocks)), key=removed.__contains__):
            if is_removed:
                yield from self._cut(list(run), removed)

    def _line(self, i: int) -> str:
        return self._text[self._blocks[i].start : self._blocks[i].end]

    def _kind(self, block: Block) -> Boilerplate | None:
        if block.end - block.start > LONGEST or self._protection.touches(block.start, block.end):
            return None
        return boilerplate(self._text[block.start : block.end])

    def _boilerplate(self) -> dict[int, tuple[str, float]]:
        """The blocks to remove for what they are, each with the reason and how sure that is."""
        removed: dict[int, tuple[str, float]] = {}
        cookies = self._text.lower().count("cookie")
        told = Counter(self._line(i).strip().casefold() for i, kind in enumerate(self._kinds) if kind)
        for is_boilerplate, run in groupby(range(len(self._blocks)), key=lambda i: self._kinds[i] is not None):
            indexes = list(run) if is_boilerplate else []
            kinds = [kind for i in indexes if (kind := self._kinds[i])]
            sure = any(kind.where in (LINE, EDGE, END) for kind in kinds) or sum(kind.where == RUN for kind in kinds) >= _GROUP
            # What a colon announces is the author's list.
            announced = bool(indexes and indexes[0] and self._line(indexes[0] - 1).rstrip().endswith(":"))
            for i, kind in zip(indexes, kinds, strict=True):
                above, below = i < self._first, i > self._last
                places = {LINE, *((START, EDGE) if above else ()), *((END, EDGE) if below else ())}
                grouped = len(kinds) >= _GROUP and kind.where != FLAG and (sure or above or below)
                again = kind.where in (EDGE, END) and told[self._line(i).strip().casefold()] >= _GROUP
                listed = is_item(self._line(i)) and not (above or below)
                if listed or announced or ("cookie" in kind.reason and cookies > _COOKIES):
                    places, grouped, again = set(), False, False
                if kind.where in places or grouped or again:
                    removed[i] = kind.reason, _CONFIDENCE[kind.where]
                elif kind.where not in (RUN, GROUP):
                    self._flag(i, kind.reason)
        return removed

    def _titles(self) -> dict[int, tuple[str, float]]:
        """The blocks to remove because they say the title again, or the same heading as the block before."""
        removed: dict[int, tuple[str, float]] = {}
        top = [i for i in range(min(self._first, _TOP)) if self._is_heading(i)]
        said: dict[str, list[int]] = {}
        for i in top:
            said.setdefault(_said(self._line(i)), []).append(i)
        for key, same in said.items():
            # What is in capitals throughout is a page's way of showing it.
            kept = next((i for i in same if not self._line(i).isupper()), same[0])
            if " " in key:
                removed |= dict.fromkeys((i for i in same if i != kept), ("the title once more", _TITLE))
        for i in top:
            head = _SITE.split(self._line(i))[0]
            if head != self._line(i) and (key := _said(head)) in said and key.count(" ") > 1:
                removed[i] = "the title once more, with the site's name", _TITLE
        for i in range(1, len(self._blocks)):
            again = self._line(i).strip() == self._line(i - 1).strip()
            if again and self._blocks[i].capitals and self._is_heading(i) and _said(self._line(i)).count(" ") > 1:
                removed[i] = "the heading once more", _TITLE
        title = next((i for i in top if i not in removed), None)
        if title is not None and (key := _said(self._line(title))).count(" ") > 1:
            later = [i for i in range(self._first, len(self._blocks)) if self._is_heading(i) and _said(self._line(i)) == key]
            if len(later) > 1:
                removed |= dict.fromkeys(later, ("the title once more, as on each page", _TITLE))
            for i in later if len(later) == 1 else ():
                self._flag(i, "the title once more")
        return removed

    def _is_heading(self, i: int) -> bool:
        block, line = self._blocks[i], self._line(i)
        return (
            self._kinds[i] is None
            and block.end - block.start <= LONGEST
            and not is_item(line)
            and line.rstrip()[-1] not in ".,;:"
            and not self._protection.touches(block.start, block.end)
        )

    def _cut(self, run: Sequence[int], why: Mapping[int, tuple[str, float]]) -> Iterator[Edit]:
        """Removes neighbouring lines, and the breaks before or after them, so that the wider of the two stays."""
        text, cut = self._text, self._blocks
        before = cut[run[0] - 1].end if run[0] else 0
        after = cut[run[-1] + 1].start if run[-1] + 1 < len(cut) else len(text)
        wider = text.count("\n", cut[run[-1]].end, after) > text.count("\n", before, cut[run[0]].start)
        backwards = run[0] > 0 and (wider or run[-1] + 1 == len(cut))
        for i in run:
            start = cut[i - 1].end if backwards else cut[i].start
            end = cut[i].end if backwards else cut[i + 1].start if i + 1 < len(cut) else len(text)
            if self._protection.touches(start, end):
                self._flag(i, why[i][0])
            else:
                yield _edit(start, text[start:end], "", *why[i])

    def _flag(self, i: int, reason: str) -> None:
        block = self._blocks[i]
        self.flags.append(Flag(block.start, block.end, self._line(i), reason, SCRAPING))


def _is_prose(line: str) -> bool:
    """Whether a block is a sentence or more, not a heading, an item or a button."""
    return len(line.split(maxsplit=_PROSE)) >= _PROSE and _STOP.search(line[-_TAIL:]) is not None


def _said(line: str) -> str:
    """What a line says, for comparison."""
    return " ".join(_WORD.findall(line.casefold()))


def _edit(start: int, spun: str, original: str, reason: str, confidence: float) -> Edit:
    return Edit(start, start + len(spun), spun, original, confidence, evidence=(Evidence(reason, 0.0),), stage=SCRAPING)


def _points(draft: Draft) -> Iterator[Edit]:
    text, protection = draft.text, draft.protection
    for pattern, mark, reason in _POINTS:
        for match in pattern.finditer(text):
            if not protection.touches(*match.span()) and not (
                mark == ":" and _NAMED.search(text[max(0, match.start() - 40) : match.start()])
            ):
                yield _edit(match.start(), match[0], mark or match[1], reason, _POINT)


def _phrases(draft: Draft) -> Iterator[Edit]:
    for match in _NEAR_ME.finditer(draft.text):
        if _is_stuffed(draft, match) and _FOLLOWS.match(draft.text, match.end()):
            yield _edit(match.start(), match[0], "", "a search phrase's end", _PHRASE)


def _odd(draft: Draft) -> Iterator[Flag]:
    """What looks wrong and may be anything: marks that nothing parts, the words of a search in another sentence."""
    for match in _LOST.finditer(draft.text):
        if not draft.protection.touches(*match.span()):
            yield Flag(*match.span(), match[0], "marks with nothing between them", SCRAPING)
    for pattern in (_NEAR_ME, _KEYWORDS):
        for match in pattern.finditer(draft.text):
            if _is_stuffed(draft, match):
                yield Flag(*match.span(), match[0], "a search phrase in mid-sentence", SCRAPING)


def _is_stuffed(draft: Draft, match: re.Match[str]) -> bool:
    """Whether nobody searches, or speaks of themselves, in the sentence that a match stands in."""
    before = draft.text[max(0, match.start() - _REACH) : match.start()]
    after = draft.text[match.end() : match.end() + _REACH]
    sentence = f"{_STOPS.split(before)[-1]}{match[0]}{_STOPS.split(after, maxsplit=1)[0]}"
    return not draft.protection.touches(*match.span()) and not _OWN_WORDS.search(sentence)
