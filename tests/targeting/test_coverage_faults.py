"""Slips of coverage that no other test notices: nulls, unknown sizes, mixed enrollments."""

from geo_target.settings import Coverage
from geo_target.targeting.coverage import find_coverage
from geo_target.workbench import Workbench
from tests.builders import rows_by, table
from tests.targeting.test_coverage import (
    FAMILIES,
    KEYS,
    KEYS_TEXT,
    LISTS,
    ON,
    covered,
)


def test_null_cards_never_join(bench: Workbench) -> None:
    lists = "program  national_id  family_card_number\nPKH  nik90  -\nPKH  -  kk9"
    result = covered(bench, FAMILIES, KEYS_TEXT + "E  kk  -  no\n", lists)
    assert rows_by(result.states, "family_id", "coverage_state")["E"] != "covered"


def test_a_person_without_a_nik_is_on_no_list(bench: Workbench) -> None:
    lists = table(bench, "program  national_id\nPKH  -\nPKH  nik2")
    rows = bench.query(
        """select *, 1 as list, row_number() over () as enrollment,
            null::varchar as family_card_number, null::varchar as family_id,
            null::varchar as village_name, null::date as valid_from, null::date as valid_to,
            null::varchar as status from lists""",
        lists=lists,
    )
    persons = find_coverage(
        table(bench, FAMILIES, {"members": "int"}),
        table(bench, KEYS_TEXT, KEYS),
        table(bench, "family_id  person_id  national_id\nA  2  nik2\nE  7  -"),
        rows,
        Coverage(programs=("PKH",), on=ON),
    ).persons
    assert [(r["family_id"], r["person_id"]) for r in persons.rows()] == [("A", "2")]


def test_a_head_whose_family_has_an_unknown_size_may_have_a_wife(bench: Workbench) -> None:
    families, keys = (
        "family_id  members\nU  -",
        "family_id  kind  value  is_head\nU  nik  nik5  yes",
    )
    result = covered(bench, families, keys, LISTS)
    assert rows_by(result.states, "family_id", "coverage_state") == {"U": "unmatched"}


def test_one_row_that_counts_is_enough_and_the_last_day_is_kept(bench: Workbench) -> None:
    lists = """
    program  national_id  valid_from  valid_to
    PKH      nik2         2025-01-01  2025-03-31
    PKH      nik2         2025-10-01  2025-12-31
    """
    result = covered(bench, FAMILIES, KEYS_TEXT, lists)
    for (row,) in (result.families.rows(), result.persons.rows()):
        assert row["is_active"]
        assert (row["valid_from"].month, row["valid_to"].month) == (10, 12)


def test_a_recipient_who_is_linked_but_not_counted_is_not_unlinked(bench: Workbench) -> None:
    lists = "program  national_id  status\nPKH  nik2  inactive\nPKH  nik90  active"
    unlinked = covered(bench, FAMILIES, KEYS_TEXT, lists).unlinked.rows()
    assert [r["enrollments"] for r in unlinked] == [1]
