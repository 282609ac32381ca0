"""JSONL: each line is a document. All but the texts that are restored stays byte for byte."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from despin.batch.formats.base import Record, kept
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A line may have so many bytes; a longer one is passed on unread.
LONGEST = 64 << 20
_BLANK = re.compile(r"[ \t\r\n]*")


def json_lines(file: BinaryIO, field: str, kind: str) -> Iterator[Record]:
    """Yields the lines of a file of JSON objects.

    Args:
        file: the open file.
        field: the member that holds a document's text.
        kind: what that is.

    Raises:
        InputError: if no line has the member.
    """
    held = lacking = False
    for line in lines_of(file):
        if isinstance(line, Record):
            yield line
            continue
        try:
            yield _json_line(line, field, kind)
            held |= bool(line.strip())
        except KeyError:
            lacking = True
            yield kept(line)
    if lacking and not held:
        raise InputError(f"no line of it has a field {field}")


def lines_of(file: BinaryIO) -> Iterator[bytes | Record]:
    """Yields the lines of a file; one that is too long comes in pieces, as records without a text."""
    while line := file.readline(LONGEST):
        if len(line) < LONGEST or line.endswith(b"\n"):
            yield line
            continue
        yield kept(line, f"its line has more than {LONGEST:,} bytes")
        while line := file.readline(LONGEST):
            yield kept(line, continues=True)
            if line.endswith(b"\n"):
                break


def _json_line(line: bytes, field: str, kind: str) -> Record:
    """A line as a document.

    Raises:
        KeyError: if it has no such field.
    """
    if not line.strip():
        return kept(line)
    try:
        source = line.decode("utf-8")
        value, start, end = _member(source, field)
    except (ValueError, RecursionError) as error:
        return kept(line, f"it is no JSON object: {error}")
    if not end:
        raise KeyError(field)
    if not isinstance(value, str):
        return kept(line, "" if value is None else f"its field {field} holds no text")

    def rebuilt(text: str | None) -> bytes:
        if text is None:
            return line
        # Escaped as it was, and so that it can be written.
        plain = source[start:end].isascii() or any("\ud800" <= char <= "\udfff" for char in text)
        return (source[:start] + json.dumps(text, ensure_ascii=plain) + source[end:]).encode()

    return Record(rebuilt, value, kind, weight=len(line))


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
