"""Who visits is kept by name, changed by whoever plans, and logged."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from geo_target.fieldwork.visits import Officer, OfficerKind
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import Database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.refusals import AccountError, VisitError
from geo_target.operations.roles import Verb
from tests.operations.visiting import ELSEWHERE, HERE, NEAR, RATNA, SITI, officer, others, refused
from tests.operations.world import ROOT, Clock

ENI = Officer(
    "eni", "Eni Suryani", OfficerKind.FACILITATOR, (HERE, NEAR), HERE, 10,
    frozenset({date(2025, 10, 8), date(2025, 10, 7)}),
)  # fmt: skip


@pytest.fixture
def officers(database: Database, clock: Clock) -> FieldOfficers:
    return FieldOfficers(database, clock)


def test_an_officer_comes_back_as_they_were_saved(officers: FieldOfficers) -> None:
    officers.save(ENI, by=RATNA)
    officers.save(officer("budi"), by=SITI)
    assert officers.get("eni") == officers.get(" Eni ") == ENI
    assert [each.name for each in officers.all()] == ["budi", "eni"]
    assert officers.get("nobody") is None


def test_saving_again_changes_what_is_known(officers: FieldOfficers) -> None:
    officers.save(ENI, by=RATNA)
    officers.save(replace(ENI, visits_per_day=8), by=RATNA)
    assert [each.visits_per_day for each in officers.all()] == [8]


def test_whoever_was_removed_visits_no_more_until_saved_again(officers: FieldOfficers) -> None:
    officers.save(ENI, by=RATNA)
    officers.remove("eni", by=RATNA)
    assert (officers.all(), officers.get("eni")) == ([], None)
    with pytest.raises(VisitError, match="E-OFFICER-UNKNOWN"):
        officers.remove("eni", by=RATNA)
    officers.save(ENI, by=RATNA)
    assert officers.all() == [ENI]


def test_other_roles_change_nobody(officers: FieldOfficers, audit: AuditLog) -> None:
    who = others(Verb.ASSIGN_VISITS)
    refused("E-VISIT-ROLE", *(partial(officers.save, ENI, by=each) for each in who))
    refused("E-VISIT-ROLE", *(partial(officers.remove, "eni", by=each) for each in who))
    assert officers.all() == []
    told = [e["role"] for e in audit.entries(by=ROOT) if e["result"] == "denied"]
    assert told == [each.role for each in who] * 2


def test_a_district_officer_has_those_of_their_own_districts(officers: FieldOfficers) -> None:
    officers.save(officer("far", HERE, ELSEWHERE), by=RATNA)
    refused(
        "E-VISIT-SCOPE",
        lambda: officers.save(officer("wati", HERE, ELSEWHERE), by=SITI),
        lambda: officers.remove("far", by=SITI),
    )
    assert [each.name for each in officers.all()] == ["far"]


def test_nobody_takes_an_officer_of_another_district_over(officers: FieldOfficers) -> None:
    officers.save(officer("far", ELSEWHERE), by=RATNA)
    with pytest.raises(VisitError, match="E-VISIT-SCOPE"):
        officers.save(officer("far", HERE), by=SITI)
    assert officers.get("far") == officer("far", ELSEWHERE)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(ENI, visits_per_day=0), "E-OFFICER-LOAD"),
        (replace(ENI, visits_per_day=61), "E-OFFICER-LOAD"),
        (replace(ENI, villages=("3673011001",)), "E-OFFICER-VILLAGE"),
        (replace(ENI, home_village_code="36.73.01"), "E-OFFICER-VILLAGE"),
    ],
)
def test_what_makes_no_sense_is_refused(officers: FieldOfficers, wrong: Officer, code: str) -> None:
    with pytest.raises(VisitError, match=code):
        officers.save(wrong, by=RATNA)
    assert officers.all() == []


def test_a_name_is_one_of_an_account(officers: FieldOfficers) -> None:
    with pytest.raises(AccountError, match="E-USER-NAME"):
        officers.save(replace(ENI, name="Eni Suryani"), by=RATNA)


def test_each_change_is_in_the_log(officers: FieldOfficers, audit: AuditLog) -> None:
    officers.save(ENI, by=RATNA)
    officers.remove("eni", by=RATNA)
    told = [(e["actor"], e["verb"], e["object_id"]) for e in audit.entries(by=ROOT)]
    assert told[:2] == [("ratna", "officer.save", "eni"), ("ratna", "officer.remove", "eni")]
