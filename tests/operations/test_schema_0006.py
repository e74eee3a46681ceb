"""From schema 0005 to 0006 and back, with people, sessions and a meeting in it."""

import pytest
from alembic import command
from sqlalchemy import text

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import (
    Database,
    make_engine,
    open_database,
    parse_url,
    schema_version,
)
from geo_target.operations.meetings import Meetings
from geo_target.operations.migration import alembic_config, migrate
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.refusals import DatabaseError, SignInError
from geo_target.operations.sessions import Sessions
from tests.operations.world import CHEAP, GOOD, OTHER, ROOT

AT = "'2025-10-01 00:00:00+00:00'"


@pytest.fixture
def old_url(empty_url: str) -> str:
    """A database of schema 0005 in which everything stands that 0006 touches."""
    migrate(empty_url, to="0005")
    hashed = PasswordHasher(cost=CHEAP).hash(GOOD)
    database = Database(make_engine(parse_url(empty_url)))
    with database.writing() as connection:
        for statement in (
            "INSERT INTO users (name, display_name, password_hash, role, districts, created_at,"
            f" created_by, password_changed_at) VALUES ('siti', 'Öz ''n', '{hashed}', 'viewer',"
            f" '[]', {AT}, 'cli', {AT})",
            "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at)"
            f" VALUES ('{'a' * 64}', 1, {AT}, {AT}, {AT})",
            "INSERT INTO meetings (held_on, title, place, agencies, run_id, changed_by,"
            f" changed_at) VALUES ('2025-10-01', 'Rapat', '', '[]', '', 'x', {AT})",
            "INSERT INTO meeting_decisions (meeting_id, what, place_code, agency, status, note,"
            " run_id, changed_by, changed_at)"
            f" VALUES (1, 'Usul', '', '', 'open', '', '', 'x', {AT})",
        ):
            connection.execute(text(statement))
    database.close()
    return empty_url


def back(url: str) -> None:
    database = Database(make_engine(parse_url(url)))
    with database.writing() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        assert schema_version(connection) == "0005"
    database.close()


def test_up_down_and_up_again_lose_nothing(old_url: str) -> None:
    assert migrate(old_url) == "0006"
    database = open_database(old_url)
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP))
    user = accounts.sign_in("siti", GOOD)  # a password of before counts as one's own
    assert (user.display_name, user.reset_by, user.has_given_password) == ("Öz 'n", None, False)
    (meeting,), (decision,) = Meetings(database).all(), Meetings(database).decisions()
    assert (meeting.title, decision.what) == ("Rapat", "Usul")
    accounts.add("ani", "Ani", OTHER, "admin", by=ROOT)
    guest = accounts.sign_in("ani", OTHER, may_be_given=True)
    for each in (user, guest):
        Sessions(database).create(each)
    entries = len(list(AuditLog(database).entries(by=ROOT)))
    database.close()

    back(old_url)
    with pytest.raises(DatabaseError, match="E-DB-OLDER"):
        open_database(old_url)
    assert migrate(old_url) == "0006"
    database = open_database(old_url)
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP))
    assert [one.name for one in accounts.users()] == ["ani", "siti"]
    assert len(list(AuditLog(database).entries(by=ROOT))) == entries + 1
    accounts.sign_in("siti", GOOD)
    database.close()


def test_a_password_for_one_use_is_not_good_for_ever_under_the_old_schema(old_url: str) -> None:
    migrate(old_url)
    database = open_database(old_url)
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP))
    accounts.add("ani", "Ani", OTHER, "viewer", by=ROOT)
    token = Sessions(database).create(accounts.sign_in("ani", OTHER, may_be_given=True))
    database.close()
    back(old_url)
    migrate(old_url)
    database = open_database(old_url)
    assert Sessions(database).verify(token) is None
    with pytest.raises(SignInError, match="E-SIGN-IN"):
        Accounts(database, hasher=PasswordHasher(cost=CHEAP)).sign_in("ani", OTHER)
    database.close()
