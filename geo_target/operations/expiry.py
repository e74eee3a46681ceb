"""What of the operations database may not be kept for ever: sessions, wrong passwords, visits.

The audit log is no part of it: it is append-only, and kept for five years at least.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, func, or_, select

from geo_target.operations.audit import AuditLog, Entry
from geo_target.operations.database import Database, Turn, take
from geo_target.operations.tables import (
    LOGIN_ATTEMPTS,
    SESSIONS,
    VISIT_OUTCOMES,
    VISIT_PLANS,
    VISITS,
)


@dataclass(frozen=True)
class Expired:
    """How many rows are past their time."""

    sessions: int = 0
    login_attempts: int = 0
    visit_outcomes: int = 0
    visits: int = 0


@dataclass(frozen=True)
class Limits:
    """Sessions and plans that ended, and attempts that were made, before these are forgotten."""

    sessions: datetime
    login_attempts: datetime
    visits: datetime


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
        take(connection, Turn.VISITS)
        counts = [
            connection.execute(delete(table).where(which)).rowcount
            for table, which in _expired(limits)
        ]
        expired = Expired(*counts)
        AuditLog(database).write(connection, told(expired))
    return expired


def _expired(limits: Limits) -> list[tuple[Table, Any]]:
    """What goes of which table; outcomes go before the visits that they are told by."""
    ended = or_(SESSIONS.c.expires_at < limits.sessions, SESSIONS.c.revoked_at < limits.sessions)
    return [
        (SESSIONS, ended),
        (LOGIN_ATTEMPTS, LOGIN_ATTEMPTS.c.at < limits.login_attempts),
        (VISIT_OUTCOMES, _old_outcomes(limits.visits)),
        (VISITS, VISITS.c.plan_id.in_(_old_plans(limits.visits))),
    ]


def _old_plans(limit: datetime) -> Select[Any]:
    """Plans that were closed before, of whose visits each answer was exported."""
    of_plan = (VISITS.c.plan_id == VISIT_PLANS.c.id, VISITS.c.code == VISIT_OUTCOMES.c.visit_code)
    waiting = select(VISIT_OUTCOMES.c.id).where(
        VISIT_OUTCOMES.c.is_orphan.is_(False), VISIT_OUTCOMES.c.exported_at.is_(None), *of_plan
    )
    # Named, for it would be held against the rows that are to go otherwise.
    is_waiting = waiting.correlate(VISIT_PLANS).exists()
    return select(VISIT_PLANS.c.id).where(VISIT_PLANS.c.closed_at < limit, ~is_waiting)


def _old_outcomes(limit: datetime) -> ColumnElement[bool]:
    """Answers of these plans, exported proposals, and orphans that somebody has resolved."""
    codes = select(VISITS.c.code).where(VISITS.c.plan_id.in_(_old_plans(limit)))
    is_orphan = VISIT_OUTCOMES.c.is_orphan.is_(True)
    return or_(
        VISIT_OUTCOMES.c.visit_code.in_(codes) & ~is_orphan,
        is_orphan & (VISIT_OUTCOMES.c.resolved_at < limit),
        VISIT_OUTCOMES.c.visit_code.is_(None)
        & VISIT_OUTCOMES.c.exported_at.is_not(None)
        & (VISIT_OUTCOMES.c.received_at < limit)
        & ~is_orphan,
    )
