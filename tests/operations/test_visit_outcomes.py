"""An answer is kept once, each version of it beside it, and none is ever lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import Database
from geo_target.operations.numbers import keyed_id
from geo_target.operations.refusals import StorageError, VisitError
from geo_target.operations.roles import Verb
from geo_target.operations.tables import AUDIT_SUBJECTS, VISIT_OUTCOMES
from geo_target.operations.taken_outcomes import OrphanReason, Taken
from geo_target.operations.visibility import NOTHING, Visible
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from tests.builders import kk, nik
from tests.operations.visiting import (
    BUDI,
    ELSEWHERE,
    HERE,
    KEY,
    NEAR,
    RATNA,
    SITI,
    WATI,
    answer,
    codes,
    others,
    plan,
    refused,
    visit,
)
from tests.operations.world import ROOT, Clock, full_disk

#: What came of an answer: new, repeated, versions, conflicts, orphans.
NEW, REPEATED, VERSION = (1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0)
ORPHAN = (0, 0, 0, 0, 1)


@pytest.fixture
def plans(database: Database, clock: Clock) -> VisitPlans:
    """A and B are Wati's; C and, in another district, D are Budi's."""
    made = VisitPlans(database, clock)
    visits = visit("A"), visit("B"), visit("C", "budi"), visit("D", "budi", ELSEWHERE)
    made.add(plan(*visits), title="Oktober", by=RATNA)
    return made


@pytest.fixture
def outcomes(database: Database, clock: Clock, plans: VisitPlans) -> VisitOutcomes:
    return VisitOutcomes(database, key=KEY, clock=clock)


def take(outcomes: VisitOutcomes, *given: Outcome, by: Actor = WATI) -> tuple[int, ...]:
    taken = outcomes.take(given, by=by)
    assert taken.given == len(given)
    return (taken.new, taken.repeated, taken.versions, len(taken.conflicts), len(taken.orphans))


def stands(outcomes: VisitOutcomes) -> dict[str, tuple[str, bool]]:
    """What stands of each visit, and whether it is a conflict."""
    return {
        code: (one.current.outcome.outcome, one.is_conflict)
        for code, one in outcomes.standing().items()
    }


def found(outcomes: VisitOutcomes, code: str) -> list[str]:
    return [kept.outcome.outcome for kept in outcomes.versions(code)]


def open_visits(plans: VisitPlans) -> list[str]:
    return sorted(codes(plans.visits(open_only=True)))


# ------------------------------------------------------------------------- once, and versions


def test_the_same_answer_five_times_is_one(outcomes: VisitOutcomes) -> None:
    assert [take(outcomes, answer("A")) for _ in range(5)] == [NEW, *[REPEATED] * 4]
    assert len(outcomes.versions("A")) == 1


def test_twice_in_one_file_is_one(outcomes: VisitOutcomes) -> None:
    assert take(outcomes, answer("A"), answer("B"), answer("A")) == (2, 1, 0, 0, 0)


def test_an_answer_comes_back_as_it_was_beside_the_servers_time(
    outcomes: VisitOutcomes, clock: Clock
) -> None:
    given = answer("A", device_at=datetime(1970, 1, 1, tzinfo=UTC), warnings=("W-CLOCK",),
                   programs=("PKH",), lon=106.1, lat=-6.1, officer="dewi")  # fmt: skip
    assert dict(outcomes.take([given], by=WATI).warnings) == {"W-CLOCK": 1}
    (kept,) = outcomes.versions("A")
    assert (kept.outcome, kept.received_by, kept.received_at) == (given, "wati", clock.now)


@pytest.mark.parametrize("at", [datetime.max, datetime.min, datetime(1, 1, 1, tzinfo=UTC)])
def test_a_clock_that_shows_no_time_stops_nothing(outcomes: VisitOutcomes, at: datetime) -> None:
    assert take(outcomes, answer("A", device_at=at)) == NEW
    assert outcomes.versions("A")[0].outcome.device_at == at


def test_the_same_submission_with_other_content_is_a_version(
    outcomes: VisitOutcomes, clock: Clock
) -> None:
    assert take(outcomes, answer("A", "moved", id_="1")) == NEW
    clock.move(hours=1)
    assert take(outcomes, answer("A", "died", id_="1")) == VERSION
    assert take(outcomes, answer("A", "moved", id_="1")) == REPEATED
    assert found(outcomes, "A") == ["moved", "died"]
    assert stands(outcomes) == {"A": ("died", False)}


def test_a_version_that_names_another_visit_moves_the_answer(
    outcomes: VisitOutcomes, plans: VisitPlans
) -> None:
    take(outcomes, answer("A", "moved", id_="1"))
    assert take(outcomes, answer("B", "moved", id_="1")) == VERSION
    assert stands(outcomes) == {"B": ("moved", False)}
    assert found(outcomes, "A") == ["moved"]
    assert open_visits(plans) == ["A", "C", "D"]


def test_a_version_that_tells_of_a_new_family_answers_the_visit_no_more(
    outcomes: VisitOutcomes, plans: VisitPlans
) -> None:
    """A reviewer saw that it was the neighbor: one answer is not counted as two families."""
    new = answer("", "new_family", id_="1", corrected={"village_code": HERE, "head_name": "UDIN"})
    take(outcomes, answer("A", "moved", id_="1"))
    assert take(outcomes, new) == VERSION
    assert stands(outcomes) == {}
    assert len(outcomes.proposals()) == 1
    assert "A" in open_visits(plans)
    take(outcomes, answer("A", "died", id_="1"))
    assert (stands(outcomes), outcomes.proposals()) == ({"A": ("died", False)}, [])


def test_nobody_changes_somebody_elses_answer(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("C", "moved", id_="1"), by=BUDI)
    assert take(outcomes, answer("A", "died", id_="1")) == ORPHAN
    assert stands(outcomes) == {"C": ("moved", False)}
    assert outcomes.orphans()[0].orphan_reason == OrphanReason.FOREIGN


def test_a_long_id_is_known_again(outcomes: VisitOutcomes) -> None:
    long = answer("A", id_="x" * 500)
    assert [take(outcomes, long), take(outcomes, long)] == [NEW, REPEATED]
    assert take(outcomes, answer("A", "moved", id_="x" * 500)) == VERSION


def test_an_id_that_is_a_number_is_kept_under_another(outcomes: VisitOutcomes) -> None:
    given = [answer("A", id_=nik(number)) for number in (1, 2, 1)]
    assert take(outcomes, *given) == (2, 1, 0, 0, 0)
    assert nik(1) not in {kept.submission_id for kept in outcomes.versions("A")}


# -------------------------------------------------------------------------------- conflicts


def test_two_answers_to_one_visit_are_both_kept(outcomes: VisitOutcomes, clock: Clock) -> None:
    take(outcomes, answer("A", "moved"))
    clock.move(hours=1)
    assert take(outcomes, answer("A", "died"), by=RATNA) == (1, 0, 0, 1, 0)
    assert stands(outcomes) == {"A": ("died", True)}
    assert [kept.received_by for kept in outcomes.versions("A")] == ["wati", "ratna"]


def test_two_that_say_the_same_are_no_conflict(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("A", "moved"))
    assert take(outcomes, answer("A", "moved", id_="2", note="pagi"), by=RATNA) == NEW
    assert stands(outcomes) == {"A": ("moved", False)}


def test_whoever_goes_again_contradicts_nobody(outcomes: VisitOutcomes, clock: Clock) -> None:
    take(outcomes, answer("A", "empty_house"))
    clock.move(days=7)
    assert take(outcomes, answer("A", "moved")) == NEW
    assert stands(outcomes) == {"A": ("moved", False)}


def test_answers_of_a_file_are_in_the_order_of_their_server(
    outcomes: VisitOutcomes, clock: Clock
) -> None:
    """All of them come in one moment here, whatever their order in the file."""
    monday, friday = (clock.now - timedelta(days=days) for days in (7, 3))
    found = replace(answer("A", "moved", id_="2"), submitted_at=friday)
    nobody = replace(answer("A", "empty_house", id_="1"), submitted_at=monday)
    take(outcomes, found, nobody)
    assert stands(outcomes) == {"A": ("moved", False)}
    earlier = replace(answer("A", "died", id_="3"), submitted_at=monday)
    take(outcomes, earlier)
    assert stands(outcomes) == {"A": ("moved", True)}


def test_what_was_found_stands_before_what_was_not(outcomes: VisitOutcomes, clock: Clock) -> None:
    take(outcomes, answer("A", "moved"))
    clock.move(days=7)
    assert take(outcomes, answer("A", "not_found"), by=RATNA) == (1, 0, 0, 1, 0)
    assert stands(outcomes) == {"A": ("moved", True)}


def test_somebody_says_which_answer_stands(
    outcomes: VisitOutcomes, clock: Clock, audit: AuditLog
) -> None:
    take(outcomes, answer("A", "moved"), answer("A", "died"))
    clock.move(hours=1)
    first = outcomes.versions("A")[0].number
    outcomes.resolve_conflict("A", first, by=RATNA)
    assert stands(outcomes) == {"A": ("moved", False)}
    assert outcomes.standing()["A"].current.resolved_by == "ratna"
    told = [e for e in audit.entries(by=ROOT) if e["verb"] == "outcome.resolve"]
    assert [(e["actor"], e["object_id"], e["reason"]) for e in told] == [("ratna", "A", "stands=1")]
    clock.move(hours=1)
    assert take(outcomes, answer("A", "better_off")) == (1, 0, 0, 1, 0)
    assert outcomes.standing()["A"].is_conflict


def test_an_answer_that_was_changed_after_the_choice_is_asked_about_again(
    outcomes: VisitOutcomes, clock: Clock
) -> None:
    take(outcomes, answer("A", "moved", id_="1"), answer("A", "died", id_="2"))
    outcomes.resolve_conflict("A", outcomes.versions("A")[0].number, by=RATNA)
    clock.move(hours=1)
    assert take(outcomes, answer("A", "better_off", id_="1")) == (0, 0, 1, 1, 0)
    assert outcomes.standing()["A"].is_conflict


def test_only_what_is_an_answer_to_it_may_stand(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("A", "moved", id_="1"), answer("B", "died"))
    take(outcomes, answer("A", "died", id_="1"))
    old, new = (kept.number for kept in outcomes.versions("A"))
    other = outcomes.versions("B")[0].number
    wrong = (partial(outcomes.resolve_conflict, "A", each, by=RATNA) for each in (old, other, 99))
    refused("E-OUTCOME-NUMBER", *wrong)
    refused(
        "E-VISIT-CODE",
        lambda: outcomes.resolve_conflict("Z", new, by=RATNA),
        lambda: outcomes.resolve_conflict("D", new, by=SITI),
    )
    outcomes.resolve_conflict("A", new, by=SITI)


# ---------------------------------------------------------------------------- visits close


def test_an_answered_visit_is_closed_and_one_that_met_nobody_is_not(
    outcomes: VisitOutcomes, plans: VisitPlans, clock: Clock
) -> None:
    take(outcomes, answer("A"), answer("B", "empty_house"))
    assert open_visits(plans) == ["B", "C", "D"]
    (closed,) = [each for each in plans.visits() if each.visit.code == "A"]
    assert closed.closed_at == clock.now


def test_a_visit_is_open_again_when_the_answer_was_a_slip(
    outcomes: VisitOutcomes, plans: VisitPlans
) -> None:
    take(outcomes, answer("A", "moved", id_="1"))
    take(outcomes, answer("A", "empty_house", id_="1"))
    assert open_visits(plans) == ["A", "B", "C", "D"]


def test_a_visit_that_somebody_returned_to_stays_closed(
    outcomes: VisitOutcomes, plans: VisitPlans
) -> None:
    take(outcomes, answer("A", "empty_house", id_="1"))
    plans.add(plan(visit("E", return_of="A")), title="Kembali", by=RATNA)
    assert take(outcomes, answer("A", "refused", id_="1")) == VERSION
    assert open_visits(plans) == ["B", "C", "D", "E"]


# ---------------------------------------------------------------------------------- orphans


@pytest.mark.parametrize(
    ("code", "by", "reason"),
    [
        ("Z", WATI, "unknown"), ("", WATI, "unknown"), ("C", WATI, "foreign"),
        ("D", SITI, "foreign"), ("Z", RATNA, "unknown"),
    ],
)  # fmt: skip
def test_what_answers_no_visit_of_theirs_is_an_orphan(
    outcomes: VisitOutcomes, audit: AuditLog, code: str, by: Actor, reason: str
) -> None:
    given = answer(code)
    for _ in range(2):
        assert take(outcomes, given, by=by) == ORPHAN
    (orphan,) = outcomes.orphans()
    assert (orphan.outcome, orphan.orphan_reason) == (given, reason)
    assert (stands(outcomes), outcomes.versions(code)) == ({}, [])
    told = [(e["actor"], e["result"], e["reason"]) for e in audit.entries(by=ROOT)
            if e["verb"] == "visit.record"]  # fmt: skip
    assert told == [(by.name, "denied", f"orphans=1 {reason}=1")] * 2


def test_what_comes_too_late_is_an_orphan(outcomes: VisitOutcomes, plans: VisitPlans) -> None:
    take(outcomes, answer("B", "moved", id_="1"))
    plans.withdraw(["A"], by=RATNA, reason="ganda")
    assert take(outcomes, answer("A")) == ORPHAN
    plans.close(1, by=RATNA)
    assert take(outcomes, answer("B", "died", id_="1")) == ORPHAN
    assert [kept.orphan_reason for kept in outcomes.orphans()] == ["withdrawn", "closed"]
    assert stands(outcomes) == {"B": ("moved", False)}


def test_an_orphan_among_others_stops_none_of_them(outcomes: VisitOutcomes) -> None:
    taken = outcomes.take([answer("A"), answer("Z"), answer("C"), answer("B")], by=WATI)
    assert (taken.new, [(one.visit_code, one.reason) for one in taken.orphans]) == (
        2, [("Z", "unknown"), ("C", "foreign")],
    )  # fmt: skip


def test_an_orphan_that_is_sent_again_finds_its_visit(
    outcomes: VisitOutcomes, plans: VisitPlans, clock: Clock
) -> None:
    assert take(outcomes, answer("Z")) == ORPHAN
    plans.add(plan(visit("Z")), title="November", by=RATNA)
    clock.move(days=1)
    assert [take(outcomes, answer("Z")) for _ in range(2)] == [NEW, REPEATED]
    assert outcomes.orphans() == []
    (kept,) = outcomes.versions("Z")
    assert (kept.orphan_reason, kept.resolved_by) == ("unknown", "wati")


def test_somebody_says_which_visit_an_orphan_answers(
    outcomes: VisitOutcomes, plans: VisitPlans, audit: AuditLog, clock: Clock
) -> None:
    take(outcomes, answer("AA", "moved"))
    received = clock.now
    clock.move(days=1)
    outcomes.resolve_orphan(1, "A", by=RATNA)
    assert (stands(outcomes), outcomes.orphans()) == ({"A": ("moved", False)}, [])
    (kept,) = outcomes.versions("A")
    assert (kept.received_by, kept.received_at) == ("wati", received)
    assert open_visits(plans) == ["B", "C", "D"]
    assert take(outcomes, answer("AA", "moved")) == REPEATED
    told = [e["reason"] for e in audit.entries(by=ROOT) if e["verb"] == "outcome.resolve"]
    assert told == ["orphan=1 taken"]


def test_an_orphan_may_answer_the_visit_that_it_names(
    outcomes: VisitOutcomes, plans: VisitPlans
) -> None:
    plans.close(1, by=RATNA)
    take(outcomes, answer("A"))
    outcomes.resolve_orphan(1, "A", by=SITI)
    assert stands(outcomes) == {"A": ("found_eligible", False)}


def test_an_orphan_may_answer_nothing_and_is_kept(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("Z"))
    outcomes.resolve_orphan(1, None, by=RATNA)
    assert (outcomes.orphans(), stands(outcomes)) == ([], {})
    assert take(outcomes, answer("Z")) == REPEATED
    refused("E-OUTCOME-NUMBER", lambda: outcomes.resolve_orphan(1, "A", by=RATNA))


def test_orphans_are_for_the_district_of_their_visit(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("C"), answer("D"), answer("Z"))
    mine = Visible(districts=frozenset({"36.73.01"}))
    told = [[kept.outcome.visit_code for kept in outcomes.orphans(within=within)]
            for within in (Visible(everywhere=True), mine, NOTHING)]  # fmt: skip
    assert told == [["C", "D", "Z"], ["C"], []]
    refused(
        "E-OUTCOME-NUMBER",
        lambda: outcomes.resolve_orphan(2, "A", by=SITI),
        lambda: outcomes.resolve_orphan(3, "A", by=SITI),
        lambda: outcomes.resolve_orphan(9, "A", by=RATNA),
    )
    refused("E-VISIT-CODE", lambda: outcomes.resolve_orphan(1, "D", by=SITI))
    outcomes.resolve_orphan(1, "C", by=SITI)


# ------------------------------------------------------------------- families on no list


def new_family(village: str, *, id_: str = "n1", code: str = "", **more: str) -> Outcome:
    return answer(code, "new_family", id_=id_, corrected={"village_code": village, **more})


def test_a_new_family_answers_no_visit(outcomes: VisitOutcomes, plans: VisitPlans) -> None:
    assert take(outcomes, new_family(HERE), new_family(HERE, id_="n2", code="A")) == (2, 0, 0, 0, 0)
    assert take(outcomes, new_family(HERE, head_name="Sri")) == VERSION
    assert [kept.outcome.corrected for kept in outcomes.proposals()] == [
        {"village_code": HERE}, {"village_code": HERE, "head_name": "Sri"},
    ]  # fmt: skip
    assert (stands(outcomes), open_visits(plans)) == ({}, ["A", "B", "C", "D"])


@pytest.mark.parametrize(
    ("by", "village", "expected"),
    [
        (WATI, HERE, NEW), (WATI, NEAR, ORPHAN), (SITI, NEAR, NEW), (SITI, ELSEWHERE, ORPHAN),
        (RATNA, ELSEWHERE, NEW), (RATNA, "", ORPHAN),
    ],
)  # fmt: skip
def test_a_new_family_is_proposed_where_one_works(
    outcomes: VisitOutcomes, by: Actor, village: str, expected: tuple[int, ...]
) -> None:
    assert take(outcomes, new_family(village), by=by) == expected


# ------------------------------------------------------------------------- who, and the log


def test_other_roles_record_nothing(outcomes: VisitOutcomes, audit: AuditLog) -> None:
    who = others(Verb.RECORD_VISITS)
    refused("E-VISIT-ROLE", *(partial(outcomes.take, [answer("A")], by=each) for each in who))
    assert (outcomes.orphans(), stands(outcomes)) == ([], {})
    told = [e["role"] for e in audit.entries(by=ROOT) if e["result"] == "denied"]
    assert told == [each.role for each in who]


def test_other_roles_resolve_nothing(outcomes: VisitOutcomes) -> None:
    take(outcomes, answer("A", "moved"), answer("A", "died"), answer("Z"))
    for other in others(Verb.ASSIGN_VISITS):
        refused(
            "E-VISIT-ROLE",
            partial(outcomes.resolve_conflict, "A", 1, by=other),
            partial(outcomes.resolve_orphan, 3, "A", by=other),
        )
    assert outcomes.standing()["A"].is_conflict


def test_a_page_may_ask_for_less_than_the_role_has(outcomes: VisitOutcomes) -> None:
    taken = outcomes.take([answer("A"), answer("C")], by=RATNA, bounds=Visible(visits_of="wati"))
    assert (taken.new, len(taken.orphans)) == (1, 1)


def test_an_unknown_code_keeps_nothing_of_the_call(outcomes: VisitOutcomes) -> None:
    refused("E-OUTCOME-UNKNOWN", lambda: outcomes.take([answer("A"), answer("B", "x")], by=WATI))
    assert stands(outcomes) == {}


def test_the_log_knows_which_families_were_answered_for(
    outcomes: VisitOutcomes, audit: AuditLog, plans: VisitPlans, database: Database
) -> None:
    plans.add(plan(visit("E", family_id=kk(1))), title="x", by=RATNA)
    take(outcomes, answer("A"), answer("E"), answer("C"), answer("Z"))
    take(outcomes, answer("A"))  # nothing of it is new, so nothing is told
    (entry,) = [e for e in audit.entries(by=ROOT) if e["verb"] == "visit.record"]
    assert (entry["reason"], entry["result"], entry["persons"]) == (
        "new=2 orphans=2 foreign=1 unknown=1",
        "ok", 0,
    )  # fmt: skip
    with database.reading() as connection:
        subjects = set(connection.scalars(select(AUDIT_SUBJECTS.c.subject_id)))
    assert subjects == {"F-A", keyed_id(kk(1), KEY)}


def test_numbers_are_kept_only_where_they_are_a_correction(
    outcomes: VisitOutcomes, database: Database, audit: AuditLog
) -> None:
    given = answer(
        "A", officer=nik(4), note=f"NIK {nik(1)}", respondent=nik(2),
        given={"head_national_id": nik(3)},
        corrected={"head_national_id": nik(5), "address": f"Jl. {kk(2)}"},
    )  # fmt: skip
    take(outcomes, given, replace(answer(kk(3)), officer=nik(4)))
    with database.reading() as connection:
        rows = str(connection.execute(select(VISIT_OUTCOMES)).mappings().all())
    told = rows + str([dict(row) for row in audit.entries(by=ROOT)])
    assert [number in told for number in (nik(1), nik(2), nik(3), nik(4), kk(2), kk(3))] == [
        False
    ] * 6
    assert outcomes.versions("A")[0].outcome.corrected["head_national_id"] == nik(5)


def test_what_was_exported_is_noted_once(outcomes: VisitOutcomes, clock: Clock) -> None:
    take(outcomes, answer("A"), answer("Z"))
    assert [outcomes.mark_exported(2, by=RATNA) for _ in range(2)] == [1, 0]
    assert outcomes.versions("A")[0].exported_at == clock.now
    take(outcomes, answer("B"))
    assert outcomes.mark_exported(2, by=RATNA) == 0


# ---------------------------------------------------------------------- nothing half, all at once


def test_what_cannot_be_logged_is_not_kept(
    outcomes: VisitOutcomes, plans: VisitPlans, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError

    monkeypatch.setattr(AuditLog, "write", refuse)
    deeds: list[Callable[[], object]] = [
        lambda: outcomes.take([answer("A")], by=WATI),
        lambda: outcomes.mark_exported(9, by=RATNA),
    ]
    for deed in deeds:
        with pytest.raises(StorageError):
            deed()
    assert (stands(outcomes), open_visits(plans)) == ({}, ["A", "B", "C", "D"])


def test_a_full_disk_is_said_and_nothing_is_half(
    outcomes: VisitOutcomes, database: Database
) -> None:
    take(outcomes, answer("B"))
    many = [answer("A", id_=f"{number}", note="x" * 200) for number in range(500)]
    with full_disk(database), pytest.raises(StorageError, match="E-DB-FULL"):
        take(outcomes, *many)
    assert stands(outcomes) == {"B": ("found_eligible", False)}
    assert take(outcomes, *many)[0] == 500


def test_more_than_one_transaction(outcomes: VisitOutcomes) -> None:
    many = [answer("A", id_=f"{number}") for number in range(2300)]
    assert take(outcomes, *many, many[0], many[-1]) == (2300, 2, 0, 0, 0)
    assert len(outcomes.versions("A")) == 2300


def test_eight_at_once_keep_an_answer_once(outcomes: VisitOutcomes) -> None:
    def send(number: int) -> Taken:
        return outcomes.take([answer("A", id_="same"), answer("B", id_=f"{number % 4}")], by=WATI)

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(send, range(8)), Taken())
    assert (taken.new, taken.repeated, taken.versions) == (5, 11, 0)
    assert (len(outcomes.versions("A")), len(outcomes.versions("B"))) == (1, 4)


def test_parts_add_up() -> None:
    one = Taken(1, 2, 3, ("A", "B"), (), {"W-A": 1})
    other = Taken(10, 20, 30, ("B", "C"), (), {"W-A": 1, "W-B": 1})
    assert one + other == Taken(11, 22, 33, ("A", "B", "C"), (), {"W-A": 2, "W-B": 1})


def test_refusals_are_errors_of_visits(outcomes: VisitOutcomes) -> None:
    with pytest.raises(VisitError) as told:
        outcomes.take([answer("A", nik(1))], by=WATI)
    assert nik(1) not in told.value.text() + told.value.text("en")
