"""A block as the judges read it: its tokens, its sites as slots of a passage, and what speaks for each candidate."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING

from spacy.lang.en.stop_words import STOP_WORDS

from despin.document.morphology import lemma_of
from despin.judge import context
from despin.judge.base import Passage, Slot
from despin.judge.decision import weigh
from despin.sites import Candidate, Site, find_sites

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set

    from spacy.tokens import Doc

    from despin.judge.base import Judge, Scorer
    from despin.judge.decision import Verdict
    from despin.lexicon.rows import Lexicon

# Blocks of a document up to so many words are read together by the judges that read them in full.
_TOGETHER = 5_000
# A review asks about so many candidates of a site at most, no further than so many nats behind the best.
_REVIEWED, _CLOSE = 2, 1.0
# A repair may change what a local judge says of words at most so far away.
_REACH = 6
# The tags of finite verbs.
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})


@dataclass(slots=True)
class Reading:
    """A tagged block with its sites.

    Attributes:
        doc: the tagged block.
        mask: one byte a token, 1 where it may not be changed.
        sites: its sites; their candidates hold the sentence's evidence and the first judge's.
        passage: the block as a judge reads it.
        word_of: for each token of the block the index of the passage's word that it is part of.
        slots: the sites as a judge reads them.
        lemmas: the lemmas of its words.
    """

    doc: Doc
    mask: bytes
    sites: list[Site]
    passage: Passage
    word_of: list[int]
    slots: list[Slot]
    lemmas: list[str]

    @property
    def words(self) -> list[tuple[int, int]]:
        """The words that may be changed, as pairs of indices of tokens."""
        return [(token.i, token.i + 1) for token in self.doc if token.is_alpha and not self.mask[token.i]]

    @property
    def running(self) -> list[tuple[int, int]]:
        """Those of the words that stand in a sentence with a verb."""
        verbs = {sent.start for sent in self.doc.sents if any(token.tag_ in _FINITE for token in sent)}
        return [span for span in self.words if self.doc[span[0]].sent.start in verbs]

    def characters(self, start: int, end: int) -> tuple[int, int]:
        """Returns the first character of the token at one index, and the one after the last of the token before another."""
        last = self.doc[end - 1]
        return self.doc[start].idx, last.idx + len(last)

    def slots_at(self, spans: Iterable[tuple[int, int]], first: int = 0) -> list[Slot]:
        """Returns spans of tokens, as pairs of indices, as slots with no other reading than the words there.

        Args:
            spans: the spans.
            first: the index of the block's first word in the passage that the slots are of.
        """
        slots = (_slot(self.doc, self.passage, self.word_of, Site(start, end, "", [])) for start, end in spans)
        return [replace(slot, start=first + slot.start, end=first + slot.end) for slot in slots]

    def look_around(self, counts: Counter[str], echoes: Mapping[tuple[str, str], context.Echo]) -> None:
        """Adds to each candidate what the document around the block says about it.

        Args:
            counts: how often each lemma stands in the block or near it.
            echoes: for each pair of spun words and original, the trigram's preferences at all sites of the document.
        """
        for site in self.sites:
            for candidate in site.candidates:
                row = candidate.row
                found = context.elsewhere(_content(row.spun, candidate.lemma), counts)
                if found:
                    candidate.features["elsewhere"] = found
                if row.near and "near" not in candidate.features and any(counts[word] for word in row.near):
                    candidate.features["nearby"] = 1.0
                echo = echoes[row.spun, candidate.lemma]
                if echo.count > 1:
                    candidate.features["echo"] = echo.without(candidate.features["trigram"])
                    candidate.features["repeated"] = math.log(echo.count)
        weigh(self.sites)

    def rejudged(self, judges: Sequence[Judge], acted: Sequence[Verdict]) -> Reading:
        """Returns a copy in which judges judge each site with a repair nearby with it in place."""
        repairs = {id(v.site): v for v in acted}
        chosen = sorted((slot.start, slot.end, repairs[id(site)].best.original) for site, slot in self.paired(repairs))
        words: list[str] = []
        moved: list[int] = []  # where each old word begins among the new ones
        at = 0
        for start, end, original in chosen:
            moved += range(len(words), len(words) + start - at)
            words += self.passage.words[at:start]
            moved += [len(words)] * (end - start)
            words += original.split()
            at = end
        moved += range(len(words), len(words) + len(self.passage.words) - at)
        words += self.passage.words[at:]
        moved.append(len(words))
        joined = (moved[at] for at in self.passage.joined if at == 0 or moved[at - 1] < moved[at])
        passage = Passage(tuple(words), frozenset(moved[start] for start in self.passage.starts), frozenset(joined))
        starts, ends = [start for start, _, _ in chosen], [end for _, end, _ in chosen]
        asked = [
            k
            for k, (site, slot) in enumerate(zip(self.sites, self.slots, strict=True))
            if _meets(slot, starts, ends, _REACH) and (id(site) in repairs or not _meets(slot, starts, ends))
        ]
        slots = [replace(slot, start=moved[slot.start], end=moved[slot.end]) for slot in (self.slots[k] for k in asked)]
        sites = list(self.sites)
        for judge in judges:
            for k, preferences in zip(asked, _preferences(judge, passage, slots), strict=True):
                sites[k] = _heard(sites[k], [{judge.name: nats} for nats in preferences])
        weigh([sites[k] for k in asked])
        return replace(self, sites=sites)

    def paired(self, sites: Container[int]) -> list[tuple[Site, Slot]]:
        """Returns some sites, by identity, with their slots."""
        return [(site, slot) for site, slot in zip(self.sites, self.slots, strict=True) if id(site) in sites]


def read_block(
    doc: Doc,
    mask: bytes,
    lexicon: Lexicon,
    judge: Judge,
    parse: Callable[[Doc], None],
    respelled: Callable[[str], str] | None = None,
    attest: Callable[[Doc, bytes, list[Site]], list[Site]] | None = None,
) -> Reading:
    """Finds a block's sites and has them judged a first time.

    Args:
        doc: the tagged block.
        mask: one byte a token, 1 where it may not be changed.
        lexicon: the rows to apply.
        judge: the judge that is asked first.
        parse: adds its dependencies to the block; called where they are asked for.
        respelled: returns the word that a garbled one is taken for, or the word itself.
        attest: adds to the sites what copies of the text say about them.
    """
    sites = find_sites(doc, lexicon, lambda start, end: not any(mask[start:end]), parse, respelled)
    if attest:
        sites = attest(doc, mask, sites)
    reading = read_sites(doc, mask, sites, judge)
    weigh(sites)
    return reading


def read_sites(doc: Doc, mask: bytes, sites: list[Site], judge: Judge) -> Reading:
    """Has a block's sites judged a first time, and does not weigh them.

    Args:
        doc: the tagged block.
        mask: one byte a token, 1 where it may not be changed.
        sites: the block's sites, in order.
        judge: the judge that is asked first.
    """
    passage, word_of = _passage(doc)
    slots = judge_first(judge, doc, passage, word_of, sites)
    lemmas = [lemma_of(token.lower_, token.tag_) for token in doc if token.is_alpha]
    return Reading(doc, mask, sites, passage, word_of, slots, lemmas)


def judge_first(judge: Judge, doc: Doc, passage: Passage, word_of: Sequence[int], sites: Sequence[Site]) -> list[Slot]:
    """Adds to the candidates of a block's sites what the first judge says of them, and returns the sites as slots."""
    slots = [_slot(doc, passage, word_of, site) for site in sites]
    for site, slot, preferences in zip(sites, slots, _preferences(judge, passage, slots), strict=True):
        spun, *frequencies = map(judge.frequency, slot.readings)
        for candidate, nats, frequency in zip(site.candidates, preferences, frequencies, strict=True):
            candidate.features |= {judge.name: nats, "spun_frequency": spun, "original_frequency": frequency}
    return slots


