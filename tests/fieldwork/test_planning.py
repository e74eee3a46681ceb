"""A plan from families, officers and days, and what stays when something changes."""

import json
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from geo_target.fieldwork.holidays import read_holidays
from geo_target.fieldwork.planning import hand_over, make_plan, replan, with_returns
from geo_target.fieldwork.refusals import PlanError
from geo_target.fieldwork.selection import Wanted
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Plan, Visit
from tests.fieldwork.villages import facilitator, families, operator

MONDAY, TUESDAY = date(2023, 8, 7), date(2023, 8, 8)
PEOPLE = families("a.1 001 001 6\na.1 002 001 6\na.2 001 001 12\na.2 - - 3")
ANI, BUDI, CITRA = operator("ani", "a.1"), operator("budi", "a.2"), facilitator("citra")


def a_plan(wanted: Wanted | None = None, **given: Any) -> Plan:
    usual: dict[str, Any] = {
        "run_id": "000001", "starts_on": MONDAY, "days": 2, "today": MONDAY,
    }  # fmt: skip
    return make_plan(PEOPLE, [ANI, BUDI, CITRA], wanted or Wanted(), **usual | given)


def of(plan: Plan, officer: str | None) -> list[Visit]:
    return [visit for visit in plan.visits if visit.officer == officer]


def unmoved(before: Plan, after: Plan) -> set[str]:
    """Codes of visits that are as they were."""
    return {v.code for v in before.visits} & {v.code for v in after.visits if v in before.visits}


# -------------------------------------------------------------------------------- a new plan


def test_everybody_is_visited_once_on_a_working_day() -> None:
    plan = a_plan()
    assert sorted(v.target.family_id for v in plan.visits) == sorted(t.family_id for t in PEOPLE)
    assert len({v.code for v in plan.visits}) == len(PEOPLE)
    assert {v.day for v in plan.visits} <= {MONDAY, TUESDAY}
    assert plan.notices == ["N-PLAN-UNEVEN"]  # an RT of 12 is more than a fair share of 9


def test_an_officer_in_two_plans_has_one_day_in_a_day() -> None:
    first = a_plan(days=None)
    both = Counter(
        (visit.officer, visit.day)
        for plan in (first, a_plan(days=None, others=first.visits))
        for visit in plan.visits
        if visit.officer and visit.day
    )
    assert max(both.values()) <= ANI.visits_per_day
    assert sum(both.values()) == 2 * len(PEOPLE)


def test_what_a_plan_rests_on_is_kept_as_json() -> None:
    wanted = Wanted(village_codes=["a.1"], evidence_before=date(2023, 1, 1), limit=10)
    told = json.loads(
        json.dumps(a_plan(wanted, terms=Terms(rupiah_per_officer_day=50_000)).settings)
    )
    assert told["wanted"]["village_codes"] == ["a.1"]
    assert told["wanted"]["evidence_before"] == "2023-01-01"
    assert told["skipped"] == {"limit": 2}
    loads = {load["officer"]: (load["visits"], load["capacity"]) for load in told["loads"]}
    assert loads == {"ani": (6, 24), "budi": (0, 24), "citra": (4, 24)}
    assert told["imbalance"] == pytest.approx(0.2)
    assert told["effort"] == {
        "visits": 10, "officers": 2, "officer_days": 2, "days": 1, "ends_on": "2023-08-07",
        "rupiah": 100_000,
    }  # fmt: skip
    assert told["travel"]["routed_days"] == 0


def test_a_plan_takes_as_many_days_as_it_needs() -> None:
    plan = make_plan(
        families("a.1 001 001 30"), [ANI], Wanted(), run_id="1", starts_on=date(2026, 8, 14),
        today=MONDAY, holidays=read_holidays(),
    )  # fmt: skip
    assert Counter(v.day.day for v in plan.visits if v.day) == {14: 12, 18: 12, 19: 6}
    assert plan.notices == []


def test_a_year_whose_holidays_are_not_known_is_told() -> None:
    assert a_plan(holidays=read_holidays()).notices == ["N-PLAN-UNEVEN", "N-PLAN-HOLIDAYS"]


def test_nothing_is_planned_before_today() -> None:
    plan = a_plan(today=TUESDAY)
    assert min(v.day for v in plan.visits if v.day) == plan.starts_on == TUESDAY


def test_without_anything_learned_the_order_by_value_says_so() -> None:
    assert "N-PLAN-NO-VALUE" in a_plan(Wanted(order="value")).notices
    worth = {t.family_id: 1.0 for t in PEOPLE}
    assert "N-PLAN-NO-VALUE" not in a_plan(Wanted(order="value"), values=worth).notices


