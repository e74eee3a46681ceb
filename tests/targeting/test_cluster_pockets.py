"""Planted pockets are found, uniform worlds have none, whatever the seed and the shares."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo_target.settings import Clusters
from geo_target.targeting.clusters import find_unmatched_clusters, villages_with_points
from geo_target.targeting.point_clusters import metric
from tests.targeting.pocket_worlds import CRS, VILLAGES, found_in, make_world, pocket_rw

SEEDS = (1, 2, 3)
EXCESS_OVER = ("area", "rest")


@pytest.mark.parametrize("over", EXCESS_OVER)
@pytest.mark.parametrize("pocket", [0.75, 0.85])
@pytest.mark.parametrize("seed", SEEDS)
def test_with_all_points_pockets_are_clusters_and_hold_few_strangers(
    seed: int, pocket: float, over: str
) -> None:
    families = make_world(seed, pocket=pocket, elsewhere=0.2)
    clusters, members = found_in(families, rule_over(over))
    own = families[families["is_pocket"] & (families["coverage_state"] == "uncovered")]
    assert own.index.isin(members.index).mean() >= 0.95
    assert (~families.loc[members.index, "is_pocket"]).mean() <= 0.05
    assert set(clusters["kind"]) == {"points"}


@pytest.mark.parametrize("over", EXCESS_OVER)
@pytest.mark.parametrize("pocket", [0.75, 0.85])
@pytest.mark.parametrize("seed", SEEDS)
def test_with_few_points_every_pockets_rw_is_flagged(seed: int, pocket: float, over: str) -> None:
    families = make_world(seed, pocket=pocket, elsewhere=0.2, located=0.2)
    clusters, _ = found_in(families, rule_over(over))
    flagged, true = set(clusters["cluster_id"]), pocket_rw(families)
    assert true <= flagged
    assert len(flagged & true) >= 0.9 * len(flagged)


@pytest.mark.parametrize("over", EXCESS_OVER)
@pytest.mark.parametrize(("located", "kind"), [(1.0, "points"), (0.2, "rw")])
def test_worlds_of_one_share_have_next_to_no_clusters(located: float, kind: str, over: str) -> None:
    false = untested = 0
    for share in (0.43, 0.55):
        for seed in SEEDS:
            families = make_world(seed, pocket=share, elsewhere=share, located=located)
            clusters, _ = found_in(families, rule_over(over))
            assert set(clusters["kind"]) <= {kind}
            false += len(clusters)
            untested += len(found_in(families, Clusters(false_discovery_rate=1))[0])
    assert false <= 3
    assert untested > 20  # counting and sharing alone see clusters everywhere


def test_pockets_that_little_stands_out_are_found_beside_the_rest_of_the_area() -> None:
    # Half of the hamlets are pockets, so that the area's own share, 0.48, is near theirs.
    families = make_world(5, pocket=0.7, elsewhere=0.3, every=2, located=0.2)
    of_area, _ = found_in(families, Clusters(excess_over="area"))
    of_rest, _ = found_in(families)
    true = pocket_rw(families)
    assert [len(true & set(found["cluster_id"])) for found in (of_area, of_rest)] == [18, 23]
    assert set(of_rest["cluster_id"]) <= true


def test_a_cluster_says_by_how_much_it_stands_out() -> None:
    families = make_world(1, pocket=0.8, elsewhere=0.2)
    clusters, _ = found_in(families, Clusters(excess_over="area"))
    share = (families["coverage_state"] == "uncovered").mean()
    assert np.allclose(
        clusters["expected_families"], clusters["compared_families"] * share, rtol=1e-5
    )
    assert (clusters["uncovered_families"] > clusters["expected_families"]).all()
    assert (clusters["p_value"] <= clusters["q_value"]).all()
    assert (clusters["q_value"] <= 0.05).all()


def test_of_rw_the_share_of_readable_addresses_is_told() -> None:
    families = make_world(1, pocket=0.8, elsewhere=0.2, located=0.0)
    code = families.loc[families["is_pocket"], "village_code"].iloc[0]
    families.loc[families.index[families["village_code"] == code][::4], "rw"] = None
    clusters, _ = found_in(families)
    first = clusters["village_codes"].str[0] == code
    assert first.any()
    assert clusters.loc[first, "readable_share"].round(2).eq(0.75).all()
    assert clusters.loc[~first, "readable_share"].eq(1).all()


@pytest.mark.parametrize("located", [1.0, 0.85, 0.2])
def test_the_order_of_rows_changes_nothing(located: float) -> None:
    families = make_world(2, pocket=0.8, elsewhere=0.2, located=located)
    rule = Clusters(excess_over="rest")
    clusters, members = found_in(families, rule)
    shuffled = families.sample(frac=1, random_state=np.random.default_rng(5))
    again, of_again = found_in(shuffled, rule)
    pd.testing.assert_frame_equal(pd.DataFrame(clusters), pd.DataFrame(again), check_exact=True)
    pd.testing.assert_series_equal(members, of_again)
    assert clusters.to_json() == again.to_json()


def test_villages_of_a_tie_are_in_the_order_of_families_not_of_rows() -> None:
    families = make_world(2, pocket=0.9, elsewhere=0.1)
    border = families[families["is_pocket"]].iloc[:20].copy()
    border["village_code"] = [VILLAGES.index[number % 2] for number in range(20)]
    everyone = pd.concat([families.assign(coverage_state="covered").iloc[2000:], border])
    everyone = everyone[~everyone.index.duplicated(keep="last")]
    border_first, _ = found_in(everyone, Clusters(false_discovery_rate=1))
    turned, _ = found_in(everyone[::-1], Clusters(false_discovery_rate=1))
    assert border_first["village_codes"].tolist() == turned["village_codes"].tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_corner_of_an_outline_is_where_a_family_lives(seed: int) -> None:
    families = make_world(seed, pocket=0.8, elsewhere=0.2)
    clusters, _ = found_in(families)
    corners = shapely.get_coordinates(clusters.to_crs(CRS).geometry.values)
    places = metric(families, CRS)
    apart = np.hypot(*(corners[:, None] - places[None]).transpose(2, 0, 1))
    assert len(corners) > 0
    assert apart.min() > 0.01
    degrees = set(zip(families["lon"], families["lat"], strict=True))
    assert not degrees & set(map(tuple, shapely.get_coordinates(clusters.geometry.values)))


def test_which_rw_were_visited_favors_no_place() -> None:
    families = make_world(3, pocket=0.8, elsewhere=0.2)
    by_address, _ = found_in(families.assign(has_point=False))
    place = families["village_code"] + families["rw"]
    for seed in SEEDS:
        visited = np.random.default_rng(seed).permutation(place.unique())[:16]
        clusters, _ = found_in(families.assign(has_point=place.isin(visited)))
        names = ["cluster_id", "uncovered_families", "compared_families", "q_value"]
        assert clusters[names].equals(by_address[names])


def test_a_village_is_not_one_of_points_if_an_rw_of_it_was_not_visited() -> None:
    families = make_world(3, pocket=0.9, elsewhere=0.05)
    own = families[families["is_pocket"]].iloc[0]
    unseen = (families["village_code"] == own["village_code"]) & (families["rw"] == own["rw"])
    # By numbers it would be: who is not seen are a quarter of the village.
    visited = families.assign(has_point=~unseen)
    assert own["village_code"] in villages_with_points(families, located_share=0.2)
    assert own["village_code"] not in villages_with_points(visited, located_share=0.2)
    clusters, _ = found_in(visited, Clusters(located_share=0.2))
    assert f"rw-{own['village_code']}-{own['rw']}" in set(clusters["cluster_id"])


def test_points_of_the_uncovered_alone_make_no_clusters() -> None:
    families = make_world(2, pocket=0.43, elsewhere=0.43)
    is_uncovered = families["coverage_state"] == "uncovered"
    random = np.random.default_rng(9).random(len(families))
    for covered in (0.0, 0.5, 0.82):
        seen = families.assign(has_point=is_uncovered | (random < covered))
        assert len(found_in(seen)[0]) <= 1


def test_where_points_are_of_the_uncovered_alone_pockets_are_found_by_address() -> None:
    families = make_world(2, pocket=0.85, elsewhere=0.2)
    seen = families.assign(has_point=families["coverage_state"] == "uncovered")
    clusters, _ = found_in(seen)
    assert set(clusters["cluster_id"]) >= pocket_rw(families)


def test_unmatched_families_have_clusters_of_their_own() -> None:
    families = make_world(1, pocket=0.8, elsewhere=0.02)
    is_unmatched = families["coverage_state"] == "uncovered"
    families["coverage_state"] = np.where(is_unmatched, "unmatched", "covered")
    families.loc[families.index[::3], "coverage_state"] = "uncovered"
    unmatched = families["coverage_state"] == "unmatched"
    clusters, members = find_unmatched_clusters(
        families, VILLAGES, Clusters(smallest_share=0.4), CRS
    )
    assert len(clusters) >= 8
    assert clusters["cluster_id"].str.startswith("belum-padan-titik-").all()
    assert "uncovered_families" not in clusters
    assert clusters["unmatched_families"].sum() == len(members)
    assert unmatched[members.index].all()
    by_address, _ = find_unmatched_clusters(
        families.assign(has_point=False), VILLAGES, Clusters(smallest_share=0.4), CRS
    )
    assert by_address["cluster_id"].str.startswith("belum-padan-rw-").all()


def rule_over(over: str) -> Clusters:
    return Clusters.model_validate({"excess_over": over})
