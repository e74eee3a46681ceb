"""Slips of clusters of points that no other test notices."""

import pandas as pd

from geo_target.settings import Clusters
from geo_target.targeting.point_clusters import find_point_clusters
from tests.builders import row_of_villages
from tests.targeting.test_clusters import CRS, world

RULE = Clusters(distance_m=250, smallest=8, smallest_share=0.5)


def uncovered(*places: tuple[float, int]) -> pd.DataFrame:
    return world(*[("A", "uncovered", east, 100, many) for east, many in places])


def test_what_a_neighbor_leaves_of_a_cluster_is_none_if_it_is_small() -> None:
    # The places at 200 m and 575 m are cores of eight. The two families at 400 m are near
    # both, go to the nearer core, and leave six to the other.
    families = uncovered((0, 3), (200, 3), (400, 2), (575, 2), (775, 4))
    clusters, members = find_point_clusters(families, row_of_villages("A"), RULE, CRS)
    assert clusters["uncovered_families"].tolist() == [8]
    assert set(members.index) == {f"F{i}" for i in range(6, 14)}


def test_compared_are_the_families_within_half_the_distance() -> None:
    families = world(
        ("A", "uncovered", 100, 100, 8), ("A", "covered", 100, 200, 3),
        ("A", "covered", 100, 300, 3), ("A", "covered", 100, 550, 3),
    )  # fmt: skip
    clusters, _ = find_point_clusters(families, row_of_villages("A"), RULE, CRS)
    assert clusters["compared_families"].tolist() == [8 + 3]
