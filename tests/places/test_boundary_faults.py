import math
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

from geo_target.errors import ConfigError
from geo_target.places.boundaries import check_boundaries, read_boundaries, repair_boundaries
from geo_target.places.boundary_repair import find_area_changes
from geo_target.places.gazetteer import read_gazetteer, villages_of
from tests.places.boundary_layers import CURUG, SIDE, M, refusal, squares, write_geojson

UTM_48S, UTM_49S = "EPSG:32748", "EPSG:32749"
FIRST, SECOND = villages_of(CURUG).index[:2]


def with_shape(code: str, shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """The clean squares of Curug, that of one village replaced."""
    layer = squares()
    shapes: Any = [
        shape if kode == code else old for kode, old in zip(layer.kode, layer.geometry, strict=True)
    ]
    layer["geometry"] = shapes
    return layer


def square_of(code: str) -> Any:
    return squares().set_index("kode").geometry[code]


# --- place on earth -----------------------------------------------------------------------


def test_swapped_axes_are_refused(tmp_path: Path) -> None:
    layer = squares()
    layer["geometry"] = layer.geometry.map(lambda shape: shapely.transform(shape, swap))
    file = write_geojson(tmp_path / "a.geojson", layer)

    message = refusal(file, "E-AXES")

    assert "latitude and longitude are swapped" in message
    assert check_boundaries(file).axis_order == "lat lon"


def swap(positions: np.ndarray) -> np.ndarray:
    return positions[:, ::-1]


def test_meters_in_geojson_are_refused_with_their_zone(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", squares().to_crs(UTM_48S))

    assert "look like UTM meters EPSG:32748" in refusal(file, "E-CRS")


def test_the_wrong_zone_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    squares().to_crs(UTM_48S).set_crs(UTM_49S, allow_override=True).to_file(file)

    message = refusal(file, "E-PLACE")

    assert re.search(r"66\d km from their place", message)
    assert "wrong UTM zone" in message


def test_a_lost_minus_is_named(tmp_path: Path) -> None:
    layer = squares()
    layer["geometry"] = layer.geometry.map(
        lambda shape: affinity.scale(shape, yfact=-1, origin=(0, 0))
    )

    assert "minus" in refusal(write_geojson(tmp_path / "a.geojson", layer), "E-PLACE")


def test_another_crs_is_converted_and_noted(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    squares().to_crs(UTM_48S).to_file(file)

    found = read_boundaries(file, area=CURUG)

    assert found.villages.crs == "EPSG:4326"
    assert found.villages.loc[FIRST, "geometry"].centroid.distance(square_of(FIRST).centroid) < M
    assert [note.code for note in found.report.notes] == ["W-CRS"]
    assert found.report.crs == UTM_48S


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"]
)
def test_a_crs_member_that_says_wgs84_is_fine(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    file = write_geojson(tmp_path / "a.geojson", squares(), crs=crs)

    assert not read_boundaries(file, area=CURUG).report.notes


def test_a_crs_member_of_meters_is_honored_or_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}
    meters = write_geojson(tmp_path / "meters.geojson", squares().to_crs(UTM_48S), crs=crs)
    degrees = write_geojson(tmp_path / "degrees.geojson", squares(), crs=crs)
    unknown = write_geojson(
        tmp_path / "unknown.geojson", squares(), crs={"type": "link", "properties": {"href": "a"}}
    )

    assert len(read_boundaries(meters, area=CURUG).villages) == len(squares())
    refusal(degrees, "E-PLACE")
    refusal(unknown, "E-CRS")


def test_a_layer_without_crs_is_refused(tmp_path: Path) -> None:
    layer = gpd.GeoDataFrame(squares().drop(columns="geometry"), geometry=list(squares().geometry))
    layer.to_parquet(tmp_path / "a.parquet")

    assert "no coordinate system" in refusal(tmp_path / "a.parquet", "E-CRS")


def test_polygons_under_the_codes_of_others_are_refused(tmp_path: Path) -> None:
    layer = squares()
    layer["kode"] = layer["kode"].to_list()[::-1]

    assert "mixed up" in refusal(write_geojson(tmp_path / "a.geojson", layer), "E-MIXED")


# --- shapes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "null"),
        (shapely.Polygon(), "empty"),
        (shapely.Point(106.15, -6.17), "Point"),
        (shapely.LineString([(106.15, -6.17), (106.16, -6.17)]), "LineString"),
    ],
)
@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
def test_what_is_no_polygon_is_named(
    tmp_path: Path, suffix: str, shape: shapely.Geometry | None, reason: str
) -> None:
    file = tmp_path / f"a{suffix}"
    layer = with_shape(SECOND, shape)
    layer.to_file(file) if suffix == ".gpkg" else layer.to_parquet(file)

    message = refusal(file, "E-GEOMETRY")

    assert f"number 2 ({SECOND}: " in message
    assert reason in message or suffix == ".gpkg"  # GDAL may write an empty one as null


