"""A judge that knows everything has the best figures, one that is always wrong the worst."""

import sys
from collections.abc import Sequence

import pytest

from despin.despinner import Despinner
from despin.errors import ModelError
from despin.evaluation.judges import JudgeScore, auroc, score_judges
from despin.judge.base import Passage, Proposal, Slot
from despin.settings import Settings

GOLD = (
    "Peer groups help people overcome mental health {~~preconception~>stigma~~}. They {??obtain~>get??} "
    "{~~assistance~>aid|help~~} in a large {~~residence~>home~~}. They give {~~each various other~>each other~~} the "
    "{~~qwertz~>means|tools of the trade~~} to {~~finish~>end~~} it.\n"
)
CLEAN = "The committee will examine the proposal and give its decision before the end of the week.\n"
ORIGINALS = {
    "preconception": "stigma",
    "obtain": "get",
    "assistance": "help",
    "residence": "home",
    "each various other": "each other",
    **dict.fromkeys(("each", "various", "other")),
    "qwertz": "mean",
    "finish": "end",
}


class Oracle:
    """Knows each spun word's original, or, if it is always wrong, takes everything else for right."""

    local = True

    def __init__(self, name: str, right: bool = True, suspects: bool = True, rank: int = 0) -> None:
        self.name, self._sign, self._suspects, self._rank = name, 1 if right else -1, suspects, rank

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        found = []
        for slot in slots:
            keep, *others = (" ".join(reading).lower().strip(".") for reading in slot.readings)
            found.append([0.0, *(self._sign * (6.0 if ORIGINALS.get(keep) == other else -6.0) for other in others)])
        return found

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        words = (" ".join(passage.words[slot.start : slot.end]).lower() for slot in slots)
        return [self._sign * (4.0 if word in ORIGINALS else -4.0) for word in words] if self._suspects else []

    def frequency(self, reading: Sequence[str]) -> float:
        return -9.0

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        found = []
        for slot in slots:
            words = ["nonsense"] * self._rank + [ORIGINALS.get(" ".join(slot.readings[0])) or "nonsense"]
            found.append([Proposal((word,), 0.0) for word in words[:count]])
        return found


def scored(despinner: Despinner, *judges: Oracle, clean: Sequence[str] = (CLEAN,)) -> dict[str, JudgeScore]:
    of_oracles = Despinner(Settings(min_sites=0), despinner.lexicon, judges, despinner.nlp)
    return {s.judge: s for s in score_judges(of_oracles, {"a": GOLD}, clean)["ALL"]}


def test_a_judge_that_knows_everything(despinner: Despinner) -> None:
    scores = scored(despinner, Oracle("trigram"), Oracle("encoder"))
    assert scores.keys() == {"trigram", "encoder", "all"}
    for name in ("trigram", "encoder"):
        s = scores[name]
        assert (s.guesses, s.first, s.first_10, s.first_100) == (5, 1, 1, 1)
    for s in scores.values():
        # The lexicon knows all words that must be repaired but one, which is none.
        assert (s.must, s.coverage) == (6, 5 / 6)
        assert (s.choice, s.kept) == (1, 1)
        assert s.sites > 3
        assert s.documents_auroc == 1
        assert s.speed > 0
        assert not s.held_out
    assert scores["encoder"].words_auroc == 1
    assert scores["all"].first is None


def test_a_judge_that_is_always_wrong(despinner: Despinner) -> None:
    s = scored(despinner, Oracle("trigram"), Oracle("encoder", right=False))["encoder"]
    assert (s.choice, s.kept, s.words_auroc) == (0, 0, 0)


def test_a_judge_that_cannot_suspect_goes_by_what_it_prefers(despinner: Despinner) -> None:
    wrong, right = (
        scored(despinner, Oracle("trigram", right, suspects=False), Oracle("encoder"))["trigram"] for right in (False, True)
    )
    # At sites it is never wrong; the word at none lies below all others.
    assert wrong.words_auroc < 0.7 < right.words_auroc < 1


@pytest.mark.parametrize(
    ("rank", "shares"), [(0, (1, 1, 1)), (1, (0, 1, 1)), (9, (0, 1, 1)), (10, (0, 0, 1)), (100, (0, 0, 0))]
)
def test_proposals_count_by_their_rank(despinner: Despinner, rank: int, shares: tuple[int, ...]) -> None:
    s = scored(despinner, Oracle("trigram"), Oracle("encoder", rank=rank))["encoder"]
    assert (s.first, s.first_10, s.first_100) == shares


def test_without_clean_texts_restraint_is_not_known(despinner: Despinner) -> None:
    s = scored(despinner, Oracle("trigram"), clean=())["trigram"]
    assert (s.sites, s.kept, s.documents_auroc) == (0, None, None)


def test_a_long_clean_text_is_cut(despinner: Despinner) -> None:
    one, long = (scored(despinner, Oracle("trigram"), clean=["\n".join([CLEAN] * n)])["trigram"] for n in (2, 100))
    assert one.sites == long.sites


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([2, 3], [0, 1], 1),
        ([0, 1], [2, 3], 0),
        ([1, 1], [1], 0.5),
        ([1, 3], [0, 2], 0.75),
        ([float("-inf"), 2], [float("-inf")], 0.75),
        ([], [1], None),
        ([1], [], None),
    ],
)
def test_the_area_under_the_curve(positive: list[float], negative: list[float], area: float | None) -> None:
    assert auroc(positive, negative) == area


def test_without_scipy_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(ModelError, match=r"install `despin\[eval\]`"):
        auroc([1], [0])
