"""Accounts: made, changed, disabled, and signed in to. Every change is in the audit log."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from geo_target.errors import Fault
from geo_target.operations.audit import NOBODY, Actor, AuditLog, Entry, Result, local_now
from geo_target.operations.database import Database, Turn
from geo_target.operations.given_passwords import (
    GOOD_FOR,
    OWN,
    Use,
    given,
    refusal_of,
    refuse_the_same,
    spent,
)
from geo_target.operations.passwords import PasswordHasher, check_password
from geo_target.operations.refusals import AccountError, SignInError, SignInWaitError
from geo_target.operations.roles import Role
from geo_target.operations.sessions import revoke_sessions
from geo_target.operations.tables import USERS
from geo_target.operations.throttle import (
    WINDOW,
    account_key,
    begin_attempt,
    end_attempt,
    forgive,
)
from geo_target.operations.users import (
    User,
    check_name,
    check_role,
    existing_row,
    find_row,
    normal_name,
    user_from,
)


class Accounts:
    """The accounts in a database.

    `by` is whoever makes a change: ``session.actor(address)``, or an Actor that names the
    command line. `good_for` is how long a password lets in, once, that somebody else has set;
    None lets it stand, in a world whose people are all made up.
    """

    def __init__(
        self,
        database: Database,
        *,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], datetime] = local_now,
        good_for: timedelta | None = GOOD_FOR,
    ) -> None:
        self._database = database
        self._good_for = good_for
        self._hasher = hasher or PasswordHasher()
        self._clock = clock
        self._audit = AuditLog(database, clock=clock)

    def users(self) -> list[User]:
        """Everybody, by name."""
        with self._database.reading() as connection:
            return [user_from(r) for r in connection.execute(select(USERS).order_by(USERS.c.name))]

    def find(self, name: str) -> User | None:
        """The user of a name."""
        with self._database.reading() as connection:
            row = find_row(connection, name)
        return None if row is None else user_from(row)

    def add(
        self,
        name: str,
        display_name: str,
        password: str,
        role: str,
        districts: Sequence[str] = (),
        *,
        by: Actor,
    ) -> User:
        """Make an account.

        Raises
        ------
        AccountError
            If the name is taken or refused, the password is easily guessed, or the role
            and the districts do not go together.
        """
        name, display_name = normal_name(name), display_name.strip()
        check_name(name, display_name)
        check_role(role, districts)
        check_password(password, name, display_name)
        now = self._clock()
        values = {
            "name": name,
            "display_name": display_name,
            "password_hash": self._hasher.hash(password),
            "role": role,
            "districts": sorted(set(districts)),
            "created_at": now,
            "created_by": by.name[:40],
            "password_changed_at": now,
            **given(now, self._good_for),
        }
        with self._database.writing(Turn.ACCOUNTS) as connection:
            try:
                connection.execute(insert(USERS).values(values))
            except IntegrityError:
                raise _taken(name) from None
            self._told(connection, by, "user.add", name, "role", "districts")
            return user_from(existing_row(connection, name))

    def set_password(self, name: str, password: str, *, by: Actor) -> User:
        """Give an account a new password; whoever was signed in with the old one is out.

        It lets its owner in once, to choose another.
        """
        with self._database.reading() as connection:
            user = user_from(existing_row(connection, name))
        check_password(password, user.name, user.display_name)
        now = self._clock()
        hashed = {"password_hash": self._hasher.hash(password), **given(now, self._good_for)}
        told = {"reset_by": by.name[:40], "reset_at": now}
        return self._change(name, hashed | told, "user.passwd", by)

    def change_password(
        self, name: str, old: str, new: str, *, by: Actor, is_signed_in: bool = True
    ) -> User:
        """Change one's own password; the old one is asked for, and guesses are counted.

        A password that somebody else has set, and that has let somebody in already, will do
        only for whoever is signed in with it.
        """
        use = Use.AGAIN if is_signed_in else Use.ONCE
        found = self.find(name)
        if found is not None:  # before the old one is used up
            refuse_the_same(old, new)
            check_password(new, found.name, found.display_name)
        user = self._authenticated(name, old, "user.passwd-own", by, use)
        if not is_signed_in:
            by = replace(by, name=user.name, role=user.role, scope=user.districts)
        values = {"password_hash": self._hasher.hash(new), **OWN}
        return self._change(name, values, "user.passwd", by)

    def set_role(self, name: str, role: str, districts: Sequence[str] = (), *, by: Actor) -> User:
        """Give an account another role or other districts; its sessions end.

        Raises
        ------
        AccountError
            If it is the last admin's, or role and districts do not go together.
        """
        check_role(role, districts)
        values = {"role": role, "districts": sorted(set(districts))}
        return self._change(name, values, "user.role", by)

    def disable(self, name: str, *, by: Actor) -> User:
        """Close an account; its sessions end at once.

        Raises
        ------
        AccountError
            If it is the last admin's: nobody could open it again.
        """
        return self._change(name, {"disabled_at": self._clock()}, "user.disable", by)

    def enable(self, name: str, *, by: Actor) -> User:
        """Open a closed account again."""
        return self._change(name, {"disabled_at": None}, "user.enable", by)

    def sign_in(
        self, name: str, password: str, *, address: str = "", may_be_given: bool = False
    ) -> User:
        """Check a password.

        Parameters
        ----------
        name, password
            As typed.
        address
            Where they come from.
        may_be_given
            Whether a password that somebody else has set will do, once: only for who then
            lets them do nothing but choose another one, as a session does.

        Raises
        ------
        SignInWaitError
            After too many wrong ones, or while many sign in at once.
        SignInError
            If the name or the password is wrong or the account closed: which of them it
            was shows neither in the message nor in the time it takes. Whoever has the
            right one is told if it was used up (``E-PASSWORD-SPENT``) or is not their own
            (``E-PASSWORD-NOT-OWN``).
        """
        by = replace(NOBODY, address=address)
        use = Use.ONCE if may_be_given else Use.NEVER
        return self._authenticated(name, password, "sign-in", by, use)

    def welcome(self, name: str, verb: str, *, address: str = "") -> User:
        """Let in somebody whom another service vouches for, if their account is open.

        Raises
        ------
        SignInError
            ``E-SIGN-IN-ACCOUNT`` if there is no such account or it is disabled; the entry
            that says so is kept, without the name of an account that does not exist.
        """
        by = replace(NOBODY, address=address)
        with self._database.writing(Turn.ACCOUNTS) as connection:
            row = find_row(connection, name)
            user = None if row is None or row.disabled_at else user_from(row)
            result = Result.OK if user else Result.DENIED
            self._audit.write(connection, _attempt(verb, by, row, result))
        if user is None:
            raise _closed()
        return user

    def _authenticated(self, name: str, password: str, verb: str, by: Actor, use: Use) -> User:
        # When hundreds sign in at once most are told to wait, again and again: writing an
        # attempt down and taking it back for each would hold up everybody else.
        self._hasher.refuse_when_full()
        with self._database.reading() as connection:
            row = find_row(connection, name)
        key = account_key(None if row is None else row.id, normal_name(name))
        try:
            attempt = begin_attempt(self._database, key, by.address, self._clock())
        except SignInWaitError:
            self._tell_of_waiting(_attempt("sign-in-wait", by, row, Result.DENIED))
            raise
        stored = None if row is None or row.disabled_at else row.password_hash
        try:
            is_right = self._hasher.matches(password, stored)
        except SignInWaitError:
            with self._database.writing() as connection:
                end_attempt(connection, attempt)
            raise
        refused = refusal_of(row, self._clock(), use) if row is not None and is_right else _wrong()
        if row is None or refused is not None:
            self._audit.append(_attempt(verb, by, row, Result.DENIED))
            raise refused or _wrong()
        return self._welcomed(row, password, verb, by, use)

    def _welcomed(self, row: Row[Any], password: str, verb: str, by: Actor, use: Use) -> User:
        rehashed = self._stronger(password, row.password_hash)
        with self._database.writing(Turn.ACCOUNTS) as connection:
            now_row = existing_row(connection, row.name)
            if now_row.disabled_at or _password_of(now_row) != _password_of(row):
                raise _wrong()
            values = spent(row, self._clock(), use)
            if rehashed is not None:
                values["password_hash"] = rehashed
            if values:
                connection.execute(update(USERS).where(USERS.c.id == row.id).values(values))
            forgive(connection, account_key(row.id, row.name), by.address)
            self._audit.write(connection, _attempt(verb, by, now_row, Result.OK))
            return user_from(now_row)

    def _tell_of_waiting(self, entry: Entry) -> None:
        """Write down that somebody goes on guessing: once an address, and not each time.

        An outsider who asks a thousand times a minute would fill the disk with entries.
        """
        since = self._clock() - WINDOW
        if not self._audit.was_told(entry.verb, entry.actor.address, since):
            self._audit.append(entry)

    def _stronger(self, password: str, stored: str) -> str | None:
        """A new hash where the stored one was made at a lower cost, and nobody has to wait."""
        try:
            return self._hasher.hash(password) if self._hasher.is_weak(stored) else None
        except SignInWaitError:
            return None

    def _change(self, name: str, values: dict[str, Any], verb: str, by: Actor) -> User:
        now = self._clock()
        if "password_hash" in values:
            values = values | {"password_changed_at": now}
        with self._database.writing(Turn.ACCOUNTS) as connection:
            before = existing_row(connection, name)
            connection.execute(update(USERS).where(USERS.c.id == before.id).values(values))
            if before.role == Role.ADMIN and before.disabled_at is None:
                _refuse_without_admin(connection)
            revoke_sessions(connection, before.id, now)
            self._told(connection, by, verb, before.name, *values)
            return user_from(existing_row(connection, name))

    def _told(self, connection: Connection, by: Actor, verb: str, name: str, *what: str) -> None:
        self._audit.write(
            connection,
            Entry(actor=by, verb=verb, object_type="user", object_id=name, fields=what),
        )


def _password_of(row: Row[Any]) -> tuple[Any, ...]:
    """What must not change while a password is looked at: used at the same moment, it is spent."""
    return row.password_hash, row.password_used_at


def _attempt(verb: str, by: Actor, row: Row[Any] | None, result: Result) -> Entry:
    if row is None:
        return Entry(actor=by, verb=verb, object_type="user", result=result)
    actor = by
    if by.name == NOBODY.name and result is Result.OK:
        actor = replace(by, name=row.name, role=row.role, scope=tuple(row.districts))
    return Entry(actor=actor, verb=verb, object_type="user", object_id=row.name, result=result)


def _refuse_without_admin(connection: Connection) -> None:
    """Called when an admin has been changed: raising undoes the change."""
    admins = select(func.count()).where(USERS.c.role == Role.ADMIN, USERS.c.disabled_at.is_(None))
    if connection.execute(admins).scalar_one() == 0:
        raise AccountError(
            Fault(
                "E-USER-LAST-ADMIN",
                id="ini admin terakhir; angkat admin lain lebih dahulu",
                en="this is the last admin; make another one first",
            )
        )


def _taken(name: str) -> AccountError:
    return AccountError(
        Fault(
            "E-USER-TAKEN",
            id=f"akun {name} sudah ada; pilih nama lain, atau buka kembali dengan users enable",
            en=f"account {name} exists; choose another name, or open it again by users enable",
        )
    )


def _closed() -> SignInError:
    return SignInError(
        Fault(
            "E-SIGN-IN-ACCOUNT",
            id="di layanan ini tidak ada akun terbuka dengan nama Anda; hubungi admin",
            en="this service has no open account of your name; tell the administrator",
        )
    )


def _wrong() -> SignInError:
    return SignInError(
        Fault(
            "E-SIGN-IN",
            id="nama pengguna atau sandi salah",
            en="wrong name or password",
        )
    )
