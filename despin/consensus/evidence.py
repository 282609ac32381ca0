"""What copies of a text say about its sites: words on which they agree, and words that one of them has instead.

A copy that has a candidate's words speaks for it, and so does one whose words the lexicon derives from the candidate; one
that has the text's own words, or words derived from those, speaks for keeping them. What a copy has where the lexicon knows
nothing is a candidate of its own, of the tier `copied`.
"""

from __future__ import annotations

import math
from copy import copy
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from despin.consensus.alignment import Aligned, Copy, differing
from despin.consensus.words import Word, WordReader
from despin.document.morphology import lemma_of, pos_of
from despin.lexicon.matching import HYPHENS
from despin.lexicon.rows import COPIED, Row
from despin.lexicon.rows import words as split
from despin.sites import Candidate, Site, find_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.tokens import Doc

    from despin.document.tagged import TaggedBlock
    from despin.lexicon.rows import Lexicon

# Words of a copy become a candidate for so many words of the text at most, and as many of theirs.
_LONGEST = 4
# What joins a word to the next one.
_JOINING = HYPHENS | {"'", "’"}


class Reported(NamedTuple):
    """What stands in a copy at some place.

    Attributes:
        text: the words, in lower case.
        originals: what they may have been, by the lexicon.
        candidate: the words as they may be put into another text; empty if they may not.
    """

    text: str
    originals: frozenset[str]
    candidate: str


class Witnesses:
    """The copies of a text, to be asked about its sites.

    Args:
        copies: the blocks of each copy, in order.
        lexicon: the rows that tell what words may have been.
        parse: adds its dependencies to a block; called where they are asked for.
    """

    def __init__(self, copies: Sequence[Sequence[TaggedBlock]], lexicon: Lexicon, parse: Callable[[Doc], None]) -> None:
        self._reader = WordReader(lexicon)
        self._lexicon = lexicon
        self._parse = parse
        self._copies = [
            Copy(chain.from_iterable(self._reader.sentences(block.doc, block.mask) for block in blocks)) for blocks in copies
        ]
        # By identity, with what is known by it.
        self._originals: dict[int, tuple[Doc, dict[tuple[int, int], frozenset[str]]]] = {}

    def only(self, kept: Sequence[int]) -> Witnesses:
        """Returns some of the copies as witnesses, which share what is known of them."""
        found = copy(self)
        found._copies = [self._copies[k] for k in kept]
        return found

    @property
    def sizes(self) -> list[int]:
        """How many words each copy has."""
        return [sum(map(len, one.sentences)) for one in self._copies]

    def align(self, doc: Doc, mask: bytes) -> Iterator[tuple[Sequence[Word], list[Aligned | None]]]:
        """Yields the words of each sentence of a tagged block, and its partner in each copy; arguments as for `attest`."""
        for words in self._reader.sentences(doc, mask):
            yield words, [one.align(words) for one in self._copies]

    def attest(self, doc: Doc, mask: bytes, sites: list[Site]) -> list[Site]:
        """Adds to a block's sites what the copies say about them, and returns them with those that copies alone know of.

        Args:
            doc: the tagged block.
            mask: one byte a token, 1 where it may not be changed.
            sites: the block's sites, in order.
        """
        found = {(site.start, site.end): site for site in sites}
        for words, partners in self.align(doc, mask):
            aligned = [partner for partner in partners if partner]
            if not aligned:
                continue
            place = {word.token.i: k for k, word in enumerate(words)}
            places = {}
            for span in found:
                inside = [k for token, k in place.items() if span[0] <= token < span[1]]
                if inside and words[0].token.i <= span[0] and span[1] <= words[-1].token.i + 1:
                    places[span] = inside[0], inside[-1] + 1
            for start, end in dict.fromkeys(chain.from_iterable(map(differing, aligned))):
                if _is_plain(words[start:end]):
                    places.setdefault((words[start].token.i, words[end - 1].token.i + 1), (start, end))
            for span, (start, end) in places.items():
                own = " ".join(word.lower for word in words[start:end])
                across = (one.across(start, end) for one in aligned)
                told = [self._reported(others) for others in across if others is not None]
                site = found.get(span) or Site(*span, own, [])
                site.candidates += _copied(site, doc, told)
                if site.candidates:
                    found[span] = site
                    _count(site, own, told)
        return [site for _, site in sorted(found.items())]

    def _reported(self, words: Sequence[Word]) -> Reported:
        text = " ".join(word.lower for word in words)
        if not words:
            return Reported("", frozenset(), "")
        doc = words[0].token.doc
        if words[-1].token.doc is not doc:
            return Reported(text, frozenset(), "")
        originals = self._originals_in(doc).get((words[0].token.i, words[-1].token.i + 1), frozenset())
        return Reported(text, originals, text if text.isascii() and _is_plain(words) else "")

    def _originals_in(self, doc: Doc) -> dict[tuple[int, int], frozenset[str]]:
        """What the lexicon gives for each of its sites in a block of a copy, as it would read there."""
        if id(doc) not in self._originals:
            sites = find_sites(doc, self._lexicon, lambda *_: True, self._parse)
            found = {
                (site.start, site.end): frozenset(" ".join(split(candidate.original)) for candidate in site.candidates)
                for site in sites
            }
            self._originals[id(doc)] = doc, found
        return self._originals[id(doc)][1]


def _is_plain(words: Sequence[Word]) -> bool:
    """Whether words are few that may be changed, or put in the place of others: no names, no marks between them, and no part of
    a compound.
    """
    first, last = words[0].token, words[-1].token
    doc = first.doc
    return (
        len(words) <= _LONGEST
        and last.i - first.i == len(words) - 1
        and all(word.lower.isalpha() and not word.kept and not word.token.tag_.startswith("NNP") for word in words)
        and not (first.i and not doc[first.i - 1].whitespace_ and doc[first.i - 1].text in HYPHENS)
        and not (last.i + 1 < len(doc) and not last.whitespace_ and doc[last.i + 1].text[:1] in _JOINING)
    )


def _copied(site: Site, doc: Doc, told: Sequence[Reported]) -> Iterator[Candidate]:
    """Candidates that only copies know of."""
    known = {candidate.original for candidate in site.candidates} | {site.spun, ""}
    token = doc[site.end - 1]
    single = site.end == site.start + 1
    for report in told:
        if report.candidate in known or not report.candidate:
            continue
        known.add(report.candidate)
        pos = pos_of(token.tag_) if single and " " not in report.candidate else ""
        lemma = lemma_of(report.candidate, token.tag_) if pos else report.candidate
        features: dict[str, float] = {COPIED: 1.0}
        if not single:
            features["phrase"] = math.log(site.end - site.start)
        if fewer := site.end - site.start - len(report.candidate.split()):
            features["fewer"] = float(fewer)
        yield Candidate(report.candidate, lemma, Row(site.spun, pos, (lemma,), tier=COPIED), features)


def _count(site: Site, own: str, told: Sequence[Reported]) -> None:
    """Adds to a site's candidates how many copies say what of them.

    Args:
        site: the site.
        own: the text's words there.
        told: what the copies have there.
    """
    for candidate in site.candidates:
        original = " ".join(split(candidate.original))
        for report in told:
            keeps, explains = own in report.originals, original in report.originals
            if report.text == own:
                said = ["agreed"]
            elif report.text == original:
                said = ["swapped" if keeps else "seen"]
            else:
                said = ["explained"] * explains + ["kept"] * keeps
            for name in said:
                candidate.features[name] = candidate.features.get(name, 0.0) + 1
