"""Numbers of a register: each of a family once, whoever asks."""

from geo_target.registry.listings import known_of, read_listing
from geo_target.registry.twins import find_twins
from geo_target.workbench import Workbench
from tests.builders import kk, nik
from tests.registry.test_twins import register, rulings

#: B is A once more, without its card; C is another family.
FAMILIES = """
A nik1 kk1 Suhendi V1
B nik1 - Suhendi V1
C nik2 kk2 Basuni V1
"""
PEOPLE = """
A kk1 nik1 Suhendi KEPALA
A kk1 nik3 Jumenah ISTRI
C kk2 nik2 Basuni KEPALA
C kk2 nik2 Basuni KEPALA
"""


def test_numbers_of_one_register_are_asked_where_they_lie(bench: Workbench) -> None:
    given = register(bench, "p3ke", FAMILIES.lstrip(), PEOPLE.lstrip())
    listing = read_listing(given.name, given.families, given.persons)
    keys = known_of(listing).keys
    assert listing.keys in keys.under
    found = [tuple(row.values()) for row in keys.rows()]
    assert sorted(found) == sorted(
        [
            ("A", "nik", nik(1), True),
            ("A", "nik", nik(3), False),
            ("A", "kk", kk(1), False),
            ("B", "nik", nik(1), True),
            ("C", "nik", nik(2), True),
            ("C", "kk", kk(2), False),
        ]
    )


def test_numbers_of_several_rows_of_a_family_are_gathered(bench: Workbench) -> None:
    given = register(bench, "p3ke", FAMILIES.lstrip(), PEOPLE.lstrip())
    listing = read_listing(given.name, given.families, given.persons)
    under = find_twins(listing, rulings(bench)).listed
    listing = read_listing(given.name, given.families, given.persons, under)
    assert [row["family_id"] for row in under.rows()] == ["A", "A", "C"]
    found = [tuple(row.values()) for row in known_of(listing).keys.rows()]
    assert sorted(found) == sorted(
        [
            ("A", "nik", nik(1), True),
            ("A", "nik", nik(3), False),
            ("A", "kk", kk(1), False),
            ("C", "nik", nik(2), True),
            ("C", "kk", kk(2), False),
        ]
    )
    assert sorted(found) == sorted(tuple(row.values()) for row in listing.numbers.rows())
