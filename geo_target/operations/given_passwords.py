"""Passwords that somebody else has set: for one use, for a short time, and told to their owner.

Whoever sets a password knows it. So it opens nothing but the choice of another one, and
whoever used it before its owner has left a trace that the owner meets.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Row

from geo_target.errors import Fault
from geo_target.operations.refusals import AccountError, SignInError

#: Long enough for a week-end between whoever sets it and whoever uses it.
GOOD_FOR = timedelta(days=3)
#: So long every sign-in says who set another password: whoever took the account over with it
#: has seen that already, and cannot make it unsaid.
TOLD_FOR = timedelta(days=7)

#: Of a password that its owner has chosen.
OWN: Mapping[str, Any] = {"password_good_until": None, "password_used_at": None}


class Use(Enum):
    """What the password of an account is asked for, where somebody else may have set it."""

    NEVER = 0
    """Only a password that its owner has chosen will do."""
    ONCE = 1
    """It opens the choice of another one, and is spent."""
    AGAIN = 2
    """It is asked of whoever it has let in already."""


def given(now: datetime, good_for: timedelta | None) -> dict[str, Any]:
    """What is kept of a password that somebody else sets; `good_for` None lets it stand."""
    return {**OWN, "password_good_until": None if good_for is None else now + good_for}


def refusal_of(row: Row[Any], now: datetime, use: Use) -> SignInError | None:
    """Why the right password of an account lets nobody in; None: it does."""
    if row.password_good_until is None or use is Use.AGAIN:
        return None
    if row.password_used_at is not None or now >= row.password_good_until:
        return SignInError(_SPENT)
    return None if use is Use.ONCE else SignInError(_NOT_OWN)


def spent(row: Row[Any], now: datetime, use: Use) -> dict[str, Any]:
    """What is kept of a password that has just let somebody in."""
    is_given = row.password_good_until is not None
    return {"password_used_at": now} if is_given and use is Use.ONCE else {}


def refuse_the_same(old: str, new: str) -> None:
    """Refuse to keep a password that somebody else knows, or that was to be changed."""
    if old == new:
        raise AccountError(_SAME)


_SPENT = Fault(
    "E-PASSWORD-SPENT",
    id="sandi dari admin ini sudah pernah dipakai, atau lewat tiga hari; minta yang baru. Bila "
    "bukan Anda yang memakainya, katakan itu kepada admin dan auditor",
    en="this password from the administrator has been used, or is older than three days; ask "
    "for another one. If it was not you who used it, tell the administrator and the auditor",
)
_NOT_OWN = Fault(
    "E-PASSWORD-NOT-OWN",
    id="sandi ini diberikan orang lain; pilih dahulu sandi sendiri di halaman masuk, atau "
    "jalankan: geo-target users choose",
    en="somebody else has set this password; choose one of your own first, on the sign-in page "
    "or by: geo-target users choose",
)
_SAME = Fault(
    "E-PASSWORD-SAME",
    id="sandi baru sama dengan yang lama; pilih yang lain",
    en="the new password is the old one; choose another",
)
