"""The indefinite article before a word that sounds otherwise: "a hour", "an university"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from despin.document.pronunciation import surely_opens_with_vowel
from despin.grammar.words import Slip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from despin.grammar.words import Words

_ARTICLES = frozenset({"a", "an", "A", "An"})
_WORD = re.compile(r"[a-z]{2,}")
_VOWELS = re.compile(r"[aeiouy]+")
# Before a letter that is a name, or after a word that no article follows.
_NO_ARTICLE = frozenset(
    "the this that these those each every some any no my our your his her its their a an another either neither "
    "appendix antigen box brand building case category chapter choice class column company curve diagram exhibit factor figure "
    "gate grade group hepatitis hemophilia immunoglobulin influenza item label level line list model number observer option "
    "panel part path plan player point protein room row sample schedule section serie series set side site star state step "
    "strep system table team type unit user variable variant version vitamin zone".split()
)
_SIGNS = frozenset("/\\=+*<>|&#@$%^_~-–.'’")
_NOUNS = frozenset({"NN", "NNS"})
_ADJECTIVES = frozenset({"JJ", "JJR", "JJS", "VBN", "VBG", "CD"})
_MODIFIED = _NOUNS | _ADJECTIVES | {"NNP", "NNPS"}
# What was meant where "an" stands for another word.
_MISSPELT = ("and", "any", "in", "on", "can", "as", "at")
# Words whose h some leave silent, or left silent once, after "an".
_SOFT = frozenset(
    "habitual herb herbal heroic historian historic historical history hotel homage human humble humorous".split()
)


def articles(words: Words, swapped: Callable[[str], bool]) -> Iterator[Slip]:
    """Yields the articles that do not suit the word that follows; where speakers differ, none.

    Args:
        words: a block.
        swapped: whether a word, in lower case, may have been put there by a spinner: then the article is right for what stood
            there before, and a trace of it.
    """
    for i, word in enumerate(words.words):
        if word not in _ARTICLES or not words.follows(i + 1):
            continue
        first = _WORD.match(words.words[i + 1])
        if not first or not words.words[i + 1].islower():
            continue
        vowel = surely_opens_with_vowel(first[0])
        if vowel is None or vowel == (word.lower() == "an") or not _is_article(words, i) or not _is_nominal(words, i + 1):
            continue
        if first[0].startswith("h") and not vowel and (first[0] in _SOFT or len(_VOWELS.findall(first[0])) > 2):
            continue
        wanted = ("an" if vowel else "a") if word.islower() else ("An" if vowel else "A")
        rivals = () if vowel else _MISSPELT
        if not swapped(first[0]):
            yield Slip(i, i + 1, wanted, f"{wanted.lower()} before the sound of {first[0]!r}", 0.97, 3.0, rivals=rivals)


def _is_article(words: Words, i: int) -> bool:
    if words.words[i] == "A" and not words.opens(i):
        return False
    before = words.at(i - 1)
    return before not in _SIGNS and not (before in _NO_ARTICLE and words.follows(i))


def _is_nominal(words: Words, i: int) -> bool:
    """Whether a word is a noun, or an adjective before one."""
    tag = words.tag(i)
    if tag in _NOUNS:
        return True
    return tag in _ADJECTIVES | {"RB"} and words.follows(i + 1) and words.tag(i + 1) in _MODIFIED
