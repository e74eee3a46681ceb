"""Three states, never two; see also the brute-force reference in test_coverage_reference."""

from datetime import date

import pytest

from geo_target.errors import ConfigError
from geo_target.settings import Coverage
from geo_target.targeting.coverage import CoverageResult, check_carried, find_coverage
from geo_target.workbench import Workbench
from tests.builders import nik, rows_by, table

ON = date(2025, 10, 1)
KEYS = {"is_head": "boolean"}
DAYS = {"valid_from": "date", "valid_to": "date"}
BY_NAME = {"enrollment": "int", "is_doubtful": "boolean"}


def covered(
    bench: Workbench,
    families: str,
    keys: str,
    enrollments: str,
    *,
    programs: tuple[str, ...] = ("PKH", "PBI_JK"),
    member_counts: bool = True,
    by_name: str | None = None,
    doubtful: str | None = None,
) -> CoverageResult:
    """Coverage of tables; `enrollments` are numbered from 1."""
    listed = table(bench, enrollments, DAYS)
    full = bench.query(
        """select null::varchar as program, null::varchar as national_id,
            null::varchar as family_card_number, null::varchar as family_id,
            null::varchar as village_name, null::date as valid_from, null::date as valid_to,
            null::varchar as status, 1 as list, null::bigint as enrollment where false
            union all by name
                select *, 1 as list, row_number() over () as enrollment from listed""",
        listed=listed,
    )
    known = table(bench, keys, KEYS)
    members = bench.query(
        "select family_id, value as person_id, value as national_id from k where kind = 'nik'",
        k=known,
    )
    return find_coverage(
        table(bench, families, {"members": "int"}),
        known,
        members,
        full,
        Coverage(programs=programs, on=ON, member_counts_for_family=member_counts),
        by_name=table(bench, by_name, BY_NAME) if by_name else None,
        doubtful=table(bench, doubtful) if doubtful else None,
    )


# A's wife is on PKH. B's head and child were compared and are on no list. C's only key is
# its head's, and C has three members: that proves nothing. D is one person alone, compared.
# E has no key at all.
FAMILIES = """
family_id  members
A          3
B          3
C          3
D          1
E          2
"""
KEYS_TEXT = """
family_id  kind  value  is_head
A          nik   nik1   yes
A          nik   nik2   no
B          nik   nik3   yes
B          nik   nik4   no
C          nik   nik5   yes
D          nik   nik6   yes
"""
LISTS = """
program  national_id  status
PKH      nik2         active
PKH      nik90        active
"""


def test_three_states(bench: Workbench) -> None:
    states = rows_by(
        covered(bench, FAMILIES, KEYS_TEXT, LISTS).states, "family_id", "coverage_state"
    )
    assert states == {
        "A": "covered", "B": "uncovered", "C": "unmatched", "D": "uncovered", "E": "unmatched",
    }  # fmt: skip


def test_a_heads_only_hit_covers_though_a_miss_proves_nothing(bench: Workbench) -> None:
    result = covered(bench, FAMILIES, KEYS_TEXT, LISTS + "PKH  nik5  active\n")
    assert rows_by(result.states, "family_id", "coverage_state")["C"] == "covered"


def test_a_kind_of_key_that_no_list_of_the_definition_carries_is_not_compared(
    bench: Workbench,
) -> None:
    families, keys = "family_id  members\nK  3", "family_id  kind  value  is_head\nK  kk  kk1  no"
    only_nik = covered(bench, families, keys, "program  national_id\nPKH  nik90")
    assert rows_by(only_nik.states, "family_id", "coverage_state") == {"K": "unmatched"}
    other = "program  national_id  family_card_number\nPKH  nik90  -\nKUBE  -  kk9"
    assert rows_by(covered(bench, families, keys, other).states, "family_id", "coverage_state") == {
        "K": "unmatched"
    }
    with_kk = "program  national_id  family_card_number\nPKH  nik90  kk9"
    assert rows_by(
        covered(bench, families, keys, with_kk).states, "family_id", "coverage_state"
    ) == {"K": "uncovered"}


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("PKH      nik4  active    2025-10-01  2025-12-31", "covered"),
        ("PKH      nik4  active    2025-07-01  2025-10-01", "covered"),
        ("PKH      nik4  active    2025-01-01  2025-03-31", "uncovered"),
        ("PKH      nik4  active    2026-01-01  2026-03-31", "uncovered"),
        ("PKH      nik4  -         -           -", "covered"),
        ("PKH      nik4  inactive  -           -", "uncovered"),
        ("PKH      nik4  unknown   -           -", "unmatched"),  # found, and not to be judged
        ("KUBE     nik4  active    -           -", "uncovered"),
        ("-        nik4  active    -           -", "uncovered"),
    ],
)
def test_what_counts_on_the_day(bench: Workbench, row: str, state: str) -> None:
    lists = f"program  national_id  status  valid_from  valid_to\nPKH  nik90  -  -  -\n{row}"
    result = covered(bench, FAMILIES, KEYS_TEXT, lists)
    assert rows_by(result.states, "family_id", "coverage_state")["B"] == state


