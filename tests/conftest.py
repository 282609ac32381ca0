"""What several tests share: one loaded Despinner, documents built by hand, a simple judge, and simulated sites."""

import random
from collections.abc import Callable, Sequence

import pytest
import spacy
from spacy.tokens import Doc

from despin.despinner import Despinner
from despin.judge.base import Judge, Passage, Proposal, Slot
from despin.lexicon.rows import Row
from despin.sites import Candidate, Site
from despin.training.weights import Example

ROW = Row("spun", "", ("x",))


@pytest.fixture(scope="session")
def despinner() -> Despinner:
    return Despinner()


@pytest.fixture(scope="session")
def make_doc() -> Callable[..., Doc]:
    """Builds a `Doc` from `word/TAG/POS/lemma/head/dep` items; head is an index, lemma defaults to the word."""
    vocab = spacy.blank("en").vocab

    def make(items: str) -> Doc:
        cells = [item.split("/") for item in items.split()]
        words, tags, pos, lemmas, heads, deps = zip(*cells, strict=True)
        return Doc(
            vocab,
            words=list(words),
            tags=list(tags),
            pos=list(pos),
            lemmas=[lemma or word.lower() for lemma, word in zip(lemmas, words, strict=True)],
            heads=[int(head) for head in heads],
            deps=list(deps),
        )

    return make


@pytest.fixture(scope="session")
def make_proposer() -> Callable[..., Judge]:
    """Makes a judge of its name, and of the words that it suspects with what it wants for each."""
    return _Proposer


@pytest.fixture(scope="session")
def examples() -> tuple[list[Example], list[Example]]:
    """Six marked texts and six clean ones."""
    return [_simulated(seed, 0.4) for seed in range(6)], [_simulated(seed, 0.0) for seed in range(6, 12)]


class _Proposer:
    """A judge that likes every change, and proposes the same for certain words, which it suspects."""

    local = True

    def __init__(self, name: str, **wanted: str) -> None:
        self.name = name
        self.wanted = wanted

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        return [[0.0, *(8.0 for _ in slot.readings[1:])] for slot in slots]

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        return [3.0 if passage.words[slot.start] in self.wanted else -6.0 for slot in slots]

    def frequency(self, reading: Sequence[str]) -> float:
        return -9.0

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        return [[Proposal((self.wanted[passage.words[slot.start]],), 6.0)] for slot in slots]


def _simulated(seed: int, spun: float, size: int = 120) -> Example:
    """Sites at which the trigram tells spun words apart, and the encoder knows nothing."""
    rng = random.Random(seed)
    example = Example([], [], [])
    for at in range(size):
        is_spun = rng.random() < spun
        features = {"thesaurus": 1.0, "trigram": rng.gauss(6 if is_spun else -4, 3), "encoder": rng.gauss(0, 3)}
        example.sites.append(Site(at, at + 1, f"w{at}", [Candidate("x", "x", ROW, features)]))
        example.right.append([is_spun])
        example.marked.append(is_spun)
    return example
