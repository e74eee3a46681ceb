"""What people have decided holds while the data are the same, and is asked again when not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from geo_target.intake.profiles import profile_named
from geo_target.registry.decisions import hold_decisions
from geo_target.registry.families import Register
from geo_target.registry.fingerprints import describe_rows, fingerprint_rows
from geo_target.workbench import Table, Workbench
from tests.builders import table

KEY = bytes(range(32))
FAMILIES = """
family_id head_name head_national_id family_card_number stated_village_code neighborhood rt rw \
address members
{0}1 SITI - kk1 V1 - 001 002 JL 4
{0}2 BUDI nik2 kk2 V1 CIPARE 001 002 JL 1
"""
PERSONS = "family_id family_card_number national_id name birth_date sex\n"


@dataclass(frozen=True)
class Listed:
    """As much of an AgencyList as is asked for."""

    profile: Any
    table: Table


def register(bench: Workbench, name: str, persons: str = "", **changes: str) -> Register:
    text = FAMILIES.format(name[0].upper())
    for old, new in changes.items():
        text = text.replace(old, new)
    families = table(bench, text, {"members": "bigint"})
    of = table(bench, PERSONS + persons, {"birth_date": "date"}) if persons else None
    return Register(name, families, of)


def sums(bench: Workbench, *registers: Register) -> dict[str, str]:
    """The pair sum of each pair of rows."""
    wanted = bench.query(
        " union all ".join(f"select '{r.name}' as register, '{r.name[0].upper()}{n}' as "
                           "register_family_id" for r in registers for n in (1, 2)),
    )  # fmt: skip
    rows = {r["register_family_id"]: r["fingerprint"]
            for r in describe_rows(registers, wanted, KEY).rows()}  # fmt: skip
    return {
        a + b: str(bench.execute("select sha256(least($1, $2) || greatest($1, $2))",
                                 [rows[a], rows[b]])[0][0])
        for a in rows for b in rows
    }  # fmt: skip


def decided(bench: Workbench, *lines: str) -> list[Any]:
    head = ("row register register_family_id other_register other_register_family_id verdict "
            "fingerprint decided_by decided_on note\n")  # fmt: skip
    text = head + "\n".join(f"{i} {line} -" for i, line in enumerate(lines, start=2))
    rows = table(bench, text, {"decided_on": "date", "row": "bigint"})
    return [Listed(profile_named("decisions"), rows)]


def held(lists: list[Any], *registers: Register) -> tuple[Mapping[str, bool], list[str], int]:
    found = hold_decisions(lists, registers, KEY)
    settled = {
        r["register_family_id"] + r["other_register_family_id"]: r["is_same"]
        for r in found.settled.rows()
        if r["is_same"] is not None
    }
    asked = [r["register_family_id"] + r["other_register_family_id"]
             for r in found.reopened.rows()]  # fmt: skip
    again = [r for r in found.settled.rows() if r["is_same"] is None]
    assert len(again) == len(asked)  # whom the ladder makes doubtful
    return settled, asked, found.without_rows


def test_a_decision_holds_whichever_side_is_named_first(bench: Workbench) -> None:
    both = register(bench, "dtsen"), register(bench, "p3ke")
    of = sums(bench, *both)
    lists = decided(
        bench,
        f"p3ke P1 dtsen D1 same {of['P1D1']} ani 2026-01-05",
        f"dtsen D2 p3ke P2 different {of['P2D2']} ani 2026-01-05",
    )
    assert held(lists, *both) == ({"D1P1": True, "D2P2": False}, [], 0)


def test_the_last_word_on_a_pair_counts(bench: Workbench) -> None:
    both = register(bench, "dtsen"), register(bench, "p3ke")
    of = sums(bench, *both)["P1D1"]
    later, earlier = "2026-02-01", "2026-01-05"
    lists = decided(
        bench, f"p3ke P1 dtsen D1 different {of} budi {later}",
        f"dtsen D1 p3ke P1 same {of} ani {earlier}",
    )  # fmt: skip
    assert held(lists, *both)[0] == {"D1P1": False}


@pytest.mark.parametrize(
    ("old", "new"),
    [("SITI", "SITTI"), ("- kk1", "nik1 kk1"), ("kk1", "kk7"), ("V1 - 001", "V2 - 001"),
     ("- 001", "KALIGANDU 001"), ("- 001", "- 003")],
)  # fmt: skip
def test_it_is_asked_again_when_a_fact_is_another(bench: Workbench, old: str, new: str) -> None:
    then = register(bench, "dtsen"), register(bench, "p3ke")
    line = f"p3ke P1 dtsen D1 same {sums(bench, *then)['P1D1']} ani 2026-01-05"
    now = then[0], register(bench, "p3ke", **{old: new})
    assert held(decided(bench, line), *now) == ({}, ["D1P1"], 0)


def test_nor_by_another_birth_date_of_the_head(bench: Workbench) -> None:
    then = register(bench, "dtsen", "D1 - - SITI 1980-01-01 P"), register(bench, "p3ke")
    line = f"p3ke P1 dtsen D1 same {sums(bench, *then)['P1D1']} ani 2026-01-05"
    assert held(decided(bench, line), *then)[0] == {"D1P1": True}
    now = register(bench, "dtsen", "D1 - - SITI 1981-01-01 P"), then[1]
    assert held(decided(bench, line), *now) == ({}, ["D1P1"], 0)
    # ... but a child's tells nothing of who the family is.
    more = register(bench, "dtsen", "D1 - - SITI 1980-01-01 P\nD1 - - ANAK 2020-01-01 L"), then[1]
    assert held(decided(bench, line), *more)[0] == {"D1P1": True}


def test_nor_by_another_of_the_list_of_families(bench: Workbench) -> None:
    def born(day: str) -> Register:
        given = register(bench, "dtsen")
        dated = bench.query(f"select *, {day} as head_birth_date from f", f=given.families)
        return Register("dtsen", dated)

    other = register(bench, "p3ke")
    then = born("date '1980-01-01'")
    line = f"p3ke P1 dtsen D1 same {sums(bench, then, other)['P1D1']} ani 2026-01-05"
    assert held(decided(bench, line), then, other)[0] == {"D1P1": True}
    assert held(decided(bench, line), born("date '1981-01-01'"), other) == ({}, ["D1P1"], 0)
    # A list that says none is what it was before such a column was read.
    assert sums(bench, born("null::date"), other) == sums(bench, register(bench, "dtsen"), other)


def test_an_address_written_otherwise_changes_nothing(bench: Workbench) -> None:
    then = register(bench, "dtsen"), register(bench, "p3ke")
    line = f"p3ke P1 dtsen D1 same {sums(bench, *then)['P1D1']} ani 2026-01-05"
    now = then[0], register(bench, "p3ke", JL="JALAN")
    assert held(decided(bench, line), *now)[0] == {"D1P1": True}


def test_a_decision_on_a_row_that_is_gone_rests(bench: Workbench) -> None:
    then = register(bench, "dtsen"), register(bench, "p3ke")
    line = f"p3ke P1 dtsen D1 same {sums(bench, *then)['P1D1']} ani 2026-01-05"
    now = then[0], register(bench, "p3ke", P1="P7")
    assert held(decided(bench, line), *now) == ({}, [], 1)


@pytest.mark.parametrize(
    "line",
    ["p3ke P1 dtsen D1 - {} ani 2026-01-05", "p3ke P1 dtsen D1 same - ani 2026-01-05"],
)
def test_half_a_decision_settles_nothing(bench: Workbench, line: str) -> None:
    both = register(bench, "dtsen"), register(bench, "p3ke")
    lists = decided(bench, line.format(sums(bench, *both)["P1D1"]))
    assert held(lists, *both)[0] == {}


def test_a_sum_tells_nothing_without_the_key(bench: Workbench) -> None:
    one = register(bench, "p3ke")
    first, second = (
        {r["fingerprint"] for r in fingerprint_rows([one], key).rows()} for key in (KEY, KEY[::-1])
    )
    assert len(first) == len(second) == 2
    assert not first & second


def test_only_rows_without_an_own_id_carry_their_number(bench: Workbench) -> None:
    one = register(bench, "dtks", D1="a.csv#2", D2="D2")
    keys = {r["register_family_id"]: r["number_key"] is not None
            for r in fingerprint_rows([one], KEY).rows()}  # fmt: skip
    assert keys == {"a.csv#2": True, "D2": False}


def test_a_decision_on_another_row_of_a_file_rests(bench: Workbench) -> None:
    # A row without an id of its own: in its place stands another family.
    then = register(bench, "dtsen", D1="a.csv#2"), register(bench, "p3ke")
    line = f"p3ke P1 dtsen a.csv#2 same {'0' * 64} ani 2026-01-05"
    assert held(decided(bench, line), *then) == ({}, [], 1)


def test_a_decision_without_a_day_is_the_oldest(bench: Workbench) -> None:
    both = register(bench, "dtsen"), register(bench, "p3ke")
    of = sums(bench, *both)["P1D1"]
    lists = decided(
        bench, f"p3ke P1 dtsen D1 same {of} ani 2026-01-05",
        f"p3ke P1 dtsen D1 different {of} ani -",
    )  # fmt: skip
    assert held(lists, *both)[0] == {"D1P1": True}
