"""Days, rupiah and helpers: sums that a coordinator can do by hand."""

from collections.abc import Sequence
from datetime import date

import pytest

from geo_target.fieldwork.effort import days_needed, effort_of, needed_for
from geo_target.fieldwork.refusals import PlanError
from geo_target.fieldwork.visits import Target, Visit
from tests.fieldwork.villages import facilitator, operator

MONDAY, FRIDAY = date(2023, 8, 7), date(2023, 8, 11)


@pytest.mark.parametrize(
    ("families", "teams", "rate", "travel", "days"),
    [
        (3784, 67, 12, 0, 5),  # Kota Serang, 56 an operator
        (8799, 67, 12, 0, 11), (8799, 67, 12, 1, 12), (12, 1, 12, 0, 1), (13, 1, 12, 0, 2),
        (0, 1, 12, 0, 0),
    ],
)  # fmt: skip
def test_days_are_families_over_teams_times_rate(
    families: int, teams: int, rate: int, travel: int, days: int
) -> None:
    assert days_needed(families, teams=teams, rate=rate, travel_days=travel) == days


@pytest.mark.parametrize(("teams", "rate"), [(0, 12), (3, 0)])
def test_nobody_never_ends(teams: int, rate: int) -> None:
    with pytest.raises(ValueError, match="least"):
        days_needed(1, teams=teams, rate=rate)


def visits(*rows: tuple[str | None, date | None]) -> Sequence[Visit]:
    return [Visit(f"c{n}", Target(str(n), "a.1"), officer=officer, day=day)
            for n, (officer, day) in enumerate(rows)]  # fmt: skip


def test_effort_counts_days_of_officers() -> None:
    some = visits(("ani", MONDAY), ("ani", MONDAY), ("ani", FRIDAY), ("budi", MONDAY),
                  ("budi", None), (None, None))  # fmt: skip
    found = effort_of(some, rupiah_per_officer_day=50_000)
    assert (found.visits, found.officers, found.officer_days, found.days) == (4, 2, 3, 2)
    assert (found.ends_on, found.rupiah) == (FRIDAY, 150_000)


def test_what_nobody_has_set_is_no_sum() -> None:
    assert effort_of(visits(("ani", MONDAY))).rupiah is None
    assert effort_of([]).ends_on is None


@pytest.mark.parametrize(
    ("counts", "facilitators", "rate", "more"),
    [
        ({"a.1": 60}, 0, 12, 0),
        ({"a.1": 61}, 0, 13, 1),
        ({"a.1": 120}, 1, 12, 0),
        ({"a.1": 150}, 1, 15, 1),
        ({"a.1": 300}, 0, 60, 4),
        ({"a.2": 60}, 0, 0, 1),  # nobody keeps it
        ({"a.1": 60, "a.2": 60}, 1, 12, 0),
    ],
)
def test_what_it_takes_to_be_done_by_friday(
    counts: dict[str, int], facilitators: int, rate: int, more: int
) -> None:
    officers = [operator("ani", "a.1"), *(facilitator(f"f{n}") for n in range(facilitators))]
    found = needed_for(counts, officers, starts_on=MONDAY, ends_on=FRIDAY)
    assert (found.days, found.visits_per_day, found.more_facilitators) == (5, rate, more)


def test_a_day_off_must_be_made_up_for() -> None:
    away = operator("ani", "a.1", days_off=frozenset({FRIDAY}))
    found = needed_for({"a.1": 60}, [away], starts_on=MONDAY, ends_on=FRIDAY)
    assert (found.visits_per_day, found.more_facilitators) == (15, 1)


def test_a_weekend_is_no_time() -> None:
    with pytest.raises(PlanError, match="E-PLAN-DAYS"):
        needed_for({"a.1": 1}, [], starts_on=date(2023, 8, 5), ends_on=date(2023, 8, 6))
