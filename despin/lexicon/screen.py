"""A quick look at a text, without spaCy, that tells whether it is worth a thorough one.

Spun words and phrases are looked up by an automaton (Aho and Corasick 1975), all at once. Each has a weight, how much oftener
simulated spinners write it than clean prose does, in nats (`despin/training/screen.py`); what these come to in a text, a word,
tells spun texts from others.
"""

from __future__ import annotations

import lzma
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from despin.lexicon.rows import GENERATED, head_of, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ahocorasick_rs import AhoCorasick

    from despin.lexicon.rows import Lexicon, Row

WEIGHTS = Path(__file__).with_name("screen.tsv.xz")
# What a row of the user's own weighs, which nothing was counted of. One that is garbled wherever it stands is enough.
_ADDED = {"context": 4.0, "thesaurus": 3.0, GENERATED: 1.0}
# Texts with fewer nats a word are taken for clean. Of 1,350 held-out documents of 300 words one in eighteen has more; of the
# same spun at rates over 0.3, one in 250 fewer.
_ENOUGH = 0.105
# Shorter texts than so many words are let through with less, since what a word comes to varies more there.
_SHORT, _LENIENCE = 300, 0.3
_OTHER = re.compile(r"[^a-z0-9']+")
_CLITIC = re.compile(r" (n't|'(?:s|re|ve|ll|d|m)?)(?= )")


class Screen:
    """Tells which texts may be spun.

    Args:
        weights: words and phrases as `normal` writes them, and what each weighs, in nats; infinity is enough by itself.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        from ahocorasick_rs import AhoCorasick

        self._automaton: AhoCorasick = AhoCorasick(list(weights))
        self._weights = np.fromiter(weights.values(), np.float64, len(weights))

    @classmethod
    def load(cls, lexicon: Lexicon) -> Screen:
        """Reads the packaged weights, and adds a lexicon's rows that are not packaged."""
        weights = read_weights()
        for row in lexicon.added:
            for form in forms(row):
                weights[form] = max(weights.get(form, 0.0), _ADDED.get(row.tier, math.inf))
        return cls(weights)

    def suspects(self, text: str) -> bool:
        """Tells whether a text is worth a thorough look."""
        plain = normal(text)
        count = len(plain.split())
        lenience = _LENIENCE * (count**-0.5 - _SHORT**-0.5) if 0 < count < _SHORT else 0.0
        evidence = self._evidence(plain)
        return evidence > 0 and evidence >= (_ENOUGH - lenience) * count

    def _evidence(self, plain: str) -> float:
        """What a text holds that speaks for its being spun, in nats."""
        found = [number for number, _, _ in self._automaton.find_matches_as_indexes(plain, overlapping=True)]
        return float(self._weights[found].sum())


def normal(text: str) -> str:
    """Returns a text as the screen reads it: its words in lower case, a blank before, between and after them."""
    plain = text.lower().replace("’", "'")
    return f" {_OTHER.sub(' ', plain).strip()} "


def forms(row: Row) -> Iterator[str]:
    """Yields the spun words of a row in each form that they may take, as `normal` writes them."""
    from lemminflect import getAllInflections

    spun = words(row.spun)
    head = head_of(spun, row.pos)
    phrases = {spun}
    if head >= 0:
        inflections = getAllInflections(spun[head], row.pos).values()
        phrases.update((*spun[:head], form, *spun[head + 1 :]) for found in inflections for form in found)
    for phrase in sorted(phrases):
        yield _CLITIC.sub(r"\1", normal(" ".join(phrase)))


def read_weights() -> dict[str, float]:
    """Returns the packaged weights."""
    with lzma.open(WEIGHTS, "rt", encoding="utf-8") as file:
        return {f" {form} ": float(weight) for form, weight in (line.rstrip("\n").split("\t") for line in file)}
