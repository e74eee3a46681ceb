"""Visits and what they found go 90 days after their plan was closed, once a run has them."""

from datetime import timedelta

import pytest

from geo_target.operations.audit import Entry
from geo_target.operations.database import Database
from geo_target.operations.expiry import Expired, Limits, count_expired, forget_expired
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from tests.operations.visiting import HERE, KEY, RATNA, WATI, answer, plan, visit
from tests.operations.world import ROOT, Clock

TOLD = Entry(actor=ROOT, verb="purge", object_type="archive")
DAYS = 90


@pytest.fixture
def plans(database: Database, clock: Clock) -> VisitPlans:
    """A plan of A and B that is closed on the first day, and one of C that is not."""
    made = VisitPlans(database, clock)
    for each in (plan(visit("A"), visit("B")), plan(visit("C"))):
        made.add(each, title="x", by=RATNA)
    return made


@pytest.fixture
def outcomes(database: Database, clock: Clock, plans: VisitPlans) -> VisitOutcomes:
    made = VisitOutcomes(database, key=KEY, clock=clock)
    made.take([answer("A", "moved", id_="1"), answer("C")], by=WATI)
    made.take([answer("A", "died", id_="1")], by=WATI)
    plans.close(1, by=RATNA)
    return made


def forgotten(database: Database, clock: Clock) -> tuple[int, int]:
    """How many visits and outcomes go today; a look has said the same before."""
    day = clock.now - timedelta(days=DAYS)
    limits = Limits(sessions=day, login_attempts=day, visits=day)
    counted = count_expired(database, limits)
    assert forget_expired(database, limits, lambda _: TOLD) == counted
    assert count_expired(database, limits) == Expired()
    return counted.visits, counted.visit_outcomes


def test_visits_of_a_closed_plan_go_after_their_days(
    database: Database, clock: Clock, plans: VisitPlans, outcomes: VisitOutcomes
) -> None:
    outcomes.mark_exported(99, by=RATNA)
    clock.move(days=DAYS)
    assert forgotten(database, clock) == (0, 0)
    clock.move(seconds=1)
    assert forgotten(database, clock) == (2, 2)
    assert plans.codes_taken() == {"C"}
    assert list(outcomes.standing()) == ["C"]
    assert [head.plan_id for head in plans.plans()] == [1, 2]


def test_what_no_run_has_stays(
    database: Database, clock: Clock, plans: VisitPlans, outcomes: VisitOutcomes
) -> None:
    outcomes.mark_exported(2, by=RATNA)  # not the second version of A
    clock.move(days=1000)
    assert forgotten(database, clock) == (0, 0)
    assert len(outcomes.versions("A")) == 2
    outcomes.mark_exported(3, by=RATNA)
    assert forgotten(database, clock) == (2, 2)


def test_a_plan_that_is_open_keeps_its_visits(
    database: Database, clock: Clock, plans: VisitPlans
) -> None:
    clock.move(days=1000)
    assert forgotten(database, clock) == (0, 0)
    assert plans.codes_taken() == {"A", "B", "C"}


def test_a_plan_without_any_answer_goes_too(
    database: Database, clock: Clock, plans: VisitPlans
) -> None:
    plans.close(1, by=RATNA)
    clock.move(days=DAYS + 1)
    assert forgotten(database, clock) == (2, 0)


def test_orphans_stay_until_somebody_has_resolved_them(
    database: Database, clock: Clock, outcomes: VisitOutcomes
) -> None:
    outcomes.take([answer("A", id_="late"), answer("Z"), answer("Y")], by=WATI)
    numbers = [kept.number for kept in outcomes.orphans()]
    outcomes.mark_exported(99, by=RATNA)
    clock.move(days=1000)
    assert forgotten(database, clock) == (2, 2)
    assert [kept.number for kept in outcomes.orphans()] == numbers
    outcomes.resolve_orphan(numbers[1], None, by=RATNA)
    clock.move(days=DAYS + 1)
    assert forgotten(database, clock) == (0, 1)
    assert len(outcomes.orphans()) == 2


def test_a_proposal_goes_once_a_run_has_it(
    database: Database, clock: Clock, outcomes: VisitOutcomes
) -> None:
    found = [answer("", "new_family", id_=f"n{number}", corrected={"village_code": HERE})
             for number in range(2)]  # fmt: skip
    outcomes.take(found[:1], by=RATNA)
    outcomes.mark_exported(99, by=RATNA)
    outcomes.take(found[1:], by=RATNA)
    clock.move(days=DAYS + 1)
    assert forgotten(database, clock) == (2, 3)
    assert [kept.submission_id for kept in outcomes.proposals()] == ["n1"]
