"""Web archives (WARC, ISO 28500): the HTML and the plain text of responses, resources and conversions are documents.

A record that is restored gets a new length and new digests, and its HTTP body is no longer compressed; the others stay byte for
byte.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from despin.batch.formats.base import Record, kept, missing
from despin.document.decoding import decode
from despin.document.views import HTML, TEXT
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEWLINES = 16
_CHUNK = re.compile(rb"[0-9a-fA-F]+[ \t]*[;\r\n]")
# A record may have so many bytes, packed and unpacked; a larger one is passed on unread, in pieces of so many.
_LARGEST, _PIECE = 64 << 20, 1 << 20
# The encodings that `decode` tells apart; texts in others are left.
_CODECS = frozenset({"utf-8", "us-ascii", "ascii", "iso8859-1", "cp1252"})


def warc_records(file: BinaryIO) -> Iterator[Record]:
    """Yields the records of an archive.

    Args:
        file: the open file.

    Raises:
        InputError: if it is no web archive.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise missing("warcio") from error
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    archive = ArchiveIterator(file)
    # The iterator reads ahead; from this, records are read as they stand.
    with Path(file.name).open("rb") as copy:
        try:
            for record in archive:
                archive.read_to_end(record)
                copy.seek(archive.get_record_offset())
                length = archive.get_record_length()
                if length > _LARGEST:
                    yield from _pieces(copy, length, bool(_kind_of_record(record)))
                else:
                    yield _warc_record(record, copy.read(length), packed)
                if not packed and (after := _newlines(copy)):
                    # The blank lines that end a record are not counted.
                    yield kept(after)
        except (ArchiveLoadFailed, EOFError) as error:
            raise InputError(f"it is no web archive that can be read: {error}") from error


def _newlines(copy: BinaryIO) -> bytes:
    found = copy.read(_NEWLINES)
    return found[: len(found) - len(found.lstrip(b"\r\n"))]


def _pieces(copy: BinaryIO, length: int, is_text: bool) -> Iterator[Record]:
    """A record that is too large to be read, as it stands."""
    problem, begun = f"it has more than {_LARGEST:,} bytes" if is_text else "", False
    while length:
        piece = copy.read(min(length, _PIECE))
        if not piece:
            return
        length -= len(piece)
        yield kept(piece, problem, begun)
        problem, begun = "", True


def _kind_of_record(record: Any) -> str:
    """What the text of a web archive's record is; empty where it holds none that is restored."""
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    if record.rec_type not in ("response", "resource", "conversion") or headers is None:
        return ""
    media, _, rest = (headers.get_header("Content-Type") or "").lower().partition(";")
    named = re.search(r"charset=[\"']?([\w-]+)", rest)
    try:
        if named and codecs.lookup(named[1]).name not in _CODECS:
            return ""
    except LookupError:
        return ""
    packing = headers.get_header("Content-Encoding") or "" if record.rec_type == "response" else ""
    if packing.lower() not in ("", "identity", "gzip", "x-gzip", "deflate"):
        return ""
    return {"text/html": HTML, "application/xhtml+xml": HTML, "text/plain": TEXT}.get(media.strip(), "")


def _warc_record(record: Any, raw: bytes, packed: bool) -> Record:
    kind = _kind_of_record(record)
    if not kind:
        return kept(raw)
    content = _content(record, raw, packed)
    if content is None:
        return kept(raw, f"it has more than {_LARGEST:,} bytes")
    try:
        decoded = decode(_unpacked(record, content) if record.http_headers else content)
    except InputError as error:
        return kept(raw, str(error))

    def rebuilt(text: str | None) -> bytes:
        return raw if text is None else _with_body(record, decoded.encode(text), packed)

    return Record(rebuilt, decoded.text, kind, decoded.encoding, weight=len(raw))


def _content(record: Any, raw: bytes, packed: bool) -> bytes | None:
    """What stands below the headers of a record; None if it is too large.

    Raises:
        EOFError: if it ends before it should.
    """
    plain = raw
    if packed:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            plain = file.read(_LARGEST + 1)
    if len(plain) > _LARGEST:
        return None
    content = plain.partition(b"\r\n\r\n")[2]
    length = int(record.rec_headers.get_header("Content-Length") or 0)
    if len(content) < length:
        raise EOFError("it ends within a record")
    content = content[:length]
    return content.partition(b"\r\n\r\n")[2] if record.http_headers else content


def _unpacked(record: Any, content: bytes) -> bytes:
    """The body of a response, as its HTTP headers say that it is packed; many archives keep these of bodies that are not.

    Raises:
        InputError: if it is broken.
    """
    from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader

    def header(name: str) -> str:
        return (record.http_headers.get_header(name) or "").lower()

    try:
        if header("Transfer-Encoding") == "chunked" and _CHUNK.match(content):
            content = ChunkedDataReader(io.BytesIO(content), raise_exceptions=True).read()
        if header("Content-Encoding") in ("gzip", "x-gzip") and content.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                content = file.read(_LARGEST + 1)
        elif header("Content-Encoding") == "deflate" and not content.lstrip().startswith(b"<"):
            stream = zlib.decompressobj(15 if content[:1] == b"x" else -15)
            content = stream.decompress(content, _LARGEST + 1)
            if not stream.eof and len(content) <= _LARGEST:
                raise EOFError("it ends too early")
    except (ChunkedDataException, EOFError, OSError, zlib.error) as error:
        raise InputError(f"its packed body is broken: {error}") from error
    if len(content) > _LARGEST:
        raise InputError(f"it has more than {_LARGEST:,} bytes")
    return content


def _with_body(record: Any, body: bytes, packed: bool) -> bytes:
    """A record of a web archive with another body: with its length and its digests, and unpacked."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.warcwriter import WARCWriter

    if record.http_headers:
        for header in ("Content-Encoding", "Transfer-Encoding"):
            record.http_headers.remove_header(header)
        record.http_headers.replace_header("Content-Length", str(len(body)))
    about = (record.rec_headers, io.BytesIO(body), record.http_headers, record.content_type)
    out = io.BytesIO()
    # Without a length, the writer takes it and the digests anew.
    WARCWriter(out, gzip=packed).write_record(ArcWarcRecord("warc", record.rec_type, *about, None))
    return out.getvalue()
