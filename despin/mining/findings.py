"""What was found, as a person reads it: rows for the lexicon with how often they came, and an example."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from despin.lexicon.rows import Row
from despin.mining.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Span

    from despin.document.tagged import TaggedBlock
    from despin.lexicon.rows import Lexicon

    # Spun words and part of speech.
    _Key = tuple[str, str]

_BRACKETS = re.compile(r"[\[\]]")
# What stands for an original that nobody knows, in an example.
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place that speaks for an entry.

    Attributes:
        entry: what it speaks for.
        text: the number of the text that it stands in.
        at: where it stands there; one place counts once.
        example: the spun sentence with the site as `[spun=>original]`, or empty.
    """

    entry: Entry
    text: int
    at: int
    example: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that is proposed for the lexicon.

    Attributes:
        row: the row, of the tier `thesaurus`, with an example; without originals where none is known.
        count: how often it came.
        texts: in how many texts.
        known: whether the lexicon has it.
        z: how much the spun words are over-represented in spun text, as a z-score, where that was measured.
    """

    row: Row
    count: int
    texts: int
    known: bool
    z: float | None = None

    def figures(self) -> dict[str, Any]:
        """Returns the finding as the command line's JSON has it."""
        row = self.row
        words = {"spun": row.spun, "pos": row.pos, "originals": list(row.originals), "example": row.example}
        return {"count": self.count, "texts": self.texts, **words, "known": self.known, "z": self.z}


def gather(sightings: Iterable[Sighting], lexicon: Lexicon, *, either_way: bool = False) -> list[Finding]:
    """Returns what some sightings come to, the most frequent first; ties are in alphabetical order.

    Args:
        sightings: the places.
        lexicon: what is known already.
        either_way: whether a pair is known, too, of which the lexicon has the opposite.
    """
    places: dict[Entry, set[tuple[int, int]]] = {}
    examples: dict[Entry, str] = {}
    for one in sightings:
        places.setdefault(one.entry, set()).add((one.text, one.at))
        if one.example and not examples.get(one.entry):
            examples[one.entry] = one.example
    known = entries_of(lexicon)
    if either_way:
        known |= {one.reversed() for one in known}
    found = [
        Finding(as_row(entry, examples.get(entry, "")), len(seen), len({text for text, _ in seen}), entry in known)
        for entry, seen in places.items()
    ]
    return sorted(found, key=lambda one: (-one.count, -one.texts, one.row.spun, one.row.pos, one.row.originals))


def choose(findings: Iterable[Finding], *, least: int, limit: int, known: bool = False) -> list[Finding]:
    """Returns the first of some findings that came often enough.

    Args:
        findings: the findings, best first.
        least: how often one must have come.
        limit: how many are returned at most.
        known: whether those that the lexicon has are among them.
    """
    return [one for one in findings if one.count >= least and (known or not one.known)][:limit]


def rows_of(findings: Iterable[Finding]) -> list[Row]:
    """Returns findings as rows that a lexicon file can hold: those of the same words in one row, best original first.

    Findings without an original are left out, since to the lexicon that would mean words that are to be dropped.
    """
    merged: dict[_Key, Row] = {}
    for row in (one.row for one in findings if one.row.originals):
        first = merged.setdefault((row.spun, row.pos), row)
        originals = tuple(dict.fromkeys(first.originals + row.originals))
        merged[row.spun, row.pos] = replace(first, originals=originals, example=first.example or row.example)
    return list(merged.values())


def entries_of(lexicon: Lexicon) -> set[Entry]:
    """Returns everything that a lexicon's rows say, one original at a time."""
    return {Entry(row.spun, row.pos, original) for row in lexicon.rows for original in row.originals}


def as_row(entry: Entry, example: str) -> Row:
    """Returns an entry as a row of the tier `thesaurus`."""
    return Row(entry.spun, entry.pos, (entry.original,), example=example)


def example_of(block: TaggedBlock, span: Span, original: str) -> str:
    """Returns a spun sentence with its site marked as the lexicon has it; nothing if it holds square brackets of its own.

    Args:
        block: the block that the sentence stands in.
        span: the site.
        original: what stood there, as it stood; empty if nobody knows.
    """
    before, after = block.sentence(span)
    spun = " ".join(block.source[span.start_char : span.end_char].split())
    original = " ".join(original.split()) or _UNKNOWN
    return "" if _BRACKETS.search(before + spun + original + after) else f"{before}[{spun}=>{original}]{after}"
