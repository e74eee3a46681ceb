"""What each program is to each family, and to each person whom it could enroll."""

from collections.abc import Mapping
from typing import Any

import pytest

from geo_target.programs import programs
from geo_target.settings import Coverage
from geo_target.targeting.coverage import find_coverage
from geo_target.targeting.eligibility import RuledProgram, ruled_programs
from geo_target.targeting.program_states import (
    STATES,
    ProgramStates,
    count_states,
    find_program_states,
    long_states,
)
from geo_target.workbench import Workbench
from tests.builders import rows_by, table
from tests.targeting.test_coverage import DAYS, ON
from tests.targeting.test_program_states_reference import ruled

# Of each family the head and another member have a NIK, but of U, who has the head's alone: a miss
# proves nothing of it. C is on PKH by its wife.
PERSONS = """
person_id  family_id  national_id  is_head  age  is_informal_worker  has_national_id
c1         C          nik1         yes      60   no                  yes
c2         C          nik2         no       30   yes                 yes
n1         N          nik3         yes      60   no                  yes
n2         N          nik4         no       30   no                  yes
n3         N          -            no       30   yes                 no
u1         U          nik5         yes      -    -                   yes
"""
FAMILIES = "family_id  members\nC 3\nN 3\nU 3\nX 2"
FACTS = {"decile": "int", "members": "int", "in_dtsen": "boolean", "is_poor": "boolean"}
ENROLLED = "program  national_id  family_card_number  status\nPKH  nik2  -  -\n"
KARTU = {"PKH": ruled("PKH", max_decile=4)}


def found(
    bench: Workbench,
    facts: str,
    by_rule: Mapping[str, RuledProgram],
    enrolled: str = ENROLLED,
    *,
    doubtful: str = "",
) -> ProgramStates:
    """States of families whose `facts` begin with family_id and lack what no rule asks."""
    persons = table(
        bench, PERSONS,
        {"is_head": "boolean", "age": "int", "is_informal_worker": "boolean",
         "has_national_id": "boolean"},
    )  # fmt: skip
    keys = bench.query(
        """select family_id, 'nik' as kind, national_id as value, is_head from persons
            where national_id is not null""",
        persons=persons,
    )
    rows = bench.query(
        """select null::varchar as family_id, null::varchar as village_name,
                null::date as valid_from, null::date as valid_to where false
            union all by name select *, 1 as list, row_number() over () as enrollment from e""",
        e=table(bench, enrolled, DAYS),
    )
    coverage = find_coverage(
        table(bench, FAMILIES, {"members": "int"}), keys, persons, rows,
        Coverage(programs=("PKH",), on=ON),
        doubtful=table(bench, f"family_id\n{doubtful}"),
    )  # fmt: skip
    told = bench.query(
        """select null::varchar as village_code, true as is_poor, null::varchar as visit_found,
                null::varchar as village_kind, null::integer as decile, null::integer as members
                where false
            union all by name from facts""",
        facts=table(bench, facts, FACTS),
    )
    return find_program_states(told, persons, coverage, by_rule)


def families(states: ProgramStates, program: str = "PKH") -> dict[str, str]:
    return rows_by(states.families, "family_id", program)


def persons(states: ProgramStates, program: str) -> dict[str, str]:
    return rows_by(states.persons, "person_id", program)


@pytest.mark.parametrize(
    ("decile", "of_c", "of_n", "of_u"),
    [
        ("4", "covered", "uncovered", "unmatched"),
        ("-", "covered_undecided", "undecided", "undecided"),
        ("5", "enrolled_not_eligible", "not_eligible", "not_eligible"),
    ],
)
def test_coverage_meets_the_rule(
    bench: Workbench, decile: str, of_c: str, of_n: str, of_u: str
) -> None:
    facts = f"family_id  decile\nC {decile}\nN {decile}\nU {decile}"
    assert families(found(bench, facts, KARTU)) == {"C": of_c, "N": of_n, "U": of_u}


DECILES = "family_id  decile  village_code   visit_found\n"


def test_of_a_program_without_a_rule_nobody_is_called_eligible_or_not(bench: Workbench) -> None:
    facts = DECILES + "C 1 - -\nN 1 - -"
    of_kin = {"C": "covered_undecided", "N": "undecided"}
    assert families(found(bench, facts, {})) == of_kin
    # What no column can decide is no rule either.
    assert families(found(bench, facts, {"PKH": ruled("PKH")})) == of_kin


def test_a_program_that_no_list_carries_has_no_states_but_may_be_gotten(bench: Workbench) -> None:
    states = found(bench, DECILES + "C 1 - -\nN 6 - -", {"SEMBAKO": ruled("SEMBAKO", max_decile=5)})
    assert states.programs == ("PKH",)
    assert states.families.columns == ["family_id", "village_code", "is_poor", "PKH"]
    assert rows_by(states.eligible, "family_id", "SEMBAKO") == {"C": True, "N": False}


def test_old_aid_has_no_states(bench: Workbench) -> None:
    states = found(bench, DECILES + "C 1 - -", KARTU, ENROLLED + "BST nik2 - -\nBPUM nik2 - -")
    assert (states.programs, states.person_programs) == (("PKH",), ())


