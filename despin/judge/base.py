"""What is asked of a judge: how well each reading of a slot fits its passage, and which words it would put there itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of text as a judge reads it.

    Attributes:
        words: the words and punctuation marks in order, as written (contractions are one word: `don't`).
        starts: indices of the words that begin a sentence; 0 is always among them.
        joined: indices of the words that no white space parts from the word before, such as most punctuation marks.
    """

    words: tuple[str, ...]
    starts: frozenset[int]
    joined: frozenset[int] = frozenset()

    def opening(self, length: int) -> Passage:
        """Returns the first so many words, or all if there are fewer."""
        starts, joined = (frozenset(at for at in places if at < length) for places in (self.starts, self.joined))
        return Passage(self.words[:length], starts, joined)


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of a passage and the readings that could stand there.

    Attributes:
        start: index of the first word.
        end: index after the last word.
        readings: for each candidate its words; the first are the spun words as the input has them ("keep"), also when
            the passage shows a repair in their place.
    """

    start: int
    end: int
    readings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reading that a judge itself thinks of for a slot, with how much it prefers it to the words there, in nats."""

    words: tuple[str, ...]
    nats: float


class Scorer(Protocol):
    """What tells how well readings fit. Implementations are deterministic: the same passage and slots get the same answer."""

    name: str

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        """Returns for each slot one log-probability a reading, in nats, comparable within the slot only."""
        ...


class Judge(Scorer, Protocol):
    """A language model's opinion, which does not depend on what is asked beside a slot.

    Attributes:
        local: whether it depends on a few words around the slot only, so that the judge is asked again at once when one of
            them has been repaired.
    """

    local: bool

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        """Returns for each slot the log-odds, in nats, that its words were spun; nothing if the judge cannot tell."""
        ...

    def frequency(self, reading: Sequence[str]) -> float:
        """Returns the log-probability, in nats, of the rarest of a reading's words by itself; zero if the judge cannot tell."""
        ...

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        """Returns for each slot at most `count` readings that the judge would put there, best first; none if it has none."""
        ...
