"""A judge that reads the sentence: a small transformer, trained on simulated spins, that tells spun words from others.

The model sees the words as they stand, spun ones included, in windows of whole sentences. Of a slot it says how likely it
was spun (`suspect`), and how well each reading fits there (`score`, `propose`): the slot's vector, the mean over its word
pieces, is compared with the vectors of the readings, made from the mean of their word-piece embeddings. Scores are log-
probabilities up to a constant of the slot.

The transformer runs in onnxruntime with weights of 8 bits; the small heads on top run in numpy. `model/NOTICE` names base
model, corpora and licences.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from despin.document.morphology import lemmas
from despin.errors import ModelError
from despin.judge.base import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from numpy.typing import NDArray

    from despin.judge.base import Passage, Slot

    Floats = NDArray[np.float32]
    Pieces = Callable[[str], list[int]]

MODEL = Path(__file__).resolve().parent / "model"
# Windows hold whole sentences up to so many word pieces, as `despin train encoder` makes them; a longer sentence is cut only
# at the limit of the model's positions.
WINDOW = 224
_LIMIT = 500
UNKNOWN, BEGIN, END, MASK = 100, 101, 102, 103
_LONGEST_WORD = 100
# So many originals' vectors are remembered, some 20 MB of them.
_MEMORY = 20_000


def word_pieces(tokenizer: Path) -> Pieces:
    """Returns a function that splits a word into the ids of its pieces: at least one, and no more than a window holds.

    Args:
        tokenizer: a file of the library tokenizers.
    """
    from tokenizers import Tokenizer

    splitter = Tokenizer.from_file(str(tokenizer))
    splitter.no_padding()
    splitter.no_truncation()

    @lru_cache(maxsize=200_000)
    def pieces(word: str) -> list[int]:
        plain = word.lower().encode("utf-8", "replace").decode("utf-8")
        return splitter.encode(plain, add_special_tokens=False).ids[:_LONGEST_WORD] or [UNKNOWN]

    return pieces


def known_as(reading: str, vocabulary: Container[str]) -> str:
    """Returns a reading as the model knows originals: a word as the first lemma in the vocabulary that it may belong to."""
    text = reading.lower()
    if " " in text:
        return text
    found = (lemma for values in lemmas(text).values() for lemma in values)
    return next((lemma for lemma in found if lemma in vocabulary), text)


class EncoderJudge:
    """Scores readings, suspects slots and proposes originals.

    Args:
        folder: where the model's files are; the packaged ones if None.
        threads: so many windows of a passage are read side by side; as many as there are cores if None.

    Raises:
        ModelError: if the model or the libraries that run it are missing.
    """

    name = "encoder"
    local = False

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        folder = folder or MODEL
        self._threads = threads or os.cpu_count() or 1
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            # Windows are read side by side instead, which is faster.
            options.intra_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(folder / "encoder.onnx", options, ["CPUExecutionProvider"])
            self._pieces = word_pieces(folder / "tokenizer.json")
            with np.load(folder / "heads.npz") as arrays:
                self._weights: dict[str, Any] = {name: arrays[name] for name in arrays.files}
            for name, array in self._weights.items():
                if array.dtype == np.float16:
                    self._weights[name] = array.astype(np.float32)
            self.vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split()
        except Exception as error:  # onnxruntime and tokenizers raise errors of many kinds
            raise ModelError(f"despin's encoder does not load; install despin again: {error}") from error
        # Products of matrices differ in their last digits with the number of threads, which are not worth waiting for here.
        self._blas = ThreadpoolController()
        self._ids = {word: i for i, word in enumerate(self.vocabulary)}
        self._places: dict[str, int] = {}
        self._vectors: Floats = np.empty((0, self._weights["text.3.weight"].shape[0]), np.float32)
        self._biases: Floats = np.empty(0, np.float32)

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        """See `Judge.score`."""
        if not slots:
            return []
        with self._blas.limit(limits=1):
            return self._scores(self._queries(passage, slots), [slot.readings for slot in slots])

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        """See `Judge.suspect`."""
        if not slots:
            return []
        with self._blas.limit(limits=1):
            hidden = _gelu(self._linear("det.0", self._slot_vectors(passage, slots)))
            return [float(value) for value in self._linear("det.2", hidden)[:, 0]]

    def frequency(self, reading: Sequence[str]) -> float:  # noqa: ARG002 - the interface
        """Cannot tell: see `Judge.frequency`."""
        return 0.0

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        """See `Judge.propose`; the readings are lemmas."""
        if not slots or count < 1:
            return [[] for _ in slots]
        with self._blas.limit(limits=1):
            return self._proposals(passage, slots, count)

    def _proposals(self, passage: Passage, slots: Sequence[Slot], count: int) -> list[list[Proposal]]:
        found = []
        vectors, biases = self._vocabulary_vectors
        count = min(count, len(biases))
        queries = self._queries(passage, slots)
        keeps = self._scores(queries, [slot.readings[:1] for slot in slots])
        for query, (keep,) in zip(queries, keeps, strict=True):
            scores = vectors @ query + biases
            best = np.argpartition(scores, -count)[-count:]
            best = best[np.lexsort((best, -scores[best]))]
            found.append([Proposal((self.vocabulary[i],), float(scores[i]) - keep) for i in best])
        return found

    def _scores(self, queries: Floats, readings: Sequence[Sequence[tuple[str, ...]]]) -> list[list[float]]:
        """How well each reading of a slot fits, slot by slot."""
        texts = [[known_as(" ".join(reading), self._ids) for reading in group] for group in readings]
        asked, vectors, biases = self._remembered(texts)
        scores = (vectors[at] @ query + biases[at] for query, at in zip(queries, asked, strict=True))
        return [[float(nats) for nats in found] for found in scores]

    def _queries(self, passage: Passage, slots: Sequence[Slot]) -> Floats:
        """For each slot what its originals' vectors are compared with."""
        scale = np.float32(4 / self._weights["site.3.weight"].shape[0] ** 0.5)
        return self._head("site", self._slot_vectors(passage, slots)) * scale

    def _slot_vectors(self, passage: Passage, slots: Sequence[Slot]) -> Floats:
        """One vector a slot: the mean of the encoder's output over its word pieces."""
        sums, counts = self._read(passage)
        spans = [slice(slot.start, max(slot.end, slot.start + 1)) for slot in slots]
        return np.stack([sums[span].sum(0) / np.float32(counts[span].sum()) for span in spans])

    @lru_cache(maxsize=2)  # noqa: B019 - a judge lives as long as its process
    def _read(self, passage: Passage) -> tuple[Floats, NDArray[np.int64]]:
        """For each word of a passage the sum of the encoder's output over its pieces, and how many these are."""
        windows = list(self._windows(passage))
        with ThreadPoolExecutor(min(self._threads, len(windows))) as pool:
            sums = np.concatenate(list(pool.map(self._read_window, windows)))
        return sums, np.array([len(self._pieces(word)) for word in passage.words])

    def _read_window(self, words: Sequence[str]) -> Floats:
        pieces = [self._pieces(word) for word in words]
        ids = np.array([BEGIN, *chain.from_iterable(pieces), END])
        mask = np.ones((1, len(ids)), np.float32)
        hidden: Floats = self._session.run(None, {"embeddings": self._embed(ids)[None], "mask": mask})[0][0, 1:-1]
        starts = np.cumsum([0, *map(len, pieces[:-1])])
        return np.add.reduceat(hidden, starts)

    def _windows(self, passage: Passage) -> Iterator[list[str]]:
        window: list[str] = []
        sentence: list[str] = []
        held = pending = 0
        for i, word in enumerate(passage.words):
            size = len(self._pieces(word))
            if i in passage.starts or pending + size > _LIMIT:
                if window and held + pending > WINDOW:
                    yield window
                    window, held = [], 0
                window += sentence
                held += pending
                sentence, pending = [], 0
            sentence.append(word)
            pending += size
        if window and held + pending > WINDOW:
            yield window
            window = []
        if window or sentence:
            yield window + sentence

    @cached_property
    def _vocabulary_vectors(self) -> tuple[Floats, Floats]:
        """The vocabulary's vectors, made in training, which saves a second at every start."""
        weights = self._weights
        vectors: Floats = weights["vocabulary"].astype(np.float32) * weights["vocabulary.scale"][:, None]
        return vectors, weights["vocabulary.bias"]

    def _remembered(self, texts: Sequence[Sequence[str]]) -> tuple[list[list[int]], Floats, Floats]:
        """Where the vectors of texts are in what is remembered of texts asked about before, and that."""
        if len(self._places) > _MEMORY:
            self._places.clear()
            self._vectors, self._biases = self._vectors[:0], self._biases[:0]
        new = [text for text in dict.fromkeys(chain.from_iterable(texts)) if text not in self._places]
        if new:
            self._places.update((text, len(self._vectors) + i) for i, text in enumerate(new))
            # One by one, since a product of matrices may differ in its last digits with the number of their rows, and
            # what is said of a text must not depend on the texts before.
            vectors, biases = zip(*map(self._text_vector, new), strict=True)
            self._vectors = np.concatenate([self._vectors, *vectors])
            self._biases = np.concatenate([self._biases, *biases])
        return [[self._places[text] for text in group] for group in texts], self._vectors, self._biases

    def _text_vector(self, text: str) -> tuple[Floats, Floats]:
        """The vector of an original, one row, and how much more or less likely than others it is anywhere."""
        if (known := self._ids.get(text)) is not None:
            vectors, biases = self._vocabulary_vectors
            return vectors[known : known + 1], biases[known : known + 1]
        ids = list(chain.from_iterable(map(self._pieces, text.split()))) or [0]
        mean = self._embed(np.array(ids)).mean(0, keepdims=True)
        return self._head("text", mean), self._linear("bias", mean)[:, 0]

    def _embed(self, ids: NDArray[np.int64]) -> Floats:
        """The embeddings of word pieces, one row an id."""
        result: Floats = self._weights["embeddings"][ids].astype(np.float32) * self._weights["embeddings.scale"][ids][:, None]
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
    result: Floats = 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
    return result
