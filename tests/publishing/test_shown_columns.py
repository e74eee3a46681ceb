"""Counts beside the village table: columns and crosstabs that a person can follow."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from geo_target.publishing.audiences import TOTAL
from geo_target.publishing.coverage_columns import reached_by
from geo_target.publishing.shown_columns import Column, publish_columns
from geo_target.publishing.shown_crosstabs import KnownSum, publish_crosstab
from geo_target.settings import Coverage
from tests.publishing.coverage_worlds import ON

Counts = Sequence[int | None]


def show(
    columns: Sequence[Column], *, total: Counts, districts: str = ""
) -> dict[str, tuple[list[int | None], int | None]]:
    """Villages and sum of each column, beside a village table of one count."""
    names = list("abcdefgh"[: len(total)])
    known = pd.DataFrame({TOTAL: total}, index=names, dtype="Int64")
    whole = None if None in total else sum(count or 0 for count in total)
    places = pd.Series([*(districts or "X" * len(names))], names)
    villages, sums = publish_columns(columns, known, {TOTAL: whole}, 5, districts=places)
    return {
        column.name: ([None if pd.isna(v) else int(v) for v in villages[column.name]],
                      sums[column.name])
        for column in columns
    }  # fmt: skip


def column(name: str, *values: int, within: Sequence[str] = (TOTAL,), **more: object) -> Column:
    counts = pd.Series(values, list("abcdefgh"[: len(values)]))
    return Column(name, counts, within, **more)  # type: ignore[arg-type]


def test_large_counts_and_zeros_are_shown() -> None:
    assert show([column("pkh", 10, 0, 8)], total=[20, 20, 20]) == {"pkh": ([10, 0, 8], 18)}


def test_a_small_count_takes_another_with_it() -> None:
    # Of 3 alone the sum would tell; the smallest other one goes with it.
    assert show([column("pkh", 3, 30, 9)], total=[50, 50, 50]) == {"pkh": ([None, 30, None], 42)}


def test_few_who_are_left_are_not_told_either() -> None:
    # Of 20 all but 2 have it.
    assert show([column("pkh", 18, 9, 30)], total=[20, 50, 50])["pkh"] == ([None, None, 30], 57)


def test_a_part_of_a_withheld_count_is_withheld_and_a_zero_with_it() -> None:
    # b has none: were that told of every part, so would the whole be.
    assert show([column("pkh", 10, 0, 8)], total=[20, None, 20])["pkh"][0][1] is None


def test_what_nobody_has_is_zero_everywhere() -> None:
    assert show([column("pkh", 0, 0)], total=[20, None])["pkh"][0] == [0, 0]


def test_a_part_of_a_zero_is_zero() -> None:
    found = show([column("pkh", 0, 3, 30)], total=[0, 20, 50])
    assert found["pkh"][0][0] == 0


def test_what_would_be_the_most_of_a_withheld_count_is_withheld_with_it() -> None:
    """Of 19 in a 16 are uncovered in a and b: of 6 covered more widely b would have 3 at most."""
    names = list("abcd")
    known = pd.DataFrame(
        {TOTAL: [19, 8, 60, 90], "covered_families": [None, None, 30, 40]}, names, dtype="Int64"
    )
    wider = column("wider", 6, 8, 40, 50, holding=("covered_families",))
    villages, _ = publish_columns(
        [wider], known, {TOTAL: 177, "covered_families": 81}, 5,
        districts=pd.Series(list("XXYY"), names),
    )  # fmt: skip
    # All that is withheld would be of one district, whose sum the area tells: c goes with it.
    assert villages["wider"].isna().tolist() == [True, True, True, False]


def test_two_columns_that_differ_by_few_are_not_both_shown() -> None:
    pkh = column("pkh", 10, 20, 30)
    wider = column("wider", 13, 20, 30, holding=("pkh",))
    found = show([pkh, wider], total=[40, 40, 40])
    assert found["pkh"] == ([10, 20, 30], 60)
    assert found["wider"] == ([None, 20, 30], None)  # the sums differ by 3, too


def test_sums_that_are_the_same_tell_that_columns_are() -> None:
    # In a 10 of 12 is withheld; were the sums told, the wider one would be 'pkh' there.
    pkh = column("pkh", 10, 20, 30)
    wider = column("wider", 10, 20, 30, holding=("pkh",), left=(((TOTAL,), ("wider",)),))
    found = show([pkh, wider], total=[12, 40, 40])
    assert found["pkh"][0][0] is None
    assert found["wider"][0][0] is None


def test_those_in_both_of_two_that_make_up_a_third_are_not_few() -> None:
    # 10 and 13 are 20 together: 3 have both.
    columns = [
        column("one", 10, 30),
        column("other", 13, 30),
        column("both", 20, 60, holding=("one", "other"), left=((("one", "other"), ("both",)),)),
    ]
    assert show(columns, total=[60, 90])["both"][0][0] is None


def test_what_is_left_of_a_whole_is_not_few() -> None:
    covered = column("covered", 10, 30)
    uncovered = column("uncovered", 12, 30, left=(((TOTAL,), ("covered", "uncovered")),))
    assert show([covered, uncovered], total=[24, 90])["uncovered"][0][0] is None


def test_withheld_villages_are_not_all_of_one_district() -> None:
    # Sums of districts are known of the village table, and would be of the column.
    found = show([column("pkh", 4, 6, 20, 30)], total=[50, 50, 50, 50], districts="XXYY")
    assert found["pkh"] == ([None, None, None, 30], 60)


@pytest.mark.parametrize(
    ("one", "other", "is_within"),
    [
        ("PKH", "PKH SEMBAKO", True),
        ("PKH SEMBAKO", "PKH", False),
        ("PBI_JK all", "PBI_JK", True),
        ("PBI_JK", "PBI_JK all", False),
        # PKH is paid to the family: nobody asks its members.
        ("PKH", "PKH PBI_JK all", True),
    ],
)
def test_which_definition_is_within_which(one: str, other: str, *, is_within: bool) -> None:
    def reached(text: str) -> frozenset[str]:
        codes = tuple(word for word in text.split() if word != "all")
        every = "all" in text.split()
        return reached_by(Coverage(programs=codes, on=ON, member_counts_for_family=not every))

    assert (reached(one) <= reached(other)) is is_within


# ---- crosstabs


def crosstab(
    rows: Sequence[Sequence[int]], *more: KnownSum, told: Sequence[bool] | None = None
) -> tuple[list[list[int | None]], list[int | None]]:
    counts = pd.DataFrame(rows, columns=list("pqrs"[: len(rows[0])]))
    is_told = np.array(told or [True] * len(rows))
    cells, sums = publish_crosstab(counts, [KnownSum([*counts], is_told, in_all=True), *more], 5)
    plain = cells.astype(object).where(cells.notna(), None).to_numpy().tolist()
    return plain, sums.astype(object).where(sums.notna(), None).tolist()


def test_a_crosstab_of_large_counts_is_shown() -> None:
    assert crosstab([[10, 0], [7, 30]]) == ([[10, 0], [7, 30]], [17, 30])


def test_a_small_cell_takes_a_rectangle_with_it() -> None:
    cells, sums = crosstab([[20, 3, 40], [20, 10, 40]])
    assert cells == [[None, None, 40], [None, None, 40]]
    assert sums == [40, 13, 80]


def test_where_only_telling_nothing_helps_nothing_is_told() -> None:
    # One district: what is withheld of it the sums would tell.
    assert crosstab([[3, 2]]) == ([[None, None]], [None, None])


def test_columns_whose_sum_is_known_elsewhere() -> None:
    # p and q together are shown by village: 3 and 20 are not protected by r.
    known = KnownSum(["p", "q"], np.array([True, True]), in_all=True)
    cells, _ = crosstab([[3, 20, 30], [20, 30, 30]], known)
    assert cells == [[None, None, 30], [None, None, 30]]


def test_columns_whose_sum_is_withheld_elsewhere() -> None:
    # That p is 10 in the first row is withheld elsewhere.
    known = KnownSum(["p"], np.array([False, True]), in_all=True)
    cells, _ = crosstab([[10, 20], [20, 30]], known)
    assert cells[0] == [None, None]
