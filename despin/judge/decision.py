"""Weighs the evidence: how much of a document is spun, which sites are, and what stood there.

A document is a mixture: each of its sites was spun with probability ρ, the spin rate, or stands as written. Evidence is
the log-likelihood ratio, in nats, of a candidate against the words that stand there. ρ is found by expectation-
maximisation over the document's own sites; then the best set of non-overlapping edits is the best path over the lattice.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from despin.lexicon.rows import COPIED, CORRECTED, PROPOSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from despin.settings import Settings
    from despin.sites import Candidate, Site

_FOLDER = Path(__file__).resolve().parent
_REASONS = {
    "trigram": "the trigram model prefers it here",
    "prose": "the model of prose prefers it here",
    "phrase": "a whole phrase matches",
    "near": "telling words stand in the sentence",
    "nearby": "telling words stand in the document",
    "dependency": "a telling word governs it or depends on it",
    "elsewhere": "the original stands elsewhere in the document",
    "encoder": "the encoder expects it there, if the words were spun",
    "deep": "the deep judge prefers it here",
    "suspicion": "the encoder suspects the words",
    "echo": "the trigram model's word on the same replacement elsewhere in the document",
    "repeated": "the document keeps using the word",
    "clash": "the words break the grammar around them",
    "retagged": "its part of speech is not the tagger's",
    "number": "it disagrees with its determiner",
    "spelt": "the correction stands elsewhere in the document",
    "seen": "other copies have it",
    "swapped": "other copies have it, but it may have become the words or the words it",
    "explained": "other copies have words that it may have become",
    "agreed": "other copies have the same words",
    "kept": "other copies have words that these may have become",
    "fewer": "each word fewer (or more, against it) changes what the language model says by itself",
    "spun_frequency": "how rare the words are",
    "original_frequency": "how rare the original is",
}
# What copies of a text say of a candidate: features that count them.
SAID_BY_COPIES = ("seen", "swapped", "explained", "agreed", "kept")
_SOURCES = {PROPOSED: "the encoder proposes", CORRECTED: "symspell finds", COPIED: "another copy has"}
# Expectation-maximisation never leaves zero, and starts no lower than this.
_ITERATIONS, _LOWEST = 40, 1e-3
# Evidence is cut off at this many nats, so that one freak n-gram cannot carry a document.
_LIMIT = 12.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision on one site: the probability that it was spun, and the candidate to put there.

    Attributes:
        site: the site.
        spun: posterior probability that the site was spun, 0 to 1.
        best: the most probable original.
        share: the best original's share among the candidates, 0 to 1.
        prior: what the spin rate adds to the log-odds, in nats.
        believed: the candidates that were weighed against each other, the best among them.
        confidence: probability that the site was spun and the best original, or one as good, stood there, 0 to 1.
    """

    site: Site
    spun: float
    best: Candidate
    share: float
    prior: float
    believed: Sequence[Candidate]
    confidence: float

    def others(self) -> list[tuple[str, float]]:
        """Returns the other candidates with their posterior probabilities, most probable first."""
        factor = self.spun * self.share
        found = [(c.original, factor * math.exp(c.nats - self.best.nats)) for c in self.believed if c is not self.best]
        return sorted(found, key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Weights:
    """What features add to a candidate's log-odds, in nats; fitted by logistic regression on marked and clean texts.

    Attributes:
        bias: what every candidate starts with.
        linear: nats a unit, by feature.
        curves: by feature, knots and the nats at each: linear in between, level outside. A feature that a candidate lacks
            (its judge was not asked, say) adds nothing.
        scale: how the log-odds of a verdict become those of its confidence: what is added, and the factor before. Verdicts
            on texts that were held out set it (Platt, Probabilistic Outputs for Support Vector Machines, 1999).
        deep_scale: the same where the deep judge has scored the best original.
        rate: how the share of a document's sites that evidence shows as spun becomes the share that was, its spin rate: what it
            nears, and the shown share at which it is half of that. Marked texts, of which evidence shows up to a third, set it;
            there more was spun than shows, since many a spun word fits.
    """

    bias: float
    linear: Mapping[str, float]
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    scale: tuple[float, float] = (0.0, 1.0)
    deep_scale: tuple[float, float] = (0.0, 1.0)
    rate: tuple[float, float] = (1.0, 1.0)

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, name: str = "") -> Weights:
        """Reads packaged weights: of `spelling`, of spun words in a single text (`weights`), of what `copies` of a text add to
        those; by default the last two together.
        """
        if not name:
            return cls.load("weights").with_more(cls.load("copies"))
        stored = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        curves = {name: (c["knots"], c["nats"]) for name, c in stored["curves"].items()}
        scales = (tuple(stored[name]) for name in ("scale", "deep_scale", "rate"))
        return cls(stored["bias"], stored["linear"], curves, *scales)

    def with_more(self, others: Weights) -> Weights:
        """Returns these weights with the features of others, which lack bias and scales."""
        return replace(self, linear={**self.linear, **others.linear}, curves={**self.curves, **others.curves})

    def dumps(self, **notes: str) -> str:
        """Returns the weights as JSON, with notes on how they were made."""
        scales = {"scale": self.scale, "deep_scale": self.deep_scale, "rate": self.rate}
        head = json.dumps({**notes, **scales, "bias": self.bias, "linear": dict(self.linear)}, indent=1)[:-2]
        curves = (
            f'  "{name}": ' + json.dumps({"knots": list(knots), "nats": list(nats)})
            for name, (knots, nats) in self.curves.items()
        )
        return f'{head},\n "curves": {{\n' + ",\n".join(curves) + "\n }\n}\n"

    def confidence(self, probability: float, features: Mapping[str, float]) -> float:
        """Returns the confidence in a best original, 0 to 1, from its posterior probability and its features."""
        offset, factor = self.deep_scale if "deep" in features else self.scale
        return logistic(offset + factor * logit(probability))

    def spin_rate(self, shown: float) -> float:
        """Returns the spin rate, 0 to 1, of a document of which evidence shows a share of the sites as spun."""
        most, half = self.rate
        return most * shown / (shown + half)

    def shown(self, spin_rate: float) -> float:
        """Returns the share of the sites, 0 to 1, that evidence shows as spun where the spin rate is known."""
        most, half = self.rate
        return min(1.0, half * spin_rate / (most - spin_rate)) if spin_rate < most else 1.0

    def items(self, features: Mapping[str, float]) -> dict[str, float]:
        """Returns what each of some features adds."""
        found = {name: self.linear[name] * value for name, value in features.items() if name in self.linear}
        found |= {
            name: float(np.interp(features[name], knots, nats))
            for name, (knots, nats) in self.curves.items()
            if name in features
        }
        return found

    def totals(self, features: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """Returns the sum of bias and items for each of many candidates, cut off where the model's word would be absolute."""
        linear = self.linear
        rest = ([value * linear[name] for name, value in one.items() if name in linear] for one in features)
        total = self.bias + np.fromiter(map(sum, rest), float, len(features))
        for name, (knots, nats) in self.curves.items():
            held = np.fromiter((one.get(name, math.nan) for one in features), float, len(features))
            total += np.where(np.isnan(held), 0.0, np.interp(held, knots, nats))
        return np.clip(total, -_LIMIT, _LIMIT)


def reasons(candidate: Candidate, weights: Weights | None = None) -> list[tuple[str, float]]:
    """Returns a candidate's evidence item by item, in words for the user and nats, by some weights or the packaged ones."""
    row = candidate.row
    weights = weights or Weights.load()
    items = weights.items(candidate.features)
    channel = weights.bias + sum(nats for name, nats in items.items() if name not in _REASONS)
    source = _SOURCES.get(row.tier, "lexicon")
    found = [(f"{source}: {row.spun} → {candidate.lemma or '(nothing)'} ({row.tier})", channel)]
    return found + [(_REASONS[name], nats) for name, nats in items.items() if name in _REASONS and round(nats, 3)]


def weigh(sites: Sequence[Site], weights: Weights | None = None) -> None:
    """Leaves with each candidate its evidence, and with each site the log-likelihood ratio, in nats, of its having been
    spun, whatever stood there, against its standing as written.
    """
    candidates = [candidate for site in sites for candidate in site.candidates]
    totals = (weights or Weights.load()).totals([candidate.features for candidate in candidates])
    for candidate, nats in zip(candidates, totals.tolist(), strict=True):
        candidate.nats = nats
    for site in sites:
        top = max(candidate.nats for candidate in site.candidates)
        site.ratio = top + math.log(sum(math.exp(candidate.nats - top) for candidate in site.candidates))


def estimate_spin_rate(sites: Sequence[Site], settings: Settings, weights: Weights | None = None) -> float:
    """Returns the share of a document's sites that were spun, 0 to 1, by expectation-maximisation.

    A spinner treats a word alike wherever it stands, so that all sites of the same words together count as one. Words of
    which the lexicon knows nothing do not count.

    Args:
        sites: the document's sites, weighed.
        settings: a `spin_rate` there is returned as it is; fewer sites than `min_sites` give its `prior`.
        weights: what the sites were weighed with; the packaged ones if None.
    """
    weights = weights or Weights.load()
    if settings.spin_rate is not None:
        return settings.spin_rate
    if not is_estimated(sites, settings):
        return settings.prior
    return weights.spin_rate(shown_share(sites, weights.shown(settings.prior)))


def shown_share(sites: Sequence[Site], start: float, expected: float = 0.0) -> float:
    """Returns the share of a document's sites that their evidence shows as spun, 0 to 1; see `estimate_spin_rate`.

    Args:
        sites: the document's sites, weighed.
        start: where expectation-maximisation starts.
        expected: what one more site counts as, 0 to 1, which keeps the share of a short text from wandering.
    """
    sites = [site for site in sites if site.known]
    counts = Counter(site.spun for site in sites)
    shares = np.array([1 / counts[site.spun] for site in sites])
    likelihood = np.exp(np.clip([site.ratio for site in sites], -_LIMIT, None))
    shown = start or _LOWEST
    for _ in range(_ITERATIONS):
        shown = float(expected + (shares * shown * likelihood / (shown * likelihood + 1 - shown)).sum()) / (len(counts) + 1)
    return shown


def is_estimated(sites: Sequence[Site], settings: Settings) -> bool:
    """Whether the spin rate of a document with these sites is its own, or the user's, and not the prior."""
    return settings.spin_rate is not None or sum(site.known for site in sites) >= settings.min_sites


def judge_sites(
    sites: Sequence[Site], spin_rate: float, estimated: bool, settings: Settings, weights: Weights | None = None
) -> list[Verdict]:
    """Returns a verdict on each site that has a candidate left under the document's spin rate, in the order given.

    Args:
        sites: weighed sites.
        spin_rate: the document's, 0 to 1.
        estimated: whether the rate is the document's own (or the user's), not the prior; rows of the tier `thesaurus`
            are believed only in a document that is known to be spun.
        settings: threshold and gate.
        weights: what the sites were weighed with; the packaged ones if None.
    """
    weights = weights or Weights.load()
    prior = logit(min(max(weights.shown(spin_rate), 1e-4), 0.95))
    spun_document = estimated and spin_rate >= settings.gate
    verdicts = []
    for site in sites:
        believed: Sequence[Candidate] = site.candidates
        if not spun_document:
            believed = [c for c in believed if c.row.tier == "safe" or (c.row.tier == "context" and "near" in c.features)]
        if not believed:
            continue
        verdicts.append(judge_site(site, believed, prior, weights))
    return verdicts


def judge_site(site: Site, believed: Sequence[Candidate], prior: float, weights: Weights) -> Verdict:
    """Returns the verdict on a site.

    Args:
        site: a weighed site.
        believed: those of its candidates that may have stood there, one at least.
        prior: log-odds, in nats, that a site was changed at all, whatever it is.
        weights: what it was weighed with.
    """
    best = min(believed, key=_rank)
    mass = sum(math.exp(candidate.nats - best.nats) for candidate in believed)
    spun = logistic(prior + best.nats + math.log(mass))
    return Verdict(site, spun, best, 1 / mass, prior, believed, weights.confidence(spun / mass, best.features))


def choose(verdicts: Sequence[Verdict], settings: Settings) -> list[Verdict]:
    """Returns the best set of verdicts to act on: over the threshold, and no two overlapping.

    Of overlapping sites the path with the greatest sum of log-odds over the threshold wins.
    """
    acted = [v for v in verdicts if v.confidence >= _threshold(v, settings)]
    acted.sort(key=lambda v: (v.site.end, v.site.start))
    ends = [v.site.end for v in acted]
    # The greatest sum that the first verdicts reach, and for each verdict how many of those before it go with it.
    best = [0.0]
    fitting = []
    for i, verdict in enumerate(acted):
        fitting.append(bisect_right(ends, verdict.site.start, 0, i))
        gain = max(1e-6, logit(verdict.confidence) - logit(min(_threshold(verdict, settings), 0.999)) + 1e-6)
        # The longer site explains more words at once.
        gain += 0.5 * (verdict.site.end - verdict.site.start - 1)
        best.append(max(best[-1], best[fitting[i]] + gain))
    chosen = []
    i = len(acted)
    while i:
        if best[i] > best[i - 1]:
            chosen.append(acted[i - 1])
            i = fitting[i - 1]
        else:
            i -= 1
    return chosen[::-1]


def _threshold(verdict: Verdict, settings: Settings) -> float:
    tier = verdict.best.row.tier
    if tier == CORRECTED:
        return settings.corrected
    least = settings.proposed if tier == PROPOSED else 0.0
    if any(name in verdict.best.features for name in SAID_BY_COPIES):
        least = max(least, settings.attested)
    return max(settings.threshold, least)


def _rank(candidate: Candidate) -> tuple[float, str]:
    return -candidate.nats, candidate.original


def logistic(odds: float) -> float:
    """Returns the probability, 0 to 1, of log-odds in nats."""
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def logit(probability: float) -> float:
    """Returns the log-odds, in nats, of a probability; finite at 0 and 1 too."""
    probability = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(probability / (1 - probability))
