"""Files as cells of text: nothing is guessed about types, missing values or dates."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake import containers
from geo_target.intake.faults import refused as refused  # noqa: PLC0414  # known from here
from geo_target.intake.parquet_texts import TooMuchTextError, text_batches

#: An upload is never this large.
_LARGEST_FILE = 4_000_000_000

#: The header is looked for among so many rows that are not blank.
HEAD_ROWS = 20

#: A Parquet file says how much it holds: persons of a third of the nation; and so many bytes, or so
#: many times its own.
_MOST_ROWS, _MOST_COLUMNS = 100_000_000, 2_000
_UNPACKED, _UNPACKED_RATIO = 300_000_000, 40
#: Values of a column for each row: more than one only where a cell is a list.
_MOST_NESTED = 10
#: Rows of a Parquet file that are in memory at one time.
_PARQUET_ROWS = 1 << 17

Cell = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class Body:
    """Rows below a header, by column.

    `numbers` holds the number that a spreadsheet or an editor shows beside each row.
    Blank rows are left out and counted; rows whose number of cells is wrong are left out
    and named in `ragged`. `unread` names cells that hold a formula without its value, or
    an error: row number, position of the column, code.
    """

    columns: Sequence[Sequence[Cell] | pa.Array | pa.ChunkedArray]
    numbers: npt.NDArray[np.int64]
    blank: int = 0
    ragged: Sequence[int] = ()
    unread: Sequence[tuple[int, int, str]] = ()
    notices: Sequence[Fault] = ()
    size: int = 0
    """Bytes of a long file that it was read from; 0 where the file comes in one piece."""


@dataclass(frozen=True)
class Grid:
    """A file that is open: its first rows, and a way to read what follows one of them.

    `head` holds the first rows that are not blank, with their numbers; `pieces` reads the
    rows after a row number, which has so many cells: a long text or Parquet file comes in
    many pieces, all else in one. `notices` are worth knowing and refuse nothing.
    """

    head: Sequence[tuple[int, Sequence[Cell]]]
    pieces: Callable[[int, int], Iterator[Body]] = field(repr=False)
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    notices: Sequence[Fault] = ()
    sha256: str = ""
    """Of what is read, where that is known: of a file its bytes, of a database the rows."""


def read_grid(file: Path, *, sheet: str | None = None) -> Grid:
    """Open a list: XLSX, XLS, XLSB, ODS, Parquet, GeoPackage, a table of a web page, or text.

    Its first bytes say what it is, not its name. `sheet` names the sheet of a workbook or
    the table of a GeoPackage.

    Raises
    ------
    DataRefusedError
        If the file is missing, empty, cut, locked, too large, of another kind, or changes
        while it is read; if the workbook has several sheets and `sheet` names none of them;
        or, when its rows are read, if the header takes two rows.
    """
    containers.check_name(file)
    head = _first_bytes(file)
    before = containers.stamp(file)
    grid = _opened(file, head, sheet)
    if containers.stamp(file) != before:
        raise containers.changing(file)
    return replace(grid, pieces=_with_one_header_row(file, grid))


def _opened(file: Path, head: bytes, sheet: str | None) -> Grid:
    if head.startswith(containers.PARQUET):
        return _parquet_grid(file)
    if head.startswith(containers.SQLITE):
        from geo_target.intake.geopackages import geopackage_grid  # noqa: PLC0415

        return geopackage_grid(file, sheet)
    if head.startswith((containers.ZIP, containers.OLD_EXCEL)):
        from geo_target.intake.workbooks import workbook_grid  # noqa: PLC0415

        return workbook_grid(file, sheet, is_zip=head.startswith(containers.ZIP))
    from geo_target.intake.text_files import text_grid  # noqa: PLC0415

    return text_grid(file, head)


def _with_one_header_row(file: Path, grid: Grid) -> Callable[[int, int], Iterator[Body]]:
    """`grid.pieces`, refusing a header whose second row only parts a title of the first."""

    def pieces(header: int, width: int) -> Iterator[Body]:
        rows = dict(grid.head)
        if header in rows and _parts_titles(rows[header], rows.get(header + 1, ())):
            raise refused(
                file,
                "E-HEADER2",
                "judul kolom terdiri dari dua baris (sel gabungan); jadikan satu baris, satu "
                "nama untuk tiap kolom, misalnya 'Penerima L' dan 'Penerima P'",
                "the header takes two rows (merged cells); make it one row with a name for "
                "each column, such as 'Penerima L' and 'Penerima P'",
                row=header,
            )
        yield from grid.pieces(header, width)

    return pieces


def _parts_titles(header: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether the row below has words only under titles that span several columns.

    A title spans when the cell right of it is empty. Rows of data fill other columns too.
    """
    title = [isinstance(cell, str) and bool(cell.strip()) for cell in header]
    words = [isinstance(cell, str) and any(c.isalpha() for c in cell) for cell in below]
    filled = [cell is not None and cell != "" for cell in below]
    spanned = {
        position
        for position in range(1, min(len(title), len(filled)))
        if not title[position] and any(title[:position])
    }
    spanned |= {position - 1 for position in spanned}
    places = {position for position, there in enumerate(filled) if there}
    unnamed = {position for position in places if title[position : position + 1] != [True]}
    return bool(unnamed) and places <= spanned and all(words[position] for position in places)


