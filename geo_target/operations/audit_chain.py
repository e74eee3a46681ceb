"""The chain of hashes through the audit log, and what breaks it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from geo_target.errors import Fault
from geo_target.operations.database import Database
from geo_target.operations.tables import AUDIT_LOG, AUDIT_SUBJECTS

_BATCH = 1000


@dataclass(frozen=True)
class Head:
    """Number and hash of an entry."""

    seq: int
    hash: str


#: What the first entry builds on.
START = Head(0, "0" * 64)


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found."""

    entries: int
    """How many are whole, from the first on."""
    head: Head
    """The last whole one."""
    broken: Fault | None
    """The first one that is not, and why."""


def last(connection: Connection) -> Head:
    """The newest entry as the transaction sees it."""
    newest = select(AUDIT_LOG.c.seq, AUDIT_LOG.c.hash).order_by(AUDIT_LOG.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return START if row is None else Head(row.seq, row.hash)


def digest(entry: Mapping[str, Any], subjects: Sequence[str]) -> str:
    """SHA-256 over all that an entry holds, the hash of the one before it included.

    Parameters
    ----------
    entry
        Columns of AUDIT_LOG; ``hash`` plays no part.
    subjects
        Its subjects, sorted.
    """
    told = {name: _plain(value) for name, value in entry.items() if name != "hash"}
    told["subjects"] = list(subjects)
    content = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def verify(database: Database, *, copied: Iterable[Head] = ()) -> Verification:
    """Walk along the chain to the first broken entry.

    Parameters
    ----------
    database
        The operations database.
    copied
        Heads that were copied out earlier. Without one, who may write to the database
        file could take away the newest entries, or write the whole chain anew.

    Returns
    -------
    Verification
        `broken` is None where all is well.
    """
    known = {head.seq: head.hash for head in copied}
    before = START
    with database.reading() as connection:
        for entry, subjects in _entries(connection):
            wrong = _wrong(entry, subjects, before, known)
            if wrong is not None:
                return Verification(before.seq, before, wrong)
            before = Head(entry["seq"], entry["hash"])
    if known and max(known) > before.seq:
        missing = _broken(before.seq + 1, "hilang dari ujung", "missing from the end")
        return Verification(before.seq, before, missing)
    return Verification(before.seq, before, None)


def _wrong(
    entry: Mapping[Any, Any], subjects: Sequence[str], before: Head, known: Mapping[int, str]
) -> Fault | None:
    seq = before.seq + 1
    if entry["seq"] != seq:
        return _broken(seq, "hilang", "missing")
    if entry["hash"] != digest(dict(entry), subjects):
        return _broken(seq, "isinya berubah", "changed")
    if entry["prev_hash"] != before.hash:
        return _broken(seq, "tidak menyambung entri sebelumnya", "not built on the one before it")
    if known.get(seq, entry["hash"]) != entry["hash"]:
        return _broken(seq, "lain dari salinan", "not the one that was copied out")
    return None


def _entries(connection: Connection) -> Iterator[tuple[RowMapping, Sequence[str]]]:
    """All entries in order, each with its sorted subjects, a batch at a time."""
    after: int | None = None
    while True:
        batch = select(AUDIT_LOG).order_by(AUDIT_LOG.c.seq).limit(_BATCH)
        if after is not None:
            batch = batch.where(AUDIT_LOG.c.seq > after)
        rows = connection.execute(batch).mappings().all()
        if not rows:
            return
        first, after = rows[0]["seq"], rows[-1]["seq"]
        named: dict[int, list[str]] = {}
        for seq, subject in connection.execute(
            select(AUDIT_SUBJECTS.c.seq, AUDIT_SUBJECTS.c.subject_id).where(
                AUDIT_SUBJECTS.c.seq.between(first, after)
            )
        ):
            named.setdefault(seq, []).append(subject)
        for row in rows:
            # Sorted here: databases sort text by rules of their own.
            yield row, sorted(named.get(row["seq"], ()))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _broken(seq: int, id_: str, en: str) -> Fault:
    return Fault(
        "E-AUDIT-BROKEN",
        id=f"jejak audit: entri {seq} {id_}; simpan salinan basis data ini dan laporkan",
        en=f"audit log: entry {seq} is {en}; keep a copy of this database and report it",
        file="audit_log",
        row=seq,
    )
