"""Aligns a text with a copy of it, sentence by sentence and word by word.

Spinners move sentences, drop them, cut them in two and put others between; so each sentence looks for its partner anywhere in
the copy, among single sentences and pairs of neighbours. Words are aligned globally (Needleman and Wunsch, 1970), those at the
ends of the copy's stretch free of charge: equal words attract each other most, then words that the lexicon gives for each
other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from despin.consensus.words import Word

# What a pair of words, or a word without a partner, adds to an alignment.
_EQUAL, _EQUAL_LITTLE, _SAME_LEMMA, _KIN = 3.0, 1.5, 2.0, 1.5
_ALIKE, _UNLIKE, _GAP = 0.2, -1.0, -0.6
# A partner has so many of a sentence's words at least, equal or related, as a share; a short one more of them.
_SHARED, _SHARED_SHORT, _SHORT = 0.5, 0.75, 4
# So many partners are tried.
_TRIED = 4
# A lemma of more sentences than these leads to none of them.
_USUAL = 200


class Aligned(NamedTuple):
    """A sentence and its partner in a copy.

    Attributes:
        words: the sentence's words.
        others: the words of the copy's stretch.
        partners: for each word the index of its partner among the others, rising, or -1.
    """

    words: Sequence[Word]
    others: Sequence[Word]
    partners: Sequence[int]

    def across(self, start: int, end: int) -> Sequence[Word] | None:
        """Returns the words of the copy in the place of some of the sentence's; None where that cannot be told, since a
        neighbour has no partner, or there is no neighbour and none of the words has one.

        Args:
            start: index of the first of the words.
            end: index after the last.
        """
        found = [partner for partner in self.partners[start:end] if partner >= 0]
        first = self.partners[start - 1] + 1 if start else min(found, default=0)
        last = self.partners[end] if end < len(self.words) else max(found, default=-1) + 1
        if (start and not first) or last < 0 or (not found and not (start and end < len(self.words))):
            return None
        return self.others[first:last]


class Copy:
    """A copy of a text, ready to be searched.

    Args:
        sentences: the words of each sentence, in order.
    """

    def __init__(self, sentences: Iterable[Sequence[Word]]) -> None:
        self.sentences = list(sentences)
        self._with: defaultdict[str, list[int]] = defaultdict(list)
        for i, words in enumerate(self.sentences):
            for lemma in dict.fromkeys(word.lemma for word in words):
                self._with[lemma].append(i)

    def align(self, words: Sequence[Word]) -> Aligned | None:
        """Aligns a sentence, as its words, with its partner in the copy, if it has one."""
        best: tuple[float, Aligned] | None = None
        tried = self._sharing(words)
        for stretch in (slice(i, i + 1) for i in tried):
            best = self._better(best, words, stretch)
        if best and -1 in (best[1].partners[0], best[1].partners[-1]):
            # It may have been cut in two there.
            last = len(self.sentences) - 1
            for i in sorted({i for near in tried[:2] for i in (near - 1, near) if 0 <= i < last}):
                best = self._better(best, words, slice(i, i + 2))
        return best[1] if best and _is_partner(best[1]) else None

    def _better(self, best: tuple[float, Aligned] | None, words: Sequence[Word], stretch: slice) -> tuple[float, Aligned]:
        others = list(chain.from_iterable(self.sentences[stretch]))
        partners, score = _align(words, others)
        # Between stretches that align as well, the shorter one is the partner.
        score -= 0.01 * len(others)
        return best if best and best[0] >= score else (score, Aligned(words, others, partners))

    def _sharing(self, words: Sequence[Word]) -> list[int]:
        """The sentences that share the most of a sentence's telling words, best first."""
        total = len(self.sentences)
        shares: defaultdict[int, float] = defaultdict(float)
        for lemma in dict.fromkeys(word.lemma for word in words):
            places = self._with.get(lemma, ())
            if len(places) <= _USUAL:
                for i in places:
                    shares[i] += math.log(1 + total / len(places))
        return sorted(shares, key=lambda i: (-shares[i], i))[:_TRIED]


def _is_partner(aligned: Aligned) -> bool:
    pairs = [(word, aligned.others[at]) for word, at in zip(aligned.words, aligned.partners, strict=True) if at >= 0]
    shared = sum(word.lower == other.lower or not word.origins.isdisjoint(other.origins) for word, other in pairs)
    short = len(aligned.words) <= _SHORT
    if short and len(aligned.others) > 2 * len(aligned.words):
        return False  # a heading, and a sentence that has its words
    needed = _SHARED_SHORT if short else _SHARED
    return shared >= needed * len(aligned.words) and any(w.content and w.lemma == other.lemma for w, other in pairs)


def _likeness(word: Word, other: Word) -> float:
    if word.lower == other.lower:
        return _EQUAL if word.content else _EQUAL_LITTLE
    if word.lemma == other.lemma:
        return _SAME_LEMMA
    if not word.origins.isdisjoint(other.origins):
        return _KIN
    return _ALIKE if word.content == other.content else _UNLIKE


def _align(words: Sequence[Word], others: Sequence[Word]) -> tuple[list[int], float]:
    """The best alignment's partners, and its score."""
    likeness = [[_likeness(word, other) for other in others] for word in words]
    scores = [[0.0] * (len(others) + 1)]
    for i, likes in enumerate(likeness, 1):
        above = scores[-1]
        row = [_GAP * i]
        for k, like in enumerate(likes, 1):
            row.append(max(above[k - 1] + like, above[k] + _GAP, row[-1] + _GAP))
        scores.append(row)
    partners = [-1] * len(words)
    i = len(words)
    k = max(range(len(others) + 1), key=scores[-1].__getitem__)
    score = scores[-1][k]
    while i and k:
        if scores[i][k] == scores[i - 1][k - 1] + likeness[i - 1][k - 1]:
            i, k = i - 1, k - 1
            partners[i] = k
        elif scores[i][k] == scores[i - 1][k] + _GAP:
            i -= 1
        else:
            k -= 1
    return partners, score


def differing(aligned: Aligned) -> list[tuple[int, int]]:
    """Returns the runs of a sentence's words that the copy has otherwise, word by word where as many stand there, as pairs of
    indices.
    """
    equal = [
        at >= 0 and aligned.others[at].lower == word.lower for word, at in zip(aligned.words, aligned.partners, strict=True)
    ]
    # A word that the copy has more ends a run, too.
    edges = [0, *(i for i, (a, b) in enumerate(pairwise(equal), 1) if a != b), len(equal)]
    runs = []
    for start, end in pairwise(edges):
        if start == end or equal[start]:
            continue
        others = aligned.across(start, end)
        if others is None:
            continue
        if len(others) == end - start:
            runs += [(i, i + 1) for i in range(start, end)]
        else:
            runs.append((start, end))
    return runs
