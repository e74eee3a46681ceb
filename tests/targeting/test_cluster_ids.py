"""Ids of clusters from run to run."""

from typing import Any

import geopandas as gpd
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo_target.crs import WGS84
from geo_target.targeting.cluster_ids import (
    LastClusters,
    keep_ids,
    last_numbers,
    rename_clusters,
    stable_ids,
)
from tests.builders import row_of_villages


def members(**clusters: str) -> pd.Series:
    """Cluster names with families, each a letter: ``A_1="abc"``."""
    found = {
        family: f"titik-{name.replace('_', '-')}"
        for name, own in clusters.items()
        for family in own
    }
    return pd.Series(found, dtype="str", name="cluster_id")


def ids(
    now: pd.Series, before: pd.Series, *, gone: str = "", used: tuple[str, ...] = ()
) -> dict[Any, str]:
    everyone = pd.Index(sorted((set(now.index) | set(before.index)) - set(gone)))
    return stable_ids(now, before, uncovered=everyone, used=used).to_dict()


def test_an_id_stays_with_most_of_its_families() -> None:
    # The second has grown past the first, so that a run numbers them the other way around.
    before = members(A_1="abcd", A_2="efg")
    now = members(A_1="efghi", A_2="abc")
    assert ids(now, before) == {"titik-A-1": "titik-A-2", "titik-A-2": "titik-A-1"}


def test_half_of_the_families_is_not_most_of_them() -> None:
    before = members(A_1="abcd")
    assert ids(members(A_1="ab"), before) == {"titik-A-1": "titik-A-2"}  # of the old
    assert ids(members(A_1="abcdefgh"), before) == {"titik-A-1": "titik-A-2"}  # of the new
    assert ids(members(A_1="abcdefg"), before) == {"titik-A-1": "titik-A-1"}


def test_families_that_are_reached_now_do_not_count_against_it() -> None:
    before = members(A_1="abcdefgh")
    assert ids(members(A_1="abc"), before, gone="defgh") == {"titik-A-1": "titik-A-1"}
    assert ids(members(A_1="abc"), before, gone="de") == {"titik-A-1": "titik-A-2"}


def test_of_a_cluster_that_was_parted_the_larger_part_has_its_id() -> None:
    before = members(A_1="abcdefg")
    now = members(A_1="abcd", A_2="efg")
    assert ids(now, before) == {"titik-A-1": "titik-A-1", "titik-A-2": "titik-A-2"}


def test_two_that_have_grown_together_have_the_id_of_the_larger() -> None:
    before = members(A_1="abcd", A_2="efg")
    assert ids(members(A_1="abcdefg"), before) == {"titik-A-1": "titik-A-1"}
    assert ids(members(A_1="abcdefg"), members(A_1="abc", A_2="defg")) == {"titik-A-1": "titik-A-2"}


def test_no_new_cluster_has_an_id_that_was_another_ones() -> None:
    before = members(A_1="abc", A_2="def")
    now = members(A_1="xyz", A_2="abc", B_1="uvw")
    found = ids(now, before, gone="def", used=("titik-A-5", "titik-B-1"))
    assert found == {"titik-A-1": "titik-A-6", "titik-A-2": "titik-A-1", "titik-B-1": "titik-B-2"}


def test_without_an_earlier_run_all_keep_their_own() -> None:
    now = members(A_1="abc", A_2="def")
    assert ids(now, now.iloc[:0]) == {"titik-A-1": "titik-A-1", "titik-A-2": "titik-A-2"}


PARTITIONS = st.lists(st.integers(-1, 4), min_size=12, max_size=12)


@given(PARTITIONS, PARTITIONS, st.sets(st.integers(0, 11)), st.randoms(use_true_random=False))
def test_ids_are_one_to_one_and_by_the_rule(
    old: list[int], new: list[int], gone: set[int], order: object
) -> None:
    before = pd.Series(
        {f"F{i}": f"titik-A-{n + 1}" for i, n in enumerate(old) if n >= 0}, dtype="str"
    )
    now = pd.Series(
        {f"F{i}": f"titik-A-{n + 1}" for i, n in enumerate(new) if n >= 0 and i not in gone},
        dtype="str",
    )
    uncovered = pd.Index([f"F{i}" for i in range(12) if i not in gone])
    found = stable_ids(now, before, uncovered=uncovered)
    assert set(found.index) == set(now)
    assert found.is_unique
    for label, own in found.items():
        families = set(now.index[now == label])
        if own in set(before):
            old_ones = set(before.index[before == own]) & set(uncovered)
            assert 2 * len(families & old_ones) > max(len(families), len(old_ones))
        else:
            for other in set(before):
                old_ones = set(before.index[before == other]) & set(uncovered)
                assert 2 * len(families & old_ones) <= max(len(families), len(old_ones))
    turned = stable_ids(now[::-1], before[::-1], uncovered=uncovered[::-1])
    pd.testing.assert_series_equal(found, turned)


