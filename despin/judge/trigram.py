"""A judge that counts: the English trigram model that pocketsphinx ships (72,547 words, BSD-style licence).

It knows lower-case words without punctuation. A reading's score is the unnormalised sum of the log-probabilities of the
words that the reading changes: its own, and the two after it.
"""

from __future__ import annotations

import math
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from despin.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from despin.judge.base import Passage, Proposal, Slot

_BASE = 1.0001
_NATS = math.log(_BASE)
_ORDER = 3
# What the model answers for a word that it lacks, and what such a word is taken to have: less than its rarest words.
_UNKNOWN = -(2**28)
_FLOOR = -16.0
_START, _END = "<s>", "</s>"
_STOPS = frozenset(".!?;:…")
_CACHE_LIMIT = 2_000_000


class TrigramJudge:
    """Scores readings with pocketsphinx's trigram model; proposes nothing.

    Raises:
        ModelError: if pocketsphinx or its model is missing.
    """

    name = "trigram"

    def __init__(self) -> None:
        try:
            from pocketsphinx import Config, LogMath, NGramModel, get_model_path

            path = Path(get_model_path("en-us")) / "en-us.lm.bin"
            self._model = NGramModel(Config(loglevel="FATAL"), LogMath(_BASE), str(path))
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"pocketsphinx's language model does not load; install it again: {error}") from error
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
        return [0.0] * len(slots)

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
        for token in reversed(tokens[max(0, start - _ORDER + 1) : start]):
            if token == _END:
                break
            history = (token, *history)
        if len(history) < _ORDER - 1:
            history = (_START, *history)
        after = tuple(tokens[end : end + _ORDER - 1])
        if _END in after:
            after = after[: after.index(_END) + 1]
        scores = []
        nats = self._nats
        for reading in slot.readings:
            window = history + self._read(reading) + after
            total = 0.0
            for i in range(len(history), len(window)):
                ngram = window[max(0, i - _ORDER + 1) : i + 1]
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
                if len(tokens) == 1 and lower.endswith("'s") and not self._has(lower):
                    tokens = (lower[:-2],)
            if len(self._tokens) >= _CACHE_LIMIT:
                self._tokens.clear()
            self._tokens[word] = tokens
        return tokens

    def _has(self, word: str) -> bool:
        # A model in C takes any bytes, but no NUL and no lone surrogate.
        if "\0" in word or any("\ud800" <= char <= "\udfff" for char in word):
            return False
        return bool(self._model.prob([word]) > _UNKNOWN)
