"""Tables of a GeoPackage as lists."""

import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo_target.workbench import Workbench
from tests.builders import nik
from tests.intake.test_lists import books, column, read, refused

ROWS = pd.DataFrame({
    "family_id": ["K1", "K2", "K2", "K3"], "head_national_id": [nik(1), nik(2), nik(2), nik(3)],
    "district_name": "Kasemen", "village_name": "Banten", "members": [4, 5, 5, None],
})  # fmt: skip
#: The third row is a copy of the second.
POINTS = gpd.GeoSeries.from_xy([1.5, 2.5, 2.5, 3.5], [-6.5, -6.25, -6.25, -6.0], crs="EPSG:4326")


def package(path: Path, *, crs: str = "EPSG:4326", layer: str = "keluarga") -> Path:
    gpd.GeoDataFrame(ROWS, geometry=POINTS.to_crs(crs)).to_file(path, layer=layer)
    return path


def test_rows_and_points_of_a_layer(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, package(tmp_path / "a.gpkg"), "families")
    assert books(listed) == (4, 3, 0, 1, 0)
    assert listed.report.sheet == "keluarga"
    assert column(listed, "head_national_id") == {2: nik(1), 3: nik(2), 5: nik(3)}
    assert column(listed, "lon") == {2: 1.5, 3: 2.5, 5: 3.5}
    assert column(listed, "lat") == {2: -6.5, 3: -6.25, 5: -6.0}
    assert column(listed, "members") == {2: 4, 3: 5, 5: None}


def test_points_in_meters_are_not_read_as_degrees(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, package(tmp_path / "a.gpkg", crs="EPSG:3857"), "families")
    assert [fault.code for fault in listed.report.notices] == ["W-POINTS-CRS"]
    assert set(column(listed, "lon").values()) == {None}


def test_several_tables_need_a_name(tmp_path: Path, bench: Workbench) -> None:
    file = package(package(tmp_path / "a.gpkg"), layer="lama")
    (fault,) = refused(bench, file, "families")
    assert fault.code == "E-SHEET"
    assert "keluarga, lama" in fault.id
    assert books(read(bench, file, "families", sheet="lama")) == (4, 3, 0, 1, 0)


def test_a_table_without_geometry(tmp_path: Path, bench: Workbench) -> None:
    import pyogrio  # noqa: PLC0415

    pyogrio.write_dataframe(ROWS, tmp_path / "a.gpkg", layer="daftar")
    assert books(read(bench, tmp_path / "a.gpkg", "families")) == (4, 3, 0, 1, 0)


def test_a_view_is_never_run(tmp_path: Path, bench: Workbench) -> None:
    file = package(tmp_path / "a.gpkg")
    with sqlite3.connect(file) as opened:
        opened.execute("create view v as select * from keluarga")
        opened.execute("update gpkg_contents set table_name = 'v'")
    opened.close()
    assert refused(bench, file, "families")[0].code == "E-SHEET"
    assert refused(bench, file, "families", sheet="v")[0].code == "E-SHEET"


def test_another_database(tmp_path: Path, bench: Workbench) -> None:
    with sqlite3.connect(tmp_path / "a.gpkg") as opened:
        opened.execute("create table t (a)")
    opened.close()
    (fault,) = refused(bench, tmp_path / "a.gpkg", "families")
    assert fault.code == "E-TYPE"
    assert "SQLite" in fault.id


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95])
def test_a_cut_package(tmp_path: Path, bench: Workbench, kept: float) -> None:
    content = package(tmp_path / "a.gpkg").read_bytes()
    (tmp_path / "a.gpkg").write_bytes(content[: int(kept * len(content))])
    assert refused(bench, tmp_path / "a.gpkg", "families")[0].code == "E-WORKBOOK"


def test_reading_leaves_no_file_behind(tmp_path: Path, bench: Workbench) -> None:
    file = package(tmp_path / "a.gpkg")
    before = file.read_bytes()
    read(bench, file, "families")
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_bytes() == before
