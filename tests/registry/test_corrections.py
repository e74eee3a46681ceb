"""What visits have corrected stands in the base's rows before anything is linked."""

from datetime import date
from pathlib import Path
from typing import Any

from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.registry.corrections import (
    correct_register,
    count_corrections,
    gather_corrections,
    under_families,
)
from geo_target.registry.families import Register
from geo_target.schemas import ROLES
from geo_target.workbench import Workbench, widened
from tests.builders import kk, nik, table, write_csv

HEAD = "family_id | visited_on | result"


def visits(bench: Workbench, folder: Path, text: str, *columns: str) -> list[AgencyList]:
    file = write_csv(folder / "visits.csv", " | ".join([HEAD, *columns]) + "\n" + text)
    return [
        read_list(bench, file, profile=profile_named("visits"), as_of=date(2025, 10, 1))
    ]  # fmt: skip


def register(bench: Workbench, text: str, persons: str | None = None) -> Register:
    def wide(role: str, words: str) -> Any:
        found = table(bench, words)
        types = {c.name: c.type for c in ROLES[role].columns}
        return widened(found, types)

    members = wide("persons", persons) if persons else None
    return Register("base", wide("families", text), members)


ROWS = """
family_id  head_national_id  family_card_number  head_name  rt   civil_registry
K1         nik1              kk1                 ANI        001  unmatched
K2         -                 kk2                 BUDI       002  matched
"""


def test_the_newest_value_of_each_thing_counts(bench: Workbench, tmp_path: Path) -> None:
    text = f"""
        K1 | 2025-03-01 | 1 | {nik(7)} | ANI  | 005
        K1 | 2025-09-01 | 1 |          | ANTI |
        K9 | 2025-09-01 | 1 | {nik(9)} |      |
        """
    lists = visits(bench, tmp_path, text, "head_national_id", "head_name", "rt")
    found = correct_register(register(bench, ROWS), gather_corrections(lists))
    first, second = found.register.families.rows()
    assert (first["head_national_id"], first["head_name"], first["rt"]) == (nik(7), "ANTI", "005")
    assert (second["head_name"], second["rt"]) == ("BUDI", "002")
    assert count_corrections(found.rows)["head_national_id"] == 1
    assert found.rows is not None
    (row,) = found.rows.rows()
    assert row["corrected_on"] == date(2025, 3, 1)
    assert sorted(row["columns"]) == ["head_name", "head_national_id", "rt"]


def test_what_a_visit_corrects_no_more_is_as_the_list_says(
    bench: Workbench, tmp_path: Path
) -> None:
    """Last month's export, still a source, has a slip that was taken back since."""
    slip, mended = (
        read_list(
            bench,
            write_csv(
                tmp_path / f"{month}.csv",
                f"visit_code | {HEAD} | rt\nAAAA | K1 | 2025-09-01 | 1 |{rt}",
            ),
            profile=profile_named("visits"),
            as_of=date(2025, month, 1),
        )
        for month, rt in ((10, "009"), (11, ""))
    )
    assert gather_corrections([slip]) is not None
    assert gather_corrections([slip, mended]) is None


def test_what_the_list_says_already_is_no_correction(bench: Workbench, tmp_path: Path) -> None:
    lists = visits(bench, tmp_path, f"K1 | 2025-09-01 | 1 | {nik(1)}", "head_national_id")
    found = correct_register(register(bench, ROWS), gather_corrections(lists))
    assert not any(count_corrections(found.rows).values())
    assert found.register.families.rows()[0]["civil_registry"] == "unmatched"


def test_the_civil_registry_has_said_nothing_of_another_number(
    bench: Workbench, tmp_path: Path
) -> None:
    lists = visits(bench, tmp_path, f"K1 | 2025-09-01 | 1 | {nik(5)}", "head_national_id")
    found = correct_register(register(bench, ROWS), gather_corrections(lists))
    assert [row["civil_registry"] for row in found.register.families.rows()] == [None, "matched"]


def test_the_head_among_the_persons_has_the_corrected_number(
    bench: Workbench, tmp_path: Path
) -> None:
    persons = """
        family_id  family_card_number  national_id  name
        K1         kk1                 nik1         ANI
        K1         kk1                 nik2         EDI
        -          kk1                 nik3         EVI
        K2         kk2                 nik1         BUDI
        """
    text = f"K1 | 2025-09-01 | 1 | {nik(7)} | {kk(7)}"
    lists = visits(bench, tmp_path, text, "head_national_id", "family_card_number")
    found = correct_register(register(bench, ROWS, persons), gather_corrections(lists))
    assert found.register.persons is not None
    by_name = {
        row["name"]: (row["national_id"], row["family_card_number"])
        for row in found.register.persons.rows()
    }
    assert by_name == {
        "ANI": (nik(7), kk(7)), "EDI": (nik(2), kk(7)), "EVI": (nik(3), kk(7)),
        "BUDI": (nik(1), kk(2)),  # another family's person, whatever the number
    }  # fmt: skip


def test_visits_that_correct_nothing_leave_the_register(bench: Workbench, tmp_path: Path) -> None:
    given = register(bench, ROWS)
    assert gather_corrections([]) is None
    assert gather_corrections(visits(bench, tmp_path, "K1 | 2025-09-01 | 1")) is None
    blank = visits(bench, tmp_path, "K1 | 2025-09-01 | 1 |", "rt")
    assert gather_corrections(blank) is None
    assert correct_register(given, None).register is given


def test_rows_of_one_family_are_told_under_it(bench: Workbench) -> None:
    keys = table(bench, "register register_family_id family_id\nbase K1 F1\nbase K2 F1\nx K1 F3")
    rows = bench.query(
        "select unnest(['K1', 'K2']) as register_family_id, ['rt'] as columns, "
        "null::date as corrected_on"
    )
    found = under_families(rows, keys, base="base")
    assert found is not None
    assert [row["family_id"] for row in found.rows()] == ["F1", "F1"]
    assert count_corrections(found)["rt"] == 2
    assert under_families(None, keys, base="base") is None
