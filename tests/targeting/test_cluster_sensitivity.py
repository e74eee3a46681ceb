"""Clusters for other distances and smallest counts."""

from geo_target.settings import Clusters
from geo_target.targeting.cluster_sensitivity import cluster_sensitivity
from geo_target.targeting.clusters import expect
from geo_target.targeting.point_clusters import find_point_clusters
from tests.targeting.pocket_worlds import CRS, VILLAGES, found_in, make_world


def test_nine_pairs_of_distance_and_smallest() -> None:
    families = make_world(1, pocket=0.8, elsewhere=0.2)
    table = cluster_sensitivity(expect(families, Clusters(), CRS), Clusters(), CRS)
    assert table[["distance_m", "smallest"]].values.tolist() == [
        [distance, smallest] for distance in (100, 200, 300) for smallest in (5, 8, 12)
    ]
    clusters, members = found_in(families)
    usual = table[table["is_rule"]]
    assert usual[["distance_m", "smallest", "clusters", "uncovered_families"]].values.tolist() == [
        [200, 8, len(clusters), len(members)]
    ]
    asked = expect(families, Clusters(), CRS)
    for pair in table.to_dict("records"):
        searched = {name: pair[name] for name in ("distance_m", "smallest")}
        rule = asked.rule.model_copy(update=searched)
        clusters, members = find_point_clusters(
            asked.located, VILLAGES, rule, CRS, parts=asked.parts
        )
        assert (pair["clusters"], pair["uncovered_families"]) == (len(clusters), len(members))
    # A cluster of twelve is one of five, and more families are reached at a larger distance.
    by_smallest = table.pivot(index="distance_m", columns="smallest", values="uncovered_families")
    assert (by_smallest[5] >= by_smallest[12]).all()
