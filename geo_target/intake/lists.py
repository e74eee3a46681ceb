"""A list of an agency from file to table: each cell checked, each row accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo_target.errors import BalanceError, DataRefusedError, Fault
from geo_target.intake import cells, profiles
from geo_target.intake.profiles import Profile
from geo_target.intake.readers import Body, Cell, Grid, read_grid, refused
from geo_target.workbench import Table, Workbench

#: A total row has its word in one of the first columns.
_TOTAL_COLUMNS = 3
_TOTAL_WORDS = ["jumlah", "total", "grand total", "jumlah total", "sub total", "subtotal",
                "jumlah keseluruhan", "total keseluruhan"]  # fmt: skip


@dataclass(frozen=True)
class IntakeReport:
    """What became of a file's rows and cells; `rows` = the four row counts together."""

    file: str
    profile: str
    sheet: str
    header_row: int
    delimiter: str
    encoding: str
    rows: int
    accepted: int
    quarantined: int
    duplicates: int
    blank: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()

    def __post_init__(self) -> None:
        out = self.accepted + self.quarantined + self.duplicates + self.blank
        if self.rows != out:
            words = f"{self.rows} != {out}"
            raise BalanceError(
                Fault(
                    "E-BALANCE",
                    id=f"jumlah baris tidak seimbang ({words}); laporkan kepada pengembang",
                    en=f"the rows do not balance ({words}); report it to the developers",
                    file=self.file,
                )
            )


@dataclass(frozen=True)
class AgencyList:
    """An accepted list: the canonical columns of its role, `row`, and what was set aside.

    `faults` has a row for each set-aside cell and quarantined row: ``row``, ``column``
    (null for a whole row), ``code`` and ``value_masked``.
    """

    profile: Profile
    as_of: date
    table: Table
    faults: Table
    report: IntakeReport


def read_list(
    bench: Workbench,
    file: Path,
    *,
    profile: Profile | None,
    as_of: date,
    program: str | None = None,
    sheet: str | None = None,
    grid: Grid | None = None,
) -> AgencyList:
    """Read one list onto the workbench.

    Parameters
    ----------
    file
        XLSX, XLS, XLSB, ODS, CSV or Parquet.
    profile
        Its layout; none means that the headers tell.
    as_of
        The day the list stood: the year of a payment period that prints none.
    program
        Program of every row that does not name one.
    sheet
        Sheet of a workbook; none means its only visible one.
    grid
        The file, where it is open already.

    Raises
    ------
    DataRefusedError
        If the file cannot be read, has no header or no rows, or lacks a needed column.
    """
    grid = grid or read_grid(file, sheet=sheet)
    profile, header, positions = _find_header(file, grid, profile)
    number, cells_of_header = grid.head[header]
    body = grid.body(number, len(cells_of_header))
    if not len(body.numbers) and not body.ragged:
        raise DataRefusedError(
            Fault(
                "E-NOROWS",
                id="hanya ada baris judul, tidak ada data; periksa berkasnya",
                en="there is a header row only, no data; look at the file",
                file=file.name,
                sheet=grid.sheet,
            )
        )
    try:
        raw = bench.take(_raw_table(body, positions))
    except pa.ArrowException:
        raise refused(
            file,
            "E-PARQUET",
            "sebuah kolom tidak berisi teks atau bilangan; simpan semua kolom sebagai teks",
            "a column holds neither text nor numbers; save all columns as text",
        ) from None
    checked = cells.check(raw, profile, as_of=as_of, program=program)
    faults = cells.with_ragged(checked.faults, body.ragged)
    headers = [(_text(cell) or "").strip() for cell in cells_of_header]
    reasons = {**checked.reasons, **({"E-RAGGED": len(body.ragged)} if body.ragged else {})}
    report = IntakeReport(
        file=file.name,
        profile=profile.name,
        sheet=grid.sheet,
        header_row=number,
        delimiter=grid.delimiter,
        encoding=grid.encoding,
        rows=len(body.numbers) + body.blank + len(body.ragged),
        accepted=len(checked.accepted),
        quarantined=sum(reasons.values()),
        duplicates=checked.duplicates,
        blank=body.blank,
        set_aside=checked.set_aside,
        reasons=reasons,
        columns={name: headers[position] for name, position in positions.items()},
        ignored=[h for i, h in enumerate(headers) if h and i not in positions.values()],
    )
    return AgencyList(profile, as_of, checked.accepted, faults, report)


