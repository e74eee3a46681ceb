"""Passwords: which are good enough, and how they are kept."""

import base64
import hashlib
import hmac
import math
import secrets
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from geo_target.errors import Fault
from geo_target.operations.refusals import AccountError, SignInWaitError

SHORTEST = 8
ADVISED = 15
LONGEST = 256
_FEWEST_CHARACTERS = 4
_SHORTEST_NAME_PART = 4


@dataclass(frozen=True)
class Cost:
    """What scrypt is made to cost; a hash carries its own."""

    n: int = 2**15
    r: int = 8
    p: int = 1

    def weaker_than(self, other: "Cost") -> bool:
        """Whether a guess costs less."""
        return self.n * self.r * self.p < other.n * other.r * other.p or self.n < other.n


class PasswordHasher:
    """Hashes with scrypt, at most two at a time, so that sign-ins do not starve readers.

    The default cost is 32 MB and about 0.1 s (docs/decisions/0008-operations.md). Who finds
    the queue full is told when to come back, so that the threads of the service do not all
    stand in it.
    """

    def __init__(self, *, cost: Cost | None = None, at_once: int = 2, waiting: int = 2) -> None:
        self.cost = cost or Cost()
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._at_once = threading.BoundedSemaphore(at_once)
        self._nobody = _packed(self.cost, bytes(_SALT_BYTES), bytes(_HASH_BYTES))
        self._turns = Turns(at_once)

    def hash(self, password: str) -> str:
        """Hash a new password: ``scrypt$n$r$p$salt$hash``."""
        salt = secrets.token_bytes(_SALT_BYTES)
        with self._place():
            return _packed(self.cost, salt, scrypt(password, salt, self.cost))

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one behind `stored`.

        None, for an account that does not exist, costs as much time as a wrong password.
        """
        cost, salt, expected = _unpacked(stored or self._nobody)
        with self._place():
            found = scrypt(password, salt, cost)
        return hmac.compare_digest(found, expected) and stored is not None

    def is_weak(self, stored: str) -> bool:
        """Whether `stored` was made at a lower cost than is asked for today."""
        return _unpacked(stored)[0].weaker_than(self.cost)

    def refuse_when_full(self) -> None:
        """Raise SignInWaitError if there is no place now: cheap, before anything is written."""
        if not self._places.acquire(blocking=False):
            raise _busy(self._turns.next_wait())
        self._places.release()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise _busy(self._turns.next_wait())
        try:
            with self._at_once:
                began = time.monotonic()
                yield
                self._turns.took(time.monotonic() - began)
        finally:
            self._places.release()


class Turns:
    """Tells those who find the queue full when to come back, each at a time of their own.

    Told the same second they would all come back in it, and all but a few in vain.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lock = threading.Lock()
        self._hash_s = 0.0
        self._last = 0.0

    def took(self, seconds: float) -> None:
        """Learn how long a hash takes on this machine, now."""
        with self._lock:
            self._hash_s += (seconds - self._hash_s) / _LEARNED_FROM

    def next_wait(self) -> int:
        """Seconds until the turn after the last one that was given away."""
        with self._lock:
            now = time.monotonic()
            self._last = max(self._last, now) + self._hash_s / self._at_once
            return min(_LONGEST_WAIT_S, max(1, math.ceil(self._last - now)))


#: Hashes over which the time of one is averaged.
_LEARNED_FROM = 8
_LONGEST_WAIT_S = 60

_SALT_BYTES = 16
_HASH_BYTES = 32


def scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    """Hash the password, however its characters were composed on the keyboard."""
    return hashlib.scrypt(
        _normal(password).encode("utf-8", "replace"),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=128 * cost.r * (cost.n + cost.p + 2) + 2**20,
        dklen=_HASH_BYTES,
    )


def check_password(password: str, *names: str) -> None:
    """Refuse a password that is easily guessed.

    Parameters
    ----------
    password
        The password to be.
    names
        Name of the account and of its owner: no part of a password.

    Raises
    ------
    AccountError
        If it is too short, too long, common, of too few characters, or holds a name.
    """
    folded = _normal(password).casefold()
    parts = {part for name in names for part in _normal(name).casefold().split()}
    if not SHORTEST <= len(folded) <= LONGEST:
        raise _refused(
            "E-PASSWORD-LENGTH",
            f"sandi harus {SHORTEST} sampai {LONGEST} karakter; sebaiknya {ADVISED} atau lebih, "
            "misalnya empat kata acak",
            f"a password needs {SHORTEST} to {LONGEST} characters; better {ADVISED} or more, "
            "such as four random words",
        )
    if len(set(folded)) < _FEWEST_CHARACTERS or _is_common(folded):
        raise _refused(
            "E-PASSWORD-COMMON",
            "sandi ini termasuk yang pertama ditebak orang; pilih beberapa kata acak",
            "this password is among the first that are guessed; choose some random words",
        )
    if any(len(part) >= _SHORTEST_NAME_PART and part in folded for part in parts):
        raise _refused(
            "E-PASSWORD-NAME",
            "sandi tidak boleh memuat nama pengguna atau nama Anda; pilih kata lain",
            "a password may not hold the name of the account or your own; choose other words",
        )


def password_advice(password: str) -> Fault | None:
    """What to tell who chose a password that is allowed, but short."""
    if len(_normal(password)) >= ADVISED:
        return None
    return Fault(
        "W-PASSWORD-SHORT",
        id=f"sandi diterima; {ADVISED} karakter atau lebih jauh lebih aman",
        en=f"the password is accepted; {ADVISED} characters or more are much safer",
    )


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that are guessed first, in lower case."""
    from zxcvbn.frequency_lists import (  # type: ignore[import-untyped]  # noqa: PLC0415
        FREQUENCY_LISTS,
    )

    text = files("geo_target.operations").joinpath("common_passwords.txt").read_text("utf-8")
    own = (line for line in text.splitlines() if line and not line.startswith("#"))
    return frozenset([*own, *FREQUENCY_LISTS["passwords"]])


def _is_common(folded: str) -> bool:
    """Whether it is in the list, as it is or but for digits and signs at its ends."""
    letters = folded.strip("0123456789!@#$%^&*()-_=+.,;:?/ ")
    return folded in common_passwords() or letters in common_passwords()


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _packed(cost: Cost, salt: bytes, content: bytes) -> str:
    coded = (base64.b64encode(part).decode("ascii") for part in (salt, content))
    return "$".join(("scrypt", str(cost.n), str(cost.r), str(cost.p), *coded))


def _unpacked(stored: str) -> tuple[Cost, bytes, bytes]:
    _, n, r, p, salt, content = stored.split("$")
    return Cost(int(n), int(r), int(p)), base64.b64decode(salt), base64.b64decode(content)


def _busy(wait_seconds: int) -> SignInWaitError:
    return SignInWaitError(
        Fault(
            "E-SIGN-IN-BUSY",
            id=f"banyak orang sedang masuk; ulangi {wait_seconds} detik lagi",
            en=f"many people are signing in; try again in {wait_seconds} seconds",
        ),
        wait_seconds=wait_seconds,
    )


def _refused(code: str, id_: str, en: str) -> AccountError:
    return AccountError(Fault(code, id=id_, en=en))
