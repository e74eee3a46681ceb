import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.publishing.disclosure import (
    MEETING,
    publish_clusters,
    publish_number,
    publish_rw,
    publish_sum,
    publish_totals,
    publish_villages,
)
from geo_target.settings import Clusters
from geo_target.targeting.point_clusters import count_cells, find_point_clusters
from tests.builders import UTM_48S, row_of_villages
from tests.targeting.test_clusters import world

COUNTS = ["covered_families", "uncovered_families", "unmatched_families"]


def villages(*rows: tuple[int, int, int]) -> gpd.GeoDataFrame:
    codes = "ABCDEFGHIJ"[: len(rows)]
    frame = row_of_villages(*codes)
    parts = pd.DataFrame(rows, columns=COUNTS, index=frame.index)
    compared = parts["covered_families"] + parts["uncovered_families"]
    total = parts.sum(axis=1)
    shown: gpd.GeoDataFrame = frame.assign(
        **parts,
        extreme_poor_families=total,
        families=total + 100,
        located_families=0,
        located_uncovered_families=0,
        population_persons=pd.array([1000] * len(rows), dtype="Int64"),
        population_families=pd.array([300] * len(rows), dtype="Int64"),
        matched_share=(compared / total).where(total > 0),
        exclusion_error=(parts["uncovered_families"] / compared).where(compared > 0),
        smoothed_exclusion_error=(parts["uncovered_families"] / compared).where(compared > 0),
        priority_rank=range(1, len(rows) + 1),
    )
    return shown


# covered, uncovered, unmatched
def test_zero_withheld_and_no_data_are_three_things() -> None:
    shown = publish_villages(villages((20, 10, 0), (20, 3, 0), (20, 0, 0), (0, 0, 0)), MEETING)
    assert shown["uncovered_families"].tolist() == [10, pd.NA, 0, 0]
    assert shown["withheld"]["A"] == []
    assert "uncovered_families" in shown["withheld"]["B"]
    assert float(shown["exclusion_error"]["C"]) == 0.0
    assert pd.isna(shown["exclusion_error"]["D"])
    assert shown["withheld"]["D"] == []  # nobody was compared: no data, nothing is hidden


def test_nothing_in_its_row_gives_a_withheld_count_away() -> None:
    row = publish_villages(villages((20, 3, 0)), MEETING).loc["A"]
    assert row["covered_families"] == 20
    assert row["unmatched_families"] == 0
    hidden = ["uncovered_families", "exclusion_error", "smoothed_exclusion_error", "matched_share"]
    assert row[hidden].isna().all()
    assert row[["extreme_poor_families"]].isna().all()  # else 23 - 20 - 0


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ({"families": 33}, "families"),  # 33 - 30 leaves three that are not extreme poor
        ({"located_families": 27}, "located_families"),  # three without a point
        ({"located_families": 12, "located_uncovered_families": 9}, "located_uncovered_families"),
        ({"located_families": 20, "located_uncovered_families": 8}, "located_uncovered_families"),
    ],
)
def test_a_count_that_leaves_few_of_another_is_withheld(
    counts: dict[str, int], withheld: str
) -> None:
    row = publish_villages(villages((20, 10, 0)).assign(**counts), MEETING).loc["A"]
    assert withheld in row["withheld"]
    assert row[[withheld]].isna().all()


def test_a_sum_keeps_its_parts() -> None:
    books = {"located": 60, "unlocated": 38, "outside": 2}
    assert publish_sum(books, MEETING) == {"located": None, "unlocated": 38, "outside": None}
    books = {"located": 60, "unlocated": 40, "outside": 0}
    assert publish_sum(books, MEETING) == books
    assert publish_sum({"in_villages": 97, "unplaced": 3}, MEETING) == {
        "in_villages": None, "unplaced": None,
    }  # fmt: skip


def test_ranks_are_of_what_is_shown() -> None:
    # Exact ranks would tell that B has more than C: both are withheld, and rank by code.
    shown = publish_villages(villages((20, 0, 0), (20, 2, 0), (20, 4, 0), (20, 9, 0)), MEETING)
    assert shown["priority_rank"].to_dict() == {"D": 1, "B": 2, "C": 3, "A": 4}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=6))
def test_no_small_count_is_shown_or_follows_from_its_row(rows: list[tuple[int, int, int]]) -> None:
    exact = villages(*rows)
    shown = publish_villages(exact, MEETING)
    for code in exact.index:
        parts, total = shown.loc[code, COUNTS], shown.loc[code, "extreme_poor_families"]
        small = [c for c in COUNTS if 0 < exact.loc[code, c] < MEETING.smallest]
        assert all(pd.isna(parts[c]) for c in small)
        assert pd.isna(total) or parts.isna().sum() != 1
        if pd.notna(shown.loc[code, "exclusion_error"]):
            assert parts[["covered_families", "uncovered_families"]].notna().all()
        for column in [*COUNTS, "extreme_poor_families"]:
            if pd.notna(shown.loc[code, column]):
                assert shown.loc[code, column] == exact.loc[code, column]


def test_the_totals_of_an_area_follow_the_same_rule() -> None:
    totals = {"extreme_poor_families": 103, "covered_families": 60, "uncovered_families": 40}
    shown = publish_totals({**totals, "unmatched_families": 3}, MEETING)
    assert shown["unmatched_families"] is None
    assert shown["extreme_poor_families"] is None  # else 103 - 60 - 40
    shown = publish_totals({**totals, "unmatched_families": 0}, MEETING)
    assert shown["extreme_poor_families"] == 103


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (3784, 3784)])
def test_one_number(count: int, shown: int | None) -> None:
    assert publish_number(count, MEETING) == shown


def test_a_cell_of_few_families_is_not_drawn() -> None:
    # The row of 18 crosses the grid line at 500 m after 14: the last cell holds four.
    families = world(("A", "uncovered", 431, 431, 18))
    crs = pyproj.CRS(UTM_48S)
    clusters, members = find_point_clusters(families, row_of_villages("A"), Clusters(), crs)
    cells = count_cells(families.assign(cluster_id=members), crs)
    assert sorted(cells["uncovered_families"]) == [4, 14]
    shown = publish_clusters(clusters, cells, MEETING, crs)
    area = shown.to_crs(crs).geometry.area
    assert area.tolist() == pytest.approx([500 * 500], rel=1e-3)
    assert clusters.to_crs(crs).geometry.area.tolist() == pytest.approx([2 * 500 * 500], rel=1e-3)


def test_rw_rows_of_few_families_are_left_out() -> None:
    rows: list[tuple[str, str | None, str]] = []
    rows += [("A", "001", "uncovered")] * 6 + [("A", "001", "covered")] * 5
    rows += [("A", "002", "uncovered")] * 4 + [("A", "003", "uncovered")] * 2
    rows += [("A", "003", "covered")] * 5 + [("A", None, "uncovered")] * 9
    rows += [("A", "004", "uncovered")] * 6 + [("A", "004", "covered")] * 2
    families = pd.DataFrame(rows, columns=["village_code", "rw", "coverage_state"])
    shown = publish_rw(families.assign(neighborhood=None), MEETING)
    assert shown[["rw", "extreme_poor_families", "uncovered_families"]].replace(
        {pd.NA: None}
    ).values.tolist() == [["001", 11, 6], ["003", 7, None], ["004", None, 6]]
    assert shown["withheld"].tolist() == [
        [], ["uncovered_families"], ["extreme_poor_families"],  # 8 - 6 would show two others
    ]  # fmt: skip
