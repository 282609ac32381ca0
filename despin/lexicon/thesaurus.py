"""Makes the rows of the tier `generated`: WordNet's synonyms backwards, for spinners that are blind to sense.

Such a spinner looks a word up, takes any of its senses, and writes any word that shares it: soil becomes filth, a row a
quarrel. So a word may stand for each commoner one that shares a synset with it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from despin.document.parsing import load_tokenizer
from despin.lexicon.matching import norms
from despin.lexicon.rows import GENERATED, Row, words
from despin.lexicon.spellings import same_spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from despin.lexicon.rows import Lexicon
    from despin.lexicon.wordnet import WordNet

_WORD = re.compile(r"[a-z][a-z' -]*[a-z]")
# On the Zipf scale: originals are words that articles use; what a spinner writes for them is hardly commoner, and is not
# unheard of.
_COMMON, _COMMONER, _RARE = 3.8, 0.3, 1.0
# At a site so many originals at most come from one row.
_MOST = 6
# What a spinner writes has so many words at most; a phrase is rarer than its rarest word by so much.
_LONGEST, _RARER = 3, 0.5


def build(wordnet: WordNet, known: Lexicon, zipf: Callable[[str], float]) -> list[Row]:
    """Returns rows of WordNet's synonyms backwards, without what a lexicon has.

    The originals of a row stand in order of how likely a spinner swaps them: usual senses first, common originals first,
    and first those that are far commoner than what was written.

    Args:
        wordnet: the database.
        known: the lexicon.
        zipf: a word's frequency on the Zipf scale, the decimal logarithm of its count in a billion words (van Heuven et
            al., SUBTLEX-UK, 2014); 0 for an unknown word.
    """
    has: defaultdict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
    for row in known.rows:
        has[words(row.spun), row.pos].update(row.originals)
    tokenizer = load_tokenizer()
    rows = []
    for (spun, pos), originals in sorted(_pairs(wordnet, zipf).items()):
        if norms(tokenizer(spun)) != words(spun):
            continue  # it would match nothing
        there = has[words(spun), pos]
        best = sorted(originals.keys() - there, key=lambda original: (-originals[original], original))[:_MOST]
        if best:
            there.update(best)
            rows.append(Row(spun, pos, tuple(best), tier=GENERATED))
    return rows


def _pairs(wordnet: WordNet, zipf: Callable[[str], float]) -> Mapping[tuple[str, str], dict[str, float]]:
    """What each word or phrase may stand for, with how likely that is, in no unit."""
    found: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for original, pos, synsets, _ in wordnet.words:
        common = zipf(original)
        if common < _COMMON or not original.isalpha():
            continue
        for rank, synset in enumerate(synsets):
            for spun in wordnet.members[synset]:
                parts = spun.split()
                if not _WORD.fullmatch(spun) or len(parts) > _LONGEST or original in parts or same_spelled(spun, original):
                    continue
                written = min(map(zipf, parts)) - _RARER * (len(parts) > 1)
                lift = common - written
                if written >= _RARE and lift >= -_COMMONER:
                    score = math.exp(0.35 * min(lift, 3)) * 10 ** (0.25 * common) / math.sqrt(1 + rank)
                    known = found[spun, pos]
                    known[original] = max(score, known.get(original, 0.0))
    return found
