"""Resolves spintax that a spinner left over: of each group of alternatives the one that the language models like best in its
sentence stays. Placeholders, whose words nothing tells, are flagged.
"""

from __future__ import annotations

import math
import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from despin.document.morphology import with_lemmas
from despin.document.protection import Protection
from despin.judge.base import Passage, Slot
from despin.lexicon.rows import words
from despin.realize import article
from despin.restoration import Alternative, Edit, Evidence, Flag
from despin.settings import SPINTAX
from despin.spintax import Group, groups, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from despin.draft import Draft
    from despin.resources import Resources

# How much each judge's nats count in a choice between alternatives, fitted to tell spun words from right ones at 4,679 marked
# sites in either order; held-out texts' choices were right at 0.92 of them, and shares were what they said.
_WEIGHTS = {"trigram": 0.66, "prose": 0.18}
# So many characters of context are read on either side, which hold all the words that such judges look at.
_CONTEXT = 200
# A placeholder stands in prose if what is so many characters around it is.
_NEAR = 100
# What a document must show before any of its groups is believed, and what a group shows by itself.
_ENOUGH = 2
# The kinds of protected text whose words are only chosen among here, not changed.
_HARMLESS = frozenset({"address", "identifier", "number"})
# Where placeholders are what a text is about.
_VERBATIM = frozenset({"code", "front matter", "indented code", "switched off"})
_PROSE = frozenset(
    "a about all an and are as at be but by can do for from has have he her his how i if in is it its more my no not of "
    "on or our people she so that the their them there these they this to was we what when which who will with would you "
    "your".split()
)
_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_GLUED = re.compile(r"[\w'’-]+")
_WORD = re.compile(r"[a-z]+")
_USAGE = re.compile(r"\b(?:usage|synopsis|syntax):|(?:^|\s)-{1,2}\w|::=|[\\=|]|\$\s", re.IGNORECASE)
_ASIDE = re.compile(r"</?[A-Za-z][^<>]*>|\{[^{}\n]*\}|\[[^\[\]\n]*\]")
# A text about spintax means what it says.
_ABOUT = re.compile(r"(?<!\[)(?<!/)\bspin(?:tax|[ -]?syntax)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?<![\w'’.-])(an?) \Z", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:\A|[.!?][\"'”’)\]]*\s|\n)\s*\Z")
_SHOWN = 4


class Spintax:
    """The stage that resolves what is left of spintax.

    Args:
        resources: the lexicon, which knows synonyms, and the judges.
    """

    name = SPINTAX

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        text = draft.text
        verbatim = Protection(span for span in draft.protection.spans if span.reason in _VERBATIM)
        draft.flags += (
            Flag(found.start, found.end, text[found.start : found.end], "a placeholder that was never filled in", SPINTAX)
            for found in placeholders(text)
            if not verbatim.touches(found.start, found.end) and _is_prose(text[max(0, found.start - _NEAR) : found.end + _NEAR])
        )
        believed = self._believed(text)
        if not believed:
            return []
        protection = Protection(span for span in draft.protection.spans if span.reason not in _HARMLESS)
        free = []
        for group in believed:
            if protection.touches(group.start, group.end):
                flag = Flag(
                    group.start, group.end, text[group.start : group.end], "spintax in words that may not be changed", SPINTAX
                )
                draft.flags.append(flag)
            else:
                free.append(group)
        return list(self._edits(text, free))

    def _believed(self, text: str) -> list[Group]:
        """The groups that are spintax: all that may be, if what the document shows leaves no doubt."""
        found = list(groups(text))
        if not found or _ABOUT.search(text):
            return []
        likely: list[Group] = []
        shown = 0
        for line, prose in _lines(text, found):
            for group in line:
                related = self._related(group)
                if prose:
                    shown += _tells(group, related)
                likely += [group] * (related or prose)
        return likely if shown >= _ENOUGH else []

    def _related(self, group: Group) -> bool:
        """Whether the lexicon gives one of the alternatives, or of those in them, for another."""
        readings = {reading.strip().lower() for reading in group.readings} - {""}
        forms = {reading: with_lemmas(reading) for reading in sorted(readings)}
        for reading, own in forms.items():
            others = frozenset(form for other, its in forms.items() if other != reading for form in its)
            if any(not others.isdisjoint(self._originals(form)) for form in own):
                return True
        inner = (part for alternative in group.alternatives for part in alternative if isinstance(part, Group))
        return any(map(self._related, inner))

    def _originals(self, spun: str) -> Iterator[str]:
        parts = words(spun)
        for own, _, row in self._resources.lexicon.beginning(parts[0]):
            if own == parts:
                yield from row.originals

    def _edits(self, text: str, free: Sequence[Group]) -> Iterator[Edit]:
        """Resolves groups from left to right, each with those before it resolved."""
        before = ""
        at = 0
        for number, group in enumerate(free):
            before = (before + text[at : group.start])[-_CONTEXT:]
            after = _following(text, free, number)
            chosen, share, shares = self._resolved(group, before, after)
            start, end, original = _fitted(text, group, chosen, before, after, at)
            reason = Evidence(f"left-over spintax of {len(group.alternatives)} alternatives", _log_odds(share))
            others = tuple(Alternative(*other) for other in shares[1:_SHOWN])
            yield Edit(start, end, text[start:end], original, round(share, 4), others, (reason,), stage=SPINTAX)
            before = before[: len(before) - (group.start - start)] + original
            at = end

    def _resolved(self, group: Group, before: str, after: str) -> tuple[str, float, list[tuple[str, float]]]:
        """The alternative that fits best, its share of all, and the shares of all, the best first."""
        readings = []
        for alternative in group.alternatives:
            reading = ""
            certain = 1.0
            for number, part in enumerate(alternative):
                if isinstance(part, Group):
                    rest = "".join(p if isinstance(p, str) else p.readings[0] for p in alternative[number + 1 :])
                    part, share, _ = self._resolved(part, (before + reading)[-_CONTEXT:], (rest + after)[:_CONTEXT])
                    certain *= share
                reading += part
            readings.append((reading, certain))
        shares = self._shares([reading for reading, _ in readings], before, after)
        ranked = sorted(zip(readings, shares, strict=True), key=lambda ranked: -ranked[1])
        (chosen, certain), share = ranked[0]
        return chosen, share * certain, [(reading, round(share, 4)) for (reading, _), share in ranked]

    def _shares(self, readings: Sequence[str], before: str, after: str) -> list[float]:
        """How likely each reading is between two texts, by the judges that look at near words."""
        article_before = _ARTICLE.search(before)
        lead = before[: article_before.start()] if article_before else before
        # What the alternatives are glued to, such as the ending of {car|truck}s, is read with them.
        glued = found[0] if (found := _GLUED.match(after)) else ""
        left, right = _TOKEN.findall(lead), _TOKEN.findall(after[len(glued) :])
        asked = []
        for reading in readings:
            whole = reading + glued
            if article_before:
                whole = f"{article((whole + after[len(glued) :]).lstrip())} {whole}"
            asked.append(tuple(_TOKEN.findall(whole)))
        tokens = (*left, *asked[0], *right)
        starts = frozenset({0, *(i for i in range(1, len(tokens)) if tokens[i - 1] in ".!?")})
        slot = Slot(len(left), len(left) + len(asked[0]), tuple(asked))
        totals = [0.0] * len(readings)
        for judge in self._resources.judges:
            if weight := _WEIGHTS.get(judge.name):
                scores = judge.score(Passage(tokens, starts), [slot])[0]
                totals = [total + weight * nats for total, nats in zip(totals, scores, strict=True)]
        odds = [math.exp(total - max(totals)) for total in totals]
        return [share / sum(odds) for share in odds]


def _lines(text: str, found: Sequence[Group]) -> Iterator[tuple[list[Group], bool]]:
    """The groups line by line, and whether the rest of each line reads as prose; lines of tables and commands are left out."""

    def end_of_line(group: Group) -> int:
        end = text.find("\n", group.end)
        return len(text) if end < 0 else end

    for end, line in groupby(found, end_of_line):
        here = list(line)
        at = text.rfind("\n", 0, here[0].start) + 1
        outside = []
        for group in here:
            outside.append(text[at : group.start])
            at = group.end
        rest = " ".join((*outside, text[at:end]))
        if not _USAGE.search(_ASIDE.sub(" ", rest)):
            yield here, _is_prose(" ".join((rest, *(group.readings[0] for group in here))))


def _is_prose(words_there: str) -> bool:
    """Whether some words hold two at least without which there is no prose."""
    return sum(word in _PROSE for word in _WORD.findall(words_there.lower())) > 1


def _tells(group: Group, related: bool) -> int:
    """How much a group speaks by itself for spintax, and not for a choice that the reader is given."""
    readings = group.readings
    if len(readings) > 1 and all(a.endswith(" ") and b.startswith(" ") for a, b in pairwise(readings)):
        return 0
    if related or (not group.square and (group.nested or "" in readings)):
        return _ENOUGH
    return int(not group.square and any(" " in reading.strip() for reading in readings))


def _following(text: str, free: Sequence[Group], number: int) -> str:
    """What follows a group, first alternatives chosen in the groups after it."""
    found = ""
    at = free[number].end
    for group in free[number + 1 :]:
        if len(found) >= _CONTEXT or group.start - at >= _CONTEXT:
            break
        found += text[at : group.start] + group.readings[0]
        at = group.end
    return (found + text[at : at + _CONTEXT])[:_CONTEXT]


def _fitted(text: str, group: Group, chosen: str, before: str, after: str, least: int) -> tuple[int, int, str]:
    """What is replaced by a choice: its spaces, its capital and the article before it are put right.

    Args:
        text: the text.
        group: the group.
        chosen: the alternative.
        before: what stands before it, resolved.
        after: what stands after it, first alternatives chosen.
        least: where the text begins that may be changed.
    """
    start, end = group.start, group.end
    follows = text[end : end + 1]
    if not before or before[-1].isspace():
        chosen = chosen.lstrip()
    if not follows or follows.isspace() or follows in ".,;:!?)":
        chosen = chosen.rstrip()
    if not chosen and before[-1:] == " " and start > least and (not follows or follows.isspace() or follows in ".,;:!?)"):
        start -= 1
    elif not chosen and not before.strip(" ") and follows == " ":
        end += 1
    opens = _SENTENCE.search(before) and any(reading.strip()[:1].isupper() for reading in group.readings)
    if opens and not chosen and text[end : end + 1].islower():
        chosen = text[end].upper()
        end += 1
    elif opens and chosen:
        chosen = chosen[0].upper() + chosen[1:]
    if (found := _ARTICLE.search(before)) and group.start - len(found[0]) >= least:
        wanted = article((chosen + after).lstrip())
        if wanted != found[1].lower():
            wanted = wanted.capitalize() if found[1][0].isupper() else wanted
            return group.start - len(found[0]), end, wanted + (" " if start == group.start else "") + chosen
    return start, end, chosen


def _log_odds(share: float) -> float:
    share = min(share, 1 - 1e-6)
    return round(math.log(share / (1 - share)), 3)
