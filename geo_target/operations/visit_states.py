"""Visits are closed by an answer that stands, and open again when it stands no more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from geo_target.operations.kept_outcomes import Answered, asks_for_return, standing_answers
from geo_target.operations.tables import VISIT_PLANS, VISITS


def settle_states(
    connection: Connection, codes: Collection[str], *, now: datetime
) -> dict[str, Answered]:
    """Close and reopen visits as their answers say; gives what stands of them.

    One that met nobody stays open, so that its officer can go again with the same paper. What
    was withdrawn, belongs to a closed plan or is followed by a return visit stays as it is.
    """
    standing = standing_answers(connection, visit_codes=sorted(codes)) if codes else {}
    done = {
        code for code, answered in standing.items()
        if not asks_for_return(answered.current.outcome)
    }  # fmt: skip
    close_visits(connection, done, now=now)
    _reopen(connection, set(codes) - done)
    return standing


def close_visits(connection: Connection, codes: Collection[str], *, now: datetime) -> None:
    """Close those of the visits that are open."""
    is_open = (VISITS.c.code.in_(sorted(codes)), VISITS.c.status == "open")
    if codes:
        closed = {"status": "closed", "closed_at": now}
        connection.execute(update(VISITS).where(*is_open).values(closed))


def _reopen(connection: Connection, codes: Collection[str]) -> None:
    open_plans = select(VISIT_PLANS.c.id).where(VISIT_PLANS.c.closed_at.is_(None))
    returned = VISITS.alias("returned")
    followed = select(returned.c.code).where(returned.c.return_of == VISITS.c.code)
    is_theirs = (
        VISITS.c.code.in_(sorted(codes)),
        VISITS.c.status == "closed",
        VISITS.c.plan_id.in_(open_plans),
        ~followed.exists(),
    )
    if codes:
        opened = {"status": "open", "closed_at": None}
        connection.execute(update(VISITS).where(*is_theirs).values(opened))
