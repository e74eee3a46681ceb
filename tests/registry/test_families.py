import pytest

from geo_target.registry.families import Register, Registry, link_registers
from geo_target.schemas import FAMILIES, PERSONS
from geo_target.workbench import Table, Workbench
from tests.builders import kk, nik, rows_by, table

# P3KE knows people by NIK; DTSEN knows families by card and lists their members.
P3KE = "family_id  head_national_id\nP1  nik1\nP2  nik2\nP3  -"
P3KE_PEOPLE = """
family_id  national_id  relation
P1         nik1         KEPALA
P1         nik11        ISTRI
P2         nik2         KEPALA
P3         -            KEPALA
"""
DTSEN = """
family_id  family_card_number  head_national_id  decile  rw
D1         kk1                 nik1              1       005
D2         kk2                 nik2              2       -
D9         kk9                 nik90             6       007
"""
DTSEN_PEOPLE = """
family_card_number  national_id  relation
kk1                 nik1         KEPALA
kk1                 nik11        ISTRI
kk1                 nik12        ANAK
kk2                 nik2         KEPALA
kk9                 nik90        KEPALA
"""


def canonical(bench: Workbench, text: str, *, of: str) -> Table:
    schema = FAMILIES if of == "families" else PERSONS
    given = table(bench, text, {"decile": "bigint", "members": "bigint"})
    empty = ", ".join(f"null::{c.type} as {c.name}" for c in schema.columns)
    places = ", null::varchar as stated_village_code, 'none' as village_basis"
    extra = places if of == "families" else ""
    return bench.query(
        f"""select row_number() over () as row, * from (
            select {empty}{extra} where false union all by name from given)""",
        given=given,
    )


def register(bench: Workbench, name: str, families: str, people: str | None = None) -> Register:
    persons = canonical(bench, people, of="persons") if people else None
    return Register(name, canonical(bench, families, of="families"), persons)


def linked(bench: Workbench, dtsen: str = DTSEN, people: str = DTSEN_PEOPLE) -> Registry:
    return link_registers(
        register(bench, "p3ke", P3KE, P3KE_PEOPLE), [register(bench, "dtsen", dtsen, people)]
    )


def test_a_shared_key_attaches_and_the_others_are_families_of_their_own(bench: Workbench) -> None:
    registry = linked(bench)
    assert rows_by(registry.family_keys, "register_family_id", "family_id") == {
        "P1": "P1", "P2": "P2", "P3": "P3", "D1": "P1", "D2": "P2", "D9": "dtsen:D9",
    }  # fmt: skip
    assert rows_by(registry.families, "family_id", "in_base") == {
        "P1": True, "P2": True, "P3": True, "dtsen:D9": False,
    }  # fmt: skip
    assert registry.doubtful.rows() == []
    assert registry.unlinked_persons == 0


def test_facts_are_filled_from_the_register_that_knows_them(bench: Workbench) -> None:
    families = linked(bench).families
    assert rows_by(families, "family_id", "decile")["P1"] == 1
    assert rows_by(families, "family_id", "rw") == {
        "P1": "005", "P2": None, "P3": None, "dtsen:D9": "007",
    }  # fmt: skip
    assert rows_by(families, "family_id", "members") == {"P1": 3, "P2": 1, "P3": 1, "dtsen:D9": 1}


def test_keys_of_all_registers_name_the_family(bench: Workbench) -> None:
    keys = {(r["family_id"], r["value"]): r["is_head"] for r in linked(bench).keys.rows()}
    assert keys == {
        ("P1", nik(1)): True, ("P1", nik(11)): False, ("P1", nik(12)): False, ("P1", kk(1)): False,
        ("P2", nik(2)): True, ("P2", kk(2)): False,
        ("dtsen:D9", nik(90)): True, ("dtsen:D9", kk(9)): False,
    }  # fmt: skip


def test_a_person_of_two_registers_is_one_person(bench: Workbench) -> None:
    members = linked(bench).members.rows()
    assert sorted(r["national_id"] for r in members if r["family_id"] == "P1") == [
        nik(1), nik(11), nik(12),
    ]  # fmt: skip


def test_two_candidates_never_join_by_themselves(bench: Workbench) -> None:
    mixed = DTSEN_PEOPLE + "kk1  nik2  ANAK\n"
    registry = linked(bench, people=mixed)
    assert rows_by(registry.family_keys, "register_family_id", "family_id")["D1"] == "dtsen:D1"
    assert rows_by(registry.doubtful, "family_id", "is_apart") == {
        "dtsen:D1": True, "P1": False, "P2": False,
    }  # fmt: skip
    assert len(registry.families) == 5


def test_a_split_card_is_still_one_family(bench: Workbench) -> None:
    split = DTSEN + "D1b  kk5  nik11  1  -\n"
    registry = linked(bench, dtsen=split, people=DTSEN_PEOPLE + "kk5  nik11  KEPALA\n")
    keys = rows_by(registry.family_keys, "register_family_id", "family_id")
    assert keys["D1"] == keys["D1b"] == "P1"


def test_who_is_head_in_one_register_is_head(bench: Workbench) -> None:
    other = link_registers(
        register(bench, "p3ke", "family_id  head_national_id\nP1  nik1"),
        [register(bench, "dtsen", "family_id  family_card_number\nD1  kk1",
                  "family_card_number  national_id  relation\nkk1  nik1  ANAK")],
    )  # fmt: skip
    assert [(r["value"], r["is_head"]) for r in other.keys.rows() if r["kind"] == "nik"] == [
        (nik(1), True)
    ]


def test_without_a_list_of_persons_the_size_of_a_family_is_unknown(bench: Workbench) -> None:
    alone = link_registers(register(bench, "p3ke", "family_id  head_national_id\nP1  nik1"), [])
    assert rows_by(alone.families, "family_id", "members") == {"P1": None}
    told = "family_id  head_national_id  members\nP1  nik1  4"
    assert rows_by(
        link_registers(register(bench, "p3ke", told), []).families, "family_id", "members"
    ) == {"P1": 4}


@pytest.mark.parametrize(
    ("relation", "is_head"),
    [("KEPALA", True), ("ISTRI", False), ("Anak", False), ("3", False), ("1", True),
     ("KRT", True), ("-", True)],
)  # fmt: skip
def test_who_may_be_the_head_is_not_taken_for_a_member(
    bench: Workbench, relation: str, *, is_head: bool
) -> None:
    people = f"family_id  national_id  relation\nP1  nik5  {relation}"
    registry = link_registers(register(bench, "p3ke", "family_id  members\nP1  3", people), [])
    assert rows_by(registry.keys, "value", "is_head") == {nik(5): is_head}


def test_where_the_heads_nik_is_known_the_others_are_members(bench: Workbench) -> None:
    people = "family_id  national_id\nP1  nik1\nP1  nik5"
    families = "family_id  head_national_id\nP1  nik1"
    registry = link_registers(register(bench, "p3ke", families, people), [])
    assert rows_by(registry.keys, "value", "is_head") == {nik(1): True, nik(5): False}


def test_persons_of_no_family_are_counted(bench: Workbench) -> None:
    lost = DTSEN_PEOPLE + "kk7  nik77  ANAK\n"
    assert linked(bench, people=lost).unlinked_persons == 1


def test_every_row_of_every_register_is_in_some_family(bench: Workbench) -> None:
    registry = linked(bench)
    assert len(registry.family_keys) == 3 + 3
    ids = {r["family_id"] for r in registry.families.rows()}
    assert {r["family_id"] for r in registry.family_keys.rows()} == ids
