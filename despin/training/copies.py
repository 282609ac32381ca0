"""Fits what copies of a text add to what it says by itself, on simulated spins of clean prose, and on real copies if there are
any, which are more alike than simulated ones: one program writes the same synonyms again, and exchanges them both ways.

Groups of copies are spun at rates from 0.15 to 0.9, most of them by one program with its habits and one rate; some copies are
not spun at all. The spinners know the lexicon's pairs in both directions, as a thesaurus has them. Of the lexicon's rows nearly
a third are withheld from the restorer, as real spinners know words that it lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from despin.despinner import Despinner
from despin.judge.decision import SAID_BY_COPIES, Weights
from despin.lexicon.rows import COPIED, Lexicon
from despin.lexicon.simulate import simulate
from despin.marks import spun_text
from despin.training.regression import Form, regress_further
from despin.training.weights import Example, choices_of, label

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

    from despin.lexicon.dictionary import Dictionary

_FEW = (1, 2, 3, 5, 8)
_FORM = Form({COPIED: 0.0}, dict.fromkeys(SAID_BY_COPIES, _FEW))
# The share of the rows that is withheld, of groups that one program spun, and of copies that nobody spun.
_WITHHELD, _ONE_PROGRAM, _CLEAN = 0.3, 0.7, 0.1
_RATES = (0.15, 0.9)
_COPIES = (2, 8)
# How much marked copies count in all, as a share of what simulated ones do.
_MARKED = 12.0


def simulated(texts: Iterable[str], dictionaries: Sequence[Dictionary], rng: random.Random) -> Iterator[Example]:
    """Yields the sites of a spun copy of each text, with what further copies say of them, and what is right.

    Args:
        texts: clean texts.
        dictionaries: where the spinners look words up, the chief one first.
        rng: the source of everything that is drawn.
    """
    lexicon = Lexicon([row for row in Lexicon.load().rows if rng.random() >= _WITHHELD])
    despinner = Despinner(lexicon=lexicon)
    for text in texts:
        tool = rng.randrange(10**9) if rng.random() < _ONE_PROGRAM else None
        shared = rng.uniform(*_RATES)
        rates = [
            0.0 if rng.random() < _CLEAN else rng.uniform(*_RATES) if tool is None else shared
            for _ in range(rng.randint(*_COPIES))
        ]
        base, *others = (
            simulate(text, despinner.nlp, dictionaries, rate=rate, seed=rng.randrange(10**9), tool=tool) for rate in rates
        )
        yield label(base.gold, despinner.read(base.text, [copy.text for copy in others]))


def read_marked(despinner: Despinner, golds: Sequence[str]) -> Iterator[Example]:
    """Yields the sites of each of some marked copies of one article, with what the others say of them, and what is right.

    Args:
        despinner: reads them.
        golds: the marked copies.
    """
    texts = [spun_text(gold) for gold in golds]
    for k, (gold, text) in enumerate(zip(golds, texts, strict=True)):
        yield label(gold, despinner.read(text, texts[:k] + texts[k + 1 :]))


def fit(simulated: Sequence[Example], marked: Sequence[Example] = ()) -> Weights:
    """Fits what copies add to the packaged weights of spun words.

    Args:
        simulated: what `simulated` yields.
        marked: what `read_marked` yields, which outweighs the others, however few there are.

    Raises:
        ModelError: if scipy is not installed.
    """
    size = sum(len(example.sites) for example in marked)
    weight = _MARKED * sum(len(example.sites) for example in simulated) / size if size else 0.0
    examples = [(example, 1.0) for example in simulated] + [(example, weight) for example in marked]
    return regress_further(choices_of(examples), Weights.load("weights"), _FORM)
