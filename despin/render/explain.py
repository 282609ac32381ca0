"""Explains edits and detections to a person at a terminal, with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from despin.render.markup import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from despin.consensus.merge import Merge
    from despin.restoration import Detection, Edit, Restoration

_CONTEXT = 30


def explanation(source: str, restoration: Restoration, name: str) -> Iterator[RenderableType]:
    """Yields each edit with its place, its context and its evidence in nats."""
    yield Text(f"{name}: spin rate {restoration.spin_rate:.2f}, {counted(restoration.edits)}", style="bold")
    for edit in restoration.edits:
        yield _headline(source, edit)
        for item in edit.evidence:
            yield Text(f"    {item.nats:+7.2f}  {item.reason}")
        if edit.alternatives:
            others = ", ".join(f"{a.original or '(nothing)'} {a.confidence:.2f}" for a in edit.alternatives)
            yield Text(f"    or: {others}", style="dim")
    for flag in restoration.flags:
        yield Text.assemble(
            (f"  {_line(source, flag.start)}: ", "dim"), (_shown(flag.text), "yellow"), f"  left: {flag.reason} ({flag.stage})"
        )


def places(source: str, merge: Merge, names: Sequence[str]) -> Iterator[RenderableType]:
    """Yields each place where copies differ, with what every copy has there and what was chosen.

    Args:
        source: the base.
        merge: what came of it.
        names: the further copies, in their order.
    """
    for place in merge.places:
        yield Text.assemble(
            (f"  {_line(source, place.start)}: ", "dim"), (_shown(place.text), "yellow"), " → ", (_shown(place.chosen), "green")
        )
        for name, words in zip(names, place.others, strict=True):
            yield Text(f"    {name}: {'(no such sentence)' if words is None else _shown(words) or '(nothing)'}", style="dim")


def verdict(detection: Detection, name: str) -> Text:
    """Returns a detection in one line, with its strongest evidence."""
    shown = ", ".join(f"{edit.spun!r} for {edit.original!r}" for edit in detection.strongest[:5])
    return Text(
        f"{name}: {'spun' if detection.is_spun else 'not visibly spun'}, spin rate {detection.spin_rate:.3f}, "
        f"{detection.suspected:.3f} of the words suspected, {detection.density:.1f} spun sites per 1,000 words "
        f"({detection.sites} sites, {detection.words} words)" + (f"; {shown}" if shown else "")
    )


def _headline(source: str, edit: Edit) -> Text:
    before = _shown(source[max(0, edit.start - _CONTEXT) : edit.start])
    after = _shown(source[edit.end : edit.end + _CONTEXT])
    return Text.assemble(
        (f"  {_line(source, edit.start)}: ", "dim"),
        f"{before} ",
        (_shown(edit.spun), "red strike"),
        " → ",
        (_shown(edit.original) or "(nothing)", "green"),
        f" {after}",
        (f"  [{edit.stage} {edit.confidence:.2f}]", "cyan"),
    )


def _line(source: str, at: int) -> str:
    return f"line {source.count(chr(10), 0, at) + 1}"


def _shown(text: str) -> str:
    """A text in one line, and what a terminal would obey or cannot show as its code."""
    return "".join(char if char.isprintable() else char.encode("unicode-escape").decode() for char in " ".join(text.split()))
