"""Loads of officers: a table that can be counted by hand."""

from datetime import date

from geo_target.fieldwork.visits import Officer, Target, Visit
from geo_target.web.load_matrix import Balance, matrix_of

ONE, OTHER = "36.73.01.1001", "36.73.01.1002"
DAY = date(2026, 11, 23)
OFFICERS = [Officer("budi", "Budi"), Officer("siti", "Siti", visits_per_day=6)]


def visits(officer: str | None, village: str, count: int, *, locked: bool = False) -> list[Visit]:
    return [
        Visit(f"{officer}-{village}-{at}", Target(f"F-{officer}-{village}-{at}", village), officer,
              DAY, is_locked=locked)
        for at in range(count)
    ]  # fmt: skip


def test_each_officer_by_village() -> None:
    matrix = matrix_of(
        [*visits("budi", ONE, 6), *visits("siti", OTHER, 2), *visits("siti", ONE, 1, locked=True),
         *visits(None, OTHER, 4)],
        OFFICERS,
    )  # fmt: skip
    budi, siti = matrix.rows
    assert (budi.cells, budi.load, budi.days, budi.locked) == ({ONE: 6}, 6, 1, 0)
    assert (siti.cells, siti.load, siti.locked) == ({OTHER: 2, ONE: 1}, 3, 1)
    assert matrix.nobody == {OTHER: 4}
    assert matrix.by_village == {ONE: 7, OTHER: 6}
    assert matrix.mean == 4.5
    assert [row.name for row in matrix.of([OTHER])] == ["siti"]


def test_whoever_makes_half_as_many_a_day_is_expected_to_have_half() -> None:
    matrix = matrix_of([*visits("budi", ONE, 6), *visits("siti", OTHER, 3)], OFFICERS)
    assert [row.difference for row in matrix.rows] == [0, 0]
    assert [row.balance for row in matrix.rows] == [Balance.FAIR, Balance.FAIR]


def test_fifteen_of_a_hundred_is_said() -> None:
    same = [Officer("budi", "Budi"), Officer("siti", "Siti")]
    matrix = matrix_of([*visits("budi", ONE, 23), *visits("siti", ONE, 17)], same)
    assert [row.balance for row in matrix.rows] == [Balance.FAIR, Balance.FAIR]  # just 15 %
    matrix = matrix_of([*visits("budi", ONE, 24), *visits("siti", ONE, 16)], same)
    assert [row.balance for row in matrix.rows] == [Balance.OVER, Balance.UNDER]


def test_who_was_removed_is_told_and_expected_nothing_of() -> None:
    matrix = matrix_of([*visits("gone", ONE, 5), *visits("budi", ONE, 3)], OFFICERS[:1])
    assert [(row.name, row.balance, row.difference) for row in matrix.rows] == [
        ("budi", Balance.FAIR, 0), ("gone", Balance.GONE, None),
    ]  # fmt: skip
    assert matrix_of([], OFFICERS).mean is None
