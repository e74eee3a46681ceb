import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from geo_target.crs import WGS84
from geo_target.settings import Clusters
from geo_target.targeting.clusters import find_clusters, villages_with_points
from geo_target.targeting.joined_cells import join_cells
from geo_target.targeting.point_clusters import (
    OUTLINE_M,
    count_cells,
    draw_cells,
    find_point_clusters,
)
from geo_target.targeting.rw_clusters import find_rw_clusters
from tests.builders import UTM_48S, row_of_villages

CRS = pyproj.CRS(UTM_48S)
RULE = Clusters()


def world(*groups: tuple[str, str, float, float, int]) -> pd.DataFrame:
    """Families in little rows: village, state, meters east and north, how many, 5 m apart."""
    rows = [
        (village, state, 620_000 + east + 5 * i, 9_320_000 + north)
        for village, state, east, north, many in groups
        for i in range(many)
    ]
    frame = pd.DataFrame(rows, columns=["village_code", "coverage_state", "x", "y"])
    degrees = gpd.GeoSeries.from_xy(frame["x"], frame["y"], crs=UTM_48S).to_crs(WGS84)
    frame = frame.assign(
        lon=degrees.x, lat=degrees.y, has_point=True, rw=None, neighborhood=None,
        family_id=[f"F{i}" for i in range(len(frame))],
    )  # fmt: skip
    return frame.set_index("family_id")


def test_eight_that_nobody_reaches_are_a_cluster() -> None:
    families = world(("A", "uncovered", 100, 100, 8), ("A", "covered", 100, 800, 30))
    clusters, members = find_point_clusters(families, row_of_villages("A"), RULE, CRS)
    assert clusters[
        ["cluster_id", "kind", "uncovered_families", "village_codes"]
    ].values.tolist() == [["titik-A-1", "points", 8, ["A"]]]
    assert set(members.index) == {f"F{i}" for i in range(8)}
    assert clusters["radius_m"][0] == round(7 * 5 / 2)


@pytest.mark.parametrize(
    ("what", "families"),
    [
        ("too few", world(("A", "uncovered", 100, 100, 7))),
        (
            "as many are reached",
            world(("A", "uncovered", 100, 100, 8), ("A", "covered", 100, 120, 9)),
        ),
        (
            "two groups 600 m apart",
            world(("A", "uncovered", 100, 100, 5), ("A", "uncovered", 100, 700, 5)),
        ),
        ("unmatched are not compared", world(("A", "unmatched", 100, 100, 20))),
    ],
)  # fmt: skip
def test_what_is_no_cluster(what: str, families: pd.DataFrame) -> None:
    clusters, members = find_point_clusters(families, row_of_villages("A"), RULE, CRS)
    assert clusters.empty, what
    assert members.empty, what


def test_a_cluster_may_lie_in_two_villages() -> None:
    families = world(("A", "uncovered", 950, 100, 6), ("B", "uncovered", 1010, 100, 4))
    clusters, _ = find_point_clusters(families, row_of_villages("A", "B"), RULE, CRS)
    assert clusters["village_codes"].tolist() == [["A", "B"]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12))
def test_cells_are_joined_as_scikit_learn_joins_them(seed: int, smallest: int) -> None:
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 60, (rng.integers(1, 80), 2))
    cells, weights = np.unique(places, axis=0, return_counts=True)
    rule = Clusters(smallest=smallest)
    ours = join_cells(cells, weights, rule)
    fitted = DBSCAN(eps=rule.distance_m, min_samples=smallest).fit(
        cells * 25.0, sample_weight=weights
    )
    core = np.zeros(len(cells), dtype=bool)
    core[fitted.core_sample_indices_] = True
    assert ((ours == -1) == (fitted.labels_ == -1)).all()
    pairs = set(zip(ours[core], fitted.labels_[core], strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_clusters_are_dbscans_where_cells_do_not_merge_places() -> None:
    rng = np.random.default_rng(7)
    middles = rng.uniform(0, 6000, (12, 2))
    places = np.concatenate([m + rng.normal(0, 60, (rng.integers(3, 25), 2)) for m in middles])
    frame = pd.DataFrame(places + np.array([620_000, 9_320_000]), columns=["x", "y"])
    degrees = gpd.GeoSeries.from_xy(frame["x"], frame["y"], crs=UTM_48S).to_crs(WGS84)
    families = pd.DataFrame(
        {"village_code": "A", "coverage_state": "uncovered", "lon": degrees.x, "lat": degrees.y}
    ).set_index(pd.Index([f"F{i}" for i in range(len(frame))], name="family_id"))
    clusters, members = find_point_clusters(families, row_of_villages("A"), RULE, CRS)
    labels = DBSCAN(eps=RULE.distance_m, min_samples=RULE.smallest).fit_predict(frame)
    expected = {frozenset(families.index[labels == n]) for n in set(labels) - {-1}}
    found = {frozenset(group.index) for _, group in members.groupby(members)}
    # 25 m cells move a place by at most 18 m: at a border a family may join or leave.
    assert len(found) == len(expected)
    shared = sum(max(len(f & e) for e in expected) for f in found)
    assert shared >= 0.98 * sum(len(e) for e in expected)
    assert clusters["uncovered_families"].sum() == len(members)


def test_an_outline_is_of_grid_cells_and_holds_no_familys_place() -> None:
    families = world(("A", "uncovered", 431, 431, 30))
    clusters, _ = find_point_clusters(families, row_of_villages("A"), RULE, CRS)
    corners = shapely.get_coordinates(clusters.to_crs(CRS).geometry.values)
    assert np.allclose(corners / OUTLINE_M, np.round(corners / OUTLINE_M), atol=1e-5)
    cells = count_cells(families.assign(cluster_id="x"), CRS)
    assert cells["uncovered_families"].tolist() == [14, 16]  # the row crosses one grid line


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_an_outline_tells_of_a_place_no_more_than_its_cell(seed: int) -> None:
    """Corners lie on the grid of 500 m, and families that move within their cells move none."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, 2_000, (60, 2))
    corner = np.floor(places / OUTLINE_M) * OUTLINE_M
    moved = corner + random.uniform(1, OUTLINE_M - 1, places.shape)
    outlines = []
    for each in (places, moved):
        degrees = gpd.GeoSeries.from_xy(620_000 + each[:, 0], 9_320_000 + each[:, 1], crs=CRS)
        degrees = degrees.to_crs(WGS84)
        members = pd.DataFrame({"cluster_id": "x", "lon": degrees.x, "lat": degrees.y})
        outlines.append(draw_cells(count_cells(members, CRS), CRS))
    assert shapely.to_wkb(outlines[0]["x"]) == shapely.to_wkb(outlines[1]["x"])
    corners = shapely.get_coordinates(outlines[0].to_crs(CRS).values)
    assert np.allclose(corners / OUTLINE_M, np.round(corners / OUTLINE_M), atol=1e-5)


# A: RW 001 has six of eight, RW 002 has four of four (too few), RW 003 six of twenty (too
# small a share); a lingkungan without RW has five of five.
def rw_world() -> pd.DataFrame:
    groups = [
        ("001", None, "uncovered", 6), ("001", None, "covered", 2), ("002", None, "uncovered", 4),
        ("003", None, "uncovered", 6), ("003", None, "covered", 14),
        (None, "KEMANG", "uncovered", 5), (None, None, "uncovered", 9),
        ("001", None, "unmatched", 50),
    ]  # fmt: skip
    rows = [(rw, name, state) for rw, name, state, many in groups for _ in range(many)]
    frame = pd.DataFrame(rows, columns=["rw", "neighborhood", "coverage_state"])
    index = pd.Index([f"F{i}" for i in range(len(frame))], name="family_id")
    return frame.assign(village_code="A", has_point=False, lon=None, lat=None).set_index(index)


def test_rw_with_many_uncovered_by_count_and_share() -> None:
    clusters, members = find_rw_clusters(rw_world(), row_of_villages("A"), RULE)
    shown = clusters[["cluster_id", "name", "uncovered_families", "compared_families"]]
    assert shown.values.tolist() == [
        ["rw-A-001", "RW 001, Desa A", 6, 8],
        ["rw-A-kemang", "KEMANG, Desa A", 5, 5],
    ]
    assert clusters.geometry.isna().all()
    assert members.value_counts().to_dict() == {"rw-A-001": 6, "rw-A-kemang": 5}


def test_a_village_is_in_one_kind_of_clusters_only() -> None:
    points = world(("A", "uncovered", 100, 100, 8), ("A", "uncovered", 600, 900, 2))
    points.loc[points.index[-2:], "has_point"] = False
    rest = rw_world().assign(village_code="B").rename(index=lambda i: f"B{i}")
    families = pd.concat([points.drop(columns=["x", "y"]).astype(object), rest.astype(object)])
    families = families.astype({"lon": float, "lat": float, "has_point": bool})
    assert villages_with_points(families, located_share=0.8).tolist() == ["A"]
    assert villages_with_points(families, located_share=0.81).tolist() == []
    untested = Clusters(false_discovery_rate=1)
    clusters, members = find_clusters(families, row_of_villages("A", "B"), untested, CRS)
    assert clusters["cluster_id"].tolist() == ["titik-A-1", "rw-B-001", "rw-B-kemang"]
    assert members.index.is_unique


def test_nobody_uncovered_means_no_clusters() -> None:
    families = world(("A", "covered", 100, 100, 20))
    clusters, members = find_clusters(families, row_of_villages("A"), RULE, CRS)
    assert clusters.empty
    assert members.empty
