"""Puts original words back where a spinner swapped them: sites are found and judged, the document's spin rate is estimated,
edits are chosen, judged once more with their neighbours repaired, and realised.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from despin.document.names import entities, is_capital, opens_sentence
from despin.document.parsing import parse
from despin.judge.context import Echo
from despin.judge.decision import Verdict, choose, estimate_spin_rate, is_estimated, judge_sites, logistic, reasons
from despin.proposals import propose
from despin.reading import Reading, hear, join, read_block, review, together
from despin.realize import agreeing_verb, article, cased
from despin.restoration import Alternative, Detection, Edit, Evidence
from despin.settings import SPELLING, SUBSTITUTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc

    from despin.document.blocks import Block
    from despin.draft import Draft
    from despin.judge.base import Scorer
    from despin.resources import Resources
    from despin.settings import Settings
    from despin.sites import Site

# Under this spin rate, were the others to approve of all that the first judge likes, they are not asked, since they are slow.
# Of 410 clean documents of 120 to 800 words 16 lay over this.
_SCREEN = 0.10
# They are asked, too, if the first so many words in sentences, or half as many if there are no more, are suspected at this
# share: what a spinner writes that the first judge finds likely. Heavily spun articles lie over 0.2 unless they are
# back-translated; of the same clean documents three lay over 0.18.
_SAMPLE = 100
_SUSPICIOUS = 0.15
# The deep judge is asked where confidence lies in between. On marked texts a wider range, twice the questions, changed nothing
# but the time they take.
_UNSURE = (0.2, 0.93)
# Words that stand elsewhere in the document speak for an original as far as so many words away: in a long one, all words stand
# somewhere. Marked texts, which are short, do not tell this from more; in clean ones of 2,000 words it saves a seventh of the
# edits at a fixed rate.
_NEIGHBOURHOOD = 400
# So many words in sentences are enough to tell what share of them is suspected.
_ENOUGH = 100
_ALTERNATIVES = 3
_STRONGEST = 10
_SPACE = re.compile(r"\s+")


class Substitution:
    """The stage that restores spun words; it estimates the spin rate.

    Args:
        settings: the dials.
        resources: the lexicon, the judges and spaCy's model.
    """

    name = SUBSTITUTION

    def __init__(self, settings: Settings, resources: Resources) -> None:
        self._settings = settings
        self._resources = resources

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        edits: list[Edit] = []
        sites = 0
        weighted = 0.0
        for piece in self._pieces(draft):
            edits += piece.edits
            sites += piece.sites
            weighted += piece.spin_rate * piece.sites
        if draft.spin_rate is None:
            draft.spin_rate = weighted / sites if sites else 0.0
        return edits

    def detect(self, draft: Draft) -> Detection:
        """Judges whether a document was spun."""
        words = sites = running = 0
        expected = suspected = 0.0
        weighted = 0.0
        edits: list[Edit] = []
        for piece in self._pieces(draft, suspect=True):
            words += piece.words
            running += piece.running
            suspected += piece.suspected
            sites += piece.sites
            weighted += piece.spin_rate * piece.sites
            expected += sum(_expected(verdicts) for verdicts in piece.verdicts)
            edits += piece.edits
        strongest = sorted(draft.view.edits(edits), key=lambda edit: (-edit.confidence, edit.start))[:_STRONGEST]
        return Detection(
            weighted / sites if sites else 0.0,
            suspected / running if running >= _ENOUGH else 0.0,
            1000 * expected / words if words else 0.0,
            sites,
            words,
            tuple(strongest),
        )

    def read(self, draft: Draft) -> list[tuple[int, Reading]]:
        """Finds a document's sites and asks every judge about them, whatever the spin rate.

        Returns:
            Each block's first character in the text, and its reading.
        """
        cut = [block for piece in draft.pieces() for block in piece]
        readings = self._heard(self._read(draft, cut))
        if reviewer := self._resources.reviewer:
            readings = self._reviewed(readings, self._decide(readings)[1], reviewer)
        return [(block.start, reading) for block, reading in zip(cut, readings, strict=True)]

    def decide(self, draft: Draft) -> Iterator[tuple[Reading, list[Verdict]]]:
        """Decides on a document in a single round.

        Yields:
            Each block's reading, and the verdicts on its sites that are acted on.
        """
        for piece in self._pieces(draft):
            yield from piece.decided

    def _pieces(self, draft: Draft, suspect: bool = False) -> Iterator[_Piece]:
        return (self._piece(draft, cut, suspect) for cut in draft.pieces())

    def _piece(self, draft: Draft, cut: Sequence[Block], suspect: bool) -> _Piece:
        reviewer = self._resources.reviewer  # loaded now, so that a missing one is told at once
        readings = self._read(draft, cut)
        running, suspected = self._suspected(readings) if suspect else (0, 0.0)
        rate, verdicts, chosen = self._decide(readings)
        if rate >= _SCREEN or any(chosen) or self._looks_spun(readings):
            readings = self._heard(readings)
            rate, verdicts, chosen = self._decide(readings)
            if reviewer:
                readings = self._reviewed(readings, verdicts, reviewer)
                rate, verdicts, chosen = self._decide(readings)
        if any(chosen):
            # A repaired neighbour makes the next decision easier: judge again, with the repairs in place.
            local = [judge for judge in self._resources.judges if judge.local]
            readings = [
                reading.rejudged(local, acted) if acted else reading for reading, acted in zip(readings, chosen, strict=True)
            ]
            rate, verdicts, chosen = self._decide(readings)
        made = [
            list(self._edits(draft, reading, span, acted, rate))
            for reading, span, acted in zip(readings, cut, chosen, strict=True)
        ]
        return _Piece(
            sum(site.known for reading in readings for site in reading.sites),
            verdicts,
            rate,
            [edit for found in made for _, edit in found],
            [(reading, [verdict for verdict, _ in found if verdict]) for reading, found in zip(readings, made, strict=True)],
            sum(len(reading.lemmas) for reading in readings),
            running,
            suspected,
        )

    def _suspected(self, readings: Sequence[Reading], most: int = sys.maxsize) -> tuple[int, float]:
        """How many words of some blocks stand in sentences, and the expected number of them that were spun, by what the first
        judge says that can tell; asked of the first words only, if there are more.
        """
        words = 0
        total = 0.0
        for group in together(readings):
            passage, firsts = join(group)
            passage = passage.opening(most)
            slots = [
                slot
                for reading, first in zip(group, firsts, strict=True)
                for slot in reading.slots_at(reading.running, first)
                if slot.end <= most
            ]
            told = (odds for judge in self._resources.judges if (odds := judge.suspect(passage, slots)))
            total += sum(map(logistic, next(told, ())))
            words += len(slots)
        return words, total

    def _looks_spun(self, readings: Sequence[Reading]) -> bool:
        """Whether many of the first words in sentences are suspected."""
        if self._settings.spin_rate is not None:
            return False
        opening: list[Reading] = []
        held = 0
        for reading in readings:
            if held >= _SAMPLE:
                break
            if running := len(reading.running):
                opening.append(reading)
                held += running
        words, suspected = self._suspected(opening, 2 * _SAMPLE)
        return words >= _SAMPLE / 2 and suspected >= _SUSPICIOUS * words

    def _heard(self, readings: Sequence[Reading]) -> list[Reading]:
        """Copies of a document's blocks with what the other judges and the rest of the document say."""
        heard: list[Reading] = []
        for group in together(readings):
            if self._settings.proposals:
                group = propose(group, self._resources.judges[1:], self._resources.first_judge)
            heard += hear(group, self._resources.judges[1:])
        echoes: defaultdict[tuple[str, str], Echo] = defaultdict(Echo)
        for reading in heard:
            for site in reading.sites:
                for candidate in site.candidates:
                    echoes[candidate.row.spun, candidate.lemma].add(candidate.features["trigram"])
        for reading, lemmas in zip(heard, _around(heard), strict=True):
            reading.look_around(Counter(lemmas), echoes)
        return heard

    def _reviewed(self, readings: Sequence[Reading], verdicts: Iterable[Sequence[Verdict]], reviewer: Scorer) -> list[Reading]:
        """Copies of a document's blocks with what the deep judge says of unsure sites."""
        low, high = _UNSURE
        sites = {id(verdict.site) for found in verdicts for verdict in found if low <= verdict.confidence <= high}
        return [reading for group in together(readings) for reading in review(group, reviewer, sites)]

    def _decide(self, readings: Sequence[Reading]) -> tuple[float, list[list[Verdict]], list[list[Verdict]]]:
        """The spin rate that some blocks show, and for each block the verdicts and those to act on."""
        settings = self._settings
        sites = [site for reading in readings for site in reading.sites]
        estimated = is_estimated(sites, settings)
        rate = estimate_spin_rate(sites, settings)
        verdicts = [judge_sites(reading.sites, rate, estimated, settings) for reading in readings]
        return rate, verdicts, [choose(found, settings) for found in verdicts]

    def _read(self, draft: Draft, cut: Sequence[Block]) -> list[Reading]:
        """Finds the sites of blocks; what an earlier round left as it was is remembered."""
        resources = self._resources
        respelled = resources.speller.respelled if SPELLING in self._settings.stages else None
        result = []
        for block, (doc, mask) in zip(cut, draft.tagged(cut), strict=True):
            key = (draft.text[block.start : block.end], block.capitals, mask)
            if key not in draft.readings:
                draft.readings[key] = read_block(
                    doc, mask, resources.lexicon, resources.first_judge, self._parse, respelled, draft.attest
                )
            result.append(draft.readings[key])
        return result

    def _edits(
        self, draft: Draft, block: Reading, span: Block, acted: Sequence[Verdict], rate: float
    ) -> Iterator[tuple[Verdict | None, Edit]]:
        """Realises the chosen verdicts of a block, in order; an edit that only agrees with another has no verdict."""
        text, doc = draft.text, block.doc
        taken = {token for v in acted for token in range(v.site.start, v.site.end)}
        at = -1
        for verdict in sorted(acted, key=lambda v: v.site.start):
            site = verdict.site
            if not span.capitals and self._is_entity(text, doc, span, site):
                continue
            start, end = (span.start + character for character in block.characters(site.start, site.end))
            original = cased(verdict.best.original, text[start:end], span.capitals)
            if not original:
                if site.end < len(doc) and doc[site.end].is_alpha and not block.mask[site.end]:
                    follower = doc[site.end]
                    to = span.start + follower.idx
                    original = cased(text[to : to + len(follower)], text[start], False)
                    end = to + len(follower)
                elif site.start and doc[site.start - 1].whitespace_:
                    start -= 1
            if site.start and doc[site.start - 1].lower_ in ("a", "an") and not block.mask[site.start - 1] and original:
                before = doc[site.start - 1]
                wanted = article(original)
                begin = span.start + before.idx
                if wanted != before.lower_ and begin >= at:
                    original = cased(wanted, text[begin : begin + 1], False) + text[begin + len(before) : start] + original
                    start = begin
            original, end = _with_space(original, text, start, end)
            if start < at or text[start:end] == original or draft.protection.touches(start, end):
                continue
            tier = verdict.best.row.tier
            edit = Edit(start, end, text[start:end], original, verdict.confidence, *_explained(verdict, rate), tier)
            yield verdict, edit
            at = end
            # Only a noun may be the subject that a verb agrees with; the others need no parse.
            if not any(token.tag_ in ("NN", "NNS") for token in doc[site.start : site.end]):
                continue
            self._parse(doc)
            verb = agreeing_verb(doc, site.start, site.end, verdict.best.original)
            if verb and not block.mask[verb[0]] and verb[0] not in taken:
                token, form = doc[verb[0]], verb[1]
                start = span.start + token.idx
                end = start + len(token)
                if start >= at and text[start:end] != form:
                    reason = (Evidence("agrees with its repaired subject", 0.0),)
                    form = cased(form, text[start:end], False)
                    yield None, Edit(start, end, text[start:end], form, verdict.confidence, (), reason)
                    at = end

    def _parse(self, doc: Doc) -> None:
        parse(self._resources.nlp, doc)

    def _is_entity(self, text: str, doc: Doc, span: Block, site: Site) -> bool:
        """Whether a site that opens a sentence with a capital is a name to spaCy's entity recogniser."""
        token = doc[site.start]
        begin = span.start + token.idx
        word = text[begin : begin + len(token)]
        if not is_capital(word) or word.isupper() or not opens_sentence(token):
            return False
        return any(a < site.end and site.start < b for a, b in entities(self._resources.nlp, token.sent))