def test_a_cluster_is_called_by_its_id() -> None:
    now = members(A_1="xyz", A_2="abc")
    clusters = gpd.GeoDataFrame(
        {"cluster_id": ["titik-A-1", "titik-A-2", "rw-A-001"],
         "name": ["Desa A 1", "Desa A 2", "RW 001, Desa A"]},
        geometry=gpd.GeoSeries(index=range(3), crs="EPSG:4326"), crs="EPSG:4326",
    )  # fmt: skip
    renamed, of = rename_clusters(
        clusters, pd.concat([now, pd.Series({"r": "rw-A-001"})]),
        pd.Series({"titik-A-1": "titik-A-7", "titik-A-2": "titik-B-1"}),
        row_of_villages("A", "B"),
    )  # fmt: skip
    assert renamed["cluster_id"].tolist() == ["titik-A-7", "titik-B-1", "rw-A-001"]
    assert renamed["name"].tolist() == ["Desa A 7", "Desa B 1", "RW 001, Desa A"]
    assert of.to_dict() == {
        **dict.fromkeys("xyz", "titik-A-7"), **dict.fromkeys("abc", "titik-B-1"), "r": "rw-A-001",
    }  # fmt: skip


def test_a_number_that_any_run_gave_is_not_given_again() -> None:
    clusters = gpd.GeoDataFrame(
        {"cluster_id": ["titik-A-1", "rw-A-001"], "kind": ["points", "rw"], "name": ["A 1", "RW"]},
        geometry=gpd.GeoSeries(index=[0, 1], crs=WGS84),
    )  # fmt: skip
    members = pd.Series(["titik-A-1", "rw-A-001"], ["F1", "F2"], name="cluster_id")
    families = pd.DataFrame({"coverage_state": ["uncovered"] * 2}, index=["F1", "F2"])
    names = pd.DataFrame({"village_name": ["Banten"]}, index=["A"])
    # The run before had nobody in a cluster; one before it had 1 to 4 in A.
    before = LastClusters(pd.Series(dtype="str"), {"titik-A": 4})
    found, own = keep_ids(clusters, members, before, families, gpd.GeoDataFrame(names))
    assert found[["cluster_id", "name"]].to_numpy().tolist() == [
        ["titik-A-5", "Banten 5"], ["rw-A-001", "RW"]]  # fmt: skip
    assert own.to_dict() == {"F1": "titik-A-5", "F2": "rw-A-001"}
    assert last_numbers(found, before.numbers) == {"titik-A": 5}
    assert last_numbers(found.iloc[1:], before.numbers) == {"titik-A": 4}


def test_rw_alone_keep_their_names() -> None:
    clusters = gpd.GeoDataFrame(
        {"cluster_id": ["rw-A-001"], "kind": ["rw"], "name": ["RW 001, Banten"]},
        geometry=gpd.GeoSeries(index=[0], crs=WGS84),
    )
    own = pd.Series(["rw-A-001"], ["F1"], name="cluster_id")
    families = pd.DataFrame({"coverage_state": ["uncovered"]}, index=["F1"])
    names = gpd.GeoDataFrame(pd.DataFrame({"village_name": ["Banten"]}, index=["A"]))
    before = LastClusters(pd.Series(dtype="str"), {})
    found, members = keep_ids(clusters, own, before, families, names)
    assert found[["cluster_id", "name"]].to_numpy().tolist() == [["rw-A-001", "RW 001, Banten"]]
    assert members.to_dict() == {"F1": "rw-A-001"}
    none, nobody = keep_ids(clusters.iloc[:0], own.iloc[:0], before, families, names)
    assert (len(none), len(nobody)) == (0, 0)
