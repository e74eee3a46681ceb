"""Files as cells of text: nothing is guessed about types, missing values or dates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo_target.errors import DataRefusedError, Fault

#: An upload is never this large.
_LARGEST_FILE = 4_000_000_000

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET = b"PAR1"

#: The header is looked for among so many rows that are not blank.
HEAD_ROWS = 20

Cell = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class Body:
    """The rows below a header, by column.

    `numbers` holds the number that a spreadsheet or an editor shows beside each row.
    Blank rows are left out and counted; rows whose number of cells is wrong are left out
    and named in `ragged`.
    """

    columns: Sequence[Sequence[Cell] | pa.Array | pa.ChunkedArray]
    numbers: npt.NDArray[np.int64]
    blank: int = 0
    ragged: Sequence[int] = ()


@dataclass(frozen=True)
class Grid:
    """A file that is open: its first rows, and a way to read what follows one of them.

    `head` holds the first rows that are not blank, with their numbers; `body` reads the
    rows after a row number, which has so many cells.
    """

    head: Sequence[tuple[int, Sequence[Cell]]]
    body: Callable[[int, int], Body] = field(repr=False)
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""


def read_grid(file: Path, *, sheet: str | None = None) -> Grid:
    """Open a list: XLSX, XLS, XLSB, ODS, Parquet, or text with separated columns.

    Raises
    ------
    DataRefusedError
        If the file is missing, empty, cut, locked, too large, or of another kind; or if
        the workbook has several sheets and `sheet` names none of them.
    """
    head = _first_bytes(file)
    if head.startswith(_PARQUET):
        return _parquet_grid(file)
    if head.startswith((_ZIP, _OLD_EXCEL)):
        from geo_target.intake.workbooks import workbook_grid  # noqa: PLC0415

        return workbook_grid(file, sheet, is_zip=head.startswith(_ZIP))
    from geo_target.intake.text_files import text_grid  # noqa: PLC0415

    return text_grid(file, head)


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
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(file) as opened:  # no columns out of the names of folders
            table = opened.read()
    except (pa.ArrowException, OSError):
        raise refused(
            file,
            "E-PARQUET",
            "berkas Parquet rusak; unduh lagi",
            "the Parquet file is broken; download it again",
        ) from None

    def body(_header: int, _width: int) -> Body:
        # Its first row is shown below the names, as a spreadsheet would.
        return Body(table.columns, np.arange(2, table.num_rows + 2))

    return Grid([(1, table.column_names)], body)


def refused(
    file: Path, code: str, indonesian: str, english: str, *, row: int | None = None
) -> DataRefusedError:
    """A refusal of a whole file."""
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=file.name, row=row))
