"""Each line of the table of registry/twins.py, and what follows from it for a register."""

import pytest

from geo_target.registry.families import Register, Registry, link_registers
from geo_target.registry.rulings import SETTLED
from geo_target.workbench import Table, Workbench
from tests.builders import kk, nik, rows_by
from tests.registry.test_families import canonical

HEAD = "family_id  head_national_id  family_card_number  head_name  stated_village_code\n"
PEOPLE_HEAD = "family_id  family_card_number  national_id  name  relation\n"


def register(bench: Workbench, name: str, families: str, people: str = "") -> Register:
    persons = canonical(bench, PEOPLE_HEAD + people, of="persons") if people else None
    return Register(name, canonical(bench, HEAD + families, of="families"), persons)


def rulings(bench: Workbench, *said: tuple[str, str, bool | None], register: str = "p3ke") -> Table:
    return bench.take_rows(SETTLED, [(register, a, register, b, same) for a, b, same in said])


def linked(bench: Workbench, families: str, people: str = "", *said: tuple[str, str, bool | None]
           ) -> Registry:  # fmt: skip
    return link_registers(
        register(bench, "p3ke", families, people), [], rulings(bench, *said) if said else None
    )


def looked_at(registry: Registry) -> set[tuple[str, str, str, str]]:
    columns = ("register_family_id", "other_register_family_id", "matched_by", "state")
    return {tuple(row[column] for column in columns) for row in registry.pairs.rows()}


@pytest.mark.parametrize(
    ("second", "people", "by", "state"),
    [
        # The head's NIK: with another name only on the same card.
        ("nik1 - Jumenah V1", "", "nik", "doubtful"),
        ("nik1 kk2 SUHENDY V1", "", "twin", "matched"),
        ("nik1 kk2 - V1", "", "twin", "matched"),
        ("nik1 kk1 Jumenah V1", "", "twin", "matched"),
        ("nik1 kk2 Jumenah V1", "", "nik", "doubtful"),
        ("- kk2 Jumenah V1", "P2 - nik1 - KEPALA", "nik", "doubtful"),
        ("- kk2 Suhendi V1", "P2 - nik1 - KEPALA", "twin", "matched"),
        # The KK, with a NIK, a name, or neither.
        ("nik2 kk1 Jumenah V1", "P1 - nik2 - ISTRI", "twin", "matched"),
        ("nik2 kk1 SOEHENDI V1", "", "twin", "matched"),
        ("- kk1 SOEHENDI V2", "", "twin", "matched"),
        ("nik2 kk1 Jumenah V1", "P1 - - JUMENAH ISTRI", "twin", "matched"),
        ("nik2 kk1 Basuni V1", "", "kk", "doubtful"),
        ("nik2 kk1 - V1", "", "kk", "doubtful"),
        # A NIK that is not the head's in both: a member who has got a card of their own.
        ("nik2 kk2 Jumenah V1", "P1 - nik2 - ANAK", "nik", "unmatched"),
        ("nik2 kk2 Suhendi V1", "P1 - nik3 - ANAK\nP2 - nik3 - ANAK", "nik", "unmatched"),
        ("- kk2 Suhendi V1", "P2 - nik1 - -", "nik", "unmatched"),  # the head, or anybody
        # No number is shared: nobody looks.
        ("nik2 kk2 Suhendi V1", "", None, None),
        ("- - Suhendi V1", "", None, None),
    ],
)
def test_two_rows_of_one_register(
    bench: Workbench, second: str, people: str, by: str | None, state: str | None
) -> None:
    registry = linked(bench, f"P1 nik1 kk1 Suhendi V1\nP2 {second}", people)
    is_one = state == "matched"
    assert looked_at(registry) == ({("P2", "P1", by, state)} if by else set())
    assert rows_by(registry.family_keys, "register_family_id", "family_id") == {
        "P1": "P1", "P2": "P1" if is_one else "P2",
    }  # fmt: skip
    assert rows_by(registry.family_keys, "register_family_id", "matched_by") == {
        "P1": None, "P2": "twin" if is_one else None,
    }  # fmt: skip
    assert len(registry.families) == (1 if is_one else 2)
    assert registry.twice_listed == is_one
    assert rows_by(registry.doubtful, "family_id", "is_apart") == (
        {"P2": True, "P1": False} if state == "doubtful" else {}
    )


@pytest.mark.parametrize(
    ("second", "said", "state"),
    [
        ("nik2 kk2 Basuni V2", [("P1", "P2", True)], "matched"),
        ("nik2 kk2 Basuni V2", [("P2", "P1", True)], "matched"),
        # said of other data
        ("nik1 kk1 Suhendi V1", [("P1", "P2", None)], "doubtful"),
        ("nik2 kk2 Basuni V2", [("P2", "P1", None)], "doubtful"),
        ("nik1 kk1 Suhendi V1", [("P1", "P2", False)], "unmatched"),
        ("nik1 kk1 Suhendi V1", [("P1", "P2", False), ("P2", "P1", True)], "doubtful"),
    ],
)
def test_what_a_person_has_settled_stands(
    bench: Workbench, second: str, said: list[tuple[str, str, bool | None]], state: str
) -> None:
    registry = linked(bench, f"P1 nik1 kk1 Suhendi V1\nP2 {second}", "", *said)
    assert looked_at(registry) == {("P2", "P1", "decision", state)}
    assert rows_by(registry.family_keys, "register_family_id", "matched_by") == {
        "P1": None, "P2": "decision" if state == "matched" else None,
    }  # fmt: skip
    assert len(registry.doubtful) == (2 if state == "doubtful" else 0)


