"""Questions to the audit log that a page asks: the newest entries, and who opened names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from geo_target.operations.tables import AUDIT_LOG

_OK = "ok"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which entries somebody wants to see."""

    since: datetime
    actor: str = ""
    """Name of an account; empty is everybody."""
    names_only: bool = False
    """Only what showed or carried away persons."""
    refused_only: bool = False
    before: int | None = None
    """Entries older than the one of this number."""

    def __str__(self) -> str:
        """What the log says of it."""
        kinds = (("names", self.names_only), ("refused", self.refused_only))
        told = [self.actor, *(name for name, is_asked in kinds if is_asked)]
        return " ".join([f"since {self.since.isoformat(timespec='minutes')}", *filter(None, told)])


@dataclass(frozen=True)
class Reader:
    """How often an account was shown persons."""

    actor: str
    times: int
    persons: int
    refused: int
    last: datetime


def newest(connection: Connection, question: Question, most: int) -> Sequence[RowMapping]:
    """Entries that answer a question, newest first, `most` at most."""
    found = (
        select(AUDIT_LOG).where(*_conditions(question)).order_by(AUDIT_LOG.c.seq.desc()).limit(most)
    )
    return connection.execute(found).mappings().all()


def readers(connection: Connection, since: datetime) -> list[Reader]:
    """Everybody who opened names or was refused them from a time on, most persons first."""
    was_shown = AUDIT_LOG.c.result == _OK
    found = (
        select(
            AUDIT_LOG.c.actor,
            func.count().filter(was_shown).label("times"),
            func.coalesce(func.sum(AUDIT_LOG.c.persons).filter(was_shown), 0).label("persons"),
            func.count().filter(~was_shown).label("refused"),
            func.max(AUDIT_LOG.c.at).label("last"),
        )
        .where(AUDIT_LOG.c.at >= since, _of_names())
        .group_by(AUDIT_LOG.c.actor)
    )
    rows = [Reader(*row) for row in connection.execute(found)]
    return sorted(rows, key=lambda one: (-one.persons, -one.refused, one.actor))


def was_told(connection: Connection, verb: str, address: str, since: datetime) -> bool:
    """Whether an entry of a verb came from an address since a time."""
    found = (
        select(AUDIT_LOG.c.seq)
        .where(AUDIT_LOG.c.at >= since, AUDIT_LOG.c.verb == verb, AUDIT_LOG.c.address == address)
        .limit(1)
    )
    return connection.execute(found).first() is not None


@dataclass(frozen=True)
class PasswordChange:
    """A password of an account: who set it, and when."""

    at: datetime
    actor: str
    is_own: bool


def password_changes(connection: Connection, name: str, most: int) -> list[PasswordChange]:
    """The newest passwords of an account, by a log that nobody can change."""
    found = (
        select(AUDIT_LOG.c.at, AUDIT_LOG.c.actor)
        .where(AUDIT_LOG.c.object_id == name, AUDIT_LOG.c.object_type == "user")
        .where(AUDIT_LOG.c.verb.in_(("user.add", "user.passwd")), AUDIT_LOG.c.result == _OK)
        .order_by(AUDIT_LOG.c.seq.desc())
        .limit(most)
    )
    return [PasswordChange(row.at, row.actor, row.actor == name)
            for row in connection.execute(found)]  # fmt: skip


def _conditions(question: Question) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [AUDIT_LOG.c.at >= question.since]
    if question.actor:
        asked.append(AUDIT_LOG.c.actor == question.actor)
    if question.names_only:
        asked.append(_of_names())
    if question.refused_only:
        asked.append(AUDIT_LOG.c.result != _OK)
    if question.before is not None:
        asked.append(AUDIT_LOG.c.seq < question.before)
    return asked


def _of_names() -> Any:
    """Whether an entry is about persons: it says how many, or was refused them."""
    return (AUDIT_LOG.c.persons > 0) | ((AUDIT_LOG.c.result != _OK) & AUDIT_LOG.c.verb.in_(NAMING))


#: What shows or carries away persons, and so may be refused.
NAMING = (
    "family.read", "family.export", "national-id.reveal", "pair.settle", "visit.own.read",
    "visit.carry", "pseudonym.read", "pseudonym.export",
)  # fmt: skip
