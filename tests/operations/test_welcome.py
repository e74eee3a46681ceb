"""Letting in whom another service vouches for: only into an account that is open."""

import pytest

from geo_target.operations.accounts import Accounts
from geo_target.operations.database import Database
from geo_target.operations.refusals import SignInError, StorageError
from tests.operations.test_accounts import trail
from tests.operations.world import GOOD, ROOT, full_disk

VERB = "sign-in-oidc"


@pytest.fixture
def siti(accounts: Accounts) -> str:
    accounts.add("siti", "Siti Rahayu", GOOD, "officer", ["36.73.01"], by=ROOT)
    return "siti"


def test_an_open_account_is_let_in_as_our_database_has_it(
    accounts: Accounts, database: Database, siti: str
) -> None:
    user = accounts.welcome("siti", VERB, address="10.0.0.7")
    assert (user.name, user.role, user.districts) == ("siti", "officer", ("36.73.01",))
    assert trail(database)[-1] == ("siti", VERB, "siti", "ok")


def test_a_closed_or_unknown_account_is_refused_in_the_same_words(
    accounts: Accounts, database: Database, siti: str
) -> None:
    accounts.disable("siti", by=ROOT)
    words = set()
    for name in ("siti", "tono"):
        with pytest.raises(SignInError, match="E-SIGN-IN-ACCOUNT") as refused:
            accounts.welcome(name, VERB)
        words.add(refused.value.text("en"))
    assert len(words) == 1
    assert trail(database)[-2:] == [("-", VERB, "siti", "denied"), ("-", VERB, "", "denied")]
    assert [user.name for user in accounts.users()] == ["siti"]


def test_nobody_is_let_in_whom_the_audit_log_cannot_tell_of(
    accounts: Accounts, database: Database, siti: str
) -> None:
    def come_in_until_the_file_is_full() -> None:
        for _ in range(500):
            accounts.welcome("siti", VERB)

    with full_disk(database), pytest.raises(StorageError):
        come_in_until_the_file_is_full()
