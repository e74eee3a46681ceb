"""A table of a GeoPackage as a list; its points become the columns lon and lat."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake.containers import other_kind
from geo_target.intake.faults import notice, refused
from geo_target.intake.readers import Body, Cell, Grid

_LARGEST_FILE = 2_000_000_000
_MOST_SECONDS = 120
_STEPS = 100_000
#: Bytes of the bounding box before a geometry, by its kind: OGC 12-128r18, table 6.
_BOXES = (0, 32, 48, 48, 64)
_WGS84 = 4326
_POINTS = {1, 1001, 2001, 3001}


def geopackage_grid(file: Path, table: str | None) -> Grid:
    """Open a table; `table` names it where there are several.

    Rows count as a spreadsheet would show them: the first is 2. Only tables that the
    package declares are read, views never, and the file is opened for reading only.

    Raises
    ------
    DataRefusedError
        ``E-SHEET`` if the table is not clear, ``E-TYPE`` if it is another database,
        ``E-SIZE``, or ``E-WORKBOOK`` if it is damaged.
    """
    if file.stat().st_size > _LARGEST_FILE:
        raise refused(
            file, "E-SIZE",
            "GeoPackage lebih dari 2 GB; bagi per kecamatan",
            "the GeoPackage is larger than 2 GB; split it by district",
        )  # fmt: skip
    try:
        with closing(_connected(file)) as opened:
            return _grid(file, opened, _table_name(file, opened, table))
    except sqlite3.Error:
        raise _broken(file) from None


def _connected(file: Path) -> sqlite3.Connection:
    """A connection that changes nothing and ends by itself."""
    opened = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    opened.execute("pragma trusted_schema = off")
    opened.execute("pragma query_only = on")
    opened.text_factory = _as_text
    end = monotonic() + _MOST_SECONDS
    opened.set_progress_handler(lambda: monotonic() > end, _STEPS)
    return opened


def _as_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode("utf-8")


def _table_name(file: Path, opened: sqlite3.Connection, wanted: str | None) -> str:
    known = {name for (name,) in opened.execute("select name from sqlite_master")}
    if "gpkg_contents" not in known:
        raise other_kind(file, "SQLite")
    names = [
        str(name)
        for (name,) in opened.execute(
            """select c.table_name from gpkg_contents c join sqlite_master m
                on m.name = c.table_name and m.type = 'table' and m.sql not like '%virtual%'
                where c.data_type in ('features', 'attributes', 'aspatial') order by 1"""
        )
    ]
    if wanted in names:
        return str(wanted)
    if wanted is None and len(names) == 1:
        return names[0]
    tables = ", ".join(names)
    raise refused(
        file,
        "E-SHEET",
        f'sebut satu tabel dengan sheet = "..."; tabel yang ada: {tables}',
        f'name one table with sheet = "..."; the tables are: {tables}',
    )


def _grid(file: Path, opened: sqlite3.Connection, table: str) -> Grid:
    quoted = _quoted(table)
    described = opened.execute(f"pragma table_info({quoted})").fetchall()
    shapes = _shapes(opened, table)
    # A running number that the database gives would make copies look different.
    names = [
        str(name)
        for _, name, kind, *_, key in described
        if name not in shapes and not (key and str(kind).upper() == "INTEGER")
    ]
    selected = ", ".join(_quoted(name) for name in [*names, *shapes][: len(names) + 1])
    rows = opened.execute(f"select {selected} from {quoted} order by rowid").fetchall()
    cells = [list(map(_cell, row[: len(names)])) for row in rows]
    said: list[Fault] = []
    if shapes and {"lon", "lat"}.isdisjoint(name.casefold() for name in names):
        if next(iter(shapes.values())) == _WGS84:
            names = [*names, "lon", "lat"]
            cells = [[*row, *_point(raw[-1])] for row, raw in zip(cells, rows, strict=True)]
        else:
            said = [_other_crs(file, table)]

    def pieces(_header: int, width: int) -> Iterator[Body]:
        filled = [
            (number, row)
            for number, row in enumerate(cells, start=2)
            if any(cell not in ("", None) for cell in row)
        ]
        columns = list(zip(*(row for _, row in filled), strict=True)) or [()] * width
        numbers = np.array([number for number, _ in filled], "int64")
        yield Body(columns, numbers, len(cells) - len(filled))

    return Grid([(1, names)], pieces, sheet=table, notices=said)


def _shapes(opened: sqlite3.Connection, table: str) -> dict[str, int]:
    """Columns of geometry, with the EPSG code of their coordinates; 0 where there is none."""
    try:
        found = opened.execute(
            """select g.column_name, s.organization, s.organization_coordsys_id
                from gpkg_geometry_columns g
                left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
                where g.table_name = ?""",
            [table],
        ).fetchall()
    except sqlite3.OperationalError:  # a package of attributes only
        return {}
    return {
        str(column): int(code) if str(organization).upper() == "EPSG" else 0
        for column, organization, code in found
    }


def _point(shape: object) -> tuple[Cell, Cell]:
    """Longitude and latitude of a point; nothing of another or an empty geometry."""
    if not isinstance(shape, bytes) or shape[:2] != b"GP":
        return None, None
    try:
        begin = 8 + _BOXES[(shape[3] >> 1) & 7]
        order = "<" if shape[begin] == 1 else ">"
        kind, x, y = struct.unpack_from(f"{order}Idd", shape, begin + 1)
    except (struct.error, IndexError):
        return None, None
    return (x, y) if kind in _POINTS and x == x and y == y else (None, None)  # noqa: PLR0124  # NaN


def _cell(value: Any) -> Cell:
    """A value of the database; of bytes nothing can be read."""
    return None if isinstance(value, bytes) else value


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _other_crs(file: Path, table: str) -> Fault:
    return notice(
        file,
        "W-POINTS-CRS",
        "titik tidak dibaca karena koordinatnya bukan EPSG:4326; ekspor ulang dalam EPSG:4326",
        "the points were not read: their coordinates are not EPSG:4326; export it in EPSG:4326",
        sheet=table,
    )


def _broken(file: Path) -> DataRefusedError:
    return refused(
        file,
        "E-WORKBOOK",
        "GeoPackage rusak atau terpotong; unduh atau ekspor ulang",
        "the GeoPackage is broken or cut; download or export it again",
    )
