"""Answers to visits as the database keeps them, and which of a visit's answers stands.

Of a submission the newest version counts; of several submissions to one visit the rule of
`fieldwork.conflicts`, until somebody has said which it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from geo_target.fieldwork.conflicts import Decided, Received, standing
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.tables import VISIT_OUTCOMES, VISITS
from geo_target.operations.visit_records import read

_COLUMNS = (
    "submission_id", "content_hash", "received_by", "received_at", "is_orphan", "orphan_reason",
    "resolution", "resolved_by", "resolved_at", "exported_at",
)  # fmt: skip


@dataclass(frozen=True)
class KeptOutcome:
    """One version of an answer."""

    number: int
    outcome: Outcome
    submission_id: str
    content_hash: str
    received_by: str
    """Account that brought it in, whatever name the form says."""
    received_at: datetime
    """By the server's clock, which decides."""
    is_orphan: bool = False
    orphan_reason: str | None = None
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    exported_at: datetime | None = None

    @property
    def day(self) -> date:
        """Day of the visit; nobody has been there after the answer came."""
        came = self.received_at.astimezone().date()
        return min(self.outcome.visited_on or came, came)


@dataclass(frozen=True)
class Answered:
    """All that is known of what a visit found."""

    visit_code: str
    current: KeptOutcome
    """What stands."""
    versions: Sequence[KeptOutcome]
    """Every version of every answer, oldest first."""
    is_conflict: bool = False
    """Two answers say different things, and nobody has said which it is."""

    def newest(self) -> dict[int, KeptOutcome]:
        """The newest version of each submission, by number."""
        newest = {kept.submission_id: kept for kept in self.versions}
        return {kept.number: kept for kept in newest.values()}


def asks_for_return(outcome: Outcome) -> bool:
    """Whether it met nobody who could answer, so that somebody goes again."""
    return codes()[outcome.outcome].returns


def is_proposal(outcome: Outcome) -> bool:
    """Whether it tells of a family that is not listed: it answers no visit."""
    return codes()[outcome.outcome].is_proposal


def standing_of(visit_code: str, versions: Sequence[KeptOutcome]) -> Answered:
    """Which of the answers to a visit stands.

    The rule is that of `conflicts.standing`, with what somebody has chosen.

    Parameters
    ----------
    versions
        Not orphans, oldest first, at least one.
    """
    newest = {kept.submission_id: kept for kept in versions}.values()
    chosen = max(
        (kept for kept in newest if kept.resolution == "stands"), key=_choice, default=None
    )
    decided = Decided(chosen.submission_id, _choice(chosen)[0]) if chosen else None
    by_number = {kept.number: kept for kept in versions}
    received = [Received(kept.outcome, kept.received_at, kept.number) for kept in versions]
    now = standing(received, decided=decided)
    return Answered(
        visit_code,
        current=by_number[now.current.number] if now.current else versions[-1],
        versions=tuple(versions),
        is_conflict=now.is_conflict,
    )


def kept_outcomes(connection: Connection, *which: ColumnElement[bool]) -> list[KeptOutcome]:
    """Rows of VISIT_OUTCOMES, oldest first."""
    found = select(VISIT_OUTCOMES).where(*which).order_by(VISIT_OUTCOMES.c.id)
    return [kept_outcome(row) for row in connection.execute(found).mappings()]


def met_nobody_on(open_codes: Iterable[str], answers: Mapping[str, Answered]) -> dict[str, date]:
    """Day of the answer, by code of the visits that have one and are open all the same.

    An answer closes its visit unless nobody was met.
    """
    return {code: answers[code].current.day for code in open_codes if code in answers}


def standing_answers(
    connection: Connection,
    *,
    plan_id: int | None = None,
    visit_codes: Sequence[str] | None = None,
) -> dict[str, Answered]:
    """What stands, by visit code: of all visits, of a plan's, or of those named."""
    which: list[ColumnElement[bool]] = [
        VISIT_OUTCOMES.c.is_orphan.is_(False),
        VISIT_OUTCOMES.c.visit_code.is_not(None),
        VISIT_OUTCOMES.c.id.not_in(_moved(connection)),
    ]
    if plan_id is not None:
        of_plan = select(VISITS.c.code).where(VISITS.c.plan_id == plan_id)
        which.append(VISIT_OUTCOMES.c.visit_code.in_(of_plan))
    if visit_codes is not None:
        which.append(VISIT_OUTCOMES.c.visit_code.in_(visit_codes))
    return by_visit(kept_outcomes(connection, *which))


def by_visit(kept: Iterable[KeptOutcome]) -> dict[str, Answered]:
    """What stands of the visits that these answers, oldest first, are to."""
    answers: dict[str, list[KeptOutcome]] = {}
    for each in kept:
        if not is_proposal(each.outcome):
            answers.setdefault(each.outcome.visit_code, []).append(each)
    return {code: standing_of(code, versions) for code, versions in answers.items()}


def kept_outcome(row: RowMapping) -> KeptOutcome:
    """What a row of VISIT_OUTCOMES keeps."""
    outcome = read(Outcome, row["answers"])
    return KeptOutcome(number=row["id"], outcome=outcome, **{name: row[name] for name in _COLUMNS})


def _choice(kept: KeptOutcome) -> tuple[datetime, int]:
    return kept.resolved_at or kept.received_at, kept.number


def last_visits(connection: Connection) -> dict[str, tuple[date, str]]:
    """Day and outcome code of the last answer that stands, by family."""
    standing = standing_answers(connection)
    rows = connection.execute(select(VISITS.c.code, VISITS.c.family_id))
    families = {row.code: row.family_id for row in rows}
    last = sorted(
        (families[code], answered.current.day, answered.current.number, answered.current)
        for code, answered in standing.items()
        if code in families
    )
    return {family: (day, kept.outcome.outcome) for family, day, _, kept in last}


def _moved(connection: Connection) -> list[int]:
    """Rows whose submission was sent again as the answer to another visit, or to none.

    Hardly any are: asked of each row for itself, SQLite would read the whole table every time.
    """
    row = VISIT_OUTCOMES.c
    several = (
        select(row.submission_id)
        .where(row.is_orphan.is_(False))
        .group_by(row.submission_id)
        .having(func.count(func.coalesce(row.visit_code, "").distinct()) > 1)
    )
    found = (
        select(row.id, row.submission_id, row.visit_code)
        .where(row.is_orphan.is_(False), row.submission_id.in_(several))
        .order_by(row.id.desc())
    )
    later: dict[str, set[str]] = {}
    moved = []
    for number, submission, code in connection.execute(found):
        seen = later.setdefault(submission, set())
        if seen - {code}:
            moved.append(number)
        seen.add(code)
    return moved
