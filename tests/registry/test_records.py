"""Rows of registers over the months: listed, changed, closed, open again; none is lost."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.registry.memory import Memory, recall_ids, same_rows, table_under_ids
from geo_target.registry.records import Records, keep_records
from geo_target.schemas import FAMILY_KEYS, check
from geo_target.workbench import Table, Workbench
from tests.builders import table

HEAD = "register register_family_id family_id fingerprint number_key\n"
#: One run a month: 1 January, 1 February ...
RUNS = [f"{n:06d}-20260{n}01T000000Z" for n in range(1, 7)]


def month(bench: Workbench, text: str) -> Table:
    found = table(bench, HEAD + text)
    return bench.query("select *, null::varchar as matched_by from found", found=found)


def months(bench: Workbench, *texts: str, files: str = "", days: int = 730) -> Records:
    """Run after run; every file of `files` has other bytes each month."""
    kept = keep_records(month(bench, texts[0]), None, run_id=RUNS[0], days=days)
    for run_id, text in zip(RUNS[1:], texts[1:], strict=False):
        memory = Memory(check(kept.rows, FAMILY_KEYS), frozenset(files.split()))
        rows = month(bench, text)
        ids = recall_ids(rows, memory, base="p3ke", number=run_id[:6])
        kept = keep_records(table_under_ids(rows, ids), memory, run_id=run_id, days=days)
    return kept


def shown(records: Records) -> dict[str, tuple[str, bool, str]]:
    """Id of a row: its family, whether it is listed, and the months it was seen from and to."""
    return {
        row["register_family_id"]: (
            row["family_id"], row["is_listed"], row["first_seen"][5] + row["last_seen"][5],
        )
        for row in check(records.rows, FAMILY_KEYS).rows()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("second", "third", "rows", "became"),
    [
        # the same again
        ("p3ke P1 P1 a -", "p3ke P1 P1 a -", {"P1": ("P1", True, "13")}, {"unchanged": 1}),
        # it says something else
        ("p3ke P1 P1 a -", "p3ke P1 P1 b -", {"P1": ("P1", True, "13")}, {"changed": 1}),
        # no list has it any more: closed, not deleted
        ("p3ke P1 P1 a -", "", {"P1": ("P1", False, "12")}, {"closed": 1}),
        # it was closed for a month
        ("", "p3ke P1 P1 a -", {"P1": ("P1", True, "13")}, {"reopened": 1}),
        # closed it stays
        ("", "", {"P1": ("P1", False, "11")}, {}),
        # another one
        ("", "p3ke P2 P2 a -", {"P1": ("P1", False, "11"), "P2": ("P2", True, "33")}, {"new": 1}),
    ],
)  # fmt: skip
def test_what_becomes_of_a_row(
    bench: Workbench, second: str, third: str, rows: Mapping[str, object],
    became: Mapping[str, int],
) -> None:  # fmt: skip
    kept = months(bench, "p3ke P1 P1 a -", second, third)
    assert shown(kept) == rows
    assert {k: n for k, n in kept.counts.get("p3ke", {}).items() if n} == became


def test_a_family_that_comes_back_is_who_it_was(bench: Workbench) -> None:
    # The base knew D9's family as P9, and drops it for a month.
    kept = months(
        bench, "p3ke P9 P9 a -\ndtsen D9 P9 b -", "dtsen D9 dtsen:D9 b -",
        "p3ke P9 P9 a -\ndtsen D9 P9 b -",
    )  # fmt: skip
    assert shown(kept) == {"P9": ("P9", True, "13"), "D9": ("P9", True, "13")}


def test_a_row_without_an_id_is_known_by_its_number(bench: Workbench) -> None:
    # The second file lists another family first: rows move, families stay.
    kept = months(
        bench,
        "dtks a.csv#2 dtks:a.csv#2 x n1\ndtks a.csv#3 dtks:a.csv#3 y n2",
        "dtks a.csv#2 dtks:a.csv#2 z n3\ndtks a.csv#3 dtks:a.csv#3 x n1",
        files="a.csv",
    )
    assert shown(kept) == {
        "a.csv#3": ("dtks:a.csv#2", True, "12"),
        "a.csv#2": ("dtks:a.csv#2~000002", True, "22"),
        "a.csv#3~000001": ("dtks:a.csv#3", False, "11"),  # row 3 is another's now
    }
    assert kept.counts == {
        "dtks": {"new": 1, "changed": 0, "unchanged": 1, "reopened": 0, "closed": 1}
    }


def test_a_number_that_two_rows_have_tells_none_of_them(bench: Workbench) -> None:
    rows = "dtks a.csv#2 dtks:a.csv#2 x n1\ndtks a.csv#3 dtks:a.csv#3 x n1"
    kept = months(bench, rows, rows, files="a.csv")
    assert kept.counts["dtks"]["new"] == 2
    assert {family for family, listed, _ in shown(kept).values() if listed} == {
        "dtks:a.csv#2~000002", "dtks:a.csv#3~000002",
    }  # fmt: skip


def test_closed_rows_are_forgotten_in_time(bench: Workbench) -> None:
    lists = ("p3ke P1 P1 a -", "", "")
    assert shown(months(bench, *lists, days=59)) == {"P1": ("P1", False, "11")}
    assert shown(months(bench, *lists, days=58)) == {}
    # Whoever was listed last is kept for a run at least, so that the run can be made again.
    assert shown(months(bench, *lists[:2], days=0)) == {"P1": ("P1", False, "11")}


row_ = st.tuples(st.sampled_from(["p3ke", "dtks"]), st.sampled_from(["A", "B", "f#1", "f#2"]))
said = st.tuples(st.sampled_from("xy"), st.sampled_from(["-", "n1", "n2"]))


@given(st.lists(st.dictionaries(row_, said, max_size=5), min_size=2, max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_books_of_rows_balance(lists: list[dict[tuple[str, str], tuple[str, str]]]) -> None:
    texts = [
        "\n".join(
            f"{reg} {own} {own if reg == 'p3ke' else f'{reg}:{own}'} {f} {n if '#' in own else '-'}"
            for (reg, own), (f, n) in rows.items()
        )
        for rows in lists
    ]
    with Workbench() as bench:
        before = months(bench, *texts[:-1], files="f").rows
        memory = Memory(check(before, FAMILY_KEYS), frozenset({"f"}))
        now = month(bench, texts[-1])
        kept = keep_records(now, memory, run_id=RUNS[len(lists) - 1], days=730)
        check(kept.rows, FAMILY_KEYS)  # no row twice
        counts = {
            name: sum(of[name] for of in kept.counts.values())
            for name in ("new", "changed", "unchanged", "reopened", "closed")
        }
        listed = len(lists[-2])
        assert sum(counts.values()) - counts["closed"] == len(lists[-1])
        assert counts["changed"] + counts["unchanged"] + counts["closed"] == listed
        # Nothing is lost: what is not the same row is closed.
        gone = len(before) - len(same_rows(now, memory))
        assert len(kept.rows) == len(lists[-1]) + gone
