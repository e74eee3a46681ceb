"""A day's list: by RW and RT, whole where it can be, in the order of the way where points are."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.fieldwork.days import Planned, plan_days, stops
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Officer, Target, Visit
from tests.fieldwork.villages import families, operator

MONDAY = date(2023, 8, 7)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
PLAIN = Terms(engine="plain", village_points={"a.1": (0.0, 0.0)})


def theirs(text: str, officer: str = "ani") -> list[Visit]:
    return [Visit(f"c{n}", target, officer=officer) for n, target in enumerate(families(text))]


def days_of(planned: Planned) -> dict[date | None, list[str]]:
    """RT of a day's visits in the order of the day."""
    found: dict[date | None, list[str]] = defaultdict(list)
    for visit in planned.visits:
        found[visit.day].append(visit.target.family_id.rpartition("-")[0])
    return found


def ani(**known: object) -> Officer:
    return operator("ani", "a.1", "a.2", **{"visits_per_day": 4} | known)


def test_a_day_goes_rw_by_rw_and_rt_by_rt() -> None:
    planned = plan_days(
        theirs("a.1 002 001 1\na.1 001 002 4\na.1 001 001 1"), [ani()], working=WEEK
    )
    assert days_of(planned) == {
        WEEK[0]: ["a.1/002/001", "a.1/001/001", "a.1/001/002", "a.1/001/002"],
        WEEK[1]: ["a.1/001/002", "a.1/001/002"],
    }
    assert [v.position for v in planned.visits] == [1, 2, 3, 4, 1, 2]


def test_a_nearly_full_day_ends_before_an_rt_that_it_would_break() -> None:
    planned = plan_days(theirs("a.1 001 001 3\na.1 001 002 3"), [ani()], working=WEEK)
    assert days_of(planned) == {WEEK[0]: ["a.1/001/001"] * 3, WEEK[1]: ["a.1/001/002"] * 3}


def test_but_not_where_that_takes_a_day_more() -> None:
    planned = plan_days(theirs("a.1 001 001 3\na.1 001 002 5"), [ani()], working=WEEK)
    assert [len(some) for some in days_of(planned).values()] == [4, 4]


def test_but_not_where_somebody_would_be_left_out() -> None:
    planned = plan_days(theirs("a.1 001 001 3\na.1 001 002 5"), [ani()], working=WEEK[:2])
    assert [len(some) for some in days_of(planned).values()] == [4, 4]
    assert planned.notices == []


def test_who_finds_no_room_has_an_officer_and_no_day() -> None:
    planned = plan_days(theirs("a.1 001 001 9"), [ani()], working=WEEK[:2])
    assert Counter(v.day for v in planned.visits) == {WEEK[0]: 4, WEEK[1]: 4, None: 1}
    assert planned.visits[-1].position is None
    assert planned.notices == ["N-PLAN-LEFT"]


def test_days_off_are_left_out() -> None:
    planned = plan_days(theirs("a.1 001 001 8"), [ani(days_off=frozenset(WEEK[:2]))], working=WEEK)
    assert list(days_of(planned)) == [WEEK[2], WEEK[3]]


def test_the_rw_that_was_asked_for_first_comes_first() -> None:
    first, second = theirs("a.1 001 001 4"), theirs("a.1 002 001 4\na.2 001 001 4")[:8]
    second = [Visit(f"d{n}", v.target, officer="ani") for n, v in enumerate(second)]
    planned = plan_days([*second[::-1], *first], [ani()], working=WEEK)
    assert [rt[0] for rt in days_of(planned).values()] == [
        "a.2/001/001", "a.1/002/001", "a.1/001/001"]  # fmt: skip


def test_a_village_without_any_rt_works() -> None:
    planned = plan_days(theirs("a.1 - - 6"), [ani()], working=WEEK)
    assert [len(some) for some in days_of(planned).values()] == [4, 2]
    assert [(s.rw, s.rt, len(s.visits)) for s in stops(planned.visits[:4])] == [(None, None, 4)]


def test_an_rt_is_one_stop_that_begins_at_its_head() -> None:
    planned = plan_days(
        theirs("a.1 001 001 1\na.1 001 002 2\na.1 002 001 1"), [ani()], working=WEEK
    )
    found = [(s.village_code, s.rw, s.rt, len(s.visits)) for s in stops(planned.visits)]
    assert found == [("a.1", "001", "001", 1), ("a.1", "001", "002", 2), ("a.1", "002", "001", 1)]


