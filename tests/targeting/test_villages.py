import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.targeting.rates import smoothed_rates
from geo_target.targeting.villages import summarize_villages
from geo_target.workbench import Workbench
from tests.builders import row_of_villages, table

# A: three extreme poor, one covered, one uncovered with a point, one unmatched; and a
# family of unknown welfare. B: one covered. C: nobody. One family is in no village.
FAMILIES = """
village_code  welfare_class  coverage_state  location_status
A             extreme_poor   covered         unlocated
A             extreme_poor   uncovered       located
A             extreme_poor   unmatched       unlocated
A             unknown        uncovered       located
B             extreme_poor   covered         located
-             extreme_poor   uncovered       unlocated
"""


def test_counts_by_village(bench: Workbench) -> None:
    villages = summarize_villages(table(bench, FAMILIES), row_of_villages("C", "A", "B"))
    counts = villages[
        ["families", "extreme_poor_families", "covered_families", "uncovered_families",
         "unmatched_families", "located_families", "located_uncovered_families"]
    ]  # fmt: skip
    assert list(counts.loc["A"]) == [4, 3, 1, 1, 1, 1, 1]
    assert list(counts.loc["B"]) == [1, 1, 1, 0, 0, 1, 0]
    assert list(counts.loc["C"]) == [0] * 7
    assert villages.index.tolist() == ["C", "A", "B"]


def test_shares_are_of_the_compared_and_null_where_there_is_none(bench: Workbench) -> None:
    villages = summarize_villages(table(bench, FAMILIES), row_of_villages("C", "A", "B"))
    assert villages["exclusion_error"]["A"] == 0.5
    assert villages["matched_share"]["A"] == pytest.approx(2 / 3)
    assert villages["exclusion_error"]["B"] == 0
    assert math.isnan(villages["exclusion_error"]["C"])
    assert math.isnan(villages["matched_share"]["C"])


def test_a_small_base_is_drawn_toward_the_whole() -> None:
    # The middle has 100 of 300; two of three says less than 60 of 90.
    events, base = pd.Series([2, 60, 100, 0]), pd.Series([3, 90, 300, 0])
    smoothed = smoothed_rates(events, base)
    assert smoothed[0] < smoothed[1] < 2 / 3
    assert smoothed[2] == pytest.approx(1 / 3, abs=0.02)
    assert math.isnan(smoothed[3])


def test_smoothing_is_marshalls_global_estimator() -> None:
    events, base = pd.Series([2.0, 60, 100]), pd.Series([3.0, 90, 300])
    mean = events.sum() / base.sum()
    rates = events / base
    variance = (base * (rates - mean) ** 2).sum() / base.sum() - mean / base.mean()
    weight = variance / (variance + mean / base)
    expected = weight * rates + (1 - weight) * mean
    assert smoothed_rates(events, base).tolist() == pytest.approx(expected.tolist())


def test_places_that_differ_less_than_chance_share_one_rate() -> None:
    assert smoothed_rates(pd.Series([1, 0]), pd.Series([2, 1])).tolist() == pytest.approx(
        [1 / 3] * 2
    )


@given(st.lists(st.integers(1, 60).flatmap(lambda b: st.tuples(st.integers(0, b), st.just(b)))))
def test_a_smoothed_rate_lies_between_the_raw_one_and_the_whole(
    places: list[tuple[int, int]],
) -> None:
    frame = pd.DataFrame(places, columns=["events", "base"], dtype="int64")
    smoothed = smoothed_rates(frame["events"], frame["base"])
    mean = frame["events"].sum() / max(frame["base"].sum(), 1)
    raw = frame["events"] / frame["base"]
    low, high = raw.clip(upper=mean) - 1e-9, raw.clip(lower=mean) + 1e-9
    assert smoothed.between(low, high).all()


def test_one_village_keeps_its_rate() -> None:
    assert smoothed_rates(pd.Series([2]), pd.Series([4])).tolist() == [0.5]


def test_where_nobody_was_compared_there_is_no_rate() -> None:
    assert smoothed_rates(pd.Series([0, 0]), pd.Series([0, 0])).isna().all()
