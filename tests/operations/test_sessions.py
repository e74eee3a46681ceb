"""Sessions end when they should, and nothing in the database opens one."""

import pytest
from sqlalchemy import select

from geo_target.operations.accounts import Accounts
from geo_target.operations.database import Database
from geo_target.operations.sessions import Sessions
from geo_target.operations.tables import SESSIONS
from geo_target.operations.users import User
from tests.operations.world import GOOD, ROOT, Clock, full_disk


@pytest.fixture
def siti(accounts: Accounts) -> User:
    return accounts.add("siti", "Siti Rahayu", GOOD, "officer", ["36.73.01"], by=ROOT)


def test_a_token_opens_its_session(sessions: Sessions, siti: User) -> None:
    token = sessions.create(siti)
    session = sessions.verify(token)
    assert session is not None
    assert session.user == siti
    assert len(token) == 43
    assert (session.actor("10.0.0.7").name, session.actor().scope) == ("siti", ("36.73.01",))


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\ud800", "é" * 5000])
def test_nothing_else_does(sessions: Sessions, siti: User, token: str) -> None:
    sessions.create(siti)
    assert sessions.verify(token) is None


def test_only_its_hash_is_kept(sessions: Sessions, siti: User, database: Database) -> None:
    token = sessions.create(siti)
    with database.reading() as connection:
        kept = connection.execute(select(SESSIONS)).one()
    assert token not in str(kept)
    assert sessions.verify(kept.token_hash) is None


def test_ends_when_idle(sessions: Sessions, siti: User, clock: Clock) -> None:
    token = sessions.create(siti)
    clock.move(minutes=29)
    assert sessions.verify(token) is not None
    clock.move(minutes=29)
    assert sessions.verify(token) is not None
    clock.move(minutes=30)
    assert sessions.verify(token) is None


def test_ends_after_twelve_hours_however_busy(sessions: Sessions, siti: User, clock: Clock) -> None:
    token = sessions.create(siti)
    for _ in range(35):
        clock.move(minutes=20)
        assert sessions.verify(token) is not None
    clock.move(minutes=20)
    assert sessions.verify(token) is None


def test_ends_when_revoked(sessions: Sessions, siti: User) -> None:
    token, other = sessions.create(siti), sessions.create(siti)
    sessions.revoke(token)
    assert sessions.verify(token) is None
    assert sessions.verify(other) is not None
    assert sessions.revoke_all(siti) == 1
    assert sessions.verify(other) is None


def test_a_sign_in_ends_the_session_that_the_browser_came_with(
    sessions: Sessions, siti: User
) -> None:
    before = sessions.create(siti)
    after = sessions.create(siti, replaces=before)
    assert sessions.verify(before) is None
    assert sessions.verify(after) is not None


def test_a_clock_set_back_ends_it(sessions: Sessions, siti: User, clock: Clock) -> None:
    token = sessions.create(siti)
    clock.move(minutes=-4)
    assert sessions.verify(token) is not None
    clock.move(minutes=-56)
    assert sessions.verify(token) is None


def test_a_changed_role_shows_at_the_next_sign_in(
    sessions: Sessions, accounts: Accounts, siti: User
) -> None:
    token = sessions.create(siti)
    accounts.set_role("siti", "viewer", by=ROOT)
    assert sessions.verify(token) is None
    session = sessions.verify(sessions.create(accounts.sign_in("siti", GOOD)))
    assert session is not None
    assert not session.user.may("family.read")


def test_a_full_disk_signs_nobody_out(
    sessions: Sessions, siti: User, clock: Clock, database: Database
) -> None:
    token = sessions.create(siti)
    with full_disk(database):
        clock.move(minutes=29)
        assert sessions.verify(token) is not None
