"""What the audit log knows of an incident: whom it concerns, and who saw what.

A report on a breach of personal data is due within 3 x 24 hours (UU 27/2022 art. 46); this
is the part of it that the log can tell; `breach_report` writes it out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select

from geo_target.operations import audit_chain
from geo_target.operations.audit import Actor, AuditLog, Entry, Result
from geo_target.operations.audit_chain import Verification
from geo_target.operations.database import Database
from geo_target.operations.tables import AUDIT_LOG, AUDIT_SUBJECTS

_LOG, _HELD = AUDIT_LOG.c, AUDIT_SUBJECTS.c


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Which entries are asked for; all of the period where nothing else is said."""

    since: datetime
    until: datetime
    """The first moment that no longer counts."""
    actor: str = ""
    session: str = ""
    """`Session.audit_id`."""
    person: str = ""
    """Keyed id."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the log holds of an incident, but for the persons themselves.

    `seen`, `accounts` and `sessions` tell of entries that were not denied; `unnamed` of
    those that say how many persons they held, not which. Every row counts its `entries`.
    """

    incident: Incident
    made_at: datetime
    entries: int
    first: datetime | None
    last: datetime | None
    seen: tuple[RowMapping, ...]
    accounts: tuple[RowMapping, ...]
    sessions: tuple[RowMapping, ...]
    denied: tuple[RowMapping, ...]
    unnamed: tuple[RowMapping, ...]
    chain: Verification


class BreachInquiry:
    """Questions about one incident, all answered from the log as it stood when asked."""

    def __init__(self, database: Database, log: AuditLog, incident: Incident, *, by: Actor) -> None:
        """Log that somebody asks.

        Raises
        ------
        AuditError
            If that cannot be logged; also where `incident.person` is a NIK.
        """
        asked = f"{incident.since.isoformat()} - {incident.until.isoformat()}"
        narrowed = [part for part in (incident.actor, incident.session) if part]
        own = log.append(
            Entry(
                actor=by,
                verb="audit.breach",
                object_type="audit",
                object_id=incident.person,
                reason="; ".join([asked, *narrowed]),
            )
        )
        self._database = database
        self._incident = incident
        self._before = own.seq

    def findings(self, *, now: datetime) -> Findings:
        """Everything but the persons; walks along the whole chain."""
        chain = audit_chain.verify(self._database)
        with self._database.reading() as connection:
            entries, first, last = connection.execute(
                select(func.count(), func.min(_LOG.at), func.max(_LOG.at)).where(self._asked())
            ).one()
            return Findings(
                incident=self._incident,
                made_at=now,
                entries=entries,
                first=first,
                last=last,
                seen=self._groups(connection, "verb", "object_type", "fields", "result"),
                accounts=self._groups(connection, "actor", "role"),
                sessions=self._groups(connection, "actor", "session", "address"),
                denied=self._groups(connection, "actor", "address", "verb", denied=True),
                unnamed=_unnamed(connection, self._asked()),
                chain=chain,
            )

    def persons(self) -> Iterator[RowMapping]:
        """A row a person whom an answer held: subject_id, first, last, times; by subject_id."""
        affected = (
            select(
                _HELD.subject_id,
                func.min(_LOG.at).label("first"),
                func.max(_LOG.at).label("last"),
                func.count().label("times"),
            )
            .join_from(AUDIT_SUBJECTS, AUDIT_LOG, _HELD.seq == _LOG.seq)
            .where(self._asked(), _SHOWN)
            .group_by(_HELD.subject_id)
            .order_by(_HELD.subject_id)
        )
        if self._incident.person:
            affected = affected.where(_HELD.subject_id == self._incident.person)
        with self._database.reading() as connection:
            found = connection.execution_options(yield_per=10_000).execute(affected)
            yield from found.mappings()

    def _asked(self) -> ColumnElement[bool]:
        incident = self._incident
        # The question itself, and whatever came after it, is no part of the incident.
        asked = [_LOG.at >= incident.since, _LOG.at < incident.until, _LOG.seq < self._before]
        if incident.actor:
            asked.append(_LOG.actor == incident.actor)
        if incident.session:
            asked.append(_LOG.session == incident.session)
        if incident.person:
            held = select(_HELD.seq).where(_HELD.subject_id == incident.person)
            asked.append(or_(_LOG.object_id == incident.person, _LOG.seq.in_(held)))
        return and_(*asked)

    def _groups(
        self, connection: Connection, *names: str, denied: bool = False
    ) -> tuple[RowMapping, ...]:
        columns = [_LOG[name] for name in names]
        groups = (
            select(
                *columns,
                func.count().label("entries"),
                func.sum(_LOG.persons).label("persons"),
                func.count(_LOG.session.distinct()).label("sessions"),
                func.min(_LOG.at).label("first"),
                func.max(_LOG.at).label("last"),
            )
            .where(self._asked(), _DENIED if denied else _SHOWN)
            .group_by(*columns)
            .order_by(func.count().desc(), *columns)
        )
        return _all(connection, groups)


def unnamed(database: Database, since: datetime, until: datetime) -> tuple[RowMapping, ...]:
    """Entries of a period that say how many persons they held, not which: files that left.

    Whoever is asked about one person has to look for them in these files.
    """
    with database.reading() as connection:
        return _unnamed(connection, _LOG.at >= since, _LOG.at < until)


def _unnamed(connection: Connection, *which: ColumnElement[bool]) -> tuple[RowMapping, ...]:
    named = select(_HELD.seq).where(_HELD.seq == _LOG.seq).exists()
    columns = (_LOG.seq, _LOG.at, _LOG.actor, _LOG.verb, _LOG.object_id, _LOG.run_id)
    entries = (
        select(*columns, _LOG.persons)
        .where(*which, _SHOWN, _LOG.persons > 0, ~named)
        .order_by(_LOG.seq)
    )
    return _all(connection, entries)


#: What failed on the way may have been seen: only what was denied surely was not.
_SHOWN = _LOG.result != Result.DENIED.value
_DENIED = _LOG.result == Result.DENIED.value


def _all(connection: Connection, rows: Select[tuple[object, ...]]) -> tuple[RowMapping, ...]:
    return tuple(connection.execute(rows).mappings().all())
