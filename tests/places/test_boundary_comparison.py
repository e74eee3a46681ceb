"""`boundaries compare` on files: small ones, and the two real layers of Banten."""

import csv
import json
import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import affinity

from geo_target.errors import DataRefusedError
from geo_target.places.boundary_comparison import ComparedLayers, compare_boundaries, write_zones
from geo_target.places.layer_comparison import summarize
from geo_target.publishing.comparison_map import comparison_page
from tests.places.boundary_layers import CURUG, SIDE, squares, write_geojson
from tests.test_cli import geo_target, one_object


def moved(code_at: int = 0, share: float = 0.5) -> gpd.GeoDataFrame:
    """Curug's squares, one of them a part of its side further east."""
    layer = squares()
    shapes = list(layer.geometry)
    shapes[code_at] = affinity.translate(shapes[code_at], SIDE * share, 0)
    return layer.set_geometry(shapes, crs=4326)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write_geojson(tmp_path / "a.geojson", squares()),
        write_geojson(tmp_path / "b.geojson", moved()),
    )


def test_json_has_every_village_and_says_what_moved(files: tuple[Path, Path]) -> None:
    found = one_object(geo_target("boundaries", "compare", *files, "--json"))

    first, *others = found["villages"]
    assert (found["area"], found["area_name"]) == (CURUG, "Curug")
    assert [found["a"]["file"], found["b"]["file"]] == ["a.geojson", "b.geojson"]
    assert first["iou"] == pytest.approx(0.5 / 1.5, abs=1e-3)
    assert first["outside_share"] == pytest.approx(0.5, abs=1e-3)
    assert first["distance_m"] == pytest.approx(0.5 * SIDE * 110_700, rel=0.01)
    assert [village["iou"] for village in others] == pytest.approx([1] * len(others))
    assert len(found["villages"]) == len(squares())
    assert (found["summary"]["below_half"], found["zones"]) == (1, 2)


@pytest.mark.parametrize(("language", "means"), [("id", "titik rumah"), ("en", "a home's point")])
def test_text_names_every_village_that_moved_far(
    files: tuple[Path, Path], language: str, means: str
) -> None:
    done = geo_target("--lang", language, "boundaries", "compare", *files)

    assert done.exit_code == 0
    assert means in done.stdout
    decimals = "0,33" if language == "id" else "0.33"
    code, name = squares()[["kode", "nama"]].iloc[0]
    assert f"{code} {name}\t{decimals}\t" in done.stdout


