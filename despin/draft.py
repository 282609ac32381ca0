"""A document on its way through the stages: its text as it now stands, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from despin.document.blocks import Block, blocks
from despin.document.boilerplate import boilerplate
from despin.document.language import foreign
from despin.document.morphology import lemma_of
from despin.document.names import Names
from despin.document.parsing import tag
from despin.document.protection import Protection
from despin.document.views import TEXT, view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence, Set

    from spacy.language import Language
    from spacy.tokens import Doc

    from despin.document.views import View
    from despin.reading import Reading
    from despin.restoration import Flag
    from despin.sites import Site

# A document is estimated and decided in pieces of about this many characters, which bounds memory.
_PIECE = 400_000


class Draft:
    """A document that is being restored. Blocks that a stage leaves as they were are tagged and read once.

    Args:
        source: the input.
        nlp: returns a spaCy pipeline of English that tags and cuts sentences; called when it is needed.
        ignore: words, in lower case, that are never changed.
        kind: what the input is, one of `despin.document.views.KINDS`.
        knows: whether a word in lower case is an English one, if that can be told.
        attest: adds to a block's sites what copies of the document say about them.

    Attributes:
        kind: what the input is.
        screened: whether it passes the quick stages only, for as long as the screen does not suspect it.
        view: the document as it now stands, as the stages see it.
        readings: the blocks that were read, by their text, whether their capitals are a heading's, and their mask.
        spin_rate: the share of its sites that were spun, 0 to 1; None until it has been estimated.
        flags: what looks wrong and is left; what stages of the present round have found, each in the text that it was handed.
    """

    def __init__(
        self,
        source: str,
        nlp: Callable[[], Language],
        ignore: Set[str] = frozenset(),
        kind: str = TEXT,
        knows: Callable[[str], bool] | None = None,
        attest: Callable[[Doc, bytes, list[Site]], list[Site]] | None = None,
    ) -> None:
        self.kind = kind
        self.attest = attest
        self.screened = False
        self.view: View
        self.source = source
        self.readings: dict[tuple[str, bool, bytes], Reading] = {}
        self.spin_rate: float | None = None
        self.flags: list[Flag] = []
        self._nlp = nlp
        self._ignore = ignore
        self._knows = knows
        self._docs: dict[tuple[str, bool], Doc] = {}

    @property
    def source(self) -> str:
        """The document as it now stands."""
        return self._source

    @source.setter
    def source(self, source: str) -> None:
        self._source = source
        self.view = view_of(source, self.kind)
        self._protection: Protection | None = None

    @property
    def text(self) -> str:
        """The document's text as it now stands: the source itself, unless that is HTML."""
        return self.view.text

    @property
    def protection(self) -> Protection:
        """What may not be touched in the text as it now stands."""
        if self._protection is None:
            own = self.view.protection
            self._protection = Protection((*own.spans, *foreign(self.text, own, self._knows)))
        return self._protection

    def pieces(self) -> Iterator[list[Block]]:
        """Yields the text's blocks, in order, in pieces that can be judged together."""
        piece: list[Block] = []
        for block in blocks(self.text):
            if piece and block.end - piece[0].start > _PIECE:
                yield piece
                piece = []
            piece.append(block)
        if piece:
            yield piece

    def tagged(self, piece: Sequence[Block]) -> list[tuple[Doc, bytes]]:
        """Tags blocks.

        Returns:
            For each block its `Doc`, and a mask: one byte a token, 1 where it may not be changed, as in a line that belongs to
            the page around an article.
        """
        text = self.text
        keys = [(text[block.start : block.end], block.capitals) for block in piece]
        new = [key for key in dict.fromkeys(keys) if key not in self._docs]
        self._docs.update(zip(new, tag(self._nlp(), new), strict=True))
        names = Names((self._docs[key], key[1]) for key in dict.fromkeys(keys))
        return [
            (self._docs[key], self._mask(self._docs[key], key[0], block, names)) for key, block in zip(keys, piece, strict=True)
        ]

    def _mask(self, doc: Doc, source: str, block: Block, names: Names) -> bytes:
        if boilerplate(source):
            return bytes([1]) * len(doc)
        ignore = self._ignore
        mask = bytearray(len(doc))
        touched = self.protection.touches(block.start, block.end)
        for i, token in enumerate(doc):
            start = token.idx
            word = source[start : start + len(token)]
            mask[i] = (
                (not word.islower() and names.protects(token, word, block.capitals))
                or (touched and self.protection.touches(block.start + start, block.start + start + len(word)))
                or (bool(ignore) and (token.lower_ in ignore or lemma_of(token.lower_, token.tag_) in ignore))
            )
        return bytes(mask)
