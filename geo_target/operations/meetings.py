"""Coordination meetings and what they decided: where, by whom, until when, and whether it is done.

No person is in them: numbers that somebody types are masked before they are kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, insert, select, update

from geo_target.errors import Fault
from geo_target.operations.audit import Actor, AuditLog, Entry, Result, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.numbers import said_line
from geo_target.operations.refusals import MeetingError, StaleMeetingError
from geo_target.operations.roles import Verb, may
from geo_target.operations.tables import MEETING_DECISIONS, MEETINGS

LONGEST_TITLE, LONGEST_TEXT = 120, 500
_CHANGED = ("version", "changed_by", "changed_at")
#: What two sendings of one form may differ in: what the map showed by then.
_OF_THE_MOMENT = {"run_id", "uncovered_then"}
_PLACE = re.compile(r"(\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?)?")


class Status(StrEnum):
    """How a decision stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting."""

    held_on: date
    title: str
    place: str = ""
    agencies: tuple[str, ...] = ()
    """Slugs of the agencies at the table."""
    run_id: str = ""
    """The snapshot that it looked at."""
    meeting_id: int | None = None
    """None of one that is not kept yet."""
    version: int = 0
    """Which version it was read as; it is changed by whoever read the one that stands."""
    changed_by: str = ""
    changed_at: datetime | None = None
    withdrawn_by: str | None = None
    """Who said that it was written down in error; it is kept, and changed no more."""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a meeting decided."""

    meeting_id: int
    what: str
    place_code: str = ""
    """Code of a village or district, Kemendagri with dots; empty is the whole area."""
    agency: str = ""
    due_on: date | None = None
    status: Status = Status.OPEN
    note: str = ""
    """What became of it."""
    uncovered_then: int | None = None
    """Families that the meeting was shown as uncovered there; None where it was not shown."""
    run_id: str = ""
    decision_id: int | None = None
    version: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class Meetings:
    """The meetings in a database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def all(self) -> list[Meeting]:
        """Every meeting, the newest first."""
        found = select(MEETINGS).order_by(MEETINGS.c.held_on.desc(), MEETINGS.c.id.desc())
        with self._database.reading() as connection:
            return [_meeting(row) for row in connection.execute(found).mappings()]

    def decisions(self, meeting_id: int | None = None) -> list[Decision]:
        """Decisions of a meeting or of all, those that are due first before the others."""
        found = select(MEETING_DECISIONS)
        if meeting_id is not None:
            found = found.where(MEETING_DECISIONS.c.meeting_id == meeting_id)
        with self._database.reading() as connection:
            rows = [_decision(row) for row in connection.execute(found).mappings()]
        return sorted(rows, key=lambda one: (one.due_on or date.max, one.decision_id or 0))

    def save(self, meeting: Meeting, *, by: Actor) -> int:
        """Keep a meeting, or what was changed of it.

        Returns
        -------
        int
            Its number.

        Raises
        ------
        MeetingError
            ``E-MEETING-ROLE``, ``E-MEETING-TITLE``, ``E-MEETING-UNKNOWN``,
            ``E-MEETING-WITHDRAWN``.
        StaleMeetingError
            If somebody has changed it since it was read: what they wrote stands.
        """
        title, place = (said_line(text, LONGEST_TITLE) for text in (meeting.title, meeting.place))
        kept = replace(meeting, title=title, place=place)
        entry = self._allowed("meeting.save", "meeting", meeting.meeting_id, by)
        if not kept.title:
            raise MeetingError(_TITLE)
        values = {
            "held_on": kept.held_on.isoformat(), "title": kept.title, "place": kept.place,
            "agencies": list(kept.agencies), "run_id": kept.run_id,
        }  # fmt: skip
        return self._put(MEETINGS, kept.meeting_id, kept.version, values, entry)

    def decide(self, decision: Decision, *, by: Actor) -> int:
        """Keep a decision of a meeting, or what became of it; sent twice, it is one.

        Raises
        ------
        MeetingError
            ``E-MEETING-ROLE``, ``E-MEETING-TEXT``, ``E-MEETING-UNKNOWN``,
            ``E-MEETING-WITHDRAWN``.
        StaleMeetingError
            As `save`.
        """
        what, note = said_line(decision.what, LONGEST_TEXT), said_line(decision.note, LONGEST_TEXT)
        entry = self._allowed("meeting.decide", "decision", decision.decision_id, by)
        if not what or not _PLACE.fullmatch(decision.place_code):
            raise MeetingError(_TEXT)
        values = {
            "meeting_id": decision.meeting_id, "what": what, "place_code": decision.place_code,
            "agency": decision.agency, "status": decision.status.value, "note": note,
            "due_on": decision.due_on.isoformat() if decision.due_on else None,
            "uncovered_then": decision.uncovered_then, "run_id": decision.run_id,
        }  # fmt: skip
        return self._put(MEETING_DECISIONS, decision.decision_id, decision.version, values, entry)

    def withdraw(self, meeting: Meeting, *, by: Actor, is_back: bool = False) -> None:
        """Say that a meeting was written down in error, or that it was not; it is kept.

        Raises
        ------
        MeetingError
            ``E-MEETING-ROLE``, ``E-MEETING-UNKNOWN``.
        StaleMeetingError
            As `save`.
        """
        verb = "meeting.restore" if is_back else "meeting.withdraw"
        entry = self._allowed(verb, "meeting", meeting.meeting_id, by)
        now = self._clock()
        values = {
            "withdrawn_by": None if is_back else by.name,
            "withdrawn_at": None if is_back else now,
        }
        number = meeting.meeting_id or 0
        with self._database.writing(Turn.MEETINGS) as connection:
            row = _row(connection, MEETINGS, number)
            if (row["withdrawn_by"] is None) is is_back:
                return
            _change(connection, MEETINGS, row, meeting.version, values)
            self._audit.write(connection, entry)

    def _allowed(self, verb: str, kind: str, number: int | None, by: Actor) -> Entry:
        entry = Entry(actor=by, verb=verb, object_type=kind, object_id=str(number or "new"))
        if not may(by.role, Verb.EDIT_MEETING):
            self._audit.append(replace(entry, result=Result.DENIED))
            raise MeetingError(_ROLE)
        return entry

    def _put(
        self, table: Table, number: int | None, version: int, values: dict[str, Any], entry: Entry
    ) -> int:
        now, who = self._clock(), entry.actor.name
        with self._database.writing(Turn.MEETINGS) as connection:
            if table is MEETING_DECISIONS:
                _refuse_withdrawn(_row(connection, MEETINGS, values["meeting_id"]))
            if number is None and (again := _sent_again(connection, table, values)):
                return again
            told = values | {"changed_by": who, "changed_at": now}
            if number is None:
                made = connection.execute(insert(table).values(told)).inserted_primary_key
                number = int(made[0]) if made else 0
            else:
                row = _row(connection, table, number)
                if table is MEETINGS:
                    _refuse_withdrawn(row)
                if all(row[name] == value for name, value in _said(values).items()):
                    return number  # sent twice, or what another wrote in the same words
                _change(connection, table, row, version, told)
            self._audit.write(connection, replace(entry, object_id=str(number)))
        return number


def _sent_again(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Number of what says the same: a form that is sent twice is one meeting, one decision."""
    within = "meeting_id" if table is MEETING_DECISIONS else "held_on"
    rows = connection.execute(select(table).where(table.c[within] == values[within])).mappings()
    said = _said(values).items()
    return next((int(row["id"]) for row in rows
                 if said <= dict(row).items() and not row.get("withdrawn_by")), None)  # fmt: skip


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _OF_THE_MOMENT}


