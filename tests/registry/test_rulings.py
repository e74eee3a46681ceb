"""What a person has settled of two registers' families, against the rungs of the ladder."""

import pytest

from geo_target.registry.families import Registry, link_registers
from geo_target.registry.rulings import SETTLED
from geo_target.workbench import Workbench
from tests.builders import rows_by
from tests.registry.test_twins import looked_at, register

Said = tuple[str, str, bool]

BASE = "P1 nik1 kk1 Suhendi V1\nP2 nik2 kk2 Basuni V1\nP3 - - - V1"


def linked(bench: Workbench, dtsen: str, said: list[Said], people: str = "") -> Registry:
    names = {"P": "p3ke", "D": "dtsen", "T": "dtks"}
    settled = bench.take_rows(
        SETTLED,
        [(names[one[0]], one, names[other[0]], other, same) for one, other, same in said],
    )
    return link_registers(
        register(bench, "p3ke", BASE), [register(bench, "dtsen", dtsen, people)], settled
    )


@pytest.mark.parametrize(
    ("dtsen", "said", "family", "pairs"),
    [
        # The same: whatever the numbers say, in either order of the two.
        ("D1 nik1 - Suhendi V1", [("D1", "P3", True)], "P3",
         {("D1", "P3", "decision", "matched"), ("D1", "P1", "nik", "unmatched")}),
        ("D1 nik9 - Suhendi V1", [("P2", "D1", True)], "P2",
         {("D1", "P2", "decision", "matched")}),
        # The same as two: neither, nor a third that shares a number.
        ("D1 nik9 - - V1", [("D1", "P2", True), ("D1", "P3", True)], "dtsen:D1",
         {("D1", "P2", "decision", "doubtful"), ("D1", "P3", "decision", "doubtful")}),
        ("D1 nik1 - - V1", [("D1", "P2", True), ("D1", "P3", True)], "dtsen:D1",
         {("D1", "P1", "nik", "doubtful"), ("D1", "P2", "decision", "doubtful"),
          ("D1", "P3", "decision", "doubtful")}),
        ("D1 nik1 - - V1", [("D1", "P1", True), ("P1", "D1", False)], "dtsen:D1",
         {("D1", "P1", "decision", "doubtful")}),
        # Another: not by a number either.
        ("D1 nik1 kk1 Suhendi V1", [("D1", "P1", False)], "dtsen:D1",
         {("D1", "P1", "decision", "unmatched")}),
        # Of two candidates one is ruled out: the other joins as if it had been alone.
        ("D1 nik1 kk2 Suhendi V1", [("D1", "P2", False)], "P1",
         {("D1", "P1", "nik", "matched"), ("D1", "P2", "decision", "unmatched")}),
        ("D1 nik9 kk2 Basuni V1\nD2 nik2 - - V1", [("D2", "P2", False)], "P2",
         {("D1", "P2", "kk", "matched"), ("D2", "P2", "decision", "unmatched")}),
        ("D1 nik1 kk2 Suhendi V1", [("D1", "P1", False)], "dtsen:D1",
         {("D1", "P1", "decision", "unmatched"), ("D1", "P2", "kk", "doubtful")}),
        # Nobody knows these families.
        ("D1 nik1 - - V1", [("D1", "P9", True), ("D9", "P1", False)], "P1",
         {("D1", "P1", "nik", "matched")}),
    ],
)  # fmt: skip
def test_what_a_person_has_settled_stands(
    bench: Workbench, dtsen: str, said: list[Said], family: str,
    pairs: set[tuple[str, str, str, str]],
) -> None:  # fmt: skip
    registry = linked(bench, dtsen, said)
    assert looked_at(registry) == pairs
    assert rows_by(registry.family_keys, "register_family_id", "family_id")["D1"] == family
    by = rows_by(registry.family_keys, "register_family_id", "matched_by")["D1"]
    assert by in {p[2] for p in pairs if p[0] == "D1" and p[3] == "matched"} or by is None
    assert (by is None) == family.startswith("dtsen:")
    doubtful = [pair for pair in pairs if pair[3] == "doubtful"]
    assert rows_by(registry.doubtful, "family_id", "is_apart") == {
        **{f"dtsen:{pair[0]}": True for pair in doubtful},
        **{pair[1]: False for pair in doubtful},
    }
    for row in registry.pairs.rows():
        if row["matched_by"] == "decision" and row["state"] != "doubtful":
            assert row["reason"] == "settled by a person"


@pytest.mark.parametrize(
    ("said", "families"),
    [
        ([], {"D1": "P1", "D2": "P1"}),
        # Two that are not one cannot both be the third; which of them is, nobody knows.
        ([("D1", "D2", False)], {"D1": "dtsen:D1", "D2": "dtsen:D2"}),
        ([("D1", "D2", False), ("D1", "P1", True)], {"D1": "P1", "D2": "dtsen:D2"}),
    ],
)
def test_two_that_are_not_one_are_not_one_by_a_third(
    bench: Workbench, said: list[Said], families: dict[str, str]
) -> None:
    halves = "D1 nik1 kk8 Suhendi V1\nD2 - kk1 Suhendi V1"
    registry = linked(bench, halves, said)
    keys = rows_by(registry.family_keys, "register_family_id", "family_id")
    assert {row: keys[row] for row in families} == families
    in_doubt = {"dtsen:D1", "dtsen:D2", "P1"} if families["D1"] == "dtsen:D1" else set()
    assert {r["family_id"] for r in registry.doubtful.rows()} == in_doubt


def test_a_ruling_on_a_twin_is_one_on_its_family(bench: Workbench) -> None:
    registry = linked(bench, "D1 nik9 - Suhendi V1\nD2 nik9 kk1 Suhendi V1", [("D2", "P1", False)])
    assert looked_at(registry) == {
        ("D2", "D1", "twin", "matched"), ("D1", "P1", "decision", "unmatched"),
    }  # fmt: skip


def test_a_ruling_joins_the_registers_that_are_not_the_base(bench: Workbench) -> None:
    settled = bench.take_rows(SETTLED, [("dtsen", "D1", "dtks", "T1", True)])
    registry = link_registers(
        register(bench, "p3ke", BASE),
        [register(bench, "dtsen", "D1 nik8 - - V1"), register(bench, "dtks", "T1 nik9 - - V1")],
        settled,
    )
    (row,) = registry.pairs.rows()
    assert (row["register"], row["other_register"]) == ("dtks", "dtsen")
    assert (row["other_register_family_id"], row["family_id"]) == ("D1", "dtsen:D1")
    assert rows_by(registry.family_keys, "register_family_id", "family_id")["T1"] == "dtsen:D1"
