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
from geo_target.operations.database import Database
from geo_target.operations.numbers import mask_numbers
from geo_target.operations.refusals import MeetingError
from geo_target.operations.roles import Verb, may
from geo_target.operations.tables import MEETING_DECISIONS, MEETINGS

LONGEST_TITLE, LONGEST_TEXT = 120, 500
#: What two sendings of one form may differ in: who, when, and what the map showed by then.
_OF_THE_MOMENT = {"changed_by", "changed_at", "run_id", "uncovered_then"}
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
            Its number; of a new one that says the same as one of that day, the number of that.

        Raises
        ------
        MeetingError
            ``E-MEETING-ROLE``, ``E-MEETING-TITLE``, ``E-MEETING-UNKNOWN``.
        """
        kept = replace(meeting, title=_line(meeting.title), place=_line(meeting.place))
        entry = self._allowed("meeting.save", "meeting", meeting.meeting_id, by)
        if not kept.title:
            raise MeetingError(_TITLE)
        values = {
            "held_on": kept.held_on.isoformat(), "title": kept.title, "place": kept.place,
            "agencies": list(kept.agencies), "run_id": kept.run_id,
        }  # fmt: skip
        return self._put(MEETINGS, kept.meeting_id, values, entry)

    def decide(self, decision: Decision, *, by: Actor) -> int:
        """Keep a decision of a meeting, or what became of it; sent twice, it is one.

        Raises
        ------
        MeetingError
            ``E-MEETING-ROLE``, ``E-MEETING-TEXT``, ``E-MEETING-UNKNOWN``.
        """
        what, note = _line(decision.what, LONGEST_TEXT), _line(decision.note, LONGEST_TEXT)
        entry = self._allowed("meeting.decide", "decision", decision.decision_id, by)
        if not what or not _PLACE.fullmatch(decision.place_code):
            raise MeetingError(_TEXT)
        values = {
            "meeting_id": decision.meeting_id, "what": what, "place_code": decision.place_code,
            "agency": decision.agency, "status": decision.status.value, "note": note,
            "due_on": decision.due_on.isoformat() if decision.due_on else None,
            "uncovered_then": decision.uncovered_then, "run_id": decision.run_id,
        }  # fmt: skip
        return self._put(MEETING_DECISIONS, decision.decision_id, values, entry)

    def _allowed(self, verb: str, kind: str, number: int | None, by: Actor) -> Entry:
        entry = Entry(actor=by, verb=verb, object_type=kind, object_id=str(number or "new"))
        if not may(by.role, Verb.EDIT_MEETING):
            self._audit.append(replace(entry, result=Result.DENIED))
            raise MeetingError(_ROLE)
        return entry

    def _put(self, table: Table, number: int | None, values: dict[str, Any], entry: Entry) -> int:
        values |= {"changed_by": entry.actor.name, "changed_at": self._clock()}
        with self._database.writing() as connection:
            if table is MEETING_DECISIONS:
                _refuse_unknown(connection, MEETINGS, values["meeting_id"])
            if number is None and (again := _sent_again(connection, table, values)):
                return again
            if number is None:
                made = connection.execute(insert(table).values(values)).inserted_primary_key
                number = int(made[0]) if made else 0
            else:
                _refuse_unknown(connection, table, number)
                connection.execute(update(table).where(table.c.id == number).values(values))
            self._audit.write(connection, replace(entry, object_id=str(number)))
        return number


def _sent_again(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Number of what says the same: a form that is sent twice is one meeting, one decision."""
    within = "meeting_id" if table is MEETING_DECISIONS else "held_on"
    rows = connection.execute(select(table).where(table.c[within] == values[within])).mappings()
    said = {name: value for name, value in values.items() if name not in _OF_THE_MOMENT}
    return next((int(row["id"]) for row in rows if said.items() <= dict(row).items()), None)


def _refuse_unknown(connection: Connection, table: Table, number: int) -> None:
    if connection.execute(select(table.c.id).where(table.c.id == number)).first() is None:
        raise MeetingError(_UNKNOWN)


def _line(text: str, longest: int = LONGEST_TITLE) -> str:
    """One line of text without numbers of people."""
    return mask_numbers(" ".join("".join(c if c.isprintable() else " " for c in text).split()))[
        :longest
    ]


def _meeting(row: RowMapping) -> Meeting:
    return Meeting(
        meeting_id=row["id"], held_on=date.fromisoformat(row["held_on"]), title=row["title"],
        place=row["place"], agencies=tuple(row["agencies"]), run_id=row["run_id"],
    )  # fmt: skip


def _decision(row: RowMapping) -> Decision:
    return Decision(
        decision_id=row["id"], meeting_id=row["meeting_id"], what=row["what"],
        place_code=row["place_code"], agency=row["agency"],
        due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        status=Status(row["status"]), note=row["note"], uncovered_then=row["uncovered_then"],
        run_id=row["run_id"],
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
