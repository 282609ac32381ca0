"""Files of which each line or row is a document: JSONL and CSV. All but the texts that are restored stays byte for byte."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from despin.batch.formats.base import Record, kept
from despin.document.decoding import decode
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A line or a row may have so many bytes; a longer one is passed on unread.
_LONGEST = 64 << 20
_BLANK = re.compile(r"[ \t\r\n]*")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def json_lines(file: BinaryIO, field: str, kind: str) -> Iterator[Record]:
    """Yields the lines of a file of JSON objects.

    Args:
        file: the open file.
        field: the member that holds a document's text.
        kind: what that is.

    Raises:
        InputError: if no line has the member.
    """
    held = lacking = 0
    for line in _lines_of(file):
        record = line if isinstance(line, Record) else _json_line(line, field, kind)
        held += record.text is not None or bool(record.problem)
        lacking += record is not line and record.text is None and not record.problem
        yield record
    if lacking and not held:
        raise InputError(f"no line of it has a field {field}")


def _lines_of(file: BinaryIO) -> Iterator[bytes | Record]:
    """The lines of a file; one that is too long comes in pieces, as records without a text."""
    while line := file.readline(_LONGEST):
        if len(line) < _LONGEST or line.endswith(b"\n"):
            yield line
            continue
        yield kept(line, f"its line has more than {_LONGEST:,} bytes")
        while line := file.readline(_LONGEST):
            yield kept(line)
            if line.endswith(b"\n"):
                break


def _json_line(line: bytes, field: str, kind: str) -> Record:
    if not line.strip():
        return kept(line)
    try:
        source = line.decode("utf-8")
        value, start, end = _member(source, field)
    except (ValueError, RecursionError) as error:
        return kept(line, f"it is no JSON object: {error}")
    if not isinstance(value, str):
        return kept(line, "" if value is None else f"its field {field} holds no text")

    def rebuilt(text: str | None) -> bytes:
        if text is None:
            return line
        # Escaped as it was, and so that it can be written.
        plain = source[start:end].isascii() or any("\ud800" <= char <= "\udfff" for char in text)
        return (source[:start] + json.dumps(text, ensure_ascii=plain) + source[end:]).encode()

    return Record(rebuilt, value, kind)


def _member(source: str, field: str) -> tuple[Any, int, int]:
    """The value of a member of a JSON object, and where it stands; None and 0, if there is none.

    Raises:
        ValueError: if the source is no JSON object.
    """
    decoder = json.JSONDecoder()
    found: tuple[Any, int, int] = (None, 0, 0)
    at = _after_blank(source, 1 if source.startswith("\ufeff") else 0)
    if source[at : at + 1] != "{":
        raise ValueError("it does not begin with {")
    at = _after_blank(source, at + 1)
    while source[at : at + 1] != "}":
        name, at = decoder.raw_decode(source, at)
        at = _after_blank(source, at)
        if not isinstance(name, str) or source[at : at + 1] != ":":
            raise ValueError(f"character {at} is not what stands after a name")
        start = _after_blank(source, at + 1)
        value, at = decoder.raw_decode(source, start)
        if name == field:
            found = (value, start, at)
        at = _after_blank(source, at)
        if source[at : at + 1] == ",":
            at = _after_blank(source, at + 1)
        elif source[at : at + 1] != "}":
            raise ValueError(f"character {at} is not what stands after a value")
    if _after_blank(source, at + 1) < len(source):
        raise ValueError(f"something stands after the object, at character {at + 1}")
    return found


def _after_blank(source: str, at: int) -> int:
    return cast("re.Match[str]", _BLANK.match(source, at)).end()


def csv_rows(file: BinaryIO, field: str, kind: str) -> Iterator[Record]:
    """Yields the rows of a table whose first row names the columns.

    Args:
        file: the open file.
        field: the column that holds a document's text.
        kind: what that is.

    Raises:
        InputError: if there is no such column.
    """
    rows = _raw_rows(file)
    head = next(rows, None)
    if head is None:
        return
    if isinstance(head, Record):
        raise InputError("its first row is too long to name columns")
    names = decode(head).text
    delimiter = max(",;\t|", key=names.count)
    columns = [_unquoted(cell) for cell in _cells(names.rstrip("\r\n"), delimiter)]
    if field not in columns:
        raise InputError(f"it has no column {field}; its columns are {', '.join(columns)}")
    yield kept(head)
    for row in rows:
        yield row if isinstance(row, Record) else _csv_row(row, columns.index(field), delimiter, kind)


def _raw_rows(file: BinaryIO) -> Iterator[bytes | Record]:
    """The rows of a table as they stand: lines, but for those that end within quotation marks."""
    held = b""
    for line in _lines_of(file):
        if isinstance(line, Record):
            yield from ([kept(held)] if held else [])
            yield line
            held = b""
            continue
        held += line
        if held.count(b'"') % 2 == 0 or len(held) > _LONGEST:
            yield held
            held = b""
    if held:
        yield held


def _csv_row(row: bytes, column: int, delimiter: str, kind: str) -> Record:
    if not row.strip():
        return kept(row)
    decoded = decode(row)
    body = decoded.text.rstrip("\r\n")
    cells = _cells(body, delimiter)
    if any('"' in cell and not _QUOTED.fullmatch(cell) for cell in cells):
        return kept(row, "its row is no well-formed CSV")
    if column >= len(cells):
        return kept(row, "its row has too few columns")

    def rebuilt(text: str | None) -> bytes:
        if text is None:
            return row
        cell = cells[column]
        if cell.startswith('"') or any(char in text for char in f'{delimiter}"\r\n'):
            text = '"' + text.replace('"', '""') + '"'
        return decoded.encode(delimiter.join((*cells[:column], text, *cells[column + 1 :])) + decoded.text[len(body) :])

    return Record(rebuilt, _unquoted(cells[column]), kind, decoded.encoding)


def _cells(row: str, delimiter: str) -> list[str]:
    """The cells of a row as they stand, quotation marks and all."""
    pattern = re.compile(rf'(?:"(?:[^"]|"")*"|[^"{re.escape(delimiter)}])*')
    cells = []
    at = 0
    while True:
        end = cast("re.Match[str]", pattern.match(row, at)).end()
        cells.append(row[at:end])
        if end >= len(row) or row[end] != delimiter:
            return cells if end >= len(row) else [row]
        at = end + 1


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell
