"""Whole registers, joined by SQL and by the plain Python of registers_reference.py alike."""

from collections.abc import Callable
from itertools import chain
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.registry.families import Register, Registry, link_registers
from geo_target.registry.rulings import SETTLED
from geo_target.workbench import Workbench
from tests.builders import kk, nik, workbench
from tests.registry.registers_reference import Row, Ruling, link
from tests.registry.test_families import canonical

NAMES = {"p3ke": "p", "dtsen": "d", "dtks": "t"}
VILLAGES = ["01.1001", "01.1002", "02.1001"]
#: Worlds that lie side by side in an example, each with its own numbers in a regency of its own:
#: to join registers takes as long for a few rows as for many.
WORLDS = 5


def some(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


@st.composite
def rows(draw: Any, row_id: str, world: int) -> Row:
    """A row that many numbers tie, or one that hardly any does: its name has to."""

    def some_of(number: Callable[[int], str], *serials: int) -> str | None:
        return cast("str | None", draw(some(*(number(1000 * world + n) for n in serials))))

    name = draw(some("Suhendi", "Jumenah", "Basuni"))
    village = draw(some(*(f"36.7{world}.{village}" for village in VILLAGES)))
    if draw(st.booleans()):
        return Row(row_id, some_of(nik, 1, 2, 3), some_of(nik, 3, 4), some_of(kk, 1, 2), name,
                   village)  # fmt: skip
    own = 100 + ord(row_id[0]) + ord(row_id[-1])
    return Row(row_id, some_of(nik, own), None, some_of(kk, 3), name or "Suhendi", village)


def row_ids(letter: str, world: int) -> list[str]:
    return [f"{letter}{world}{i}" for i in range(5)]


@st.composite
def registers(draw: Any) -> list[list[Row]]:
    return [
        [
            draw(rows(row_id, world))
            for world in range(WORLDS)
            for row_id in row_ids(letter, world)[: draw(st.integers(2, 5))]
        ]
        for letter in NAMES.values()
    ]


def rulings_of(world: int) -> st.SearchStrategy[list[Ruling]]:
    row_id = st.sampled_from([i for letter in NAMES.values() for i in row_ids(letter, world)])
    told = st.tuples(row_id, row_id, st.booleans()).filter(lambda ruling: ruling[0] != ruling[1])
    return st.lists(told, max_size=3)


rulings = st.tuples(*map(rulings_of, range(WORLDS))).map(lambda told: [*chain(*told)])


def joined(bench: Workbench, drawn: list[list[Row]], told: list[Ruling]) -> Registry:
    base, *others = (register(bench, name, rows) for name, rows in zip(NAMES, drawn, strict=True))
    names = {letter: name for name, letter in NAMES.items()}
    settled = bench.take_rows(
        SETTLED,
        [(names[one[0]], one, names[other[0]], other, same) for one, other, same in told],
    )
    return link_registers(base, others, settled)


def register(bench: Workbench, name: str, rows: list[Row]) -> Register:
    def lines(*cells: list[str | None]) -> str:
        return "".join(" ".join(cell or "-" for cell in line) + "\n" for line in cells)

    families = "family_id head_national_id family_card_number head_name stated_village_code\n"
    families += lines(*([r.id, r.head, r.card, r.name, r.village] for r in rows))
    people = "family_id national_id relation\n"
    people += lines(*([r.id, r.child, "ANAK"] for r in rows))
    return Register(
        name, canonical(bench, families, of="families"), canonical(bench, people, of="persons")
    )


@given(registers(), rulings)
@settings(max_examples=6, deadline=None)
def test_registers_are_joined_as_all_pairs_say(drawn: list[list[Row]], told: list[Ruling]) -> None:
    expected = link(drawn, told)
    with workbench() as bench:
        registry = joined(bench, drawn, told)
        keys = registry.family_keys.rows()
        ids = {row["register_family_id"]: row["family_id"].split(":")[-1] for row in keys}
        assert ids == {r.id: expected.family_of(r.id) for rows in drawn for r in rows}
        assert {
            (r["register_family_id"], r["other_register_family_id"]): (r["state"], r["matched_by"])
            for r in registry.pairs.rows()
        } == expected.pairs
        for row in registry.pairs.rows():
            # The candidate is named by its first row and by its family, and both are one.
            assert ids[row["other_register_family_id"]] == row["family_id"].split(":")[-1]
        assert {r["family_id"] for r in registry.families.rows()} == {r["family_id"] for r in keys}
        firsts = [r["family_id"] for r in keys if r["matched_by"] is None]
        assert sorted(firsts) == sorted({r["family_id"] for r in keys})
        assert {r["family_id"].split(":")[-1] for r in registry.doubtful.rows()} == {
            ids[row_id] for pair, (state, _) in expected.pairs.items() if state == "doubtful"
            for row_id in pair
        }  # fmt: skip
