"""Finds where rows of the lexicon match a tagged text, by lemma and part of speech, across hyphens and line breaks."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from despin.document.morphology import TAGS, lemma_of, lemmas, pos_of, tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc, Token

    from despin.lexicon.rows import Lexicon, Row

    _Begun = tuple[tuple[str, ...], int, Row, tuple[str, ...], bool]

HYPHENS = frozenset("-‐‑")
# So many tokens are remembered with what they may begin.
_MEMORY = 65_536
_COMMON = {"NNP": "NN", "NNPS": "NNS"}


class Match(NamedTuple):
    """A row found in a `Doc`.

    Attributes:
        row: the row.
        start: index of the first matched token.
        end: index after the last matched token.
        head: index of the token that inflects, or -1 for a fixed text.
        tags: the fine-grained tags that the head's form may have as the row's part of speech, spaCy's own first if it
            is among them; empty for a fixed text.
        agrees: whether spaCy tags the head with the row's part of speech.
    """

    row: Row
    start: int
    end: int
    head: int
    tags: tuple[str, ...]
    agrees: bool


def find_matches(doc: Doc, lexicon: Lexicon, respelled: Callable[[str], str] | None = None) -> list[Match]:
    """Returns every match of the lexicon's rows in a `Doc`, in order of their first token.

    Args:
        doc: a tagged `Doc`.
        lexicon: the rows.
        respelled: returns the word that a garbled one is taken for, or the word itself.
    """
    tokens, joins = _matched(doc)
    places = [token.i for token in tokens]
    words = tuple(map(_norm, tokens))
    if respelled:
        words = tuple(map(respelled, words))
    tagged = [token.tag_ for token in tokens]
    found: list[Match] = []
    for at, norm in enumerate(words):
        begun = _begun(lexicon, norm, tagged[at])
        seconds = _readings(words[at + 1], tagged[at + 1]) if at + 1 < len(words) else ()
        for spun, head, row, forms, agrees in chain.from_iterable(begun.get(second, ()) for second in ("", *seconds)):
            size = len(spun)
            if size > 1:
                here = words[at : at + size]
                if head >= 0:
                    here = (*here[:head], spun[head], *here[head + 1 :])
                if here != spun or at + size > len(words):
                    continue
            if head > 0:
                fitting = _forms(words[at + head], tagged[at + head], spun[head], row.pos)
                if not fitting:
                    continue
                forms, agrees = fitting
            start, end = places[at], places[at + size - 1] + 1
            found.append(Match(row, start, end, places[at + head] if head >= 0 else -1, forms, agrees))
    if joins:
        # A match may cover a hyphenated compound, but not one part of it only.
        found = [match for match in found if match.start - 1 not in joins and match.end not in joins]
    return found


def norms(doc: Doc) -> tuple[str, ...]:
    """Returns the words of a `Doc` as `find_matches` compares them with a row's: spaCy's tokens in lower case, no hyphens."""
    return tuple(map(_norm, _matched(doc)[0]))


def _matched(doc: Doc) -> tuple[list[Token], frozenset[int]]:
    """The tokens of a `Doc` that rows are compared with, and the indices of the hyphens that are left out."""
    tokens = [token for token in doc if not token.is_space]
    joins = frozenset(token.i for token in tokens if _joins(token))
    return [token for token in tokens if token.i not in joins] if joins else tokens, joins


def _norm(token: Token) -> str:
    return token.lower_.replace("’", "'")


def _begun(lexicon: Lexicon, norm: str, tag: str) -> dict[str, list[_Begun]]:
    """The rows that a token may begin, by their second word or, if they have one word only, an empty text, with what is known
    of their head where it is the token; each token is asked once.
    """
    known: dict[tuple[str, str], dict[str, list[_Begun]]] = lexicon.memory
    begun = known.get((norm, tag))
    if begun is None:
        begun = {}
        for first in _readings(norm, tag):
            for spun, head, row in lexicon.beginning(first):
                fitting = _forms(norm, tag, first, row.pos) if head == 0 else ((), True) if first == norm else None
                if fitting:
                    begun.setdefault(spun[1] if len(spun) > 1 else "", []).append((spun, head, row, *fitting))
        if len(known) >= _MEMORY:
            known.clear()
        known[norm, tag] = begun
    return begun


@lru_cache(maxsize=65536)
def _readings(norm: str, tag: str) -> tuple[str, ...]:
    """What a token may stand for in a row: itself, and the lemmas that it may be a form of."""
    return tuple(dict.fromkeys((norm, *chain.from_iterable(_analyses(norm, tag).values()))))


@lru_cache(maxsize=65536)
def _forms(norm: str, tag: str, lemma: str, pos: str) -> tuple[tuple[str, ...], bool] | None:
    """The tags under which a form may be an inflection of a row's head, and whether spaCy agrees; None if it cannot be.

    A head that no dictionary has as such a lemma ("agenda" as a verb, "cloud figuring" as a noun) stands for itself: it
    matches as it is written, and its originals stay as they are written.
    """
    agrees = pos_of(tag) == pos
    if lemma not in _analyses(norm, tag).get(pos, ()):
        return ((TAGS[pos][0],), agrees) if norm == lemma else None
    forms = tags(norm, lemma, pos)
    if tag in forms:
        forms = (tag, *(form for form in forms if form != tag))
    elif not forms:
        if not agrees:
            return None
        forms = (_COMMON.get(tag, tag),)
    return forms, agrees


def _analyses(norm: str, tag: str) -> dict[str, tuple[str, ...]]:
    """The lemmas that a form may have, by part of speech: the dictionary's, and by its tag where that knows none."""
    found = lemmas(norm)
    if not found and norm.isalpha():
        return {pos_of(tag): (lemma_of(norm, tag),)}
    return found


def _joins(token: Token) -> bool:
    """Whether a token is the hyphen of a compound."""
    return token.text in HYPHENS and not token.whitespace_ and token.i > 0 and not token.nbor(-1).whitespace_
