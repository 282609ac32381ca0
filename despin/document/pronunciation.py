"""How words sound, as far as their article depends on it: the CMU Pronouncing Dictionary that pocketsphinx ships."""

from __future__ import annotations

import mmap
import re
from functools import lru_cache
from pathlib import Path

from despin.errors import ModelError

# Vowels in the dictionary's alphabet, ARPAbet, begin with these letters, and no consonant does.
_VOWELS = frozenset(b"AEIOU")
# Words that it lacks go by their letters.
_SPELT = re.compile(r"(?!eu|one|u[bcfhjkqrst][aeiou]|uni)[aeiou]|hon(est|our|or)|heir|hour", re.IGNORECASE)
# Those that nobody reads otherwise: they begin with a vowel before a consonant, and are too long for an abbreviation.
_PLAINLY_SPELT = re.compile(r"(?:[ai]|e(?![uw])|o(?!n[ec])|un(?!i))[b-df-hj-np-tv-z][a-z]{4,}", re.IGNORECASE)


@lru_cache(maxsize=65536)
def opens_with_vowel(word: str) -> bool:
    """Whether a word begins with a vowel sound, so that "an" goes before it.

    Raises:
        ModelError: if pocketsphinx or its dictionary is missing.
    """
    found = _sounds(word)
    return bool(_SPELT.match(word)) if found is None else _dictionary()[found] in _VOWELS


@lru_cache(maxsize=65536)
def is_pronounced(word: str) -> bool:
    """Whether the dictionary has a word, many of which are names.

    Raises:
        ModelError: if pocketsphinx or its dictionary is missing.
    """
    return _sounds(word) is not None


def _sounds(word: str) -> int | None:
    """Where in the dictionary the sounds of a word begin."""
    entry = b"\n" + word.lower().replace("’", "'").encode("utf-8", "replace") + b" "
    found = _dictionary().find(entry)
    return None if found < 0 else found + len(entry)


@lru_cache(maxsize=65536)
def surely_opens_with_vowel(word: str) -> bool | None:
    """Whether a word begins with a vowel sound; None where that is open.

    It is open where the dictionary knows two pronunciations that begin differently (`herb`, `sql`), or lacks the word and its
    letters may be read one by one (`npm`) or in two ways (`unionise`).

    Raises:
        ModelError: if pocketsphinx or its dictionary is missing.
    """
    openings = set()
    for variant in ("", "(2)", "(3)"):
        entry = b"\n" + (word.lower().replace("’", "'") + variant).encode("utf-8", "replace") + b" "
        if (found := _dictionary().find(entry)) >= 0:
            openings.add(_dictionary()[found + len(entry)] in _VOWELS)
    if openings:
        return openings.pop() if len(openings) == 1 else None
    return True if _PLAINLY_SPELT.fullmatch(word) else None


@lru_cache(maxsize=1)
def _dictionary() -> mmap.mmap:
    try:
        from pocketsphinx import get_model_path

        with (Path(get_model_path("en-us")) / "cmudict-en-us.dict").open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (ImportError, OSError, ValueError) as error:
        raise ModelError(f"pocketsphinx's pronouncing dictionary does not load; install it again: {error}") from error