def _first_bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            head = opened.read(4096)
    except OSError:
        raise refused(
            file,
            "E-FILE",
            "berkas tidak ditemukan atau tidak dapat dibaca; periksa letak dan namanya",
            "the file is missing or cannot be read; check its place and name",
        ) from None
    if not head.strip(b" \r\n\t\x00\xef\xbb\xbf"):
        raise refused(
            file,
            "E-EMPTY",
            "berkas kosong; unduh lagi dari sumbernya",
            "the file is empty; download it again from its source",
        )
    if size > _LARGEST_FILE:
        raise refused(
            file,
            "E-SIZE",
            "berkas lebih dari 4 GB; bagi per kecamatan",
            "the file is larger than 4 GB; split it by district",
        )
    return head


def _parquet_grid(file: Path) -> Grid:
    stamp = containers.stamp(file)
    with _broken_is_refused(file), pq.ParquetFile(file) as opened:
        schema, rows = opened.schema_arrow, opened.metadata.num_rows
        if _is_bomb(opened.metadata, stamp[0]):
            raise _too_large(file)

    def pieces(_header: int, _width: int) -> Iterator[Body]:
        number = 2  # its first row is shown below the names, as a spreadsheet would
        with _broken_is_refused(file), pq.ParquetFile(file) as opened:
            for batch in text_batches(file, opened, rows_at_once=_PARQUET_ROWS):
                batch.validate(full=True)  # a writer may have put bytes of cp1252 where text is
                size = stamp[0] * len(batch) // rows if rows > _PARQUET_ROWS else 0
                yield Body(batch.columns, np.arange(number, number + len(batch)), size=size)
                number += len(batch)
        if not rows:
            yield Body(schema.empty_table().columns, np.arange(0))
        if containers.stamp(file) != stamp:
            raise containers.changing(file)

    return Grid([(1, schema.names)], pieces)


def _is_bomb(metadata: pq.FileMetaData, size: int) -> bool:
    """Whether a file unpacks to far more rows, cells or bytes than any list of its size."""
    if metadata.num_rows > _MOST_ROWS or metadata.num_columns > _MOST_COLUMNS:
        return True
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    parts = [group.column(i) for group in groups for i in range(group.num_columns)]
    unpacked = sum(part.total_uncompressed_size for part in parts)
    values = max((part.num_values for part in parts), default=0)
    most = _MOST_NESTED * (metadata.num_rows + _PARQUET_ROWS)
    return bool(unpacked > max(_UNPACKED, _UNPACKED_RATIO * size) or values > most)


def _too_large(file: Path) -> DataRefusedError:
    return refused(
        file,
        "E-SIZE",
        "berkas Parquet terlalu besar setelah dibuka; bagi per kecamatan",
        "the Parquet file is too large once it is unpacked; split it by district",
    )


@contextmanager
def _broken_is_refused(file: Path) -> Iterator[None]:
    try:
        yield
    except TooMuchTextError:
        raise _too_large(file) from None
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        raise refused(
            file,
            "E-PARQUET",
            "berkas Parquet rusak atau teksnya bukan UTF-8; unduh atau ekspor lagi",
            "the Parquet file is broken or its text is not UTF-8; download or export it again",
        ) from None
