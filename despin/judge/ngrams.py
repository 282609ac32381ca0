"""Judges that count: n-gram models, read by pocketsphinx.

They know lower-case words without punctuation. A reading's score is the unnormalised sum of the log-probabilities of the
words that the reading changes: its own, and those after it as far as the model reaches.
"""

from __future__ import annotations

import math
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from despin.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from despin.judge.base import Passage, Proposal, Slot

PROSE = Path(__file__).resolve().parent / "model" / "prose.lm.bin"
_BASE = 1.0001
_NATS = math.log(_BASE)
# What a model answers for a word that it lacks, and what such a word is taken to have: less than its rarest words.
_UNKNOWN = -(2**28)
_FLOOR = -16.0
_START, _END = "<s>", "</s>"
_STOPS = frozenset(".!?;:…")
# So many answers are remembered; more cost memory and save hardly any time.
_CACHE_LIMIT = 200_000


class NgramJudge:
    """Scores readings with an n-gram model; proposes nothing.

    Args:
        name: the judge's name.
        file: finds the model, in any format that pocketsphinx reads.
        order: the length of its longest n-grams.

    Raises:
        ModelError: if pocketsphinx or the model is missing.
    """

    local = True

    def __init__(self, name: str, file: Callable[[], Path], order: int) -> None:
        self.name = name
        self._order = order
        try:
            from pocketsphinx import Config, LogMath, NGramModel

            self._model = NGramModel(Config(loglevel="FATAL"), LogMath(_BASE), str(file()))
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"the {name} language model does not load; install despin again: {error}") from error
        self._nats: dict[tuple[str, ...], float] = {}
        self._tokens: dict[str, tuple[str, ...]] = {}
        self._frequencies: dict[tuple[str, ...], float] = {}

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        """See `Judge.score`."""
        tokens: list[str] = []
        at: list[int] = []
        for i, word in enumerate(passage.words):
            if i in passage.starts and tokens and tokens[-1] != _END:
                tokens.append(_END)
            at.append(len(tokens))
            tokens.extend(self._known(word))
        at.append(len(tokens))
        tokens.append(_END)
        return [self._score(tokens, at, slot) for slot in slots]

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:  # noqa: ARG002 - the interface
        """Cannot tell: see `Judge.suspect`."""
        return []

    def frequency(self, reading: Sequence[str]) -> float:
        """See `Judge.frequency`."""
        found = self._frequencies.get(reading := tuple(reading))
        if found is None:
            found = min((self._log_probability((token,)) for token in self._read(reading)), default=0.0)
            if len(self._frequencies) >= _CACHE_LIMIT:
                self._frequencies.clear()
            self._frequencies[reading] = found
        return found

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:  # noqa: ARG002 - the interface
        """Proposes nothing: see `Judge.propose`."""
        return [[] for _ in slots]

    def _score(self, tokens: list[str], at: list[int], slot: Slot) -> list[float]:
        start, end = at[slot.start], at[slot.end]
        # A sentence's end that was put before the slot's own first word belongs to what precedes.
        history: tuple[str, ...] = ()
        for token in reversed(tokens[max(0, start - self._order + 1) : start]):
            if token == _END:
                break
            history = (token, *history)
        if len(history) < self._order - 1:
            history = (_START, *history)
        after = tuple(tokens[end : end + self._order - 1])
        if _END in after:
            after = after[: after.index(_END) + 1]
        scores = []
        nats, before = self._nats, self._order - 1
        for reading in slot.readings:
            window = history + self._read(reading) + after
            total = 0.0
            for i in range(len(history), len(window)):
                ngram = window[max(0, i - before) : i + 1]
                known = nats.get(ngram)
                total += self._log_probability(ngram) if known is None else known
            scores.append(total)
        return scores

    def _read(self, reading: tuple[str, ...]) -> tuple[str, ...]:
        """A reading as the model's tokens."""
        if len(reading) == 1:
            return self._known(reading[0])
        return tuple(chain.from_iterable(map(self._known, reading)))

    def _log_probability(self, ngram: tuple[str, ...]) -> float:
        """Natural log of the probability of an n-gram's last word after those before it."""
        nats = self._nats.get(ngram)
        if nats is None:
            log = self._model.prob(list(ngram[::-1]))
            nats = _FLOOR if log <= _UNKNOWN else max(_FLOOR, log * _NATS)
            if len(self._nats) >= _CACHE_LIMIT:
                self._nats.clear()
            self._nats[ngram] = nats
        return nats

    def _known(self, word: str) -> tuple[str, ...]:
        """A word as the model's tokens: lower case, compounds it lacks in parts, sentence ends as such, no punctuation."""
        tokens = self._tokens.get(word)
        if tokens is None:
            lower = word.lower().replace("’", "'")
            if lower in _STOPS:
                tokens = (_END,)
            elif not any(char.isalnum() for char in lower):
                tokens = ()
            elif self._has(lower):
                tokens = (lower,)
            else:
                tokens = tuple(part for part in lower.replace("-", " ").split() if part) or (lower,)
                if len(tokens) == 1 and lower.endswith("'s"):
                    tokens = (lower[:-2],)
                elif len(tokens) == 1 and lower.endswith(".") and self._has(lower.rstrip(".")):
                    tokens = (lower.rstrip("."),)
            if len(self._tokens) >= _CACHE_LIMIT:
                self._tokens.clear()
            self._tokens[word] = tokens
        return tokens

    def _has(self, word: str) -> bool:
        # A model in C takes any bytes, but no NUL and no lone surrogate.
        if "\0" in word or any("\ud800" <= char <= "\udfff" for char in word):
            return False
        return bool(self._model.prob([word]) > _UNKNOWN)


class TrigramJudge(NgramJudge):
    """The English trigram model that pocketsphinx ships (72,547 words, BSD-style licence).

    Raises:
        ModelError: if it is missing.
    """

    def __init__(self) -> None:
        def file() -> Path:
            from pocketsphinx import get_model_path

            return Path(get_model_path("en-us")) / "en-us.lm.bin"

        super().__init__("trigram", file, 3)


class ProseJudge(NgramJudge):
    """A model of four words' length, made of clean prose (`despin train ngrams`); `model/NOTICE` names the texts.

    Args:
        file: the model; the packaged one if None.

    Raises:
        ModelError: if it is missing.
    """

    def __init__(self, file: Path | None = None) -> None:
        super().__init__("prose", lambda: file or PROSE, 4)
