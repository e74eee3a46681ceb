"""Officers, visits and outcomes as rows of tables keep them, and back."""

import hashlib
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_type_hints

from sqlalchemy import RowMapping

from geo_target.fieldwork.visits import Officer, OfficerKind, Target, Visit

_Record = TypeVar("_Record")

#: Fields of a target that are columns of their own.
_PLACE = ("family_id", "village_code", "rw", "rt", "neighborhood")
_TARGET = {each.name for each in fields(Target)} - set(_PLACE)
_OF_VISIT = ("officer", "position", "is_locked", "return_of")

_AS_IT_IS = frozenset({str, int, float, bool})

#: What the same answer may come with otherwise: its way here, and what that made of it.
_NOT_CONTENT = {"submission_id", "submitted_at", "source", "warnings"}


def plain(record: Any) -> dict[str, Any]:
    """Fields of a dataclass as JSON keeps them, without those that are as by default."""
    told = {}
    for name, default in _defaults(cast("Hashable", type(record))):
        value = getattr(record, name)
        if value != default:
            told[name] = value if type(value) in _AS_IT_IS else _told(value)
    return told


def read(kind: type[_Record], told: Mapping[str, Any]) -> _Record:
    """The dataclass that `plain` has told; a field that it has no more is left out."""
    hints = _kinds(cast("Hashable", kind))
    return kind(**{n: _value(hints[n], value) for n, value in told.items() if n in hints})


def visit_values(visit: Visit) -> dict[str, Any]:
    """Columns of VISITS for a visit; plan and status are not among them."""
    place = {name: getattr(visit.target, name) for name in _PLACE}
    target = {n: value for n, value in plain(visit.target).items() if n in _TARGET}
    of_visit = {name: getattr(visit, name) for name in _OF_VISIT}
    day = visit.day and visit.day.isoformat()
    return {"code": visit.code, **place, "target": target, **of_visit, "day": day}


def visit_of(row: RowMapping) -> Visit:
    """The visit of a row of VISITS."""
    told = {**row["target"], **{name: row[name] for name in _PLACE}}
    return Visit(
        code=row["code"],
        target=read(Target, told),
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        **{name: row[name] for name in _OF_VISIT},
    )


def officer_values(officer: Officer) -> dict[str, Any]:
    """Columns of FIELD_OFFICERS for an officer."""
    return {
        "name": officer.name,
        "display_name": officer.display_name,
        "kind": officer.kind.value,
        "villages": list(officer.villages),
        "home_village_code": officer.home_village_code,
        "visits_per_day": officer.visits_per_day,
        "days_off": sorted(day.isoformat() for day in officer.days_off),
    }


def officer_of(row: RowMapping) -> Officer:
    """The officer of a row of FIELD_OFFICERS."""
    return Officer(
        name=row["name"],
        display_name=row["display_name"],
        kind=OfficerKind(row["kind"]),
        villages=tuple(row["villages"]),
        home_village_code=row["home_village_code"],
        visits_per_day=row["visits_per_day"],
        days_off=frozenset(map(date.fromisoformat, row["days_off"])),
    )


def content_hash(answers: Mapping[str, Any]) -> str:
    """Sum of what an answer says, so that the same one is known when it comes again.

    Parameters
    ----------
    answers
        What `plain` tells of it.
    """
    said = {name: value for name, value in answers.items() if name not in _NOT_CONTENT}
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _defaults(kind: Hashable) -> Sequence[tuple[str, Any]]:
    """Names of the fields of a dataclass, with what each is by default."""
    found = fields(cast("Any", kind))
    return [(each.name, _default(each)) for each in found]


def _default(field: "Field[Any]") -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _told(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | list):
        return list(value)
    return value


@cache
def _kinds(kind: Hashable) -> Mapping[str, tuple[Any, ...]]:
    """Types that each field may have; None and types of parts are not looked at."""
    hints = get_type_hints(kind)
    return {name: (*get_args(hint), hint) for name, hint in hints.items()}


def _value(kinds: tuple[Any, ...], value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and datetime in kinds:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and date in kinds:
        return date.fromisoformat(value)
    return value
