"""What the registry keeps of persons and families for those who ask later."""

from datetime import date
from typing import Any

from geo_target.registry import members
from geo_target.registry.families import Register, Registry, link_registers
from geo_target.workbench import Workbench
from tests.builders import nik, rows_by
from tests.registry.test_families import register

# P3KE has relations and dates, DTSEN work: what both say of nik1 is P3KE's.
P3KE = "family_id head_national_id decile as_of roof\nP1 nik1 1 2023-12-31 seng\nP2 nik2 1 - -"
P3KE_PEOPLE = """
family_id  person_id  national_id  birth_date  relation  sex  occupation
P1         I1         nik1         1980-05-01  KEPALA    L    -
P1         I2         -            2020-01-01  ANAK      P    -
P2         I3         nik2         -           KEPALA    -    NELAYAN
P2         I4         nik2         1970-01-01  ISTRI     -    PETANI
"""
DTSEN = """
family_id family_card_number head_national_id decile as_of roof
D1        kk1                nik1             3      2025-09-01 genteng
D9        kk9                nik9             -      2025-09-01 -
"""
DTSEN_PEOPLE = """
family_card_number  person_id  national_id  relation  occupation  disability
kk1                 S1         nik1         Istri     Sopir       Tuli
kk9                 -          nik9         Kepala    -           -
kk9                 -          nik19        Anak      -           -
"""


def dated(bench: Workbench, name: str, families: str, people: str) -> Register:
    """A register whose texts of days are days."""
    given = register(bench, name, families, people)
    return Register(
        name,
        bench.query("select * replace (as_of::date as as_of) from f", f=given.families),
        bench.query("select * replace (birth_date::date as birth_date) from p", p=given.persons)
        if given.persons
        else None,
    )


def linked(bench: Workbench, **more: Any) -> Registry:
    return link_registers(
        dated(bench, "p3ke", P3KE, P3KE_PEOPLE),
        [dated(bench, "dtsen", DTSEN, DTSEN_PEOPLE)],
        **more,
    )


def test_each_fact_of_a_person_is_of_the_first_row_that_knows_it(bench: Workbench) -> None:
    rows = {row["person_id"]: row for row in linked(bench).members.rows()}
    facts = ("birth_date", "relation", "sex", "occupation", "disability")
    assert {name: tuple(row[fact] for fact in facts) for name, row in rows.items()} == {
        "I1": (date(1980, 5, 1), "KEPALA", "L", "Sopir", "Tuli"),
        "I2": (date(2020, 1, 1), "ANAK", "P", None, None),
        "I3": (date(1970, 1, 1), "KEPALA", None, "NELAYAN", None),
        "dtsen:D9#1": (None, "Kepala", None, None, None),
        "dtsen:D9#2": (None, "Anak", None, None, None),
    }  # fmt: skip
    assert rows["I1"]["national_id"] == nik(1)


def test_words_without_number_are_kept_as_text(bench: Workbench, monkeypatch: Any) -> None:
    monkeypatch.setattr(members, "_MOST_WORDS", 2)
    assert rows_by(linked(bench).members, "person_id", "occupation")["I1"] == "Sopir"


def test_the_ranking_register_is_asked_whoever_is_the_base(bench: Workbench) -> None:
    families = linked(bench).families
    assert rows_by(families, "family_id", "decile") == {"P1": 1, "P2": 1, "dtsen:D9": None}
    assert rows_by(families, "family_id", "ranking_decile") == {
        "P1": 3, "P2": None, "dtsen:D9": None,
    }  # fmt: skip
    assert rows_by(families, "family_id", "in_ranking") == {
        "P1": True, "P2": False, "dtsen:D9": True,
    }  # fmt: skip


def test_the_record_of_a_family_stood_on_the_first_day_that_is_known(bench: Workbench) -> None:
    assert rows_by(linked(bench).families, "family_id", "recorded_on") == {
        "P1": date(2023, 12, 31), "P2": None, "dtsen:D9": date(2025, 9, 1),
    }  # fmt: skip


def test_further_columns_are_carried_where_they_are_named(bench: Workbench) -> None:
    assert "roof" not in linked(bench).families.columns
    families = linked(bench, also=("roof", "decile", "members")).families
    assert rows_by(families, "family_id", "roof") == {
        "P1": "seng", "P2": None, "dtsen:D9": None,
    }  # fmt: skip
    assert families.columns.count("members") == 1
    assert rows_by(families, "family_id", "members")["P1"] == 2
