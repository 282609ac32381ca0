"""Counts what the screen weighs: how often simulated spinners write each of the lexicon's spun forms, and how often clean prose
does.
"""

from __future__ import annotations

import lzma
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from despin.document.parsing import load_model
from despin.lexicon.rows import GENERATED, TIERS, Lexicon
from despin.lexicon.screen import forms, normal
from despin.lexicon.simulate import simulate

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from despin.lexicon.dictionary import Dictionary
    from despin.lexicon.rows import Tier

# The share of the words that a spinner changes, of those that it could. One spinner in three knows the last dictionary only.
_RATES = (0.1, 0.9)
_LAST_ONLY = 3
# So many words of spun text are made up in which each form stands as often as its tier's forms do in the mean, so that one that
# was not met is not taken for one that spinners never write.
_PRIOR = 200_000
# Half a time more than it was met, a form is taken to stand in clean prose.
_UNSEEN = 0.5
_TOGETHER = 1_000_000


def spins(texts: Iterable[str], dictionaries: Sequence[Dictionary], rng: random.Random) -> Iterator[str]:
    """Yields a spun copy of each text.

    Args:
        texts: clean texts.
        dictionaries: where the spinners look words up, the chief one first.
        rng: the source of everything that is drawn.
    """
    nlp = load_model()
    for number, text in enumerate(texts):
        known = dictionaries if number % _LAST_ONLY else dictionaries[-1:]
        yield simulate(text, nlp, known, rate=rng.uniform(*_RATES), seed=rng.randrange(10**9)).text


def fit(lexicon: Lexicon, clean: Iterable[str], spun: Iterable[str]) -> dict[str, float]:
    """Weighs the forms of a lexicon's rows.

    Args:
        lexicon: the rows.
        clean: texts that nobody spun.
        spun: texts that somebody did.

    Returns:
        Those that speak for spun text, and how much, in nats; infinity for what is garbled wherever it stands and was met in
        clean text once at most.
    """
    tiers = _tiers(lexicon)
    in_clean, clean_words = _counted(tiers, clean)
    in_spun, spun_words = _counted(tiers, spun)
    of_tier: defaultdict[Tier, list[int]] = defaultdict(list)
    for form, tier in tiers.items():
        of_tier[tier].append(in_spun[form])
    usual = {tier: sum(counts) / len(counts) / spun_words for tier, counts in of_tier.items()}
    weights = {}
    for form, tier in tiers.items():
        written = (in_spun[form] + _PRIOR * usual[tier]) / (spun_words + _PRIOR)
        weight = math.log(written * clean_words / (in_clean[form] + _UNSEEN)) if written else 0.0
        if tier == TIERS[0] and in_clean[form] <= 1:
            weights[form] = math.inf
        elif weight > 0 and (tier != GENERATED or in_clean[form] or in_spun[form]):
            weights[form] = weight
    return weights


def write(weights: dict[str, float], out: Path) -> None:
    """Writes weights as `despin.lexicon.screen.read_weights` reads them."""
    with lzma.open(out, "wt", encoding="utf-8", preset=9) as file:
        file.writelines(f"{form.strip()}\t{weight:.1f}\n" for form, weight in sorted(weights.items()))


def _tiers(lexicon: Lexicon) -> dict[str, Tier]:
    """The forms of all rows, each with the tier that is believed most of those that have it."""
    found: dict[str, Tier] = {}
    for tier in TIERS:
        for row in lexicon.rows:
            if row.tier == tier:
                for form in forms(row):
                    found.setdefault(form, tier)
    return found


def _counted(tiers: dict[str, Tier], texts: Iterable[str]) -> tuple[Counter[str], int]:
    """How often each form stands in some texts, and how many words these have."""
    from ahocorasick_rs import AhoCorasick

    names = list(tiers)
    automaton = AhoCorasick(names)
    counts = np.zeros(len(names), np.int64)
    words = 0
    for plain in _together(map(normal, texts)):
        words += len(plain.split())
        found = [number for number, _, _ in automaton.find_matches_as_indexes(plain, overlapping=True)]
        counts += np.bincount(found, minlength=len(names))
    return Counter(dict(zip(names, counts.tolist(), strict=True))), words


def _together(texts: Iterable[str]) -> Iterator[str]:
    """Texts that begin and end with a blank, many in one."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _TOGETHER:
            yield "".join(held)
            held, size = [], 0
    if held:
        yield "".join(held)
