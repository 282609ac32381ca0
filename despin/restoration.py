"""What was changed and why: edits as a plan that can be explained, replayed, undone and stored.

An `Edit` speaks in character offsets of the input. A `Restoration` holds the restored text and its edits and can
therefore give the input back. A `Detection` is the verdict on a text without touching it.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from despin.errors import ReplayError
from despin.settings import SUBSTITUTION

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against an edit.

    Attributes:
        reason: what speaks, in words for the user, such as `lexicon: preconception → stigma (context)`.
        nats: how much it speaks for the edit (positive) or against it (negative), in nats of log-odds.
    """

    reason: str
    nats: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another original that the site might have had, with its posterior probability (0 to 1)."""

    original: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement.

    Attributes:
        start: where the replaced text starts, in characters of the input.
        end: where it ends, in characters of the input, exclusive.
        spun: the replaced text as it stood.
        original: the text put in its place.
        confidence: probability (0 to 1) that the site was spun and that this original, or one as good, stood there.
        alternatives: other originals that were considered, most probable first.
        evidence: what spoke for and against, in nats, summing to the log-odds of the edit over keeping the text; the confidence
            follows from these and the alternatives, on a scale that was set on texts held out of the fit.
        tier: the tier of the row that it follows, or `proposed`; empty where it agrees with another edit, or follows no row.
        stage: the stage that made it, one of `despin.settings.STAGES`.
    """

    start: int
    end: int
    spun: str
    original: str
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    tier: str = ""
    stage: str = SUBSTITUTION


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text.

    Attributes:
        start: where it starts, in characters of the input.
        end: where it ends, in characters of the input, exclusive.
        text: what stands there.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Flag(Stretch):
    """Something that looks wrong and is left as it is, since what stood there cannot be told.

    Attributes:
        reason: what is wrong with it, in words for the user.
        stage: the stage that found it.
    """

    reason: str
    stage: str


@dataclass(frozen=True, slots=True)
class Detection:
    """Whether a text was spun.

    Attributes:
        spin_rate: the share of sites (words and phrases that the lexicon knows as spinners' output) judged spun, 0 to 1.
        suspected: the share of the words that the encoder takes for spun, whether the lexicon knows them or not, 0 to 1; this
            is where translation there and back shows, if anywhere. Only words of sentences with a verb count; 0 if these are
            fewer than a hundred.
        density: expected number of spun sites per 1,000 words.
        sites: how many sites the text has.
        words: how many words the text has.
        strongest: the sites most surely spun, most certain first, as the edits that would restore them.
    """

    spin_rate: float
    suspected: float
    density: float
    sites: int
    words: int
    strongest: tuple[Edit, ...]

    @property
    def is_spun(self) -> bool:
        """Whether the text is visibly spun: something in it would be restored at the settings in force."""
        return bool(self.strongest)


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restored text with the plan that made it.

    Attributes:
        text: the restored text.
        edits: what was changed, in order, in character offsets of the input.
        spin_rate: the estimated share of sites that were spun, 0 to 1.
        flags: what looks wrong and was left, in order, in character offsets of the input.
        screened: whether a quick look took the text for clean, so that it had no thorough one (setting `screen`).
    """

    text: str
    edits: tuple[Edit, ...]
    spin_rate: float
    flags: tuple[Flag, ...] = ()
    screened: bool = False

    def undo(self, edits: Iterable[Edit] | None = None) -> str:
        """Gives the input back, or, given some of the edits, the text with only those undone."""
        undone = set(self.edits if edits is None else edits)
        if unknown := undone.difference(self.edits):
            raise ReplayError(f"{len(unknown)} of the edits to undo are not edits of this restoration.")
        out: list[str] = []
        at = shift = 0
        for edit in self.edits:
            start = edit.start + shift
            end = start + len(edit.original)
            out.append(self.text[at:start])
            out.append(edit.spun if edit in undone else edit.original)
            at = end
            shift += len(edit.original) - len(edit.spun)
        out.append(self.text[at:])
        return "".join(out)

    def to_json(self) -> str:
        """Returns the restoration as one line of JSON, for `from_json`."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, data: str) -> Restoration:
        """Reads what `to_json` wrote.

        Raises:
            ReplayError: if the data are not a restoration in JSON.
        """
        try:
            raw = json.loads(data)
            edits = tuple(
                Edit(
                    **{
                        **edit,
                        "alternatives": tuple(Alternative(**a) for a in edit["alternatives"]),
                        "evidence": tuple(Evidence(**e) for e in edit["evidence"]),
                    }
                )
                for edit in raw["edits"]
            )
            flags = tuple(Flag(**flag) for flag in raw.get("flags", ()))
            restoration = cls(raw["text"], edits, raw["spin_rate"], flags, raw.get("screened", False))
            if not isinstance(restoration.text, str) or replay(restoration.undo(), edits) != restoration.text:
                raise ValueError("its edits do not lead to its text")
            return restoration
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ReplayError) as error:
            raise ReplayError(f"This is not a restoration in JSON: {str(error).rstrip('.')}.") from error


