"""Weights are fitted on labelled sites, and the labels come from the marks."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from despin.despinner import Despinner
from despin.judge.decision import Weights, estimate_spin_rate, weigh
from despin.settings import Settings
from despin.training.weights import DEEP_KNOTS, KNOTS, LINEAR, Example, decide, fit, held_out, judge_example, read_example


def test_what_tells_weighs_and_what_does_not_hardly_does(examples: tuple[list[Example], list[Example]]) -> None:
    weights = fit(*examples)
    (*_, low), (*_, high) = (weights.totals([{"trigram": x}]) for x in (-8.0, 8.0))
    assert high - low > 8
    (*_, low), (*_, high) = (weights.totals([{"encoder": x}]) for x in (-6.0, 6.0))
    assert abs(high - low) < 1.5


def test_weights_fitted_on_others_decide_rightly(examples: tuple[list[Example], list[Example]]) -> None:
    folds = list(held_out(*examples, folds=3))
    made = [right for fold in folds for example in fold.marked for right in decide(example, fold.weights, Settings())]
    assert len(made) > 150
    assert sum(made) / len(made) > 0.9
    for given, kind in zip(examples, ("marked", "clean"), strict=True):
        assert sorted(id(example) for fold in folds for example in getattr(fold, kind)) == sorted(map(id, given))


def test_confidence_is_what_verdicts_on_other_texts_are_worth(examples: tuple[list[Example], list[Example]]) -> None:
    settings = Settings(gate=0)
    judged = [
        (verdict.confidence, right)
        for fold in held_out(*examples, folds=3)
        for example in fold.marked
        for verdict, right in judge_example(example, fold.weights, settings)
    ]
    assert sum(confidence for confidence, _ in judged) == pytest.approx(sum(right for _, right in judged), rel=0.1)


def test_spin_rates_of_other_texts_are_told(examples: tuple[list[Example], list[Example]]) -> None:
    settings = Settings(min_sites=0)
    for fold in held_out(*examples, folds=3):
        for example in (*fold.marked, *fold.clean):
            weigh(example.sites, fold.weights)
            assert estimate_spin_rate(example.sites, settings, fold.weights) == pytest.approx(example.spin_rate, abs=0.12)


def test_weights_are_stored_and_read_again(examples: tuple[list[Example], list[Example]]) -> None:
    weights = fit(*examples)
    stored = json.loads(weights.dumps(fitted="today"))
    assert stored["fitted"] == "today"
    assert stored["linear"] == weights.linear
    for name in ("scale", "deep_scale", "rate"):
        assert tuple(stored[name]) == getattr(weights, name)
    assert {name: (tuple(c["knots"]), tuple(c["nats"])) for name, c in stored["curves"].items()} == weights.curves


def test_the_packaged_weights_know_every_feature() -> None:
    packaged = Weights.load("weights")
    assert packaged.linear.keys() == LINEAR.keys()
    assert {name: tuple(knots) for name, (knots, _) in packaged.curves.items()} == {**KNOTS, "deep": DEEP_KNOTS}


def test_the_deep_judge_comes_on_top(examples: tuple[list[Example], list[Example]]) -> None:
    marked, clean = examples
    rng = random.Random(1)
    alone = fit(marked, clean)
    assert "deep" not in alone.curves
    asked = [site.candidates[0] for example in marked for site in example.sites]
    right = [flags[0] for example in marked for flags in example.right]
    for candidate, is_right in zip(asked[::2], right[::2], strict=True):
        candidate.features["deep"] = rng.gauss(6 if is_right else -6, 1)
    try:
        weights = fit(marked, clean)
        folds = list(held_out(marked, clean, folds=3))
    finally:
        for candidate in asked:
            candidate.features.pop("deep", None)
    assert replace(weights, curves={name: weights.curves[name] for name in KNOTS}) == alone
    knots, nats = weights.curves["deep"]
    assert np.interp(-6, knots, nats) < -2 < 2 < np.interp(6, knots, nats)
    assert all((0.0, 1.0) != fold.weights.deep_scale != fold.weights.scale for fold in folds)
    assert all(fold.weights.deep_scale == fold.weights.scale for fold in held_out(marked, clean, folds=3))


def test_labels_follow_the_marks(despinner: Despinner) -> None:
    gold = (
        "They help {~~each various other~>each other|one another~~} and {~~obtain~>get~~} {??assistance~>help??} "
        "in a quiet neighborhood."
    )
    example = read_example(despinner, gold)
    found = {
        (site.start, candidate.original): right
        for site, rights in zip(example.sites, example.right, strict=True)
        for candidate, right in zip(site.candidates, rights, strict=True)
    }
    assert found[2, "each other"]
    assert found[6, "get"]
    assert found[7, "help"]
    assert not any(right for (start, _), right in found.items() if start > 7)
    assert not found[7, "support"]
    marked = {site.start for site, marked in zip(example.sites, example.marked, strict=True) if marked}
    assert {2, 6} <= marked
    assert 7 not in marked
