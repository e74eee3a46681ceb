"""A list of an agency from file to table: each cell checked, each row accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from geo_target.errors import BalanceError, DataRefusedError, Fault
from geo_target.intake import cells, flags
from geo_target.intake.columns import cell_text
from geo_target.intake.headers import (
    check_headers,
    detect_profile,
    flag_columns,
    match_headers,
    shown_headers,
)
from geo_target.intake.list_rows import ORIGIN, ListRows
from geo_target.intake.profiles import Profile
from geo_target.intake.readers import Cell, Grid, read_grid, refused
from geo_target.workbench import Table, Workbench, query

#: Header of a file to mend (see repair.py): why each of its rows is there.
REASON = "geo-target: alasan"


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
    notices: Sequence[Fault] = ()

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
    (null for a whole row), ``code`` and ``value_masked``. `origins` says of a mended list
    which row of which file each accepted row was: ``row``, ``origin_file``, ``origin_row``.
    """

    profile: Profile
    as_of: date
    table: Table
    faults: Table
    report: IntakeReport
    origins: Table | None = None
    sha256: str = ""
    """Of what was read, where that is known, see `readers.Grid`."""


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
    headers = _as_wide_as_rows(_headers(cells_of_header), grid.head[header + 1 :])
    flagged = flag_columns(profile, headers)
    origin = _origin(headers)
    read = positions | flags.flag_names(flagged)
    are_enrollments = bool(flagged) and profile.role == "enrollments"
    rows = ListRows(file, grid, read | origin, headers, header=number, profile=profile)
    checked = cells.check(
        bench, rows.pieces, profile, file=file.name, as_of=as_of, program=program,
        keep=[*(flags.flag_names(flagged) if are_enrollments else ()), *origin],
    )  # fmt: skip
    accepted, faults = checked.accepted, cells.with_ragged(checked.faults, rows.ragged)
    faults = _with_cells(faults, _unread_cells(bench, rows.unread, read))
    if are_enrollments and checked.kept is not None:
        accepted, unclear = flags.enrolled(accepted, checked.kept, profile, flagged, as_of=as_of)
        faults = _with_cells(faults, unclear)
    reasons, set_aside = fault_counts(faults, of_rows=True), fault_counts(faults, of_rows=False)
    report = IntakeReport(
        file=file.name,
        profile=profile.name,
        sheet=grid.sheet,
        header_row=number,
        delimiter=grid.delimiter,
        encoding=grid.encoding,
        rows=rows.count + rows.blank + len(rows.ragged),
        accepted=checked.rows,
        quarantined=sum(reasons.values()),
        duplicates=checked.duplicates,
        blank=rows.blank,
        set_aside=set_aside,
        reasons=reasons,
        columns={name: headers[position] for name, position in read.items()},
        ignored=[
            h for i, h in enumerate(headers)
            if h and i not in read.values() and h not in {REASON, *ORIGIN.values()}
        ],
        notices=[*grid.notices, *rows.notices, *checked.notices],
    )  # fmt: skip
    origins = None
    if origin and checked.kept is not None:
        origins = _origins(checked.accepted, checked.kept)
    return AgencyList(profile, as_of, accepted, faults, report, origins, grid.sha256)


def newest_day(lists: Sequence[AgencyList], profile: str) -> date:
    """The newest day that a list of this profile stood."""
    return max(listed.as_of for listed in lists if listed.profile.name == profile)


def fault_counts(faults: Table, *, of_rows: bool) -> dict[str, int]:
    """How many quarantined rows, or else set-aside cells, by code."""
    is_row = '"column" is null' if of_rows else '"column" is not null'
    sql = f"select code, count(*) from {faults.name} where {is_row} group by 1 order by 1"
    return dict(faults.bench.execute(sql))


def _headers(cells_of_header: Sequence[Cell]) -> list[str]:
    return [(cell_text(cell) or "").strip() for cell in cells_of_header]


def _as_wide_as_rows(headers: list[str], below: Sequence[tuple[int, Sequence[Cell]]]) -> list[str]:
    """`headers` as long as the first rows below, where the two differ in blank cells at the end.

    Programs end each row with a separator, or the header alone.
    """
    widths = {len(cells) for _, cells in below}
    if len(widths) != 1 or (width := widths.pop()) == len(headers):
        return headers
    surplus = [cell_text(cell) for _, cells in below for cell in cells[len(headers) :]]
    if any((text or "").strip() for text in [*headers[width:], *surplus]):
        return headers
    return [*headers, *[""] * width][:width]


def _unread_cells(
    bench: Workbench, unread: Sequence[tuple[int, int, str]], positions: Mapping[str, int]
) -> Table:
    """Faults of cells that hold a formula without its value, or an error."""
    names = {position: name for name, position in positions.items()}
    rows = [
        (row, names[position], code, None) for row, position, code in unread if position in names
    ]
    types = {"row": "bigint", '"column"': "varchar", "code": "varchar", "value_masked": "varchar"}
    return bench.take_rows(types, rows)


def _with_cells(faults: Table, more: Table) -> Table:
    """`faults` and `more` cells, but for those of rows that are quarantined as a whole."""
    if not len(more):
        return faults
    return query(
        """from (from faults union all by name (
                from more anti join (from faults where "column" is null) using (row)))
            order by row, "column" nulls first""",
        faults=faults,
        more=more,
    )


def _origin(headers: Sequence[str]) -> dict[str, int]:
    """Where a file to mend says which row of which file each of its rows was."""
    if not set(ORIGIN.values()) <= set(headers):
        return {}
    return {name: headers.index(header) for name, header in ORIGIN.items()}


def _origins(accepted: Table, raw: Table) -> Table:
    return query(
        """select row, origin_file, try_cast(origin_row as bigint) as origin_row
            from accepted join raw using (row)""",
        accepted=query("select row from accepted", accepted=accepted),
        raw=raw,
    )


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
    profile = profile or detect_profile(texts)
    if profile is None:
        seen = max(map(shown_headers, texts), key=len)
        raise DataRefusedError(
            Fault(
                "E-LAYOUT",
                id=f"tata letak tidak dikenal; kolom yang dikenal: {seen}; periksa apakah "
                "baris judulnya ada, sebut jenis daftarnya (profil), atau tulis profil sendiri "
                "(docs/profiles.md)",
                en=f"the layout is unknown; columns that are known: {seen}; look whether there "
                "is a header row, name its layout (profile), or write one of your own "
                "(docs/profiles.md)",
                file=file.name,
                sheet=grid.sheet,
            )
        )
    numbers = [number for number, _ in grid.head]
    if profile.header_row in numbers:
        header = numbers.index(profile.header_row)
    else:
        found = [len(match_headers(profile, headers)) for headers in texts]
        header = found.index(max(found))
    positions = check_headers(
        profile, texts[header], file=file.name, sheet=grid.sheet, row=grid.head[header][0]
    )
    return profile, header, positions
