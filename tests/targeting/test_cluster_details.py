"""What a run knows of its clusters besides which there are."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo_target.crs import WGS84
from geo_target.settings import Clusters
from geo_target.targeting.cluster_details import ClusterDetails, detail_clusters
from geo_target.targeting.cluster_ids import LastClusters, keep_ids
from geo_target.targeting.clusters import UNMATCHED
from tests.targeting.pocket_worlds import CRS, VILLAGES, found_in, make_world

ON = date(2025, 10, 1)


def world_of(*, located: float = 1.0) -> pd.DataFrame:
    """Pockets of uncovered families, and one hamlet that nothing could be compared of."""
    families = make_world(1, pocket=0.8, elsewhere=0.05, located=located)
    families["rt"] = "001"
    families["evidence_on"] = pd.Timestamp("2025-07-03")  # 90 days before
    hamlet = families.loc[~families["is_pocket"] & (families["hamlet"] >= 0), "hamlet"].iloc[0]
    families.loc[families["hamlet"] == hamlet, "coverage_state"] = "unmatched"
    return families


def details_of(
    families: pd.DataFrame, *, before: LastClusters | None = None, load: int = 40
) -> tuple[ClusterDetails, pd.Series]:
    rule = Clusters(split_load=load)
    clusters, members = found_in(families, rule)
    if before is not None:
        clusters, members = keep_ids(clusters, members, before, families, VILLAGES)
    found = detail_clusters(
        clusters, members, families, VILLAGES.assign(district_code="36.73.01"), rule,
        crs=CRS, before=before, on=ON, barriers=gpd.GeoSeries([], crs=WGS84),
    )  # fmt: skip
    return found, members


@pytest.fixture(scope="module")
def families() -> pd.DataFrame:
    return world_of()


def test_clusters_tell_where_they_are_known_and_how_old_that_is(families: pd.DataFrame) -> None:
    found, members = details_of(families)
    assert found.clusters["median_age_days"].tolist() == [90.0] * len(found.clusters)
    assert found.clusters["located_share"].tolist() == [1.0] * len(found.clusters)
    assert found.scattered["clustered_families"].sum() == len(members) > 0


def test_unmatched_families_have_a_cluster_of_their_own(families: pd.DataFrame) -> None:
    found, members = details_of(families)
    unmatched = families.index[families["coverage_state"] == "unmatched"]
    assert len(found.unmatched) == 1
    assert set(found.unmatched_of) == {*found.unmatched["cluster_id"]}
    assert found.unmatched["cluster_id"].str.startswith(UNMATCHED).all()
    assert set(found.unmatched_of.index) <= set(unmatched)
    assert not set(found.unmatched_of.index) & set(members.index)


def test_parts_hold_a_load_and_every_family_once(families: pd.DataFrame) -> None:
    found, members = details_of(families, load=20)
    assert found.part_of.sort_index().index.equals(members.sort_index().index)
    assert found.parts["uncovered_families"].max() <= 20
    sums = found.parts.groupby("cluster_id")["uncovered_families"].sum()
    assert sums.to_dict() == found.clusters.set_index("cluster_id")["uncovered_families"].to_dict()
    assert found.parts["radius_m"].between(0, 600).all()
    whole, _ = details_of(families, load=1_000)
    assert set(whole.part_of) == {1}


def test_parts_of_an_rw_go_by_the_address_and_have_no_radius() -> None:
    found, _ = details_of(world_of(located=0.2), load=20)
    assert set(found.clusters["kind"]) == {"rw"}
    assert found.parts["radius_m"].isna().all()
    assert found.parts["uncovered_families"].max() <= 20


def test_both_kinds_keep_their_ids_and_never_each_others(families: pd.DataFrame) -> None:
    first, members = details_of(families)
    before = LastClusters(pd.concat([members, first.unmatched_of]), {})
    again, _ = details_of(families, before=before)
    assert [*again.unmatched["cluster_id"]] == [*first.unmatched["cluster_id"]]
    assert [*again.clusters["cluster_id"]] == [*first.clusters["cluster_id"]]
    # Now compared, and found to be uncovered: a cluster of the uncovered, under a new id.
    found = families.assign(coverage_state=families["coverage_state"].replace("unmatched",
                            "uncovered"))  # fmt: skip
    later, members = details_of(found, before=before)
    assert not [name for name in later.clusters["cluster_id"] if name.startswith(UNMATCHED)]
    assert later.unmatched.empty
    assert set(first.unmatched_of.index) & set(members.index)


def test_a_cluster_of_points_never_has_the_id_of_an_rw(families: pd.DataFrame) -> None:
    by_address, members = details_of(families.assign(has_point=False))
    assert set(by_address.clusters["kind"]) == {"rw"}
    found, _ = details_of(families, before=LastClusters(members, {}))
    assert found.clusters["cluster_id"].str.startswith("titik-").all()


# ---- barriers


def test_a_barrier_parts_who_lives_on_its_sides(families: pd.DataFrame) -> None:
    clusters, members = found_in(families)
    first = clusters[clusters["kind"] == "points"].iloc[0]
    own = families.loc[members.index[members == first["cluster_id"]]]
    middle = float(np.median(own["lon"]))
    south, north = own["lat"].min() - 0.01, own["lat"].max() + 0.01
    wall = gpd.GeoSeries([shapely.LineString([(middle, south), (middle, north)])], crs=WGS84)
    found = detail_clusters(
        clusters, members, families, VILLAGES.assign(district_code="36.73.01"),
        Clusters(split_load=1_000), crs=CRS, before=None, on=ON, barriers=wall,
    )  # fmt: skip
    parts = found.part_of[own.index]
    assert set(parts) == {1, 2}
    east = own["lon"] > middle
    assert parts[east].nunique() == parts[~east].nunique() == 1
