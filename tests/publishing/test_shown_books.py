"""Rows of lists and the books add up, and so are withheld together."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.publishing.audiences import MEETING
from geo_target.publishing.interval_attack import Key, Sum, interval_attack
from geo_target.publishing.shown_books import publish_balance, publish_list

PARTS = ("accepted", "quarantined", "duplicates", "blank")
FAMILIES = {"total": 351, "located": 200, "unlocated": 151, "outside": 0}
Told = dict[str, int | None]


def books(
    *lists: tuple[int, int, int, int, int],
    closed: bool = False,
    villages: int | None = 351,
    **families: int,
) -> tuple[list[Told], Told]:
    """Accepted, quarantined, double and blank rows and cells set aside of each list."""
    exact = pd.DataFrame(lists, columns=[*PARTS, "set_aside"]).assign(
        rows=lambda frame: frame[[*PARTS]].sum(axis=1)
    )
    rows = [{str(name): int(n) for name, n in row.items()} for row in exact.to_dict("records")]
    told = [publish_list(row, MEETING, closed=closed) for row in rows]
    shown = pd.DataFrame({"families": pd.array([villages], dtype="Int64")})
    balance = {**FAMILIES, "in_villages": 351, "unplaced": 0, **families,
               **{str(name): int(count) for name, count in exact.sum().items()}}  # fmt: skip
    return told, publish_balance(
        balance, MEETING, lists=told, villages=shown, closed=closed, hides_located=False
    )


def test_few_rows_that_went_wrong_take_the_others_along() -> None:
    # 348 of 351 rows accepted, and three others: each would be known to be one.
    (first, second), total = books((348, 1, 1, 1, 0), (90, 10, 10, 10, 0))
    assert first == {"rows": 351, **dict.fromkeys(PARTS), "set_aside": 0}
    assert second["accepted"] == 90
    # The second list and all lists together would tell of the first.
    assert [total[name] for name in ("rows", *PARTS)] == [471, None, None, None, None]


def test_cells_set_aside_do_not_follow_from_the_other_lists() -> None:
    (first, second), total = books((90, 0, 0, 0, 3), (90, 0, 0, 0, 20))
    assert (first["set_aside"], second["set_aside"], total["set_aside"]) == (None, 20, None)
    assert total["accepted"] == 180


@pytest.mark.parametrize("villages", [348, None])
def test_few_unplaced_families_do_not_follow_from_the_villages(villages: int | None) -> None:
    _, total = books((90, 0, 0, 0, 0), villages=villages, in_villages=348, unplaced=3)
    assert (total["in_villages"], total["unplaced"]) == (None, None)
    # Where the villages show their families they add up to those that have one.
    is_shown = villages is None
    told = {total[name] is not None for name in ("families", "located", "outside")}
    assert told == {is_shown}


def test_closed_books_hold_nothing() -> None:
    lists, total = books((90, 10, 0, 0, 0), closed=True)
    assert {*lists[0].values(), *total.values()} == {None}


COUNT = st.one_of(st.just(0), st.integers(1, 12))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=4))
def test_no_withheld_part_of_a_list_can_be_narrowed(
    rows: list[tuple[int, int, int, int, int]],
) -> None:
    lists, total = books(*rows)
    shown: dict[Key, float] = {}
    places = [*enumerate(lists), (-1, total)]
    for place, told in places:
        for name in ("rows", *PARTS, "set_aside"):
            count = told[name]
            shown[0, "list", place, name] = np.nan if count is None else float(count)
    sums = [Sum((0, "list", place, "rows"), [(0, "list", place, name) for name in PARTS])
            for place, _ in places]  # fmt: skip
    sums += [
        Sum((0, "list", -1, name), [(0, "list", place, name) for place, _ in places[:-1]])
        for name in ("rows", *PARTS, "set_aside")
    ]
    index = pd.MultiIndex.from_tuples(list(shown), names=["release", "level", "place", "column"])
    ranges = interval_attack(pd.Series(list(shown.values()), index, dtype=float), sums)
    narrow = ranges.index[ranges["upper"] - ranges["lower"] < MEETING.smallest]
    for _, _, place, name in narrow:
        # A list of three rows holds three at most: its rows alone are shown.
        assert place < 0 or (name in PARTS and sum(rows[place][:4]) < MEETING.smallest)
