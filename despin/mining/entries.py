"""Turns words that stood for each other into what the lexicon has: lemmas where they inflect alike, else fixed text.

No entries are pairs that teach nothing about spinners: the same lemmas in other forms or with other articles, and function
words; nor are pairs too long to be a habit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

from despin.document.morphology import lemma_of, pos_of
from despin.document.parsing import parse
from despin.lexicon.matching import HYPHENS
from despin.lexicon.rows import head_of, words
from despin.lexicon.spellings import same_spelled
from despin.realize import inflected

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Span, Token

# Pairs with more words on one side are no habits.
_LONGEST = 5
_ARTICLES = frozenset({"a", "an", "the"})
_LIGHT = frozenset({"be", "have", "do"})
# Adjectives to the tagger that are as common as determiners.
_QUANTIFIERS = frozenset("other such same own many more most much few fewer less least several last next".split())
_PLAIN = str.maketrans({"’": "'"} | dict.fromkeys(HYPHENS, "-"))
_WORD = re.compile(r"[a-z]+|n't|'(?:s|re|ve|ll|d|m)")


class Entry(NamedTuple):
    """What a row of the lexicon says: spun words, the Universal POS of the head, or nothing for fixed text, and an original."""

    spun: str
    pos: str
    original: str

    def reversed(self) -> Entry:
        """Returns the opposite: the original as what is spun."""
        return Entry(self.original, self.pos, self.spun)


class Headed(NamedTuple):
    """Words whose head inflects, as the lexicon writes them, the head's Universal POS, and its fine-grained tag in the text."""

    text: str
    pos: str
    tag: str


def entry(nlp: Language, spun: Span, original: Span) -> Entry | None:
    """Returns what some spun words and what stood in their place teach; None if they are no row.

    Args:
        nlp: the pipeline, which parses the blocks of phrases.
        spun: the spun words in their sentence.
        original: the words that stood there, in theirs.
    """
    spun, original = _trimmed(spun, original)
    sides = [words_in(span) for span in (spun, original)]
    if any(not 1 <= len(side) <= _LONGEST or not all(map(_is_word, side)) or side[0].text[0] in "'’" for side in sides):
        return None
    if _content(sides[0]) == _content(sides[1]) or not any(map(is_content, sides[0])):
        return None
    head, other = headed(nlp, spun), headed(nlp, original)
    if head and other and head.pos == other.pos and inflected(other.text, head.pos, head.tag) == written(original):
        found = Entry(head.text, head.pos, other.text)
    else:
        found = Entry(written(spun).lower(), "", written(original))
    return None if same_spelled(found.spun, found.original) else found


def headed(nlp: Language, span: Span) -> Headed | None:
    """Returns some words with their head as a lemma; None where `despin.lexicon.rows.head_of` does not find the head.

    A phrase's head is its root in the sentence as spaCy parses it, on which all other words of the phrase hang. What is
    returned gives the words as they stood when it is inflected by its tag.

    Args:
        nlp: the pipeline, which parses the block of a phrase.
        span: the words in their sentence.
    """
    tokens = words_in(span)
    if len(tokens) > 1:
        parse(nlp, span.doc)
    head = span.root if len(tokens) > 1 else tokens[0]
    pos = pos_of(head.tag_)
    if (
        not pos
        or head not in tokens
        or any(token.head.i not in range(span.start, span.end) for token in tokens if token != head)
    ):
        return None
    plain = written(span).lower()
    parts = words(plain)
    if len(parts) != len(tokens) or head_of(parts, pos) != tokens.index(head):
        return None
    found = Headed(_written(span, head).lower(), pos, head.tag_)
    return found if inflected(found.text, pos, head.tag_) == plain else None


def written(span: Span) -> str:
    """Returns some words as a row has them as fixed text: in lower case but for `I`, with plain apostrophes and hyphens."""
    return _written(span, None)


def words_in(span: Span) -> list[Token]:
    """Returns the words of a span, and its marks but for the hyphens of compounds."""
    return [token for token in span if not token.is_space and token.text not in HYPHENS]


def is_content(token: Token) -> bool:
    """Whether a token is a noun, verb, adjective or adverb with a meaning of its own."""
    pos = pos_of(token.tag_)
    if pos in ("ADJ", "ADV"):
        return token.lower_ not in (_QUANTIFIERS if pos == "ADJ" else STOP_WORDS)
    return bool(pos) and lemma_of(token.lower_, token.tag_) not in _LIGHT


def _written(span: Span, head: Token | None) -> str:
    """Some words in lower case, one of them as its lemma."""
    parts = []
    for token in span:
        word = lemma_of(token.lower_, token.tag_) if token == head else "I" if token.text == "I" else token.lower_
        parts.append(word.strip() + " " * bool(token.whitespace_ or token.is_space))
    return " ".join("".join(parts).translate(_PLAIN).split())


def _trimmed(spun: Span, original: Span) -> tuple[Span, Span]:
    """Both without dashes at their ends, the articles that they begin with and the clitics that they both end with."""
    spun, original = _undashed(spun), _undashed(original)
    while min(len(spun), len(original)) > 1 and {spun[0].lower_, original[0].lower_} <= _ARTICLES:
        spun, original = spun[1:], original[1:]
    while min(len(spun), len(original)) > 1 and spun[-1].lower_ == original[-1].lower_ and spun[-1].text[0] in "'’":
        spun, original = spun[:-1], original[:-1]
    return spun, original


def _undashed(span: Span) -> Span:
    while len(span) > 1 and span[0].text in HYPHENS:
        span = span[1:]
    while len(span) > 1 and span[-1].text in HYPHENS:
        span = span[:-1]
    return span


def _is_word(token: Token) -> bool:
    return bool(_WORD.fullmatch(token.lower_.replace("’", "'")))


def _content(tokens: list[Token]) -> list[str]:
    return [lemma_of(token.lower_, token.tag_) for token in tokens if token.lower_ not in _ARTICLES]
