"""Slips of linking that no other test notices."""

from geo_target.registry.families import link_registers
from geo_target.workbench import Workbench
from tests.builders import kk, nik, rows_by
from tests.registry.test_families import linked, register


def test_every_member_has_an_id_of_their_own(bench: Workbench) -> None:
    """No list of this register numbers its persons: the family's id and a number do."""
    members = linked(bench).members.rows()
    ids = [r["person_id"] for r in members]
    assert None not in ids
    assert len(set(ids)) == len(ids) == 5


def test_a_head_whom_the_members_list_calls_a_child_is_head(bench: Workbench) -> None:
    families = "family_id  head_national_id\nP1  nik1"
    people = "family_id  national_id  relation\nP1  nik1  ANAK"
    registry = link_registers(register(bench, "p3ke", families, people), [])
    assert [(r["value"], r["is_head"]) for r in registry.keys.rows()] == [(nik(1), True)]


def test_members_of_a_card_that_two_families_have_are_nobodys(bench: Workbench) -> None:
    families = "family_id  family_card_number\nD1  kk1\nD2  kk1"
    people = "family_card_number  national_id  relation\nkk1  nik1  ISTRI"
    registry = link_registers(register(bench, "dtsen", families, people), [])
    assert {(r["family_id"], r["value"]) for r in registry.keys.rows()} == {
        ("D1", kk(1)), ("D2", kk(1)),
    }  # fmt: skip


def test_of_two_registers_that_know_a_fact_the_first_is_believed(bench: Workbench) -> None:
    base = register(bench, "p3ke", "family_id  head_national_id  decile  rw\nP1  nik1  1  -")
    other = register(bench, "dtsen", "family_id  head_national_id  decile  rw\nD1  nik1  6  007")
    families = link_registers(base, [other]).families
    assert rows_by(families, "family_id", "decile") == {"P1": 1}
    assert rows_by(families, "family_id", "rw") == {"P1": "007"}


def test_a_listed_person_without_a_nik_is_still_a_member(bench: Workbench) -> None:
    people = "family_id  person_id  national_id  relation\nP1  1  nik1  KEPALA\nP1  2  -  ANAK"
    base = register(bench, "p3ke", "family_id  head_national_id\nP1  nik1", people)
    members = link_registers(base, []).members
    assert rows_by(members, "person_id", "national_id") == {"1": nik(1), "2": None}
