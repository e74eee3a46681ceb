"""What one account has entered by keyboard, for its own list: looked at, and taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, update

from geo_target.operations import visit_faults
from geo_target.operations.audit import Actor, AuditLog, Entry, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.kept_outcomes import KeptOutcome, kept_outcomes
from geo_target.operations.refusals import VisitError
from geo_target.operations.tables import VISIT_OUTCOMES
from geo_target.operations.visit_states import settle_states

#: Said of an answer that whoever entered it has taken back: a slip, not what a visit found.
TAKEN_BACK = "taken-back"
_SOURCE = "keyboard"


class OwnEntries:
    """The entries of an account in a database."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def since(self, begun: datetime, *, by: str) -> list[KeptOutcome]:
        """The newest version of each of an account's entries since a moment, newest first."""
        with self._database.reading() as connection:
            kept = kept_outcomes(connection, *_own(by), VISIT_OUTCOMES.c.received_at >= begun)
        newest = {each.submission_id: each for each in kept}
        return sorted(newest.values(), key=lambda each: -each.number)

    def entry(self, submission_id: str, *, by: str) -> KeptOutcome | None:
        """The newest version of one of an account's own entries."""
        with self._database.reading() as connection:
            kept = _versions(connection, submission_id, by)
        return kept[-1] if kept else None

    def take_back(self, submission_id: str, *, by: Actor) -> None:
        """Let an entry of one's own count no more: its visit is open again, the rows stay.

        Raises
        ------
        VisitError
            ``E-OUTCOME-NUMBER``, if it is not one's own, or an officer has decided on it, or a
            run has been given it.
        """
        with self._database.writing(Turn.VISITS) as connection:
            kept = _versions(connection, submission_id, by.name)
            if all(each.orphan_reason == TAKEN_BACK for each in kept[-1:]) and kept:
                return
            if not kept or any(each.exported_at or each.resolution for each in kept):
                raise VisitError(visit_faults.no_outcome(kept[-1].number if kept else 0))
            rows = VISIT_OUTCOMES.c.id.in_([each.number for each in kept])
            taken = {
                "is_orphan": True, "orphan_reason": TAKEN_BACK, "resolution": "dismissed",
                "resolved_by": by.name, "resolved_at": self._clock(),
            }  # fmt: skip
            connection.execute(update(VISIT_OUTCOMES).where(rows).values(taken))
            codes = {each.outcome.visit_code for each in kept if each.outcome.visit_code}
            settle_states(connection, codes, now=self._clock())
            self._audit.write(connection, _entry(by, kept))


def _own(by: str) -> tuple[ColumnElement[bool], ...]:
    return (VISIT_OUTCOMES.c.received_by == by, VISIT_OUTCOMES.c.source == _SOURCE)


def _versions(connection: Connection, submission_id: str, by: str) -> list[KeptOutcome]:
    return kept_outcomes(connection, *_own(by), VISIT_OUTCOMES.c.submission_id == submission_id)


def _entry(by: Actor, kept: Sequence[KeptOutcome]) -> Entry:
    codes = {each.outcome.visit_code for each in kept}
    return Entry(
        actor=by, verb="outcome.take-back", object_type="visit",
        object_id=min(codes) if len(codes) == 1 else "", persons=0,
        reason=f"versions={len(kept)}",
    )  # fmt: skip
