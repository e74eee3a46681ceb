from geo_target.places.crosswalk import Crosswalk
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.recipients import state_written_places
from geo_target.targeting.match_rates import WAYS, count_matches, match_totals, sum_by_village
from geo_target.workbench import Table, Workbench
from tests.builders import table

FAMILIES = "family_id\nP1\nP2"
CIPARE = "36.73.01.1002"
KEYS = "kind value\nnik nik1\nnik nik2\nkk kk1"
PKH = """
regency_name  district_name  village_name  village_code   national_id  family_card_number  family_id
-             Serang         Cipare        -              nik1         kk1                 -
-             Serang         Cipare        -              nik9         kk1                 -
-             Serang         Cipare        -              nik9         kk9                 P2
-             Serang         Nowhere       -              nik2         -                   P1
"""
PBI = """
regency_name  district_name  village_name  village_code   national_id  family_card_number  family_id
-             -              -             36.73.02.1001  nik8         kk8                 P9
-             -              -             -              -            -                   -
"""


def counted(bench: Workbench, *lists: str) -> Table:
    tables = {number: table(bench, text) for number, text in enumerate(lists, start=3)}
    return count_matches(table(bench, FAMILIES), table(bench, KEYS), tables)


def rates(bench: Workbench, *lists: str, system: str | None = "kemendagri") -> dict:  # type: ignore[type-arg]
    counts = counted(bench, *lists)
    systems = {number: system for number, _ in enumerate(lists, start=3)}
    stated = state_written_places(counts, systems, read_gazetteer("36"), Crosswalk())  # type: ignore[arg-type]
    return {
        (r["list"], r["village_code"]): tuple(int(r[f"{way}_enrollments"]) for way in WAYS)
        for r in sum_by_village(stated).rows()
    }


def test_an_enrollment_counts_once_by_its_best_key(bench: Workbench) -> None:
    assert match_totals(counted(bench, PKH, PBI)) == {
        3: {"enrollments": 4, "nik_enrollments": 2, "kk_enrollments": 1,
            "family_id_enrollments": 1, "unlinked_enrollments": 0},
        4: {"enrollments": 2, "nik_enrollments": 0, "kk_enrollments": 0,
            "family_id_enrollments": 0, "unlinked_enrollments": 2},
    }  # fmt: skip


def test_villages_are_those_of_names_or_of_codes(bench: Workbench) -> None:
    assert rates(bench, PKH, PBI) == {
        (3, CIPARE): (1, 1, 1, 0),
        (3, None): (1, 0, 0, 0),
        (4, "36.73.02.1001"): (0, 0, 0, 1),
        (4, None): (0, 0, 0, 1),
    }


def test_codes_of_another_system_than_declared_refuse_no_run(bench: Workbench) -> None:
    found = rates(bench, PKH, PBI, system="bps")
    assert found[3, CIPARE] == (1, 1, 1, 0)  # names are looked up all the same
    assert found[4, None] == (0, 0, 0, 2)


def test_without_a_list_of_recipients_there_is_nothing(bench: Workbench) -> None:
    assert rates(bench) == {}
    assert match_totals(counted(bench)) == {}