def test_codes_are_never_given_again() -> None:
    first = a_plan()
    again = a_plan(taken_codes={v.code for v in first.visits})
    assert not {v.code for v in first.visits} & {v.code for v in again.visits}


def test_what_was_assigned_by_hand_is_planned_under_its_code() -> None:
    mine = replace(a_plan().visits[0], officer="citra", is_locked=True, day=None)
    plan = a_plan(Wanted(village_codes=["a.2"]), locked=[mine])
    (kept,) = [v for v in plan.visits if v.code == mine.code]
    assert (kept.officer, kept.is_locked, kept.day) == ("citra", True, MONDAY)
    assert sum(v.target.family_id == mine.target.family_id for v in plan.visits) == 1


@pytest.mark.parametrize(
    ("given", "notice", "visits"),
    [
        ({"wanted": Wanted(village_codes=["z.9"])}, "N-PLAN-EMPTY", 0),
        ({"ends_on": date(2023, 8, 6)}, "N-PLAN-NO-DAY", 27),
        ({"days": 0}, "N-PLAN-NO-DAY", 27),
    ],
)
def test_a_plan_of_nothing_says_why(given: dict[str, Any], notice: str, visits: int) -> None:
    plan = a_plan(**given)
    assert plan.notices[0] == notice
    assert [(v.officer, v.day) for v in plan.visits] == [(None, None)] * visits


def test_two_officers_of_one_name_are_refused() -> None:
    with pytest.raises(PlanError, match=r"E-PLAN-OFFICER-TWICE.*ani"):
        make_plan(PEOPLE, [ANI, ANI], Wanted(), run_id="1", starts_on=MONDAY, today=MONDAY)


def test_a_village_without_any_readable_rt_is_planned() -> None:
    plan = make_plan(
        families("a.1 - - 40"), [ANI, CITRA], Wanted(), run_id="1", starts_on=MONDAY, today=MONDAY
    )
    assert {v.officer for v in plan.visits} == {"ani", "citra"}
    assert {v.day for v in plan.visits} == {MONDAY, TUESDAY}


def test_without_officers_nobody_has_the_visits() -> None:
    plan = make_plan(PEOPLE, [], Wanted(), run_id="1", starts_on=MONDAY, today=MONDAY)
    assert {(v.officer, v.day) for v in plan.visits} == {(None, None)}
    assert plan.notices == ["N-PLAN-NOBODY"]


# ---------------------------------------------------------------------------------- changes


def test_who_leaves_gives_up_the_open_visits_alone() -> None:
    plan = a_plan()
    theirs = of(plan, "budi")
    done = {theirs[0].code}
    after = replan(plan, [ANI, CITRA], today=MONDAY, done=done, days=2)
    assert unmoved(plan, after) == {v.code for v in plan.visits if v.officer != "budi"} | done
    assert len(after.visits) == len(plan.visits)
    assert {v.officer for v in after.visits if v.code in {t.code for t in theirs[1:]}} == {"citra"}


def test_what_moves_comes_after_what_a_day_has() -> None:
    after = replan(a_plan(), [ANI, CITRA], today=MONDAY, days=2)
    places = Counter((v.officer, v.day, v.position) for v in after.visits if v.day)
    assert set(places.values()) == {1}
    per_day = Counter((v.officer, v.day) for v in after.visits if v.day)
    assert max(per_day.values()) <= 12


def test_days_that_have_passed_are_not_used() -> None:
    after = replan(a_plan(), [ANI, CITRA], today=TUESDAY)
    moved = {v.code for v in of(a_plan(), "budi")} | {
        v.code for v in after.visits if v.day != MONDAY
    }
    assert all(v.day != MONDAY for v in after.visits if v.code in moved)


def test_the_more_somebody_holds_the_less_is_added() -> None:
    people = families("a.1 001 001 20\na.2 - - 20\na.3 - - 4")
    officers = [operator("o1", "a.1"), operator("o2", "a.2"), operator("o3", "a.3")]
    plan = make_plan(people, officers, Wanted(), run_id="1", starts_on=MONDAY, today=MONDAY, days=5)
    helpers = [*officers[:1], facilitator("f1"), officers[2], facilitator("f2")]
    first = replan(plan, helpers, today=MONDAY, days=5)  # o2 has gone
    assert (len(of(first, "f1")), len(of(first, "f2"))) == (10, 10)
    second = replan(first, [*helpers[:2], helpers[3]], today=MONDAY, days=5)  # and o3
    assert (len(of(second, "f1")), len(of(second, "f2"))) == (12, 12)
    assert unmoved(first, second) >= {v.code for v in of(first, "f1")}


