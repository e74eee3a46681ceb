"""Officers, plans and outcomes of these tests."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visits import Officer, Plan, Target, Visit
from geo_target.operations.audit import Actor
from geo_target.operations.refusals import VisitError
from geo_target.operations.roles import Role, Verb, may

RUN = "000001-20251001T020000Z"
KEY = b"k" * 32

#: Villages of two districts.
HERE, NEAR, ELSEWHERE = "36.73.01.1001", "36.73.01.1002", "36.73.02.1001"

RATNA = Actor(name="ratna", role="coordinator")
SITI = Actor(name="siti", role="officer", scope=("36.73.01",))
WATI = Actor(name="wati", role="field-officer")
BUDI = Actor(name="budi", role="field-officer")


def others(verb: Verb) -> list[Actor]:
    """Somebody of each role that may not."""
    return [Actor(name="citra", role=role) for role in Role if not may(role, verb)]


def officer(name: str, *villages: str, **more: Any) -> Officer:
    return Officer(name=name, display_name=name.title(), villages=villages or (HERE,), **more)


def visit(code: str, who: str | None = "wati", village: str = HERE, **more: Any) -> Visit:
    family = more.pop("family_id", f"F-{code}")
    return Visit(code, Target(family, village, rw="002", rt="005"), officer=who, **more)


def plan(*visits: Visit, **more: Any) -> Plan:
    return Plan(RUN, date(2025, 10, 6), visits, **more)


def answer(code: str, found: str = "found_eligible", *, id_: str = "", **more: Any) -> Outcome:
    return Outcome(id_ or f"uuid:{code}-{found}", code, found, "odk", **more)


def codes(visits: Sequence[Any]) -> list[str]:
    return [each.visit.code for each in visits]


def refused(code: str, *deeds: Callable[[], object]) -> None:
    """Each of the deeds is refused with this code."""
    for deed in deeds:
        with pytest.raises(VisitError, match=code):
            deed()