def test_an_enrollment_that_does_not_count_is_still_shown(bench: Workbench) -> None:
    result = covered(bench, FAMILIES, KEYS_TEXT, LISTS + "KUBE  nik4  active\nPKH nik4 inactive\n")
    shown = {(r["family_id"], r["program"]): r["is_active"] for r in result.families.rows()}
    assert shown == {("A", "PKH"): True, ("B", "KUBE"): True, ("B", "PKH"): False}


def test_while_a_pair_is_in_doubt_a_miss_proves_nothing(bench: Workbench) -> None:
    result = covered(bench, FAMILIES, KEYS_TEXT, LISTS, doubtful="family_id\nA\nB")
    states = rows_by(result.states, "family_id", "coverage_state")
    assert (states["A"], states["B"], states["D"]) == ("covered", "unmatched", "uncovered")


def test_a_program_that_no_list_carries_is_refused(bench: Workbench) -> None:
    definition = Coverage(programs=("PKH", "SEMBAKO"), on=ON)
    with pytest.raises(ConfigError) as caught:
        check_carried(
            table(bench, "program  national_id  family_card_number\nPKH - -\n- - -"),
            {"utama": definition},
        )
    assert caught.value.faults[0].code == "E-PROGRAM-NOLIST"
    assert "SEMBAKO" in caught.value.text("id")
    assert "PKH" not in caught.value.text("id")


def test_the_days_of_an_enrollment_are_of_one_row(bench: Workbench) -> None:
    lists = """
    program  national_id  valid_from  valid_to
    PKH      nik2         2024-01-01  2024-12-31
    PKH      nik2         2025-01-01  -
    """
    (row,) = covered(bench, FAMILIES, KEYS_TEXT, lists).families.rows()
    assert (row["valid_from"], row["valid_to"]) == (date(2025, 1, 1), None)


def test_null_keys_never_join(bench: Workbench) -> None:
    keys = KEYS_TEXT + "E  nik  -  no\n"
    result = covered(bench, FAMILIES, keys, LISTS + "PKH  -  active\n")
    assert rows_by(result.states, "family_id", "coverage_state")["E"] != "covered"


def test_one_member_counts_or_all_must(bench: Workbench) -> None:
    one = "program  national_id\nPBI_JK  nik4"
    both = "program  national_id\nPBI_JK  nik4\nPBI_JK  nik3"
    wife = "program  national_id\nPKH  nik4\nPBI_JK  nik90"

    def state_of_b(lists: str, *, member_counts: bool) -> object:
        result = covered(bench, FAMILIES, KEYS_TEXT, lists, member_counts=member_counts)
        return rows_by(result.states, "family_id", "coverage_state")["B"]

    assert state_of_b(one, member_counts=True) == "covered"
    assert state_of_b(one, member_counts=False) == "uncovered"
    assert state_of_b(both, member_counts=False) == "covered"
    assert state_of_b(wife, member_counts=False) == "covered"  # PKH is for the family


