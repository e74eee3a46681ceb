"""Rows of visits: who may read which, where each stands, and how they are changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from geo_target.fieldwork.visits import Visit
from geo_target.operations import visit_faults
from geo_target.operations.refusals import VisitError
from geo_target.operations.tables import FIELD_OFFICERS, VISIT_PLANS, VISITS
from geo_target.operations.visibility import Visible
from geo_target.operations.visit_records import visit_of, visit_values

_AT_ONCE = 500


class Status(StrEnum):
    """Where a visit stands."""

    OPEN = "open"
    CLOSED = "closed"
    """Answered, followed by a return visit, or its plan is closed."""
    WITHDRAWN = "withdrawn"
    """Nobody is to go; the code stays, for it may be on paper."""


@dataclass(frozen=True)
class PlannedVisit:
    """A visit, the plan it belongs to, and where it stands."""

    visit: Visit
    plan_id: int
    status: Status
    closed_at: datetime | None = None


def readable(within: Visible) -> ColumnElement[bool]:
    """The part of VISITS that somebody may read, as a condition of the query."""
    if within.everywhere:
        return VISITS.c.code.is_not(None)
    of_districts = (
        VISITS.c.village_code.startswith(f"{code}.", autoescape=True)
        for code in sorted(within.districts)
    )
    theirs = (VISITS.c.officer == within.visits_of) & (VISITS.c.status == Status.OPEN.value)
    return or_(theirs if within.visits_of is not None else VISITS.c.code.is_(None), *of_districts)


def planned_visit(row: RowMapping) -> PlannedVisit:
    """The visit of a row of VISITS."""
    return PlannedVisit(visit_of(row), row["plan_id"], Status(row["status"]), row["closed_at"])


def ordered(found: Select[Any]) -> Select[Any]:
    """By officer, day and order; what nobody has been given comes last."""
    columns = (VISITS.c.officer, VISITS.c.day, VISITS.c.position)
    return found.order_by(*(column.asc().nulls_last() for column in columns), VISITS.c.code)


def plan_row(connection: Connection, plan_id: int) -> RowMapping:
    """Row of a plan; VisitError ``E-PLAN-UNKNOWN`` if there is none."""
    found = select(VISIT_PLANS).where(VISIT_PLANS.c.id == plan_id)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise VisitError(visit_faults.no_plan(plan_id))
    return row


def check_open(connection: Connection, plan_id: int) -> None:
    """Refuse a plan that is closed (``E-PLAN-CLOSED``) or not there."""
    if plan_row(connection, plan_id)["closed_at"] is not None:
        raise VisitError(visit_faults.plan_closed(plan_id))


def rows_where(connection: Connection, *which: ColumnElement[bool]) -> dict[str, RowMapping]:
    """Rows of VISITS by code."""
    found = connection.execute(select(VISITS).where(*which)).mappings()
    return {row["code"]: row for row in found}


def rows_of(connection: Connection, codes: Collection[str]) -> dict[str, RowMapping]:
    """Rows of those of these visits that there are, by code."""
    rows: dict[str, RowMapping] = {}
    for some in _parts(sorted(codes)):
        rows |= rows_where(connection, VISITS.c.code.in_(some))
    return rows


def open_visits(connection: Connection, codes: Collection[str]) -> dict[str, RowMapping]:
    """Rows of these visits, all of which must be open."""
    rows = rows_of(connection, codes)
    missing = [
        code for code in sorted(codes)
        if code not in rows or rows[code]["status"] != Status.OPEN.value
    ]  # fmt: skip
    if missing or not rows:
        raise VisitError(visit_faults.not_open(missing))
    return rows


def add_visits(
    connection: Connection, plan_id: int, visits: Sequence[Visit], *, now: datetime
) -> None:
    """Keep visits of a plan; one that returns to an earlier one closes that.

    Raises
    ------
    VisitError
        ``E-VISIT-TWICE`` where a visit has one of the codes already, ``E-VISIT-PLANNED`` where
        somebody is to visit one of the families already: two plans made at the same time.
    """
    counts = Counter(each.code for each in visits)
    doubled = {code for code, count in counts.items() if count > 1}
    if taken := sorted(doubled | rows_of(connection, counts).keys()):
        raise VisitError(visit_faults.twice(taken))
    returned = [each.return_of for each in visits if each.return_of is not None]
    if busy := _visited(connection, visits, but=returned):
        raise VisitError(visit_faults.planned(busy))
    rows = [
        visit_values(each) | {"plan_id": plan_id, "status": Status.OPEN.value} for each in visits
    ]
    if rows:
        connection.execute(insert(VISITS), rows)
    end_visits(connection, returned, Status.CLOSED, now=now)


def _visited(connection: Connection, visits: Sequence[Visit], *, but: Collection[str]) -> int:
    """How many of the families an open visit goes to, besides the visits `but`."""
    found: set[str] = set()
    families = sorted({each.target.family_id for each in visits})
    for part in _parts(families):
        which = (VISITS.c.status == Status.OPEN.value, VISITS.c.family_id.in_(part))
        rows = connection.execute(select(VISITS.c.family_id, VISITS.c.code).where(*which))
        found |= {family for family, code in rows if code not in but}
    return len(found)


def end_visits(
    connection: Connection, codes: Collection[str], status: Status, *, now: datetime
) -> None:
    """Close or withdraw those of the visits that are open."""
    ended = {"status": status.value, "closed_at": now}
    update_visits(connection, codes, ended, VISITS.c.status == Status.OPEN.value)


def is_free(row: RowMapping) -> bool:
    """Whether a planning may move the visit: open, and not locked by hand."""
    return row["status"] == Status.OPEN.value and not row["is_locked"]


def move_open(
    connection: Connection, there: Mapping[str, RowMapping], again: Mapping[str, Visit]
) -> None:
    """Give open visits their new officer, day and order.

    Locked ones keep their officer, unless that one is there no more: nobody would make them.
    """
    here = _officers(connection)
    moved = [
        {"b_code": code, "b_day": visit.day and visit.day.isoformat(),
         "b_officer": visit.officer, "b_position": visit.position,
         "b_is_locked": there[code]["is_locked"] and there[code]["officer"] == visit.officer}
        for code, visit in again.items()
        if code in there and there[code]["status"] == Status.OPEN.value
        and (is_free(there[code]) or there[code]["officer"] == visit.officer
             or there[code]["officer"] not in here)
    ]  # fmt: skip
    if moved:
        parts: dict[str, Any] = {
            name: bindparam(f"b_{name}") for name in ("officer", "day", "position", "is_locked")
        }
        statement = update(VISITS).where(VISITS.c.code == bindparam("b_code")).values(parts)
        connection.execute(statement, moved)


def _officers(connection: Connection) -> set[str | None]:
    """Officers who were not removed, and nobody: a visit can be kept for nobody by hand."""
    found = select(FIELD_OFFICERS.c.name).where(FIELD_OFFICERS.c.is_active.is_(True))
    return {None, *connection.scalars(found)}


def update_visits(
    connection: Connection,
    codes: Collection[str],
    values: Mapping[str, Any],
    *which: ColumnElement[bool],
) -> None:
    """Set these columns of these visits, of those that fit the conditions."""
    for some in _parts(sorted(codes)):
        connection.execute(update(VISITS).where(VISITS.c.code.in_(some), *which).values(values))


def _parts(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    """Few enough for one statement."""
    return (codes[start : start + _AT_ONCE] for start in range(0, len(codes), _AT_ONCE))
