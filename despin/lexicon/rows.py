"""Reads the lexicon: TSV files of rows, each a spun word or phrase and the originals that it may stand for."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from despin.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Tier = Literal["safe", "context", "thesaurus", "generated"]
TIERS: tuple[Tier, ...] = get_args(Tier)
# The tier of what no person wrote.
GENERATED: Literal["generated"] = "generated"
# The tier of what no file has: a judge's own proposals.
PROPOSED: Literal["proposed"] = "proposed"
# And that of corrected spelling.
CORRECTED: Literal["corrected"] = "corrected"
# And that of words which a copy of the text has.
COPIED: Literal["copied"] = "copied"
COLUMNS = ("spun", "pos", "original", "near", "avoid", "tier", "example", "keep")
_COMMENT = "#"
# The rows of so many first words are remembered, most of which begin none.
_MEMORY = 65_536
POS = ("", "NOUN", "VERB", "ADJ", "ADV")
# spaCy's tokens: a hyphen parts words, but not a letter from a digit ("omega-3"); n't and clitics stand alone.
_SPLIT = re.compile(r"(?:\s|-(?!(?<=[^\W\d_]-)\d))+")
_CLITIC = re.compile(r"(?<=\w)(?=n't\b|'(?:s|re|ve|ll|d|m)\b|'$)")
_NEGATED = frozenset(
    "ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't shan't shouldn't "
    "wasn't weren't won't wouldn't".split()
)
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
        path: the file that the row stands in; an empty path if it stands in none.
        line: its line there, counted from 1; 0 if it stands in none.
    """

    spun: str
    pos: str
    originals: tuple[str, ...]
    near: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    tier: Tier | Literal["proposed", "corrected", "copied"] = "thesaurus"
    example: str = ""
    keep: str = ""
    path: Path = Path()
    line: int = 0

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"{self.path}:{self.line}"


class Lexicon:
    """Rows, in order. The packaged ones are made when they are first asked for, since most never are.

    Args:
        rows: the rows.
        packaged: files that are sorted and linted, whose rows come before the others.
    """

    def __init__(self, rows: Iterable[Row] = (), packaged: Iterable[Path] = ()) -> None:
        self._files = [_SortedFile(path) for path in packaged]
        self._rows = list(rows)
        self._begun: dict[str, list[tuple[tuple[str, ...], int, Row]]] = {}

    @classmethod
    def load(cls, *extra: Path) -> Lexicon:
        """Reads the packaged files and the user's own ones after them.

        Raises:
            LexiconError: if a file cannot be read or breaks the format.
        """
        return cls((row for path in extra for row in _read(path)), packaged_files())

    @classmethod
    def read(cls, *paths: Path) -> Lexicon:
        """Reads the given files only.

        Raises:
            LexiconError: if a file cannot be read or breaks the format.
        """
        return cls(row for path in paths for row in _read(path))

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(chain(chain.from_iterable(file.rows() for file in self._files), self._rows))

    @property
    def added(self) -> Sequence[Row]:
        """The rows that are not packaged."""
        return self._rows

    def beginning(self, first: str) -> Sequence[tuple[tuple[str, ...], int, Row]]:
        """Returns the rows whose first word, as `words` splits them, is a certain one.

        Returns:
            Each with its spun words and the index of the head that inflects among them, -1 for a fixed text.
        """
        rows = self._begun.get(first)
        if rows is None:
            if len(self._begun) >= _MEMORY:
                self._begun.clear()
            found = chain(*(file.beginning(first) for file in self._files), self._own.get(first, ()))
            rows = self._begun[first] = [(spun := words(row.spun), head_of(spun, row.pos), row) for row in found]
        return rows

    def originals(self, word: str) -> Iterator[str]:
        """Yields what the rows of a single word give for it, whatever its part of speech."""
        for spun, _, row in self.beginning(word):
            if len(spun) == 1:
                yield from row.originals

    @cached_property
    def _own(self) -> dict[str, list[Row]]:
        """The rows that are not packaged, by their first word."""
        found: dict[str, list[Row]] = {}
        for row in self._rows:
            found.setdefault(words(row.spun)[0], []).append(row)
        return found

    @cached_property
    def memory(self) -> dict[tuple[str, str], dict[str, list[Any]]]:
        """What `find_matches` remembers: the rows that a word with a tag may begin."""
        return {}


