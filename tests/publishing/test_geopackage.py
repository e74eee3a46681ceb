"""A GeoPackage of three layers: shapes as drawn, figures as shown, and nothing of what is not."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from geo_target.publishing.geopackage import write_geopackage

MADE = datetime(2025, 10, 15, 3, 0, tzinfo=UTC)
SOURCE = "Kota Contoh, keadaan 2025-10-15"


def square(west: float, **properties: Any) -> dict[str, Any]:
    ring = [[west, -6.0], [west + 0.1, -6.0], [west + 0.1, -5.9], [west, -5.9], [west, -6.0]]
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


DRAWN = {
    "villages": {"features": [square(106.1, village_code="A"), square(106.2, village_code="B")]},
    "districts": {"features": [square(106.1, district_code="D")]},
    "clusters": {"features": [square(106.15, cluster_id="titik-1"),
                              {"type": "Feature", "properties": {"rw_clusters": 2},
                               "geometry": {"type": "Point", "coordinates": [106.1, -6.0]}}]},
}  # fmt: skip
RECORDS: dict[str, Any] = {
    "kelurahan": [
        {"village_code": "A", "uncovered_families": 12, "exclusion_error": 0.25, "withheld": [],
         "override_by": "Siti", "override_reason": "banjir", "contributions": [0.2, 0.1]},
        {"village_code": "B", "uncovered_families": None, "exclusion_error": None,
         "withheld": ["uncovered_families", "exclusion_error"]},
    ],
    "kecamatan": [{"district_code": "D", "uncovered_families": 15}],
    "klaster": [{"cluster_id": "titik-1", "uncovered_families": 9,
                 "parts": [{"uncovered_families": 5, "radius_m": None}]},
                {"cluster_id": "rw-A-001", "uncovered_families": 8}],
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_geopackage(tmp_path / "peta.gpkg", DRAWN, RECORDS, made=MADE, source=SOURCE)
    return tmp_path / "peta.gpkg"


def test_layers_and_what_has_no_shape(file: Path) -> None:
    assert [name for name, _ in pyogrio.list_layers(file)] == ["kelurahan", "kecamatan", "klaster"]
    assert pyogrio.read_dataframe(file, layer="klaster")["cluster_id"].tolist() == ["titik-1"]


def test_rows_are_as_shown(file: Path) -> None:
    villages = pyogrio.read_dataframe(file, layer="kelurahan").set_index("village_code")
    assert villages.crs == "EPSG:4326"
    assert villages.loc["A", "uncovered_families"] == 12
    assert villages.loc["A", "exclusion_error"] == 0.25
    assert villages.loc["B", ["uncovered_families", "exclusion_error"]].isna().all()
    assert villages.loc["B", "withheld"] == "uncovered_families exclusion_error"
    assert set(villages["source"]) == {SOURCE}
    assert villages.loc["B"].geometry.bounds == pytest.approx((106.2, -6.0, 106.3, -5.9))


def test_no_name_of_an_official_and_no_list_is_carried(file: Path) -> None:
    villages, clusters = (pyogrio.read_dataframe(file, layer=n) for n in ("kelurahan", "klaster"))
    told = {"village_code", "uncovered_families", "exclusion_error", "withheld"}
    assert {*villages.columns} == {*told, "source", "geometry"}
    assert {*clusters.columns} == {"cluster_id", "uncovered_families", "source", "geometry"}


def test_no_layer_where_there_is_no_row(tmp_path: Path) -> None:
    records = {**RECORDS, "klaster": []}
    write_geopackage(tmp_path / "peta.gpkg", DRAWN, records, made=MADE, source=SOURCE)
    layers = [name for name, _ in pyogrio.list_layers(tmp_path / "peta.gpkg")]
    assert layers == ["kelurahan", "kecamatan"]


def test_facilities_are_points_of_one_layer(tmp_path: Path) -> None:
    points = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [106.1, -6.0]},
         "properties": {"type": kind, "name": "Satu", "village_code": "A"}}
        for kind in ("puskesmas", "rs")
    ]  # fmt: skip
    drawn = {**DRAWN, "facilities-puskesmas": {"features": points[:1]},
             "facilities-rs": {"features": points[1:]}}  # fmt: skip
    write_geopackage(tmp_path / "peta.gpkg", drawn, RECORDS, made=MADE, source=SOURCE)
    places = pyogrio.read_dataframe(tmp_path / "peta.gpkg", layer="fasilitas")
    assert places["type"].tolist() == ["puskesmas", "rs"]
    assert set(places["source"]) == {SOURCE}
    assert set(places.geometry.geom_type) == {"Point"}


def test_the_same_content_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    again = tmp_path / "again" / "peta.gpkg"
    again.parent.mkdir()
    write_geopackage(again, DRAWN, RECORDS, made=MADE, source=SOURCE)
    assert again.read_bytes() == file.read_bytes()
