"""Parquet files, each row of which is a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from despin.batch.formats.base import Record, missing
from despin.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# So many rows are read at a time, and written together once they take so many bytes.
_ROWS, _ROW_GROUP = 256, 32 << 20
# pyarrow's own names of some.
_PACKINGS = {"UNCOMPRESSED": "none", "LZ4_RAW": "lz4"}


def parquet_rows(file: BinaryIO, field: str, kind: str) -> Iterator[Record]:
    """Yields what the file is like, for the writer, and then its rows.

    Args:
        file: the open file.
        field: the column that holds a document's text.
        kind: what that is.

    Raises:
        InputError: if there is no such column, or it is no Parquet file.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise missing("pyarrow") from error
    try:
        # The nanoseconds that are usual reach no further than from 1677 to 2262.
        source = parquet.ParquetFile(file, coerce_int96_timestamp_unit="us")
        schema = source.schema_arrow
        if schema.names.count(field) != 1:
            raise InputError(f"it has no column {field}, or several; its columns are {', '.join(schema.names)}")
        place = schema.get_field_index(field)
        held = schema.field(place).type
        held = held.value_type if pa.types.is_dictionary(held) else held
        if not (pa.types.is_string(held) or pa.types.is_large_string(held) or pa.types.is_string_view(held)):
            raise InputError(f"its column {field} holds no text, but {held}")
        packing = source.metadata.row_group(0).column(0).compression if source.metadata.num_row_groups else "SNAPPY"
        yield Record(lambda _: (schema, packing, place))
        for batch in source.iter_batches(_ROWS):
            weight = batch.nbytes // max(1, len(batch))
            for row, text in enumerate(batch.column(place).to_pylist()):
                yield Record(_of_row(batch, row), text if isinstance(text, str) else None, kind, weight=weight)
    except pa.ArrowException as error:
        raise InputError(f"it is no Parquet file: {error}") from error


def _of_row(batch: Any, row: int) -> Callable[[str | None], Any]:
    return lambda text: (batch, row, text)


class ParquetWriter:
    """Writes rows of batches, in order, with other texts."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._writer: Any = None
        self._batch: Any = None
        self._rows: list[tuple[int, str | None]] = []
        self._held: list[Any] = []
        self._size = 0
        self._place = 0

    def write(self, piece: Any) -> None:
        """See `Writer`."""
        if self._writer is None:
            from pyarrow import parquet

            schema, packing, self._place = piece
            self._schema = schema
            self._writer = parquet.ParquetWriter(self._file, schema, compression=_PACKINGS.get(packing, packing.lower()))
            return
        batch, row, text = piece
        if batch is not self._batch:
            self._close_batch()
            self._batch = batch
        self._rows.append((row, text))

    def close(self) -> None:
        """See `Writer`."""
        self._close_batch()
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def _close_batch(self) -> None:
        if not self._rows:
            return
        import pyarrow as pa

        batch = self._batch.take(pa.array([row for row, _ in self._rows]))
        if any(text is not None for _, text in self._rows):
            old = batch.column(self._place).to_pylist()
            texts = [before if text is None else text for before, (_, text) in zip(old, self._rows, strict=True)]
            column = pa.array(texts, self._schema.field(self._place).type)
            columns = [column if place == self._place else batch.column(place) for place in range(batch.num_columns)]
            batch = pa.record_batch(columns, schema=batch.schema)
        self._held.append(batch)
        self._size += batch.nbytes
        self._rows = []
        if self._size >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            import pyarrow as pa

            self._writer.write_table(pa.Table.from_batches(self._held, self._schema))
            self._held, self._size = [], 0
