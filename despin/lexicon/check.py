"""Checks lexicon files: the format's rules, and whether each row's own sentences come out as they should."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from despin.document.parsing import load_tokenizer
from despin.lexicon.matching import norms
from despin.lexicon.rows import Lexicon, Row, words, write
from despin.lexicon.spellings import same_spelled
from despin.settings import SUBSTITUTION, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from despin.restoration import Edit

_EXAMPLE = re.compile(r"\[([^\[\]]*?)=>([^\[\]]*?)\]")
# Rows are plain ASCII in lower case but for names, so that they can be typed, sorted and encoded anywhere.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9'&/., -]*")
_WORDS = re.compile(r"[\w'’-]+")


def lint(lexicon: Lexicon) -> Iterator[str]:
    """Yields one sentence for each fault of the rows, with file and line."""
    rows = lexicon.rows
    for row in rows:
        for fault in faults(row):
            yield f"{row.where}: {fault}"
    yield from _repeated(rows)
    yield from _chains(rows)
    yield from _unreachable(rows)
    for _, group in groupby(rows, key=lambda row: row.path):
        yield from _unsorted(list(group))


def self_test(lexicon: Lexicon) -> Iterator[str]:
    """Yields one sentence for each row whose example is not restored or whose keep does not stay.

    The sentences are restored with the whole lexicon, each as a text of its own, so at the prior spin rate: what a
    row's evidence must carry by itself.
    """
    from despin.despinner import Despinner

    despinner = Despinner(Settings(stages=frozenset({SUBSTITUTION})), lexicon)
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


def faults(row: Row) -> Iterator[str]:
    """Yields one sentence for each fault of a row by itself."""
    for text in (row.spun, *row.originals):
        if text and not _is_plain(text):
            yield f"{text!r} is not plain text without stray spaces."
    if row.spun != row.spun.lower():
        yield f"{row.spun!r} has a capital; spun words are written in lower case."
    if row.spun in row.originals:
        yield f"{row.spun!r} stands for itself."
    for original in row.originals:
        if original != row.spun and same_spelled(row.spun, original):
            yield f"{row.spun!r} → {original!r} is a matter of spelling: British, American or wrong."
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


def _restores(source: str, wanted: str, at: int, edits: tuple[Edit, ...]) -> bool:
    """Whether an edit at the site makes of the example what it says; edits elsewhere in it are other rows' business."""
    from despin.restoration import replay

    here = [edit for edit in edits if edit.start <= at <= edit.end]
    return " ".join(replay(source, here).split()) == " ".join(wanted.split())


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text == text.strip() and "  " not in text


def _repeated(rows: Sequence[Row]) -> Iterator[str]:
    """Rows that give an original again. Matching ignores hyphens, so words that differ in them alone are the same."""
    seen: dict[tuple[tuple[str, ...], str, str], Row] = {}
    for row in rows:
        spun = words(row.spun)
        for number, original in enumerate(row.originals):
            first = seen.setdefault((spun, row.pos, original), row)
            if first is row and original not in row.originals[:number]:
                continue
            against = (first.near & row.avoid) | (first.avoid & row.near)
            if against and first.tier == row.tier:
                yield (
                    f"{row.where}: {row.spun!r} → {original!r} contradicts {first.where}: "
                    f"{min(against)!r} is near in one of them and avoid in the other."
                )
            elif first.tier == row.tier:
                yield f"{row.where}: {row.spun!r} → {original!r} stands in {first.where} already."
            else:
                yield (
                    f"{row.where}: {row.spun!r} → {original!r} stands in {first.where} already, "
                    f"there of the tier {first.tier}, here {row.tier}."
                )


def _chains(rows: Sequence[Row]) -> Iterator[str]:
    """Safe rows whose original is garbled itself to another safe row: repairs go on from there, or round in a circle."""
    safe: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.tier == "safe":
            safe.setdefault(words(row.spun), []).append(row)
    told: set[frozenset[tuple[str, ...]]] = set()
    for spun, group in safe.items():
        for row in group:
            for original in row.originals:
                after = safe.get(words(original))
                if not after or words(original) == spun:
                    continue
                circle = _circle(spun, words(original), safe)
                if not circle:
                    yield (
                        f"{row.where}: {row.spun!r} → {original!r} leads on to {after[0].originals[0]!r}: "
                        f"{original!r} is spun itself in {after[0].where}, and both are of the tier safe."
                    )
                elif frozenset(circle) not in told:
                    told.add(frozenset(circle))
                    path = " → ".join(repr(" ".join(step)) for step in (*circle, spun))
                    yield f"{row.where}: {path} is a circle of the tier safe."


def _circle(
    start: tuple[str, ...], then: tuple[str, ...], safe: Mapping[tuple[str, ...], Sequence[Row]]
) -> tuple[tuple[str, ...], ...]:
    """The shortest way from spun words over one of their originals back to them; nothing if there is none."""
    ways: list[tuple[tuple[str, ...], ...]] = [(start, then)]
    seen = {then}
    for way in ways:  # which grows
        for row in safe.get(way[-1], ()):
            for original in map(words, row.originals):
                if original == start:
                    return way
                if original not in seen:
                    seen.add(original)
                    ways.append((*way, original))
    return ()


def _unreachable(rows: Sequence[Row]) -> Iterator[str]:
    """Rows that match nowhere, since no text has such tokens, or that by their own words never act or always do."""
    tokenizer = load_tokenizer()
    for row in rows:
        spun = words(row.spun)
        # An abbreviation may be known in capitals only.
        if _is_plain(row.spun) and all(
            norms(tokenizer(text)) != spun for text in (row.spun, row.spun.upper() if "." in row.spun else row.spun)
        ):
            found = " ".join(norms(tokenizer(row.spun)))
            yield f"{row.where}: {row.spun!r} matches nothing: spaCy's tokens are {found!r}."
        if own := row.avoid.intersection(spun):
            yield f"{row.where}: {row.spun!r} never acts, since {min(own)!r} is both among the spun words and avoid."
        if own := row.near.intersection(spun):
            yield f"{row.where}: {min(own)!r} is near, but among the spun words itself, so that it is always there."


def _unsorted(rows: Sequence[Row]) -> Iterator[str]:
    """The first row of a file that stands in the wrong place."""
    for row, wanted in zip(rows, write(rows).splitlines()[1:], strict=True):
        if wanted.split("\t", 1)[0] != row.spun:
            yield f"{row.where}: not sorted: {row.spun!r} stands where {wanted.split(chr(9), 1)[0]!r} belongs."
            return
