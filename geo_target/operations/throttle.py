"""Slows down guessing: wrong passwords are counted by account and by address."""

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from geo_target.errors import Fault
from geo_target.operations.database import Database, Turn
from geo_target.operations.refusals import SignInWaitError
from geo_target.operations.tables import LOGIN_ATTEMPTS

WINDOW = timedelta(minutes=15)
#: Of one account from one address. Few, since whoever mistypes sits at one machine.
PER_ACCOUNT_AND_ADDRESS = 5
#: Of one account from anywhere: many, or else outsiders could keep its owner out.
PER_ACCOUNT = 50
#: Of one address, whatever the account.
PER_ADDRESS = 20

#: A clock that was ahead and set right again leaves attempts of the future: not counted.
_CLOCK_TOLERANCE = timedelta(minutes=5)
_KEPT = timedelta(days=1)


def begin_attempt(database: Database, account: str, address: str, now: datetime) -> int:
    """Count an attempt as wrong before its password is looked at.

    Many at once would otherwise all pass before the first is counted.

    Parameters
    ----------
    database
        The operations database.
    account
        From `account_key`.
    address
        Where it comes from.
    now
        The moment.

    Returns
    -------
    int
        Its number, for `end_attempt`.

    Raises
    ------
    SignInWaitError
        If there were too many wrong ones; this one is not counted, so that the right
        password works when the wait is over.
    """
    with database.writing(Turn.ATTEMPTS) as connection:
        connection.execute(delete(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.at < now - _KEPT))
        of_account = LOGIN_ATTEMPTS.c.account == account
        of_address = LOGIN_ATTEMPTS.c.address == address
        wait = max(
            _wait(connection, of_account & of_address, PER_ACCOUNT_AND_ADDRESS, now),
            _wait(connection, of_account, PER_ACCOUNT, now),
            _wait(connection, of_address, PER_ADDRESS, now),
        )
        if wait > timedelta(0):
            raise _too_many(wait)
        attempt = insert(LOGIN_ATTEMPTS).values(account=account, address=address, at=now)
        return int(connection.execute(attempt.returning(LOGIN_ATTEMPTS.c.id)).scalar_one())


def end_attempt(connection: Connection, attempt: int) -> None:
    """Forget an attempt whose password was never looked at."""
    connection.execute(delete(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.id == attempt))


def forgive(connection: Connection, account: str, address: str) -> None:
    """Forget an account's wrong passwords from an address, for the right one has come from it."""
    own = (LOGIN_ATTEMPTS.c.account == account) & (LOGIN_ATTEMPTS.c.address == address)
    connection.execute(delete(LOGIN_ATTEMPTS).where(own))


def account_key(user_id: int | None, name: str) -> str:
    """What attempts are counted under.

    For an unknown name only a little of its hash: people type passwords and NIKs there,
    and many names share these six characters.
    """
    if user_id is not None:
        return f"user:{user_id}"
    return "unknown:" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]


def _wait(
    connection: Connection, whose: ColumnElement[bool], limit: int, now: datetime
) -> timedelta:
    """How long until fewer than `limit` lie within the window."""
    counted = (
        select(LOGIN_ATTEMPTS.c.at)
        .where(whose, LOGIN_ATTEMPTS.c.at > now - WINDOW)
        .where(LOGIN_ATTEMPTS.c.at <= now + _CLOCK_TOLERANCE)
        .order_by(LOGIN_ATTEMPTS.c.at.desc())
        .limit(limit)
    )
    times = connection.scalars(counted).all()
    return times[-1] + WINDOW - now if len(times) == limit else timedelta(0)


def _too_many(wait: timedelta) -> SignInWaitError:
    minutes = math.ceil(wait / timedelta(minutes=1))
    return SignInWaitError(
        Fault(
            "E-SIGN-IN-WAIT",
            id=f"terlalu banyak percobaan; ulangi {minutes} menit lagi",
            en=f"too many attempts; try again in {minutes} minutes",
        ),
        wait_seconds=math.ceil(wait.total_seconds()),
    )
