"""A judge's own proposals: originals, out of its whole vocabulary, for suspicious words that the lexicon does not know.

They form a tier of their own, `proposed`: believed only in a document that is known to be spun, and above a threshold of
their own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from despin.document.morphology import lemma_of, lemmas, pos_of, with_lemmas
from despin.judge.context import number_clash
from despin.lexicon.rows import PROPOSED, Row
from despin.reading import Reading, join, judge_first
from despin.realize import inflected
from despin.sites import Candidate, Site, number_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Token

    from despin.judge.base import Judge, Proposal

# Words under this suspicion, in nats, are not asked about: of the content words of marked texts three fifths of those that
# stand as written are under it, and one in nine of those that were spun.
_SUSPICIOUS = -2.0
# So many originals are asked for, and so many of those that would do become candidates.
_ASKED, _TAKEN = 10, 3
_LIGHT = frozenset({"be", "have", "do"})


def propose(readings: Sequence[Reading], judges: Sequence[Judge], first: Judge) -> list[Reading]:
    """Returns copies of consecutive blocks with what judges propose as further sites.

    Args:
        readings: the blocks, which are read as one passage.
        judges: the judges that are asked.
        first: the judge that judges candidates first.
    """
    passage, firsts = join(readings)
    result = list(readings)
    for judge in judges:
        places = [(k, token) for k, reading in enumerate(result) for token in _askable(reading)]
        slots = [slot for k, token in places for slot in readings[k].slots_at([(token.i, token.i + 1)], firsts[k])]
        suspicions = judge.suspect(passage, slots)
        asked = [i for i, suspicion in enumerate(suspicions) if suspicion >= _SUSPICIOUS]
        found: list[list[Site]] = [[] for _ in readings]
        for i, proposals in zip(asked, judge.propose(passage, [slots[i] for i in asked], _ASKED), strict=True):
            k, token = places[i]
            if candidates := list(_candidates(token, proposals)):
                found[k].append(Site(token.i, token.i + 1, token.lower_, candidates))
        result = [_with(reading, sites, first) if sites else reading for reading, sites in zip(result, found, strict=True)]
    return result


def _askable(reading: Reading) -> Iterator[Token]:
    """The tokens that are words by themselves, of a class whose words spinners swap, may be changed, and are no site yet.

    Where the lexicon knows a word, more candidates would only take probability from each other.
    """
    known = {site.start for site in reading.sites if site.end == site.start + 1}
    for token in reading.doc:
        whole = reading.passage.words[reading.word_of[token.i]] == token.text
        if token.i in known or reading.mask[token.i] or not whole or not token.is_alpha or token.tag_.startswith("NNP"):
            continue
        if pos_of(token.tag_) and lemma_of(token.lower_, token.tag_) not in _LIGHT:
            yield token


def _candidates(token: Token, proposals: Sequence[Proposal]) -> Iterator[Candidate]:
    """The first few proposals that would do, in the word's form; `share` is what each holds of all of them."""
    word, tag = token.lower_, token.tag_
    pos = pos_of(tag)
    lemma = lemma_of(word, tag)
    own = with_lemmas(word)
    total = sum(math.exp(proposal.nats) for proposal in proposals)
    around = {token.doc[i].lower_ for i in (token.i - 1, token.i + 1) if 0 <= i < len(token.doc)}
    taken = 0
    for proposal in proposals:
        (original,) = proposal.words
        if proposal.nats <= 0 or original in own or original not in lemmas(original).get(pos, ()):
            continue
        form = inflected(original, pos, tag)
        if form in around or form == word:
            continue
        features = {PROPOSED: 1.0, "share": proposal.nats - math.log(total)}
        if number_clash(token.doc, token.i, number_tag(form, original, tag)):
            features["number"] = 1.0
        yield Candidate(form, original, Row(lemma, pos, (original,), tier=PROPOSED), features)
        taken += 1
        if taken == _TAKEN:
            return


def _with(reading: Reading, proposed: Sequence[Site], first: Judge) -> Reading:
    """A copy of a block with further sites."""
    slots = judge_first(first, reading.doc, reading.passage, reading.word_of, proposed)
    known = zip(reading.sites, reading.slots, strict=True)
    pairs = sorted([*known, *zip(proposed, slots, strict=True)], key=lambda pair: (pair[0].start, pair[0].end))
    return replace(reading, sites=[site for site, _ in pairs], slots=[slot for _, slot in pairs])
