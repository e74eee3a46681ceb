"""Rows as they are written, held to their contract: as a whole table is, batch by batch."""

from collections.abc import Callable, Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.errors import ContractError
from geo_target.publishing.sorted_rows import checked_rows
from geo_target.schemas import TEXT, WHOLE, Column, Schema, check
from geo_target.workbench import Workbench

SCHEMA = Schema(
    "exact/paid", "a family and a program", ("family", "program"),
    (Column("family", TEXT, "", required=True), Column("program", TEXT, ""),
     Column("state", TEXT, "", allowed=("paid", "due")), Column("times", WHOLE, "")),
)  # fmt: skip
TYPES = pa.schema(
    {"family": pa.string(), "program": pa.string(), "state": pa.string(), "times": pa.int64()}
)
Row = tuple[str | None, str | None, str | None, int]


def batches(*rows: Sequence[Row]) -> list[pa.RecordBatch]:
    return [
        pa.RecordBatch.from_pylist(
            [dict(zip(TYPES.names, row, strict=True)) for row in batch], TYPES
        )
        for batch in rows
    ]


A, B = ("A", "PKH", "paid", 1), ("B", "PKH", "due", 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[A, B], [], [("C", None, None, 2)]], None),
        ([[A, A]], "repeated"),
        ([[A], [A]], "repeated"),
        ([[A], [], [A]], "repeated"),
        ([[("A", None, None, 1), ("A", None, None, 2)]], "repeated"),
        ([[("A", None, None, 1)], [("A", None, None, 2)]], "repeated"),
        ([[A, ("A", "SEMBAKO", "paid", 1)]], None),
        ([[A], [(None, "PKH", "paid", 1)]], "family is null"),
        ([[A, ("B", "PKH", "lost", 1)]], "state holds what is not allowed"),
    ],
)
def test_a_broken_promise_is_named(rows: list[list[Row]], said: str | None) -> None:
    if said is None:
        assert [len(batch) for batch in checked_rows(batches(*rows), SCHEMA)] == [*map(len, rows)]
        return
    with pytest.raises(ContractError, match=said):
        list(checked_rows(batches(*rows), SCHEMA))


def test_without_a_key_rows_may_be_alike() -> None:
    alike = Schema(SCHEMA.name, SCHEMA.row, (), SCHEMA.columns)
    assert len(list(checked_rows(batches([A, A], [A]), alike))) == 2


LETTERS = st.sampled_from(["A", "B", None])


@given(
    rows=st.lists(
        st.tuples(LETTERS, LETTERS, st.sampled_from(["paid", "due", "lost", None]), st.just(1)),
        max_size=5,
    ),
    size=st.integers(1, 5),
)
def test_a_table_is_refused_exactly_where_the_whole_one_is(rows: list[Row], size: int) -> None:
    with Workbench() as bench:
        made = bench.take(pa.Table.from_batches(batches(rows), TYPES))
        (ordered,) = made.batches(TYPES.names, order="family, program") if rows else (None,)
        cut = [ordered.slice(i, size) for i in range(0, len(rows), size)] if ordered else []
        assert refuses(lambda: list(checked_rows(cut, SCHEMA))) == refuses(
            lambda: check(made, SCHEMA)
        )


def refuses(asked: Callable[[], object]) -> bool:
    try:
        asked()
    except ContractError:
        return True
    return False
