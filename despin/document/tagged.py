"""A block of a text as a tagger left it, with what of it may not be touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


@dataclass(frozen=True, slots=True)
class TaggedBlock:
    """A tagged block of a text.

    Attributes:
        doc: the tagged block, a heading in lower case.
        source: the block as the text has it.
        start: its first character in the text.
        mask: one byte a token, 1 where it may not be changed or learned from: a name, or part of anything that is protected.
    """

    doc: Doc
    source: str
    start: int
    mask: bytes

    def sentence(self, span: Span) -> tuple[str, str]:
        """Returns what stands before a span in its sentence and what stands after it, with single spaces between words."""
        sentence = span.sent
        before = self.source[sentence.start_char : span.start_char]
        after = self.source[span.end_char : max(sentence.end_char, span.end_char)]
        return _single_spaced(before).lstrip(), _single_spaced(after).rstrip()


def _single_spaced(text: str) -> str:
    """A text with one space for each stretch of white space, those at its ends included."""
    words = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{words}{' ' * (bool(words) and text[-1:].isspace())}"
