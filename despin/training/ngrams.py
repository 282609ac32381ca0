"""Counts the n-grams of prose and makes a language model of them, in the format that pocketsphinx reads.

Probabilities are interpolated after Chen and Goodman's modification of Kneser and Ney (An Empirical Study of Smoothing
Techniques for Language Modeling, 1999); rare n-grams are left out of the file, and what they had goes to the shorter ones.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, TextIO

import numpy as np

from despin.errors import InputError
from despin.training.corpus import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_WORD = re.compile(r"\w+(?:['.,:@/-]\w+)*|[.!?;:…]")
_STOPS = frozenset(".!?;:…")
_START, _END = "<s>", "</s>"
# After these, and after single letters, a full stop ends no sentence.
_SHORT = frozenset("mr mrs ms dr prof st vs e.g i.e u.s u.k a.m p.m no fig jr sr inc co".split())
# Words that prose has less often are unknown, and what they stand in is not counted.
_USUAL = 3
# How often n-grams of two, three and four words must come. With all that come twice, 29 MB instead of 9, despin decided no
# better.
LEAST = (4, 6, 8)


class _Grams(NamedTuple):
    """The n-grams of one order, in a fixed sequence.

    Attributes:
        prefix: for each the index of all its words but the last among the shorter n-grams.
        suffix: the same of all but the first.
        last: its last word.
        counts: how often each comes.
        begins: whether its first word is the start of a sentence.
    """

    prefix: Ints
    suffix: Ints
    last: Ints
    counts: Ints
    begins: NDArray[np.bool_]


def make(corpora: Sequence[Path], out: Path) -> list[int]:
    """Makes the language model that `despin.judge.ngrams.ProseJudge` reads, and returns how many n-grams of each length it has.

    Takes a minute and 3 GB of memory for fifteen million words.

    Args:
        corpora: text files in UTF-8, plain or `.xz`, one paragraph a line.
        out: the file, in pocketsphinx's binary format.

    Raises:
        InputError: if a file is not UTF-8, or there are no words.
    """
    from pocketsphinx import Config, LogMath, NGramModel

    with TemporaryDirectory() as folder:
        arpa = Path(folder) / "prose.arpa"
        with arpa.open("w", encoding="utf-8") as file:
            counts = write_arpa(sentences(corpora), LEAST, file)
        begun = out.with_name(f"{out.name}.part")
        NGramModel(Config(loglevel="FATAL"), LogMath(1.0001), str(arpa)).write(str(begun), NGramModel.str_to_type("bin"))
        begun.replace(out)
    return counts


def sentences(corpora: Sequence[Path]) -> Iterator[list[str]]:
    """Yields the sentences of prose as words in lower case, what is kept for measuring left out.

    Args:
        corpora: text files in UTF-8, plain or `.xz`, one paragraph a line.

    Raises:
        InputError: if a file is not UTF-8.
    """
    for line in chain.from_iterable(map(lines_of, corpora)):
        sentence: list[str] = []
        for match in _WORD.finditer(line.lower().replace("’", "'")):
            if match[0] not in _STOPS:
                sentence.append(match[0])
            elif match[0] == "." and sentence and (sentence[-1] in _SHORT or len(sentence[-1]) == 1):
                continue
            elif sentence:
                yield sentence
                sentence = []
        if sentence:
            yield sentence


def write_arpa(text: Iterable[list[str]], least: Sequence[int], out: TextIO) -> list[int]:
    """Writes a language model in the ARPA format, and returns how many n-grams of each length it has.

    Args:
        text: sentences.
        least: for each length from 2 on how often an n-gram must come to be listed; no less than for shorter ones.
        out: where the model goes.

    Raises:
        InputError: if there are no words.
    """
    order = 1 + len(least)
    words, stream = _numbered(text)
    if len(words) == 2:
        raise InputError("there are no words to count")
    grams = _count(stream, len(words), order)
    size = len(words)
    kept = [np.ones(size, bool)]
    odds = [_unigrams(grams, size)]
    for n in range(1, order):
        longer = grams[n + 1] if n + 1 < order else None
        odds.append(_interpolated(grams[n], longer, odds[-1]))
        kept.append(grams[n].counts >= least[n - 1])
    listed = [np.flatnonzero(one) for one in kept]
    print("\\data\\", *(f"ngram {n + 1}={len(one)}" for n, one in enumerate(listed)), sep="\n", file=out)
    names: list[str] = words
    for n in range(order):
        print(f"\n\\{n + 1}-grams:", file=out)
        if n:
            names = [f"{names[p]} {words[w]}" for p, w in zip(grams[n].prefix.tolist(), grams[n].last.tolist(), strict=True)]
        logs = np.log10(np.maximum(odds[n], 1e-30))
        if n == 0:
            logs[words.index(_START)] = -99
        if n + 1 < order:
            below = odds[n][grams[n + 1].suffix]
            here = kept[n + 1]
            prefix = grams[n + 1].prefix[here]
            left = 1 - np.bincount(prefix, odds[n + 1][here], len(names))
            over = 1 - np.bincount(prefix, below[here], len(names))
            backoff = np.log10(np.clip(left, 1e-9, 1) / np.clip(over, 1e-9, 1))
            out.writelines(f"{logs[i]:.4f}\t{names[i]}\t{backoff[i]:.4f}\n" for i in listed[n])
        else:
            out.writelines(f"{logs[i]:.4f}\t{names[i]}\n" for i in listed[n])
    print("\n\\end\\", file=out)
    return [len(one) for one in listed]


def _numbered(text: Iterable[list[str]]) -> tuple[list[str], Ints]:
    """The words, and the text as one sequence of their numbers with sentence marks, -1 for unknown words; compounds that are
    rare are taken in parts.
    """
    held = list(text)
    counts = Counter(chain.from_iterable(held))

    def parted(word: str) -> list[str]:
        return word.split("-") if counts[word] < _USUAL and "-" in word else [word]

    counts = Counter(part for word, count in counts.items() for part in parted(word) for _ in range(min(count, _USUAL)))
    words = [_START, _END, *sorted(word for word, count in counts.items() if count >= _USUAL)]
    number = {word: i for i, word in enumerate(words)}
    stream: list[int] = []
    for sentence in held:
        stream.append(0)
        stream += (number.get(part, -1) for word in sentence for part in parted(word))
        stream.append(1)
    return words, np.array(stream, np.int64)


def _count(stream: Ints, size: int, order: int) -> list[_Grams]:
    """The n-grams of each order, the words themselves first."""
    none = np.zeros(size, np.int64)
    grams = [_Grams(none, none, np.arange(size), np.bincount(stream[stream >= 0], minlength=size), np.arange(size) == 0)]
    at = stream  # for each place of the text the n-gram that ends there, or -1
    for _ in range(1, order):
        inside = np.flatnonzero((at[:-1] >= 0) & (stream[1:] > 0)) + 1
        keys, first, inverse, count = np.unique(
            at[inside - 1] * size + stream[inside], return_index=True, return_inverse=True, return_counts=True
        )
        prefix = keys // size
        grams.append(_Grams(prefix, at[inside[first]], keys % size, count, grams[-1].begins[prefix]))
        longer = np.full(len(stream), -1, np.int64)
        longer[inside] = inverse
        at = longer
    return grams


def _unigrams(grams: Sequence[_Grams], size: int) -> Floats:
    """Each word's probability: before how many different words it stands, not how often."""
    counts = np.bincount(grams[1].suffix, minlength=size).astype(float)
    counts[1:] = np.maximum(counts[1:], 1)
    discounts = _discounts(counts[1:])
    taken = _discounted(counts, discounts)
    found: Floats = (taken + (counts - taken).sum() / (size - 1)) / counts.sum()
    return found


