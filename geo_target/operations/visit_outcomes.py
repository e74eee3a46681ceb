"""What visits found, as it comes in: each answer once, each version kept, none ever lost.

What cannot be the answer to a visit of whoever brings it in is kept too, as an orphan with its
reason, until somebody has resolved it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations import visit_faults
from geo_target.operations.audit import Actor, AuditLog, Entry, Result, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.kept_outcomes import (
    Answered,
    KeptOutcome,
    kept_outcomes,
    standing_answers,
)
from geo_target.operations.numbers import subject_id
from geo_target.operations.outcome_batch import Batch
from geo_target.operations.outcome_rows import adopted, outcome_values
from geo_target.operations.refusals import VisitError
from geo_target.operations.roles import Verb
from geo_target.operations.tables import VISIT_OUTCOMES, VISITS
from geo_target.operations.taken_outcomes import Taken
from geo_target.operations.visibility import Visible, visible_to
from geo_target.operations.visit_records import plain
from geo_target.operations.visit_rights import check_right
from geo_target.operations.visit_states import settle_states

_AT_ONCE = 1000


class VisitOutcomes:
    """The outcomes in a database.

    Parameters
    ----------
    key
        The archive's key: ids of families that hold a number enter the audit log keyed.
    """

    def __init__(
        self, database: Database, *, key: bytes, clock: Callable[[], datetime] = local_now
    ) -> None:
        self._database = database
        self._key = key
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def take(
        self, outcomes: Sequence[Outcome], *, by: Actor, bounds: Visible | None = None
    ) -> Taken:
        """Keep outcomes; they are on the disk when this returns, a thousand at a time.

        The same answer sent again changes nothing; the same submission with other content is a
        new version of it. Two submissions to one visit are both kept, and are a conflict where
        they say different things. An answer to a visit that is unknown, withdrawn, of a closed
        plan or not in the bounds is kept as an orphan.

        Parameters
        ----------
        by
            Whoever is signed in, whatever name the form says.
        bounds
            Whose visits may be answered; as a rule, and by default, what
            ``visible(user, Verb.RECORD_VISITS)`` says.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, or ``E-OUTCOME-UNKNOWN`` before anything is kept.
        StorageError, BusyError
            What came before in this call, in whole thousands, is kept; send all of it again.
        """
        check_right(self._audit, Verb.RECORD_VISITS, _entry(by))
        for each in outcomes:
            if each.outcome not in codes():
                raise VisitError(visit_faults.outcome_code(each.outcome))
        within = visible_to(by, Verb.RECORD_VISITS) if bounds is None else bounds
        taken = Taken()
        for start in range(0, len(outcomes), _AT_ONCE):
            taken += self._take(outcomes[start : start + _AT_ONCE], by, within)
        return taken

    def standing(self, plan_id: int | None = None) -> dict[str, Answered]:
        """What stands by visit code, of one plan or of all; only visits that were answered."""
        with self._database.reading() as connection:
            return standing_answers(connection, plan_id=plan_id)

    def versions(self, visit_code: str) -> list[KeptOutcome]:
        """Every version of every answer to a visit, oldest first; no orphans."""
        return self._kept(
            VISIT_OUTCOMES.c.visit_code == visit_code, VISIT_OUTCOMES.c.is_orphan.is_(False)
        )

    def proposals(self) -> list[KeptOutcome]:
        """Families that were found and are in no list: the newest version of each."""
        newest = select(func.max(VISIT_OUTCOMES.c.id)).where(VISIT_OUTCOMES.c.is_orphan.is_(False))
        return self._kept(
            VISIT_OUTCOMES.c.id.in_(newest.group_by(VISIT_OUTCOMES.c.submission_id)),
            VISIT_OUTCOMES.c.code.in_([c for c, each in codes().items() if each.is_proposal]),
        )

    def orphans(self, *, within: Visible | None = None) -> list[KeptOutcome]:
        """Outcomes that nobody has resolved, oldest first.

        Parameters
        ----------
        within
            Of visits in these districts; those of unknown visits are for the whole area only.
        """
        is_open = (VISIT_OUTCOMES.c.is_orphan.is_(True), VISIT_OUTCOMES.c.resolution.is_(None))
        theirs = [] if within is None or within.everywhere else [_of_visits(within)]
        return self._kept(*is_open, *theirs)

    def resolve_orphan(self, number: int, visit_code: str | None, *, by: Actor) -> None:
        """Say which visit an orphan answers, or that it answers none.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-OUTCOME-NUMBER``, or ``E-VISIT-CODE`` where there is no such
            visit in the districts of whoever says it.
        """
        check_right(self._audit, Verb.ASSIGN_VISITS, _entry(by, "outcome.resolve"))
        within = visible_to(by, Verb.ASSIGN_VISITS)
        with self._database.writing(Turn.VISITS) as connection:
            which = (VISIT_OUTCOMES.c.id == number, VISIT_OUTCOMES.c.is_orphan.is_(True),
                     VISIT_OUTCOMES.c.resolution.is_(None))  # fmt: skip
            found = kept_outcomes(connection, *which)
            if not found or not _may_resolve(connection, found[0], within):
                raise VisitError(visit_faults.no_outcome(number))
            if visit_code is not None and not _is_visit(connection, visit_code, within):
                raise VisitError(visit_faults.not_open([visit_code]))
            self._resolve(connection, found[0], visit_code, by)

    def resolve_conflict(self, visit_code: str, number: int, *, by: Actor) -> None:
        """Say which of the answers to a visit stands.

        Raises
        ------
        VisitError
            ``E-VISIT-ROLE``, ``E-VISIT-CODE``, or ``E-OUTCOME-NUMBER`` where it is not among
            the newest versions of the answers to this visit.
        """
        check_right(self._audit, Verb.ASSIGN_VISITS, _entry(by, "outcome.resolve"))
        with self._database.writing(Turn.VISITS) as connection:
            if not _is_visit(connection, visit_code, visible_to(by, Verb.ASSIGN_VISITS)):
                raise VisitError(visit_faults.not_open([visit_code]))
            standing = standing_answers(connection, visit_codes=[visit_code]).get(visit_code)
            if standing is None or number not in standing.newest():
                raise VisitError(visit_faults.no_outcome(number))
            self._mark(connection, number, by, resolution="stands")
            settle_states(connection, [visit_code], now=self._clock())
            self._tell(connection, by, visit_code, f"stands={number}")

    def mark_exported(self, last: int, *, by: Actor) -> int:
        """Note that outcomes up to this number left for a run; says how many are new.

        What was exported may be purged once its plan has been closed for long enough. No right
        is asked for: whoever types the command at the machine can read the database anyway.
        """
        which = (VISIT_OUTCOMES.c.id <= last, VISIT_OUTCOMES.c.exported_at.is_(None),
                 VISIT_OUTCOMES.c.is_orphan.is_(False))  # fmt: skip
        with self._database.writing(Turn.VISITS) as connection:
            marked = update(VISIT_OUTCOMES).where(*which).values(exported_at=self._clock())
            count = connection.execute(marked).rowcount
            told = f"outcomes={count}"
            self._audit.write(connection, _entry(by, "outcome.export", reason=told))
        return count

    def _take(self, outcomes: Sequence[Outcome], by: Actor, within: Visible) -> Taken:
        now = self._clock()
        with self._database.writing(Turn.VISITS) as connection:
            batch = Batch(connection, outcomes, by=by.name, key=self._key, within=within, now=now)
            taken = batch.save()
            if taken.repeated < len(outcomes):
                self._audit.write(connection, self._told(batch, taken, by))
        return taken

    def _told(self, batch: Batch, taken: Taken, by: Actor) -> Entry:
        """The entry of a transaction: counts, and the families whose visits were answered."""
        is_refused = len(taken.orphans) == len(batch)
        return _entry(
            by,
            object_id=batch.only_code(),
            reason=taken.text(),
            result=Result.DENIED if is_refused else Result.OK,
            subjects=tuple(subject_id(each, self._key) for each in batch.families()),
        )

    def _resolve(
        self, connection: Connection, orphan: KeptOutcome, visit_code: str | None, by: Actor
    ) -> None:
        if visit_code is None:
            self._mark(connection, orphan.number, by, resolution="dismissed")
        elif visit_code == orphan.outcome.visit_code:
            self._mark(connection, orphan.number, by, resolution="taken", is_orphan=False)
        else:
            self._mark(connection, orphan.number, by, resolution="taken")
            found = adopted(orphan, visit_code)
            row = outcome_values(found, plain(found.outcome))
            connection.execute(insert(VISIT_OUTCOMES).values(row))
        if visit_code is not None:
            settle_states(connection, [visit_code], now=self._clock())
        deed = "dismissed" if visit_code is None else "taken"
        self._tell(connection, by, visit_code or "", f"orphan={orphan.number} {deed}")

    def _mark(self, connection: Connection, number: int, by: Actor, **values: Any) -> None:
        resolved = {"resolved_by": by.name, "resolved_at": self._clock(), **values}
        row = VISIT_OUTCOMES.c.id == number
        connection.execute(update(VISIT_OUTCOMES).where(row).values(resolved))

    def _tell(self, connection: Connection, by: Actor, code: str, told: str) -> None:
        entry = _entry(by, "outcome.resolve", object_id=code, reason=told)
        self._audit.write(connection, entry)

    def _kept(self, *which: ColumnElement[bool]) -> list[KeptOutcome]:
        with self._database.reading() as connection:
            return kept_outcomes(connection, *which)


def _of_visits(within: Visible) -> ColumnElement[bool]:
    """Outcomes that name a visit in these districts."""
    of_districts = (
        VISITS.c.village_code.startswith(f"{code}.", autoescape=True)
        for code in sorted(within.districts)
    )
    theirs = select(VISITS.c.code).where(or_(VISITS.c.code.is_(None), *of_districts))
    return VISIT_OUTCOMES.c.visit_code.in_(theirs)


def _is_visit(connection: Connection, code: str, within: Visible) -> bool:
    """Whether there is such a visit in the bounds."""
    found = connection.execute(select(VISITS.c.village_code).where(VISITS.c.code == code)).first()
    return found is not None and within.holds(str(found[0]).rpartition(".")[0])


def _may_resolve(connection: Connection, orphan: KeptOutcome, within: Visible) -> bool:
    return within.everywhere or _is_visit(connection, orphan.outcome.visit_code, within)


def _entry(by: Actor, verb: str = Verb.RECORD_VISITS, **more: Any) -> Entry:
    return Entry(actor=by, verb=verb, object_type="visit", persons=0, **more)