def test_null_and_point_features_of_geojson_are_refused(tmp_path: Path) -> None:
    null = write_geojson(tmp_path / "null.geojson", with_shape(SECOND, None))
    point = write_geojson(tmp_path / "p.geojson", with_shape(SECOND, shapely.Point(106.1, -6.1)))

    assert f"number 2 ({SECOND}" in refusal(null, "E-GEOMETRY")
    assert f"number 2 ({SECOND}" in refusal(point, "E-GEOMETRY")


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg"])
def test_heights_are_dropped_with_a_note(tmp_path: Path, suffix: str) -> None:
    layer = squares()
    layer["geometry"] = shapely.force_3d(layer.geometry.to_numpy(), z=7)
    file = tmp_path / f"a{suffix}"
    write_geojson(file, layer) if suffix == ".geojson" else layer.to_file(file)

    found = read_boundaries(file, area=CURUG)

    assert not found.villages.has_z.any()
    assert found.report.has_z
    assert [note.code for note in found.report.notes] == ["W-Z"]


def test_coordinates_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    shape = shapely.Polygon([(106.15, -6.17), (106.16, math.inf), (106.16, -6.18)])
    file = tmp_path / "a.parquet"
    with_shape(SECOND, shape).to_parquet(file)

    assert f"number 2 ({SECOND}: NaN/inf)" in refusal(file, "E-GEOMETRY")


def bow_tie(code: str, size: float) -> shapely.Polygon:
    """The square of a village whose line crosses itself, `size` degrees left of a corner."""
    west, south, east, north = square_of(code).bounds
    loop = [(west - size, north - size), (west - size, north)]
    return shapely.Polygon([(west, south), (east, south), (east, north), *loop])


