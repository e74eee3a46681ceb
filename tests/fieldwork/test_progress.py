"""Progress of visits: a table that can be counted by hand."""

from datetime import date, timedelta

from geo_target.fieldwork.progress import (
    Followed,
    Pace,
    located_by_day,
    progress_by,
    progress_of,
)
from geo_target.fieldwork.visits import Target, Visit

MONDAY = date(2026, 11, 23)
VILLAGE = "36.73.01.1001"


def followed(
    code: str, officer: str | None, day: int | None, *, closed: int | None = None,
    has_point: bool = False, lon: float | None = None, outcome: str | None = None,
) -> Followed:  # fmt: skip
    """A visit planned `day` days after Monday, closed `closed` days after it."""
    target = Target(f"F-{code}", VILLAGE, lon=lon, lat=None if lon is None else -6.1)
    visit = Visit(code, target, officer, None if day is None else MONDAY + timedelta(day))
    on = None if closed is None else MONDAY + timedelta(closed)
    return Followed(visit, on, outcome, has_point or lon is not None)


ALL = [
    followed("A", "siti", 0, closed=0, outcome="found_eligible"),
    followed("B", "siti", 0, closed=1, outcome="moved"),
    followed("C", "siti", 1),
    followed("D", "budi", 0, outcome="empty_house"),  # open still: somebody comes again
    followed("E", "budi", 1),
    followed("F", "budi", 2),
    followed("G", None, None),
]


def test_what_was_to_be_done_against_what_is_done() -> None:
    tuesday = MONDAY + timedelta(1)
    whole = progress_of(ALL, today=tuesday)
    assert (whole.planned, whole.done, whole.open) == (7, 2, 5)
    assert whole.due == 5  # A B C D E
    assert whole.overdue == 1  # D; C and E are of today
    assert whole.undated == 1
    assert whole.outcomes == {"found_eligible": 1, "moved": 1, "empty_house": 1}
    assert whole.pace is Pace.BEHIND
    assert whole.share == 2 / 7


def test_each_officer_alone() -> None:
    by = progress_by(ALL, lambda one: one.visit.officer, today=MONDAY + timedelta(1))
    assert {name: one.pace for name, one in by.items()} == {
        "siti": Pace.ON_TIME, "budi": Pace.BEHIND, None: Pace.ON_TIME,
    }  # fmt: skip
    assert by["siti"].overdue == 0
    assert by["budi"].overdue == 1


def test_paces() -> None:
    assert progress_of([], today=MONDAY).pace is Pace.EMPTY
    assert progress_of([], today=MONDAY).share is None
    assert progress_of(ALL[:2], today=MONDAY).pace is Pace.DONE
    early = [followed("A", "siti", 5, closed=0), followed("B", "siti", 6)]
    assert progress_of(early, today=MONDAY).pace is Pace.AHEAD


def test_a_day_that_has_not_ended_is_not_late() -> None:
    assert progress_of([followed("A", "siti", 0)], today=MONDAY).overdue == 0
    assert progress_of([followed("A", "siti", 0)], today=MONDAY + timedelta(1)).overdue == 1


def test_points_grow_by_day() -> None:
    visits = [
        followed("A", "siti", 0, closed=0, has_point=True),
        followed("B", "siti", 0, closed=1, lon=112.1),  # of the list: known from the start
        followed("C", "siti", 0, closed=1, has_point=True),
        followed("D", "siti", 0, closed=1),
        followed("E", "siti", 0),
    ]
    assert located_by_day(visits) == [
        (MONDAY, 2, 1),
        (MONDAY + timedelta(1), 3, 4),
    ]
    assert located_by_day([]) == []