class _SortedFile:
    """A file that is sorted and linted, and the rows of it that have been asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first, self._lines = _lines(path)
        if self._lines and not self._lines[-1]:
            del self._lines[-1]
        self._made: dict[int, Row] = {}

    def rows(self) -> Iterator[Row]:
        return map(self._row, range(len(self._lines)))

    def beginning(self, first: str) -> Iterator[Row]:
        """The rows whose first word, as `words` splits them, is a certain one."""
        places = self._between(first)
        if first + "n't" in _NEGATED:
            places = chain(places, self._between(first + "n't"))
        return (row for row in map(self._row, places) if words(row.spun)[0] == first)

    def _between(self, first: str) -> Iterable[int]:
        """Where the rows are that begin with a word and a character that sorts before all letters."""
        return range(bisect_left(self._lines, first), bisect_left(self._lines, first + ":"))

    def _row(self, i: int) -> Row:
        row = self._made.get(i)
        if row is None:
            row = self._made[i] = _parsed(self._path, self._first + i, self._lines[i])
        return row


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
    """Splits a row's text into the words that are matched: at white space and hyphens, clitics and commas apart, in lower
    case.
    """
    text = text.lower()
    if "," in text:
        text = text.replace(",", " ,")
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


def _read(path: Path) -> Iterator[Row]:
    first, lines = _lines(path)
    for number, line in enumerate(lines, first):
        if line:
            yield _parsed(path, number, line)


def _lines(path: Path) -> tuple[int, list[str]]:
    """The number of the line after the header, and the lines from there on. Before the header there may be comments."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path}: the lexicon is not UTF-8 (byte {error.start}).") from error
    except (OSError, ValueError) as error:  # a path that no system takes is a ValueError
        raise LexiconError(f"{path}: the lexicon cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    header = next((i for i, line in enumerate(lines) if not line.startswith(_COMMENT)), len(lines) - 1)
    if tuple(lines[header].split("\t")) != COLUMNS:
        raise LexiconError(f"{path}:{header + 1}: the header must be the columns {', '.join(COLUMNS)}, separated by tabs.")
    return header + 2, lines[header + 1 :]


def _parsed(path: Path, number: int, line: str) -> Row:
    try:
        spun, pos, original, near, avoid, tier, example, keep = line.split("\t")
    except ValueError:
        count = line.count("\t") + 1
        raise LexiconError(f"{path}:{number}: {count} columns, but a row has {len(COLUMNS)}, separated by tabs.") from None
    if not spun.strip(" -'"):
        raise LexiconError(f"{path}:{number}: the column spun is empty.")
    if pos not in POS:
        raise LexiconError(f"{path}:{number}: pos {pos!r} is none of {', '.join(filter(None, POS))}, or empty.")
    if tier not in TIERS:
        raise LexiconError(f"{path}:{number}: tier {tier!r} is none of {', '.join(TIERS)}.")
    originals = tuple(original.split("|"))
    return Row(spun, pos, originals, frozenset(near.split()), frozenset(avoid.split()), tier, example, keep, path, number)


def write(rows: Iterable[Row], comments: Iterable[str] = ()) -> str:
    """Returns rows as a lexicon file: comments, each a line, header, rows sorted by spun and pos."""
    lines = [*(f"{_COMMENT} {' '.join(comment.split())}" for comment in comments), "\t".join(COLUMNS)]
    for row in sorted(rows, key=lambda row: (row.spun, row.pos)):
        near, avoid = " ".join(sorted(row.near)), " ".join(sorted(row.avoid))
        lines.append("\t".join((row.spun, row.pos, "|".join(row.originals), near, avoid, row.tier, row.example, row.keep)))
    return "\n".join(lines) + "\n"
