"""A judge that reads the sentence: a small transformer, trained on simulated spins, that tells spun words from others.

The model sees the words as they stand, spun ones included, in windows of whole sentences. Of a slot it says how likely it
was spun (`suspect`), and how probable each original is if it was (`score`, `propose`): the slot's vector, the mean over its
word pieces, is compared with the vectors of originals, made from the mean of their word-piece embeddings. Log-probabilities
are normalised over a vocabulary of lemmas; words and phrases outside it are scored on the same scale.

The transformer runs in onnxruntime with weights of 8 bits; the small heads on top run in numpy. `model/NOTICE` names base
model, corpora and licences.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from despin.document.morphology import lemmas
from despin.errors import ModelError
from despin.judge.base import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from despin.judge.base import Passage, Slot

    Floats = NDArray[np.float32]

MODEL = Path(__file__).resolve().parent / "model"
# Windows hold whole sentences up to so many word pieces, as in training; a longer sentence is cut only at the limit of
# the model's positions.
_WINDOW = 110
_LIMIT = 500
_BEGIN, _END, _UNKNOWN = 101, 102, 100
_PROPOSALS = 10
_FLOOR = -20.0


class EncoderJudge:
    """Scores readings, suspects slots and proposes originals.

    Args:
        folder: where the model's files are; the packaged ones if None.

    Raises:
        ModelError: if the model or the libraries that run it are missing.
    """

    name = "encoder"

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or MODEL
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(folder / "encoder.onnx", options, ["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            with np.load(folder / "heads.npz") as arrays:
                self._weights: dict[str, Any] = {name: arrays[name] for name in arrays.files}
            self.vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split()
        except Exception as error:  # onnxruntime and tokenizers raise errors of many kinds
            raise ModelError(f"despin's encoder does not load; install despin again: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._ids = {word: i for i, word in enumerate(self.vocabulary)}
        self._scale = self._weights["embeddings.scale"].astype(np.float32)
        self._pieces = lru_cache(maxsize=200_000)(self._pieces_of)

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        """See `Judge.score`; the first reading has 0, the others the log-probability that they stood there if it is spun."""
        if not slots:
            return []
        queries, totals = self._queries(self._slot_vectors(passage, slots))
        texts = list(dict.fromkeys(text for slot in slots for text in map(self._text, slot.readings[1:])))
        place = {text: i for i, text in enumerate(texts)}
        vectors, biases = self._text_vectors(texts)
        scores: list[list[float]] = []
        for query, total, slot in zip(queries, totals, slots, strict=True):
            asked = [place[self._text(reading)] for reading in slot.readings[1:]]
            nats = vectors[asked] @ query + biases[asked] - total
            scores.append([0.0, *(max(_FLOOR, float(value)) for value in nats)])
        return scores

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        """See `Judge.suspect`."""
        if not slots:
            return []
        hidden = _gelu(self._linear("det.0", self._slot_vectors(passage, slots)))
        return [float(value) for value in self._linear("det.2", hidden)[:, 0]]

    def propose(self, passage: Passage, slots: Sequence[Slot]) -> list[list[Proposal]]:
        """See `Judge.propose`; the readings are lemmas."""
        if not slots:
            return []
        queries, totals = self._queries(self._slot_vectors(passage, slots))
        vectors, biases = self._vocabulary_vectors
        found = []
        for query, total in zip(queries, totals, strict=True):
            scores = vectors @ query + biases
            best = np.argpartition(scores, -_PROPOSALS)[-_PROPOSALS:]
            best = best[np.lexsort((best, -scores[best]))]
            found.append([Proposal((self.vocabulary[i],), float(scores[i] - total)) for i in best])
        return found

    def _queries(self, vectors: Floats) -> tuple[Floats, Floats]:
        """For slot vectors what their originals' vectors are compared with, and the log-sums over the vocabulary."""
        queries = self._head("site", vectors) * (4 / self._weights["site.3.weight"].shape[0] ** 0.5)
        texts, biases = self._vocabulary_vectors
        totals = np.empty(len(queries), np.float32)
        for at in range(0, len(queries), 64):
            scores = queries[at : at + 64] @ texts.T + biases
            top = scores.max(1)
            totals[at : at + 64] = top + np.log(np.exp(scores - top[:, None]).sum(1))
        return queries, totals

    def _slot_vectors(self, passage: Passage, slots: Sequence[Slot]) -> Floats:
        """One vector a slot: the mean of the encoder's output over its word pieces."""
        hidden, ends = self._read(passage)
        sums = np.concatenate([np.zeros((1, hidden.shape[1]), np.float32), np.cumsum(hidden, 0, dtype=np.float64)])
        first = np.array([ends[slot.start] for slot in slots])
        last = np.maximum(np.array([ends[slot.end] for slot in slots]), first + 1)
        means: Floats = ((sums[last] - sums[first]) / (last - first)[:, None]).astype(np.float32)
        return means

    @lru_cache(maxsize=8)  # noqa: B019 - a judge lives as long as its process
    def _read(self, passage: Passage) -> tuple[Floats, tuple[int, ...]]:
        """The encoder's output for each word piece of a passage, and where the pieces of each word begin."""
        outputs = []
        ends = [0]
        for words in self._windows(passage):
            pieces = [self._pieces(word) for word in words]
            ids = [_BEGIN, *(piece for word in pieces for piece in word), _END]
            embeddings = self._embed(np.array(ids))[None]
            mask = np.ones((1, len(ids)), np.float32)
            outputs.append(self._session.run(None, {"embeddings": embeddings, "mask": mask})[0][0, 1:-1])
            for word in pieces:
                ends.append(ends[-1] + len(word))
        return np.concatenate(outputs), tuple(ends)

    def _windows(self, passage: Passage) -> Iterator[list[str]]:
        window: list[str] = []
        sentence: list[str] = []
        held = pending = 0
        for i, word in enumerate(passage.words):
            size = len(self._pieces(word))
            if i in passage.starts or pending + size > _LIMIT:
                if window and held + pending > _WINDOW:
                    yield window
                    window, held = [], 0
                window += sentence
                held += pending
                sentence, pending = [], 0
            sentence.append(word)
            pending += size
        if window and held + pending > _WINDOW:
            yield window
            window = []
        if window or sentence:
            yield window + sentence

    def _pieces_of(self, word: str) -> list[int]:
        """The ids of a word's pieces, at least one and not more than a window can hold."""
        plain = word.lower().encode("utf-8", "replace").decode("utf-8")
        return self._tokenizer.encode(plain, add_special_tokens=False).ids[:_WINDOW] or [_UNKNOWN]

    def _text(self, reading: tuple[str, ...]) -> str:
        """A reading as the model knows originals: a word as the first lemma in the vocabulary that it may belong to."""
        text = " ".join(reading).lower()
        if len(reading) == 1:
            found = (lemma for values in lemmas(text).values() for lemma in values)
            return next((lemma for lemma in found if lemma in self._ids), text)
        return text

    @cached_property
    def _vocabulary_vectors(self) -> tuple[Floats, Floats]:
        """The vocabulary's vectors, made in training, which saves a second at every start."""
        weights = self._weights
        vectors: Floats = weights["vocabulary"].astype(np.float32) * weights["vocabulary.scale"].astype(np.float32)[:, None]
        return vectors, weights["vocabulary.bias"].astype(np.float32)

    def _text_vectors(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Vectors of originals, one a text, and what each is more or less likely anywhere."""
        pieces = [list(chain.from_iterable(map(self._pieces, text.split()))) or [0] for text in texts]
        means = np.stack([self._embed(np.array(ids)).mean(0) for ids in pieces])
        return self._head("text", means), self._linear("bias", means)[:, 0]

    def _embed(self, ids: NDArray[np.int64]) -> Floats:
        """The embeddings of word pieces, one row an id."""
        result: Floats = self._weights["embeddings"][ids].astype(np.float32) * self._scale[ids][:, None]
        return result

    def _head(self, name: str, vectors: Floats) -> Floats:
        hidden = _gelu(self._linear(f"{name}.0", vectors))
        hidden -= hidden.mean(1, keepdims=True)
        hidden /= np.sqrt((hidden**2).mean(1, keepdims=True) + 1e-5)
        hidden = hidden * self._weights[f"{name}.2.weight"] + self._weights[f"{name}.2.bias"]
        return self._linear(f"{name}.3", hidden)

    def _linear(self, name: str, vectors: Floats) -> Floats:
        result: Floats = vectors @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result


def _gelu(x: Floats) -> Floats:
    result: Floats = 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
    return result
