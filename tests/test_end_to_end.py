"""The whole way on the demo world: what a run finds equals what the world's maker knows."""

import re
from gzip import decompress
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from benchmarks.pockets import ALL, judge, missed_goals
from geo_target import pipeline
from geo_target.demo.world import write_demo
from geo_target.errors import DataRefusedError
from tests.demo.runs import BPS, RAW, Ran, agrees_with_truth, ran
from tests.publishing.told_places import exact_degrees, hits, is_chance, places_in, texts_of

SERANG = {"extreme_poor": 8799, "covered": 5015, "uncovered": 3784, "unmatched": 0}


@pytest.fixture(scope="module")
def serang(tmp_path_factory: pytest.TempPathFactory, boundary_folder: Path) -> Ran:
    """Kota Serang as `geo-target demo` makes it, workbooks and all, on real boundaries."""
    return ran(tmp_path_factory.mktemp("serang"), seed=1, boundaries=boundary_folder / BPS)


def test_kota_serang(serang: Ran) -> None:
    families = serang.report["families"]
    assert {key: families[key] for key in SERANG} == SERANG
    assert families["total"] == 60_000
    assert serang.report["villages"] == 67
    agrees_with_truth(serang)


def test_kasemen_and_taktakan_lead(serang: Ran) -> None:
    by_district = serang.exact("villages").groupby("district_name")["uncovered_families"].sum()
    assert set(by_district.nlargest(2).index) == {"Kasemen", "Taktakan"}


def test_books_balance_at_every_level(serang: Ran) -> None:
    families, villages = serang.exact("families"), serang.exact("villages")
    books = serang.report["families"]
    assert books["total"] == books["located"] + books["unlocated"] + books["outside"]
    assert books["total"] == books["in_villages"] + books["unplaced"]
    counted = families.groupby("village_code").size().reindex(villages["village_code"])
    assert (counted.to_numpy() == villages["families"].to_numpy()).all()
    poor = families[families["welfare_class"] == "extreme_poor"]
    states = poor.groupby(["village_code", "coverage_state"]).size().unstack(fill_value=0)
    states = states.reindex(villages["village_code"], fill_value=0)
    assert (states["uncovered"].to_numpy() == villages["uncovered_families"].to_numpy()).all()
    for entry in serang.report["intake"]:
        parts = ("accepted", "quarantined", "duplicates", "blank")
        assert entry["rows"] == sum(entry[part] for part in parts), entry["file"]


def test_the_point_village_is_the_one_that_holds_the_point(
    serang: Ran, boundary_folder: Path
) -> None:
    families = serang.exact("families").dropna(subset=["lon"])
    layer = gpd.read_file(boundary_folder / BPS).set_index("kode_kemendagri")
    points = gpd.GeoDataFrame(
        families, geometry=gpd.points_from_xy(families["lon"], families["lat"]), crs=layer.crs
    )
    joined = points.sjoin(layer[["geometry"]], how="left", predicate="within")
    assert joined.index.is_unique
    assert (joined["kode_kemendagri"] == joined["point_village_code"]).all()


def test_six_villages_form_clusters_of_points(serang: Ran) -> None:
    clusters = serang.exact("clusters")
    assert set(clusters["kind"]) == {"points", "rw"}
    families = serang.exact("families")
    uncovered = families[
        (families["welfare_class"] == "extreme_poor") & (families["coverage_state"] == "uncovered")
    ]
    share = uncovered.groupby("village_code")["lon"].apply(lambda lon: lon.notna().mean())
    assert (share >= 0.8).sum() >= 6
    by_id = uncovered.groupby("cluster_id").size()
    listed = clusters.set_index("cluster_id")["uncovered_families"]
    assert (by_id == listed.reindex(by_id.index)).all()
    assert len(by_id) == len(listed)


def test_no_outline_reveals_a_place(serang: Ran) -> None:
    clusters = gpd.read_parquet(Path(serang.report["snapshot"]) / "exact" / "clusters.parquet")
    corners = shapely.get_coordinates(list(clusters.to_crs("EPSG:32748").geometry.dropna()))
    assert np.allclose(corners / 500, np.round(corners / 500), atol=1e-4)
    assert clusters.loc[clusters["kind"] == "rw"].geometry.isna().all()


