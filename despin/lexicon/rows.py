"""Reads the lexicon: TSV files of rows, each a spun word or phrase and the originals that it may stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from despin.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    # File, line number and line of a row.
    _Line = tuple[Path, int, str]

Tier = Literal["safe", "context", "thesaurus", "generated"]
TIERS: tuple[Tier, ...] = get_args(Tier)
# The tier of what no person wrote.
GENERATED: Literal["generated"] = "generated"
# The tier of what no file has: a judge's own proposals.
PROPOSED: Literal["proposed"] = "proposed"
COLUMNS = ("spun", "pos", "original", "near", "avoid", "tier", "example", "keep")
POS = ("", "NOUN", "VERB", "ADJ", "ADV")
_SPLIT = re.compile(r"[\s-]+")
# spaCy's tokens: n't and clitics stand alone.
_CLITIC = re.compile(r"(?<=\w)(?=n't\b|'(?:s|re|ve|ll|d|m)\b|'$)")
_LINE = re.compile(rf"([^\t]*[^\t '-][^\t]*)\t({'|'.join(POS)})\t[^\t]*\t[^\t]*\t[^\t]*\t(?:{'|'.join(TIERS)})\t[^\t]*\t[^\t]*")
_PREPOSITIONS = frozenset(
    "of for in on to with at by from as about against between over under into through than who that which".split()
)


# Not frozen, since freezing would double the time that reading thousands of rows takes; treat it as frozen.
@dataclass(slots=True, eq=False)
class Row:
    """One row of the lexicon; `lexicon/README.md` explains the columns.

    Attributes:
        spun: lemma or phrase as the spinner writes it, in lower case.
        pos: Universal POS of the head, which inflects; empty for a fixed phrase.
        originals: what it may stand for, best first; an empty one means that the spun phrase is dropped.
        near: lemmas that speak for the row when in the sentence or document.
        avoid: lemmas that forbid it when in the sentence.
        tier: how far it is believed.
        example: a spun sentence with the site as `[spun=>original]`, or empty.
        keep: a sentence in which the spun words are right, or empty.
        path: the file that the row stands in.
        line: its line there, counted from 1.
    """

    spun: str
    pos: str
    originals: tuple[str, ...]
    near: frozenset[str]
    avoid: frozenset[str]
    tier: Tier | Literal["proposed"]
    example: str
    keep: str
    path: Path
    line: int

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"{self.path}:{self.line}"


class Lexicon:
    """Rows, in order. Those of files are made when they are first asked for, which halves the time of starting.

    Args:
        rows: the rows.
    """

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._entries: list[Row | _Line] = list(rows)
        self._keys = [(row.spun, row.pos) for row in rows]
        self._begun: dict[str, list[tuple[tuple[str, ...], int, Row]]] = {}

    @classmethod
    def load(cls, *extra: Path) -> Lexicon:
        """Reads the packaged files and the user's own ones after them.

        Raises:
            LexiconError: if a file cannot be read or breaks the format.
        """
        return cls.read(*packaged_files(), *extra)

    @classmethod
    def read(cls, *paths: Path) -> Lexicon:
        """Reads the given files only.

        Raises:
            LexiconError: if a file cannot be read or breaks the format.
        """
        lexicon = cls()
        for path in paths:
            for number, line, key in _read(path):
                lexicon._entries.append((path, number, line))
                lexicon._keys.append(key)
        return lexicon

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(map(self._row, range(len(self._entries))))

    def beginning(self, key: str) -> Sequence[tuple[tuple[str, ...], int, Row]]:
        """Rows by words that every match begins with: the first, or the first two of a phrase whose first two are fixed.

        Args:
            key: `lemma/POS` for rows whose first word inflects; for all others the first word or two, a space between.

        Returns:
            Each row with its spun words (as `words` splits them) and the index of the head that inflects among them, -1
            for a fixed text.
        """
        if key not in self._index:
            return ()
        if key not in self._begun:
            rows = map(self._row, self._index[key])
            self._begun[key] = [(spun := words(row.spun), head_of(spun, row.pos), row) for row in rows]
        return self._begun[key]

    @cached_property
    def _index(self) -> dict[str, tuple[int, ...]]:
        index: dict[str, tuple[int, ...]] = {}
        for i, (spun, pos) in enumerate(self._keys):
            key = _key(spun, pos)
            index[key] = (*index[key], i) if key in index else (i,)
        return index

    @cached_property
    def memory(self) -> dict[tuple[str, str], list[Any]]:
        """What `find_matches` remembers: the rows that a word with a tag may begin."""
        return {}

    def _row(self, i: int) -> Row:
        entry = self._entries[i]
        if isinstance(entry, tuple):
            entry = self._entries[i] = _parsed(*entry)
        return entry


def packaged_files() -> list[Path]:
    """The lexicon's own files: inside the installed package, or at the top of the checkout.

    Raises:
        LexiconError: if neither place has any.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent / "lexicon"):
        if files := sorted(folder.glob("*.tsv")):
            return files
    raise LexiconError("despin's lexicon is missing from the installation; install despin again.")


