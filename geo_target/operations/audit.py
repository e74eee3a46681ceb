"""The audit log: who did and saw what. Entries are added, never changed.

Each entry holds the hash of the one before it, so that a changed, removed or inserted
one shows (see `audit_chain`). It holds counts and keyed ids, never names or numbers.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, or_, select

from geo_target.errors import BusyError, Fault
from geo_target.operations import audit_reading
from geo_target.operations.audit_chain import Head, digest, last
from geo_target.operations.audit_reading import PasswordChange, Question, Reader
from geo_target.operations.database import Database, Turn, take
from geo_target.operations.numbers import holds_number, mask_numbers
from geo_target.operations.refusals import AuditError, DatabaseError, StorageError
from geo_target.operations.roles import Verb
from geo_target.operations.tables import AUDIT_LOG, AUDIT_SUBJECTS

_LONGEST = 2000


class Result(StrEnum):
    """How what an entry tells of ended."""

    OK = "ok"
    DENIED = "denied"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, and from where."""

    name: str
    role: str = ""
    scope: tuple[str, ...] = ()
    session: str = ""
    """`Session.audit_id`: a hash, never the token."""
    address: str = ""


#: Whoever has not signed in; the name that was typed may be a password, and is not kept.
NOBODY = Actor(name="-", role="public")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened.

    `subjects` are the keyed ids of everybody whom the answer held; `persons` says how many
    they are, and stands alone only where there are too many to name, as in an export.
    """

    actor: Actor
    verb: str
    object_type: str
    object_id: str = ""
    fields: tuple[str, ...] = ()
    reason: str = ""
    result: Result = Result.OK
    subjects: tuple[str, ...] = ()
    persons: int | None = None
    run_id: str = ""
    request_id: str = ""


def local_now() -> datetime:
    """Now, with the machine's own offset from UTC."""
    return datetime.now().astimezone()


