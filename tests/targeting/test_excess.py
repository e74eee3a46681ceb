"""The binomial test, false discovery rates, and what is expected of those who are seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from geo_target.settings import Clusters
from geo_target.targeting.excess import PARTS, expected_parts, p_values, q_values
from geo_target.targeting.joined_cells import CELL_M, excess_around
from geo_target.targeting.near_cells import gather
from geo_target.targeting.point_clusters import find_point_clusters, metric
from geo_target.targeting.rw_clusters import count_rw
from tests.targeting.test_cluster_reference import VILLAGES, some_families
from tests.targeting.test_clusters import CRS

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=200, deadline=None)
@given(COUNTS, st.integers(1, PARTS - 1))
def test_p_is_the_upper_tail_of_the_binomial(counts: tuple[int, int], share: int) -> None:
    uncovered, compared = counts
    p = p_values(uncovered, compared, share * compared)
    assert p == pytest.approx(
        binom.sf(uncovered - 1, compared, share / PARTS), rel=1e-9, abs=1e-300
    )


def test_p_can_be_counted() -> None:
    # Three of three, at a half: one in eight. None or more: sure. All expected: sure.
    p = p_values([3, 0, 2], [3, 3, 2], np.array([1.5, 1.5, 2]) * PARTS)
    assert p.tolist() == pytest.approx([0.125, 1, 1])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_q_is_that_of_benjamini_and_hochberg(p: list[float]) -> None:
    expected = false_discovery_control(p, method="bh")
    assert q_values(np.array(p)) == pytest.approx(expected, rel=1e-12, abs=1e-300)


def compared(*groups: tuple[str, bool, bool, int]) -> pd.DataFrame:
    """Families of a place: uncovered or not, seen or not, how many."""
    rows = [(place, state, seen) for place, state, seen, many in groups for _ in range(many)]
    return pd.DataFrame(rows, columns=["seen_with", "is_uncovered", "is_seen"])


def test_expected_is_the_share_where_all_are_seen_alike() -> None:
    families = compared(("A", True, True, 3), ("A", False, True, 1), ("B", False, True, 6))
    assert set(expected_parts(families, 0.3)) == {300_000}


def test_expected_of_the_seen_is_higher_where_the_covered_are_seen_less() -> None:
    families = compared(
        ("A", True, True, 4), ("A", False, True, 2), ("A", False, False, 2),
        ("B", True, True, 1), ("B", True, False, 1), ("B", False, True, 8),
        ("C", True, True, 3),
    )  # fmt: skip
    parts = expected_parts(families, 0.5).groupby(families["seen_with"]).first()
    # A: 0.5 x 1 of 0.5 x 1 + 0.5 x 0.5. B: the other way around. C has nobody to tell by.
    assert parts.tolist() == [666_667, 333_333, 500_000]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_around_each_cell_all_cells_within_the_distance_are_tested(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 120))
    xy = random.uniform(0, 700, (count, 2))
    is_uncovered = random.random(count) < 0.5
    parts = random.integers(1, PARTS, count)
    rule = Clusters(distance_m=130, smallest=5)
    cells, cell_of = gather(xy, CELL_M)
    tests = []
    for cell in cells:
        near = np.hypot(*((cells[cell_of] - cell) * CELL_M).T) <= rule.distance_m
        if near.sum() >= rule.smallest:
            expected = parts[near].sum() / PARTS / near.sum()
            tests.append(binom.sf(is_uncovered[near].sum() - 1, near.sum(), expected))
        else:
            tests.append(np.nan)
    p = np.array(tests)
    q = np.ones(len(cells))
    if (~np.isnan(p)).any():
        q[~np.isnan(p)] = false_discovery_control(p[~np.isnan(p)], method="bh")
    found = excess_around(xy, is_uncovered, parts, rule)
    assert found == pytest.approx(q[cell_of], rel=1e-9)


def test_every_rw_large_enough_counts_as_tried_whoever_is_uncovered() -> None:
    # RW 1 has six of six; of the others two of six, and one is too small to be tried.
    groups = [("RW 1", 6, 6), ("RW 2", 2, 6), ("RW 3", 2, 6), ("RW 4", 4, 4)]
    families = pd.DataFrame(
        [("A", place, number < uncovered) for place, uncovered, many in groups
         for number in range(many)],
        columns=["village_code", "place", "is_uncovered"],
    )  # fmt: skip
    counts = count_rw(families, Clusters(), pd.Series(PARTS // 2, families.index))
    assert counts["expected_families"].tolist() == [3, 3, 3, 2]
    assert counts["p_value"].tolist()[0] == pytest.approx(1 / 64)
    assert counts["q_value"].tolist()[0] == pytest.approx(3 / 64)
    assert counts["q_value"].tolist()[3] == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.4, 0.6]), st.sampled_from([0.05, 0.5]))
def test_clusters_stay_that_stand_out_as_a_whole_and_around_a_member(
    seed: int, share: float, rate: float
) -> None:
    families = some_families(np.random.default_rng(seed))
    rule = Clusters(distance_m=150, smallest=5, smallest_share=0.3, false_discovery_rate=rate)
    all_, members = find_point_clusters(families, VILLAGES, rule, CRS)
    alike = pd.Series(round(share * PARTS), families.index)
    kept, of_kept = find_point_clusters(families, VILLAGES, rule, CRS, parts=alike)
    expected: list[set[str]] = []
    if len(all_):
        counts = all_[["uncovered_families", "compared_families"]]
        p = binom.sf(counts.iloc[:, 0] - 1, counts.iloc[:, 1], share)
        q = dict(zip(all_["cluster_id"], false_discovery_control(p, method="bh"), strict=True))
        compared = families[families["coverage_state"] != "unmatched"]
        is_uncovered = (compared["coverage_state"] == "uncovered").to_numpy()
        around = pd.Series(
            excess_around(
                metric(compared, CRS), is_uncovered, np.full(len(compared), alike.iloc[0]), rule
            ),
            compared.index,
        )
        expected = [
            set(own)
            for name, own in members.groupby(members, sort=False).groups.items()
            if max(q[str(name)], around[own].min()) <= rate
        ]
    found = [set(own) for own in of_kept.groupby(of_kept, sort=False).groups.values()]
    assert found == expected
    assert kept["uncovered_families"].tolist() == [len(own) for own in expected]
    if len(kept):
        assert np.allclose(kept["expected_families"], kept["compared_families"] * share)
