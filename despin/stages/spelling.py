"""Puts garbled words right: misspelt ones, words that were written together, and words that fell in two.

A word is asked about that neither a dictionary nor a model knows. What it may have been, and whether it was garbled at all, is
judged in its sentence like a spun word, with weights of its own; a word that the document keeps writing alike is believed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from despin.judge.decision import Verdict, Weights, choose, judge_site, logit, reasons, shown_share, weigh
from despin.lexicon.rows import CORRECTED, Row
from despin.reading import Reading, hear, read_sites, together
from despin.restoration import Alternative, Edit, Evidence
from despin.settings import SPELLING
from despin.sites import Candidate, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Token

    from despin.document.blocks import Block
    from despin.draft import Draft
    from despin.resources import Resources
    from despin.settings import Settings
    from despin.spelling import Correction

_SHORTEST, _LONGEST = 3, 24
# What a word may stand beside.
_BEFORE = frozenset(' \t\n\r("“‘[—–')
_AFTER = frozenset(' \t\n\r)"”’].,;:!?—–…')
# Letters drawn out are meant so.
_DRAWN = re.compile(r"(.)\1(?:\1+$|\1\1)")
# A word that a document has so often is meant so.
_OFTEN = 3
_ALTERNATIVES = 3
# The share of a document's unknown words that are garbled, before any is seen.
_EXPECTED = 0.5


class Spelling:
    """The stage that corrects spelling.

    Args:
        settings: the dials.
        resources: the speller, the judges and spaCy's model.
    """

    name = SPELLING

    def __init__(self, settings: Settings, resources: Resources) -> None:
        self._settings = settings
        self._resources = resources

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        weights = Weights.load("spelling")
        found = self.read(draft)
        sites = [site for _, reading in found for site in reading.sites]
        weigh(sites, weights)
        prior = prior_of(sites)
        edits = []
        for at, reading in found:
            verdicts = [judge_site(site, site.candidates, prior, weights) for site in reading.sites]
            edits += [_edit(draft.text, at, reading, verdict, weights) for verdict in choose(verdicts, self._settings)]
        return edits

    def read(self, draft: Draft) -> list[tuple[int, Reading]]:
        """Finds words that may be garbled, and asks every judge about what they may have been.

        Returns:
            Those blocks that have some: their first character in the text, and the block, not yet weighed.
        """
        return [found for cut in draft.pieces() for found in self._read(draft, cut)]

    def _read(self, draft: Draft, cut: Sequence[Block]) -> Iterator[tuple[int, Reading]]:
        tagged = draft.tagged(cut)
        counts = Counter(token.lower_ for doc, _ in tagged for token in doc if token.is_alpha)
        starts = []
        readings = []
        for block, (doc, mask) in zip(cut, tagged, strict=True):
            if block.capitals:
                continue  # its words may be names, all of them
            if sites := list(self._sites(doc, mask, counts)):
                starts.append(block.start)
                readings.append(read_sites(doc, mask, sites, self._resources.first_judge))
        judges = self._resources.local_judges[1:] if readings else ()
        heard = (reading for group in together(readings) for reading in hear(group, judges))
        return zip(starts, heard, strict=True)

    def _sites(self, doc: Doc, mask: bytes, counts: Counter[str]) -> Iterator[Site]:
        speller = self._resources.speller
        text = doc.text
        before: Token | None = None
        for token in doc:
            if mask[token.i] or not _is_word(token, text):
                before = None
                continue
            word = token.text
            if before is not None and before.whitespace_ and (whole := speller.joined(before.text, word)):
                yield _site(before.i, token.i + 1, f"{before.text} {word}", [whole], counts)
            known = len(word) < _SHORTEST or speller.knows(word) or _DRAWN.search(word) or counts[word] >= _OFTEN
            if not known and (corrections := speller.corrections(word)):
                yield _site(token.i, token.i + 1, word, corrections, counts)
            before = token


def prior_of(sites: Sequence[Site]) -> float:
    """Returns the log-odds, in nats, that a document's unknown word is garbled, by expectation-maximisation over all of them.

    Args:
        sites: the document's, weighed.
    """
    return logit(shown_share(sites, _EXPECTED, _EXPECTED))


def _is_word(token: Token, text: str) -> bool:
    """Whether a token of a text is a whole word in lower case, of letters that English has."""
    word = token.text
    if len(word) > _LONGEST or not (word.isascii() and word.isalpha() and word.islower()):
        return False
    start, end = token.idx, token.idx + len(word)
    return (not start or text[start - 1] in _BEFORE) and (
        end == len(text) or (text[end] in _AFTER and not text[end + 1 : end + 2].isalnum()) or text[end].isspace()
    )


def _site(start: int, end: int, garbled: str, corrections: Sequence[Correction], counts: Counter[str]) -> Site:
    candidates = []
    for words, features in corrections:
        own = features.copy()
        if (count := counts[garbled]) > 1:
            own["repeated"] = math.log(count)
        if all(counts[word] for word in words.split()):
            own["spelt"] = 1.0
        candidates.append(Candidate(words, words, Row(garbled, "", (words,), tier=CORRECTED), own))
    return Site(start, end, garbled, candidates)


def _edit(text: str, at: int, reading: Reading, verdict: Verdict, weights: Weights) -> Edit:
    start, end = (at + character for character in reading.characters(verdict.site.start, verdict.site.end))
    items = [*reasons(verdict.best, weights), ("how garbled the document is", verdict.prior)]
    evidence = tuple(Evidence(reason, round(nats, 3)) for reason, nats in items)
    others = tuple(Alternative(words, round(share, 4)) for words, share in verdict.others()[:_ALTERNATIVES])
    return Edit(start, end, text[start:end], verdict.best.original, verdict.confidence, others, evidence, CORRECTED, SPELLING)