def _row(connection: Connection, table: Table, number: int) -> RowMapping:
    row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
    if row is None:
        raise MeetingError(_UNKNOWN)
    return row


def _change(
    connection: Connection, table: Table, row: RowMapping, version: int, values: dict[str, Any]
) -> None:
    """Change a row that is still as it was read: the newest form never wins by being last."""
    changed = connection.execute(
        update(table)
        .where(table.c.id == row["id"], table.c.version == version)
        .values(values | {"version": version + 1})
    )
    if changed.rowcount == 0:
        raise StaleMeetingError(_stale(row["changed_by"]))


def _refuse_withdrawn(row: RowMapping) -> None:
    if row["withdrawn_by"] is not None:
        raise MeetingError(_WITHDRAWN)


def _meeting(row: RowMapping) -> Meeting:
    return Meeting(
        meeting_id=row["id"], held_on=date.fromisoformat(row["held_on"]), title=row["title"],
        place=row["place"], agencies=tuple(row["agencies"]), run_id=row["run_id"],
        **{name: row[name] for name in (*_CHANGED, "withdrawn_by", "withdrawn_at")},
    )  # fmt: skip


def _decision(row: RowMapping) -> Decision:
    return Decision(
        decision_id=row["id"], meeting_id=row["meeting_id"], what=row["what"],
        place_code=row["place_code"], agency=row["agency"],
        due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        status=Status(row["status"]), note=row["note"], uncovered_then=row["uncovered_then"],
        run_id=row["run_id"], **{name: row[name] for name in _CHANGED},
    )  # fmt: skip


def open_first(decisions: Sequence[Decision]) -> list[Decision]:
    """Open ones before those that are done or dropped, each as they came."""
    return sorted(decisions, key=lambda one: one.status is not Status.OPEN)


_ROLE = Fault(
    "E-MEETING-ROLE",
    id="hanya sekretaris rapat mencatat rapat dan keputusannya",
    en="only a meeting secretary writes meetings and decisions down",
)
_TITLE = Fault(
    "E-MEETING-TITLE",
    id="tulis nama rapatnya",
    en="write what the meeting is called",
    column="nama",
)
_TEXT = Fault(
    "E-MEETING-TEXT",
    id="tulis apa yang diputuskan, dan pilih tempatnya dari daftar",
    en="write what was decided, and choose the place from the list",
    column="keputusan",
)
_UNKNOWN = Fault(
    "E-MEETING-UNKNOWN",
    id="tidak ada rapat atau keputusan ini; muat ulang halamannya",
    en="there is no such meeting or decision; load the page again",
)
_WITHDRAWN = Fault(
    "E-MEETING-WITHDRAWN",
    id="rapat ini sudah ditarik; kembalikan dahulu bila memang diadakan",
    en="this meeting was withdrawn; restore it first if it was held",
)


def _stale(who: str) -> Fault:
    return Fault(
        "E-MEETING-STALE",
        id=f"{who} mengubahnya sementara Anda menulis; tulisan Anda belum tersimpan. Bandingkan "
        "keduanya di bawah, lalu simpan sekali lagi",
        en=f"{who} changed it while you were writing; what you wrote is not kept yet. Compare "
        "both below, then save once more",
    )