@dataclass(slots=True)
class _Piece:
    """What one round found in a piece of a document."""

    sites: int
    verdicts: list[list[Verdict]]
    spin_rate: float
    edits: list[Edit]
    decided: list[tuple[Reading, list[Verdict]]]
    words: int
    running: int
    suspected: float


def _with_space(original: str, text: str, start: int, end: int) -> tuple[str, int]:
    """Keeps the white space among replaced words: between the words of the original, a line break else after the last one.

    Returns:
        The original, and where what it replaces ends.
    """
    spaces = _SPACE.findall(text, start, end)
    if not original or all(space == " " for space in spaces):
        return original, end
    first, *rest = original.split(" ")
    kept = spaces[: len(rest)]
    original = first + "".join(space + word for space, word in zip(kept + [" "] * (len(rest) - len(kept)), rest, strict=True))
    broken = next((space for space in spaces[len(rest) :] if "\n" in space), "")
    return (original + broken, end + 1) if broken and text[end : end + 1] == " " else (original, end)


def _explained(verdict: Verdict, rate: float) -> tuple[tuple[Alternative, ...], tuple[Evidence, ...]]:
    items = [Evidence(reason, round(nats, 3)) for reason, nats in reasons(verdict.best)]
    items.append(Evidence(f"spin rate of the document: {rate:.2f}", round(verdict.prior, 3)))
    alternatives = tuple(Alternative(original, round(share, 4)) for original, share in verdict.others()[:_ALTERNATIVES])
    return alternatives, tuple(items)


def _around(readings: Sequence[Reading]) -> Iterator[list[str]]:
    """For each block the lemmas in it and in the whole blocks before and after it that the neighbourhood reaches into."""
    lemmas = [lemma for reading in readings for lemma in reading.lemmas]
    borders = list(accumulate((len(reading.lemmas) for reading in readings), initial=0))
    for start, end in pairwise(borders):
        first = max(0, bisect_right(borders, start - _NEIGHBOURHOOD) - 1)
        last = min(len(readings), bisect_left(borders, end + _NEIGHBOURHOOD))
        yield lemmas[borders[first] : borders[last]]


def _expected(verdicts: Sequence[Verdict]) -> float:
    """Expected number of spun sites among verdicts, of overlapping ones the most probable only."""
    total = 0.0
    end = -1
    held = 0.0
    for verdict in sorted(verdicts, key=lambda v: (v.site.start, v.site.end)):
        if verdict.site.start >= end:
            total += held
            held = verdict.confidence
        else:
            held = max(held, verdict.confidence)
        end = max(end, verdict.site.end)
    return total + held
