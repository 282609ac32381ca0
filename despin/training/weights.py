"""Fits what each piece of evidence on spun words weighs, on marked and clean texts, with `despin.training.regression`.

The log-odds that are known of a candidate are those of the document's true spin rate. Two weights that short texts stand on,
of which marked articles show little, are held near what the promises of the lexicon's tiers ask for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice, product
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from despin.judge.decision import (
    Verdict,
    Weights,
    choose,
    estimate_spin_rate,
    is_estimated,
    judge_sites,
    logit,
    shown_share,
    weigh,
)
from despin.marks import spans, spun_text, words_of
from despin.settings import Settings
from despin.training.regression import Choices, Form, regress, regress_further, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from despin.despinner import Despinner
    from despin.marks import Mark
    from despin.reading import Reading
    from despin.sites import Candidate, Site

    Floats = NDArray[np.float64]

_Item = TypeVar("_Item")

# Each feature's weight before any text was seen, in nats a unit.
LINEAR = {
    "safe": 5.0,
    "context": 0.0,
    "near": 3.5,
    "dependency": 0.5,
    "nearby": 1.0,
    "elsewhere": 0.5,
    "repeated": 0.3,
    "clash": 0.5,
    "retagged": 0.0,
    "number": -2.0,
    "fewer": 0.0,
    "phrase": 0.0,
    "generated": -1.0,
    "proposed": -1.0,
}
# A row of the tier `safe` must fire in a short text, and `near` must carry a row of the tier `context`: marked articles are
# long, and hardly show it. Articles that were written to fit weights on swap a word wherever it stands; real spinners leave
# traces, as the two real articles show.
_FIRM = frozenset({"safe", "near", "elsewhere", "repeated"})
KNOTS = {
    "trigram": (-12, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, 12),
    "prose": (-12, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, 12),
    "encoder": (-10, -6, -3, -1.5, 0, 1.5, 3, 5, 8),
    "suspicion": (-7, -5, -3, -1.5, 0, 1.5, 3, 5),
    "echo": (-6, -3, 0, 3, 6),
    "share": (-3.5, -2.5, -1.5, -0.7, 0),
    "spun_frequency": (-14, -12, -10, -8, -6, -4),
    "original_frequency": (-14, -12, -10, -8, -6, -4),
    "choices": (0, 0.7, 1.4, 2.1, 3),
}
# The deep judge is asked at few sites; its curve comes on top of what the others say.
DEEP_KNOTS = (-15, -10, -6, -3, -1.5, 0, 1.5, 3, 5, 8, 12)
# Where a curve is zero: what a candidate is taken to have whose judge was not asked. While documents are screened, the judges
# that are yet to be asked are taken to approve. `echo` alone is often missing.
_NEUTRAL = {
    "trigram": 0,
    "prose": 1.5,
    "encoder": 3,
    "suspicion": 3,
    "share": -1,
    "spun_frequency": -9,
    "original_frequency": -9,
    "choices": 1.4,
}
_FORM = Form(LINEAR, KNOTS, _NEUTRAL, _FIRM)
# A clean text counts less than a marked one, since there can be many; so does one that was written to fit weights on, since it
# shows what a person thinks that spinners do.
_CLEAN, WRITTEN = 0.3, 0.5
_LOWEST_RATE, _HIGHEST_RATE = 0.004, 0.95
# Where the share of a text's sites that are shown as spun is looked for first.
_START = 0.1
# So many ways to read the marked sites under one candidate are tried.
_READINGS = 400


@dataclass(slots=True)
class Example:
    """A text's sites with what is right at each.

    Attributes:
        sites: the sites.
        right: for each site, whether each candidate repairs what it covers.
        marked: for each site, whether it covers a marked site that must be repaired.
        weight: how much a marked text counts.
    """

    sites: list[Site]
    right: list[list[bool]]
    marked: list[bool]
    weight: float = 1.0

    @property
    def spin_rate(self) -> float:
        """Share of the sites that the lexicon knows that a candidate repairs."""
        known = [any(right) for site, right in zip(self.sites, self.right, strict=True) if site.known]
        return sum(known) / max(1, len(known))


def read_example(despinner: Despinner, gold: str) -> Example:
    """Reads a marked text (a clean one has no marks), and tells which candidates are right."""
    return label(gold, despinner.read(spun_text(gold)))


def label(gold: str, readings: Iterable[tuple[int, Reading]]) -> Example:
    """Tells which candidates of a marked text are right.

    Args:
        gold: the marked text.
        readings: what `Despinner.read` returns of its spun text.
    """
    text = spun_text(gold)
    marks = spans(gold)
    found = Example([], [], [])
    for at, reading in readings:
        for site in reading.sites:
            start, end = (at + character for character in reading.characters(site.start, site.end))
            covered = [mark for mark in marks if mark.overlaps(start, end)]
            found.sites.append(site)
            found.right.append([_is_right(text, start, end, candidate, covered) for candidate in site.candidates])
            found.marked.append(any(gold_site.must for *_, gold_site in covered))
    return found


def _is_right(text: str, start: int, end: int, candidate: Candidate, covered: Sequence[Mark]) -> bool:
    """Whether a candidate makes of the marked sites that it touches something that the marks accept."""
    if not covered:
        return False
    low, high = min(start, covered[0][0]), max(end, covered[-1][1])
    result = words_of(f"{text[low:start]} {candidate.original} {text[end:high]}")
    options = product(*([site.spun, *site.accepted] for *_, site in covered))
    next(options)  # nothing repaired
    for chosen in islice(options, _READINGS):
        at = low
        pieces: list[str] = []
        for (a, z, _), words in zip(covered, chosen, strict=True):
            pieces += text[at:a], words
            at = z
        if words_of(" ".join([*pieces, text[at:high]])) == result:
            return True
    return False


def fit(marked: Sequence[Example], clean: Sequence[Example]) -> Weights:
    """Fits weights.

    Args:
        marked: spun texts, marked.
        clean: texts that were never spun.

    Returns:
        Weights; they have no curve for the deep judge if it was asked at no site.

    Raises:
        ValueError: if there are none of one kind.
        ModelError: if scipy is not installed.
    """
    if not any(example.spin_rate for example in marked) or not clean:
        raise ValueError("There must be marked texts with sites that the lexicon repairs, and texts that were never spun.")
    examples = [(example, example.weight) for example in marked] + [(example, _CLEAN) for example in clean]
    choices = choices_of(examples)
    weights = regress(choices, _FORM)
    if any("deep" in candidate.features for candidate in choices.candidates):
        weights = weights.with_more(regress_further(choices, weights, Form({}, {"deep": DEEP_KNOTS})))
    return weights


def choices_of(examples: Sequence[tuple[Example, float]]) -> Choices:
    """Returns the sites of examples, each with how much it counts, as choices whose prior is the example's true spin rate."""
    candidates = [candidate for example, _ in examples for site in example.sites for candidate in site.candidates]
    right = np.array([r for example, _ in examples for site in example.right for r in site], float)
    site_of = np.repeat(
        np.arange(sum(len(example.sites) for example, _ in examples)),
        [len(site.candidates) for example, _ in examples for site in example.sites],
    )
    # Where a site must be repaired and a candidate is right, keeping the words is wrong. At one that may be repaired both are
    # right: with those taught as well, what stands out less crowds out what must be repaired.
    keep = np.array([not (m and any(r)) for e, _ in examples for m, r in zip(e.marked, e.right, strict=True)], float)
    weight = np.concatenate([np.full(len(example.sites), one) for example, one in examples])
    prior = np.concatenate(
        [np.full(len(e.sites), logit(min(max(e.spin_rate, _LOWEST_RATE), _HIGHEST_RATE))) for e, _ in examples]
    )

    return Choices(candidates, site_of, right, keep, weight, prior)


