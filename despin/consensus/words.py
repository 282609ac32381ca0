"""The words of a text as copies are compared by: each with what it may stand for, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from despin.document.morphology import lemma_of, pos_of, with_lemmas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from despin.lexicon.rows import Lexicon

# So many words are remembered with what they may stand for.
_MEMORY = 65_536
# Sentences of more words are none; time grows with the square of their length.
_LONGEST = 80


class Word(NamedTuple):
    """A word of a tagged block.

    Attributes:
        token: where it stands.
        lower: the word, in lower case.
        lemma: its lemma.
        content: whether it is a noun, verb, adjective or adverb.
        origins: its lemmas, and every word that the lexicon gives for one of them.
        kept: whether it may not be changed.
    """

    token: Token
    lower: str
    lemma: str
    content: bool
    origins: frozenset[str]
    kept: bool


class WordReader:
    """Reads the words of tagged blocks.

    Args:
        lexicon: what is known of words that stand for others.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._origins: dict[str, frozenset[str]] = {}

    def sentences(self, doc: Doc, mask: bytes) -> Iterator[list[Word]]:
        """Yields the words of each sentence that has some; of an endless one in pieces.

        Args:
            doc: a tagged block.
            mask: one byte a token, 1 where it may not be changed.
        """
        for sentence in doc.sents:
            words = [self._word(token, bool(mask[token.i])) for token in sentence if any(map(str.isalnum, token.text))]
            yield from (words[start : start + _LONGEST] for start in range(0, len(words), _LONGEST))

    def _word(self, token: Token, kept: bool) -> Word:
        lower = token.lower_.replace("’", "'")
        return Word(token, lower, lemma_of(lower, token.tag_), bool(pos_of(token.tag_)), self._origins_of(lower), kept)

    def _origins_of(self, lower: str) -> frozenset[str]:
        found = self._origins.get(lower)
        if found is None:
            own = with_lemmas(lower)
            if len(self._origins) >= _MEMORY:
                self._origins.clear()
            found = self._origins[lower] = own.union(*map(self._lexicon.originals, own))
        return found