@pytest.mark.parametrize(
    ("village", "state"),
    [("36.73.01.1001", "uncovered"), ("36.73", "uncovered"), ("36.04.01.2001", "not_eligible"),
     ("36.731.01.2001", "not_eligible"), ("-", "undecided")],
)  # fmt: skip
def test_a_program_of_one_area(bench: Workbench, village: str, state: str) -> None:
    here = {"PKH": ruled("PKH", max_decile=4, area="36.73")}
    assert families(found(bench, DECILES + f"N 1 {village} -", here)) == {"N": state}


@pytest.mark.parametrize(
    ("decile", "result", "state"),
    [
        ("1", "complete", "uncovered"),
        ("1", "not_found", "uncovered"),  # proves nothing
        ("1", "moved", "undecided"),
        ("1", "dead", "undecided"),
        ("9", "dead", "not_eligible"),
    ],
)
def test_nobody_is_eligible_who_has_gone(
    bench: Workbench, decile: str, result: str, state: str
) -> None:
    facts = DECILES + f"N {decile} - {result}\nC 1 - {result}"
    states = families(found(bench, facts, KARTU))
    assert states["N"] == state
    assert states["C"] == ("covered_undecided" if result in {"moved", "dead"} else "covered")


# ---------------------------------------------------------------- programs that enroll persons

WORKERS = {"BPU_JKK_JKM": ruled("BPU_JKK_JKM", eligible="is_informal_worker")}
INSURED = "program  national_id  family_card_number  status\nBPU_JKK_JKM  nik1  -  -\n"
ALL = "family_id\nC\nN\nU\nX"


def test_a_family_may_get_what_any_member_may(bench: Workbench) -> None:
    states = found(bench, ALL, WORKERS, INSURED)
    assert rows_by(states.eligible, "family_id", "BPU_JKK_JKM") == {
        "C": True, "N": True,
        "U": None,  # nobody knows of its only listed member
        "X": None,  # nor who its members are
    }  # fmt: skip
    assert families(states, "BPU_JKK_JKM") == {
        "C": "covered", "N": "uncovered", "U": "undecided", "X": "undecided",
    }  # fmt: skip


def test_no_member_may_and_all_are_known(bench: Workbench) -> None:
    old = {"BPU_JKK_JKM": ruled("BPU_JKK_JKM", eligible="age > 70")}
    facts = "family_id  members\nC 2\nN 4\nU 1"
    eligible = rows_by(found(bench, facts, old, INSURED).eligible, "family_id", "BPU_JKK_JKM")
    # Of N three are listed: of the fourth nobody knows. Of U's only member the age is not known.
    assert (eligible["C"], eligible["N"], eligible["U"]) == (False, None, None)


def test_persons_are_judged_by_their_own_nik_and_facts(bench: Workbench) -> None:
    assert persons(found(bench, ALL, WORKERS, INSURED), "BPU_JKK_JKM") == {
        "c1": "enrolled_not_eligible",
        "c2": "uncovered",  # the family is covered by c1: c2 is not
        "n1": "not_eligible",
        "n2": "not_eligible",
        "n3": "unmatched",  # an informal worker without a NIK
        "u1": "undecided",
    }


def test_a_rule_for_persons_may_ask_of_the_family(bench: Workbench) -> None:
    both = {"PBI_JK": ruled("PBI_JK", eligible="age >= 60 and in_dtsen", max_decile=5)}
    facts = "family_id  in_dtsen  decile\nC yes 5\nN no 5\nU yes 9"
    listed = "program  national_id  family_card_number  status\nPBI_JK  nik2  -  -"
    assert persons(found(bench, facts, both, listed), "PBI_JK") == {
        "c1": "uncovered", "c2": "enrolled_not_eligible", "n1": "not_eligible",
        "n2": "not_eligible", "n3": "not_eligible", "u1": "not_eligible",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "doubtful", "state"),
    [
        ("", "", "uncovered"),
        ("", "C", "unmatched"),  # the family may be another
        ("", "N", "uncovered"),
        ("BPU_JKK_JKM nik1 - unknown", "", "unmatched"),  # somebody of it, not to be judged
        ("PKH nik1 - unknown", "", "uncovered"),  # another program's
        ("- nik1 - unknown", "", "uncovered"),  # of no program at all
        ("BPU_JKK_JKM nik2 - inactive", "", "uncovered"),
        ("BPU_JKK_JKM nik2 - active", "", "covered"),
    ],
)
def test_a_persons_miss_in_doubt_proves_nothing(
    bench: Workbench, row: str, doubtful: str, state: str
) -> None:
    states = found(bench, ALL, WORKERS, INSURED + row, doubtful=doubtful)
    assert persons(states, "BPU_JKK_JKM")["c2"] == state


def test_a_list_without_niks_says_nothing_of_persons(bench: Workbench) -> None:
    listed = "program  national_id  family_card_number  status\nBPU_JKK_JKM  -  kk9  -"
    states = persons(found(bench, ALL, WORKERS, listed), "BPU_JKK_JKM")
    assert (states["c2"], states["n1"]) == ("unmatched", "not_eligible")