def test_a_return_waits_for_its_day_and_for_room() -> None:
    some = theirs("a.1 001 001 10")
    wait = {"c0": WEEK[1], "c1": WEEK[1], "c2": WEEK[1]}
    planned = {
        v.code: v.day for v in plan_days(some, [ani()], working=WEEK, not_before=wait).visits
    }
    assert [planned[code] for code in wait] == [WEEK[1], WEEK[2], WEEK[2]]
    assert Counter(planned.values()) == {WEEK[0]: 4, WEEK[1]: 4, WEEK[2]: 2}


def test_what_a_day_has_already_is_left_and_counted() -> None:
    planned = plan_days(theirs("a.1 001 001 3"), [ani()], working=WEEK, taken={("ani", MONDAY): 2})
    assert [(v.day, v.position) for v in planned.visits] == [
        (MONDAY, 3), (MONDAY, 4), (WEEK[1], 1)]  # fmt: skip


# ------------------------------------------------------------------------------- with points


def on_a_line(*at: float, level: str = "list") -> list[Visit]:
    return [
        Visit(f"c{n}", Target(f"f{n}", "a.1", rw="001", rt=f"{n:03d}", lon=lon, lat=0.0,
                              location_level=level), officer="ani")
        for n, lon in enumerate(at)
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ["plain", "auto"])
def test_where_all_have_points_the_way_decides(engine: str) -> None:
    if engine == "auto":
        pytest.importorskip("vroom", reason="pyvroom is an extra")
    terms = Terms(engine=engine, village_points=PLAIN.village_points)  # type: ignore[arg-type]
    some = on_a_line(0.01, 0.21, 0.02, 0.22, 0.03, 0.23)
    planned = plan_days(some, [ani(visits_per_day=3, home_village_code="a.1")], working=WEEK,
                        terms=terms)  # fmt: skip
    by_day = defaultdict(set)
    for visit in planned.visits:
        by_day[visit.day].add(visit.code)
    assert sorted(map(sorted, by_day.values())) == [["c0", "c2", "c4"], ["c1", "c3", "c5"]]
    assert planned.travel.routed_days == 2
    assert planned.travel.basis == "garis lurus x 1,35"
    assert planned.travel.minutes > 0


def test_one_without_a_door_and_the_list_is_by_rt() -> None:
    some = [*on_a_line(0.03, 0.01), *on_a_line(0, 0, 0.02, level="rt")[2:]]
    planned = plan_days(some, [ani()], working=WEEK, terms=PLAIN)
    assert [v.code for v in planned.visits] == ["c0", "c1", "c2"]
    assert planned.travel.routed_days == 0
    assert planned.travel.basis is None


def test_with_points_the_last_asked_for_are_left_out() -> None:
    planned = plan_days(
        on_a_line(*range(6)), [ani(visits_per_day=2)], working=WEEK[:2], terms=PLAIN
    )
    assert {v.code for v in planned.visits if v.day is None} == {"c4", "c5"}


# --------------------------------------------------------------------------------- any world


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("12"), st.sampled_from(["001", "002", "-"]),
                       st.sampled_from(["001", "002", "-"]), st.integers(1, 7)),
             min_size=1, max_size=8, unique_by=lambda row: row[:3]),
    st.integers(1, 6), st.sets(st.sampled_from(WEEK)), st.integers(1, 5),
)  # fmt: skip
def test_no_day_holds_more_than_it_may_and_no_room_is_wasted(
    rows: list[tuple[str, str, str, int]], rate: int, off: set[date], days: int
) -> None:
    some = theirs("\n".join(f"a.{village} {rw} {rt} {n}" for village, rw, rt, n in rows))
    officer = ani(visits_per_day=rate, days_off=frozenset(off))
    planned = plan_days(some, [officer], working=WEEK[:days])
    assert sorted(v.code for v in planned.visits) == sorted(v.code for v in some)
    counts = Counter(v.day for v in planned.visits)
    held = rate * len(set(WEEK[:days]) - off)
    assert sum(n for day, n in counts.items() if day) == min(len(some), held)
    assert all(n <= rate and day not in off for day, n in counts.items() if day)
    for day in filter(None, counts):
        positions = [v.position for v in planned.visits if v.day == day]
        assert positions == list(range(1, len(positions) + 1))
