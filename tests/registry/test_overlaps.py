"""Registers that list a family, against sets that a person can count."""

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.registry.overlaps import count_overlaps
from geo_target.workbench import Table, Workbench

REGISTERS = ("dtks", "dtsen", "p3ke", "regsosek")
COMBINATIONS = [c for size in range(1, 5) for c in combinations(REGISTERS, size)]

family = st.tuples(
    st.lists(st.sampled_from(REGISTERS), min_size=1, max_size=5),  # a register may list it twice
    st.sampled_from(["V1", "V2", None]),
)


def on_bench(bench: Workbench, families: list[tuple[list[str], str | None]]) -> tuple[Table, Table]:
    rows = [(register, f"F{n}") for n, (its, _) in enumerate(families) for register in its]
    keys = bench.take_rows({"register": "varchar", "family_id": "varchar"}, rows)
    places = [(f"F{n}", village) for n, (_, village) in enumerate(families)]
    return keys, bench.take_rows({"family_id": "varchar", "village_code": "varchar"}, places)


@given(st.lists(family, max_size=60))
@settings(max_examples=12, deadline=None)
def test_every_combination_is_counted_as_sets_count_it(
    families: list[tuple[list[str], str | None]],
) -> None:
    expected: Counter[tuple[str | None, str]] = Counter()
    for registers, village in families:
        name = "+".join(sorted({*registers}))
        expected[None, name] += 1
        if village is not None:
            expected[village, name] += 1
    with Workbench() as bench:
        keys, places = on_bench(bench, families)
        found = count_overlaps(keys, places).rows()
        assert {(r["village_code"], r["registers"]): r["families"] for r in found} == expected
        assert len(found) == len(expected)
        assert sum(r["families"] for r in found if r["village_code"] is None) == len(families)


def test_the_four_registers_make_fifteen_combinations(bench: Workbench) -> None:
    keys, places = on_bench(bench, [([*its], "V1") for its in COMBINATIONS])
    found = count_overlaps(keys, places).rows()
    assert {r["registers"] for r in found} == {"+".join(its) for its in COMBINATIONS}
    assert [r["families"] for r in found] == [1] * 30
    assert len(COMBINATIONS) == 15
