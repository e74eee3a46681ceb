"""Accounts, who may change them, and what guessing brings."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.audit_chain import verify
from geo_target.operations.database import Database
from geo_target.operations.passwords import Cost, PasswordHasher
from geo_target.operations.refusals import AccountError, SignInError, SignInWaitError, StorageError
from geo_target.operations.sessions import Sessions
from geo_target.operations.tables import AUDIT_LOG, LOGIN_ATTEMPTS, USERS
from tests.operations.world import CHEAP, GOOD, OTHER, ROOT, Clock, full_disk

WRONG = "bukan sandi saya"


@pytest.fixture
def siti(accounts: Accounts) -> str:
    accounts.add("siti", "Siti Rahayu", GOOD, "officer", ["36.73.01"], by=ROOT)
    return "siti"


def refusal(do: Callable[[], object]) -> SignInError:
    with pytest.raises(SignInError) as refused:
        do()
    return refused.value


def trail(database: Database) -> list[tuple[str, str, str, str]]:
    columns = (AUDIT_LOG.c.actor, AUDIT_LOG.c.verb, AUDIT_LOG.c.object_id, AUDIT_LOG.c.result)
    with database.reading() as connection:
        return [
            tuple(row) for row in connection.execute(select(*columns).order_by(AUDIT_LOG.c.seq))
        ]


def test_add_find_and_list(accounts: Accounts, clock: Clock) -> None:
    accounts.add(" Budi ", "Budi Santoso", OTHER, "admin", by=ROOT)
    siti = accounts.add(
        "siti", "Siti Rahayu", GOOD, "officer", ["36.73.02", "36.73.01", "36.73.01"], by=ROOT
    )
    assert siti.districts == ("36.73.01", "36.73.02")
    assert (siti.created_at, siti.created_by, siti.disabled_at) == (clock.now, "cli", None)
    assert [user.name for user in accounts.users()] == ["budi", "siti"]
    assert accounts.find("SITI") == siti
    assert accounts.find("tono") is None
    assert siti.may("family.read")
    assert not siti.may("user.manage")


@pytest.mark.parametrize(
    ("name", "display_name", "role", "districts", "code"),
    [
        ("s", "Siti", "viewer", [], "E-USER-NAME"),
        ("siti rahayu", "Siti", "viewer", [], "E-USER-NAME"),
        ("command-line", "Siti", "viewer", [], "E-USER-NAME"),
        ("9" * 12 + "0101", "Siti", "viewer", [], "E-USER-NAME"),
        ("siti", "", "viewer", [], "E-USER-DISPLAY-NAME"),
        ("siti", "Siti " + "36739" + "8" * 11, "viewer", [], "E-USER-DISPLAY-NAME"),
        ("siti", "Siti", "root", [], "E-USER-ROLE"),
        ("siti", "Siti", "public", [], "E-USER-ROLE"),
        ("siti", "Siti", "officer", [], "E-USER-DISTRICTS"),
        ("siti", "Siti", "officer", ["36.73"], "E-USER-DISTRICTS"),
        ("siti", "Siti", "admin", ["36.73.01"], "E-USER-DISTRICTS"),
    ],
)
def test_refuses_accounts_that_make_no_sense(  # noqa: PLR0917
    accounts: Accounts, name: str, display_name: str, role: str, districts: list[str], code: str
) -> None:
    with pytest.raises(AccountError, match=code):
        accounts.add(name, display_name, GOOD, role, districts, by=ROOT)
    assert accounts.users() == []


def test_a_name_is_taken_once(accounts: Accounts, siti: str) -> None:
    with pytest.raises(AccountError, match="E-USER-TAKEN"):
        accounts.add("SITI", "Siti Lain", OTHER, "viewer", by=ROOT)


def test_unknown_accounts_are_said_to_be_unknown(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="E-USER-UNKNOWN"):
        accounts.disable("tono", by=ROOT)


def test_every_change_is_in_the_audit_log(
    accounts: Accounts, database: Database, siti: str
) -> None:
    accounts.sign_in("siti", GOOD)
    refusal(lambda: accounts.sign_in("siti", WRONG))
    refusal(lambda: accounts.sign_in(WRONG, GOOD))
    accounts.set_role("siti", "viewer", by=ROOT)
    accounts.set_password("siti", OTHER, by=ROOT)
    accounts.disable("siti", by=ROOT)
    accounts.enable("siti", by=ROOT)
    assert trail(database) == [
        ("cli", "user.add", "siti", "ok"),
        ("siti", "sign-in", "siti", "ok"),
        ("-", "sign-in", "siti", "denied"),
        ("-", "sign-in", "", "denied"),
        ("cli", "user.role", "siti", "ok"),
        ("cli", "user.passwd", "siti", "ok"),
        ("cli", "user.disable", "siti", "ok"),
        ("cli", "user.enable", "siti", "ok"),
    ]
    assert verify(database).broken is None


def test_what_cannot_be_logged_does_not_happen(
    accounts: Accounts, siti: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(AuditLog, "write", refuse)
    with pytest.raises(OSError):  # noqa: PT011
        accounts.disable("siti", by=ROOT)
    user = accounts.find("siti")
    assert user is not None
    assert user.disabled_at is None


def test_full_disk_changes_nothing(accounts: Accounts, database: Database, siti: str) -> None:
    many = [f"{number // 100:02}.73.{number % 100:02}" for number in range(3000)]
    with full_disk(database), pytest.raises(StorageError):
        accounts.add("tono", "Tono", OTHER, "officer", many, by=ROOT)
    assert [user.name for user in accounts.users()] == ["siti"]
    assert verify(database).broken is None


def test_unknown_wrong_and_disabled_look_the_same(
    database: Database, accounts: Accounts, siti: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add("tono", "Tono", OTHER, "viewer", by=ROOT)
    accounts.disable("tono", by=ROOT)
    costs: list[Cost] = []

    def counted(_password: str, _salt: bytes, cost: Cost) -> bytes:
        costs.append(cost)
        return bytes(32)

    monkeypatch.setattr("geo_target.operations.passwords.scrypt", counted)
    said = [
        refusal(lambda name=name: accounts.sign_in(name, OTHER)).text()  # type: ignore[misc]
        for name in ("siti", "nobody", "tono")
    ]
    assert set(said) == {"nama pengguna atau sandi salah [E-SIGN-IN]"}
    assert costs == [CHEAP] * 3


def test_after_five_wrong_passwords_the_account_waits(
    accounts: Accounts, clock: Clock, siti: str
) -> None:
    for _ in range(5):
        assert not isinstance(refusal(lambda: accounts.sign_in("siti", WRONG)), SignInWaitError)
        clock.move(minutes=1)
    waits = refusal(lambda: accounts.sign_in("siti", GOOD))
    assert isinstance(waits, SignInWaitError)
    assert waits.wait_seconds == 10 * 60
    assert "10 menit" in waits.text()
    clock.move(minutes=9, seconds=59)
    assert isinstance(refusal(lambda: accounts.sign_in("siti", GOOD)), SignInWaitError)
    clock.move(seconds=1)
    assert accounts.sign_in("siti", GOOD).name == "siti"


def test_going_on_guessing_is_written_down_once_an_address_and_quarter_of_an_hour(
    accounts: Accounts, database: Database, clock: Clock, siti: str
) -> None:
    def waits(address: str) -> int:
        for _ in range(8):
            refusal(lambda: accounts.sign_in("siti", WRONG, address=address))
        return [verb for _, verb, *_ in trail(database)].count("sign-in-wait")

    assert waits("10.0.0.1") == 1
    assert waits("10.0.0.2") == 2
    assert waits("10.0.0.1") == 2
    clock.move(minutes=15, seconds=1)
    assert waits("10.0.0.1") == 3
    assert ("-", "sign-in-wait", "siti", "denied") in trail(database)


def test_unknown_names_wait_too(accounts: Accounts) -> None:
    for _ in range(5):
        refusal(lambda: accounts.sign_in("nobody", WRONG))
    assert isinstance(refusal(lambda: accounts.sign_in("nobody", WRONG)), SignInWaitError)


def test_the_right_password_forgives_the_wrong_ones(accounts: Accounts, siti: str) -> None:
    for _ in range(3):
        for _ in range(4):
            refusal(lambda: accounts.sign_in("siti", WRONG))
        accounts.sign_in("siti", GOOD)


def test_after_twenty_wrong_ones_from_one_address_all_accounts_wait_there(
    accounts: Accounts, clock: Clock, siti: str
) -> None:
    for number in range(20):
        refusal(lambda number=number: accounts.sign_in(f"user{number}", WRONG, address="10.0.0.9"))  # type: ignore[misc]
    waits = refusal(lambda: accounts.sign_in("siti", GOOD, address="10.0.0.9"))
    assert isinstance(waits, SignInWaitError)
    accounts.sign_in("siti", GOOD, address="10.0.0.8")
    clock.move(minutes=15)
    accounts.sign_in("siti", GOOD, address="10.0.0.9")


def test_a_clock_that_was_ahead_locks_nobody_out(
    accounts: Accounts, clock: Clock, siti: str
) -> None:
    clock.move(days=365)
    for _ in range(5):
        refusal(lambda: accounts.sign_in("siti", WRONG))
    clock.move(days=-365)
    accounts.sign_in("siti", GOOD)


def test_many_guesses_at_once_are_all_counted(
    database: Database, clock: Clock, accounts: Accounts, siti: str
) -> None:
    many = Accounts(database, hasher=PasswordHasher(cost=CHEAP, waiting=100), clock=clock)
    looked_at: list[bool] = []

    def guess() -> None:
        looked_at.append(
            not isinstance(refusal(lambda: many.sign_in("siti", WRONG)), SignInWaitError)
        )

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(looked_at) == [False] * 7 + [True] * 5


def test_who_finds_the_queue_full_has_not_guessed(
    database: Database, clock: Clock, accounts: Accounts, siti: str
) -> None:
    full = Accounts(database, hasher=PasswordHasher(cost=CHEAP, at_once=1, waiting=-1), clock=clock)
    assert isinstance(refusal(lambda: full.sign_in("siti", GOOD)), SignInWaitError)
    with database.reading() as connection:
        assert connection.scalars(select(LOGIN_ATTEMPTS.c.id)).all() == []


def test_who_finds_the_queue_full_holds_up_no_writer(
    database: Database, clock: Clock, accounts: Accounts, siti: str
) -> None:
    full = Accounts(database, hasher=PasswordHasher(cost=CHEAP, at_once=1, waiting=-1), clock=clock)
    said: list[str] = []

    def listen(*context: object) -> None:
        said.append(str(context[2]))

    event.listen(database.engine, "before_cursor_execute", listen)
    refusal(lambda: full.sign_in("siti", GOOD))
    event.remove(database.engine, "before_cursor_execute", listen)
    assert said == []


def test_what_was_typed_is_not_kept(database: Database, accounts: Accounts) -> None:
    refusal(lambda: accounts.sign_in("rahasia kita", "lain lagi"))
    with database.reading() as connection:
        kept = [*connection.execute(select(LOGIN_ATTEMPTS)), *connection.execute(select(AUDIT_LOG))]
    assert "rahasia" not in str(kept)


def test_a_weaker_hash_is_made_anew_at_sign_in(
    database: Database, clock: Clock, accounts: Accounts, siti: str
) -> None:
    dearer = Accounts(database, hasher=PasswordHasher(cost=Cost(n=2**5, r=8, p=3)), clock=clock)
    dearer.sign_in("siti", GOOD)
    with database.reading() as connection:
        stored = connection.scalars(select(USERS.c.password_hash)).one()
    assert stored.startswith("scrypt$32$8$3$")
    dearer.sign_in("siti", GOOD)


def test_the_last_admin_stays(accounts: Accounts) -> None:
    for name in ("ani", "budi"):
        accounts.add(name, name.title(), GOOD, "admin", by=ROOT)
    accounts.disable("ani", by=ROOT)
    with pytest.raises(AccountError, match="E-USER-LAST-ADMIN"):
        accounts.disable("budi", by=ROOT)
    with pytest.raises(AccountError, match="E-USER-LAST-ADMIN"):
        accounts.set_role("budi", "viewer", by=ROOT)
    budi = accounts.find("budi")
    assert budi is not None
    assert (budi.role, budi.disabled_at) == ("admin", None)
    accounts.enable("ani", by=ROOT)
    accounts.disable("budi", by=ROOT)


def test_two_admins_cannot_disable_each_other_at_once(accounts: Accounts) -> None:
    for name in ("ani", "budi"):
        accounts.add(name, name.title(), GOOD, "admin", by=ROOT)
    refused: list[str] = []

    def disable(name: str) -> None:
        try:
            accounts.disable(name, by=ROOT)
        except AccountError:
            refused.append(name)

    threads = [threading.Thread(target=disable, args=(name,)) for name in ("ani", "budi")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert [user.name for user in accounts.users() if user.disabled_at is None] == refused


def test_a_disabled_user_is_out_at_once(accounts: Accounts, sessions: Sessions, siti: str) -> None:
    token = sessions.create(accounts.sign_in("siti", GOOD))
    assert sessions.verify(token) is not None
    accounts.disable("siti", by=ROOT)
    assert sessions.verify(token) is None
    accounts.enable("siti", by=ROOT)
    assert sessions.verify(token) is None
    accounts.sign_in("siti", GOOD)


def test_a_new_password_ends_sessions_and_the_old_password(
    accounts: Accounts, sessions: Sessions, siti: str
) -> None:
    token = sessions.create(accounts.sign_in("siti", GOOD))
    session = sessions.verify(token)
    assert session is not None
    refusal(lambda: accounts.change_password("siti", WRONG, OTHER, by=session.actor()))
    assert sessions.verify(token) is not None
    accounts.change_password("siti", GOOD, OTHER, by=session.actor())
    assert sessions.verify(token) is None
    refusal(lambda: accounts.sign_in("siti", GOOD))
    accounts.sign_in("siti", OTHER)
    with pytest.raises(AccountError, match="E-PASSWORD-COMMON"):
        accounts.set_password("siti", "password1", by=ROOT)


def test_a_password_that_changes_while_it_is_looked_at_is_wrong(
    database: Database, clock: Clock, accounts: Accounts, siti: str
) -> None:
    class Slow(PasswordHasher):
        def matches(self, password: str, stored: str | None) -> bool:
            accounts.set_password("siti", OTHER, by=ROOT)
            return super().matches(password, stored)

    slow = Accounts(database, hasher=Slow(cost=CHEAP), clock=clock)
    assert "E-SIGN-IN" in refusal(lambda: slow.sign_in("siti", GOOD)).text()


def test_who_is_disabled_while_signing_in_is_not_let_in(
    accounts: Accounts, sessions: Sessions, siti: str
) -> None:
    user = accounts.sign_in("siti", GOOD)
    accounts.disable("siti", by=ROOT)
    assert sessions.verify(sessions.create(user)) is None