class Fold(NamedTuple):
    """Weights, and the texts that they were not fitted on."""

    weights: Weights
    marked: Sequence[Example]
    clean: Sequence[Example]


def held_out(marked: Sequence[Example], clean: Sequence[Example], folds: int = 5) -> Iterator[Fold]:
    """Yields weights with texts that they were not fitted on, so that figures on those are honest; each text comes once.

    Raises:
        ValueError: if there are too few texts for that.
    """
    folds = min(folds, len(marked), len(clean))
    if folds < 2:
        raise ValueError("To fit weights on some texts and try them on others takes two marked and two clean ones, or more.")
    fitted = [
        fit(
            [example for i, example in enumerate(marked) if i % folds != fold],
            [example for i, example in enumerate(clean) if i % folds != fold],
        )
        for fold in range(folds)
    ]
    parts = [Fold(weights, marked[k::folds], clean[k::folds]) for k, weights in enumerate(fitted)]
    rates = [_rates(part) for part in parts]
    parts = [part._replace(weights=replace(part.weights, rate=_rate(_others(rates, k)))) for k, part in enumerate(parts)]
    judged = [_judged(part) for part in parts]
    for k, part in enumerate(parts):
        yield part._replace(weights=_scaled(part.weights, list(_others(judged, k))))


def calibrated(weights: Weights, folds: Sequence[Fold]) -> Weights:
    """Returns weights whose spin rates and confidence are what texts that were held out make them worth (Platt, Probabilistic
    Outputs for Support Vector Machines, 1999).

    Args:
        weights: weights.
        folds: texts, each with weights that were fitted on others.
    """
    return replace(_scaled(weights, list(map(_judged, folds))), rate=_rate(map(_rates, folds)))


