"""Puts a chosen original into the grammar of its sentence: inflection, capitals, the article before it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from despin.document.blocks import SMALL_WORDS
from despin.document.morphology import inflect, is_plural, lemma_of
from despin.document.pronunciation import opens_with_vowel
from despin.lexicon.rows import head_of, words

if TYPE_CHECKING:
    from spacy.tokens import Doc


@lru_cache(maxsize=65536)
def inflected(original: str, pos: str, tag: str) -> str:
    """Returns an original, a word or a phrase, with its head in the form that a fine-grained tag asks for."""
    parts = original.split(" ")
    head = head_of(tuple(word.lower() for word in parts), pos)
    if head >= 0 and parts[head]:
        parts[head] = inflect(parts[head], tag)
    return " ".join(parts)


def cased(original: str, spun: str, capitals: bool) -> str:
    """Returns an original in the capitals of the words that it replaces.

    Args:
        original: the original, as the lexicon writes it.
        spun: the replaced words as they stand.
        capitals: whether they stand in a heading whose words are all capitalised.
    """
    letters = [char for char in spun if char.isalpha()]
    if not original or not letters:
        return original
    if len(letters) > 1 and all(char.isupper() for char in letters):
        return original.upper()
    if capitals and all(word[:1].isupper() for word in spun.split() if word.lower() not in SMALL_WORDS):
        first, *rest = original.split(" ")
        titled = [word if word in SMALL_WORDS else _capital(word) for word in rest]
        return " ".join([_capital(first) if letters[0].isupper() else first, *titled])
    return _capital(original) if letters[0].isupper() else original


def article(following: str) -> str:
    """Returns the indefinite article, `a` or `an`, that a word or phrase takes."""
    first = re.match(r"[^\W_][^\s-]*", following)
    return "an" if first and opens_with_vowel(first[0]) else "a"


def agreeing_verb(doc: Doc, start: int, end: int, original: str) -> tuple[int, str] | None:
    """Returns the verb that a repaired subject no longer agrees with, as token index and right form; None if none.

    Args:
        doc: the parsed block.
        start: index of the first token of the spun words.
        end: index after the last.
        original: what replaces them, as realised. "recommendations are" becomes "advice is".
    """
    head = doc[start:end].root
    if head.dep_ not in ("nsubj", "nsubjpass") or head.tag_ not in ("NNS", "NN"):
        return None
    parts = words(original)
    if not parts[0]:
        return None
    plural = is_plural(parts[head_of(parts, "NOUN")])
    if plural == (head.tag_ == "NNS"):
        return None
    if any(child.dep_ == "conj" for child in head.children):
        return None
    verb = head.head
    finite = [token for token in (*verb.children, verb) if token.tag_ in ("VBZ", "VBP", "VBD") and token.i >= end]
    finite = [token for token in finite if token == verb or token.dep_ in ("aux", "auxpass")]
    if not finite:
        return None
    token = min(finite, key=lambda token: token.i)
    lemma = lemma_of(token.lower_, token.tag_)
    if token.tag_ != "VBD" and inflect(lemma, token.tag_) != token.lower_ and lemma != "be":
        return None  # the tagger errs
    if token.tag_ == "VBD":
        return (token.i, "were" if plural else "was") if token.lower_ in ("was", "were") else None
    return token.i, inflect(lemma, "VBP" if plural else "VBZ")


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
