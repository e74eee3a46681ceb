"""A long password counts to its last letter, and stays right until somebody changes it."""

import pytest

from geo_target.operations.accounts import Accounts
from geo_target.operations.refusals import SignInError
from tests.operations.world import ROOT, Clock

WORDS = "kerbau ungu menyeberang sungai di bawah bulan yang tidak pernah tidur "
LONG = (WORDS * 4)[:255] + "K"


@pytest.mark.parametrize("length", [64, 128, 256])
def test_long_passwords_are_taken_whole(accounts: Accounts, length: int) -> None:
    password = LONG[-length:]
    accounts.add("siti", "Siti Rahayu", password, "viewer", by=ROOT)
    for other in (password[:-1], password[:-1] + "k", password[1:], password.lower()):
        with pytest.raises(SignInError):
            accounts.sign_in("siti", other)
    assert accounts.sign_in("siti", password).name == "siti"


def test_a_password_does_not_grow_old(accounts: Accounts, clock: Clock) -> None:
    accounts.add("siti", "Siti Rahayu", LONG, "viewer", by=ROOT)
    clock.move(days=3 * 365)
    assert accounts.sign_in("siti", LONG).name == "siti"


def test_a_new_database_lets_nobody_in(accounts: Accounts) -> None:
    assert accounts.users() == []
    for name in ("admin", "root", "sa", "geo_target", "dinsos"):
        with pytest.raises(SignInError):
            accounts.sign_in(name, name)
