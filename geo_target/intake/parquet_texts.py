"""How much text the rows of a Parquet file are: a dictionary holds a text once for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

#: Bytes of a column that are in memory at one time; of a row; and of some long ones beside: a cell
#: of Excel holds 32,767 signs, and a list has few such.
_AT_ONCE, _OF_A_ROW, _BESIDE = 1 << 24, 16_000, 1 << 25


class TooMuchTextError(Exception):
    """The rows of a file are longer than any list's."""


def text_batches(
    file: Path, opened: pq.ParquetFile, *, rows_at_once: int
) -> Iterator[pa.RecordBatch]:
    """The rows of a file in pieces that fit into memory whatever its longest text is.

    Raises
    ------
    TooMuchTextError
        As soon as the rows that were read are too much: a text of some megabytes in each row
        takes a few bytes in the file.
    """
    rows = max(1, min(rows_at_once, _AT_ONCE // max(1, _longest(file, opened, rows_at_once))))
    read = seen = 0
    for batch in opened.iter_batches(batch_size=rows):
        read, seen = read + batch.nbytes, seen + len(batch)
        if read > _BESIDE + _OF_A_ROW * seen:
            raise TooMuchTextError
        yield batch


def _longest(file: Path, opened: pq.ParquetFile, rows_at_once: int) -> int:
    """Bytes of the longest text of a dictionary, of those that may be long.

    Of a column of lists no more is known than how much it is in all.
    """
    asked = _may_be_long(opened.metadata, rows_at_once)
    flat = sorted({name for _, name in asked} & {*opened.schema_arrow.names})
    found = max((size for (_, name), size in asked.items() if name not in flat), default=0)
    with pq.ParquetFile(file, read_dictionary=flat) as encoded:
        for group in sorted({group for group, name in asked if name in flat}):
            # One row: its dictionaries are those of the whole group.
            first = next(encoded.iter_batches(batch_size=1, row_groups=[group], columns=flat))
            lengths = [pc.max(pc.binary_length(_words(column))) for column in first.columns]
            found = max(found, *(length.as_py() or 0 for length in lengths))
    return found


def _may_be_long(metadata: pq.FileMetaData, rows_at_once: int) -> dict[tuple[int, str], int]:
    """Bytes of each column of a group of rows that, were it one text, would be too much of it."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return {
        (number, column.path_in_schema): column.total_uncompressed_size
        for number, group in enumerate(groups)
        for column in map(group.column, range(group.num_columns))
        if column.physical_type == "BYTE_ARRAY" and column.has_dictionary_page
        and column.total_uncompressed_size * min(group.num_rows, rows_at_once) > _AT_ONCE
    }  # fmt: skip


def _words(column: pa.Array) -> pa.Array:
    return column.dictionary if pa.types.is_dictionary(column.type) else column
