"""Finds where rows of the lexicon match a parsed text, by lemma and part of speech, across hyphens and line breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from despin.document.morphology import lemma_of, lemmas, pos_of, tags

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from despin.lexicon.rows import Lexicon, Row

HYPHENS = frozenset("-‐‑")


@dataclass(frozen=True, slots=True)
class Match:
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


def find_matches(doc: Doc, lexicon: Lexicon) -> list[Match]:
    """Returns every match of the lexicon's rows in a `Doc`, in order of their first token."""
    index = lexicon.index
    tokens = [token for token in doc if not token.is_space and not _joins(token)]
    norms = [token.lower_.replace("’", "'") for token in tokens]
    found: list[Match] = []
    for at, (token, norm) in enumerate(zip(tokens, norms, strict=True)):
        for key in (norm, f"{norm} {norms[at + 1]}") if at + 1 < len(norms) else (norm,):
            for spun, head, row in index.get(key, ()):
                if len(spun) == 1 and head < 0:
                    found.append(Match(row, token.i, token.i + 1, -1, (), True))
                elif match := _match(tokens, norms, at, spun, head, row):
                    found.append(match)
        for pos, values in _analyses(token, norm).items():
            for lemma in values:
                for spun, head, row in index.get(f"{lemma}/{pos}", ()):
                    if match := _match(tokens, norms, at, spun, head, row):
                        found.append(match)
    return [match for match in found if not _inside_compound(doc, match)]


def _match(tokens: list[Token], norms: list[str], at: int, spun: tuple[str, ...], head: int, row: Row) -> Match | None:
    if at + len(spun) > len(tokens):
        return None
    for k in range(1, len(spun)):
        if k != head and norms[at + k] != spun[k]:
            return None
    start, end = tokens[at].i, tokens[at + len(spun) - 1].i + 1
    if head < 0:
        return Match(row, start, end, -1, (), True)
    token, norm = tokens[at + head], norms[at + head]
    if spun[head] not in _analyses(token, norm).get(row.pos, ()):
        return None
    forms = tags(norm, spun[head], row.pos)
    agrees = pos_of(token.tag_) == row.pos
    if token.tag_ in forms:
        forms = (token.tag_, *(tag for tag in forms if tag != token.tag_))
    elif not forms:
        if not agrees:
            return None
        forms = ({"NNP": "NN", "NNPS": "NNS"}.get(token.tag_, token.tag_),)
    return Match(row, start, end, token.i, forms, agrees)


def _analyses(token: Token, norm: str) -> dict[str, tuple[str, ...]]:
    """The lemmas that a token may have, by part of speech: the dictionary's, and spaCy's where that knows none."""
    found = lemmas(norm)
    if not found and token.is_alpha:
        return {pos_of(token.tag_): (lemma_of(norm, token.tag_),)}
    return found


def _joins(token: Token) -> bool:
    """Whether a token is the hyphen of a compound."""
    return token.text in HYPHENS and not token.whitespace_ and token.i > 0 and not token.nbor(-1).whitespace_


def _inside_compound(doc: Doc, match: Match) -> bool:
    """Whether a match covers one part of a hyphenated compound only."""
    before = match.start > 0 and _joins(doc[match.start - 1])
    after = match.end < len(doc) and _joins(doc[match.end])
    return before or after
