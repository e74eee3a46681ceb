from geo_target.places.crosswalk import Crosswalk
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.recipients import state_written_places
from geo_target.registry.recipients import WAYS
from geo_target.targeting.match_rates import count_matches, match_totals
from geo_target.workbench import Table, Workbench
from tests.builders import table

CIPARE = "36.73.01.1002"
ROWS = """
list  regency_name  district_name  village_name  village_code   way
3     -             Serang         Cipare        -              nik
3     -             Serang         Cipare        -              kk
3     -             Serang         Cipare        -              family_id
3     -             Serang         Cipare        -              name
3     -             Serang         Nowhere       -              nik
4     -             -              -             36.73.02.1001  unlinked
4     -             -              -             -              unlinked
"""


def counted(bench: Workbench, rows: str = ROWS, *, system: str | None = "kemendagri") -> Table:
    written = table(bench, rows, {"list": "int"})
    systems = {3: system, 4: system}
    return count_matches(
        state_written_places(written, systems, read_gazetteer("36"), Crosswalk())  # type: ignore[arg-type]
    )


def rates(counts: Table) -> dict:  # type: ignore[type-arg]
    return {
        (r["list"], r["village_code"]): tuple(int(r[f"{way}_enrollments"]) for way in WAYS)
        for r in counts.rows()
    }


def test_an_enrollment_counts_once_by_what_ties_it(bench: Workbench) -> None:
    assert match_totals(counted(bench)) == {
        3: {"enrollments": 5, "nik_enrollments": 2, "kk_enrollments": 1,
            "family_id_enrollments": 1, "name_enrollments": 1, "unlinked_enrollments": 0},
        4: {"enrollments": 2, "nik_enrollments": 0, "kk_enrollments": 0,
            "family_id_enrollments": 0, "name_enrollments": 0, "unlinked_enrollments": 2},
    }  # fmt: skip


def test_villages_are_those_of_names_or_of_codes(bench: Workbench) -> None:
    assert rates(counted(bench)) == {
        (3, CIPARE): (1, 1, 1, 1, 0),
        (3, None): (1, 0, 0, 0, 0),
        (4, "36.73.02.1001"): (0, 0, 0, 0, 1),
        (4, None): (0, 0, 0, 0, 1),
    }


def test_codes_of_another_system_than_declared_refuse_no_run(bench: Workbench) -> None:
    found = rates(counted(bench, system="bps"))
    assert found[3, CIPARE] == (1, 1, 1, 1, 0)  # names are looked up all the same
    assert found[4, None] == (0, 0, 0, 0, 2)


def test_without_a_list_of_recipients_there_is_nothing(bench: Workbench) -> None:
    none = counted(bench, ROWS.strip().splitlines()[0])
    assert rates(none) == {}
    assert match_totals(none) == {}
