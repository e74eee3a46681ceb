"""Sessions, kept on the server, so that they can be ended at once."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from geo_target.errors import BusyError
from geo_target.operations.audit import Actor, AuditLog, Entry
from geo_target.operations.database import Database
from geo_target.operations.refusals import StorageError
from geo_target.operations.tables import SESSIONS, USERS
from geo_target.operations.users import User, user_from

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)

_TOKEN_BYTES = 32

#: Every page would otherwise write.
_SEEN_EVERY = timedelta(minutes=1)

#: A session of the future means that the clock was set back: its age is unknown.
_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Session:
    """A signed-in user."""

    user: User
    audit_id: str
    """Tells sessions apart in the audit log; no token can be made from it."""
    created_at: datetime
    expires_at: datetime
    is_for_password: bool = False
    """Whether it opens nothing but the choice of an own password."""

    def actor(self, address: str = "") -> Actor:
        """Who the audit log says it is."""
        return Actor(
            name=self.user.name,
            role=self.user.role,
            scope=self.user.districts,
            session=self.audit_id,
            address=address,
        )


class Sessions:
    """The sessions in a database."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        idle: timedelta = IDLE,
        absolute: timedelta = ABSOLUTE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._idle = idle
        self._absolute = absolute

    def create(self, user: User, *, replaces: str = "", is_vouched_for: bool = False) -> str:
        """Begin a session after a sign-in, and end the one the browser came with.

        Parameters
        ----------
        user
            Whoever has signed in, as they were then: the session of an account that was
            changed or closed since then has ended before it begins.
        replaces
            The token that the browser came with.
        is_vouched_for
            Whether another service says who it is: what became of the password here is then
            nothing to the session.

        Returns
        -------
        str
            The token for the cookie; only its hash is kept.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        now = self._clock()
        with self._database.writing() as connection:
            if replaces:
                _revoke(connection, now, SESSIONS.c.token_hash == _hashed(replaces))
            values = {
                "token_hash": _hashed(token), "user_id": user.id, "created_at": now,
                "last_seen_at": now, "expires_at": now + self._absolute,
                "revoked_at": None if _stands(connection, user) else now,
                "is_for_password": user.has_given_password and not is_vouched_for,
            }  # fmt: skip
            connection.execute(insert(SESSIONS).values(values))
        return token

    def verify(self, token: str) -> Session | None:
        """The session of a token, with its user as of now; None if it has ended."""
        now = self._clock()
        query = (
            select(USERS, SESSIONS.c.token_hash, SESSIONS.c.created_at.label("began_at"))
            .add_columns(SESSIONS.c.last_seen_at, SESSIONS.c.expires_at, SESSIONS.c.revoked_at)
            .add_columns(SESSIONS.c.is_for_password)
            .join_from(SESSIONS, USERS)
            .where(SESSIONS.c.token_hash == _hashed(token))
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None or not self._holds(row, now):
            return None
        if now - row.last_seen_at >= _SEEN_EVERY:
            self._see(row.token_hash, now)
        return Session(
            user_from(row), _audit_id(row.token_hash), row.began_at, row.expires_at,
            is_for_password=row.is_for_password,
        )  # fmt: skip

    def revoke(self, token: str) -> None:
        """End a session: whoever copied its cookie is out too."""
        with self._database.writing() as connection:
            _revoke(connection, self._clock(), SESSIONS.c.token_hash == _hashed(token))

    def revoke_all(self, user: User) -> int:
        """End all sessions of a user; says how many there were."""
        with self._database.writing() as connection:
            return revoke_sessions(connection, user.id, self._clock())

    def revoke_everybody(self, *, by: Actor) -> int:
        """End all sessions, for the key of the archive is changed; says how many there were.

        Raises
        ------
        AuditError, StorageError
            If that cannot be written down: then nobody is signed out either.
        """
        audit = AuditLog(self._database, clock=self._clock)
        with self._database.writing() as connection:
            ended = _revoke(connection, self._clock(), SESSIONS.c.id.is_not(None))
            told = f"sessions={ended}"
            audit.write(
                connection, Entry(actor=by, verb="key.change", object_type="key", reason=told)
            )
        return ended

    def _holds(self, row: Row[Any], now: datetime) -> bool:
        return (
            row.revoked_at is None
            and row.disabled_at is None
            and now < row.expires_at
            and now - row.last_seen_at < self._idle
            and row.last_seen_at - now <= _CLOCK_TOLERANCE
        )

    def _see(self, token_hash: str, now: datetime) -> None:
        seen = (
            update(SESSIONS)
            .where(SESSIONS.c.token_hash == token_hash, SESSIONS.c.last_seen_at < now)
            .values(last_seen_at=now)
        )
        try:
            with self._database.writing() as connection:
                connection.execute(seen)
        except (StorageError, BusyError):
            # A full disk must not sign everybody out: maps are still shown, and the
            # session ends by itself when it is idle too long.
            return


def _stands(connection: Connection, user: User) -> bool:
    """Whether the account is open, with the password that let `user` in a moment ago."""
    found = select(USERS.c.password_changed_at, USERS.c.disabled_at).where(USERS.c.id == user.id)
    row = connection.execute(found).one()
    return row.disabled_at is None and row.password_changed_at == user.password_changed_at


def revoke_sessions(connection: Connection, user_id: int, now: datetime) -> int:
    """End all sessions of a user, in the transaction that changes the account."""
    return _revoke(connection, now, SESSIONS.c.user_id == user_id)


def _revoke(connection: Connection, now: datetime, which: Any) -> int:
    ended = update(SESSIONS).where(which, SESSIONS.c.revoked_at.is_(None)).values(revoked_at=now)
    return connection.execute(ended).rowcount


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _audit_id(token_hash: str) -> str:
    # Short enough that it cannot hold 16 digits in a row.
    return token_hash[:12]
