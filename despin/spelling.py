"""What is known of how words are spelt: which words there are, and which of them a garbled one may have been.

The words and their frequencies are symspellpy's English dictionary (Google's n-grams, only what SCOWL's word lists have), and
its index finds what is near; whatever else despin's models and the lexicon know counts as a word, too.
"""

from __future__ import annotations

import math
import re
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from despin.document.morphology import inflect, lemmas, with_lemmas
from despin.document.pronunciation import is_pronounced
from despin.errors import ModelError
from despin.judge.encoder import MODEL

if TYPE_CHECKING:
    from symspellpy import SymSpell

    from despin.lexicon.rows import Lexicon

_DICTIONARY = "frequency_dictionary_en_82_765.txt"
# Only words so frequent (among a trillion) are what a garbled word may have been.
_USUAL = 100_000
# What words are taken to have that the dictionary lacks and prose has often.
_UNCOUNTED = 2_000_000
_DISTANCE = 2
# Of shorter words too many are near to one of the lexicon's.
_LONG = 8
# So many of the nearest words are offered.
_OFFERED = 8
# Words that are written together are as frequent as this together, as a decimal logarithm, or rather chance.
_TOGETHER = -10.5
_SHORTEST = 3
# Words that no compound is made of.
_LITTLE = frozenset(
    "a an and are as at be but by can do for from had has have he her his if in is it my not of on or our she so that the "
    "their they this to was we were which will with would you your".split()
)
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = frozenset("aeiouyhw")
_SOUNDS = tuple(pair.split("=") for pair in "ph=f ck=k tch=ch sh=s gh= kn=n wr=r x=ks c=k q=k z=s".split())
_PREFIXES = ("anti", "co", "de", "dis", "inter", "mis", "multi", "non", "over", "pre", "re", "sub", "un", "under")
_SUFFIXES = ("s", "es", "ed", "er", "ers", "ing", "ly", "ness", "able", "ic", "al", "ism", "ist", "ize", "ized", "like", "wise")


class Correction(NamedTuple):
    """What a garbled word may have been, and what speaks for it or against it, by name (`despin.judge.decision.Weights`)."""

    words: str
    features: dict[str, float]


class Speller:
    """Tells words from garbled ones.

    Args:
        lexicon: whose words are words, whatever the dictionary says.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.knows = lru_cache(maxsize=65_536)(self._knows)
        self.corrections = lru_cache(maxsize=4_096)(self._corrections)

    def _knows(self, word: str) -> bool:
        """Whether a word in lower case is one; other dictionaries have names and misspellings among their words."""
        return word in self._counts or bool(self._lexicon.beginning(word))

    def _corrections(self, word: str) -> tuple[Correction, ...]:
        """What an unknown word in lower case may have been: words that are near, or several that were written together."""
        from symspellpy import Verbosity

        own = self._word_features(word)
        found = self._index.lookup(word, Verbosity.ALL, _DISTANCE)
        # An ending of its own, or one that lost its apostrophe, is no slip.
        found = [one for one in found if word not in (f"{one.term}s", f"{one.term}es")]
        near = [one for one in found if len(one.term) >= _SHORTEST and "'" not in one.term][:_OFFERED]
        nearest = sum(one.distance == 1 for one in near)
        corrections = []
        for one in near:
            features = own | self._change(word, one.term, one.distance)
            if one.distance == 1:
                features["rivals"] = math.log(nearest)
            elif nearest:
                features["nearer"] = 1.0
            else:
                features["distant_rivals"] = math.log(len(near))
            corrections.append(Correction(one.term, features))
        split = self._index.word_segmentation(word, max_edit_distance=0)
        parts = split.corrected_string.split()
        if len(parts) > 1 and split.log_prob_sum > _TOGETHER and all(part in self._counts for part in parts):
            frequency = min(map(self._frequency, parts))
            kind = {"split": 1.0} if _LITTLE.intersection(parts) else {"split": 1.0, "compound": 1.0}
            corrections.append(Correction(" ".join(parts), own | kind | {"frequency": frequency}))
        return tuple(corrections)

    def respelled(self, word: str) -> str:
        """Returns the only word of the lexicon that a long unknown word is one letter away from, or else the word itself."""
        if len(word) < _LONG or self.knows(word):
            return word
        near = (one.words for one in self.corrections(word) if "near_by" in one.features)
        found = [one for one in near if any(map(self._lexicon.beginning, with_lemmas(one)))]
        return found[0] if len(found) == 1 else word

    def joined(self, first: str, second: str) -> Correction | None:
        """Returns the word that two pieces, one of them no word, make together, if they make one."""
        whole = first + second
        if self._counts.get(whole, 0) < _USUAL or (self.knows(first) and self.knows(second)):
            return None
        return Correction(whole, self._word_features(whole) | {"joined": 1.0, "frequency": self._frequency(whole)})

    def _word_features(self, word: str) -> dict[str, float]:
        features = {"length": float(len(word))}
        if is_pronounced(word):
            features["pronounced"] = 1.0
        if lemmas(word):
            features["inflected"] = 1.0
        stems = [word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
        stems += [word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix)]
        if any(len(stem) > _SHORTEST and self.knows(stem) for stem in stems):
            features["derived"] = 1.0
        return features

    def _change(self, word: str, correction: str, distance: int) -> dict[str, float]:
        """What became of a correction, if it was garbled into a word."""
        features = {"frequency": self._frequency(correction), "change": distance / len(word)}
        features["distant" if distance > 1 else "near_by"] = 1.0
        if sorted(word) == sorted(correction):
            features["transposed"] = 1.0
        elif _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", correction):
            features["doubled"] = 1.0
        if word[0] != correction[0]:
            features["first_letter"] = 1.0
        if _sound(word) == _sound(correction):
            features["sound"] = 1.0
        if word.startswith(correction) or correction.startswith(word):
            features["ending"] = 1.0
        return features

    def _frequency(self, word: str) -> float:
        return math.log(self._counts.get(word, 1))

    @cached_property
    def _counts(self) -> dict[str, int]:
        """How often each word of the dictionary stands in a trillion words."""
        try:
            lines = files("symspellpy").joinpath(_DICTIONARY).read_text(encoding="utf-8-sig").splitlines()
        except (ImportError, OSError) as error:
            raise ModelError(f"symspellpy's English dictionary does not load; install it again: {error}") from error
        counts = {word: int(count) for word, count in map(str.split, lines)}
        for lemma in self._vocabulary.difference(counts):
            # Americans' spellings, most of them; each has few inflections, and what is none harms nobody.
            counts |= dict.fromkeys((lemma, *(inflect(lemma, tag) for tag in ("NNS", "VBZ", "VBG", "VBD"))), _UNCOUNTED)
        return counts

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """The words that the encoder was trained to name, which prose has often."""
        return frozenset((MODEL / "vocabulary.txt").read_text(encoding="utf-8").split())

    @cached_property
    def _index(self) -> SymSpell:
        """Finds words that are near; made where the first unknown word stands."""
        from symspellpy import SymSpell

        index = SymSpell(max_dictionary_edit_distance=_DISTANCE, prefix_length=5)
        for word, count in self._counts.items():
            if count >= _USUAL:
                index.create_dictionary_entry(word, count)
        return index


@lru_cache(maxsize=4_096)
def _sound(word: str) -> str:
    """Roughly how a word sounds: its consonants, those alike as one, and whether it begins with a vowel."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return ("a" if word[:1] in _VOWELS else "") + _DOUBLED.sub(r"\1", "".join(char for char in word if char not in _VOWELS))
