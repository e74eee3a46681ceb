"""Accounts, sessions and audit log of a fresh database, with a clock that the test moves."""

import pytest

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import Database
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.sessions import Sessions
from tests.operations.world import CHEAP, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, hasher=PasswordHasher(cost=CHEAP), clock=clock, good_for=None)


@pytest.fixture
def sessions(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, clock=clock)


@pytest.fixture
def audit(database: Database, clock: Clock) -> AuditLog:
    return AuditLog(database, clock=clock)