def _find_header(
    file: Path, grid: Grid, profile: Profile | None
) -> tuple[Profile, int, dict[str, int]]:
    """Which of the first rows is the header: the one with the most known columns."""
    texts = [[_text(cell) or "" for cell in row] for _, row in grid.head]
    if not texts:
        raise refused(
            file,
            "E-EMPTY",
            "berkas atau lembarnya kosong; unduh lagi dari sumbernya",
            "the file or its sheet is empty; download it again from its source",
        )
    profile = profile or profiles.detect_profile(texts)
    if profile is None:
        seen = max(texts, key=len, default=[])
        raise DataRefusedError(
            Fault(
                "E-LAYOUT",
                id=f"tata letak tidak dikenal; kolom yang ada: {', '.join(seen[:12])}; "
                "sebut profilnya dengan --profile",
                en=f"the layout is unknown; its columns are: {', '.join(seen[:12])}; "
                "name a profile with --profile",
                file=file.name,
                sheet=grid.sheet,
            )
        )
    found = [len(profiles.match_headers(profile, headers)) for headers in texts]
    header = found.index(max(found))
    positions = profiles.check_headers(
        profile, texts[header], file=file.name, sheet=grid.sheet, row=grid.head[header][0]
    )
    return profile, header, positions


def _raw_table(body: Body, positions: Mapping[str, int]) -> pa.Table:
    """Text columns by canonical name, ``row``, and marks of number cells and total rows."""
    columns: dict[str, Any] = {"row": pa.array(body.numbers, pa.int64())}
    for name, position in positions.items():
        column = body.columns[position]
        columns[name] = _text_column(column)
        if name not in cells.IDENTITY_COLUMNS:
            continue
        if isinstance(column, pa.Array | pa.ChunkedArray):
            marks = [pa.types.is_floating(column.type)] * len(column)
        else:
            marks = [isinstance(cell, float) for cell in column]
        if any(marks):
            columns[f"{name}__number"] = pa.array(marks, pa.bool_())
    totals = _total_rows(body)
    if totals.any():
        columns["is_total"] = pa.array(totals, pa.bool_())
    return pa.table(columns)


def _total_rows(body: Body) -> npt.NDArray[np.bool_]:
    """Which rows begin with a word such as JUMLAH: their first filled cell says so."""
    empty = np.ones(len(body.numbers), dtype=bool)
    total = np.zeros(len(body.numbers), dtype=bool)
    for column in body.columns[:_TOTAL_COLUMNS]:
        if isinstance(column, pa.Array | pa.ChunkedArray) and pa.types.is_nested(column.type):
            continue
        text = pc.fill_null(pc.utf8_lower(pc.utf8_trim(_text_column(column), " :.*")), "")
        total |= empty & pc.is_in(text, pa.array(_TOTAL_WORDS)).to_numpy(zero_copy_only=False)
        empty &= pc.equal(text, "").to_numpy(zero_copy_only=False)
    return total


def _text_column(column: Sequence[Cell] | pa.Array | pa.ChunkedArray) -> Any:
    """A column as Arrow text, whatever it came as."""
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        return pa.array([_text(cell) for cell in column], pa.string())
    if pa.types.is_floating(column.type):
        return pa.array([_text(cell) for cell in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _text(cell: Cell) -> str | None:
    """A cell as text, its digits untouched: 36.0 of a spreadsheet is 36."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