def test_a_large_bow_tie_is_refused_with_its_place(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", with_shape(SECOND, bow_tie(SECOND, SIDE / 2)))

    message = refusal(file, "E-INVALID")

    assert f"number 2 ({SECOND}: Self-intersection[106." in message


def test_a_bow_tie_of_a_meter_is_mended(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", with_shape(SECOND, bow_tie(SECOND, 2 * M)))

    found = read_boundaries(file, area=CURUG)

    assert found.villages.is_valid.all()
    assert [note.code for note in found.report.notes] == ["W-MENDED"]


def test_islands_are_fine(tmp_path: Path) -> None:
    island = affinity.translate(square_of(SECOND), 0, 0.05)
    shape = shapely.MultiPolygon([square_of(SECOND), affinity.scale(island, 0.1, 0.1)])
    file = write_geojson(tmp_path / "a.geojson", with_shape(SECOND, shape))

    assert read_boundaries(file, area=CURUG).villages.loc[SECOND, "geometry"].equals(shape)


# --- codes --------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["str", "int64"])
@pytest.mark.parametrize("system", ["kemendagri", "bps"])
def test_codes_without_dots_are_told_by_lookup(tmp_path: Path, system: str, dtype: str) -> None:
    layer = squares()
    bps = villages_of(CURUG)["bps_village_code"].loc[layer["kode"]].to_list()
    codes = layer["kode"].str.replace(".", "") if system == "kemendagri" else pd.Series(bps)
    layer["kode"] = codes.map(int if dtype == "int64" else str)
    file = tmp_path / "a.gpkg"
    layer.to_file(file)

    found = read_boundaries(file, area=CURUG)

    assert found.report.code_system == system
    assert not found.report.is_code_system_declared
    assert found.villages.loc[FIRST, "geometry"].equals(square_of(FIRST))


def test_the_source_own_prefix_is_read(tmp_path: Path) -> None:
    layer = squares()
    layer["kode"] = ("id" + villages_of(CURUG)["bps_village_code"].loc[layer["kode"]]).to_list()

    found = read_boundaries(write_geojson(tmp_path / "a.geojson", layer), area=CURUG)

    assert found.report.code_system == "bps"


def test_the_system_is_not_told_row_by_row(tmp_path: Path) -> None:
    # Pandeglang: 35 of its Kemendagri codes without dots are another village's BPS code.
    layer = squares("36.01")
    layer["kode"] = layer["kode"].str.replace(".", "")
    also_bps = layer["kode"].isin(read_gazetteer("36")["bps_village_code"])
    file = write_geojson(tmp_path / "a.geojson", layer)

    report = check_boundaries(file)

    assert report.code_system == "kemendagri"
    assert report.matched_kemendagri == len(layer)
    assert report.matched_bps == also_bps.sum() == 35


def test_a_wrong_declaration_is_refused_with_both_counts(tmp_path: Path) -> None:
    layer = squares()
    layer["kode"] = layer["kode"].str.replace(".", "")
    file = write_geojson(tmp_path / "a.geojson", layer)

    message = refusal(file, "E-CODE-SYSTEM", code_system="bps")

    assert f"only 0 of {len(layer)} match; {len(layer)} match as kemendagri" in message


def test_the_column_is_found_or_named(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", squares())

    assert read_boundaries(file, area=CURUG).report.code_column == "kode"
    assert "kode, nama" in refusal(file, "E-COLUMN", code_column="KODE_DESA")
    assert "no column holds" in refusal(file, "E-CODES", code_column="nama")


def test_too_few_known_codes_are_refused(tmp_path: Path) -> None:
    layer = squares()
    layer.loc[:1, "kode"] = ["36.73.04.9998", "9899" + "010101900001"]
    file = write_geojson(tmp_path / "a.geojson", layer)

    message = refusal(file, "E-CODES")

    assert f"of {len(layer)} features {len(layer) - 2} are known" in message
    assert "36.73.04.9998" in message
    assert "9899" + "010101900001" not in message


def test_a_code_twice_is_refused_with_its_features(tmp_path: Path) -> None:
    layer = pd.concat([squares(), squares().iloc[[1]].translate(0.2).to_frame("geometry")])
    layer["kode"] = layer["kode"].fillna(SECOND)
    file = write_geojson(tmp_path / "a.geojson", gpd.GeoDataFrame(layer, crs=4326))

    message = refusal(file, "E-DUPLICATE")

    assert f"{SECOND} (2, {len(layer)})" in message


def test_a_missing_village_is_named(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", squares().iloc[1:])

    name = villages_of(CURUG)["village_name"].iloc[0]
    assert f"{FIRST} {name}" in refusal(file, "E-MISSING")


def test_an_unknown_village_is_noted_and_left_out(tmp_path: Path) -> None:
    area = "36.73"
    layer = squares(area).assign(nama="")
    new = layer.iloc[[0]].assign(kode="36.73.01.1099")
    new["geometry"] = new.geometry.translate(0, 0.2)
    file = write_geojson(tmp_path / "a.geojson", gpd.GeoDataFrame(pd.concat([layer, new])))

    report = check_boundaries(file, area=area)

    assert report.extra_codes == ("36.73.01.1099",)
    assert "W-EXTRA" in [note.code for note in report.notes]


def test_other_villages_of_the_file_are_the_surroundings(tmp_path: Path) -> None:
    both = pd.concat([squares(), squares("36.73.05").iloc[:3]])
    file = write_geojson(tmp_path / "a.geojson", gpd.GeoDataFrame(both))

    found = read_boundaries(file, area=CURUG)

    assert set(found.villages.index) == set(squares()["kode"])
    assert set(found.surroundings.index) == set(squares("36.73.05")["kode"].iloc[:3])
    assert list(found.surroundings) == list(found.villages)


def test_an_unknown_area_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="E-AREA"):
        read_boundaries(write_geojson(tmp_path / "a.geojson", squares()), area="36.99")


# --- between villages ---------------------------------------------------------------------


def hole_in(code: str, width_m: float) -> tuple[Any, shapely.Polygon]:
    """The square of a village with a square hole in its middle, and the hole."""
    shape = square_of(code)
    middle, half = shape.centroid, width_m * M / 2
    hole = shapely.box(middle.x - half, middle.y - half, middle.x + half, middle.y + half)
    return shape.difference(hole), hole


def test_a_gap_is_refused_with_its_area_and_place(tmp_path: Path) -> None:
    shape, hole = hole_in(SECOND, 20)
    file = write_geojson(tmp_path / "a.geojson", with_shape(SECOND, shape))

    message = refusal(file, "E-GAP")
    (gap,) = check_boundaries(file).gaps

    assert 'faults = "repair"' in message
    assert gap.codes == (SECOND,)
    assert gap.area_m2 == pytest.approx(400, rel=0.02)
    assert shapely.Point(gap.lon, gap.lat).within(hole)


def test_an_enclave_that_a_village_fills_is_no_gap(tmp_path: Path) -> None:
    shape, hole = hole_in(SECOND, 200)
    layer = with_shape(SECOND, shape)
    layer["geometry"] = layer.geometry.where(layer["kode"] != FIRST, hole)
    file = write_geojson(tmp_path / "a.geojson", layer)

    report = check_boundaries(file)

    assert report.gaps == ()
    assert report.usable_as_is


def overlapping(meters: float) -> gpd.GeoDataFrame:
    """The second village's square moved beside the first one's, over it by `meters`."""
    first = square_of(FIRST)
    return with_shape(SECOND, affinity.translate(first, SIDE - meters * M, 0))


def test_an_overlap_is_refused_with_its_villages_and_place(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", overlapping(2))

    message = refusal(file, "E-OVERLAP")
    report = check_boundaries(file)
    (overlap,) = report.overlaps

    assert "geo-target boundaries repair" in message
    assert overlap.codes == (FIRST, SECOND)
    assert overlap.area_m2 == pytest.approx(2 * SIDE / M, rel=0.02)
    assert report.overlap_total_m2 == pytest.approx(overlap.area_m2)
    assert report.is_coverage_valid is False


def test_a_repair_settles_the_overlap_and_reports_the_change(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "a.geojson", overlapping(2))

    found = read_boundaries(file, area=CURUG, faults="repair")

    first, second = found.villages.geometry[FIRST], found.villages.geometry[SECOND]
    assert first.intersection(second).area == 0
    assert found.villages.is_valid.all()
    assert found.report.is_repaired
    assert not found.report.usable_as_is
    assert {change.village_code for change in found.report.area_changes} <= {FIRST, SECOND}
    assert found.report.largest_change is not None
    assert abs(found.report.largest_change.share) == pytest.approx(2 * M / SIDE, rel=0.05)


def test_a_repair_closes_a_gap(tmp_path: Path) -> None:
    shape, _ = hole_in(SECOND, 20)
    file = write_geojson(tmp_path / "a.geojson", with_shape(SECOND, shape))

    found = read_boundaries(file, area=CURUG, faults="repair")

    assert not found.villages.geometry[SECOND].interiors
    assert found.report.gaps_left == ()


def test_a_repair_that_changes_a_village_by_more_than_a_percent_is_refused(
    tmp_path: Path,
) -> None:
    file = write_geojson(tmp_path / "a.geojson", overlapping(30))

    message = refusal(file, "E-REPAIR", faults="repair")

    assert "over 1 % of the ground of 1 villages" in message
    assert any(code in message for code in (FIRST, SECOND))


def test_a_village_that_a_repair_swallows_is_named(tmp_path: Path) -> None:
    west, south, _, north = square_of(FIRST).bounds
    file = write_geojson(
        tmp_path / "a.geojson",
        with_shape(SECOND, shapely.box(west + M, south + M, west + 3 * M, north - M)),
    )

    message = refusal(file, "E-REPAIR", faults="repair")

    assert f"{SECOND} 100.0% hilang/lost" in message


def test_ground_won_here_and_lost_there_is_a_change() -> None:
    before = gpd.GeoSeries([shapely.box(0, 0, 100, 100)], crs=UTM_48S)
    after = gpd.GeoSeries([shapely.box(2, 0, 102, 100)], crs=UTM_48S)

    (change,) = find_area_changes(before, after, pd.Series([FIRST]))

    assert (change.won_m2, change.lost_m2, change.change_m2) == (200, 200, 0)
    assert (change.share, change.moved_share) == (0, 0.02)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_a_repaired_file_is_usable_as_it_is(tmp_path: Path, suffix: str) -> None:
    file = write_geojson(tmp_path / "a.geojson", overlapping(2))
    out = tmp_path / f"out{suffix}"

    report = repair_boundaries(file, out)

    assert report.is_repaired
    assert check_boundaries(out).usable_as_is
    assert "nama" in gpd.read_file(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.geojson", out.name])


def test_the_report_lists_every_fault_at_once_and_never_raises(tmp_path: Path) -> None:
    layer = overlapping(2).iloc[:-1]
    report = check_boundaries(write_geojson(tmp_path / "a.geojson", layer), area=CURUG)
    broken = tmp_path / "b.gpkg"
    broken.write_bytes(b"<OGRVRTDataSource/>")

    assert [fault.code for fault in report.faults] == ["E-MISSING", "E-OVERLAP"]
    assert report.to_json()["usable_as_is"] is False
    assert report.to_json(places=0)["overlaps_count"] == 1
    assert "Tidak dapat dipakai apa adanya." in report.lines("id")
    assert [fault.code for fault in check_boundaries(broken).faults] == ["E-TYPE"]