def replay(text: str, edits: Iterable[Edit]) -> str:
    """Applies edits to the text that they were made for.

    Raises:
        ReplayError: if edits overlap, or the text does not hold the spun words where an edit expects them.
    """
    out: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ReplayError(f"The edits at character {edit.start} overlap.")
        if text[edit.start : edit.end] != edit.spun:
            raise ReplayError(
                f"The text holds {text[edit.start : edit.end]!r} at character {edit.start}, not {edit.spun!r}; "
                "edits can only be replayed on the text that they were made for."
            )
        out += text[at : edit.start], edit.original
        at = edit.end
    out.append(text[at:])
    return "".join(out)


def compose(first: tuple[Edit, ...], second: tuple[Edit, ...], source: str) -> tuple[Edit, ...]:
    """Merges two rounds of edits into one plan over the source.

    Args:
        first: edits of the source.
        second: edits of what the first ones made of it, in its offsets.
        source: the text before both.

    Returns:
        Edits in offsets of the source; edits of the two rounds that touch the same words are merged into one, which
        takes the evidence of the later round. Those that put the source's own words back vanish.
    """
    if not first or not second:
        return first or second
    between = replay(source, first)
    # All edits as stretches of the text between the rounds: (start, end, early edit or None, late edit or None).
    stretches: list[tuple[int, int, Edit | None, Edit | None]] = [(late.start, late.end, None, late) for late in second]
    shift = 0
    for early in first:
        start = early.start + shift
        stretches.append((start, start + len(early.original), early, None))
        shift += len(early.original) - len(early.spun)
    waiting = deque(sorted(stretches, key=lambda stretch: stretch[:2]))
    merged: list[Edit] = []
    shift = 0
    while waiting:
        start, end = waiting[0][:2]
        group = []
        while waiting and (waiting[0][0] < end or waiting[0][0] == start):
            end = max(end, waiting[0][1])
            group.append(waiting.popleft())
        early_edits = [early for _, _, early, _ in group if early]
        late_edits = [late for _, _, _, late in group if late]
        source_start = start - shift
        shift += sum(len(edit.original) - len(edit.spun) for edit in early_edits)
        spun = source[source_start : end - shift]
        moved = [replace(edit, start=edit.start - start, end=edit.end - start) for edit in late_edits]
        original = replay(between[start:end], moved)
        if spun != original:
            told = (late_edits or early_edits)[0]
            # What another stage did to the same words is told, too.
            before = [edit.evidence for edit in early_edits if edit.stage != told.stage]
            evidence = (*chain.from_iterable(before), *told.evidence)
            merged.append(replace(told, start=source_start, end=end - shift, spun=spun, original=original, evidence=evidence))
    return tuple(merged)


def traced(flags: Iterable[Flag], edits: Iterable[Edit]) -> tuple[Flag, ...]:
    """Returns flags of a restored text in offsets of the input, without those that an edit touches.

    Args:
        flags: flags of the restored text, in order.
        edits: what was changed, in offsets of the input.
    """
    found = []
    waiting = deque(edits)
    shift = 0
    for flag in flags:
        while waiting and waiting[0].start + shift + len(waiting[0].original) <= flag.start:
            edit = waiting.popleft()
            shift += len(edit.original) - len(edit.spun)
        if not waiting or flag.end <= waiting[0].start + shift:
            found.append(replace(flag, start=flag.start - shift, end=flag.end - shift))
    return tuple(found)