def words(text: str) -> tuple[str, ...]:
    """Splits a row's text into the words that are matched: at white space and hyphens, clitics apart, in lower case."""
    text = text.lower()
    if "'" in text:
        return tuple(part for word in _SPLIT.split(text) for part in _CLITIC.split(word))
    return tuple(_SPLIT.split(text)) if " " in text or "-" in text else (text,)


def head_of(spun: tuple[str, ...], pos: str) -> int:
    """Index of the word that inflects: a verb's first; a noun's last before a preposition; else the last; -1 if fixed."""
    if not pos:
        return -1
    if len(spun) == 1 or pos == "VERB":
        return 0
    if pos == "NOUN":
        return next((i - 1 for i, word in enumerate(spun) if i and word in _PREPOSITIONS), len(spun) - 1)
    return len(spun) - 1


def _key(spun: str, pos: str) -> str:
    """What `Lexicon.beginning` finds a row by."""
    if spun.isalpha():
        return f"{spun.lower()}/{pos}" if pos else spun.lower()
    parts = words(spun)
    head = head_of(parts, pos)
    if head == 0:
        return f"{parts[0]}/{pos}"
    return parts[0] if len(parts) == 1 or head == 1 else f"{parts[0]} {parts[1]}"


def _read(path: Path) -> Iterator[tuple[int, str, tuple[str, str]]]:
    """Yields each row's line number, its line, and its first two columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: the lexicon is not UTF-8 (byte {error.start}).") from error
    except (OSError, ValueError) as error:  # a path that no system takes is a ValueError
        raise LexiconError(f"{path}: the lexicon cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    lines = text.split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise LexiconError(f"{path}:1: the header must be the columns {', '.join(COLUMNS)}, separated by tabs.")
    for number, line in enumerate(lines[1:], 2):
        if found := _LINE.fullmatch(line):
            yield number, line, (found[1], found[2])
        elif line:
            raise LexiconError(f"{path}:{number}: {_broken(line)}")


def _broken(line: str) -> str:
    """What is wrong with a line that is no row."""
    columns = line.split("\t")
    if len(columns) != len(COLUMNS):
        return f"{len(columns)} columns, but a row has {len(COLUMNS)}, separated by tabs."
    if not columns[0].strip(" -'"):
        return "the column spun is empty."
    if columns[1] not in POS:
        return f"pos {columns[1]!r} is none of {', '.join(filter(None, POS))}, or empty."
    return f"tier {columns[5]!r} is none of {', '.join(TIERS)}."


def _parsed(path: Path, number: int, line: str) -> Row:
    spun, pos, original, near, avoid, tier, example, keep = line.split("\t")
    originals = tuple(original.split("|"))
    return Row(spun, pos, originals, frozenset(near.split()), frozenset(avoid.split()), tier, example, keep, path, number)  # type: ignore[arg-type]


def write(rows: Iterable[Row]) -> str:
    """Returns rows as a lexicon file: header, sorted by spun and pos."""
    lines = ["\t".join(COLUMNS)]
    for row in sorted(rows, key=lambda row: (row.spun, row.pos)):
        near, avoid = " ".join(sorted(row.near)), " ".join(sorted(row.avoid))
        lines.append("\t".join((row.spun, row.pos, "|".join(row.originals), near, avoid, row.tier, row.example, row.keep)))
    return "\n".join(lines) + "\n"
