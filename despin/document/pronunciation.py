"""How words sound, as far as their article depends on it: the CMU Pronouncing Dictionary that pocketsphinx ships."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from pathlib import Path

from despin.errors import ModelError

# Vowels in the dictionary's alphabet, ARPAbet, begin with these letters, and no consonant does.
_VOWELS = frozenset("AEIOU")
# Words that it lacks go by their letters.
_SPELT = re.compile(r"(?!eu|one|u[bcfhjkqrst][aeiou]|uni)[aeiou]|hon(est|our|or)|heir|hour", re.IGNORECASE)
# Those that nobody reads otherwise: they begin with a vowel before a consonant, and are too long for an abbreviation.
_PLAINLY_SPELT = re.compile(r"(?:[ai]|e(?![uw])|o(?!n[ec])|un(?!i))[b-df-hj-np-tv-z][a-z]{4,}", re.IGNORECASE)


def opens_with_vowel(word: str) -> bool:
    """Whether a word begins with a vowel sound, so that "an" goes before it.

    Raises:
        ModelError: if pocketsphinx or its dictionary is missing.
    """
    found = _openings(word)
    return found[0] in _VOWELS if found else bool(_SPELT.match(word))


def surely_opens_with_vowel(word: str) -> bool | None:
    """Whether a word begins with a vowel sound; None where that is open.

    It is open where the dictionary knows two pronunciations that begin differently (`herb`, `sql`), or lacks the word and its
    letters may be read one by one (`npm`) or in two ways (`unionise`).

    Raises:
        ModelError: if pocketsphinx or its dictionary is missing.
    """
    if found := {sound in _VOWELS for sound in _openings(word)}:
        return found.pop() if len(found) == 1 else None
    return True if _PLAINLY_SPELT.fullmatch(word) else None


def is_pronounced(word: str) -> bool:
    """Whether the dictionary has a word, many of which are names.

    Raises:
        ModelError: if pocketsphinx or its dictionary is missing.
    """
    return bool(_openings(word))


@lru_cache(maxsize=65536)
def _openings(word: str) -> str:
    """The first letter of each of a word's pronunciations, the usual one first; nothing if the dictionary lacks it."""
    word = word.lower().replace("’", "'")
    entries = _dictionary()
    found = entries[bisect_left(entries, word, key=_word) : bisect_right(entries, word, key=_word)]
    return "".join(entry.split(" ", 1)[1][0] for entry in found)


def _word(entry: str) -> str:
    """The word of an entry; a second pronunciation stands as `word(2)`."""
    return entry.split(" ", 1)[0].split("(", 1)[0]


@lru_cache(maxsize=1)
def _dictionary() -> list[str]:
    """The dictionary's entries, sorted by their words."""
    try:
        from pocketsphinx import get_model_path

        return (Path(get_model_path("en-us")) / "cmudict-en-us.dict").read_text(encoding="utf-8").splitlines()
    except (ImportError, OSError, ValueError) as error:
        raise ModelError(f"pocketsphinx's pronouncing dictionary does not load; install it again: {error}") from error
