"""Bytes to text and back, without losing a byte.

A byte-order mark decides; else UTF-8; else cp1252; else latin-1, with a warning. NUL bytes outside UTF-16 and UTF-32
mean a binary file, which is refused. What was decoded is encoded the same way, so that untouched text keeps its bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

# UTF-32's mark begins with UTF-16's, so it is asked first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSES, _LAST = ("utf-8", "cp1252"), "latin-1"
# What is read, and so what can be written.
ENCODINGS = (*_GUESSES, _LAST, *(encoding for _, encoding in _MARKS[1:]))
# How lines may end, as they are written.
NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded input.

    Attributes:
        text: the characters, newlines as they stood, without the byte-order mark.
        encoding: the codec's name.
        mark: the byte-order mark's bytes, empty if there was none.
        warning: a sentence for the user if the decoding is a guess, else empty.
        newline: what lines end with where they are encoded; as they stand if empty.
    """

    text: str
    encoding: str
    mark: bytes = b""
    warning: str = ""
    newline: str = ""

    @property
    def origin(self) -> dict[str, str | bool]:
        """What `written_as` needs to make a `Decoded` that encodes like this one."""
        return {"encoding": self.encoding, "byte_order_mark": bool(self.mark)}

    def encode(self, text: str) -> bytes:
        """Returns a text in this encoding, byte-order mark included.

        Raises:
            InputError: if the encoding lacks one of the text's characters.
        """
        return self.mark + _encoded(_NEWLINE.sub(self.newline, text) if self.newline else text, self.encoding)

    def to(self, encoding: str | None = None, newline: str | None = None) -> Decoded:
        """Returns the same text to be written in another of `ENCODINGS`, with a byte-order mark if it is read by that, and with
        other newlines, one of `NEWLINES`.
        """
        written = self
        if encoding and encoding != self.encoding:
            mark = b"" if encoding in (*_GUESSES, _LAST) else _marks()[encoding]
            written = replace(written, encoding=encoding, mark=mark)
        return replace(written, newline=NEWLINES[newline]) if newline else written

    def quote(self, text: str) -> bytes:
        """Returns a text that quotes from the input, such as a diff: in UTF-8 where ASCII is no part of the input's encoding.

        Raises:
            InputError: if the encoding lacks one of the text's characters.
        """
        return _encoded(text, "utf-8" if self.encoding.startswith("utf") else self.encoding)


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        other = "" if encoding.startswith("utf") else "; `despin --encoding utf-8` writes every character"
        raise InputError(f"{text[error.start]!r} cannot be written in {encoding}{other}") from error


def _marks() -> dict[str, bytes]:
    return {encoding: mark for mark, encoding in _MARKS}


def written_as(origin: Mapping[str, object]) -> Decoded:
    """Returns an empty `Decoded` whose `encode` writes as `Decoded.origin` tells; in UTF-8 where it does not.

    Raises:
        InputError: if it names an encoding that despin does not read.
    """
    encoding = origin.get("encoding", "utf-8")
    if encoding not in ENCODINGS:
        raise InputError(f"{encoding!r} is no encoding that despin reads")
    return Decoded("", str(encoding), _marks().get(str(encoding), b"") if origin.get("byte_order_mark") else b"")


def most_bytes(characters: int) -> int:
    """Returns how many bytes a text of so many characters takes at most, in any encoding, a byte-order mark included."""
    return 4 * (characters + 1)


def decode(data: bytes) -> Decoded:
    """Decodes an input.

    Raises:
        InputError: if the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError as error:
                raise InputError(
                    f"its byte-order mark says {encoding}, but byte {len(mark) + error.start} is not valid in it"
                ) from error
    if b"\0" in data:
        raise InputError("it holds NUL bytes, so it is a binary file, not text")
    return guess(data)


def guess(data: bytes) -> Decoded:
    """Decodes bytes without a byte-order mark: as UTF-8, else as cp1252, else as latin-1, with a warning."""
    for encoding in _GUESSES:
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return Decoded(data.decode(_LAST), _LAST, warning="is neither UTF-8 nor Windows-1252; it was read as latin-1")
