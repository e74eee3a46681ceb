"""Passwords that hold, and hashes that do not starve the readers."""

import hashlib
import threading
import time
from typing import Any

import pytest

from geo_target.operations.passwords import (
    ADVISED,
    Cost,
    PasswordHasher,
    Turns,
    check_password,
    common_passwords,
    password_advice,
)
from geo_target.operations.refusals import AccountError, SignInWaitError
from tests.operations.world import CHEAP, GOOD, OTHER


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("abc4567", "LENGTH"),
        ("kerbau ungu " * 30, "LENGTH"),
        ("password", "COMMON"),
        ("PassWord", "COMMON"),
        ("Password2025!", "COMMON"),
        ("bismillah99", "COMMON"),
        ("iloveyou", "COMMON"),
        ("aaaabbbb", "COMMON"),
        ("Sayang12345", "COMMON"),
        ("kunci-siti.r-2025x", "NAME"),
        ("ibu Rahayu baik", "NAME"),
    ],
)
def test_refuses_what_is_easily_guessed(password: str, code: str) -> None:
    with pytest.raises(AccountError, match=f"E-PASSWORD-{code}"):
        check_password(password, "siti.r", "Siti Rahayu")


@pytest.mark.parametrize(
    "password", ["kuda7lari", GOOD, OTHER, "čokoláda na stole", "x" * 9 + "yzab"]
)
def test_accepts_the_rest(password: str) -> None:
    check_password(password, "siti.r", "Siti Rahayu")


def test_advises_longer_ones() -> None:
    assert password_advice("kuda7lari") is not None
    assert password_advice("a" * ADVISED) is None


def test_the_list_of_common_passwords_is_long() -> None:
    words = common_passwords()
    assert len(words) > 30_000
    assert all(word == word.strip().lower() for word in words)
    for word in ("iloveyou", "sayangku", "indonesia"):
        with pytest.raises(AccountError, match="E-PASSWORD-COMMON"):
            check_password(word)


def test_a_hash_matches_its_password_only() -> None:
    hasher = PasswordHasher(cost=CHEAP)
    stored = hasher.hash(GOOD)
    assert hasher.matches(GOOD, stored)
    assert not hasher.matches(GOOD + " ", stored)
    assert not hasher.matches(GOOD, None)
    assert hasher.hash(GOOD) != stored
    assert GOOD not in stored


def test_composed_letters_are_the_same_letters() -> None:
    hasher = PasswordHasher(cost=CHEAP)
    assert hasher.matches("caf\u00e9 cokelat", hasher.hash("cafe\u0301 cokelat"))


def test_the_default_cost_is_that_of_the_decision() -> None:
    assert Cost() == Cost(n=2**15, r=8, p=1)
    hasher = PasswordHasher()
    stored = hasher.hash(GOOD)
    assert stored.startswith("scrypt$32768$8$1$")
    assert hasher.matches(GOOD, stored)


def test_weaker_hashes_are_known() -> None:
    assert PasswordHasher().is_weak(PasswordHasher(cost=CHEAP).hash(GOOD))
    assert not PasswordHasher(cost=CHEAP).is_weak(PasswordHasher(cost=CHEAP).hash(GOOD))


def test_at_most_two_hashes_at_once_and_two_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = threading.Lock()
    now = most = 0

    def slow(*_: Any, **__: Any) -> bytes:
        nonlocal now, most
        with counting:
            now += 1
            most = max(most, now)
        time.sleep(0.2)
        with counting:
            now -= 1
        return bytes(32)

    hasher = PasswordHasher(cost=CHEAP)
    stored = hasher.hash(GOOD)
    monkeypatch.setattr(hashlib, "scrypt", slow)
    served: list[bool] = []
    sent_away: list[int] = []

    def sign_in() -> None:
        try:
            served.append(hasher.matches(GOOD, stored))
        except SignInWaitError as error:
            sent_away.append(error.wait_seconds)

    threads = [threading.Thread(target=sign_in) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2
    assert len(served) == 4
    assert sent_away == [1] * 6  # it has not learned yet how long a hash takes


def test_who_is_sent_away_comes_back_at_a_time_of_the_own() -> None:
    turns = Turns(at_once=2)
    for _ in range(50):
        turns.took(1.0)
    assert [turns.next_wait() for _ in range(7)] == [1, 1, 2, 2, 3, 3, 4]
    assert max(turns.next_wait() for _ in range(1000)) == 60
