"""What a coordinator says of a pair stands, until the data change or it is withdrawn."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import Database
from geo_target.operations.numbers import keyed_id
from geo_target.operations.refusals import SettlementError, StorageError
from geo_target.operations.roles import ROLES, Role
from geo_target.operations.settlements import (
    LONGEST_NOTE,
    Question,
    Settlements,
    Verdict,
    pair_id,
    settled,
)
from tests.builders import kk, nik
from tests.operations.world import ROOT, Clock

RUN, KEY = "000001-20251001T020000Z", b"k" * 32
RATNA = Actor(name="ratna", role="coordinator")
SARI = Actor(name="sari", role="coordinator")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT


def asked(number: int = 1, *, data: str = "a") -> Question:
    pair = ("dtsen", f"D{number}", "p3ke", f"P{number}")
    return Question(pair, pair_id(pair, KEY), data * 64, RUN)


@pytest.fixture
def settlements(database: Database, clock: Clock) -> Settlements:
    return Settlements(database, clock=clock)


def said(settlements: Settlements) -> dict[str, tuple[str, str]]:
    """Verdict and who gave it, by the first family of each pair."""
    return {
        pair[1]: (stands.verdict.value, stands.decided_by)
        for pair, stands in settlements.standing().items()
    }


def steps(audit: AuditLog) -> list[tuple[str, str, str]]:
    entries = audit.entries(by=ROOT)
    return [(e["actor"], e["fields"], e["result"]) for e in entries if e["verb"] == "pair.settle"]


def test_what_is_said_of_a_pair_stands(
    settlements: Settlements, audit: AuditLog, clock: Clock
) -> None:
    made, is_new = settlements.decide(asked(1), SAME, by=RATNA, note="satu rumah")
    settlements.decide(asked(2), DIFFERENT, by=SARI)
    assert is_new
    assert settlements.standing()[made.pair] == made
    assert (made.fingerprint, made.note, made.run_id) == ("a" * 64, "satu rumah", RUN)
    assert made.decided_at == clock.now
    assert said(settlements) == {"D1": ("same", "ratna"), "D2": ("different", "sari")}
    assert steps(audit) == [("ratna", "same", "ok"), ("sari", "different", "ok")]


def test_the_same_said_again_changes_nothing(settlements: Settlements, audit: AuditLog) -> None:
    first, _ = settlements.decide(asked(), SAME, by=RATNA)
    assert settlements.decide(asked(), SAME, by=RATNA) == (first, False)
    assert settlements.decide(asked(), SAME, by=SARI) == (first, False)
    assert len(steps(audit)) == 1


def test_whoever_comes_later_is_told_that_it_is_settled(settlements: Settlements) -> None:
    settlements.decide(asked(), SAME, by=RATNA)
    with pytest.raises(SettlementError, match=r"ratna .*the same family"):
        settlements.decide(asked(), DIFFERENT, by=SARI)
    assert said(settlements) == {"D1": ("same", "ratna")}


def test_when_the_data_have_changed_it_is_asked_anew(settlements: Settlements) -> None:
    before, _ = settlements.decide(asked(), SAME, by=RATNA)
    assert (before.holds("a" * 64), before.holds("b" * 64)) == (True, False)
    settlements.decide(asked(data="b"), DIFFERENT, by=SARI)
    assert said(settlements) == {"D1": ("different", "sari")}


def test_a_word_is_taken_back_and_the_pair_is_open(
    settlements: Settlements, audit: AuditLog
) -> None:
    made, _ = settlements.decide(asked(), SAME, by=RATNA)
    for _ in range(2):  # the second time there is nothing to take back
        settlements.withdraw(asked(), made.number, by=RATNA)
        assert said(settlements) == {}
    assert [fields for _, fields, _ in steps(audit)] == ["same", "open"]
    settlements.decide(asked(), DIFFERENT, by=RATNA)
    assert said(settlements) == {"D1": ("different", "ratna")}


def test_a_word_is_taken_back_without_any_run(settlements: Settlements) -> None:
    made, _ = settlements.decide(asked(), SAME, by=RATNA)
    question = made.question(KEY)
    assert question == asked()
    settlements.withdraw(question, made.number, by=SARI)
    assert said(settlements) == {}


def test_what_settles_a_pair_of_a_run(settlements: Settlements) -> None:
    made, _ = settlements.decide(asked(), SAME, by=RATNA)
    standing, later = settlements.standing(), "000002-20251101T020000Z"
    assert settled(standing, made.pair, "a" * 64, RUN) == made
    assert settled(standing, made.pair, "b" * 64, RUN) is None
    assert settled(standing, made.pair, "a" * 64, later) == made
    assert settled(standing, made.pair, "a" * 64, RUN, was_decided=True) == made
    assert settled(standing, made.pair, "a" * 64, later, was_decided=True) is None
    assert settled({}, made.pair, "a" * 64, RUN) is None


def test_only_what_one_has_seen_is_taken_back(settlements: Settlements) -> None:
    first, _ = settlements.decide(asked(), SAME, by=RATNA)
    settlements.withdraw(asked(), first.number, by=RATNA)
    settlements.decide(asked(), DIFFERENT, by=SARI)
    with pytest.raises(SettlementError, match="E-PAIR-SETTLED"):
        settlements.withdraw(asked(), first.number, by=RATNA)
    assert said(settlements) == {"D1": ("different", "sari")}


@pytest.mark.parametrize("role", sorted(set(ROLES) - {Role.COORDINATOR}))
def test_other_roles_settle_nothing(settlements: Settlements, audit: AuditLog, role: str) -> None:
    other = Actor(name="citra", role=role)
    with pytest.raises(SettlementError, match="E-PAIR-ROLE"):
        settlements.decide(asked(), SAME, by=other)
    with pytest.raises(SettlementError, match="E-PAIR-ROLE"):
        settlements.withdraw(asked(), 1, by=other)
    assert said(settlements) == {}
    assert steps(audit) == [("citra", "", "denied")] * 2


@pytest.mark.parametrize(
    "note",
    ["x" * (LONGEST_NOTE + 1), f"NIK {nik(1)}", f"{kk(1)[:12]} {kk(1)[12:]}"],
    ids=["long", "nik", "kk"],
)
def test_a_note_is_short_and_without_a_number(settlements: Settlements, note: str) -> None:
    with pytest.raises(SettlementError, match="E-PAIR-NOTE"):
        settlements.decide(asked(), SAME, by=RATNA, note=note)
    assert said(settlements) == {}


def test_what_cannot_be_logged_is_not_said(
    settlements: Settlements, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError

    monkeypatch.setattr(AuditLog, "write", refuse)
    with pytest.raises(StorageError):
        settlements.decide(asked(), SAME, by=RATNA)
    assert said(settlements) == {}


def test_two_at_once_leave_one_word(settlements: Settlements, audit: AuditLog) -> None:
    barrier = threading.Barrier(2)

    def decide(who: Actor, verdict: Verdict) -> bool:
        barrier.wait()
        try:
            return settlements.decide(asked(), verdict, by=who)[1]
        except SettlementError:
            return False

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(decide, (RATNA, SARI), (SAME, DIFFERENT)))
    assert sorted(done) == [False, True]
    assert len(steps(audit)) == 1


def test_the_log_holds_no_id_that_is_a_number(settlements: Settlements, audit: AuditLog) -> None:
    pair = ("dtks", kk(1), "p3ke", "P1")
    question = replace(asked(), pair=pair, pair_id=pair_id(pair, KEY))
    settlements.decide(question, SAME, by=RATNA)
    log = "\n".join(str(dict(row)) for row in audit.entries(by=ROOT))
    assert question.pair_id in log
    assert kk(1) not in log
    assert question.pair_id != keyed_id("".join(pair), KEY)
