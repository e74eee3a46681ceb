"""Answers to one visit side by side: what each says, without names and numbers of persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geo_target.fieldwork.visit_codes import printed
from geo_target.fieldwork.visits import Visit
from geo_target.operations.kept_outcomes import Answered, KeptOutcome


@dataclass(frozen=True)
class Side:
    """An answer; what it corrects is named by its field, for the value may be a name or NIK."""

    number: int
    outcome: str
    received_by: str
    officer: str | None
    received_at: datetime
    device_at: datetime | None
    visited_on: date | None
    source: str
    programs: Sequence[str] | None
    has_point: bool
    corrected: Sequence[str]
    note: str | None
    warnings: Sequence[str]


@dataclass(frozen=True)
class Conflict:
    """A visit with answers that say different things."""

    code: str
    printed: str
    visit: Visit
    plan_id: int
    standing: int
    """Number of the answer that stands until somebody decides."""
    sides: Sequence[Side]


def side_of(kept: KeptOutcome) -> Side:
    """What may be shown of an answer."""
    told = kept.outcome
    return Side(
        number=kept.number,
        outcome=told.outcome,
        received_by=kept.received_by,
        officer=told.officer,
        received_at=kept.received_at,
        device_at=told.device_at,
        visited_on=told.visited_on,
        source=told.source,
        programs=None if told.programs is None else tuple(told.programs),
        has_point=told.lon is not None,
        corrected=sorted(told.corrected),
        note=told.note,
        warnings=tuple(told.warnings),
    )


def conflict_of(visit: Visit, answered: Answered, plan_id: int) -> Conflict:
    """The newest version of each answer to a visit, oldest answer first."""
    newest = {kept.submission_id: kept for kept in answered.versions}.values()
    return Conflict(
        code=visit.code,
        printed=printed(visit.code),
        visit=visit,
        plan_id=plan_id,
        standing=answered.current.number,
        sides=[side_of(kept) for kept in newest],
    )
