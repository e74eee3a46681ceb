"""Who visits: officers under the names of their accounts, with villages, load and days off."""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from geo_target.fieldwork.visits import Officer
from geo_target.operations import visit_faults
from geo_target.operations.audit import Actor, AuditLog, Entry, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.refusals import VisitError
from geo_target.operations.roles import Verb
from geo_target.operations.tables import FIELD_OFFICERS
from geo_target.operations.users import check_name, normal_name
from geo_target.operations.visit_records import officer_of, officer_values
from geo_target.operations.visit_rights import check_right

MOST_VISITS_A_DAY = 60
_VILLAGE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")


class FieldOfficers:
    """The officers in a database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def all(self) -> list[Officer]:
        """Everybody who visits, by name; not who was removed."""
        found = (
            select(FIELD_OFFICERS)
            .where(FIELD_OFFICERS.c.is_active.is_(True))
            .order_by(FIELD_OFFICERS.c.name)
        )
        with self._database.reading() as connection:
            return [officer_of(row) for row in connection.execute(found).mappings()]

    def get(self, name: str) -> Officer | None:
        """The officer of this name; None where nobody of it visits."""
        with self._database.reading() as connection:
            row = active_officer(connection, normal_name(name))
        return None if row is None else officer_of(row)

    def save(self, officer: Officer, *, by: Actor) -> None:
        """Add an officer, or change what is known of them; who was removed visits again.

        Parameters
        ----------
        officer
            The name need not be that of an account: a person on paper may have none.
        by
            Coordinator, or officer of the districts that all its villages lie in.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-SCOPE``, ``E-OFFICER-VILLAGE`` or ``E-OFFICER-LOAD``.
        AccountError
            ``E-USER-NAME``, ``E-USER-DISPLAY-NAME``.
        """
        check_name(officer.name, officer.display_name)
        _check(officer)
        entry = _entry("officer.save", officer.name, by)
        before = self.get(officer.name)
        villages = (*officer.villages, *(before.villages if before else ()))
        check_right(self._audit, Verb.ASSIGN_VISITS, entry, villages)
        with self._database.writing(Turn.VISITS) as connection:
            self._put(connection, officer, by)
            self._audit.write(connection, entry)

    def remove(self, name: str, *, by: Actor) -> None:
        """Take somebody out of those who visit; visits that were given to them stay theirs.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-SCOPE`` or ``E-OFFICER-UNKNOWN``.
        """
        officer = self.get(name)
        entry = _entry("officer.remove", officer.name if officer else "", by)
        villages = officer.villages if officer else ()
        check_right(self._audit, Verb.ASSIGN_VISITS, entry, villages)
        if officer is None:
            raise VisitError(visit_faults.no_officer(name))
        gone = {"is_active": False, "changed_at": self._clock(), "changed_by": by.name}
        with self._database.writing(Turn.VISITS) as connection:
            mine = FIELD_OFFICERS.c.name == officer.name
            connection.execute(update(FIELD_OFFICERS).where(mine).values(gone))
            self._audit.write(connection, entry)

    def _put(self, connection: Connection, officer: Officer, by: Actor) -> None:
        now = self._clock()
        values = officer_values(officer) | {
            "is_active": True, "changed_at": now, "changed_by": by.name,
        }  # fmt: skip
        mine = FIELD_OFFICERS.c.name == officer.name
        if not connection.execute(update(FIELD_OFFICERS).where(mine).values(values)).rowcount:
            made = {"created_at": now, "created_by": by.name}
            connection.execute(insert(FIELD_OFFICERS).values(values | made))


def active_officer(connection: Connection, name: str) -> RowMapping | None:
    """Row of an officer who was not removed."""
    found = select(FIELD_OFFICERS).where(
        FIELD_OFFICERS.c.name == name, FIELD_OFFICERS.c.is_active.is_(True)
    )
    return connection.execute(found).mappings().first()


def _check(officer: Officer) -> None:
    if not 1 <= officer.visits_per_day <= MOST_VISITS_A_DAY:
        raise VisitError(visit_faults.officer_load(MOST_VISITS_A_DAY))
    home = officer.home_village_code
    for code in (*officer.villages, *([] if home is None else [home])):
        if _VILLAGE.fullmatch(code) is None:
            raise VisitError(visit_faults.officer_village(code))


def _entry(verb: str, name: str, by: Actor) -> Entry:
    return Entry(actor=by, verb=verb, object_type="officer", object_id=name)
