"""Uncovered families in no cluster; evidence and points of those in one."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from geo_target.targeting.scattered import count_scattered, describe_members
from tests.targeting.pocket_worlds import found_in, make_world


def test_scattered_families_are_counted_by_village_and_by_what_leads_to_them() -> None:
    families = pd.DataFrame(
        [
            ("A", "001", None, "uncovered", True), ("A", "001", None, "uncovered", False),
            ("A", "001", None, "uncovered", True), ("A", None, "KEMANG", "uncovered", False),
            ("A", None, None, "uncovered", False), ("A", "001", None, "covered", True),
            ("B", "001", None, "unmatched", True), ("C", None, None, "uncovered", True),
        ],
        columns=["village_code", "rw", "neighborhood", "coverage_state", "has_point"],
        index=list("abcdefgh"),
    )  # fmt: skip
    counts = count_scattered(families, pd.Series({"a": "x", "b": "x"}))
    assert counts.to_dict("index") == {
        "A": {"uncovered_families": 5, "clustered_families": 2, "scattered_families": 3,
              "scattered_located": 1, "scattered_by_address": 1, "scattered_unreadable": 1},
        "C": {"uncovered_families": 1, "clustered_families": 0, "scattered_families": 1,
              "scattered_located": 1, "scattered_by_address": 0, "scattered_unreadable": 0},
    }  # fmt: skip


@pytest.mark.parametrize("located", [1.0, 0.6])
def test_clustered_and_scattered_are_the_uncovered(located: float) -> None:
    families = make_world(1, pocket=0.8, elsewhere=0.2, located=located)
    families.loc[families.index[::7], "rw"] = None
    clusters, members = found_in(families)
    counts = count_scattered(families, members).sum()
    assert counts["uncovered_families"] == (families["coverage_state"] == "uncovered").sum()
    assert counts["clustered_families"] == clusters["uncovered_families"].sum() == len(members) > 0
    assert (
        counts["uncovered_families"] == counts["clustered_families"] + counts["scattered_families"]
    )
    ways = ["scattered_located", "scattered_by_address", "scattered_unreadable"]
    assert counts[ways].sum() == counts["scattered_families"]


def test_evidence_of_a_cluster_is_as_old_as_its_middle_family() -> None:
    families = pd.DataFrame(
        {
            "has_point": [True, True, False, False, True],
            "evidence_on": [date(2025, 1, 1), date(2025, 1, 9), date(2025, 2, 1), None, None],
        },
        index=list("abcde"),
    )
    members = pd.Series({"c": "x", "b": "x", "a": "x", "d": "x", "e": "y"})
    told = describe_members(families, members, on=date(2025, 1, 11))
    # Ten days, two, and none, for what is of a later day counts as of that day.
    expected = pd.DataFrame(
        {"median_age_days": [2, np.nan], "located_share": [0.5, 1]}, index=["x", "y"]
    )
    pd.testing.assert_frame_equal(told, expected, check_names=False)
