"""What of the operations database may not be kept for ever: sessions, wrong passwords.

The audit log is no part of it: it is append-only, and kept for five years at least.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, or_, select

from geo_target.operations.audit import AuditLog, Entry
from geo_target.operations.database import Database, Turn
from geo_target.operations.tables import LOGIN_ATTEMPTS, SESSIONS


@dataclass(frozen=True)
class Expired:
    """How many rows are past their time."""

    sessions: int = 0
    login_attempts: int = 0


@dataclass(frozen=True)
class Limits:
    """Sessions that ended and attempts that were made before these times are forgotten."""

    sessions: datetime
    login_attempts: datetime


def count_expired(database: Database, limits: Limits) -> Expired:
    """Count what `forget_expired` would delete."""
    with database.reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
            for table, which in _expired(limits)
        ]
    return Expired(*counts)


def forget_expired(database: Database, limits: Limits, told: Callable[[Expired], Entry]) -> Expired:
    """Delete what is past its time, and keep the entry that `told` makes of it, or neither."""
    with database.writing(Turn.ATTEMPTS) as connection:
        counts = [
            connection.execute(delete(table).where(which)).rowcount
            for table, which in _expired(limits)
        ]
        expired = Expired(*counts)
        AuditLog(database).write(connection, told(expired))
    return expired


def _expired(limits: Limits) -> list[tuple[Table, Any]]:
    ended = or_(SESSIONS.c.expires_at < limits.sessions, SESSIONS.c.revoked_at < limits.sessions)
    return [(SESSIONS, ended), (LOGIN_ATTEMPTS, LOGIN_ATTEMPTS.c.at < limits.login_attempts)]
