"""Fits what evidence of garbled spelling weighs: clean prose, half of it with words misspelt, mistyped, cut and joined.

Whether a document is garbled at all is known while its weights are fitted, as its spin rate is for spun words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from despin.draft import Draft
from despin.judge.decision import Verdict, Weights, judge_site, logit, weigh
from despin.marks import mark, spun_text
from despin.stages.spelling import Spelling, prior_of
from despin.training.regression import Choices, Form, regress, scale_of
from despin.training.weights import Example, label

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from despin.resources import Resources
    from despin.settings import Settings

_LINEAR = (
    "near_by distant transposed doubled sound first_letter ending rivals nearer distant_rivals split compound joined "
    "pronounced inflected derived repeated spelt"
).split()
_NATS = (-8, -4, -2, 0, 2, 4, 6, 8, 11, 14)
_FORM = Form(
    dict.fromkeys(_LINEAR, 0.0),
    {
        "change": (0.06, 0.1, 0.14, 0.2, 0.25, 0.33, 0.5),
        "length": (3, 4, 5, 6, 8, 10, 14),
        "frequency": (11.5, 13, 15, 17, 19, 22),
        "trigram": _NATS,
        "prose": _NATS,
    },
)
# A garbled document has a garbled word in so many.
_GARBLED = 70
# What one more unknown word of a document counts as, so that none is quite clean or garbled.
_UNSEEN = 0.1
# So far apart, in characters, stand garbled words at least.
_APART = 60
# Of the garbled words so many are misspelt as people misspell, mistyped, and cut; the others are joined with the next.
_MISSPELT, _MISTYPED, _CUT = 0.6, 0.2, 0.1
_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_NEXT = re.compile(r"[a-z]+ [a-z]+(?![\w'’-])")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: [
        _KEYS[y][x]
        for y in (r - 1, r, r + 1)
        if 0 <= y < 3
        for x in (k - 1, k, k + 1)
        if 0 <= x < len(_KEYS[y]) and (x, y) != (k, r)
    ]
    for r, row in enumerate(_KEYS)
    for k, key in enumerate(row)
}


def read_misspellings(lines: Iterable[str]) -> dict[str, list[str]]:
    """Reads lines `wrong->right`, as codespell's dictionary has them; those with several right words are left out.

    Returns:
        For each right word in lower case what it is misspelt as.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        wrong, _, right = line.strip().partition("->")
        if all(word.isascii() and word.isalpha() and word.islower() for word in (wrong, right)):
            found[right].append(wrong)
    return dict(found)


def garble(text: str, misspellings: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """Returns a text with some of its words garbled, each marked as a site that must be repaired (`despin.marks`)."""
    changes: list[tuple[int, int, str]] = []
    wanted = max(2, len(text.split()) // _GARBLED)
    words = list(_WORD.finditer(text))
    rng.shuffle(words)
    for found in words:
        if len(changes) >= wanted:
            break
        if any(abs(found.start() - start) < _APART for start, *_ in changes):
            continue
        word = found[0]
        kind = rng.random()
        if kind < _MISSPELT:
            if known := misspellings.get(word):
                changes.append((*found.span(), rng.choice(known)))
        elif kind < _MISSPELT + _MISTYPED:
            changes.append((*found.span(), _mistyped(word, rng)))
        elif kind < _MISSPELT + _MISTYPED + _CUT:
            if len(word) > 5:
                at = rng.randrange(2, len(word) - 1)
                changes.append((*found.span(), f"{word[:at]} {word[at:]}"))
        elif both := _NEXT.match(text, found.start()):
            changes.append((*both.span(), both[0].replace(" ", "")))
    return mark(text, sorted(changes))[1]


def fit(resources: Resources, settings: Settings, clean: Sequence[str], garbled: Sequence[str]) -> Weights:
    """Fits weights.

    Args:
        resources: the speller and the judges.
        settings: the dials.
        clean: documents that were never garbled.
        garbled: marked documents, as `garble` makes them.

    Raises:
        ModelError: if scipy is not installed.
    """
    stage = Spelling(settings, resources)
    examples = [_read(stage, resources, text) for text in (*garbled, *clean)]
    halves = [_fitted(examples[1 - k :: 2]) for k in range(2)]
    judged = chain.from_iterable(_judged(example, halves[k]) for k in range(2) for example in examples[k::2])
    return replace(_fitted(examples), scale=scale_of((v.spun * v.share, right) for v, right in judged))


def _mistyped(word: str, rng: random.Random) -> str:
    """A word with a slip of a finger in it, not at its first letter."""
    at = rng.randrange(1, len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    kind = rng.randrange(4)
    if kind == 0:
        return before + rng.choice(_BESIDE[letter]) + after
    if kind == 1:
        return before + after
    if kind == 2 or letter == before[-1]:
        return before + letter + rng.choice((letter, *_BESIDE[letter])) + after
    return before[:-1] + letter + before[-1] + after


def _read(stage: Spelling, resources: Resources, gold: str) -> Example:
    draft = Draft(spun_text(gold), lambda: resources.nlp)
    return label(gold, stage.read(draft))


def _fitted(examples: Sequence[Example]) -> Weights:
    """Weights fitted on examples; garbled words whose correction is not proposed teach nothing."""
    kept = [
        (site, right, prior)
        for example in examples
        for prior in [_prior(example)]
        for site, right, marked in zip(example.sites, example.right, example.marked, strict=True)
        if any(right) or not marked
    ]
    sizes = [len(site.candidates) for site, *_ in kept]
    return regress(
        Choices(
            [candidate for site, *_ in kept for candidate in site.candidates],
            np.repeat(np.arange(len(kept)), sizes),
            np.array([one for _, right, _ in kept for one in right], float),
            np.array([not any(right) for _, right, _ in kept], float),
            np.ones(len(kept)),
            np.array([prior for *_, prior in kept]),
        ),
        _FORM,
    )


def _prior(example: Example) -> float:
    """Log-odds of a document's unknown words that one is garbled, in nats."""
    garbled = sum(map(any, example.right))
    return logit((garbled + _UNSEEN) / (len(example.sites) + 1))


def _judged(example: Example, weights: Weights) -> Iterator[tuple[Verdict, bool]]:
    weigh(example.sites, weights)
    prior = prior_of(example.sites)
    for site, right in zip(example.sites, example.right, strict=True):
        verdict = judge_site(site, site.candidates, prior, weights)
        yield verdict, next(r for r, c in zip(right, site.candidates, strict=True) if c is verdict.best)
