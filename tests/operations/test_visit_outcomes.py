"""An answer is kept once, each version of it beside it, and none is ever lost."""

import pytest

from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.audit import Actor
from geo_target.operations.database import Database
from geo_target.operations.outcome_batch import Taken
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from tests.operations.visiting import (
    BUDI,
    ELSEWHERE,
    KEY,
    RATNA,
    SITI,
    WATI,
    answer,
    codes,
    plan,
    visit,
)
from tests.operations.world import Clock


@pytest.fixture
def plans(database: Database, clock: Clock) -> VisitPlans:
    made = VisitPlans(database, clock)
    made.add(plan(visit("A"), visit("B"), visit("C", "budi"), visit("D", "budi", ELSEWHERE)),
             title="Oktober", by=RATNA)  # fmt: skip
    return made


@pytest.fixture
def outcomes(database: Database, clock: Clock, plans: VisitPlans) -> VisitOutcomes:
    return VisitOutcomes(database, key=KEY, clock=clock)


def told(taken: Taken) -> tuple[int, int, int, int, int]:
    return (taken.new, taken.repeated, taken.versions, len(taken.conflicts), len(taken.orphans))


def take(outcomes: VisitOutcomes, *given: Outcome, by: Actor = WATI) -> tuple[int, ...]:
    return told(outcomes.take(given, by=by))


def stands(outcomes: VisitOutcomes) -> dict[str, str]:
    return {code: one.current.outcome.outcome for code, one in outcomes.standing().items()}


def test_the_same_answer_five_times_is_one(outcomes: VisitOutcomes) -> None:
    assert [take(outcomes, answer("A")) for _ in range(5)] == [(1, 0, 0, 0, 0)] + [
        (0, 1, 0, 0, 0)
    ] * 4
    assert len(outcomes.versions("A")) == 1


def test_the_same_submission_with_other_content_is_a_version(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("A", "moved", id_="1"))
    assert take(outcomes, answer("A", "died", id_="1")) == (0, 0, 1, 0, 0)
    assert take(outcomes, answer("A", "moved", id_="1")) == (0, 1, 0, 0, 0)
    assert [kept.outcome.outcome for kept in outcomes.versions("A")] == ["moved", "died"]
    assert stands(outcomes) == {"A": "died"}


def test_two_submissions_to_one_visit_are_both_kept(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("A", "moved"))
    assert take(outcomes, answer("A", "died"), by=RATNA) == (1, 0, 0, 1, 0)
    assert outcomes.standing()["A"].is_conflict
    assert [kept.received_by for kept in outcomes.versions("A")] == ["wati", "ratna"]


@pytest.mark.parametrize(
    ("code", "by", "reason"),
    [
        ("Z", WATI, "unknown"),
        ("C", WATI, "foreign"),
        ("D", SITI, "foreign"),
        ("Z", RATNA, "unknown"),
    ],
)
def test_an_answer_to_no_visit_of_theirs_is_an_orphan(
    outcomes: VisitOutcomes, code: str, by: Actor, reason: str
) -> None:
    for _ in range(2):
        assert take(outcomes, answer(code), by=by) == (0, 0, 0, 0, 1)
    (orphan,) = outcomes.orphans()
    assert (orphan.outcome, orphan.orphan_reason) == (answer(code), reason)
    assert (stands(outcomes), outcomes.versions(code)) == ({}, [])


def test_an_answered_visit_is_open_no_more(outcomes: VisitOutcomes, plans: VisitPlans) -> None:
    take(outcomes, answer("A"), answer("B", "empty_house"))
    take(outcomes, answer("C", "refused"), by=BUDI)
    assert codes(plans.visits(open_only=True)) == ["C", "D", "B"]
