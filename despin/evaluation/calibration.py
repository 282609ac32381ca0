"""Measures whether confidence means what it says: of the edits that are 0.8 sure, eight in ten should be right.

Each text is decided with weights that were fitted on others. Right is what repairs a marked site, also one that may be left
alone; under the gate of `Settings` few rows give a verdict, so that clean texts count for little. The expected calibration
error is the mean distance between confidence and the share that is right, over ten bins of equal width, each weighted by its
count (Naeini, Cooper and Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015; Guo, Pleiss,
Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017, whose reliability diagram is drawn here).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from despin.errors import ModelError
from despin.settings import THRESHOLDS
from despin.training.weights import decide, held_out, judge_example

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from despin.settings import Settings
    from despin.training.weights import Example

_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Verdicts of like confidence.

    Attributes:
        low: the lowest confidence of the bin, 0 to 1.
        high: where the next bin begins.
        count: how many verdicts fall into it.
        confidence: their mean confidence.
        right: the share of them whose best candidate is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Operation:
    """What a threshold makes of the texts: its name, where it lies, how many edits, and the share of them that are right."""

    name: str
    threshold: float
    edits: int
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidence can be trusted.

    Attributes:
        bins: the bins that are not empty, by confidence.
        operations: what each named threshold makes of the texts, the lowest first.
    """

    bins: tuple[Bin, ...]
    operations: tuple[Operation, ...]

    @property
    def count(self) -> int:
        """How many verdicts there are."""
        return sum(one.count for one in self.bins)

    @property
    def error(self) -> float:
        """The expected calibration error, 0 to 1."""
        return expected_error(self.bins)

    @property
    def acting_error(self) -> float:
        """The same over the bins from the lowest threshold up; the many sites that are surely not spun do not flatter it."""
        lowest = min((one.threshold for one in self.operations), default=0.0)
        return expected_error([one for one in self.bins if one.low >= lowest])

    def figures(self) -> dict[str, Any]:
        """Returns the figures by name, rounded as they are reported."""
        return {
            "verdicts": self.count,
            "error": round(self.error, 4),
            "acting_error": round(self.acting_error, 4),
            "bins": [_rounded(one) for one in self.bins],
            "thresholds": [_rounded(one) for one in self.operations],
        }


def calibrate(marked: Sequence[Example], clean: Sequence[Example], settings: Settings) -> Calibration:
    """Compares the confidence of every verdict with whether its best candidate is right.

    Args:
        marked: spun texts, marked.
        clean: texts that were never spun.
        settings: what the texts are decided with, the threshold apart.

    Raises:
        ValueError: if there are fewer than two texts of a kind.
        ModelError: if scipy is not installed.
    """
    folds = list(held_out(marked, clean))
    texts = [(example, fold.weights) for fold in folds for example in (*fold.marked, *fold.clean)]
    judged = [verdict for example, weights in texts for verdict in judge_example(example, weights, settings)]
    operations = []
    for name, threshold in sorted(THRESHOLDS.items(), key=lambda item: item[1]):
        at = replace(settings, threshold=threshold)
        made = [right for example, weights in texts for right in decide(example, weights, at)]
        operations.append(Operation(name, threshold, len(made), sum(made) / len(made) if made else 1.0))
    return Calibration(bins((verdict.confidence, right) for verdict, right in judged), tuple(operations))


def bins(judged: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Returns the bins that are not empty of pairs of a confidence (0 to 1) and whether it was right."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in judged:
        held[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    return tuple(
        Bin(k / _BINS, (k + 1) / _BINS, len(one), sum(c for c, _ in one) / len(one), sum(r for _, r in one) / len(one))
        for k, one in enumerate(held)
        if one
    )


def expected_error(of: Sequence[Bin]) -> float:
    """Returns the expected calibration error over some bins, 0 to 1; 0 if there are none."""
    total = sum(one.count for one in of)
    return sum(one.count * abs(one.confidence - one.right) for one in of) / total if total else 0.0


def draw(calibration: Calibration, path: Path) -> None:
    """Draws a reliability diagram: the share that is right over confidence, how many verdicts, and the named thresholds.

    Args:
        calibration: what is drawn.
        path: where to; its suffix tells the format, such as `.svg` or `.png`.

    Raises:
        ModelError: if matplotlib is not installed.
        ValueError: if matplotlib does not know the format.
        OSError: if the file cannot be written.
    """
    require_matplotlib()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as confident as right")
    width = 1 / _BINS
    axes.bar([b.low for b in calibration.bins], [b.right for b in calibration.bins], width, align="edge", alpha=0.5)
    axes.plot([b.confidence for b in calibration.bins], [b.right for b in calibration.bins], marker="o", label="despin")
    for b in calibration.bins:
        axes.annotate(f"{b.count:,}", (b.low + width / 2, 0.01), ha="center", va="bottom", fontsize=7)
    for operation in calibration.operations:
        axes.axvline(operation.threshold, color="0.3", linewidth=0.8, linestyle=":")
        axes.annotate(operation.name, (operation.threshold, 0.06), rotation=90, ha="right", va="bottom", fontsize=7)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.05))
    axes.set_title(f"{calibration.count:,} verdicts, expected calibration error {calibration.error:.3f}", fontsize=10)
    axes.legend(loc="upper left")
    figure.savefig(path)


def require_matplotlib() -> None:
    """Raises `ModelError` if matplotlib, which draws, is not installed."""
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise ModelError("Drawing takes matplotlib; install `despin[eval]`.") from error


def _rounded(of: Bin | Operation) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(of).items()}
