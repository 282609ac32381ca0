"""Files as sequences of documents: what is read of each format, and how it is written with other texts.

A text file, Markdown or HTML is one document; JSONL, CSV, Parquet and WARC hold many, of which no more than a few are in memory
at a time. What is not restored is written as it was.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from despin.batch.formats.base import GZIP, ZSTANDARD, Format, Plain, Record, Writer, kept, packed
from despin.batch.formats.lines import json_lines
from despin.batch.formats.parquet import ParquetWriter, parquet_rows
from despin.batch.formats.table import TAB, csv_rows
from despin.batch.formats.warc import warc_records
from despin.document.decoding import decode
from despin.document.views import SUFFIXES, TEXT, kind_of
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Format", "Record", "Writer", "format_of"]

_TEXTS = (".txt", ".text", *SUFFIXES)
_LINES = (".jsonl", ".ndjson")
_TABLES = {".csv": "", ".tsv": TAB}
_ARCHIVES = (".warc", ".warc.gz", ".wet", ".wet.gz")
_PARQUET = ".parquet"


def format_of(name: str, field: str, kind: str | None = None) -> Format | None:
    """Returns the format of a file by its name; None for one that is not cleaned.

    Args:
        name: the file's name.
        field: the field or column that holds a document's text.
        kind: what texts are, one of `despin.document.views.KINDS`; if None, what the file's name says, and text in files that
            hold many.
    """
    name = PurePath(name).name.lower()
    if name.endswith(_TEXTS):
        return Format(lambda file: _whole_file(file, kind or kind_of(name)), Plain, single=True)
    if name.endswith(_ARCHIVES):
        return Format(warc_records, Plain)
    if name.endswith(_PARQUET):
        return Format(lambda file: parquet_rows(file, field, kind or TEXT), ParquetWriter)
    packing = next((suffix for suffix in (GZIP, ZSTANDARD) if name.endswith(suffix)), "")
    name = name.removesuffix(packing)
    if name.endswith(_LINES):
        return packed(packing, lambda file: json_lines(file, field, kind or TEXT))
    delimiter = _TABLES.get(PurePath(name).suffix)
    return None if delimiter is None else packed(packing, lambda file: csv_rows(file, field, kind or TEXT, delimiter))


def _whole_file(file: BinaryIO, kind: str) -> Iterator[Record]:
    data = file.read()
    try:
        decoded = decode(data)
    except InputError as error:
        yield kept(data, str(error))
        return

    def rebuilt(text: str | None) -> bytes:
        return data if text is None else decoded.encode(text)

    yield Record(rebuilt, decoded.text, kind, decoded.encoding, weight=len(data))
