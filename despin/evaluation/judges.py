"""Measures what each judge knows by itself, beside the decision that weighs them all: guesses, choices, restraint, detection.

The decision's weights are held out: those used on a text were fitted on other texts, if there are enough of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

from despin.despinner import Despinner
from despin.document.blocks import blocks
from despin.errors import ModelError
from despin.evaluation.opinions import PROPOSALS, Findings, Text, TimedJudge, decide, read, say
from despin.marks import spun_text
from despin.settings import ENCODER
from despin.training.weights import held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from despin.settings import Settings

# What stands for all judges, weighed.
ALL_JUDGES = "all"
_FIRST = (1, 10, PROPOSALS)


@dataclass(frozen=True, slots=True)
class JudgeScore:
    """Figures of a judge, 0 to 1 but for the counts and the speed; None where it has no say or no text tells.

    Attributes:
        judge: its name; `all` is the decision that weighs them all.
        guesses: marked sites of one word that an accepted reading of one word must repair.
        first: share of the guesses where a lemma of an accepted word is the judge's own first proposal.
        first_10: the same among its first ten.
        first_100: the same among its first hundred.
        must: marked sites that must be repaired.
        coverage: share of those where the lexicon has a right candidate; the same for every judge.
        choice: of the covered ones, the share where the judge's best candidate is right.
        sites: the lexicon's sites in clean texts.
        kept: share of those where the judge prefers no candidate to the words there; for `all`, where it makes no edit.
        words_auroc: how well it tells words that must be repaired from words outside all marks.
        documents_auroc: how well the spin rate estimated with its evidence and the lexicon's tells marked texts from clean
            ones.
        speed: words a second on the marked texts, finding sites not counted.
        held_out: whether the weights that it was decided with were fitted on other texts; else they are the packaged ones.
    """

    judge: str
    guesses: int
    first: float | None
    first_10: float | None
    first_100: float | None
    must: int
    coverage: float | None
    choice: float | None
    sites: int
    kept: float | None
    words_auroc: float | None
    documents_auroc: float | None
    speed: float | None
    held_out: bool

    def figures(self) -> dict[str, str | float | None]:
        """Returns the figures by name, rounded as they are reported."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["speed"] = None if self.speed is None else round(self.speed)
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def score_judges(despinner: Despinner, marked: Mapping[str, str], clean: Sequence[str]) -> dict[str, list[JudgeScore]]:
    """Scores each judge of a Despinner and all together.

    Args:
        despinner: whose judges, lexicon and settings are measured.
        marked: marked texts by name.
        clean: texts that were never spun; what is longer than the longest marked text is cut after a paragraph.

    Returns:
        For each marked text its figures, one a judge; under `ALL` those of all texts together.

    Raises:
        ModelError: if scipy is not installed.
    """
    auroc([], [])  # says so before the texts are read, if scipy is missing
    judges = [TimedJudge(judge) for judge in despinner.judges]
    reader = Despinner(replace(despinner.settings, judge=ENCODER), despinner.lexicon, judges, despinner.nlp)
    longest = max((len(spun_text(gold).split()) for gold in marked.values()), default=0)
    # Clean texts first, so that what is loaded when it is first needed does not count as time on the marked ones.
    never = [read(reader, judges, _cut(text, longest)) for text in clean]
    spun = [read(reader, judges, gold) for gold in marked.values()]
    held = _hold_out(spun, never)
    scores: dict[str, list[JudgeScore]] = {name: [] for name in (*marked, "ALL")}
    opinions: dict[str, Callable[[Text, Settings], Findings]] = {judge.name: partial(say, judge) for judge in judges}
    for name, opinion in (opinions | {ALL_JUDGES: decide}).items():
        said, said_of_clean = ([opinion(text, reader.settings) for text in texts] for texts in (spun, never))
        for text, one in zip(marked, said, strict=True):
            scores[text].append(_total(name, [one], [], held))
        scores["ALL"].append(_total(name, said, said_of_clean, held))
    return scores


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Returns the area under the receiver operating characteristic: how often one of the positives has the higher value
    than one of the negatives, a tie counting half; None if there are none of one kind.

    Computed from ranks (Hanley and McNeil, The meaning and use of the area under a ROC curve, Radiology 1982).

    Raises:
        ModelError: if scipy is not installed.
    """
    try:
        from scipy.stats import rankdata
    except ImportError as error:
        raise ModelError("Measuring judges takes scipy; install `despin[eval]`.") from error
    if not positive or not negative:
        return None
    n = len(positive)
    above = rankdata([*positive, *negative])[:n].sum() - n * (n + 1) / 2
    return float(above / (n * len(negative)))


def _cut(text: str, words: int) -> str:
    """A text up to the paragraph with which it has so many words."""
    held = 0
    for block in blocks(text):
        held += len(text[block.start : block.end].split())
        if held >= words:
            return text[: block.end]
    return text


def _hold_out(marked: Sequence[Text], clean: Sequence[Text]) -> bool:
    """Leaves with each text weights that were fitted on others; the packaged ones, and False, if there are too few others."""
    try:
        folds = list(held_out([text.example for text in marked], [text.example for text in clean]))
    except ValueError:
        return False
    weights = {id(example): fold.weights for fold in folds for example in (*fold.marked, *fold.clean)}
    for text in (*marked, *clean):
        text.weights = weights[id(text.example)]
    return True


def _total(name: str, marked: Sequence[Findings], clean: Sequence[Findings], held: bool) -> JudgeScore:
    ranks = [rank for one in marked for rank in one.ranks]
    proposes = any(one.proposes for one in marked)
    first, first_10, first_100 = (_share([rank < k for rank in ranks]) if proposes else None for k in _FIRST)
    choices = [is_right for one in marked for is_right in one.choices]
    must = sum(one.must for one in marked)
    kept = [stays for one in clean for stays in one.kept]
    seconds = sum(one.seconds for one in marked)
    return JudgeScore(
        name,
        len(ranks),
        first,
        first_10,
        first_100,
        must,
        len(choices) / must if must else None,
        _share(choices),
        len(kept),
        _share(kept),
        auroc([x for one in marked for x in one.spun], [x for one in marked for x in one.other]),
        auroc([one.spin_rate for one in marked], [one.spin_rate for one in clean]),
        sum(one.words for one in marked) / seconds if seconds else None,
        held,
    )


def _share(of: Sequence[bool]) -> float | None:
    return sum(of) / len(of) if of else None
