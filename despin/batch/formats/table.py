"""CSV: each row but the first, which names the columns, is a document. All but the texts that are restored stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, cast

from despin.batch.formats.base import Record, kept
from despin.batch.formats.lines import LONGEST, lines_of
from despin.document.decoding import decode, guess
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

TAB = "\t"
# What parts the columns of a table that has one only: nothing.
_NONE = "\0"
_DELIMITERS = f",;{TAB}|"
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
# From within quotation marks to their end, or the line's.
_REST = re.compile(rb'[^"]*(?:""[^"]*)*')


def csv_rows(file: BinaryIO, field: str, kind: str, delimiter: str = "") -> Iterator[Record]:
    """Yields the rows of a table.

    Args:
        file: the open file.
        field: the column that holds a document's text.
        kind: what that is.
        delimiter: what parts the columns; what the first row looks like, if empty.

    Raises:
        InputError: if there is no such column, or what parts a table's rows cannot be told.
    """
    head = next(lines_of(file), None)
    if head is None:
        return
    if isinstance(head, Record):
        raise InputError("its first row is too long to name columns")
    names = decode(head).text.rstrip("\r\n")
    bare = _QUOTED.sub("", names)
    delimiter = delimiter or max(_DELIMITERS, key=bare.count)
    if delimiter not in bare:
        delimiter = _NONE
    columns = [_unquoted(cell) for cell in _cells(names, delimiter)]
    if columns.count(field) != 1:
        raise InputError(f"it has no column {field}, or several; its columns are {', '.join(columns)}")
    yield kept(head)
    for row in _rows(file, delimiter.encode()):
        yield row if isinstance(row, Record) else _csv_row(row, columns.index(field), delimiter, kind)


def _rows(file: BinaryIO, delimiter: bytes) -> Iterator[bytes | Record]:
    """The rows of a table as they stand: lines, but for those that end within quotation marks."""
    held: list[bytes] = []
    size = 0
    inside = False
    for line in lines_of(file):
        if isinstance(line, Record) or size > LONGEST:
            # Where rows begin after this, nobody can tell.
            problem = f"from here on it cannot be told where rows begin and end: one has more than {LONGEST:,} bytes"
            first = [*held, b"" if isinstance(line, Record) else line]
            yield kept(b"".join(first), problem)
            if isinstance(line, Record):
                yield kept(line.rebuilt(None), continues=True)
            while piece := file.read(1 << 20):
                yield kept(piece, continues=True)
            return
        held.append(line)
        size += len(line)
        inside = _ends_inside(line, inside, delimiter)
        if not inside:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _ends_inside(line: bytes, inside: bool, delimiter: bytes) -> bool:
    """Whether a line ends within quotation marks; they open a cell only where they begin it."""
    at = 0
    while True:
        if not inside and line[at : at + 1] == b'"':
            inside = True
            at += 1
        if inside:
            at = cast("re.Match[bytes]", _REST.match(line, at)).end()
            if at >= len(line):
                return True
            inside = False
        at = line.find(delimiter, at) + 1
        if not at:
            return False


def _csv_row(row: bytes, column: int, delimiter: str, kind: str) -> Record:
    if not row.strip():
        return kept(row)
    if b"\0" in row:
        return kept(row, "its row holds NUL bytes")
    decoded = guess(row)
    body = decoded.text.rstrip("\r\n")
    cells = _cells(body, delimiter)
    if any(cell.startswith('"') and not _QUOTED.fullmatch(cell) for cell in cells):
        return kept(row, "its row is no well-formed CSV")
    if column >= len(cells):
        return kept(row, "its row has too few columns")

    def rebuilt(text: str | None) -> bytes:
        if text is None:
            return row
        cell = cells[column]
        ambiguous = any(char in text for char in f"{delimiter}\r\n") or text.startswith('"')
        if cell.startswith('"') or ambiguous or ('"' in text and '"' not in cell):
            text = '"' + text.replace('"', '""') + '"'
        return decoded.encode(delimiter.join((*cells[:column], text, *cells[column + 1 :])) + decoded.text[len(body) :])

    return Record(rebuilt, _unquoted(cells[column]), kind, decoded.encoding, weight=len(row))


def _cells(row: str, delimiter: str) -> list[str]:
    """The cells of a row as they stand, quotation marks and all."""
    cells: list[str] = []
    at = 0
    while True:
        quoted = _QUOTED.match(row, at)
        end = row.find(delimiter, quoted.end() if quoted else at)
        if end < 0:
            return [*cells, row[at:]]
        cells.append(row[at:end])
        at = end + 1


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell
