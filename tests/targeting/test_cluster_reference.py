"""Clusters of points against lists of neighbors, cluster by cluster: slow, and plain to read."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo_target.crs import WGS84
from geo_target.settings import Clusters
from geo_target.targeting.excess import EXCESS_COLUMNS
from geo_target.targeting.point_clusters import OUTLINE_M, find_point_clusters
from tests.builders import UTM_48S, row_of_villages
from tests.targeting.test_clusters import CRS

CELL_M = 25
VILLAGES = row_of_villages("A", "B", "C")


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    distance=st.sampled_from([20.0, 37.0, 100.0, 130.0, 200.0]),
    smallest=st.integers(2, 12),
    share=st.sampled_from([0.0, 0.3, 0.5, 0.75, 1.0]),
)
def test_clusters_are_those_of_lists_of_neighbors(
    seed: int, distance: float, smallest: int, share: float
) -> None:
    families = some_families(np.random.default_rng(seed))
    rule = Clusters(distance_m=distance, smallest=smallest, smallest_share=share)
    clusters, members = find_point_clusters(families, VILLAGES, rule, CRS)
    expected = reference(families, rule)
    later = {"geometry", "kind", "located_share", "median_age_days", *EXCESS_COLUMNS}
    columns = [name for name in clusters.columns if name not in later]
    assert clusters[columns].to_dict("records") == [
        {name: row[name] for name in columns} for row in expected
    ]
    assert [list(own) for _, own in members.groupby(members, sort=False).groups.items()] == [
        row["members"] for row in expected
    ]
    outlines = gpd.GeoSeries([row["outline"] for row in expected], crs=UTM_48S).to_crs(WGS84)
    assert shapely.equals(clusters.geometry.values, outlines.values).all()


def some_families(random: np.random.Generator) -> pd.DataFrame:
    """Hamlets of up to 60 families, each with its own share of uncovered."""
    middles = random.uniform(0, 1500, (random.integers(1, 15), 2))
    hamlet = random.integers(0, len(middles), random.integers(1, 400))
    places = middles[hamlet] + random.normal(0, random.uniform(5, 90), (len(hamlet), 2))
    again = random.integers(0, len(places), len(places) // 5)
    places[again] = places[random.permutation(again)]
    share = random.uniform(0, 1, len(middles))[hamlet]
    state = np.where(random.random(len(hamlet)) < share, "uncovered", "covered")
    state[random.random(len(hamlet)) < 0.05] = "unmatched"
    x, y = (places + np.array([620_000, 9_320_000])).T
    degrees = gpd.GeoSeries.from_xy(x, y, crs=UTM_48S).to_crs(WGS84)
    return pd.DataFrame(
        {"lon": degrees.x, "lat": degrees.y, "coverage_state": state,
         "village_code": random.choice(["A", "B", "C"], len(hamlet))},
    ).set_index(pd.Index([f"F{i}" for i in range(len(hamlet))], name="family_id"))  # fmt: skip


def reference(families: pd.DataFrame, rule: Clusters) -> list[dict[str, Any]]:
    compared = families[families["coverage_state"].isin(["covered", "uncovered"])]
    places = gpd.GeoSeries.from_xy(compared["lon"], compared["lat"], crs=WGS84).to_crs(CRS)
    xy = shapely.get_coordinates(places.values).reshape(-1, 2)
    is_uncovered = (compared["coverage_state"] == "uncovered").to_numpy()
    if not is_uncovered.any():
        return []
    tree = KDTree(xy)
    near = tree.query_ball_point(xy, rule.distance_m)
    kept = [i for i in np.flatnonzero(is_uncovered)
            if is_uncovered[near[i]].mean() >= rule.smallest_share]  # fmt: skip
    labels = np.full(len(xy), -1)
    labels[kept] = joined(xy[kept], rule) if kept else []
    sizes = pd.Series(labels[labels >= 0]).value_counts(sort=False).sort_index()
    sizes = sizes[sizes >= rule.smallest].sort_values(ascending=False, kind="stable")
    rows: list[dict[str, Any]] = []
    numbers: dict[str, int] = {}
    for label in sizes.index:
        own = np.flatnonzero(labels == label)
        codes = list(compared["village_code"].iloc[own].value_counts().index)
        numbers[codes[0]] = numbers.get(codes[0], 0) + 1
        around = tree.query_ball_point(xy[own], rule.distance_m / 2)
        corners = np.unique(np.floor(xy[own] / OUTLINE_M) * OUTLINE_M, axis=0)
        squares = shapely.box(*corners.T, *(corners + OUTLINE_M).T)
        rows.append(
            {
                "cluster_id": f"titik-{codes[0]}-{numbers[codes[0]]}",
                "name": f"Desa {codes[0]} {numbers[codes[0]]}",
                "uncovered_families": len(own),
                "compared_families": len(set().union(*around)),
                "located_families": len(own),
                "village_codes": codes,
                "radius_m": round(np.hypot(*(xy[own] - xy[own].mean(axis=0)).T).max()),
                "members": list(compared.index[own]),
                "outline": shapely.union_all(squares),
            }
        )
    return rows


def joined(places: npt.NDArray[np.float64], rule: Clusters) -> npt.NDArray[np.int64]:
    """Label of each place by DBSCAN over all pairs of cells."""
    cells, cell_of, weights = np.unique(
        np.floor(places / CELL_M), axis=0, return_inverse=True, return_counts=True
    )
    middles = cells * CELL_M
    apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
    core = (apart <= rule.distance_m) @ weights >= rule.smallest
    labels = np.full(len(cells), -1)
    if core.any():
        _, labels[core] = connected_components(apart[np.ix_(core, core)] <= rule.distance_m)
        distance, nearest = KDTree(middles[core]).query(middles)
        reached = ~core & (distance <= rule.distance_m)
        labels[reached] = labels[core][nearest[reached]]
    return labels[cell_of.ravel()]