def _others(items: Sequence[_Item], k: int) -> Iterator[_Item]:
    return (item for i, item in enumerate(items) if i != k)


def _rates(fold: Fold) -> list[tuple[float, float]]:
    """For each marked text the share of the sites that weights show as spun without the deep judge, and the spin rate.

    Texts that were written to fit weights on are left out, since they show more of what was spun than real ones.
    """
    found = []
    for example in fold.marked:
        if example.weight < 1:
            continue
        weigh(example.sites, without_deep(fold.weights))
        found.append((shown_share(example.sites, _START), example.spin_rate))
    return found


def without_deep(weights: Weights) -> Weights:
    """Returns weights that give the deep judge no say."""
    curves = {name: curve for name, curve in weights.curves.items() if name != "deep"}
    return replace(weights, curves=curves, deep_scale=weights.scale)


class _Judged(NamedTuple):
    """The probability of the best original in verdicts, and whether it is right: in all, were the deep judge not asked, and
    with its word where it was.
    """

    shallow: list[tuple[float, bool]]
    deep: list[tuple[float, bool]]


def _judged(fold: Fold) -> _Judged:
    def judged(weights: Weights) -> Iterator[tuple[Verdict, bool]]:
        return chain.from_iterable(judge_example(text, weights, Settings()) for text in (*fold.marked, *fold.clean))

    alone = [(verdict.spun * verdict.share, right) for verdict, right in judged(without_deep(fold.weights))]
    if "deep" not in fold.weights.curves:
        return _Judged(alone, [])
    asked = (found for found in judged(fold.weights) if "deep" in found[0].best.features)
    return _Judged(alone, [(verdict.spun * verdict.share, right) for verdict, right in asked])


def _scaled(weights: Weights, judged: Sequence[_Judged]) -> Weights:
    """Weights with the scales that verdicts ask for."""
    shallow = chain.from_iterable(one.shallow for one in judged)
    deep = [pair for one in judged for pair in one.deep]
    scale = scale_of(shallow)
    return replace(weights, scale=scale, deep_scale=scale_of(deep) if deep else scale)


def _rate(pairs: Iterable[Sequence[tuple[float, float]]]) -> tuple[float, float]:
    """What makes spin rates of the shares that are shown as spun; see `Weights`."""
    from scipy.optimize import least_squares

    shown, spun = np.array(list(chain.from_iterable(pairs))).T
    start, bounds = (0.5, 0.1), ((0.1, 0.001), (1.0, 10.0))
    most, half = least_squares(lambda rate: rate[0] * shown / (shown + rate[1]) - spun, start, bounds=bounds).x
    return round(float(most), 3), round(float(half), 4)


def decide(example: Example, weights: Weights, settings: Settings) -> list[bool]:
    """Returns for each edit that the weights would make whether it is right; see `judge_example`."""
    judged = judge_example(example, weights, settings)
    right = {id(verdict): is_right for verdict, is_right in judged}
    return [right[id(verdict)] for verdict in choose([verdict for verdict, _ in judged], settings)]


def judge_example(example: Example, weights: Weights, settings: Settings) -> list[tuple[Verdict, bool]]:
    """Returns each verdict that the weights give, with whether its best candidate is right.

    Neighbours are not repaired before a second look, as a `Despinner` does it.
    """
    weigh(example.sites, weights)
    rate = estimate_spin_rate(example.sites, settings, weights)
    numbers = {id(site): k for k, site in enumerate(example.sites)}
    return [
        (v, next(r for r, c in zip(example.right[numbers[id(v.site)]], v.site.candidates, strict=True) if c is v.best))
        for v in judge_sites(example.sites, rate, is_estimated(example.sites, settings), settings, weights)
    ]
