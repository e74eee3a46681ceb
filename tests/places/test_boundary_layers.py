"""The shipped schematic layer, and the two real layers of Banten where they are at hand."""

import json
import os
from pathlib import Path

import pytest
import shapely

from geo_target.errors import DataRefusedError
from geo_target.places.boundaries import check_boundaries, read_boundaries, repair_boundaries
from geo_target.places.gazetteer import villages_of

KOTA_SERANG, BANTEN = "36.73", "36"


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

    report = repair_boundaries(real / "villages_banten_kemendagri_raw.gpkg", out)

    assert len(report.overlaps) == 3261
    assert report.gap_total_m2 == pytest.approx(2_930_000, rel=0.01)
    assert report.gaps_left == ()
    assert report.largest_change is not None
    assert abs(report.largest_change.share) == pytest.approx(0.0067, abs=0.0002)
    assert read_boundaries(out, area=BANTEN).report.usable_as_is
