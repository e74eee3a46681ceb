"""Publications: one person proposes a run, a second one approves it. Each step is audited."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from geo_target.errors import Fault
from geo_target.operations.audit import Actor, AuditLog, Entry, Result, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.refusals import PublicationError
from geo_target.operations.roles import Verb, may
from geo_target.operations.tables import AUDIT_LOG, PUBLICATIONS

_PUBLISH, _WITHDRAW = "snapshot.publish", "snapshot.withdraw"


@dataclass(frozen=True)
class Publication:
    """A run that was proposed; approved once `approved_by` is set."""

    run_id: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None


class Publications:
    """The publications in a database."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = local_now) -> None:
        self._database = database
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def all(self) -> list[Publication]:
        """Every proposal, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.id))
            return [_publication(row) for row in rows.mappings()]

    def last_published(self) -> str | None:
        """The run that was published last; None where that was withdrawn, or nothing was."""
        steps = (_PUBLISH, _WITHDRAW)
        found = (
            select(AUDIT_LOG.c.verb, AUDIT_LOG.c.object_id)
            .where(AUDIT_LOG.c.verb.in_(steps), AUDIT_LOG.c.result == str(Result.OK))
            .order_by(AUDIT_LOG.c.seq.desc())
        )
        with self._database.reading() as connection:
            row = connection.execute(found.limit(1)).first()
        return str(row.object_id) if row is not None and row.verb == _PUBLISH else None

    def is_due(self, run_id: str) -> bool:
        """Whether a run is approved, and nothing was proposed or done after that."""
        last = next((made for made in reversed(self.all()) if made.run_id == run_id), None)
        is_approved = last is not None and last.approved_at is not None
        return is_approved and self.last_published() == run_id

    def propose(self, run_id: str, *, by: Actor) -> Publication:
        """Propose a run.

        Raises
        ------
        PublicationError
            ``E-PUBLISH-ROLE``, or ``E-PUBLISH-WAITS`` where it is proposed already.
        """
        self.check(Verb.START_RUN, run_id, by=by)
        with self._database.writing(Turn.ACCOUNTS) as connection:
            if _waiting(connection, run_id) is not None:
                raise PublicationError(_waits(run_id))
            proposed = Publication(run_id, by.name, self._clock())
            connection.execute(insert(PUBLICATIONS).values(asdict(proposed)))
            self._audit.write(connection, _entry("snapshot.propose", run_id, by))
        return proposed

    def check_approval(self, run_id: str, *, by: Actor) -> None:
        """Refuse whoever may not approve this run now; changes nothing.

        Raises
        ------
        PublicationError
            ``E-PUBLISH-ROLE``, ``E-PUBLISH-UNPROPOSED`` or ``E-PUBLISH-SAME``.
        """
        self.check(Verb.APPROVE, run_id, by=by)
        with self._database.reading() as connection:
            row = _waiting(connection, run_id)
        if row is not None and row["proposed_by"] == by.name:
            self._audit.append(_entry(_PUBLISH, run_id, by, Result.DENIED))
        _second_person(row, run_id, by)

    def approve(self, run_id: str, *, by: Actor) -> Publication:
        """Approve what somebody else proposed.

        Raises
        ------
        PublicationError
            As `check_approval`.
        """
        self.check_approval(run_id, by=by)
        with self._database.writing(Turn.ACCOUNTS) as connection:
            row = _second_person(_waiting(connection, run_id), run_id, by)
            approved = replace(_publication(row), approved_by=by.name, approved_at=self._clock())
            connection.execute(
                update(PUBLICATIONS).where(PUBLICATIONS.c.id == row["id"]).values(asdict(approved))
            )
            self._audit.write(connection, _entry(_PUBLISH, run_id, by))
        return approved

    def withdraw(self, run_id: str, *, by: Actor) -> None:
        """Note that a run is shown to the public no more.

        Raises
        ------
        PublicationError
            ``E-PUBLISH-ROLE``.
        """
        self.check(Verb.APPROVE, run_id, by=by)
        with self._database.writing(Turn.ACCOUNTS) as connection:
            self._audit.write(connection, _entry(_WITHDRAW, run_id, by))

    def take_back(self, run_id: str, *, by: Actor) -> None:
        """Drop a proposal that nobody has approved yet: its proposer, or an approver.

        Raises
        ------
        PublicationError
            ``E-PUBLISH-ROLE``, ``E-PUBLISH-UNPROPOSED`` or ``E-PUBLISH-OTHERS``.
        """
        is_approver = may(by.role, Verb.APPROVE)
        if not is_approver:
            self.check(Verb.START_RUN, run_id, by=by)
        with self._database.reading() as connection:
            row = _waiting(connection, run_id)
        if row is None:
            raise PublicationError(_unproposed(run_id))
        if not is_approver and row["proposed_by"] != by.name:
            self._audit.append(_entry("snapshot.take-back", run_id, by, Result.DENIED))
            raise PublicationError(_others(row["proposed_by"], run_id))
        with self._database.writing(Turn.ACCOUNTS) as connection:
            # Approved meanwhile, it stays.
            waits = (PUBLICATIONS.c.id == row["id"], PUBLICATIONS.c.approved_at.is_(None))
            if not connection.execute(delete(PUBLICATIONS).where(*waits)).rowcount:
                raise PublicationError(_unproposed(run_id))
            self._audit.write(connection, _entry("snapshot.take-back", run_id, by))

    def check(self, verb: Verb, run_id: str, *, by: Actor) -> None:
        """Refuse whose role may not, and note that it was tried."""
        if not may(by.role, verb):
            self._audit.append(_entry(str(verb), run_id, by, Result.DENIED))
            raise PublicationError(_role(by))


def _waiting(connection: Connection, run_id: str) -> RowMapping | None:
    found = select(PUBLICATIONS).where(
        PUBLICATIONS.c.run_id == run_id, PUBLICATIONS.c.approved_at.is_(None)
    )
    return connection.execute(found).mappings().first()


def _second_person(row: RowMapping | None, run_id: str, by: Actor) -> RowMapping:
    if row is None:
        raise PublicationError(_unproposed(run_id))
    if row["proposed_by"] == by.name:
        raise PublicationError(_same(by, run_id))
    return row


def _publication(row: RowMapping) -> Publication:
    return Publication(**{str(name): value for name, value in row.items() if name != "id"})


def _entry(verb: str, run_id: str, by: Actor, result: Result = Result.OK) -> Entry:
    return Entry(
        actor=by, verb=verb, object_type="snapshot", object_id=run_id, run_id=run_id, result=result
    )


def _role(by: Actor) -> Fault:
    return Fault(
        "E-PUBLISH-ROLE",
        id=f"peran {by.role} tidak berwenang; analis mengusulkan, penyetuju menerbitkan atau "
        "menarik",
        en=f"the role {by.role} may not do this; an analyst proposes, an approver publishes or "
        "withdraws",
    )


def _waits(run_id: str) -> Fault:
    return Fault(
        "E-PUBLISH-WAITS",
        id="sudah diusulkan; menunggu penyetuju, jalankan publish sebagai penyetuju",
        en="proposed already; it waits for an approver, who runs publish too",
        file=run_id,
    )


def _unproposed(run_id: str) -> Fault:
    return Fault(
        "E-PUBLISH-UNPROPOSED",
        id="belum diusulkan; minta seorang analis menjalankan publish lebih dahulu",
        en="nobody has proposed it; ask an analyst to run publish first",
        file=run_id,
    )


def _same(by: Actor, run_id: str) -> Fault:
    return Fault(
        "E-PUBLISH-SAME",
        id=f"{by.name} sendiri yang mengusulkan; harus orang lain yang menerbitkan",
        en=f"{by.name} proposed it; somebody else has to publish it",
        file=run_id,
    )


def _others(proposer: str, run_id: str) -> Fault:
    return Fault(
        "E-PUBLISH-OTHERS",
        id=f"{proposer} yang mengusulkan; hanya ia atau seorang penyetuju yang dapat menariknya",
        en=f"{proposer} proposed it; only they or an approver can take it back",
        file=run_id,
    )
