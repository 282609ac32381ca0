"""Checks lexicon files: the format's rules, and whether each row's own sentences come out as they should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from despin.lexicon.rows import Lexicon, Row, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from despin.restoration import Edit

_EXAMPLE = re.compile(r"\[([^\[\]]*?)=>([^\[\]]*?)\]")
# Rows are plain ASCII in lower case but for names, so that they can be typed, sorted and encoded anywhere.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'&/., -]*")
_WORDS = re.compile(r"[\w'’-]+")


def lint(lexicon: Lexicon) -> Iterator[str]:
    """Yields one sentence for each fault of the rows, with file and line."""
    seen: dict[tuple[str, str, str], Row] = {}
    safe = {(row.spun, original) for row in lexicon.rows if row.tier == "safe" for original in row.originals}
    for row in lexicon.rows:
        for fault in _faults(row):
            yield f"{row.where}: {fault}"
        for original in row.originals:
            if first := seen.get((row.spun, row.pos, original)):
                yield f"{row.where}: {row.spun!r} → {original!r} stands in {first.where} already."
            seen.setdefault((row.spun, row.pos, original), row)
            if row.tier == "safe" and row.spun < original and (original, row.spun) in safe:
                yield f"{row.where}: {row.spun!r} → {original!r} and back are both of the tier safe."
    for path in dict.fromkeys(row.path for row in lexicon.rows):
        rows = [row for row in lexicon.rows if row.path == path]
        for row, wanted in zip(rows, write(rows).splitlines()[1:], strict=True):
            if wanted.split("\t", 1)[0] != row.spun:
                yield f"{row.where}: not sorted: {row.spun!r} stands where {wanted.split(chr(9), 1)[0]!r} belongs."
                break


def self_test(lexicon: Lexicon) -> Iterator[str]:
    """Yields one sentence for each row whose example is not restored or whose keep does not stay.

    The sentences are restored with the whole lexicon, each as a text of its own, so at the prior spin rate: what a
    row's evidence must carry by itself.
    """
    from despin.despinner import Despinner

    despinner = Despinner(lexicon=lexicon)
    tests = [row for row in lexicon.rows if row.example or row.keep]
    spun = [_EXAMPLE.sub(lambda match: match[1], row.example) for row in tests]
    restored = despinner.pipe(spun)
    kept = despinner.pipe(row.keep for row in tests)
    for row, source, example, keep in zip(tests, spun, restored, kept, strict=True):
        wanted = _EXAMPLE.sub(lambda match: match[2], row.example)
        site = _EXAMPLE.search(row.example)
        # A thesaurus row's example explains; only a spun document makes despin believe it.
        if site and row.tier != "thesaurus" and not _restores(source, wanted, site.start(), example.edits):
            yield f"{row.where}: the example is not restored: {example.text!r}."
        if keep.edits:
            yield f"{row.where}: the keep does not stay: {keep.edits[0].spun!r} became {keep.edits[0].original!r}."


def _restores(source: str, wanted: str, at: int, edits: tuple[Edit, ...]) -> bool:
    """Whether an edit at the site makes of the example what it says; edits elsewhere in it are other rows' business."""
    from despin.restoration import replay

    here = [edit for edit in edits if edit.start <= at <= edit.end]
    return " ".join(replay(source, here).split()) == " ".join(wanted.split())


def _faults(row: Row) -> Iterator[str]:
    for text in (row.spun, *row.originals):
        if text and (not _PLAIN.fullmatch(text) or text != text.strip() or "  " in text):
            yield f"{text!r} is not plain text without stray spaces."
    if row.spun != row.spun.lower():
        yield f"{row.spun!r} has a capital; spun words are written in lower case."
    if row.spun in row.originals:
        yield f"{row.spun!r} stands for itself."
    if "" in row.originals and " " not in row.spun and row.tier == "safe":
        yield "a single word that is dropped cannot be safe."
    if row.near & row.avoid:
        yield f"{min(row.near & row.avoid)!r} is both near and avoid."
    if row.tier == "context" and not (row.near and row.example and row.keep):
        yield "a row of the tier context needs near, example and keep."
    if row.example:
        sites = _EXAMPLE.findall(row.example)
        if len(sites) != 1:
            yield "the example needs exactly one site, written [spun=>original]."
        elif not _WORDS.findall(sites[0][0]):
            yield "the example's site is empty."