def join(readings: Sequence[Reading]) -> tuple[Passage, list[int]]:
    """Returns consecutive blocks as one passage, and the index in it of each block's first word."""
    words: list[str] = []
    starts: set[int] = {0}
    joined: set[int] = set()
    firsts = []
    for reading in readings:
        firsts.append(len(words))
        starts.update(len(words) + start for start in reading.passage.starts)
        joined.update(len(words) + at for at in reading.passage.joined)
        words += reading.passage.words
    return Passage(tuple(words), frozenset(starts), frozenset(joined)), firsts


def together(readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """Yields consecutive blocks in groups of some 5,000 words, which judges that read them in full read as one passage."""
    group: list[Reading] = []
    held = 0
    for reading in readings:
        group.append(reading)
        held += len(reading.passage.words)
        if held >= _TOGETHER:
            yield group
            group, held = [], 0
    if group:
        yield group


def hear(readings: Sequence[Reading], judges: Sequence[Judge]) -> list[Reading]:
    """Returns copies of consecutive blocks whose candidates hold what further judges say, who read them as one passage."""
    passage, firsts = join(readings)
    slots = [
        replace(slot, start=first + slot.start, end=first + slot.end)
        for reading, first in zip(readings, firsts, strict=True)
        for slot in reading.slots
    ]
    opinions = iter(zip(*(_opinions(judge, passage, slots) for judge in judges), strict=True) if judges else repeat(()))
    return [replace(reading, sites=[_heard(site, *next(opinions)) for site in reading.sites]) for reading in readings]


def review(readings: Sequence[Reading], judge: Scorer, sites: Set[int]) -> list[Reading]:
    """Returns copies of consecutive blocks where some candidates hold what one more judge says, who reads all as one passage.

    Args:
        readings: the blocks, weighed.
        judge: the judge.
        sites: the identities of the sites that it is asked about.
    """
    passage, firsts = join(readings)
    asked: list[tuple[int, list[int]]] = []
    slots = []
    for reading, first in zip(readings, firsts, strict=True):
        for site, slot in reading.paired(sites):
            nats = [candidate.nats for candidate in site.candidates]
            ranked = [i for i in sorted(range(len(nats)), key=lambda i: -nats[i])[:_REVIEWED] if max(nats) - nats[i] < _CLOSE]
            asked.append((id(site), ranked))
            words = (slot.readings[0], *(slot.readings[1 + i] for i in ranked))
            slots.append(Slot(first + slot.start, first + slot.end, words))
    said = {
        site: {i: {judge.name: nats} for i, nats in zip(ranked, preferences, strict=True)}
        for (site, ranked), preferences in zip(asked, _preferences(judge, passage, slots), strict=True)
    }
    found = []
    for reading in readings:
        own = [
            _heard(site, [said[id(site)].get(i, {}) for i in range(len(site.candidates))]) if id(site) in said else site
            for site in reading.sites
        ]
        weigh([new for new, old in zip(own, reading.sites, strict=True) if new is not old])
        found.append(replace(reading, sites=own))
    return found


def _heard(site: Site, *opinions: Sequence[dict[str, float]]) -> Site:
    """A copy of a site whose candidates hold what judges say of them."""
    return replace(site, candidates=[_with(c, *more) for c, *more in zip(site.candidates, *opinions, strict=True)])


def _passage(doc: Doc) -> tuple[Passage, list[int]]:
    """The words of a block, and for each token the index of the word that it is part of."""
    words: list[str] = []
    starts: set[int] = {0}
    joined: set[int] = set()
    word_of: list[int] = []
    touches = True
    for token in doc:
        if token.is_sent_start and (not words or not touches or token.i == 0):
            starts.add(len(words))
        glued = touches and words and (token.text[:1] in "'’-" or token.lower_ == "n't" or words[-1][-1:] == "-")
        if token.is_space:
            word_of.append(max(0, len(words) - 1))
            touches = False
            continue
        if glued and len(token) > 0 and (words[-1][-1:].isalnum() or words[-1][-1:] == "-"):
            words[-1] += token.text
        else:
            if touches and words:
                joined.add(len(words))
            words.append(token.text)
        word_of.append(len(words) - 1)
        touches = not token.whitespace_
    return Passage(tuple(words), frozenset(starts), frozenset(joined)), word_of


def _slot(doc: Doc, passage: Passage, word_of: Sequence[int], site: Site) -> Slot:
    """A site as a slot: of a word that it covers in part, its readings keep the rest."""
    first, last = word_of[site.start], word_of[site.end - 1]
    before = after = ""
    at = site.start
    while at and word_of[at - 1] == first:
        at -= 1
        before = doc[at].text.strip() + before
    at = site.end
    while at < len(doc) and word_of[at] == last:
        after += doc[at].text.strip()
        at += 1
    readings = [passage.words[first : last + 1]]
    readings += (tuple((before + candidate.original + after).split()) for candidate in site.candidates)
    return Slot(first, last + 1, tuple(readings))


def _meets(slot: Slot, starts: Sequence[int], ends: Sequence[int], reach: int = 0) -> bool:
    """Whether a slot, widened by some words, overlaps one of the spans with these starts and ends, which do not overlap."""
    first = bisect_right(ends, slot.start - reach)
    return first < len(ends) and starts[first] < slot.end + reach


def _preferences(judge: Scorer, passage: Passage, slots: Sequence[Slot]) -> Iterator[list[float]]:
    """For each slot, how much a judge prefers each further reading to the first, in nats."""
    for scores in judge.score(passage, slots):
        yield [score - scores[0] for score in scores[1:]]


@lru_cache(maxsize=65536)
def _content(spun: str, original: str) -> tuple[str, ...]:
    """The content words of an original that the spun words lack."""
    own = spun.split()
    return tuple(word for word in original.lower().split() if word not in own and word not in STOP_WORDS)


def _opinions(judge: Judge, passage: Passage, slots: Sequence[Slot]) -> list[list[dict[str, float]]]:
    """What a judge says of each candidate of each slot, as features."""
    suspected = [{"suspicion": suspicion} for suspicion in judge.suspect(passage, slots)] or [{}] * len(slots)
    return [
        [{judge.name: nats, **suspicion} for nats in preferences]
        for preferences, suspicion in zip(_preferences(judge, passage, slots), suspected, strict=True)
    ]


def _with(candidate: Candidate, *features: dict[str, float]) -> Candidate:
    """A copy of a candidate with more features."""
    known = candidate.features.copy()
    for more in features:
        known.update(more)
    return Candidate(candidate.original, candidate.lemma, candidate.row, known)
