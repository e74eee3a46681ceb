"""The shipped schematic layer, and the two real layers of Banten where they are at hand."""

import json
import os
import time
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo_target.errors import DataRefusedError
from geo_target.places.boundaries import check_boundaries, read_boundaries, repair_boundaries
from geo_target.places.gazetteer import villages_of

KOTA_SERANG, BANTEN = "36.73", "36"
UTM_48S = "EPSG:32748"


@pytest.fixture(scope="module")
def real() -> Path:
    folder = os.environ.get("GEO_TARGET_BOUNDARIES")
    if not folder:
        pytest.skip("GEO_TARGET_BOUNDARIES does not name the folder of real boundary files")
    return Path(folder)


@pytest.mark.parametrize(("area", "villages"), [(KOTA_SERANG, 67), (BANTEN, 1552)])
def test_the_schematic_layer_is_whole_and_says_what_it_is(area: str, villages: int) -> None:
    found = read_boundaries(None, area=area)

    assert found.schematic
    assert found.villages.index.tolist() == villages_of(area).index.tolist()
    assert len(found.villages) == villages
    assert len(found.villages) + len(found.surroundings) == 1552
    assert found.report.usable_as_is


def test_the_clean_city_layer_is_usable_as_it_is(real: Path) -> None:
    found = read_boundaries(real / "villages_kota_serang_bps2020.geojson", area=KOTA_SERANG)

    assert len(found.villages) == 67
    assert found.report.usable_as_is
    assert found.report.is_coverage_valid
    assert (found.report.overlaps, found.report.gaps) == ((), ())
    assert (
        found.report.area
        == check_boundaries(real / "villages_kota_serang_bps2020.geojson").area
        == KOTA_SERANG
    )


def test_the_raw_city_layer_is_refused_with_its_overlaps_and_gaps(real: Path) -> None:
    file = real / "villages_kota_serang_kemendagri_raw.geojson"

    with pytest.raises(DataRefusedError) as caught:
        read_boundaries(file, area=KOTA_SERANG)
    report = check_boundaries(file)

    assert [fault.code for fault in caught.value.faults] == ["E-OVERLAP", "E-GAP"]
    assert report.overlap_total_m2 == pytest.approx(103_000, rel=0.01)
    assert report.gap_total_m2 == pytest.approx(88_000, rel=0.01)
    assert len(report.overlaps) == pytest.approx(110, abs=2)
    assert json.loads(json.dumps(report.to_json()))["usable_as_is"] is False


def test_the_raw_city_layer_is_repaired_with_small_changes(real: Path) -> None:
    file = real / "villages_kota_serang_kemendagri_raw.geojson"

    found = read_boundaries(file, area=KOTA_SERANG, faults="repair")

    assert len(found.villages) == 67
    shapes = found.villages.to_crs("EPSG:32748").geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area)
    assert found.report.largest_change is not None
    assert abs(found.report.largest_change.share) < 0.01


def test_the_province_gives_a_city_and_its_surroundings(real: Path) -> None:
    found = read_boundaries(real / "villages_banten_bps2020.gpkg", area=KOTA_SERANG)

    assert (len(found.villages), len(found.surroundings)) == (67, 1485)


def test_bps_codes_give_the_same_villages(real: Path) -> None:
    file = real / "villages_banten_bps2020.gpkg"

    by_bps = read_boundaries(file, area=BANTEN, code_column="kode_bps")
    by_kemendagri = read_boundaries(file, area=BANTEN, code_column="kode_kemendagri")

    assert by_bps.report.code_system == "bps"
    assert by_bps.report.matched_kemendagri == 99
    assert by_bps.villages.geometry.geom_equals(by_kemendagri.villages.geometry).all()


def test_the_raw_province_is_repaired_without_losing_a_village(real: Path, tmp_path: Path) -> None:
    out = tmp_path / "banten.gpkg"

    began = time.process_time()
    report = repair_boundaries(real / "villages_banten_kemendagri_raw.gpkg", out)

    assert time.process_time() - began < 100  # 7 s on a quiet machine
    assert len(report.overlaps) == 3261
    assert report.gap_total_m2 == pytest.approx(2_930_000, rel=0.01)
    assert report.gaps_left == ()
    assert report.largest_change is not None
    assert report.largest_change.moved_share == pytest.approx(0.0067, abs=0.0002)
    assert check_boundaries(out).usable_as_is

    before = gpd.read_file(real / "villages_banten_kemendagri_raw.gpkg").to_crs(UTM_48S)
    after = gpd.read_file(out).to_crs(UTM_48S)
    assert after["village_code"].tolist() == before["kode_kemendagri"].tolist()
    shapes = after.geometry.to_numpy()
    ground = shapely.union_all(shapes)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(ground.area)
    assert shapely.get_num_interior_rings(shapely.get_parts(ground)).sum() == 0

    # Each change of area is told, with --json and as text.
    change = dict(zip(after["village_code"], after.area - before.area, strict=True))
    told = {each.village_code: each.change_m2 for each in report.area_changes}
    assert {code: change[code] for code in told} == pytest.approx(told, abs=0.1)
    assert all(abs(m2) < 1 for code, m2 in change.items() if code not in told)
    assert len(report.to_json()["area_changes"]) == len(told)
    assert {line.split("\t")[0] for line in report.lines() if "\t" in line} == set(told)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_a_repair_of_what_was_repaired_changes_nothing(
    real: Path, tmp_path: Path, suffix: str
) -> None:
    once, twice = tmp_path / f"once{suffix}", tmp_path / f"twice{suffix}"
    repair_boundaries(real / "villages_kota_serang_kemendagri_raw.geojson", once)

    report = repair_boundaries(once, twice)

    assert (report.is_repaired, report.area_changes) == (False, ())
    assert gpd.read_file(once).geometry.geom_equals(gpd.read_file(twice).geometry).all()
