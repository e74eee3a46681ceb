"""A plan is kept whole, planned anew without losing what was done, and closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from geo_target.fieldwork.visits import Plan, Target, Visit
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import Database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.refusals import StorageError, VisitError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import NOTHING, Visible
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.operations.visit_rows import Status
from tests.builders import kk, nik
from tests.operations.visiting import (
    BUDI,
    ELSEWHERE,
    HERE,
    KEY,
    NEAR,
    RATNA,
    SITI,
    WATI,
    answer,
    codes,
    officer,
    others,
    plan,
    refused,
    visit,
)
from tests.operations.world import ROOT, Clock, full_disk

DAY = date(2025, 10, 6)
WHOLE = Visit(
    "K7Q2M4A",
    Target("F-1", HERE, "002", "005", "Kubang", "unmatched", "no_list", "c1", DAY, "list",
           106.1, -6.1, DAY, "empty_house"),
    "wati", DAY, 3, is_locked=True,
)  # fmt: skip


@pytest.fixture
def plans(database: Database, clock: Clock) -> VisitPlans:
    officers = FieldOfficers(database, clock)
    for name in ("wati", "budi"):
        officers.save(officer(name), by=RATNA)
    return VisitPlans(database, clock)


@pytest.fixture
def outcomes(database: Database, clock: Clock) -> VisitOutcomes:
    return VisitOutcomes(database, key=KEY, clock=clock)


def october(plans: VisitPlans, *visits: Visit) -> int:
    return plans.add(plan(*visits), title="Oktober", by=RATNA)


def state(plans: VisitPlans) -> dict[str, tuple[str | None, str]]:
    """Officer of each visit, and where it stands."""
    return {each.visit.code: (each.visit.officer, each.status.value) for each in plans.visits()}


# ------------------------------------------------------------------------------- keeping


def test_a_plan_comes_back_as_it_was(plans: VisitPlans, clock: Clock) -> None:
    made = plan(WHOLE, visit("B", None), settings={"per_day": 12}, notices=("N-PLAN-LOAD",))
    number = plans.add(made, title=" Oktober ", by=RATNA)
    found = plans.plan(number)
    assert replace(found, visits=()) == replace(made, visits=())
    assert tuple(found.visits) == tuple(made.visits)
    (head,) = plans.plans()
    assert (head.title, head.starts_on, head.created_by, head.created_at, head.closed_at) == (
        "Oktober", DAY, "ratna", clock.now, None,
    )  # fmt: skip
    assert head.counts == {Status.OPEN: 2, Status.CLOSED: 0, Status.WITHDRAWN: 0}


def test_settings_may_hold_days(plans: VisitPlans) -> None:
    number = plans.add(plan(visit("A"), settings={"until": DAY}), title="x", by=RATNA)
    assert plans.plan(number).settings == {"until": "2025-10-06"}


def test_visits_come_by_officer_day_and_order(plans: VisitPlans) -> None:
    october(
        plans, visit("A", None), visit("B", "wati", day=DAY, position=2),
        visit("C", "wati", day=DAY, position=1), visit("D", "budi"),
        visit("E", "wati", NEAR, day=date(2025, 10, 3)),
    )  # fmt: skip
    assert codes(plans.visits()) == ["D", "E", "C", "B", "A"]
    assert codes(plans.visits(officer="wati")) == ["E", "C", "B"]
    assert codes(plans.visits(village=NEAR)) == ["E"]
    assert codes(plans.visits(plan_id=2)) == []


def test_codes_are_never_used_twice(plans: VisitPlans) -> None:
    october(plans, visit("A"))
    for visits in ((visit("B"), visit("A")), (visit("C"), visit("C"))):
        with pytest.raises(VisitError, match="E-VISIT-TWICE"):
            october(plans, *visits)
    assert plans.codes_taken() == {"A"}
    assert len(plans.plans()) == 1


def test_of_two_plans_made_at_once_the_second_gives_nobody_a_family_again(
    plans: VisitPlans,
) -> None:
    first = visit("A")
    number = october(plans, first)
    with pytest.raises(VisitError, match="E-VISIT-PLANNED"):
        october(plans, replace(first, code="B"), visit("C"))
    assert plans.codes_taken() == {"A"}

    again = replace(first, code="D", return_of="A")
    plans.replace_open(number, plan(first, again), by=RATNA)
    plans.close(number, by=RATNA)
    october(plans, replace(first, code="E"))
    assert state(plans)["E"] == (first.officer, "open")


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, f"keluarga {kk(1)}", nik(1)])
def test_a_title_is_short_and_without_a_number(plans: VisitPlans, title: str) -> None:
    with pytest.raises(VisitError, match="E-PLAN-TITLE"):
        plans.add(plan(visit("A")), title=title, by=RATNA)
    assert plans.plans() == []


def test_many_visits_at_once(plans: VisitPlans) -> None:
    made = [visit(f"V{number}") for number in range(2500)]
    number = october(plans, *made)
    plans.assign([each.code for each in made], "budi", lock=False, by=RATNA)
    plans.replace_open(number, plan(*made[:1200]), by=RATNA)
    assert plans.plans()[0].counts == {Status.OPEN: 1200, Status.CLOSED: 0, Status.WITHDRAWN: 1300}


def test_what_does_not_fit_on_the_disk_is_not_there(plans: VisitPlans, database: Database) -> None:
    october(plans, visit("A"))
    with full_disk(database), pytest.raises(StorageError, match="E-DB-FULL"):
        october(plans, *(visit(f"V{number}") for number in range(2000)))
    assert plans.codes_taken() == {"A"}


# --------------------------------------------------------------------------- who may what


def test_other_roles_plan_nothing(plans: VisitPlans, audit: AuditLog) -> None:
    number, who = october(plans, visit("A")), others(Verb.ASSIGN_VISITS)
    for other in who:
        refused(
            "E-VISIT-ROLE",
            partial(plans.add, plan(visit("B")), title="x", by=other),
            partial(plans.replace_open, number, plan(visit("B")), by=other),
            partial(plans.assign, ["A"], "budi", lock=False, by=other),
            partial(plans.withdraw, ["A"], by=other, reason="x"),
            partial(plans.close, number, by=other),
        )
    assert state(plans) == {"A": ("wati", "open")}
    told = [e["verb"] for e in audit.entries(by=ROOT) if e["result"] == "denied"]
    deeds = ["plan.add", "plan.replace", "visit.assign", "visit.withdraw", "plan.close"]
    assert told == deeds * len(who)


def test_a_district_officer_plans_in_their_own_districts(plans: VisitPlans) -> None:
    mine = plans.add(plan(visit("A"), visit("B", None, NEAR)), title="x", by=SITI)
    whole = october(plans, visit("C", "budi", ELSEWHERE))
    with pytest.raises(VisitError, match="E-VISIT-SCOPE"):
        plans.add(plan(visit("D"), visit("E", "budi", ELSEWHERE)), title="x", by=SITI)
    with pytest.raises(VisitError, match="E-VISIT-SCOPE"):
        plans.replace_open(mine, plan(visit("E", "budi", ELSEWHERE)), by=SITI)
    refused(
        "E-VISIT-SCOPE",
        lambda: plans.replace_open(whole, plan(visit("D")), by=SITI),
        lambda: plans.close(whole, by=SITI),
    )
    assert plans.codes_taken() == {"A", "B", "C"}


def test_a_visit_of_another_district_looks_like_none(plans: VisitPlans) -> None:
    october(plans, visit("A", "budi", ELSEWHERE))
    words = set()
    for code in ("A", "Z"):
        with pytest.raises(VisitError, match="E-VISIT-CODE") as one:
            plans.assign([code], None, lock=False, by=SITI)
        with pytest.raises(VisitError, match="E-VISIT-CODE") as other:
            plans.withdraw([code], by=SITI, reason="x")
        words |= {each.value.text().replace(f" {code};", " ?;") for each in (one, other)}
    assert len(words) == 1
    assert state(plans) == {"A": ("budi", "open")}


def test_a_second_officer_sees_none_of_the_first_ones_visits(
    plans: VisitPlans, outcomes: VisitOutcomes
) -> None:
    october(plans, visit("A"), visit("B"), visit("C", "budi"), visit("D", None, ELSEWHERE))
    wati, budi = Visible(visits_of="wati"), Visible(visits_of="budi")
    assert codes(plans.visits(within=wati)) == ["A", "B"]
    assert codes(plans.visits(within=budi)) == ["C"]
    assert codes(plans.visits(within=budi, officer="wati")) == []
    assert codes(plans.visits(within=Visible(visits_of="eni"))) == []
    assert codes(plans.visits(within=NOTHING)) == []
    assert codes(plans.visits(within=Visible(districts=frozenset({"36.73.02"})))) == ["D"]
    assert codes(plans.visits(within=Visible(everywhere=True))) == ["C", "A", "B", "D"]
    assert [plans.visit("A", within=who) is not None for who in (wati, budi)] == [True, False]
    outcomes.take([answer("A")], by=WATI)
    assert codes(plans.visits(within=wati)) == ["B"]
    assert plans.visit("A", within=wati) is None


def test_a_prefix_of_a_code_is_no_district(plans: VisitPlans) -> None:
    october(plans, visit("A", None, "36.73.01.1001"))
    for code in ("36.73.0", "36.73.%", "36.73.__", ""):
        assert codes(plans.visits(within=Visible(districts=frozenset({code})))) == []


# ----------------------------------------------------------------------------- by hand


def test_visits_are_given_to_somebody_else(plans: VisitPlans) -> None:
    october(plans, visit("A", day=DAY, position=1), visit("B", day=DAY, position=2))
    plans.assign(["A"], "Budi", lock=True, by=RATNA)
    given, kept = plans.visits()
    assert (given.visit.officer, given.visit.position, given.visit.is_locked) == (
        "budi",
        None,
        True,
    )
    assert (kept.visit.officer, kept.visit.position, kept.visit.is_locked) == ("wati", 2, False)
    plans.assign(["A"], None, lock=False, by=RATNA)
    assert state(plans) == {"A": (None, "open"), "B": ("wati", "open")}


def test_all_are_given_or_none(plans: VisitPlans) -> None:
    october(plans, visit("A"))
    with pytest.raises(VisitError, match=r"E-VISIT-CODE.*Z"):
        plans.assign(["A", "Z"], "budi", lock=True, by=RATNA)
    with pytest.raises(VisitError, match="E-OFFICER-UNKNOWN"):
        plans.assign(["A"], "nobody", lock=True, by=RATNA)
    with pytest.raises(VisitError, match="E-VISIT-CODE"):
        plans.assign([], "budi", lock=True, by=RATNA)
    assert state(plans) == {"A": ("wati", "open")}
    assert not plans.visits()[0].visit.is_locked


def test_what_is_closed_is_given_to_nobody(plans: VisitPlans, outcomes: VisitOutcomes) -> None:
    october(plans, visit("A"))
    outcomes.take([answer("A")], by=WATI)
    refused(
        "E-VISIT-CODE",
        lambda: plans.assign(["A"], "budi", lock=False, by=RATNA),
        lambda: plans.withdraw(["A"], by=RATNA, reason="x"),
    )


def test_a_withdrawn_visit_keeps_its_code(plans: VisitPlans, audit: AuditLog) -> None:
    october(plans, visit("A"), visit("B"))
    with pytest.raises(VisitError, match="E-VISIT-REASON"):
        plans.withdraw(["A"], by=RATNA, reason=" ")
    plans.withdraw(["A"], by=RATNA, reason=f"sudah dikunjungi, KK {kk(1)}")
    assert state(plans) == {"A": ("wati", "withdrawn"), "B": ("wati", "open")}
    assert plans.codes_taken() == {"A", "B"}
    (told,) = [e["reason"] for e in audit.entries(by=ROOT) if e["verb"] == "visit.withdraw"]
    assert told.startswith("visits=1: sudah dikunjungi")
    assert kk(1) not in told


def test_a_closed_plan_is_closed(plans: VisitPlans, clock: Clock) -> None:
    number = october(plans, visit("A"), visit("B"))
    plans.withdraw(["A"], by=RATNA, reason="x")
    plans.close(number, by=RATNA)
    assert plans.plans()[0].closed_at == clock.now
    assert state(plans) == {"A": ("wati", "withdrawn"), "B": ("wati", "closed")}
    refused(
        "E-PLAN-CLOSED",
        lambda: plans.close(number, by=RATNA),
        lambda: plans.replace_open(number, plan(visit("C")), by=RATNA),
    )
    refused("E-PLAN-UNKNOWN", lambda: plans.close(9, by=RATNA), lambda: plans.plan(9))


# ------------------------------------------------------------------------------ planned anew


def test_planning_anew_moves_what_is_open_and_free(
    plans: VisitPlans, outcomes: VisitOutcomes
) -> None:
    number = october(plans, *(visit(code, day=DAY) for code in "ABCDE"))
    plans.assign(["B"], "wati", lock=True, by=RATNA)
    plans.withdraw(["C"], by=RATNA, reason="x")
    outcomes.take([answer("D")], by=WATI)
    later = date(2025, 10, 9)
    anew = [visit(code, "budi", day=later, position=1) for code in "ABCDF"]
    plans.replace_open(number, Plan("000002-20251101T020000Z", later, anew), by=RATNA)
    assert state(plans) == {
        "A": ("budi", "open"), "B": ("wati", "open"), "C": ("wati", "withdrawn"),
        "D": ("wati", "closed"), "E": ("wati", "withdrawn"), "F": ("budi", "open"),
    }  # fmt: skip
    days = {each.visit.code: each.visit.day for each in plans.visits()}
    assert days == {"A": later, "B": DAY, "C": DAY, "D": DAY, "E": DAY, "F": later}


def test_a_locked_visit_takes_another_day_of_the_same_officer(plans: VisitPlans) -> None:
    number = october(plans, visit("A", day=DAY))
    plans.assign(["A"], "budi", lock=True, by=RATNA)
    later = date(2025, 10, 9)
    plans.replace_open(number, plan(visit("A", "budi", day=later, position=4)), by=RATNA)
    (found,) = plans.visits()
    assert (found.visit.day, found.visit.position, found.visit.is_locked) == (later, 4, True)


def test_a_locked_visit_of_an_officer_who_left_goes_to_another(
    plans: VisitPlans, database: Database, clock: Clock
) -> None:
    number = october(plans, visit("A", day=DAY), visit("B", "budi", day=DAY))
    plans.assign(["A", "B"], "budi", lock=True, by=RATNA)
    FieldOfficers(database, clock).remove("budi", by=RATNA)
    plans.replace_open(number, plan(visit("A", "wati", day=DAY), visit("B", None)), by=RATNA)
    found = {e.visit.code: (e.visit.officer, e.visit.is_locked) for e in plans.visits()}
    assert found == {"A": ("wati", False), "B": (None, False)}


def test_a_locked_visit_stays_when_the_planning_leaves_it_out(plans: VisitPlans) -> None:
    number = october(plans, visit("A"), visit("B"))
    plans.assign(["A"], "budi", lock=True, by=RATNA)
    plans.replace_open(number, plan(), by=RATNA)
    assert state(plans) == {"A": ("budi", "open"), "B": ("wati", "withdrawn")}


def test_a_return_visit_closes_the_one_it_returns_to(
    plans: VisitPlans, outcomes: VisitOutcomes
) -> None:
    number = october(plans, visit("A"))
    outcomes.take([answer("A", "empty_house")], by=WATI)
    again = visit("B", return_of="A", family_id="F-A")
    plans.replace_open(number, plan(visit("A"), again), by=RATNA)
    assert state(plans) == {"A": ("wati", "closed"), "B": ("wati", "open")}


# -------------------------------------------------------------------------- what was found


def test_the_last_visit_of_a_family_counts(
    plans: VisitPlans, outcomes: VisitOutcomes, clock: Clock
) -> None:
    october(plans, *(visit(code, family_id="F-1") for code in "AB"), visit("C", "budi"), visit("D"))
    outcomes.take([answer("A", "not_found", visited_on=date(2025, 9, 30))], by=WATI)
    outcomes.take([answer("C", "moved")], by=BUDI)
    assert plans.last_visits() == {
        "F-1": (date(2025, 9, 30), "not_found"), "F-C": (date(2025, 10, 1), "moved"),
    }  # fmt: skip
    clock.move(days=3)
    outcomes.take([answer("B", visited_on=date(2026, 1, 1))], by=WATI)
    assert plans.last_visits()["F-1"] == (date(2025, 10, 4), "found_eligible")


def test_each_change_is_in_the_log_once(plans: VisitPlans, audit: AuditLog) -> None:
    number = october(plans, visit("A"), visit("B"))
    plans.assign(["A"], "budi", lock=True, by=RATNA)
    plans.replace_open(number, plan(visit("C")), by=RATNA)
    plans.close(number, by=RATNA)
    told = [(e["verb"], e["object_id"], e["reason"], e["persons"])
            for e in audit.entries(by=ROOT) if e["verb"].startswith(("plan", "visit"))]  # fmt: skip
    assert told == [
        ("plan.add", "1", "visits=2", 0),
        ("visit.assign", "", "visits=1 officer=budi locked", 0),
        ("plan.replace", "1", "visits=1 new=1 withdrawn=1", 0),
        ("plan.close", "1", "closed=2", 0),
    ]


def test_what_cannot_be_logged_is_not_done(
    plans: VisitPlans, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError

    october(plans, visit("A"))
    monkeypatch.setattr(AuditLog, "write", refuse)
    deeds: list[Callable[[], object]] = [
        lambda: october(plans, visit("B")),
        lambda: plans.assign(["A"], None, lock=False, by=RATNA),
        lambda: plans.withdraw(["A"], by=RATNA, reason="x"),
        lambda: plans.close(1, by=RATNA),
    ]
    for deed in deeds:
        with pytest.raises(StorageError):
            deed()
    assert state(plans) == {"A": ("wati", "open")}