class AuditLog:
    """The log in a database."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock

    def append(self, entry: Entry) -> Head:
        """Keep an entry; it is on the disk when this returns.

        Whoever shows names calls this first, and shows nothing if it raises.

        Raises
        ------
        AuditError
            If the entry cannot be kept: full disk, busy database, or a NIK in it.
        """
        with _told(), self._database.writing(Turn.AUDIT) as connection:
            return self.write(connection, entry)

    def append_within(
        self, entry: Entry, *, most: int, since: datetime, is_of_verb: bool = False
    ) -> bool:
        """Keep an entry unless its actor would have been shown more than `most` persons.

        Counted and kept in one transaction: many requests at once would otherwise all be
        under the limit.

        Parameters
        ----------
        most
            Persons that the actor may be shown from `since` on, those of `entry` included.
        is_of_verb
            Whether only what the actor was shown by the verb of `entry` counts.

        Returns
        -------
        bool
            Whether it was kept.

        Raises
        ------
        AuditError
            As `append`.
        """
        with _told(), self._database.writing(Turn.AUDIT) as connection:
            verb = entry.verb if is_of_verb else None
            shown = _persons_shown(connection, entry.actor.name, since, verb)
            if shown + _persons_of(entry) > most:
                return False
            self.write(connection, entry)
            return True

    def write(self, connection: Connection, entry: Entry) -> Head:
        """Keep an entry together with a change, in the transaction that makes the change."""
        values = _values(entry, self._clock())
        subjects = sorted(set(entry.subjects))
        take(connection, Turn.AUDIT)
        before = last(connection)
        values |= {"seq": before.seq + 1, "prev_hash": before.hash}
        values["hash"] = digest(values, subjects)
        connection.execute(insert(AUDIT_LOG), values)
        if subjects:
            connection.execute(
                insert(AUDIT_SUBJECTS),
                [{"seq": values["seq"], "subject_id": subject} for subject in subjects],
            )
        return Head(values["seq"], values["hash"])

    def head(self) -> Head:
        """Number and hash of the last entry, to be copied out every day."""
        with self._database.reading() as connection:
            return last(connection)

    def who_saw(
        self,
        object_id: str,
        since: datetime,
        until: datetime,
        *,
        by: Actor,
        also: Collection[str] = (),
    ) -> list[RowMapping]:
        """Entries about an object, or whose answer held it, oldest first.

        Parameters
        ----------
        object_id
            Keyed id of a person, id of a family, code of a village.
        since, until
            From this time on, and before that one.
        by
            Who asks: reading the log is logged too.
        also
            Other ids of the same: a family's, and those under an earlier key.
        """
        self.append(Entry(actor=by, verb="audit.who-saw", object_type="audit", object_id=object_id))
        ids = {object_id, *also}
        held = select(AUDIT_SUBJECTS.c.seq).where(AUDIT_SUBJECTS.c.subject_id.in_(ids))
        entries = (
            select(AUDIT_LOG)
            .where(or_(AUDIT_LOG.c.object_id.in_(ids), AUDIT_LOG.c.seq.in_(held)))
            .where(AUDIT_LOG.c.at >= since, AUDIT_LOG.c.at < until)
            .where(AUDIT_LOG.c.object_type != "audit")
            .order_by(AUDIT_LOG.c.seq)
        )
        with self._database.reading() as connection:
            return list(connection.execute(entries).mappings())

    def newest(self, question: Question, *, most: int, by: Actor) -> Sequence[RowMapping]:
        """Entries that answer a question, newest first; that it was asked is one of the next."""
        with self._database.reading() as connection:
            found = audit_reading.newest(connection, question, most)
        self.append(
            Entry(actor=by, verb=Verb.READ_AUDIT, object_type="audit", reason=str(question))
        )
        return found

    def readers(self, since: datetime) -> list[Reader]:
        """Who opened names from a time on, most persons first; see `newest`, which is logged."""
        with self._database.reading() as connection:
            return audit_reading.readers(connection, since)

    def was_told(self, verb: str, address: str, since: datetime) -> bool:
        """Whether an entry of a verb came from an address since a time."""
        with self._database.reading() as connection:
            return audit_reading.was_told(connection, verb, address, since)

    def password_changes(self, name: str, *, most: int) -> list[PasswordChange]:
        """Who set the passwords of an account, newest first: for its owner, who needs no entry."""
        with self._database.reading() as connection:
            return audit_reading.password_changes(connection, name, most)

    def entries(self, *, by: Actor) -> Iterator[RowMapping]:
        """Every entry, oldest first; who asks is logged first."""
        self.append(Entry(actor=by, verb="audit.export", object_type="audit"))
        with self._database.reading() as connection:
            found = connection.execution_options(yield_per=1000).execute(
                select(AUDIT_LOG).order_by(AUDIT_LOG.c.seq)
            )
            yield from found.mappings()


@contextmanager
def _told() -> Iterator[None]:
    """Say of a database that cannot be written what it means for whoever wants to see."""
    try:
        yield
    except (StorageError, BusyError, DatabaseError) as error:
        raise AuditError(
            Fault(
                "E-AUDIT-WRITE",
                id="jejak audit tidak dapat ditulis, maka data tidak ditampilkan; hubungi admin",
                en="the audit log cannot be written, so the data are not shown; "
                "tell the administrator",
            ),
            *error.faults,
        ) from error


def _persons_shown(connection: Connection, actor: str, since: datetime, verb: str | None) -> int:
    shown = select(func.coalesce(func.sum(AUDIT_LOG.c.persons), 0)).where(
        AUDIT_LOG.c.actor == actor,
        AUDIT_LOG.c.at >= since,
        AUDIT_LOG.c.result == Result.OK.value,
        # Whoever packs a day of all officers has not looked anybody up: see docs/security.md.
        AUDIT_LOG.c.verb != Verb.CARRY_VISITS.value,
    )
    if verb is not None:
        shown = shown.where(AUDIT_LOG.c.verb == verb)
    return int(connection.execute(shown).scalar_one())


def _persons_of(entry: Entry) -> int:
    return len(set(entry.subjects)) if entry.persons is None else entry.persons


def _values(entry: Entry, at: datetime) -> dict[str, Any]:
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("a time without a time zone")
    persons = _persons_of(entry)
    identifiers = {
        "actor": entry.actor.name,
        "role": entry.actor.role,
        "scope": ",".join(entry.actor.scope),
        "session": entry.actor.session,
        "address": entry.actor.address,
        "verb": entry.verb,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "fields": ",".join(sorted(entry.fields)),
        "run_id": entry.run_id,
        "request_id": entry.request_id,
    }
    for name, value in (*identifiers.items(), *(("subjects", s) for s in entry.subjects)):
        # Masked it would be an id that nobody finds again: the caller must key it.
        if holds_number(value):
            raise _number_in(name)
    return {
        "at": at,
        "offset_minutes": round(offset.total_seconds() / 60),
        **{name: _clean(value) for name, value in identifiers.items()},
        # Masked before it is cut: half a number would be none.
        "reason": mask_numbers(_visible(entry.reason))[:_LONGEST],
        "result": entry.result.value,
        "persons": persons,
    }


def _clean(text: str) -> str:
    """`text` as every database keeps it: no control characters, no half characters."""
    return _visible(text)[:_LONGEST]


def _visible(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else " " for c in whole)


def _number_in(name: str) -> AuditError:
    return AuditError(
        Fault(
            "E-AUDIT-NUMBER",
            id=f"jejak audit tidak boleh memuat NIK atau nomor KK ({name}); pakai kode tersandi",
            en=f"the audit log may not hold a NIK or KK number ({name}); use its keyed id",
        )
    )
