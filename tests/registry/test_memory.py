"""Ids from run to run: by tables that a reader can follow, and over any months."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.registry.memory import Memory, lasting_keys, recall_ids, under_ids
from geo_target.workbench import Table, Workbench
from tests.builders import family_keys, rows_by, table

KEYS = {"register": "varchar", "register_family_id": "varchar", "family_id": "varchar"}
#: What a run has found: (register, id in it) -> family.
Found = Mapping[tuple[str, str], str]


def keys_of(bench: Workbench, found: Found) -> Table:
    return family_keys(bench.take_rows(KEYS, [(*row, family) for row, family in found.items()]))


def recalled(bench: Workbench, then: str, now: str) -> dict[str, str]:
    """Family ids of now by the ids that the linking gave, P3KE being the base."""
    head = "register family_id register_family_id\n"
    keys = family_keys(table(bench, head + now))
    memory = Memory(family_keys(table(bench, head + then)))
    ids = rows_by(recall_ids(keys, memory, base="p3ke", number="000002"), "listed_id", "family_id")
    return {row["family_id"]: ids.get(row["family_id"], row["family_id"]) for row in keys.rows()}


@pytest.mark.parametrize(
    ("then", "now", "ids"),
    [
        # a family of DTSEN that the base lists by now
        ("dtsen dtsen:D9 D9", "p3ke P7 P7\ndtsen P7 D9", {"P7": "dtsen:D9"}),
        # and that DTSEN lists no longer
        ("p3ke dtsen:D9 P7\ndtsen dtsen:D9 D9", "p3ke P7 P7", {"P7": "dtsen:D9"}),
        # what the base lists no longer
        ("p3ke P1 P1\ndtsen P1 D1", "dtsen dtsen:D1 D1", {"dtsen:D1": "P1"}),
        # two become one: the base's row brings its id
        ("p3ke P1 P1\ndtsen dtsen:D1 D1", "p3ke P1 P1\ndtsen P1 D1", {"P1": "P1"}),
        # one becomes two: the base's row takes the id along
        ("p3ke P1 P1\ndtsen P1 D1", "p3ke P1 P1\ndtsen dtsen:D1 D1",
         {"P1": "P1", "dtsen:D1": "dtsen:D1"}),
        # ... and its former id is taken
        ("p3ke dtsen:D1 P1\ndtsen dtsen:D1 D1", "p3ke P1 P1\ndtsen dtsen:D1 D1",
         {"P1": "dtsen:D1", "dtsen:D1": "dtsen:D1~000002"}),
        # without the base the first register and the first row
        ("dtks X K1\ndtsen X D1", "dtks dtks:K1 K1\ndtsen dtsen:D1 D1",
         {"dtks:K1": "X", "dtsen:D1": "dtsen:D1"}),
        # a row that changes families leaves its id to the base's
        ("p3ke P1 P1\np3ke P2 P2\ndtsen P1 D1", "p3ke P1 P1\np3ke P2 P2\ndtsen P2 D1",
         {"P1": "P1", "P2": "P2"}),
        # two families of the base become one of DTSEN, which is the base now
        ("p3ke P1 P1\np3ke P2 P2", "dtsen D1 D1\np3ke D1 P2\np3ke D1 P1", {"D1": "P1"}),
        # who lost the id to a nearer family gets the next
        ("p3ke A P1\ndtsen B D1\ndtsen B D2", "p3ke P1 P1\ndtsen P1 D1\ndtsen dtsen:D2 D2",
         {"P1": "A", "dtsen:D2": "B"}),
        # an id of another register's family is not given again
        ("dtsen 5 D1", "p3ke 5 5\ndtsen dtsen:D1 D1", {"5": "5~000002", "dtsen:D1": "5"}),
        # the ending is one that nobody has
        ("dtsen 5 D1\ndtsen x~000002 D2", "p3ke 5 5", {"5": "5~~000002"}),
        ("dtsen 5 D1\ndtsen x~~000002 D2", "p3ke 5 5", {"5": "5~~~000002"}),
    ],
)  # fmt: skip
def test_who_keeps_an_id(bench: Workbench, then: str, now: str, ids: dict[str, str]) -> None:
    assert recalled(bench, then, now) == ids


@pytest.mark.parametrize(
    ("unchanged", "is_same", "ids"),
    [
        # Row 2 of another file is another family: it never gets last month's id.
        ((), False, {"a.csv#2": "a.csv#2~000002", "B": "B", "P (2)": "P (2)~000002", "x#2": "X"}),
        (("a.csv",), False, {"a.csv#2": "A", "B": "B", "P (2)": "P (2)~000002", "x#2": "X"}),
        (("a.csv",), True, {"a.csv#2": "A", "B": "B", "P (2)": "P2", "x#2": "X"}),
    ],
)
def test_a_row_of_a_file_is_the_same_only_in_the_same_file(
    bench: Workbench, unchanged: tuple[str, ...], ids: dict[str, str], *, is_same: bool
) -> None:
    # x#2 is an agency's own id: no file is called x.
    rows = [("p3ke", "a.csv#2"), ("p3ke", "B"), ("p3ke", "P (2)"), ("p3ke", "x#2")]
    then = dict(zip(rows, ("A", "B", "P2", "X"), strict=True))
    now = keys_of(bench, {row: row[1] for row in rows})
    memory = Memory(keys_of(bench, then), frozenset({"a.csv"}), frozenset(unchanged), is_same)
    found = rows_by(recall_ids(now, memory, base="p3ke", number="000002"), "listed_id", "family_id")
    assert {row[1]: found.get(row[1], row[1]) for row in rows} == ids


def test_a_row_that_does_not_last_proves_nothing(bench: Workbench) -> None:
    keys = keys_of(
        bench, {("dtks", "a.csv#2"): "F1", ("p3ke", "P1"): "F1", ("p3ke", "P (2)"): "F2"}
    )
    memory = Memory(keys, frozenset({"a.csv"}))
    assert rows_by(lasting_keys(keys, memory), "register_family_id", "family_id") == {"P1": "F1"}


def test_every_table_that_names_families_gets_the_ids(bench: Workbench) -> None:
    @dataclass(frozen=True)
    class Made:
        states: Table
        places: Table
        rows: int

    ids = table(bench, "listed_id family_id\nP7 dtsen:D9\nP8 P7")
    made = Made(table(bench, "family_id state\nP7 a\nP8 b\nP9 c"), table(bench, "village\nV"), 3)
    named = under_ids(made, ids)
    assert rows_by(named.states, "family_id", "state") == {"dtsen:D9": "a", "P7": "b", "P9": "c"}
    assert named.states.columns == ["family_id", "state"]
    assert (named.places, named.rows) == (made.places, 3)
    assert under_ids(made, None) is made


# ------------------------------------------------------------------------------ over any months

#: Which family (a number) each row of a register is in; a row may be absent for a month.
row = st.tuples(st.sampled_from(["p3ke", "dtsen", "dtks"]), st.sampled_from("123"))
month = st.dictionaries(row, st.integers(0, 4), max_size=7)


def linked(rows: Mapping[tuple[str, str], int]) -> Found:
    """As `link_registers` calls families: after the base's row, else after the first."""
    firsts: dict[int, tuple[bool, str, str]] = {}
    for (register, own), number in rows.items():
        # two rows of the base are never one family
        at = number if register != "p3ke" else int(own)
        firsts[at] = min(firsts.get(at, (True, "~", "")), (register != "p3ke", register, own))
    names = {
        at: own if register == "p3ke" else f"{register}:{own}"
        for at, (_, register, own) in firsts.items()
    }
    return {
        (register, own): names[number if register != "p3ke" else int(own)]
        for (register, own), number in rows.items()
    }


