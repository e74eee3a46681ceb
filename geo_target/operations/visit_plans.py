"""Plans of visits: which families, by whom and when; changed by hand, planned anew, closed."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from geo_target.fieldwork.visits import Plan, Visit
from geo_target.operations import visit_faults
from geo_target.operations.audit import Actor, AuditLog, Entry, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.field_officers import active_officer
from geo_target.operations.kept_outcomes import last_visits
from geo_target.operations.numbers import holds_number
from geo_target.operations.plan_heads import PlanHead, plan_heads
from geo_target.operations.refusals import VisitError
from geo_target.operations.roles import Verb, may
from geo_target.operations.tables import VISIT_PLANS, VISITS
from geo_target.operations.users import normal_name
from geo_target.operations.visibility import Visible
from geo_target.operations.visit_records import visit_of
from geo_target.operations.visit_rights import check_right
from geo_target.operations.visit_rows import (
    PlannedVisit,
    Status,
    add_visits,
    check_open,
    end_visits,
    is_free,
    move_open,
    open_visits,
    ordered,
    plan_row,
    planned_visit,
    readable,
    rows_of,
    rows_where,
    update_visits,
)

LONGEST_TITLE = 120


class VisitPlans:
    """The plans in a database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def add(self, plan: Plan, *, title: str, by: Actor) -> int:
        """Keep a new plan; its number is returned.

        A visit that returns to an earlier one closes that one.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-SCOPE``, ``E-VISIT-TWICE``, ``E-VISIT-PLANNED`` or
            ``E-PLAN-TITLE``.
        """
        if not 0 < len(title.strip()) <= LONGEST_TITLE or holds_number(title):
            raise VisitError(visit_faults.plan_title(LONGEST_TITLE))
        self._allow("plan.add", (each.target.village_code for each in plan.visits), by)
        head = {
            "run_id": plan.run_id, "title": title.strip(), "starts_on": plan.starts_on.isoformat(),
            **_said(plan), "created_by": by.name, "created_at": self._clock(),
        }  # fmt: skip
        with self._database.writing(Turn.VISITS) as connection:
            made = insert(VISIT_PLANS).values(head).returning(VISIT_PLANS.c.id)
            plan_id = int(connection.execute(made).scalar_one())
            add_visits(connection, plan_id, plan.visits, now=self._clock())
            self._tell(connection, "plan.add", plan_id, by, f"visits={len(plan.visits)}")
        return plan_id

    def plans(self) -> list[PlanHead]:
        """Every plan, oldest first."""
        with self._database.reading() as connection:
            return plan_heads(connection)

    def plan(self, plan_id: int) -> Plan:
        """A plan with all of its visits, withdrawn ones too.

        Raises
        ------
        VisitError
            ``E-PLAN-UNKNOWN``.
        """
        with self._database.reading() as connection:
            row = plan_row(connection, plan_id)
            found = ordered(select(VISITS).where(VISITS.c.plan_id == plan_id))
            visits = [visit_of(each) for each in connection.execute(found).mappings()]
        return Plan(
            run_id=row["run_id"],
            starts_on=date.fromisoformat(row["starts_on"]),
            visits=visits,
            notices=tuple(row["notices"]),
            settings=row["settings"],
        )

    def visits(
        self,
        *,
        plan_id: int | None = None,
        officer: str | None = None,
        village: str | None = None,
        open_only: bool = False,
        within: Visible | None = None,
    ) -> list[PlannedVisit]:
        """Visits by officer, day and order.

        Parameters
        ----------
        plan_id, officer, village
            Of this plan; of this account name; of this village code.
        within
            What `visible` says that the reader may see, asked in the query itself: by
            assignment that is what was given to them and is open. None is everything: for
            commands and counts, never for a page.
        """
        asked = [
            column == value
            for column, value in (
                (VISITS.c.plan_id, plan_id),
                (VISITS.c.officer, officer),
                (VISITS.c.village_code, village),
                (VISITS.c.status, Status.OPEN.value if open_only else None),
            )
            if value is not None
        ]
        if within is not None:
            asked.append(readable(within))
        with self._database.reading() as connection:
            rows = connection.execute(ordered(select(VISITS).where(*asked))).mappings()
            return [planned_visit(row) for row in rows]

    def visit(self, code: str, *, within: Visible) -> PlannedVisit | None:
        """The visit of this code; None where there is none, or none that the reader may see."""
        found = select(VISITS).where(VISITS.c.code == code, readable(within))
        with self._database.reading() as connection:
            row = connection.execute(found).mappings().first()
        return None if row is None else planned_visit(row)

    def replace_open(self, plan_id: int, plan: Plan, *, by: Actor) -> None:
        """Put a new planning in the place of what is open.

        Closed and withdrawn visits stay as they are. One that was locked by hand keeps its
        officer unless they were removed, and takes day and order only from a planning that leaves
        it with them. Open
        visits that the new planning does not have are withdrawn: they may be on paper.

        Raises
        ------
        VisitError
            As `add`, or ``E-PLAN-UNKNOWN``, ``E-PLAN-CLOSED``.
        """
        self._allow("plan.replace", self._villages(plan_id, plan.visits), by)
        with self._database.writing(Turn.VISITS) as connection:
            check_open(connection, plan_id)
            there = rows_where(connection, VISITS.c.plan_id == plan_id)
            again = {each.code: each for each in plan.visits}
            gone = [code for code, row in there.items() if is_free(row) and code not in again]
            end_visits(connection, gone, Status.WITHDRAWN, now=self._clock())
            move_open(connection, there, again)
            new = [each for each in plan.visits if each.code not in there]
            add_visits(connection, plan_id, new, now=self._clock())
            said = update(VISIT_PLANS).where(VISIT_PLANS.c.id == plan_id)
            connection.execute(said.values(_said(plan)))
            told = f"visits={len(plan.visits)} new={len(new)} withdrawn={len(gone)}"
            self._tell(connection, "plan.replace", plan_id, by, told)

    def assign(self, codes: Collection[str], officer: str | None, *, lock: bool, by: Actor) -> None:
        """Give open visits to somebody, or to nobody.

        Parameters
        ----------
        officer
            Name of an officer; None takes the visits from whoever had them.
        lock
            Whether a later planning must leave them so.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-SCOPE``, ``E-VISIT-CODE`` or ``E-OFFICER-UNKNOWN``.
        """
        name = None if officer is None else normal_name(officer)
        self._allow_codes("visit.assign", codes, by)
        with self._database.writing(Turn.VISITS) as connection:
            rows = open_visits(connection, codes)
            if name is not None and active_officer(connection, name) is None:
                raise VisitError(visit_faults.no_officer(name))
            moved = [code for code, row in rows.items() if row["officer"] != name]
            update_visits(connection, moved, {"officer": name, "position": None})
            update_visits(connection, list(rows), {"is_locked": lock})
            told = f"visits={len(rows)} officer={name or '-'}{' locked' if lock else ''}"
            self._audit.write(connection, _entry("visit.assign", "", by, reason=told))

    def withdraw(self, codes: Collection[str], *, by: Actor, reason: str) -> None:
        """Say that nobody is to make these visits; what comes in for them is an orphan.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-SCOPE``, ``E-VISIT-CODE`` or ``E-VISIT-REASON``.
        """
        if not reason.strip():
            raise VisitError(visit_faults.reason_missing())
        self._allow_codes("visit.withdraw", codes, by)
        with self._database.writing(Turn.VISITS) as connection:
            rows = open_visits(connection, codes)
            end_visits(connection, list(rows), Status.WITHDRAWN, now=self._clock())
            told = f"visits={len(rows)}: {reason.strip()}"
            self._audit.write(connection, _entry("visit.withdraw", "", by, reason=told))

    def close(self, plan_id: int, *, by: Actor) -> None:
        """End a plan: its open visits are closed, and what comes in from now on is an orphan.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-SCOPE``, ``E-PLAN-UNKNOWN`` or ``E-PLAN-CLOSED``.
        """
        self._allow("plan.close", self._villages(plan_id), by)
        with self._database.writing(Turn.VISITS) as connection:
            check_open(connection, plan_id)
            of_plan = (VISITS.c.plan_id == plan_id, VISITS.c.status == Status.OPEN.value)
            left = list(rows_where(connection, *of_plan))
            end_visits(connection, left, Status.CLOSED, now=self._clock())
            ended = update(VISIT_PLANS).where(VISIT_PLANS.c.id == plan_id)
            connection.execute(ended.values(closed_at=self._clock()))
            self._tell(connection, "plan.close", plan_id, by, f"closed={len(left)}")

    def codes_taken(self) -> set[str]:
        """Codes of all visits that there ever were and were not purged."""
        with self._database.reading() as connection:
            return set(connection.scalars(select(VISITS.c.code)))

    def last_visits(self) -> dict[str, tuple[date, str]]:
        """Day and outcome code of the last answer that stands, by family.

        The day is that of the visit as the answer says it, else the one on which it came in.
        """
        with self._database.reading() as connection:
            return last_visits(connection)

    def _villages(self, plan_id: int, more: Sequence[Visit] = ()) -> set[str]:
        """Villages of a plan as it is, and of visits that are to come."""
        found = select(VISITS.c.village_code).where(VISITS.c.plan_id == plan_id).distinct()
        with self._database.reading() as connection:
            plan_row(connection, plan_id)
            there = set(connection.scalars(found))
        return there | {each.target.village_code for each in more}

    def _allow(self, verb: str, villages: Iterable[str], by: Actor) -> None:
        check_right(self._audit, Verb.ASSIGN_VISITS, _entry(verb, "", by), villages)

    def _allow_codes(self, verb: str, codes: Collection[str], by: Actor) -> None:
        """The same for visits by code; one of elsewhere is as if it were not there."""
        with self._database.reading() as connection:
            rows = rows_of(connection, codes)
        try:
            self._allow(verb, (row["village_code"] for row in rows.values()), by)
        except VisitError:
            if not may(by.role, Verb.ASSIGN_VISITS):
                raise
            raise VisitError(visit_faults.not_open(sorted(codes))) from None

    def _tell(self, connection: Connection, verb: str, plan_id: int, by: Actor, told: str) -> None:
        self._audit.write(connection, _entry(verb, str(plan_id), by, reason=told))


def _said(plan: Plan) -> dict[str, Any]:
    """Settings and notices as JSON keeps them."""
    settings = json.loads(json.dumps(dict(plan.settings), default=str))
    return {"settings": settings, "notices": list(plan.notices)}


def _entry(verb: str, plan: str, by: Actor, **more: Any) -> Entry:
    return Entry(actor=by, verb=verb, object_type="visit-plan", object_id=plan, **more)
