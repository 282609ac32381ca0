"""Texts as they are mined: tagged, with the words that no row may be learned from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from despin.document.blocks import Block, blocks
from despin.document.names import Names
from despin.document.parsing import tag
from despin.document.protection import protect
from despin.document.tagged import TaggedBlock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc, Span

# Texts are tagged in groups of so many, since short ones by themselves would keep the tagger waiting.
_GROUP = 64
_NAMES = frozenset({"NNP", "NNPS"})


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text, and its tagged blocks in order."""

    text: str
    blocks: tuple[TaggedBlock, ...]

    def find(self, start: int, end: int) -> tuple[TaggedBlock, Span] | None:
        """Returns the tokens that some characters of the text belong to, with their block; None where a row may not be learned.

        Args:
            start: the first character.
            end: the one after the last.
        """
        for block in self.blocks:
            if block.start <= start and end <= block.start + len(block.source):
                span = block.doc.char_span(start - block.start, end - block.start, alignment_mode="expand")
                return None if span is None or any(block.mask[span.start : span.end]) else (block, span)
        return None


def tag_texts(nlp: Language, texts: Iterable[str]) -> Iterator[TaggedText]:
    """Yields each text tagged, in order.

    Args:
        nlp: a spaCy pipeline of English that tags and cuts sentences.
        texts: the texts.
    """
    remaining = iter(texts)
    while group := list(islice(remaining, _GROUP)):
        cut = [(text, block) for text in group for block in blocks(text)]
        docs = iter(list(tag(nlp, ((text[block.start : block.end], block.capitals) for text, block in cut))))
        for text in group:
            yield TaggedText(text, tuple(_masked(text, [(block, next(docs)) for block in blocks(text)])))


def _masked(text: str, tagged: list[tuple[Block, Doc]]) -> Iterator[TaggedBlock]:
    protection = protect(text)
    names = Names((doc, block.capitals) for block, doc in tagged)
    for block, doc in tagged:
        source = text[block.start : block.end]
        words = (source[token.idx : token.idx + len(token)] for token in doc)
        mask = bytes(
            token.like_num
            # Where a sentence begins, the tagger tells names better than the capital does.
            or (token.tag_ in _NAMES and not word.islower())
            or names.protects(token, word, block.capitals)
            or protection.touches(block.start + token.idx, block.start + token.idx + len(word))
            for token, word in zip(doc, words, strict=True)
        )
        yield TaggedBlock(doc, source, block.start, mask)
