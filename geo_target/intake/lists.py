"""A list of an agency from file to table: each cell checked, each row accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from geo_target.errors import BalanceError, DataRefusedError, Fault
from geo_target.intake import cells, profiles
from geo_target.intake.columns import cell_text, raw_table
from geo_target.intake.profiles import Profile
from geo_target.intake.readers import Grid, read_grid, refused
from geo_target.workbench import Table, Workbench


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
    headers = [(cell_text(cell) or "").strip() for cell in cells_of_header]
    try:
        raw = bench.take(raw_table(body, positions, headers))
    except pa.ArrowException:
        raise refused(
            file,
            "E-PARQUET",
            "sebuah kolom tidak berisi teks atau bilangan; simpan semua kolom sebagai teks",
            "a column holds neither text nor numbers; save all columns as text",
        ) from None
    checked = cells.check(raw, profile, file=file.name, as_of=as_of, program=program)
    faults = cells.with_ragged(checked.faults, body.ragged)
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
    texts = [[cell_text(cell) or "" for cell in row] for _, row in grid.head]
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