def test_persons_of_a_program_without_a_rule(bench: Workbench) -> None:
    states = found(bench, ALL, {}, INSURED + "KUR nik2 - -")
    assert states.person_programs == ("BPU_JKK_JKM", "KUR")
    assert persons(states, "KUR")["c2"] == families(states, "KUR")["C"] == "covered_undecided"
    assert persons(states, "KUR")["c1"] == "undecided"


# ---------------------------------------------------------------- counting

VILLAGES = """
family_id  village_code  is_poor  decile
C          V1            yes      1
N          V1            yes      1
U          V1            no       9
X          -             yes      -
"""


def counts(row: Mapping[str, Any], unit: str) -> dict[str, int]:
    """The states that anybody is in."""
    return {state: row[f"{state}_{unit}"] for state in STATES if row[f"{state}_{unit}"]}


def test_families_by_village_program_and_welfare(bench: Workbench) -> None:
    states = found(bench, VILLAGES, KARTU, ENROLLED + "SEMBAKO nik3 - -")
    rows = count_states(states.families, states.programs, "families").rows()
    assert {
        (r["village_code"], r["program"], r["is_poor"]): (r["families"], counts(r, "families"))
        for r in rows
    } == {
        ("V1", "PKH", True): (2, {"covered": 1, "uncovered": 1}),
        ("V1", "PKH", False): (1, {"not_eligible": 1}),
        (None, "PKH", True): (1, {"undecided": 1}),
        ("V1", "SEMBAKO", True): (2, {"covered_undecided": 1, "undecided": 1}),
        ("V1", "SEMBAKO", False): (1, {"undecided": 1}),
        (None, "SEMBAKO", True): (1, {"undecided": 1}),
    }
    # Every family once for each program, those of no village too.
    for program in states.programs:
        assert sum(r["families"] for r in rows if r["program"] == program) == 4


def test_persons_by_village(bench: Workbench) -> None:
    states = found(bench, VILLAGES, WORKERS, INSURED)
    rows = count_states(states.persons, states.person_programs, "persons").rows()
    assert {(r["village_code"], r["is_poor"]): (r["persons"], counts(r, "persons"))
            for r in rows} == {
        ("V1", True): (5, {"enrolled_not_eligible": 1, "uncovered": 1, "unmatched": 1,
                           "not_eligible": 2}),
        ("V1", False): (1, {"undecided": 1}),
    }  # fmt: skip


def test_exclusion_is_of_the_eligible(bench: Workbench) -> None:
    """Whoever may not get a program is not left out by it, and who has no right hides nobody."""
    facts = "family_id  village_code  decile\nC V1 {}\nN V1 {}\nU V1 1"

    def error(of_c: int, of_n: int) -> float | None:
        states = found(bench, facts.format(of_c, of_n), KARTU)
        (row,) = count_states(states.families, states.programs, "families").rows()
        uncovered, covered = row["uncovered_families"], row["covered_families"]
        return uncovered / (covered + uncovered) if covered + uncovered else None

    assert error(1, 1) == 1 / 2
    assert error(1, 9) == 0
    assert error(9, 1) == 1
    assert error(9, 9) is None


def test_who_is_enrolled_or_eligible_is_kept(bench: Workbench) -> None:
    rules = {**KARTU, "KUBE": ruled("KUBE", max_decile=1)}
    facts = DECILES + "C 4 - -\nN 4 - -\nU 4 - -"
    states = found(bench, facts, rules, ENROLLED + "SEMBAKO nik3 - -\nKUBE nik4 - -")
    kept = long_states(states.families, states.programs, "family_id").rows()
    assert sorted((r["family_id"], r["program"], r["state"]) for r in kept) == [
        ("C", "PKH", "covered"),
        ("N", "KUBE", "enrolled_not_eligible"),
        ("N", "PKH", "uncovered"),
        ("N", "SEMBAKO", "covered_undecided"),
        ("U", "PKH", "unmatched"),
    ]


def test_a_run_whose_lists_carry_no_program_for_persons(bench: Workbench) -> None:
    states = found(bench, ALL, WORKERS, ENROLLED)
    assert states.person_programs == ()
    assert len(states.persons) == 6
    assert long_states(states.persons, (), "person_id, family_id").rows() == []
    assert count_states(states.persons, (), "persons").rows() == []


def test_programs_with_a_rule_on_the_day() -> None:
    on_the_day = ruled_programs(programs(), ON)
    assert {"PKH", "SEMBAKO", "PBI_JK", "UEP"} <= set(on_the_day)
    # Nobody has published a rule; its rule is over; it has ended.
    assert not {"KUR", "PRAKERJA", "JAMSOSRATU", "BST"} & set(on_the_day)
    assert [code for code, one in on_the_day.items() if one.is_for_persons][:2] == [
        "PBI_JK", "PBI_APBD",
    ]  # fmt: skip
    assert "BST" not in ruled_programs(programs(), ON.replace(year=2021))