def test_nothing_exact_is_shown(serang: Ran) -> None:
    """No id, NIK, name or place of a family is in any byte that the meeting gets."""
    snapshot = Path(serang.report["snapshot"])
    shown = b""
    for path in sorted((snapshot / "shown").rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            shown += decompress(raw) if path.suffix == ".gz" else raw
    families = serang.exact("families")
    poor = families[families["welfare_class"] == "extreme_poor"]
    assert not [i for i in poor["family_id"] if i.encode() in shown]
    places = set(zip(poor["lon"].round(5), poor["lat"].round(5), strict=True))
    drawn = re.findall(rb"(\d+\.\d+),(-?\d+\.\d+)", shown)
    assert len(drawn) > 1000
    assert not places & {(float(lon), float(lat)) for lon, lat in drawn}
    names = serang.exact("identities")["name"].dropna().unique()
    assert not [n for n in names if len(n.split()) > 2 and n.encode() in shown]


def test_identities_are_masked(serang: Ran) -> None:
    identities = serang.exact("identities")
    assert identities["national_id_masked"].dropna().str.fullmatch("•{12}.{4}").all()
    assert identities["national_id_key"].dropna().str.fullmatch("[0-9a-f]{64}").all()
    exact = Path(serang.report["snapshot"]) / "exact"
    assert exact.stat().st_mode & 0o777 == 0o700
    poor = serang.exact("families").query("welfare_class == 'extreme_poor'")["family_id"]
    assert set(identities["family_id"]) <= set(poor)


def test_the_summary_says_what_the_report_says(serang: Ran) -> None:
    totals = serang.shown("summary.json")["totals"]
    assert {key: totals[f"{key}_families"] for key in SERANG} == SERANG
    assert totals["leading_villages"] < 67


@pytest.fixture(scope="module")
def located(tmp_path_factory: pytest.TempPathFactory, boundary_folder: Path) -> Ran:
    """Another seed's city, in which every listed family has a point."""
    folder = tmp_path_factory.mktemp("located")
    return ran(folder, seed=2, located=1.0, boundaries=boundary_folder / BPS, lists="csv")


def test_the_figures_come_from_the_world_not_from_the_seed(located: Ran) -> None:
    assert {key: located.report["families"][key] for key in SERANG} == SERANG
    agrees_with_truth(located)


def test_with_all_points_planted_pockets_are_clusters(located: Ran) -> None:
    found = judge(located.truth(), located.exact("families"), located.exact("clusters"))
    assert missed_goals(found, located=ALL, is_uniform=False) == []
    assert found.flagged == found.pockets > 30
    assert found.rw == 0


def test_nothing_shown_is_where_a_family_lives(located: Ran) -> None:
    """No corner, label or number of any file: neither its true place nor its point in the list."""
    truth, families = located.truth(), located.exact("families").dropna(subset=["lon"])
    homes = np.concatenate([frame[["lon", "lat"]].to_numpy() for frame in (truth, families)])
    texts = list(texts_of(Path(located.report["snapshot"]) / "shown"))
    told = np.concatenate([places_in(text) for text in texts])
    assert len(told) > 5_000
    assert is_chance(*hits(told, homes))
    assert not [exact for text in texts if (exact := exact_degrees(text, homes))]


def test_shown_outlines_are_of_whole_cells(located: Ran) -> None:
    shown = Path(located.report["snapshot"]) / "shown" / "meeting" / "layers"
    drawn = gpd.read_file(BytesIO(decompress((shown / "clusters.json.gz").read_bytes())))
    corners = shapely.get_coordinates(drawn.to_crs("EPSG:32748").geometry.values)
    assert len(corners) > 100
    # Five decimals of a degree are of a meter.
    assert np.abs(corners - 500 * np.round(corners / 500)).max() < 1


def test_where_four_of_ten_have_points_every_pocket_is_flagged(serang: Ran) -> None:
    found = judge(serang.truth(), serang.exact("families"), serang.exact("clusters"))
    assert missed_goals(found, located=0.4, is_uniform=False) == []
    assert found.pockets > 30


def test_spoiled_keys_are_unmatched_and_never_uncovered(
    tmp_path: Path, boundary_folder: Path
) -> None:
    run = ran(tmp_path, unmatched=0.17, boundaries=boundary_folder / BPS, lists="csv")
    families = run.report["families"]
    assert {key: families[key] for key in SERANG} == {
        "extreme_poor": 8799, "covered": 4180, "uncovered": 3123, "unmatched": 1496,
    }  # fmt: skip
    agrees_with_truth(run)


def test_a_layer_with_gaps_and_overlaps_is_refused_or_repaired(
    tmp_path: Path, boundary_folder: Path
) -> None:
    """On a smaller world of a third seed: what is found is what was made."""
    layer = boundary_folder / RAW
    write_demo(tmp_path, seed=3, families=6_000, boundaries=layer, lists="csv")
    config = tmp_path / "geo-target.toml"
    with pytest.raises(DataRefusedError) as caught:
        pipeline.run(config)
    assert {fault.code for fault in caught.value.faults} >= {"E-OVERLAP", "E-GAP"}
    assert not (tmp_path / "archive" / "CURRENT").exists()
    config.write_text(config.read_text("utf-8").replace('"refuse"', '"repair"'), encoding="utf-8")
    run = Ran(tmp_path, pipeline.run(config).report)
    assert run.report["families"]["total"] == 6_000
    assert run.report["boundaries"]["repaired"]
    assert 0 < run.report["boundaries"]["largest_change_share"] < 0.01
    agrees_with_truth(run)
    assert run.exact("families")["family_id"].is_unique