def _interpolated(grams: _Grams, longer: _Grams | None, below: Floats) -> Floats:
    """Each n-gram's probability after its prefix, given those of the n-grams one shorter."""
    counts = grams.counts.astype(float)
    if longer is not None:
        counts = np.where(grams.begins, counts, np.bincount(longer.suffix, minlength=len(counts)))
        # All that it stands after may be unknown words.
        counts = np.maximum(counts, 1)
    taken = _discounted(counts, _discounts(counts))
    total = np.bincount(grams.prefix, counts)[grams.prefix]
    rest = np.bincount(grams.prefix, counts - taken)[grams.prefix]
    found: Floats = taken / total + rest / total * below[grams.suffix]
    return found


def _discounts(counts: Floats) -> Floats:
    """What is taken from counts of 1, of 2, and of 3 or more."""
    ones, twos, threes, fours = (max(1, int((counts == n).sum())) for n in (1, 2, 3, 4))
    y = ones / (ones + 2 * twos)
    found = np.array([1 - 2 * y * twos / ones, 2 - 3 * y * threes / twos, 3 - 4 * y * fours / threes])
    return found.clip((0.1, 0.2, 0.3), (0.9, 1.9, 2.9))


def _discounted(counts: Floats, discounts: Floats) -> Floats:
    taken: Floats = np.where(counts > 0, counts - discounts[np.clip(counts, 1, 3).astype(int) - 1], 0)
    return taken
