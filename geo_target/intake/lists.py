"""A list of an agency from file to table: each cell checked, each row accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from geo_target.errors import BalanceError, DataRefusedError, Fault
from geo_target.intake import cells, profiles
from geo_target.intake.profiles import Profile
from geo_target.intake.readers import Cell, Grid, read_grid
from geo_target.workbench import Table, Workbench

_HEADER_ROWS = 20
_TOTAL_WORDS = {"jumlah", "total", "grandtotal", "jumlahtotal", "subtotal", "jumlahkeseluruhan"}


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

    Raises
    ------
    DataRefusedError
        If the file cannot be read, has no header or no rows, or lacks a needed column.
    """
    grid = read_grid(file, sheet=sheet)
    profile, header, positions = _find_header(file, grid, profile)
    first = header + 1
    raw, ragged = _raw_table(grid, first, positions, width=len(grid.rows[header]))
    if not raw.num_rows and not ragged:
        raise DataRefusedError(
            Fault(
                "E-NOROWS",
                id="hanya ada baris judul, tidak ada data; periksa berkasnya",
                en="there is a header row only, no data; look at the file",
                file=file.name,
                sheet=grid.sheet,
            )
        )
    checked = cells.check(bench.take(raw), profile, as_of=as_of, program=program)
    faults = cells.with_ragged(checked.faults, ragged)
    headers = [_text(cell) or "" for cell in grid.rows[header]]
    report = _report(
        file, grid, profile, header, checked, ragged=len(ragged),
        columns={name: headers[position].strip() for name, position in positions.items()},
        ignored=[h.strip() for i, h in enumerate(headers) if i not in positions.values() and h],
    )  # fmt: skip
    return AgencyList(profile, as_of, checked.accepted, faults, report)


def _find_header(
    file: Path, grid: Grid, profile: Profile | None
) -> tuple[Profile, int, dict[str, int]]:
    """Which of the first rows is the header: the one with the most known columns."""
    texts = [[_text(cell) or "" for cell in row] for row in grid.rows[:_HEADER_ROWS]]
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
    header = found.index(max(found)) if found else 0
    positions = profiles.check_headers(
        profile, texts[header], file=file.name, sheet=grid.sheet, row=grid.numbers[header]
    )
    return profile, header, positions


def _raw_table(
    grid: Grid, first: int, positions: Mapping[str, int], *, width: int
) -> tuple[pa.Table, list[int]]:
    """Text columns by canonical name, `row`, `<column>__number` marks; and ragged rows."""
    rows, numbers = grid.rows[first:], grid.numbers[first:]
    ragged: list[int] = []
    if grid.delimiter:
        ragged = [n for n, row in zip(numbers, rows, strict=True) if len(row) != width]
        kept = [i for i, row in enumerate(rows) if len(row) == width] if ragged else None
        if kept is not None:
            rows, numbers = [rows[i] for i in kept], [numbers[i] for i in kept]
    columns: dict[str, Any] = {"row": pa.array(numbers, pa.int64())}
    for name, position in positions.items():
        column = [row[position] for row in rows]
        if grid.delimiter:
            columns[name] = pa.array(column, pa.string())
            continue
        columns[name] = pa.array([_text(cell) for cell in column], pa.string())
        marks = [isinstance(cell, float) for cell in column]
        if name in cells.IDENTITY_COLUMNS and any(marks):
            columns[f"{name}__number"] = pa.array(marks, pa.bool_())
    totals = [_is_total(row) for row in rows] if not grid.delimiter else None
    if totals and any(totals):
        columns["is_total"] = pa.array(totals, pa.bool_())
    return pa.table(columns), ragged


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if cell not in {"", None}), None)
    return isinstance(first, str) and profiles.folded(first) in _TOTAL_WORDS


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


def _report(
    file: Path,
    grid: Grid,
    profile: Profile,
    header: int,
    checked: cells.Checked,
    *,
    ragged: int,
    columns: Mapping[str, str],
    ignored: Sequence[str],
) -> IntakeReport:
    header_number = grid.numbers[header]
    blank = sum(number > header_number for number in grid.blank_rows)
    reasons = dict(checked.reasons)
    if ragged:
        reasons["E-RAGGED"] = ragged
    return IntakeReport(
        file=file.name,
        profile=profile.name,
        sheet=grid.sheet,
        header_row=header_number,
        delimiter=grid.delimiter,
        encoding=grid.encoding,
        rows=len(grid.rows) - header - 1 + blank,
        accepted=len(checked.accepted),
        quarantined=sum(reasons.values()),
        duplicates=checked.duplicates,
        blank=blank,
        set_aside=checked.set_aside,
        reasons=reasons,
        columns=columns,
        ignored=ignored,
    )
