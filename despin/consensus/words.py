"""The words of a text as copies are compared by: each with what it may stand for, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from despin.document.morphology import lemma_of, lemmas, pos_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from despin.lexicon.rows import Lexicon

# So many words are remembered with what they may stand for.
_MEMORY = 65_536


class Word(NamedTuple):
    """A word of a tagged block.

    Attributes:
        token: where it stands.
        lower: the word, in lower case.
        lemma: its lemma.
        content: whether it is a noun, verb, adjective or adverb.
        origins: its lemmas, and every word that the lexicon gives for one of them.
    """

    token: Token
    lower: str
    lemma: str
    content: bool
    origins: frozenset[str]


class WordReader:
    """Reads the words of tagged blocks.

    Args:
        lexicon: what is known of words that stand for others.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._origins: dict[str, frozenset[str]] = {}

    def sentences(self, doc: Doc) -> Iterator[list[Word]]:
        """Yields the words of each sentence of a tagged block that has some."""
        for sentence in doc.sents:
            if words := [self._word(token) for token in sentence if any(map(str.isalnum, token.text))]:
                yield words

    def _word(self, token: Token) -> Word:
        lower = token.lower_.replace("’", "'")
        return Word(token, lower, lemma_of(lower, token.tag_), bool(pos_of(token.tag_)), self._origins_of(lower))

    def _origins_of(self, lower: str) -> frozenset[str]:
        found = self._origins.get(lower)
        if found is None:
            own = {lower, *(lemma for values in lemmas(lower).values() for lemma in values)}
            rows = (row for lemma in own for spun, _, row in self._lexicon.beginning(lemma) if len(spun) == 1)
            if len(self._origins) >= _MEMORY:
                self._origins.clear()
            found = self._origins[lower] = frozenset(own.union(*(row.originals for row in rows)))
        return found
