"""What families say at the door, beside what lists say of them."""

from datetime import date
from typing import Any

import pytest

from geo_target.settings import Coverage
from geo_target.targeting.answers import count_told, counted_answers
from geo_target.targeting.coverage import CoverageResult, find_coverage
from geo_target.targeting.endings import count_endings, end_families
from geo_target.workbench import Table, Workbench
from tests.builders import rows_by, table

ON = date(2025, 10, 1)
FAMILIES = """
family_id
LISTED
MISSED
NUMBERLESS
DOUBTFUL
"""
KEYS = """
family_id  kind  value  is_head
LISTED     kk    kk1    no
MISSED     kk    kk2    no
DOUBTFUL   kk    kk4    no
"""
PAID = """
enrollment  program  family_card_number
1           PKH      kk1
2           PBI_JK   kk9
"""


def answers(bench: Workbench, *said: tuple[str, list[str]], day: date = ON) -> Table | None:
    rows = [(family, day, programs) for family, programs in said]
    types = {"family_id": "varchar", "answered_on": "date", "programs": "varchar[]"}
    return counted_answers(bench.take_rows(types, rows), on=ON, days=365)


def found(
    bench: Workbench, said: Table | None, *programs: str, **definitions: Coverage
) -> CoverageResult:
    columns = {"enrollment": "bigint", "program": "varchar", "national_id": "varchar",
               "family_card_number": "varchar", "family_id": "varchar", "list": "bigint",
               "status": "varchar", "valid_from": "date", "valid_to": "date",
               "village_name": "varchar"}  # fmt: skip
    lines = table(bench, PAID).rows()
    paid = bench.take_rows(columns, [[row.get(name) for name in columns] for row in lines])
    families = bench.query("select *, null::bigint as members from t", t=table(bench, FAMILIES))
    members = bench.take_rows(
        dict.fromkeys(("family_id", "person_id", "national_id"), "varchar"), []
    )
    return find_coverage(
        families, table(bench, KEYS, {"is_head": "boolean"}), members, paid,
        Coverage(programs=programs or ("PKH",), on=ON), others=definitions,
        doubtful=table(bench, "family_id\nDOUBTFUL"), answers=said,
    )  # fmt: skip


def states(result: CoverageResult) -> dict[str, Any]:
    return rows_by(result.states, "family_id", "coverage_state")


def test_without_answers_lists_alone_say_it(bench: Workbench) -> None:
    result = found(bench, None)
    assert states(result) == {
        "LISTED": "covered", "MISSED": "uncovered", "NUMBERLESS": "unmatched",
        "DOUBTFUL": "unmatched",
    }  # fmt: skip
    assert result.by_visit is None
    assert count_told(None) == {"covered": 0, "uncovered": 0, "disagrees": 0}


def test_who_names_a_program_is_covered_whatever_the_lists_say(bench: Workbench) -> None:
    said = answers(bench, ("MISSED", ["PKH"]), ("NUMBERLESS", ["SEMBAKO", "PKH"]))
    result = found(bench, said)
    assert states(result)["MISSED"] == states(result)["NUMBERLESS"] == "covered"
    enrolled = {row["family_id"]: row for row in result.families.rows() if row["program"] == "PKH"}
    assert enrolled["MISSED"]["matched_by"] == "visit"
    assert enrolled["MISSED"]["is_active"]
    assert enrolled["LISTED"]["matched_by"] == "kk"
    assert count_told(result.by_visit) == {"covered": 2, "uncovered": 0, "disagrees": 0}


def test_who_receives_none_of_the_definition_is_uncovered(bench: Workbench) -> None:
    said = answers(bench, ("NUMBERLESS", []), ("DOUBTFUL", ["SEMBAKO"]), ("MISSED", []))
    result = found(bench, said)
    assert states(result)["NUMBERLESS"] == states(result)["DOUBTFUL"] == "uncovered"
    # of MISSED the lists say the same
    assert count_told(result.by_visit) == {"covered": 0, "uncovered": 2, "disagrees": 0}


def test_a_list_is_not_overruled_by_a_no(bench: Workbench) -> None:
    result = found(bench, answers(bench, ("LISTED", [])))
    assert states(result)["LISTED"] == "covered"
    assert count_told(result.by_visit) == {"covered": 0, "uncovered": 0, "disagrees": 1}


def test_who_names_another_program_of_the_definition_does_not_disagree(bench: Workbench) -> None:
    result = found(bench, answers(bench, ("LISTED", ["PBI_JK"])), "PKH", "PBI_JK")
    assert count_told(result.by_visit)["disagrees"] == 0


def test_each_definition_and_program_asks_for_itself(bench: Workbench) -> None:
    said = answers(bench, ("NUMBERLESS", ["PBI_JK"]))
    both = Coverage(name="both", programs=("PKH", "PBI_JK"), on=ON)
    result = found(bench, said, both=both)
    (row,) = [one for one in result.by_definition.rows() if one["family_id"] == "NUMBERLESS"]
    assert (row["utama"], row["both"]) == ("uncovered", "covered")
    (row,) = [one for one in result.by_program.rows() if one["family_id"] == "NUMBERLESS"]
    assert (row["PKH"], row["PBI_JK"]) == ("uncovered", "covered")


def test_where_all_members_must_be_enrolled_one_answer_for_all_is_neither(
    bench: Workbench,
) -> None:
    whole = Coverage(name="whole", programs=("PBI_JK",), on=ON, member_counts_for_family=False)
    result = found(bench, answers(bench, ("NUMBERLESS", ["PBI_JK"])), whole=whole)
    (row,) = [one for one in result.by_definition.rows() if one["family_id"] == "NUMBERLESS"]
    assert row["whole"] == "unmatched"


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2024, 10, 1), True), (date(2024, 9, 30), False), (date(2025, 10, 9), True)],
)
def test_an_answer_counts_for_its_time(bench: Workbench, day: date, *, counts: bool) -> None:
    said = answers(bench, ("MISSED", ["PKH"]), day=day)
    assert (said is not None) == counts
    assert states(found(bench, said))["MISSED"] == ("covered" if counts else "uncovered")


def test_lists_of_recipients_are_counted_without_answers(bench: Workbench) -> None:
    """What is linked to nobody, and what is paid twice, is of lists."""
    said = answers(bench, ("MISSED", ["PKH"]))
    one, other = found(bench, None), found(bench, said)
    assert one.unlinked.rows() == other.unlinked.rows()
    assert len(one.matches) == len(other.matches)


def test_an_ended_family_is_of_another_class(bench: Workbench) -> None:
    welfare = table(bench, "family_id welfare_class\nA extreme_poor\nB unknown\nC extreme_poor")
    ended = end_families(welfare, table(bench, "family_id ended_by\nA died\nB moved"))
    assert {row["family_id"]: (row["welfare_class"], row["ended_by"]) for row in ended.rows()} == {
        "A": ("other", "died"), "B": ("other", "moved"), "C": ("extreme_poor", None),
    }  # fmt: skip
    assert count_endings(ended) == {
        "died": 1, "moved": 1, "duplicate": 0, "merged": 0, "better_off": 0
    }  # fmt: skip
    none = end_families(welfare, table(bench, "family_id ended_by"))
    assert {row["ended_by"] for row in none.rows()} == {None}
