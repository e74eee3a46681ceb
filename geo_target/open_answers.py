"""Answers that somebody must decide on: two to one visit that differ, and those of no visit."""

from collections.abc import Iterator
from typing import Any

from geo_target.field_desk import Desk
from geo_target.fieldwork.visit_codes import read_code
from geo_target.operations import visit_faults
from geo_target.operations.kept_outcomes import KeptOutcome
from geo_target.operations.refusals import VisitError


def conflicts_of(desk: Desk, number: int) -> list[dict[str, Any]]:
    """The answers of each visit of a plan whose answers say different things; without names.

    Raises
    ------
    VisitError
        ``E-PLAN-UNKNOWN``.
    """
    desk.plans.plan(number)
    disputed = [each for each in desk.outcomes.standing(number).values() if each.is_conflict]
    return [
        {"visit_code": each.visit_code, **_told(kept), "stands": kept.number == each.current.number}
        for each in sorted(disputed, key=lambda one: one.visit_code)
        for kept in each.newest().values()
    ]


def orphans_of(desk: Desk) -> Iterator[dict[str, Any]]:
    """Answers that are of no visit, or came too late for it, and why; oldest first."""
    for kept in desk.outcomes.orphans():
        named = kept.outcome.visit_code
        yield {"visit_code": named, **_told(kept), "reason": kept.orphan_reason}


def code_of(typed: str) -> str:
    """The code that somebody typed, as paper shows it or without the hyphen.

    Raises
    ------
    VisitError
        ``E-VISIT-SLIP``.
    """
    code = read_code(typed)
    if code is None:
        raise VisitError(visit_faults.slip())
    return code


def _told(kept: KeptOutcome) -> dict[str, Any]:
    return {
        "number": kept.number,
        "outcome": kept.outcome.outcome,
        "source": kept.outcome.source,
        "visited_on": kept.day.isoformat(),
        "received_at": kept.received_at.astimezone().isoformat(timespec="seconds"),
        "received_by": kept.received_by,
    }
