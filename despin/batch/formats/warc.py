"""Web archives (WARC, ISO 28500): the HTML and the plain text of responses, resources and conversions are documents.

A record that is restored gets a new length and new digests, and its HTTP body is no longer compressed; the others stay byte for
byte.
"""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from despin.batch.formats.base import Record, kept, missing
from despin.document.decoding import decode
from despin.document.views import HTML, TEXT
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEWLINES = 16
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
                body = record.content_stream().read() if _kind_of_record(record) else None
                archive.read_to_end(record)
                copy.seek(archive.get_record_offset())
                raw = copy.read(archive.get_record_length())
                if not packed:
                    # The blank lines that end a record are not counted.
                    after = copy.read(_NEWLINES)
                    raw += after[: len(after) - len(after.lstrip(b"\r\n"))]
                yield _warc_record(record, body, raw, packed)
        except (ArchiveLoadFailed, EOFError) as error:
            raise InputError(f"it is no web archive that can be read: {error}") from error


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
    if packing.lower() not in ("", "identity", "gzip", "deflate"):
        return ""
    return {"text/html": HTML, "application/xhtml+xml": HTML, "text/plain": TEXT}.get(media.strip(), "")


def _warc_record(record: Any, body: bytes | None, raw: bytes, packed: bool) -> Record:
    if body is None:
        return kept(raw)
    try:
        decoded = decode(body)
    except InputError as error:
        return kept(raw, str(error))

    def rebuilt(text: str | None) -> bytes:
        return raw if text is None else _with_body(record, decoded.encode(text), packed)

    return Record(rebuilt, decoded.text, _kind_of_record(record), decoded.encoding)


def _with_body(record: Any, body: bytes, packed: bool) -> bytes:
    """A record of a web archive with another body: with its length and its digests, and unpacked."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.warcwriter import WARCWriter

    record.rec_headers.remove_header("WARC-Truncated")
    if record.http_headers:
        for header in ("Content-Encoding", "Transfer-Encoding"):
            record.http_headers.remove_header(header)
        record.http_headers.replace_header("Content-Length", str(len(body)))
    about = (record.rec_headers, io.BytesIO(body), record.http_headers, record.content_type)
    out = io.BytesIO()
    # Without a length, the writer takes it and the digests anew.
    WARCWriter(out, gzip=packed).write_record(ArcWarcRecord("warc", record.rec_type, *about, None))
    return out.getvalue()
