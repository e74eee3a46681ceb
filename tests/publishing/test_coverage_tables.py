"""Coverage of a village as the exact tables say it, read without the engine that wrote them."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.publishing.coverage_tables import (
    STATES,
    TABLES,
    ProgramCounts,
    coverage_of_village,
    offices_of_villages,
    uncovered_of_villages,
)
from geo_target.targeting import program_states
from geo_target.village_schemas import BY_VILLAGE
from tests.web.covered import OWN, WIDER
from tests.web.covered_villages import add_coverage
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE

EMPTY = "36.73.03.1001"


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def any_exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one, that a test writes over."""
    return _written(tmp_path_factory.mktemp("any"))


def _written(folder: Path) -> Path:
    (folder / "exact").mkdir()
    (folder / "manifest.json").write_text('{"files": {}}', encoding="utf-8")
    add_coverage(folder)
    return folder / "exact"


def test_the_names_are_those_that_a_run_writes() -> None:
    assert set(TABLES) == set(BY_VILLAGE)
    assert STATES == program_states.STATES


def test_the_tables_of_these_tests_are_as_a_run_writes_them(exact: Path) -> None:
    for name, schema in BY_VILLAGE.items():
        columns = pq.read_schema(exact / f"{name}.parquet").names
        assert columns == [column.name for column in schema.columns], name


def test_a_village_is_the_sum_of_its_rows(exact: Path) -> None:
    found = coverage_of_village(exact, VILLAGE)
    assert [(row.program, row.all) for row in found.poor] == [("PBI_APBD", 65), ("PKH", 65)]
    assert [(row.program, row.all) for row in found.everybody] == [("PBI_APBD", 65), ("PKH", 77)]
    assert [(row.program, row.all) for row in found.persons] == [("PBI_APBD", 104), ("PBI_JK", 136)]
    pbi = found.persons[1]
    assert (pbi.states["uncovered"], pbi.states["enrolled_not_eligible"]) == (53, 7)
    assert found.strategies == {"": 40, "1": 22, "1+2": 3}
    assert found.programs == {0: 40, 1: 14, 2: 8, 3: 3}
    own = found.definitions[0]
    assert own["uncovered_families"] == sum(row["families"] for row in found.reasons) == 35
    assert [row["level"] for row in found.verified] == ["village", "district", "area"]


def test_errors_leave_out_of_whom_nothing_is_known(exact: Path) -> None:
    pbi_apbd, pkh = coverage_of_village(exact, VILLAGE).poor
    assert (pkh.exclusion, pkh.inclusion) == ((30, 50), (5, 25))
    assert (pbi_apbd.exclusion, pbi_apbd.inclusion) == ((0, 0), (0, 0))
    assert (pkh.is_judged, pbi_apbd.is_judged) == (True, False)


def test_a_village_without_rows_has_none(exact: Path) -> None:
    found = coverage_of_village(exact, EMPTY)
    assert (found.poor, found.definitions, found.reasons, found.lenses) == ([], [], [], [])
    assert found.strategies == {}
    assert found.evidence is None
    assert [row["level"] for row in found.verified] == ["area"]  # nobody of the district


def test_nobody_was_visited_in_the_village(exact: Path) -> None:
    levels = [row["level"] for row in coverage_of_village(exact, SAME_DISTRICT).verified]
    assert levels == ["district", "area"]


def test_only_the_villages_that_are_asked_for(exact: Path) -> None:
    own = uncovered_of_villages(exact, {VILLAGE, SAME_DISTRICT}, OWN)
    assert {code: row["uncovered_families"] for code, row in own.items()} == {
        VILLAGE: 35, SAME_DISTRICT: 6,
    }  # fmt: skip
    assert list(uncovered_of_villages(exact, {VILLAGE, OTHER_DISTRICT}, WIDER)) == [VILLAGE]
    assert offices_of_villages(exact, {VILLAGE}) == {
        VILLAGE: {"Dinas Sosial": 28, "Disdukcapil": 5, "BPJS Kesehatan": 2}
    }


_COUNTS = st.lists(st.integers(0, 9), min_size=len(STATES), max_size=len(STATES))


@settings(deadline=None, max_examples=30)
@given(rows=st.lists(st.tuples(st.sampled_from("AB"), st.booleans(), _COUNTS), max_size=8))
def test_states_of_any_rows_add_up(
    any_exact: Path, rows: list[tuple[str, bool, list[int]]]
) -> None:
    exact = any_exact
    written = [
        {"village_code": VILLAGE, "program": program, "is_poor": is_poor, "families": sum(counts),
         **{f"{state}_families": n for state, n in zip(STATES, counts, strict=True)}}
        for program, is_poor, counts in rows
    ]  # fmt: skip
    schema = pq.read_schema(exact / "program_persons.parquet")
    schema = pa.schema(
        [field.with_name(field.name.replace("persons", "families")) for field in schema]
    )
    pq.write_table(pa.Table.from_pylist(written, schema), exact / "program_villages.parquet")
    found = coverage_of_village(exact, VILLAGE)
    for asked, counted in (({True}, found.poor), ({True, False}, found.everybody)):
        own = {program for program, is_poor, _ in rows if is_poor in asked}
        assert [each.program for each in counted] == sorted(own)
        for each in counted:
            parts = [counts for program, is_poor, counts in rows
                     if program == each.program and is_poor in asked]  # fmt: skip
            assert [each.states[state] for state in STATES] == [
                sum(column) for column in zip(*parts, strict=True)
            ]
            assert each.all == sum(map(sum, parts))


def test_counts_are_of_one_unit() -> None:
    counts = ProgramCounts("PKH", "families", dict.fromkeys(STATES, 2))
    assert (counts.all, counts.exclusion, counts.inclusion) == (14, (2, 4), (2, 4))