def test_zones_are_written_whole(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = [tmp_path / "z.gpkg", tmp_path / "z.geojson"]
    maps = [part for file in out for part in ("--map", file)]

    assert geo_target("boundaries", "compare", *files, *maps).exit_code == 0

    code = squares()["kode"].iloc[0]
    for file in out:
        zones = gpd.read_file(file)
        pairs = zones[["code_a", "code_b"]].to_numpy().tolist()
        assert sorted(pairs) == [["", code], [code, ""]]
        metric = zones.to_crs(32748)
        assert metric.area.to_list() == pytest.approx(zones["area_m2"].to_list(), abs=0.1)


def test_overlaps_and_missing_villages_do_not_refuse_a_comparison(tmp_path: Path) -> None:
    a = write_geojson(tmp_path / "a.geojson", squares().iloc[1:])
    b = write_geojson(tmp_path / "b.geojson", moved(1))

    found = compare_boundaries(a, b, area=CURUG).report

    assert found.comparison.only_b == [squares()["kode"].iloc[0]]
    assert "hanya ada di b.geojson" in "\n".join(found.lines("id"))
    assert json.loads(json.dumps(found.to_json()))["villages"][0]["iou"] is None


def refused(*files: Path, area: str | None = None) -> list[str]:
    with pytest.raises(DataRefusedError) as caught:
        compare_boundaries(*files, area=area)
    return [fault.code for fault in caught.value.faults]


def test_what_cannot_be_compared_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    elsewhere = write_geojson(tmp_path / "c.geojson", squares("36.73.05"))
    twice = pd.concat([squares(), squares().iloc[:1].assign(nama="lagi")])
    double = write_geojson(tmp_path / "d.geojson", gpd.GeoDataFrame(twice, crs=4326))

    assert refused(files[0], elsewhere) == ["E-COMPARE"]
    assert refused(double, files[1]) == ["E-DUPLICATE"]
    assert refused(files[0], tmp_path / "none.geojson") == ["E-FILE"]
    done = geo_target("boundaries", "compare", *files, "--map", tmp_path / "z.shp")
    assert (done.exit_code, "E-TYPE" in done.stderr) == (1, True)


def page_of(*files: Path) -> str:
    return comparison_page(compare_boundaries(*files), "id")


def test_the_picture_asks_no_host_and_runs_no_script(files: tuple[Path, Path]) -> None:
    page = page_of(*files)

    assert page.startswith('<!DOCTYPE html>\n<html lang="id">')
    assert not [word for word in ("http", "<script", "src=", "@import", "<link") if word in page]
    assert page.count("<title>") == 1 + len(squares()) + 2 + 1  # page, villages, zones, outlines
    assert 'fill="url(#hatch)"' in page
    assert "a.geojson (berkas " in page


def test_text_of_a_file_is_no_markup(tmp_path: Path) -> None:
    name = "<b onclick=x>&.geojson"
    page = page_of(
        write_geojson(tmp_path / name, squares()), write_geojson(tmp_path / "b.geojson", moved())
    )

    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;&amp;.geojson" in page


# --- the real layers ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Path:
    folder = os.environ.get("GEO_TARGET_BOUNDARIES")
    if not folder:
        pytest.skip("GEO_TARGET_BOUNDARIES does not name the folder of real boundary files")
    return Path(folder)


@pytest.fixture(scope="module")
def banten(real: Path) -> ComparedLayers:
    return compare_boundaries(
        real / "villages_banten_kemendagri_raw.gpkg", real / "villages_banten_bps2020.gpkg"
    )


def test_the_two_layers_of_banten_as_measured_before(real: Path, banten: ComparedLayers) -> None:
    with (real / "boundary_disagreement_banten.csv").open() as stream:
        rows = {row["kode_kemendagri"]: row for row in csv.DictReader(stream)}
    found = banten.report.comparison.villages
    known = found.loc[list(rows)]

    assert len(known) == 1550
    for name, column, unit, rounding in (
        ("iou", "iou", 1, 1e-4), ("area_a_m2", "km2_kemendagri", 1e6, 1e-3),
        ("area_b_m2", "km2_bps", 1e6, 1e-3),
    ):  # fmt: skip
        wanted = [float(row[column]) for row in rows.values()]
        assert (known[name] / unit).to_list() == pytest.approx(wanted, abs=rounding)
    total = summarize(banten.report.comparison).loc[""]
    assert total["median_iou"] == pytest.approx(0.83, abs=0.005)
    assert [total[name] for name in ("villages", "below_half", "below_tenth")] == [1552, 71, 12]


@pytest.mark.parametrize(
    ("regency", "percent"),
    [("36.73", 92.3), ("36.02", 83.4), ("36.01", 83.6), ("36.04", 88.4), ("36.71", 95.4)],
)
def test_ground_in_the_same_village(banten: ComparedLayers, regency: str, percent: float) -> None:
    shares = summarize(banten.report.comparison)["same_share"]

    assert 100 * shares[regency] == pytest.approx(percent, abs=0.1)


def test_labels_that_seem_swapped_in_banten(banten: ComparedLayers) -> None:
    assert banten.report.comparison.swapped == [
        ("36.01.06.2002", "36.01.06.2009"),
        ("36.03.12.1012", "36.03.12.2013"),
        ("36.03.12.2001", "36.03.12.2015"),
        ("36.03.28.1002", "36.03.28.1003"),
    ]


def test_zones_of_the_city_add_up(real: Path, tmp_path: Path) -> None:
    compared = compare_boundaries(
        real / "villages_kota_serang_kemendagri_raw.geojson",
        real / "villages_kota_serang_bps2020.geojson",
    )
    write_zones(compared.report, tmp_path / "z.gpkg")

    zones = gpd.read_file(tmp_path / "z.gpkg").to_crs("EPSG:32748")
    villages = compared.report.comparison.villages
    lost = ((villages["elsewhere_share"] + villages["outside_share"]) * villages["area_a_m2"]).sum()
    assert zones[zones["code_a"] != ""].area.sum() == pytest.approx(lost, rel=1e-3)
    assert set(zones.geom_type) <= {"Polygon", "MultiPolygon"}
