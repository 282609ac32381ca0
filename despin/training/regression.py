"""Fits what features of candidates weigh: conditional logistic regression; a site is a choice between its words and candidates.

The log-odds of a candidate are known ones plus a sum over its features: linear for those that count or flag, a curve with
knots for those that measure. Second differences of the curves are penalised.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from despin.errors import ModelError
from despin.judge.decision import Weights, logit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from despin.sites import Candidate

    Floats = NDArray[np.float64]

_RIDGE, _FIRM_RIDGE, _CURVE_RIDGE, _SMOOTH = 0.5, 30.0, 0.05, 2.0


@dataclass(frozen=True, slots=True)
class Form:
    """Which features weigh, and how.

    Attributes:
        linear: each feature's weight before any text was seen, in nats a unit.
        knots: by feature, where its curve may bend.
        neutral: where a curve is zero.
        firm: linear features that are held near what they weigh before.
    """

    linear: Mapping[str, float]
    knots: Mapping[str, Sequence[float]]
    neutral: Mapping[str, float] = field(default_factory=dict)
    firm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choices:
    """Sites at which something was right.

    Attributes:
        candidates: the candidates of all sites, one after the other.
        site_of: for each candidate the index of its site, rising.
        right: for each candidate 1 if it is right, else 0.
        keep: for each site 1 if keeping its words is right, else 0.
        weight: how much each site counts.
        prior: for each site the known log-odds, in nats, of any candidate.
    """

    candidates: Sequence[Candidate]
    site_of: NDArray[np.int64]
    right: Floats
    keep: Floats
    weight: Floats
    prior: Floats


def regress(choices: Choices, form: Form) -> Weights:
    """Fits weights.

    Raises:
        ModelError: if scipy is not installed.
    """
    return _weights(_fitted(choices, _design(choices.candidates, form), choices.prior[choices.site_of], *_prior(form)), form)


def regress_further(choices: Choices, weights: Weights, form: Form) -> Weights:
    """Fits what further features weigh on top of what weights say, and returns weights of those features alone.

    Raises:
        ModelError: if scipy is not installed.
    """
    known = choices.prior[choices.site_of] + weights.totals([candidate.features for candidate in choices.candidates])
    columns = _design(choices.candidates, form)[:, 1:]
    start, ridge = _prior(form)
    fitted = _fitted(choices, columns, known, start[1:], ridge[1:, 1:])
    return _weights(np.concatenate([[0.0], fitted]), replace(form, neutral={}))


def scale_of(judged: Iterable[tuple[float, bool]]) -> tuple[float, float]:
    """Returns what is added to log-odds, and the factor before, that make probabilities as sure as they are right (Platt,
    Probabilistic Outputs for Support Vector Machines, 1999).

    Args:
        judged: probabilities, 0 to 1, each with whether what was said so probable is right.
    """
    from scipy.optimize import minimize

    pairs = list(judged)
    odds = np.array([logit(probability) for probability, _ in pairs])
    sign = np.array([1.0 if right else -1.0 for _, right in pairs])

    def loss(scale: Floats) -> float:
        return float(np.logaddexp(0, -sign * (scale[0] + scale[1] * odds)).sum() + _RIDGE * ((scale - (0, 1)) ** 2).sum())

    offset, factor = minimize(loss, np.array([0.0, 1.0])).x
    return round(float(offset), 3), round(float(factor), 3)


def _fitted(choices: Choices, columns: Floats, known: Floats, start: Floats, ridge: Floats) -> Floats:
    """What columns weigh, beside log-odds that are known."""
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise ModelError("Fitting weights takes scipy; install `despin[eval]`.") from error
    site_of, right, keep, weight = choices.site_of, choices.right, choices.keep, choices.weight

    def loss(w: Floats) -> tuple[float, Floats]:
        odds = np.exp(np.clip(columns @ w + known, -30, 30))
        total = 1 + np.bincount(site_of, odds, len(keep))
        good = keep + np.bincount(site_of, odds * right, len(keep)) + 1e-9
        slope = weight[site_of] * (odds / total[site_of] - odds * right / good[site_of])
        pull = ridge @ (w - start)
        return float((weight * np.log(total / good)).sum() + (w - start) @ pull), columns.T @ slope + 2 * pull

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return found


def _design(candidates: Sequence[Candidate], form: Form) -> Floats:
    """One row a candidate: bias, linear features, and for each curve the two nearest knots' shares."""
    blocks = [np.ones((len(candidates), 1))]
    blocks += [np.array([[candidate.features.get(name, 0.0)] for candidate in candidates]) for name in form.linear]
    blocks += [_curve(candidates, name, knots) for name, knots in form.knots.items()]
    return np.concatenate(blocks, 1)


def _curve(candidates: Sequence[Candidate], name: str, knots: Sequence[float]) -> Floats:
    """One row a candidate: the two nearest knots' shares; zeros if it lacks the feature."""
    rows = np.arange(len(candidates))
    value = np.array([candidate.features.get(name, math.nan) for candidate in candidates])
    held = np.clip(np.nan_to_num(value), knots[0], knots[-1])
    left = np.clip(np.searchsorted(knots, held, side="right") - 1, 0, len(knots) - 2)
    at = np.array(knots, float)
    share = (held - at[left]) / (at[left + 1] - at[left])
    block = np.zeros((len(candidates), len(knots)))
    block[rows, left] = 1 - share
    block[rows, left + 1] = share
    block[np.isnan(value)] = 0
    return block


def _prior(form: Form) -> tuple[Floats, Floats]:
    """What the weights are pulled to, and how strongly: a penalty's matrix."""
    size = 1 + len(form.linear) + sum(map(len, form.knots.values()))
    start, ridge = np.zeros(size), np.zeros((size, size))
    ridge[0, 0] = _RIDGE
    for i, (name, value) in enumerate(form.linear.items(), 1):
        start[i] = value
        ridge[i, i] = _FIRM_RIDGE if name in form.firm else _RIDGE
    at = 1 + len(form.linear)
    for knots in form.knots.values():
        ridge[at : at + len(knots), at : at + len(knots)] = _curve_ridge(knots)
        at += len(knots)
    return start, ridge


def _curve_ridge(knots: Sequence[float]) -> Floats:
    """A curve's penalty, a matrix."""
    ridge = _CURVE_RIDGE * np.eye(len(knots))
    for k, (a, b, c) in enumerate(zip(knots, knots[1:], knots[2:], strict=False)):
        bend = np.array([1 / (b - a), -1 / (b - a) - 1 / (c - b), 1 / (c - b)]) * math.sqrt(2 * min(b - a, c - b))
        ridge[k : k + 3, k : k + 3] += _SMOOTH * np.outer(bend, bend)
    return ridge


def _weights(fitted: Floats, form: Form) -> Weights:
    """Names the fitted numbers, and moves what a curve has at its neutral point to the bias."""
    bias = float(fitted[0])
    linear = {name: round(float(fitted[i]), 3) for i, name in enumerate(form.linear, 1)}
    curves = {}
    at = 1 + len(form.linear)
    for name, knots in form.knots.items():
        nats = fitted[at : at + len(knots)]
        at += len(knots)
        if name in form.neutral:
            level = float(np.interp(form.neutral[name], knots, nats))
            bias += level
            nats = nats - level
        curves[name] = (knots, _rounded(nats))
    return Weights(round(bias, 3), linear, curves)


def _rounded(nats: Floats) -> tuple[float, ...]:
    return tuple(round(float(x), 3) for x in nats)
