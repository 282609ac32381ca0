"""Finds which of many texts are copies of each other: MinHash and locality-sensitive hashing (Broder, 1997) over what spinners
leave alone.

A text is the set of its pairs of neighbouring words, each word as the most usual one that the lexicon gives for it, so that
copies with other synonyms hash alike; pairs of grammatical words alone tell nothing and are left out. Texts that hash alike are
compared sentence by sentence: a copy has them all, articles made by one template only some.
"""

from __future__ import annotations

import re
import zlib
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from despin.document.morphology import lemmas
from despin.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasketch import MinHash
    from numpy.typing import NDArray

    from despin.judge.base import Judge
    from despin.lexicon.rows import Lexicon

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
# Copies have so much in common, as a share of what either has (Jaccard): simulated ones at a spin rate of 0.4 a quarter or
# more, unrelated articles less than a tenth.
_COMMON = 0.15
# A sentence stands in a copy, too, if so many of its pairs do, as a share; and sentences that hold so many of the shorter
# text's pairs must stand in both. Of simulated copies nine tenths do, of articles by one template hardly ever eight.
_SENTENCE, _COVERED = 0.25, 0.8
# A sentence of fewer pairs tells nothing by itself.
_SHORT = 4
# Hash functions, cut into bands of so many: texts that agree in a band are compared.
_FUNCTIONS, _BAND = 128, 2
# Texts of fewer pairs are too short to be told apart.
_FEWEST = 20
# So many words are remembered with a more usual one.
_MEMORY = 1_000_000
# A word is followed to a more usual one so often.
_STEPS = 3


class Grouper:
    """Groups texts, of each of which some kilobytes are remembered.

    Args:
        lexicon: the rows that lead from a spun word to its originals.
        judge: tells how usual words are.

    Raises:
        ModelError: if datasketch is not installed.
    """

    def __init__(self, lexicon: Lexicon, judge: Judge) -> None:
        try:
            from datasketch import MinHash, MinHashLSH
        except ImportError as error:
            raise ModelError(f"Finding copies takes the extra `copies` (`pip install 'despin[copies]'`): {error}") from error
        self._lexicon = lexicon
        self._judge = judge
        self._usual: dict[str, str] = {}
        self._hashes: list[MinHash | None] = []
        # The pairs of each text as numbers, sentence by sentence, and where each sentence begins.
        self._sentences: list[tuple[NDArray[np.uint32], NDArray[np.int64]]] = []
        self._index = MinHashLSH(num_perm=_FUNCTIONS, params=(_FUNCTIONS // _BAND, _BAND))
        self._empty = MinHash(num_perm=_FUNCTIONS, hashfunc=_as_is)
        # For each text another one of its group, or itself: a forest of disjoint sets.
        self._parents: list[int] = []

    def add(self, text: str) -> None:
        """Adds a text, and joins it with those that it is a copy of."""
        number = len(self._parents)
        self._parents.append(number)
        sentences = [sorted({zlib.crc32(pair.encode()) for pair in pairs}) for pairs in self._pairs(text)]
        told = [pairs for pairs in sentences if len(pairs) >= _SHORT]
        begins = np.cumsum([0, *map(len, told)])[:-1]
        self._sentences.append((np.fromiter(chain.from_iterable(told), np.uint32), begins))
        whole = set().union(*sentences)
        if len(whole) < _FEWEST or not told:
            self._hashes.append(None)
            return
        own = self._empty.copy()
        own.update_batch(sorted(whole))
        self._hashes.append(own)
        for other in sorted(self._index.query(own)):
            known = self._hashes[other]
            if (
                known
                and self._root(other) != self._root(number)
                and own.jaccard(known) >= _COMMON
                and self._covers(number, other)
            ):
                self._parents[self._root(number)] = self._root(other)
        self._index.insert(number, own)

    def _covers(self, number: int, other: int) -> bool:
        """Whether of two texts the one has nearly all sentences of the shorter one."""
        (shorter, begins), (longer, _) = sorted((self._sentences[number], self._sentences[other]), key=lambda one: len(one[0]))
        sizes = np.diff([*begins, len(shorter)])
        shared = np.add.reduceat(np.isin(shorter, longer), begins)
        return int(sizes[shared >= _SENTENCE * sizes].sum()) >= _COVERED * len(shorter)

    def groups(self) -> list[list[int]]:
        """Returns the groups of two texts or more, each as the numbers of its texts in the order in which they were added."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._parents)):
            found.setdefault(self._root(number), []).append(number)
        return sorted(group for group in found.values() if len(group) > 1)

    def _pairs(self, text: str) -> Iterator[set[str]]:
        """What is compared of each sentence of a text."""
        from spacy.lang.en.stop_words import STOP_WORDS

        for sentence in _SENTENCE_END.split(text):
            read = [(lower, lower in STOP_WORDS) for lower in map(str.lower, _WORD.findall(sentence))]
            words = [(lower if little else self._usual_of(lower), little) for lower, little in read]
            yield {f"{one} {other}" for (one, little), (other, small) in pairwise(words) if not (little and small)}

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = number = self._parents[self._parents[number]]
        return number

    def _usual_of(self, word: str) -> str:
        """The most usual word that the lexicon gives for one, or for that, and so on."""
        found = self._usual.get(word)
        if found is None:
            found = self._most_usual({lemma for values in lemmas(word).values() for lemma in values} or {word})
            seen = set()
            for _ in range(_STEPS):
                seen.add(found)
                originals = (word for word in self._lexicon.originals(found) if word and " " not in word)
                found = self._most_usual({found, *originals})
                if found in seen:
                    break
            if len(self._usual) >= _MEMORY:
                self._usual.clear()
            self._usual[word] = found
        return found

    def _most_usual(self, words: set[str]) -> str:
        return max(words, key=lambda word: (self._judge.frequency([word]), word))


def _as_is(pair: int) -> int:
    return pair
