"""The spin rate is found, and the decision follows from it."""

import math
import random

import pytest

from despin.judge.decision import Verdict, Weights, choose, estimate_spin_rate, judge_sites, reasons, weigh
from despin.lexicon.rows import Row, Tier
from despin.settings import Settings
from despin.sites import Candidate, Site


def candidate(original: str = "x", tier: Tier = "thesaurus", **features: float) -> Candidate:
    row = Row("spun", "", (original,), tier=tier)
    return Candidate(original, original, row, {tier: 1.0, **features})


def site(start: int, end: int, judged: float, tier: Tier = "thesaurus", **features: float) -> Site:
    return weighed(Site(start, end, f"w{start}", [candidate(tier=tier, trigram=judged, **features)]))


def weighed(site: Site) -> Site:
    weigh([site])
    return site


def document(spun: float, sites: int = 300) -> list[Site]:
    """Sites of which a share was spun: the judge prefers their originals by some 15 nats, and else the words there."""
    draw = random.Random(1)
    return [site(i, i + 1, draw.gauss(15, 4) if i < spun * sites else draw.gauss(-8, 4)) for i in range(sites)]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.6])
def test_the_share_of_sites_that_evidence_shows_is_found(share: float) -> None:
    weights = Weights.load()
    assert weights.shown(estimate_spin_rate(document(share), Settings(), weights)) == pytest.approx(share, abs=0.04)


def test_more_was_spun_than_evidence_shows() -> None:
    weights = Weights.load()
    rates = [weights.spin_rate(shown / 100) for shown in range(31)]
    assert rates[0] == 0
    assert rates == sorted(rates)
    assert all(rate > shown / 100 for shown, rate in enumerate(rates) if shown)
    assert [weights.shown(rate) for rate in rates] == pytest.approx([shown / 100 for shown in range(31)])
    assert weights.shown(1.0) == 1


def test_repetition_counts_once() -> None:
    clean = document(0)
    repeated = [weighed(Site(1000 + i, 1001 + i, "neighborhood", [candidate(trigram=15)])) for i in range(100)]
    assert estimate_spin_rate([*clean, *repeated], Settings()) < 0.01


def test_few_sites_take_the_prior_and_a_given_rate_is_kept() -> None:
    assert estimate_spin_rate(document(1, sites=5), Settings(prior=0.15)) == 0.15
    assert estimate_spin_rate(document(0), Settings(spin_rate=0.3)) == 0.3


def test_thesaurus_rows_need_a_spun_document() -> None:
    sites = [site(0, 1, 12), site(1, 2, 12, "safe"), site(2, 3, 12, "context"), site(3, 4, 12, "context", near=1.0)]
    sites.append(site(4, 5, 12, near=1.0))
    believed = [v.site.start for v in judge_sites(sites, 0.3, estimated=False, settings=Settings())]
    assert believed == [1, 3]
    assert [v.site.start for v in judge_sites(sites, 0.01, estimated=True, settings=Settings())] == [1, 3]
    assert len(judge_sites(sites, 0.3, estimated=True, settings=Settings())) == 5


def test_a_higher_spin_rate_makes_edits_likelier() -> None:
    at = [judge_sites([site(0, 1, 3)], rate, estimated=True, settings=Settings(gate=0))[0].spun for rate in (0.01, 0.1, 0.4)]
    assert at == sorted(at)


def test_candidates_share_the_probability() -> None:
    both = weighed(Site(0, 1, "w", [candidate(original, share=-0.7, trigram=9.0) for original in ("x", "y")]))
    (verdict,) = judge_sites([both], 0.3, estimated=True, settings=Settings())
    assert verdict.share == pytest.approx(0.5)
    assert verdict.others() == [("y", pytest.approx(verdict.spun / 2))]
    (alone,) = judge_sites([weighed(Site(0, 1, "w", [candidate("x", trigram=9.0)]))], 0.3, estimated=True, settings=Settings())
    assert verdict.confidence < alone.confidence
    between = Settings(threshold=(verdict.confidence + alone.confidence) / 2)
    assert choose([verdict], between) == []
    assert choose([alone], between) == [alone]


def test_confidence_is_scaled_odds() -> None:
    weights = Weights(0.0, {}, {}, (1.0, 0.5), (2.0, 0.5))
    assert weights.confidence(0.5, {}) == pytest.approx(1 / (1 + math.exp(-1)))
    assert weights.confidence(0.5, {"deep": 3.0}) == pytest.approx(1 / (1 + math.exp(-2)))
    assert weights.confidence(0.0, {}) < weights.confidence(0.3, {}) < weights.confidence(1.0, {}) <= 1
    assert Weights(0.0, {}, {}).confidence(0.7, {}) == pytest.approx(0.7)


def test_of_overlapping_sites_the_best_path_is_taken() -> None:
    spans = {(0, 2): 0.95, (1, 3): 0.99, (2, 4): 0.95, (5, 6): 0.95, (7, 8): 0.4}
    verdicts = [Verdict(site(*span, 0), spun, candidate(), 1.0, 0.0, (), spun) for span, spun in spans.items()]
    assert [v.site.start for v in choose(verdicts, Settings())] == [0, 2, 5]


def test_the_reasons_add_up_to_the_evidence() -> None:
    one = candidate(tier="context", trigram=2.0, near=1.0, phrase=math.log(2), suspicion=-1.0)
    weigh([Site(0, 1, "w", [one])])
    assert sum(nats for _, nats in reasons(one)) == pytest.approx(one.nats)
    assert reasons(one)[0][0] == "lexicon: spun → x (context)"


def test_weights_are_linear_or_curves_and_cut_off() -> None:
    weights = Weights(0.5, {"safe": 2.0}, {"trigram": ((-1.0, 0.0, 4.0), (-3.0, 0.0, 2.0))})
    features = [{"safe": 1.0}, {"trigram": 2.0}, {"trigram": 99.0}, {"trigram": -0.5}, {"unknown": 9.0}]
    assert weights.totals(features) == pytest.approx([2.5, 1.5, 2.5, -1.0, 0.5])
    assert weights.items({"safe": 1.0, "trigram": 2.0, "unknown": 1.0}) == {"safe": 2.0, "trigram": 1.0}
    assert Weights(90.0, {}, {}).totals([{}]) == 12


def test_better_evidence_never_speaks_against_a_candidate() -> None:
    for name in ("trigram", "encoder", "echo", "share"):
        knots, nats = Weights.load().curves[name]
        assert list(knots) == sorted(knots)
        assert nats[-1] > nats[0], name


def test_every_judge_has_a_say() -> None:
    weights = Weights.load()
    for judge in ("trigram", "prose", "encoder", "suspicion", "deep"):
        low, high = weights.totals([{judge: -4.0}, {judge: 4.0}])
        assert high > low + 0.5, judge
