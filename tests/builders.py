"""Small, readable inputs: what a reader can count by eye."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import box

from geo_target.crs import WGS84
from geo_target.workbench import Table, Workbench

UTM_48S = "EPSG:32748"

#: Serials of synthetic people begin so: there is no district 98. Built from parts, since
#: the repository holds no run of 16 digits.
_NOBODYS = "3673" + "98" + "010190"


def nik(number: int) -> str:
    """A usable synthetic NIK; small numbers, small differences."""
    return f"{_NOBODYS}{number:04d}"


def kk(number: int) -> str:
    """A usable synthetic KK number."""
    return "3673" + "99" + "010120" + f"{number:04d}"


@contextmanager
def workbench() -> Iterator[Workbench]:
    with Workbench() as bench:
        yield bench


def table(bench: Workbench, text: str, types: Mapping[str, str] | None = None) -> Table:
    """A table on `bench` of a text: columns parted by blanks, ``-`` is null.

    ``nik1`` and ``kk1`` become synthetic numbers. Columns are varchar but for `types`.
    """
    lines = [line.split() for line in text.strip().splitlines() if line.strip()]
    columns = {name: (types or {}).get(name, "varchar") for name in lines[0]}
    rows = [[_cell(word, columns[name]) for name, word in zip(lines[0], line, strict=True)]
            for line in lines[1:]]  # fmt: skip
    return bench.take_rows(columns, rows)


def _cell(word: str, kind: str) -> Any:
    if word == "-":
        return None
    if word.startswith("nik") and word[3:].isdigit():
        return nik(int(word[3:]))
    if word.startswith("kk") and word[2:].isdigit():
        return kk(int(word[2:]))
    if kind == "boolean":
        return word.lower() in {"yes", "true"}
    if kind == "date":
        return date.fromisoformat(word)
    return word if kind == "varchar" else float(word)


#: Columns of family_keys that a test of a few rows does not care for.
_UNTOLD = {"is_listed": "true", "last_seen": "'000001-20250901T000000Z'",
           "first_seen": "'000001-20250901T000000Z'", "fingerprint": "null::varchar",
           "number_key": "null::varchar", "matched_by": "null::varchar"}  # fmt: skip


def family_keys(rows: Table) -> Table:
    """Rows of a table of family_keys with what it leaves out: listed, without any sum."""
    added = ", ".join(f"{v} as {c}" for c, v in _UNTOLD.items() if c not in rows.columns)
    return rows.bench.query(f"select *{', ' * bool(added)}{added} from rows", rows=rows)


def rows_by(table_: Table, key: str, value: str) -> dict[Any, Any]:
    return {row[key]: row[value] for row in table_.rows()}


def row_of_villages(*codes: str) -> gpd.GeoDataFrame:
    """One-kilometer squares side by side, west to east, near Serang; in degrees."""
    squares = [
        box(620_000 + 1_000 * i, 9_320_000, 621_000 + 1_000 * i, 9_321_000)
        for i in range(len(codes))
    ]
    return gpd.GeoDataFrame(
        {
            "bps_village_code": [f"bps{c}" for c in codes],
            "village_name": [f"Desa {c}" for c in codes],
            "village_kind": "desa",
            "district_code": "D1",
            "district_name": "Satu",
            "regency_code": "R1",
            "regency_name": "Kabupaten Contoh",
        },
        geometry=gpd.GeoSeries(squares, crs=UTM_48S).to_crs(WGS84).to_numpy(),
        crs=WGS84,
        index=pd.Index(codes, name="village_code"),
    )


def point_at(east: float, north: float) -> tuple[float, float]:
    """Degrees of a place `east`, `north` meters from the corner of `row_of_villages`."""
    point = gpd.GeoSeries.from_xy([620_000 + east], [9_320_000 + north], crs=UTM_48S)
    degrees = point.to_crs(WGS84)
    return float(degrees.x[0]), float(degrees.y[0])


def write_csv(path: Path, text: str) -> Path:
    """A semicolon file of a text whose columns are parted by ``|``."""
    lines = [
        ";".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
