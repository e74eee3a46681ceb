"""A password that somebody else has set: one use, three days, and its owner is told."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import Database
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.refusals import AccountError, SignInError
from geo_target.operations.sessions import Sessions
from tests.operations.world import CHEAP, GOOD, OTHER, ROOT, SITI, Clock

OWN = "sapi hijau terbang"


@pytest.fixture
def office(database: Database, clock: Clock) -> Accounts:
    """Accounts as an office has them, with somebody who has just been given one."""
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP), clock=clock)
    accounts.add("siti", "Siti Rahayu", GOOD, "officer", ["36.73.01"], by=ROOT)
    return accounts


def used(accounts: Accounts, password: str = GOOD) -> Callable[[], object]:
    return lambda: accounts.sign_in("siti", password, may_be_given=True)


def test_it_opens_nothing_but_the_choice_of_another(office: Accounts, sessions: Sessions) -> None:
    user = office.sign_in("siti", GOOD, may_be_given=True)
    session = sessions.verify(sessions.create(user))
    assert session is not None
    assert session.is_for_password
    changed = office.change_password("siti", GOOD, OWN, by=SITI)
    session = sessions.verify(sessions.create(changed))
    assert session is not None
    assert not session.is_for_password
    assert not office.sign_in("siti", OWN).has_given_password


def test_what_has_no_page_for_the_choice_does_not_take_it(office: Accounts) -> None:
    for _ in range(2):  # and does not use it up
        with pytest.raises(SignInError, match="E-PASSWORD-NOT-OWN"):
            office.sign_in("siti", GOOD)
    used(office)()


def test_it_is_for_one_use(office: Accounts, audit: AuditLog) -> None:
    used(office)()
    with pytest.raises(SignInError, match="E-PASSWORD-SPENT"):
        used(office)()
    with pytest.raises(SignInError, match="E-PASSWORD-SPENT"):
        office.change_password("siti", GOOD, OWN, by=ROOT, is_signed_in=False)
    results = [entry["result"] for entry in audit.entries(by=ROOT) if entry["verb"] == "sign-in"]
    assert results == ["ok", "denied"]


def test_it_is_used_once_by_many_at_the_same_moment(office: Accounts) -> None:
    came: list[str] = []

    def come() -> None:
        try:
            used(office)()
            came.append("in")
        except SignInError as refused:
            came.append(refused.faults[0].code)

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came.count("in") == 1
    assert set(came) <= {"in", "E-SIGN-IN", "E-PASSWORD-SPENT"}


@pytest.mark.parametrize(("hours", "lets_in"), [(71, True), (72, False), (9000, False)])
def test_it_is_for_three_days(office: Accounts, clock: Clock, hours: int, *, lets_in: bool) -> None:
    clock.move(hours=hours)
    if lets_in:
        used(office)()
    else:
        with pytest.raises(SignInError, match="E-PASSWORD-SPENT"):
            used(office)()


def test_only_the_right_one_tells_that_it_is_spent(office: Accounts) -> None:
    used(office)()
    with pytest.raises(SignInError) as refused:
        used(office, OTHER)()
    assert refused.value.faults[0].code == "E-SIGN-IN"


@pytest.mark.parametrize("new", ["short", "siti rahayu", GOOD])
def test_a_new_one_that_is_refused_does_not_use_it_up(office: Accounts, new: str) -> None:
    with pytest.raises(AccountError):
        office.change_password("siti", GOOD, new, by=ROOT, is_signed_in=False)
    office.change_password("siti", GOOD, OWN, by=ROOT, is_signed_in=False)


def test_it_does_not_become_the_own_one(office: Accounts) -> None:
    with pytest.raises(AccountError, match="E-PASSWORD-SAME"):
        office.change_password("siti", GOOD, GOOD, by=SITI)


def test_a_reset_names_who_did_it_and_the_choice_of_another_does_not_unsay_it(
    office: Accounts, audit: AuditLog, clock: Clock
) -> None:
    office.change_password("siti", GOOD, OWN, by=SITI, is_signed_in=False)
    clock.move(days=30)
    office.set_password("siti", OTHER, by=Actor(name="ani", role="admin"))
    at = clock.now
    used(office, OTHER)()
    user = office.change_password("siti", OTHER, GOOD, by=SITI)
    assert (user.reset_by, user.reset_at, user.has_given_password) == ("ani", at, False)
    told = audit.password_changes("siti", most=9)
    assert [(one.actor, one.is_own) for one in told] == [
        ("siti", True), ("ani", False), ("siti", True), ("cli", False),
    ]  # fmt: skip
    assert [one.at for one in audit.password_changes("siti", most=2)] == [at, at]


def test_who_is_vouched_for_by_another_service_needs_no_password(
    office: Accounts, sessions: Sessions
) -> None:
    user = office.welcome("siti", "sign-in-oidc")
    session = sessions.verify(sessions.create(user, is_vouched_for=True))
    assert session is not None
    assert not session.is_for_password
    used(office)()


def test_a_session_of_a_password_that_was_changed_meanwhile_has_ended(
    accounts: Accounts, sessions: Sessions, clock: Clock
) -> None:
    accounts.add("siti", "Siti Rahayu", GOOD, "officer", ["36.73.01"], by=ROOT)
    user = accounts.sign_in("siti", GOOD)
    clock.move(seconds=1)
    accounts.set_password("siti", OTHER, by=ROOT)
    assert sessions.verify(sessions.create(user)) is None


def test_the_log_and_the_tables_hold_no_password(office: Accounts, database: Database) -> None:
    used(office)()
    with database.reading() as connection:
        kept = [*connection.execute(text("SELECT * FROM users")),
                *connection.execute(text("SELECT * FROM audit_log"))]  # fmt: skip
    assert GOOD not in str(kept)
