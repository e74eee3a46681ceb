import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.publishing.audiences import COUNTS as FOUR
from geo_target.publishing.audiences import MEETING
from geo_target.publishing.disclosure import (
    publish_districts,
    publish_number,
    publish_sum,
    publish_totals,
    publish_villages,
    suppress_villages,
    withhold_everything,
    withholds_books,
)
from geo_target.publishing.interval_attack import Suppression
from geo_target.publishing.small_areas import publish_clusters
from geo_target.settings import Clusters
from geo_target.targeting.point_clusters import count_cells, find_point_clusters
from tests.builders import UTM_48S, row_of_villages
from tests.publishing.test_small_areas import no_rw, open_villages
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
    )
    return shown


def withholding(exact: gpd.GeoDataFrame, **cells: str) -> Suppression:
    """Withhold some cells of villages, such as ``B="uncovered_families"``."""
    nothing = withhold_everything(exact).suppression
    mask = Suppression(~nothing.cells, ~nothing.margins)
    for village, columns in cells.items():
        mask.cells.loc[village, columns.split()] = True
    return mask


def shown_of(exact: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return publish_villages(exact, MEETING, suppress_villages(exact, MEETING).suppression)


# covered, uncovered, unmatched
def test_zero_withheld_and_no_data_are_three_things() -> None:
    # B's 3 take a village's counts with them: the fewest are A's.
    shown = shown_of(villages((20, 10, 0), (20, 3, 0), (40, 0, 0), (0, 0, 0)))
    assert shown["uncovered_families"].tolist() == [pd.NA, pd.NA, 0, 0]
    assert "uncovered_families" in shown["withheld"]["B"]
    assert shown["withheld"]["A"] == shown["withheld"]["B"]  # nothing tells which was the small one
    assert float(shown["exclusion_error"]["C"]) == 0.0
    assert pd.isna(shown["exclusion_error"]["D"])
    assert shown["withheld"]["D"] == []  # nobody was compared: no data, nothing is hidden


def test_what_follows_from_a_withheld_count_goes_with_it() -> None:
    exact = villages((20, 10, 0)).assign(
        located_families=20, located_uncovered_families=5, families=300
    )
    row = publish_villages(exact, MEETING, withholding(exact, A="uncovered_families")).loc["A"]
    assert row["withheld"] == [
        "uncovered_families", "located_uncovered_families", "matched_share", "exclusion_error",
        "smoothed_exclusion_error",
    ]  # fmt: skip
    row = publish_villages(exact, MEETING, withholding(exact, A="extreme_poor_families")).loc["A"]
    # All families of the registers, and those with a point, are bounds of the extreme poor.
    assert row[["families", "located_families", "located_uncovered_families"]].isna().all()
    assert row["population_persons"] == 1000


def test_the_list_of_withheld_tells_no_zeros() -> None:
    # Of nobody who was compared there is no rate: its name is listed all the same.
    exact = villages((0, 0, 9), (20, 10, 0))
    mask = withholding(exact, A="covered_families unmatched_families", B="covered_families")
    rows = publish_villages(exact, MEETING, mask)["withheld"]
    rates = {"matched_share", "exclusion_error", "smoothed_exclusion_error"}
    assert rates <= set(rows["A"])
    assert rates <= set(rows["B"])


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
    row = shown_of(villages((20, 10, 0)).assign(**counts)).loc["A"]
    assert withheld in row["withheld"]
    assert row[[withheld]].isna().all()


def test_the_sum_of_located_families_tells_none_of_them() -> None:
    # A has 3 with a point: with the sum of the area and C's 20 it would be told. B goes too.
    exact = villages((30, 30, 0), (30, 30, 0), (30, 30, 0)).assign(located_families=[3, 9, 20])
    shown = shown_of(exact)
    assert shown["located_families"].tolist() == [pd.NA, pd.NA, 20]
    mask = withholding(exact)
    totals = publish_totals(exact, shown, MEETING, mask)
    assert totals["located_families"] == 32
    # 3 in one village alone: nothing else can go, so the sum does.
    exact = exact.assign(located_families=[3, 0, 0])
    shown = shown_of(exact)
    assert publish_totals(exact, shown, MEETING, mask)["located_families"] is None


def test_a_withheld_rate_does_not_show_in_the_others() -> None:
    # The smoothed rates draw toward the mean of what is shown: B's counts do not change them.
    shown = [
        publish_villages(exact, MEETING, withholding(exact, B="covered_families"))
        for exact in (villages((30, 10, 0), (20, 30, 0), (10, 30, 0)),
                      villages((30, 10, 0), (30, 20, 0), (10, 30, 0)))
    ]  # fmt: skip
    rates = [table["smoothed_exclusion_error"] for table in shown]
    assert rates[0].notna().tolist() == [True, False, True]
    pd.testing.assert_series_equal(rates[0], rates[1])


def test_a_sum_keeps_its_parts() -> None:
    books = {"located": 60, "unlocated": 38, "outside": 2}
    assert publish_sum(books, MEETING) == dict.fromkeys(books)  # 98 of 100 would tell the two
    books = {"located": 60, "unlocated": 40, "outside": 0}
    assert publish_sum(books, MEETING) == books
    assert publish_sum({"in_villages": 97, "unplaced": 3}, MEETING) == {
        "in_villages": None, "unplaced": None,
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=6))
def test_no_small_count_is_shown_or_follows_from_its_row(rows: list[tuple[int, int, int]]) -> None:
    exact = villages(*rows)
    shown = shown_of(exact)
    for code in exact.index:
        small = [c for c in FOUR if 0 < exact.loc[code, c] < MEETING.smallest]
        assert all(pd.isna(shown.loc[code, c]) for c in small)
        assert shown.loc[code, list(FOUR)].isna().sum() != 1
        if pd.notna(shown.loc[code, "exclusion_error"]):
            assert shown.loc[code, ["covered_families", "uncovered_families"]].notna().all()
        for column in FOUR:
            if pd.notna(shown.loc[code, column]):
                assert shown.loc[code, column] == exact.loc[code, column]