def test_recipients_linked_to_nobody_are_counted(bench: Workbench) -> None:
    lists = """
    program  national_id  village_name
    PKH      nik2         Cipare
    PKH      nik90        Cipare
    PKH      nik91        Cipare
    PKH      -            Sukawana
    """
    unlinked = covered(bench, FAMILIES, KEYS_TEXT, lists).unlinked.rows()
    assert unlinked == [
        {"program": "PKH", "village_name": "Cipare", "enrollments": 2},
        {"program": "PKH", "village_name": "Sukawana", "enrollments": 1},
    ]


def test_a_list_that_names_families_by_id(bench: Workbench) -> None:
    result = covered(bench, FAMILIES, KEYS_TEXT, "program  family_id\nPKH  C")
    assert rows_by(result.states, "family_id", "coverage_state")["C"] == "covered"


# ---------------------------------------------------------------- who is found by name

NAMED = "enrollment  family_id  person_id  national_id  is_doubtful\n"


def test_who_is_found_by_name_is_enrolled_as_any_other(bench: Workbench) -> None:
    lists = "program  national_id\nPKH  -\nKUBE  -\nPKH  nik90"
    found = covered(
        bench, FAMILIES, KEYS_TEXT, lists, by_name=NAMED + "1 B p4 nik4 no\n2 B - - no\n"
    )
    states = rows_by(found.states, "family_id", "coverage_state")
    assert (states["B"], states["D"]) == ("covered", "uncovered")
    assert {(r["family_id"], r["program"], r["is_active"], r["matched_by"])
            for r in found.families.rows()} == {
        ("B", "PKH", True, "name"), ("B", "KUBE", True, "name"),
    }  # fmt: skip
    assert [(r["person_id"], r["program"], r["matched_by"]) for r in found.persons.rows()] == [
        ("p4", "PKH", "name")
    ]
    assert [r["enrollments"] for r in found.unlinked.rows()] == [1]


def test_a_number_says_more_than_a_name(bench: Workbench) -> None:
    lists = "program  national_id\nPKH  nik4\nPKH  -"
    found = covered(
        bench, FAMILIES, KEYS_TEXT, lists, by_name=NAMED + f"2 B {nik(4)} nik4 no\n"
    )  # fmt: skip
    assert [r["matched_by"] for r in found.families.rows()] == ["nik"]
    assert [(r["person_id"], r["matched_by"]) for r in found.persons.rows()] == [(nik(4), "nik")]


@pytest.mark.parametrize(
    ("row", "states"),
    [
        ("PKH   -     active    -  -", ("covered", "unmatched", "unmatched")),
        ("PKH   -     unknown   -  -", ("covered", "unmatched", "unmatched")),
        # What would not count if it were theirs leaves no doubt.
        ("PKH   -     inactive  -  -", ("covered", "uncovered", "uncovered")),
        ("PKH   -     active    -  2025-09-30", ("covered", "uncovered", "uncovered")),
        ("KUBE  -     active    -  -", ("covered", "uncovered", "uncovered")),
    ],
)
def test_who_may_be_a_recipient_is_not_called_uncovered(
    bench: Workbench, row: str, states: tuple[str, str, str]
) -> None:
    lists = f"program  national_id  status  valid_from  valid_to\n{row}\nPKH  nik2  -  -  -"
    doubts = NAMED + "1 A p1 nik1 yes\n1 B p4 nik4 yes\n1 D p6 nik6 yes\n"
    found = covered(bench, FAMILIES, KEYS_TEXT, lists, by_name=doubts)
    known = rows_by(found.states, "family_id", "coverage_state")
    assert tuple(known[family] for family in "ABD") == states
    assert {r["family_id"] for r in found.families.rows()} == {"A"}
    assert [r["enrollments"] for r in found.unlinked.rows()] == [1]


def test_a_member_who_is_found_by_name_counts_for_a_program_for_persons(bench: Workbench) -> None:
    lists = "program  national_id\nPBI_JK  nik3\nPBI_JK  -"
    some, all_ = NAMED + "2 B p3 nik3 no\n", NAMED + "2 B p4 nik4 no\n"
    for by_name, state in ((some, "uncovered"), (all_, "covered")):
        found = covered(bench, FAMILIES, KEYS_TEXT, lists, member_counts=False, by_name=by_name)
        assert rows_by(found.states, "family_id", "coverage_state")["B"] == state
