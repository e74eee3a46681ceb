"""A plan from families, officers and days, and what stays when somebody leaves."""

from datetime import date

from geo_target.fieldwork.planning import make_plan, replan
from geo_target.fieldwork.selection import Wanted
from geo_target.fieldwork.visits import Plan
from tests.fieldwork.villages import facilitator, families, operator

MONDAY = date(2023, 8, 7)


def a_plan() -> Plan:
    people = families("a.1 001 001 6\na.1 001 002 6\na.2 001 001 12")
    officers = [operator("ani", "a.1", visits_per_day=6), operator("budi", "a.2"),
                facilitator("citra")]  # fmt: skip
    return make_plan(people, officers, Wanted(), run_id="000001", starts_on=MONDAY, days=2,
                     today=MONDAY)  # fmt: skip


def test_everybody_is_visited_once_on_a_working_day() -> None:
    plan = a_plan()
    assert len({v.target.family_id for v in plan.visits}) == len(plan.visits) == 24
    assert len({v.code for v in plan.visits}) == 24
    assert {v.day for v in plan.visits} <= {MONDAY, date(2023, 8, 8)}


def test_who_leaves_gives_up_the_open_visits_alone() -> None:
    plan = a_plan()
    theirs = [v for v in plan.visits if v.officer == "budi"]
    done = {theirs[0].code}
    rest = [operator("ani", "a.1", visits_per_day=6), facilitator("citra")]
    after = {v.code: v for v in replan(plan, rest, today=MONDAY, done=done).visits}
    assert after[theirs[0].code] == theirs[0]
    assert {after[v.code].officer for v in theirs[1:]} <= {"ani", "citra"}
    assert all(after[v.code] == v for v in plan.visits if v.officer != "budi")
