"""A block of text as the rules of grammar read it: its words in order, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from despin.judge.base import Passage, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    from despin.judge.base import Scorer

_TOKEN = re.compile(r"\w+(?:['’.-]\w+)*['’]?|[^\w\s]")
_ENDS = frozenset(".!?:;…")


@dataclass(frozen=True, slots=True)
class Slip:
    """Words of a block that are wrong, and what they should be.

    Attributes:
        start: index of the first word.
        end: index after the last.
        original: what should stand there.
        reason: what is wrong, in words for the user.
        confidence: how often such a repair is right, 0 to 1.
        margin: by how many nats the judges together must prefer it to the words that stand there.
        least: by how many nats each of them must; less than nothing where it may be against it.
        rivals: further readings that it must be preferred to by no less.
    """

    start: int
    end: int
    original: str
    reason: str
    confidence: float
    margin: float = 0.0
    least: float = -0.5
    rivals: tuple[str, ...] = ()


class Words:
    """The words and punctuation marks of a block.

    Args:
        text: the block.
        tagged: returns the block tagged by spaCy; called where parts of speech are asked for.

    Attributes:
        words: the words as they are written; contractions and compounds are one.
        lower: the same in lower case.
        spans: for each its first character in the block and the one after its last.
    """

    def __init__(self, text: str, tagged: Callable[[], Doc]) -> None:
        self.text = text
        self._tagged = tagged
        found = list(_TOKEN.finditer(text))
        self.words = [match[0] for match in found]
        self.lower = [word.lower() for word in self.words]
        self.spans = [match.span() for match in found]

    def follows(self, i: int) -> bool:
        """Whether nothing but blanks of the same line part a word from the one before it."""
        if not 0 < i < len(self.spans):
            return False
        between = self.text[self.spans[i - 1][1] : self.spans[i][0]]
        return bool(between) and not between.strip(" \t\xa0")

    def is_word(self, i: int) -> bool:
        """Whether there is a word of letters at an index."""
        return 0 <= i < len(self.words) and self.words[i][0].isalpha()

    def at(self, i: int) -> str:
        """Returns the word at an index in lower case, nothing beyond the ends."""
        return self.lower[i] if 0 <= i < len(self.lower) else ""

    def opens(self, i: int) -> bool:
        """Whether a word is the first of its sentence."""
        return i == 0 or self.words[i - 1] in _ENDS

    def sentence(self, i: int) -> tuple[int, int]:
        """Returns the index of the first word of a word's sentence, and the one after its last."""
        start = i
        while start and not self.opens(start):
            start -= 1
        end = i + 1
        while end < len(self.words) and not self.opens(end):
            end += 1
        return start, end

    def tag(self, i: int) -> str:
        """Returns spaCy's fine-grained tag of the word at an index, of a compound that of its last part."""
        if not 0 <= i < len(self.words):
            return ""
        start, end = self.spans[i]
        tags = [self._tags[at] for at in range(start, end) if at in self._tags]
        return tags[-1] if tags else ""

    def preferences(self, slip: Slip, judge: Scorer) -> list[float]:
        """Returns by how many nats a judge prefers a slip's repair to the words there, and to each of its rivals."""
        readings = (" ".join(self.words[slip.start : slip.end]), *slip.rivals, slip.original)
        slot = Slot(slip.start, slip.end, tuple(tuple(reading.split()) for reading in readings))
        *others, best = judge.score(self._passage, [slot])[0]
        return [best - other for other in others]

    @cached_property
    def _passage(self) -> Passage:
        return Passage(tuple(self.words), frozenset(i for i in range(len(self.words) or 1) if self.opens(i)))

    @cached_property
    def _tags(self) -> dict[int, str]:
        return {token.idx: token.tag_ for token in self._tagged() if not token.is_space}
