"""Weighs the evidence: how much of a document is spun, which sites are, and what stood there.

A document is a mixture: each of its sites was spun with probability ρ, the spin rate, or stands as written. Evidence is
the log-likelihood ratio, in nats, of a candidate against the words that stand there. ρ is found by expectation-
maximisation over the document's own sites; then the best set of non-overlapping edits is the best path over the lattice.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from despin.settings import Settings
    from despin.sites import Candidate, Site

# What each feature of a candidate adds to its log-odds, in nats a unit; a judge's is per nat of its preference.
WEIGHTS: Mapping[str, float] = {
    "trigram": 0.44,
    "safe": 3.11,
    "context": -0.95,
    "thesaurus": -1.49,
    "phrase": -0.16,
    "near": 2.06,
    "dependency": -0.34,
    "nearby": 2.14,
    "elsewhere": 0.51,
    "echo": 0.15,
    "repeated": -0.07,
    "clash": 0.77,
    "retagged": -0.11,
    "number": -1.65,
    "fewer": -0.15,
    "encoder": 0.19,
    "suspicion": 0.05,
}
_REASONS = {
    "trigram": "the trigram model prefers it here",
    "phrase": "a whole phrase matches",
    "near": "telling words stand in the sentence",
    "nearby": "telling words stand in the document",
    "dependency": "a telling word governs it or depends on it",
    "elsewhere": "the original stands elsewhere in the document",
    "encoder": "the encoder expects it there, if the words were spun",
    "suspicion": "the encoder suspects the words",
    "echo": "the trigram model's word on the same replacement elsewhere in the document",
    "repeated": "the document keeps using the word",
    "clash": "the words break the grammar around them",
    "retagged": "its part of speech is not the tagger's",
    "number": "it disagrees with its determiner",
    "fewer": "each word fewer (or more, against it) changes what the language model says by itself",
}
# What the logarithm of a candidate's share of its site counts.
_CHANNEL = 0.49
_ITERATIONS = 40
# The rate that a document's sites show is lower than the true one, since some spun words betray nothing: in documents that
# are visibly spun the prior log-odds are higher by so many nats.
_HIDDEN = 0.85
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
    """

    site: Site
    spun: float
    best: Candidate
    share: float
    prior: float
    believed: Sequence[Candidate]

    def others(self) -> list[tuple[str, float]]:
        """Returns the other candidates with their posterior probabilities, most probable first."""
        factor = self.spun * self.share
        found = [(c.original, factor * math.exp(c.nats - self.best.nats)) for c in self.believed if c is not self.best]
        return sorted(found, key=lambda item: (-item[1], item[0]))


def evidence(candidate: Candidate) -> float:
    """Returns a candidate's log-likelihood ratio against keeping the words, in nats."""
    total = _CHANNEL * math.log(candidate.prior)
    total += sum(WEIGHTS[name] * value for name, value in candidate.features.items())
    return max(-_LIMIT, min(_LIMIT, total))


def reasons(candidate: Candidate) -> list[tuple[str, float]]:
    """Returns a candidate's evidence item by item, in words for the user and nats."""
    row = candidate.row
    channel = WEIGHTS[row.tier] + _CHANNEL * math.log(candidate.prior)
    found = [(f"lexicon: {row.spun} → {candidate.lemma or '(nothing)'} ({row.tier})", channel)]
    found += [
        (_REASONS[name], WEIGHTS[name] * value) for name, value in candidate.features.items() if name in _REASONS and value
    ]
    return found


def weigh(sites: Sequence[Site]) -> list[float]:
    """Leaves with each candidate its evidence; returns for each site the log-likelihood ratio, in nats, of its having been
    spun, whatever stood there, against its standing as written.
    """
    ratios = []
    for site in sites:
        for candidate in site.candidates:
            candidate.nats = evidence(candidate)
        top = max(candidate.nats for candidate in site.candidates)
        ratios.append(top + math.log(sum(math.exp(candidate.nats - top) for candidate in site.candidates)))
    return ratios


def estimate_spin_rate(ratios: Sequence[float], settings: Settings) -> float:
    """Returns the share of a document's sites that were spun, 0 to 1, by expectation-maximisation.

    Args:
        ratios: what `weigh` says of the document's sites, in order.
        settings: a `spin_rate` there is returned as it is; fewer sites than `min_sites` give its `prior`.
    """
    if settings.spin_rate is not None:
        return settings.spin_rate
    if len(ratios) < settings.min_sites:
        return settings.prior
    likelihood = np.exp(np.clip(ratios, -_LIMIT, None))
    rate = settings.prior
    for _ in range(_ITERATIONS):
        # One pseudo-site that stands as written keeps the rate of a short clean text from wandering.
        rate = float((rate * likelihood / (rate * likelihood + 1 - rate)).sum()) / (len(ratios) + 1)
    return rate


def judge_sites(sites: Sequence[Site], spin_rate: float, estimated: bool, settings: Settings) -> list[Verdict]:
    """Returns a verdict on each site that has a candidate left under the document's spin rate, in the order given.

    Args:
        sites: weighed sites.
        spin_rate: the document's, 0 to 1.
        estimated: whether the rate is the document's own (or the user's), not the prior; rows of the tier `thesaurus`
            are believed only in a document that is known to be spun.
        settings: threshold and gate.
    """
    rate = min(max(spin_rate, 1e-4), 0.95)
    prior = math.log(rate / (1 - rate))
    spun_document = estimated and spin_rate >= settings.gate
    if spun_document and settings.spin_rate is None:
        prior += _HIDDEN
    verdicts = []
    for site in sites:
        believed: Sequence[Candidate] = site.candidates
        if not spun_document:
            believed = [c for c in believed if c.row.tier == "safe" or "near" in c.features]
        if not believed:
            continue
        best = min(believed, key=_rank)
        mass = sum(math.exp(candidate.nats - best.nats) for candidate in believed)
        verdicts.append(Verdict(site, _logistic(prior + best.nats + math.log(mass)), best, 1 / mass, prior, believed))
    return verdicts


def choose(verdicts: Sequence[Verdict], settings: Settings) -> list[Verdict]:
    """Returns the best set of verdicts to act on: over the thresholds, and no two overlapping.

    Of overlapping sites the path with the greatest sum of log-odds over the threshold wins.
    """
    acted = [v for v in verdicts if v.spun >= settings.threshold and v.share >= settings.share]
    acted.sort(key=lambda v: (v.site.end, v.site.start))
    ends = [v.site.end for v in acted]
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for i, verdict in enumerate(acted):
        fitting = bisect_right(ends, verdict.site.start, 0, i)
        gain = max(1e-6, _logit(verdict.spun) - _logit(min(settings.threshold, 0.999)) + 1e-6)
        # The longer site explains more words at once.
        gain += 0.5 * (verdict.site.end - verdict.site.start - 1)
        with_it = (best[fitting][0] + gain, (*best[fitting][1], i))
        best.append(max(best[-1], with_it, key=lambda item: item[0]))
    return [acted[i] for i in best[-1][1]]


def _rank(candidate: Candidate) -> tuple[float, str]:
    return -candidate.nats, candidate.original


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def _logit(probability: float) -> float:
    probability = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(probability / (1 - probability))