def test_who_is_one_with_one_is_one_with_all(bench: Workbench) -> None:
    chain = "P1 nik1 kk1 Suhendi V1\nP2 nik1 kk2 Suhendi V1\nP3 nik3 kk2 Suhendi V1"
    registry = linked(bench, chain)
    assert set(rows_by(registry.family_keys, "register_family_id", "family_id").values()) == {"P1"}
    assert registry.twice_listed == 2


def test_of_a_chain_that_a_person_parts_none_joins(bench: Workbench) -> None:
    chain = "P1 nik1 kk1 Suhendi V1\nP2 nik1 kk2 Suhendi V1\nP3 nik3 kk2 Suhendi V1"
    registry = linked(bench, chain, "", ("P3", "P1", False))
    assert looked_at(registry) == {
        ("P2", "P1", "twin", "doubtful"), ("P3", "P2", "twin", "doubtful"),
        ("P3", "P1", "decision", "unmatched"),
    }  # fmt: skip
    assert registry.twice_listed == 0
    assert len(registry.doubtful) == 3


def test_facts_of_twins_are_filled_and_the_first_rows_statement_stands(bench: Workbench) -> None:
    registry = linked(bench, "P1 nik1 - - V1\nP2 nik1 kk1 Suhendi V2\nP3 nik3 kk3 Basuni V2")
    (family,) = [r for r in registry.families.rows() if r["family_id"] == "P1"]
    assert (family["head_name"], family["family_card_number"]) == ("Suhendi", kk(1))
    assert family["stated_village_code"] == "V1"
    assert registry.twice_placed == 1
    assert {r["value"] for r in registry.keys.rows() if r["family_id"] == "P1"} == {nik(1), kk(1)}


def test_members_of_a_card_that_is_listed_twice_are_of_the_one_family(bench: Workbench) -> None:
    people = "- kk1 nik1 Suhendi KEPALA\n- kk1 nik2 Jumenah ISTRI"
    registry = linked(bench, "P1 - kk1 Suhendi V1\nP2 - kk1 Suhendi V1", people)
    assert registry.unlinked_persons == 0
    assert {r["national_id"] for r in registry.members.rows()} == {nik(1), nik(2)}


@pytest.mark.parametrize(("bearers", "families"), [(9, 1), (10, 10)])
def test_a_number_that_fills_a_column_is_nobodys(
    bench: Workbench, bearers: int, families: int
) -> None:
    rows = "\n".join(f"P{n} nik1 - - V1" for n in range(bearers))
    registry = linked(bench, rows)
    assert len(registry.families) == families
    assert registry.doubtful.rows() == []
    assert {r["state"] for r in registry.pairs.rows()} == ({"matched"} if families == 1 else set())
    # ... and proves nothing of them, neither a hit nor a miss.
    assert len(registry.keys) == (1 if families == 1 else 0)
    assert registry.nobodys_numbers == (0 if families == 1 else 1)


def test_twins_of_another_register_attach_as_one(bench: Workbench) -> None:
    registry = link_registers(
        register(bench, "p3ke", "P1 nik1 kk1 Suhendi V1"),
        [register(bench, "dtsen", "D1 nik5 kk5 Suhendi V1\nD2 nik5 - - V1\nD3 nik6 - - V1",
                  "D2 - nik1 - ANAK")],
    )  # fmt: skip
    assert rows_by(registry.family_keys, "register_family_id", "family_id") == {
        "P1": "P1", "D1": "P1", "D2": "P1", "D3": "dtsen:D3",
    }  # fmt: skip
    assert rows_by(registry.family_keys, "register_family_id", "matched_by") == {
        "P1": None, "D1": "nik", "D2": "twin", "D3": None,
    }  # fmt: skip
    assert looked_at(registry) == {("D1", "P1", "nik", "matched"), ("D2", "D1", "twin", "matched")}


def test_halves_of_a_split_card_that_are_one_base_family_are_not_spoken_of(
    bench: Workbench,
) -> None:
    registry = link_registers(
        register(bench, "p3ke", "P1 nik1 - Suhendi V1", "P1 - nik2 - ANAK"),
        [register(bench, "dtsen", "D1 nik1 kk1 Suhendi V1\nD2 nik2 kk2 Siti V1",
                  "D1 - nik2 - ANAK")],
    )  # fmt: skip
    assert looked_at(registry) == {("D1", "P1", "nik", "matched"), ("D2", "P1", "nik", "matched")}
    assert registry.twice_listed == 0


@pytest.mark.parametrize(
    ("people", "members"),
    [
        ("", None),
        ("P1 - nik1 ANI KEPALA", 1),
        ("P1 - - BUDI ISTRI", 2),  # and the head, whom the list leaves out
        ("P1 - nik1 ANI KEPALA\nP1 - - BUDI ISTRI", 2),
    ],
)
def test_who_is_listed_without_the_head_is_not_the_only_one(
    bench: Workbench, people: str, members: int | None
) -> None:
    # Of an only member the head's NIK would prove that a list has not got the family.
    registry = linked(bench, "P1 nik1 - ANI V1", people)
    assert rows_by(registry.families, "family_id", "members") == {"P1": members}


def test_an_id_of_the_base_is_never_taken_for_another_registers(bench: Workbench) -> None:
    registry = link_registers(
        register(bench, "p3ke", "dtsen:D1 nik1 kk1 Ani V1"),
        [register(bench, "dtsen", "D1 nik2 kk2 Zainal V1")],
    )
    assert rows_by(registry.families, "family_id", "head_name") == {
        "dtsen:D1": "Ani", "dtsen::D1": "Zainal",
    }  # fmt: skip
