"""Doubtful pairs of families, and what people have said of them: added, never changed.

The newest word on a pair stands, for as long as the data of both sides are those that whoever
said it saw. Each is in the audit log of its transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from geo_target.errors import Fault
from geo_target.operations.audit import Actor, AuditLog, Entry, Result, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.numbers import holds_number, keyed_id, one_line
from geo_target.operations.refusals import SettlementError
from geo_target.operations.roles import Verb, may
from geo_target.operations.tables import PAIR_DECISIONS

LONGEST_NOTE = 300

#: Register and id of the one row, register and id of the other; the smaller side first.
Pair = tuple[str, str, str, str]
_PAIR = ("register", "register_family_id", "other_register", "other_register_family_id")


class Verdict(StrEnum):
    """What somebody says of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"
    """What was said before is withdrawn."""


@dataclass(frozen=True)
class Question:
    """A doubtful pair as a run asks about it."""

    pair: Pair
    pair_id: str
    """Its keyed id, see `pair_id`."""
    fingerprint: str
    """Keyed sum of what both rows say."""
    run_id: str


@dataclass(frozen=True)
class Settlement:
    """What somebody has said of a pair."""

    number: int
    pair: Pair
    fingerprint: str
    verdict: Verdict
    decided_by: str
    decided_at: datetime
    run_id: str
    note: str = ""

    def holds(self, fingerprint: str) -> bool:
        """Whether it settles the pair while its rows say what this fingerprint sums up."""
        return self.verdict is not Verdict.OPEN and self.fingerprint == fingerprint

    def question(self, key: bytes) -> Question:
        """The pair as it was asked about: no run need know of it today."""
        return Question(self.pair, pair_id(self.pair, key), self.fingerprint, self.run_id)


def pair_id(pair: Pair, key: bytes) -> str:
    """Id of a pair in the audit log, in forms and in sheets: ids of registers may be numbers."""
    return keyed_id("\x1f".join(pair), key)


def settled(
    standing: Mapping[Pair, Settlement],
    pair: Pair,
    fingerprint: str,
    run_id: str,
    *,
    was_decided: bool = False,
) -> Settlement | None:
    """What of `Settlements.standing` settles a pair; None: it is open.

    Parameters
    ----------
    fingerprint, run_id
        As in its `Question`; its keyed id, which takes long for all pairs of a run, is not needed.
    was_decided
        The run knew what was said of it and is in doubt all the same, for it contradicts what
        was said of others: only a word since then settles it.
    """
    stands = standing.get(pair)
    if stands is None or not stands.holds(fingerprint):
        return None
    return stands if stands.run_id == run_id or not was_decided else None


