"""Finds names: words whose capital is not a sentence's or a heading's, acronyms, and spaCy's entities."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import IS_ALPHA, IS_LOWER, ORTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

_QUOTES = frozenset("\"“‘'«")
# Marks that may stand between a sentence's end, or the beginning, and its first word; and those that end or announce one.
_AROUND = _QUOTES | frozenset("([{*_#>|~•·–—-”’»)]}") | {"**", "--", "***", "...", "…"}
_TERMINAL = frozenset(".!?:")
# Abbreviations before a name whose full stop spaCy takes for a sentence's.
_TITLES = frozenset("sgt capt lt col cpl maj cmdr rev hon pres supt insp messrs mmes st mt".split())
_NAMES = frozenset("PERSON NORP FAC ORG GPE LOC PRODUCT EVENT WORK_OF_ART LAW LANGUAGE".split())


class Names:
    """What a document's own capitals say about which of its words are names."""

    __slots__ = ("_names",)

    def __init__(self, tagged: Iterable[tuple[Doc, bool]]) -> None:
        """Reads the capitals of a document.

        Args:
            tagged: each block's `Doc`, and whether its capitals are a heading's.
        """
        capital: Counter[str] = Counter()
        forms: Counter[str] = Counter()
        for doc, heading in tagged:
            if heading:
                continue
            forms.update({doc.vocab.strings[form]: count for form, count in doc.count_by(ORTH).items()})
            for i in np.flatnonzero(doc.to_array(IS_ALPHA) & ~doc.to_array(IS_LOWER).astype(bool)):
                token = doc[int(i)]
                if is_capital(token.text) and not opens_sentence(token):
                    capital[token.lower_] += 1
        self._names = frozenset(word for word, count in capital.items() if count > forms[word])

    def protects(self, token: Token, word: str, heading: bool) -> bool:
        """Whether a token is a name by its capital, where it stands.

        Args:
            token: a token of a block's `Doc`.
            word: the token as the text has it; a heading is tagged in lower case.
            heading: whether the block's capitals are a heading's.
        """
        if not is_capital(word):
            return False
        if heading or opens_sentence(token):
            return word.lower() in self._names
        return True


def is_capital(word: str) -> bool:
    """Whether a word is written with a capital anywhere (`Paris`, `NASA`, `iPhone`); the pronoun I is not."""
    return not word.islower() and word != "I" and any(char.isupper() for char in word)


def opens_sentence(token: Token) -> bool:
    """Whether a token stands where a capital is a matter of spelling: first in a sentence, an item or a quotation."""
    doc = token.doc
    quoted = False
    for i in range(token.i - 1, -1, -1):
        before = doc[i]
        mark = before.text
        quoted |= mark in _QUOTES
        if before.is_space or mark in _AROUND:
            continue
        if any(char.isalpha() for char in mark):
            return False
        if mark[-1] in _TERMINAL:
            return not (i and doc[i - 1].lower_ in _TITLES and not doc[i - 1].whitespace_)
        # A comma before direct speech, or what counts an item.
        return (quoted and mark == ",") or not any(char.isalpha() for earlier in doc[:i] for char in earlier.text)
    return True


def entities(nlp: Language, sentence: Span) -> Sequence[tuple[int, int]]:
    """Runs spaCy's entity recogniser on one sentence; returns its names as token ranges of the sentence's `Doc`."""
    if "ner" not in nlp.component_names:
        return ()
    doc = nlp.get_pipe("ner")(sentence.as_doc())
    return [(sentence.start + ent.start, sentence.start + ent.end) for ent in doc.ents if ent.label_ in _NAMES]
