"""What several tests share: one loaded Despinner, and documents built by hand."""

from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc

from despin.despinner import Despinner


@pytest.fixture(scope="session")
def despinner() -> Despinner:
    return Despinner()


@pytest.fixture(scope="session")
def make_doc() -> Callable[..., Doc]:
    """Builds a `Doc` from `word/TAG/POS/lemma/head/dep` items; head is an index, lemma defaults to the word."""
    vocab = spacy.blank("en").vocab

    def make(items: str) -> Doc:
        cells = [item.split("/") for item in items.split()]
        words, tags, pos, lemmas, heads, deps = zip(*cells, strict=True)
        return Doc(
            vocab,
            words=list(words),
            tags=list(tags),
            pos=list(pos),
            lemmas=[lemma or word.lower() for lemma, word in zip(lemmas, words, strict=True)],
            heads=[int(head) for head in heads],
            deps=list(deps),
        )

    return make