class Settlements:
    """What people have said of pairs, in a database."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def standing(self) -> dict[Pair, Settlement]:
        """The newest word on each pair; pairs of which it was withdrawn are not in it."""
        newest = select(func.max(PAIR_DECISIONS.c.id)).group_by(
            *(PAIR_DECISIONS.c[name] for name in _PAIR)
        )
        found = (
            select(PAIR_DECISIONS)
            .where(PAIR_DECISIONS.c.id.in_(newest), PAIR_DECISIONS.c.verdict != Verdict.OPEN.value)
            .order_by(PAIR_DECISIONS.c.id)
        )
        with self._database.reading() as connection:
            settled = [_settlement(row) for row in connection.execute(found).mappings()]
        return {each.pair: each for each in settled}

    def decide(
        self, asked: Question, verdict: Verdict, *, by: Actor, note: str = ""
    ) -> tuple[Settlement, bool]:
        """Say that a pair is one family, or two.

        Returns
        -------
        Settlement
            What stands.
        bool
            Whether that is new: the same was said before otherwise, and nothing has changed.

        Raises
        ------
        SettlementError
            ``E-PAIR-ROLE``, ``E-PAIR-NOTE``, or ``E-PAIR-SETTLED`` where something else was
            said meanwhile of the same data.
        """
        self._check(asked, by)
        note = one_line(note)
        if len(note) > LONGEST_NOTE or holds_number(note):
            raise SettlementError(_note())
        with self._database.writing(Turn.ACCOUNTS) as connection:
            stands = _newest(connection, asked.pair)
            if stands is None or not stands.holds(asked.fingerprint):
                return self._add(connection, asked, verdict, by=by, note=note), True
            if stands.verdict is not verdict:
                raise SettlementError(_settled(stands))
            return stands, False

    def withdraw(self, asked: Question, number: int, *, by: Actor) -> None:
        """Take the word with this number back: the pair is open again.

        Raises
        ------
        SettlementError
            ``E-PAIR-ROLE``, or ``E-PAIR-SETTLED`` where another one stands.
        """
        self._check(asked, by)
        with self._database.writing(Turn.ACCOUNTS) as connection:
            stands = _newest(connection, asked.pair)
            if stands is None or stands.verdict is Verdict.OPEN:
                return
            if stands.number != number:
                raise SettlementError(_settled(stands))
            self._add(connection, asked, Verdict.OPEN, by=by)

    def _add(
        self,
        connection: Connection,
        asked: Question,
        verdict: Verdict,
        *,
        by: Actor,
        note: str = "",
    ) -> Settlement:
        values = {
            **dict(zip(_PAIR, asked.pair, strict=True)), "fingerprint": asked.fingerprint,
            "verdict": verdict.value, "decided_by": by.name, "decided_at": self._clock(),
            "run_id": asked.run_id, "note": note,
        }  # fmt: skip
        added = insert(PAIR_DECISIONS).values(values).returning(PAIR_DECISIONS)
        row = connection.execute(added).mappings().one()
        self._audit.write(connection, _entry(asked, by, fields=(verdict.value,), reason=note))
        return _settlement(row)

    def _check(self, asked: Question, by: Actor) -> None:
        """Refuse whose role may not, and note that it was tried."""
        if not may(by.role, Verb.SETTLE_PAIRS):
            self._audit.append(_entry(asked, by, result=Result.DENIED))
            raise SettlementError(_role(by))


def _newest(connection: Connection, pair: Pair) -> Settlement | None:
    of_pair = (PAIR_DECISIONS.c[name] == part for name, part in zip(_PAIR, pair, strict=True))
    found = select(PAIR_DECISIONS).where(*of_pair).order_by(PAIR_DECISIONS.c.id.desc()).limit(1)
    row = connection.execute(found).mappings().first()
    return None if row is None else _settlement(row)


def _settlement(row: RowMapping) -> Settlement:
    return Settlement(
        number=row["id"],
        pair=(*(row[name] for name in _PAIR),),
        verdict=Verdict(row["verdict"]),
        **{
            name: row[name]
            for name in ("fingerprint", "decided_by", "decided_at", "run_id", "note")
        },
    )


def _entry(asked: Question, by: Actor, **more: Any) -> Entry:
    return Entry(
        actor=by, verb=Verb.SETTLE_PAIRS, object_type="pair", object_id=asked.pair_id,
        run_id=asked.run_id, **more,
    )  # fmt: skip


def _role(by: Actor) -> Fault:
    return Fault(
        "E-PAIR-ROLE",
        id=f"peran {by.role} tidak berwenang memutuskan pasangan keluarga; koordinator berwenang",
        en=f"the role {by.role} may not settle pairs of families; a coordinator may",
    )


def _note() -> Fault:
    return Fault(
        "E-PAIR-NOTE",
        id=f"catatan lebih dari {LONGEST_NOTE} huruf atau memuat NIK atau nomor KK; tulis singkat, "
        "tanpa nomor",
        en=f"the note has more than {LONGEST_NOTE} letters or holds a NIK or KK number; write it "
        "short, without the number",
        column="note",
    )


def _settled(stands: Settlement) -> Fault:
    words_id = {Verdict.SAME: "keluarga yang sama", Verdict.DIFFERENT: "bukan keluarga yang sama"}
    words_en = {Verdict.SAME: "the same family", Verdict.DIFFERENT: "not the same family"}
    return Fault(
        "E-PAIR-SETTLED",
        id=f"{stands.decided_by} sudah memutuskan pasangan ini ({words_id[stands.verdict]}); "
        "keputusan itu berlaku sampai dibatalkan",
        en=f"{stands.decided_by} has settled this pair ({words_en[stands.verdict]}); that stands "
        "until it is withdrawn",
    )
