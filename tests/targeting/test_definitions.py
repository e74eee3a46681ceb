"""Definitions of 'covered' side by side: each as if it were asked alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo_target.errors import ConfigError
from geo_target.settings import Coverage, read_settings
from geo_target.targeting.assessment import count_definitions, sure_of_ranking
from geo_target.targeting.coverage import (
    CoverageResult,
    check_carried,
    find_coverage,
    remark_days,
)
from geo_target.workbench import Workbench
from tests.builders import rows_by, table
from tests.targeting.test_coverage import BY_NAME, DAYS, FAMILIES, KEYS, KEYS_TEXT
from tests.targeting.test_program_states_reference import laid_out, worlds
from tests.test_settings import LEAST, written

ON = date(2025, 10, 1)
# A's wife is on PKH, B's head and D are paid for by PBI: B's other member is not.
LISTS = """
enrollment  list  program  national_id  family_card_number  family_id  village_name  status  valid_from  valid_to
1           1     PKH      nik2         -                   -          -             -       -           -
2           1     PBI_JK   nik3         -                   -          -             -       -           -
3           1     PBI_JK   nik6         -                   -          -             -       -           -
"""  # noqa: E501
NUMBERED = {**DAYS, "enrollment": "int", "list": "int"}


def covered(
    bench: Workbench, definition: Coverage, lists: str = LISTS, **others: Coverage
) -> CoverageResult:
    return find_coverage(
        table(bench, FAMILIES, {"members": "int"}),
        table(bench, KEYS_TEXT, KEYS),
        table(bench, "family_id  person_id  national_id"),
        table(bench, lists, NUMBERED),
        definition,
        others=others,
        by_name=table(bench, "enrollment family_id person_id national_id is_doubtful", BY_NAME),
    )


def test_one_family_by_several_definitions(bench: Workbench) -> None:
    both = ("PKH", "PBI_JK")
    found = covered(
        bench,
        Coverage(programs=both, on=ON),
        pkh=Coverage(name="pkh", programs=("PKH",), on=ON),
        everyone=Coverage(name="everyone", programs=both, on=ON, member_counts_for_family=False),
    ).by_definition
    assert found.columns == ["family_id", "utama", "pkh", "everyone"]
    assert {r["family_id"]: (r["utama"], r["pkh"], r["everyone"]) for r in found.rows()} == {
        "A": ("covered", "covered", "covered"),
        "B": ("covered", "uncovered", "uncovered"),  # one of two is paid for
        "C": ("unmatched", "unmatched", "unmatched"),
        "D": ("covered", "uncovered", "covered"),
        "E": ("unmatched", "unmatched", "unmatched"),
    }


definitions = st.builds(
    Coverage,
    programs=st.lists(
        st.sampled_from(["PKH", "KUBE", "PBI_JK", "KUR"]), min_size=1, unique=True
    ).map(tuple),
    on=st.sampled_from([ON, date(2025, 9, 1)]),
    member_counts_for_family=st.booleans(),
)


def states(found: CoverageResult, column: str) -> dict[str, str]:
    rows = found.states.rows() if column == "coverage_state" else found.by_definition.rows()
    return {row["family_id"]: row[column] for row in rows}


@hypothesis_settings(max_examples=40, deadline=None)
@given(worlds, st.lists(definitions, min_size=2, max_size=3))
def test_side_by_side_is_as_alone(world: dict[str, Any], several: list[Coverage]) -> None:
    named = {f"d{i}": one.model_copy(update={"name": f"d{i}"}) for i, one in enumerate(several)}
    with laid_out(world) as tables:
        beside = tables.cover(named["d0"], others=named)
        alone = {name: tables.cover(one) for name, one in named.items()}
        assert beside.by_definition.columns == ["family_id", *named]
        for name, found in alone.items():
            assert states(beside, name) == states(found, "coverage_state"), name
        assert states(beside, "coverage_state") == states(beside, "d0")


@hypothesis_settings(max_examples=15, deadline=None)
@given(worlds)
def test_a_program_is_one_more_definition(world: dict[str, Any]) -> None:
    with laid_out(world) as tables:
        found = tables.cover(Coverage(programs=("PKH",), on=ON))
        for code in found.by_program.columns[1:]:
            alone = states(tables.cover(Coverage(programs=(code,), on=ON)), "coverage_state")
            assert {r["family_id"]: r[code] for r in found.by_program.rows()} == alone


def test_old_aid_counts_by_no_definition(bench: Workbench) -> None:
    lists = LISTS + "4 1 BST nik4 - - - active - -\n"
    found = covered(bench, Coverage(programs=("PKH",), on=ON), lists)
    assert found.by_program.columns == ["family_id", "PBI_JK", "PKH"]
    assert {(r["family_id"], r["program"], r["is_active"]) for r in found.families.rows()} == {
        ("A", "PKH", True), ("B", "PBI_JK", True), ("D", "PBI_JK", True), ("B", "BST", False),
    }  # fmt: skip


def test_definitions_by_village(bench: Workbench) -> None:
    # Names of definitions are words: also such as tables here have for columns.
    found = table(
        bench,
        """
        family_id  utama      many       rt
        A          covered    uncovered  unmatched
        B          uncovered  uncovered  uncovered
        C          covered    covered    covered
        D          unmatched  unmatched  unmatched
        """,
    )
    families = table(
        bench,
        """
        family_id  village_code  welfare_class  rt
        A          V1            extreme_poor   001
        B          V1            extreme_poor   002
        C          V1            poor           003
        D          -             extreme_poor   -
        """,
    )
    counted = count_definitions(found, families, ["utama", "many", "rt"]).rows()
    assert {
        (r["village_code"], r["definition"]): (
            r["families"], r["covered_families"], r["uncovered_families"], r["unmatched_families"]
        )
        for r in counted
    } == {
        ("V1", "utama"): (2, 1, 1, 0), ("V1", "many"): (2, 0, 2, 0), ("V1", "rt"): (2, 0, 1, 1),
        (None, "utama"): (1, 0, 0, 1), (None, "many"): (1, 0, 0, 1), (None, "rt"): (1, 0, 0, 1),
    }  # fmt: skip


# ---------------------------------------------------------------- as they are configured

SECOND = """
[[definition]]
name = "tanpa-pbi"
programs = ["SEMBAKO"]
on = 2025-07-01
"""
THIRD = """
[[definition]]
name = "setiap-anggota"
programs = ["PKH"]
member_counts_for_family = false
"""


def test_definitions_of_a_configuration(tmp_path: Path) -> None:
    named = read_settings(written(tmp_path, LEAST + SECOND + THIRD)).definitions
    assert {
        name: (one.name, one.programs, one.on, one.member_counts_for_family)
        for name, one in named.items()
    } == {
        "utama": ("utama", ("PKH",), ON, True),
        "tanpa-pbi": ("tanpa-pbi", ("SEMBAKO",), date(2025, 7, 1), True),
        "setiap-anggota": ("setiap-anggota", ("PKH",), ON, False),  # the day of the run
    }
    assert next(iter(named)) == "utama"


@pytest.mark.parametrize(
    "more",
    [SECOND + SECOND, THIRD + SECOND + SECOND, SECOND.replace("tanpa-pbi", "utama")],
    ids=["two of them", "two of three", "that of the run"],
)
def test_a_name_is_of_one_definition(tmp_path: Path, more: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(written(tmp_path, LEAST + more))
    assert [fault.code for fault in caught.value.faults] == ["E-CONFIG-SETTING"]
    assert "[[definition]]" in caught.value.text("en")


@pytest.mark.parametrize("name", ["Tanpa PBI", "", "1a", "a_b", 'a"b', "a" * 31])
def test_a_name_is_a_short_word(tmp_path: Path, name: str) -> None:
    more = SECOND.replace('"tanpa-pbi"', f"'{name}'")
    with pytest.raises(ConfigError, match="E-CONFIG-SETTING"):
        read_settings(written(tmp_path, LEAST + more))


def test_a_definition_of_a_program_that_no_list_carries_is_refused_by_name(
    bench: Workbench,
) -> None:
    rows = table(bench, LISTS, NUMBERED)
    named = {
        "utama": Coverage(programs=("PKH", "PBI_JK"), on=ON),
        "tanpa-pbi": Coverage(programs=("PKH", "SEMBAKO", "KUBE"), on=ON),
        "lokal": Coverage(programs=("BLT_DD",), on=ON),
    }
    with pytest.raises(ConfigError) as caught:
        check_carried(rows, named)
    first, second = caught.value.faults
    assert first.code == second.code == "E-PROGRAM-NOLIST"
    assert "SEMBAKO, KUBE (definition tanpa-pbi)" in first.en
    assert "BLT_DD (definition lokal)" in second.en
    check_carried(rows, {"utama": named["utama"]})


def test_a_program_without_an_enrollment_of_the_day_is_said(bench: Workbench) -> None:
    """PKH ended in September, PBI goes on; who may be meant only is no enrollment."""
    matches = table(
        bench,
        """
        family_id  program  status  valid_from  valid_to    is_doubtful
        A          PKH      -       2025-07-01  2025-09-30  no
        A          PBI_JK   active  -           -           no
        B          PKH      -       -           -           yes
        """,
        {"valid_from": "date", "valid_to": "date", "is_doubtful": "boolean"},
    )
    asked = {
        name: Coverage(programs=("PKH", "PBI_JK"), on=day)
        for name, day in (("september", date(2025, 9, 30)), ("oktober", date(2025, 10, 1)))
    }
    (said,) = remark_days(matches, asked)
    assert said.code == "W-PROGRAM-DAY"
    assert "oktober" in said.text("id")
    assert "PBI_JK" not in said.text("id")


def test_lists_that_name_nobody_tell_nothing_of_the_day(bench: Workbench) -> None:
    kinds = {"valid_from": "date", "valid_to": "date", "is_doubtful": "boolean"}
    columns = "family_id  program  status  valid_from  valid_to  is_doubtful"
    assert (
        remark_days(table(bench, columns, kinds), {"utama": Coverage(programs=("PKH",), on=ON)})
        == []
    )


def test_dtsen_is_not_said_to_lack_who_could_not_be_found_there(bench: Workbench) -> None:
    facts = table(bench, "family_id  in_dtsen\nA yes\nB no\nC no\nD no", {"in_dtsen": "boolean"})
    proofs = table(bench, "family_id\nA\nB\nD")
    doubts = table(bench, "family_id  program\nD -\nB PKH")
    found = sure_of_ranking(facts, proofs, doubts)
    # C has no number, and D may be another family; a doubt about one program is none about B.
    assert rows_by(found, "family_id", "in_dtsen") == {"A": True, "B": False, "C": None, "D": None}