def test_sums_follow_the_margins() -> None:
    exact = villages((20, 10, 0), (20, 30, 0))
    mask = withholding(exact)
    mask.margins.loc["D1", "covered_families"] = True
    mask.margins.loc["*", ["covered_families", "extreme_poor_families"]] = True
    (district,) = publish_districts(exact, mask)
    assert [district[name] for name in FOUR] == [None, 40, 0, 80]
    assert district["withheld"] == ["covered_families"]
    totals = publish_totals(exact, publish_villages(exact, MEETING, mask), MEETING, mask)
    assert [totals[name] for name in FOUR] == [None, 40, 0, None]
    # A sum of parts of them is a bound of them.
    assert (totals["located_families"], totals["located_uncovered_families"]) == (None, None)


def test_the_books_are_closed_where_they_would_tell() -> None:
    exact = villages((20, 10, 0), (20, 30, 0))
    mask = withholding(exact)
    assert not withholds_books(publish_villages(exact, MEETING, mask), mask)
    few = publish_villages(exact.assign(families=[33, 90]), MEETING, mask)
    assert withholds_books(few, mask)  # 3 of A are not extreme poor
    mask.margins.loc["*", "extreme_poor_families"] = True
    assert withholds_books(publish_villages(exact, MEETING, mask), mask)


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
    shown = publish_clusters(clusters, cells, MEETING, crs, villages=open_villages("A"), rw=no_rw())
    area = shown.to_crs(crs).geometry.area
    assert area.tolist() == pytest.approx([500 * 500], rel=1e-3)
    assert clusters.to_crs(crs).geometry.area.tolist() == pytest.approx([2 * 500 * 500], rel=1e-3)
