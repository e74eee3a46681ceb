"""Whose families and visits somebody may see: by area, by district, by assignment."""

from datetime import UTC, datetime

import pytest

from geo_target.operations.roles import Role, Verb
from geo_target.operations.users import User
from geo_target.operations.visibility import NOTHING, Visible, visible, visible_to
from tests.operations.visiting import RATNA, SITI, WATI

NOW = datetime(2025, 10, 1, tzinfo=UTC)


def user(role: str, *districts: str, disabled: bool = False) -> User:
    return User(1, "wati", "Wati", role, districts, NOW, "root", NOW, NOW if disabled else None)


@pytest.mark.parametrize(
    ("role", "verb", "expected"),
    [
        ("coordinator", Verb.READ_NAMES, Visible(everywhere=True)),
        ("coordinator", Verb.RECORD_VISITS, Visible(everywhere=True)),
        ("coordinator", Verb.READ_OWN_VISITS, NOTHING),
        ("officer", Verb.RECORD_VISITS, Visible(districts=frozenset({"36.73.01"}))),
        ("field-officer", Verb.READ_OWN_VISITS, Visible(visits_of="wati")),
        ("field-officer", Verb.RECORD_VISITS, Visible(visits_of="wati")),
        ("field-officer", Verb.READ_NAMES, NOTHING),
        ("field-officer", Verb.MEETING_MAP, NOTHING),
        ("field-officer", Verb.EXPORT_NAMES, NOTHING),
        ("admin", Verb.READ_OWN_VISITS, NOTHING),
        ("root", Verb.READ_OWN_VISITS, NOTHING),
    ],
)
def test_what_a_role_is_shown(role: str, verb: Verb, expected: Visible) -> None:
    districts = ("36.73.01",) if role == "officer" else ()
    assert visible(user(role, *districts), verb) == expected


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("role", Role)
def test_a_closed_account_is_shown_nothing(role: Role, verb: Verb) -> None:
    assert visible(user(role, "36.73.01", disabled=True), verb) == visible(None, verb) == NOTHING


def test_the_log_and_the_pages_know_the_same_person() -> None:
    assert visible_to(WATI, Verb.RECORD_VISITS) == visible(
        user("field-officer"), Verb.RECORD_VISITS
    )
    assert visible_to(SITI, Verb.ASSIGN_VISITS).districts == {"36.73.01"}
    assert visible_to(RATNA, Verb.ASSIGN_VISITS).everywhere


def test_a_visit_is_held_by_its_officer_its_district_or_the_area() -> None:
    mine, district = Visible(visits_of="wati"), Visible(districts=frozenset({"36.73.01"}))
    asked = [("wati", "36.73.01"), ("budi", "36.73.01"), (None, "36.73.02"), ("wati", "36.73.02")]
    assert [mine.holds_visit(*each) for each in asked] == [True, False, False, True]
    assert [district.holds_visit(*each) for each in asked] == [True, True, False, False]
    assert [NOTHING.holds_visit(*each) for each in asked] == [False] * 4
    assert all(Visible(everywhere=True).holds_visit(*each) for each in asked)
    assert not mine.holds("36.73.01")