def test_nobody_left_and_nothing_moves() -> None:
    plan = a_plan()
    assert replan(plan, [ANI, BUDI, CITRA, facilitator("dewi")], today=MONDAY) is plan


def test_visits_are_handed_over_by_hand_and_stay() -> None:
    plan = a_plan()
    codes = {v.code for v in of(plan, "budi")[:2]}
    after = hand_over(plan, codes, ANI, today=MONDAY, days=2)
    moved = [v for v in after.visits if v.code in codes]
    assert {(v.officer, v.is_locked) for v in moved} == {("ani", True)}
    assert all(v.day for v in moved)
    assert unmoved(plan, after) == {v.code for v in plan.visits} - codes
    locked = [v for v in after.visits if v.is_locked]
    anew = a_plan(locked=locked)
    assert {v.officer for v in anew.visits if v.code in codes} == {"ani"}


def test_visits_are_taken_from_everybody() -> None:
    plan = a_plan()
    codes = {plan.visits[0].code}
    (visit,) = of(hand_over(plan, codes, None, today=MONDAY), None)
    assert (visit.code, visit.day, visit.is_locked) == (plan.visits[0].code, None, False)


def test_who_was_not_met_is_visited_again_after_a_week() -> None:
    plan = a_plan()
    shut = of(plan, "ani")[0]
    after = with_returns(plan, {shut.code: MONDAY}, [ANI, BUDI, CITRA], today=TUESDAY)
    (again,) = [v for v in after.visits if v.return_of]
    assert (again.return_of, again.officer, again.target) == (shut.code, "ani", shut.target)
    assert again.day == MONDAY + timedelta(days=7)
    assert again.code not in {v.code for v in plan.visits}
    assert with_returns(after, {shut.code: MONDAY}, [ANI], today=TUESDAY) is after


def test_a_return_of_somebody_who_left_waits_for_an_officer() -> None:
    plan = a_plan()
    after = with_returns(plan, {of(plan, "budi")[0].code: MONDAY}, [ANI, CITRA], today=TUESDAY)
    (again,) = of(after, None)
    given = replan(after, [ANI, BUDI, CITRA], today=TUESDAY)
    assert {v.officer for v in given.visits if v.code == again.code} <= {"budi", "citra"}


# ---------------------------------------------------------------------------------- any size


def test_a_month_of_a_city_is_even_and_quick() -> None:
    """Small villages and large ones; every RW whole, loads told as they are."""
    chance = random.Random(5)
    rows = [
        f"a.{village} {rw:03d} {rt:03d} {chance.randint(1, 4)}"
        for village in range(20) for rw in range(1, chance.randint(4, 9)) for rt in range(1, 4)
    ]  # fmt: skip
    people = families("\n".join(rows))
    officers = [operator(f"o{n}", f"a.{n}") for n in range(20)]
    officers += [facilitator(f"f{n}", f"a.{n}") for n in range(6)]
    plan = make_plan(people, officers, Wanted(), run_id="1", starts_on=MONDAY, today=MONDAY, days=5)
    loads = {load["officer"]: load["visits"] for load in plan.settings["loads"]}  # type: ignore[attr-defined]
    assert loads == Counter(v.officer for v in plan.visits) | Counter(dict.fromkeys(loads, 0))
    assert plan.settings["split_rws"] == 0
    assert plan.settings["imbalance"] < 0.15  # type: ignore[operator]
    assert "N-PLAN-UNEVEN" not in plan.notices


def test_a_plan_needs_no_heavy_library() -> None:
    """The web process makes plans: what has no points loads neither numpy nor pandas."""
    heavy = ["numpy", "pandas", "scipy", "vroom", "geopandas", "duckdb"]
    program = (
        "import sys\nfrom datetime import date\n"
        "from geo_target.fieldwork.planning import make_plan\n"
        "from geo_target.fieldwork.selection import Wanted\n"
        "from geo_target.fieldwork.visits import Officer, Target\n"
        "make_plan([Target('1', 'a.1')], [Officer('o', 'O', villages=['a.1'])], Wanted(),"
        " run_id='1', starts_on=date(2023, 8, 7), today=date(2023, 8, 7))\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_notice_is_explained() -> None:
    root = Path(__file__).parents[2]
    texts = [f.read_text("utf-8") for f in (root / "geo_target" / "fieldwork").glob("*.py")]
    codes = {code for text in texts for code in re.findall(r'"(N-PLAN-[A-Z-]+)"', text)}
    explained = (root / "docs" / "codes.md").read_text("utf-8")
    assert len(codes) == 10
    assert [code for code in codes if f"| `{code}` |" not in explained] == []