@given(st.lists(month, min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_id_is_ever_two_families_or_another_family(
    months: list[dict[tuple[str, str], int]],
) -> None:
    with Workbench() as bench:
        then = linked(months[0])
        for number, rows in enumerate(months[1:], start=2):
            now = linked(rows)
            ids = rows_by(
                recall_ids(keys_of(bench, now), Memory(keys_of(bench, then)), base="p3ke",
                           number=f"{number:06d}"), "listed_id", "family_id",
            )  # fmt: skip
            named = {row: ids.get(family, family) for row, family in now.items()}
            for one, listed in now.items():
                for other, also in now.items():
                    # Never two families with one id, nor two ids of one family.
                    assert (named[one] == named[other]) == (listed == also)
            for family in set(named.values()) & set(then.values()):
                # An id of last month is of a family with a row that had it.
                assert {r for r in named if named[r] == family} & {
                    r for r in then if then[r] == family
                }
            for family in set(then.values()):
                holders = {named[r] for r in named if then.get(r) == family}
                rivals = {then[r] for r in named if named[r] in holders and r in then}
                if len(holders) == 1 and rivals == {family}:
                    assert holders == {family}  # whose rows stayed together keeps its id
            then = named


@given(month, month)
@settings(max_examples=40, deadline=None)
def test_the_same_lists_twice_keep_all_ids(
    first: dict[tuple[str, str], int], second: dict[tuple[str, str], int]
) -> None:
    with Workbench() as bench:
        now = linked(second)
        memory = Memory(keys_of(bench, linked(first)))
        ids = recall_ids(keys_of(bench, now), memory, base="p3ke", number="000002")
        given_ = rows_by(ids, "listed_id", "family_id")
        named = {row: given_.get(family, family) for row, family in now.items()}
        again = recall_ids(
            keys_of(bench, now), Memory(keys_of(bench, named)), base="p3ke", number="000003"
        )
        kept = rows_by(again, "listed_id", "family_id")
        assert {row: kept.get(family, family) for row, family in now.items()} == named
