"""Exact tables as they are written: sorted, counted, and held to their contract."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from geo_target.errors import ContractError
from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.assessment_files import write_table
from geo_target.schemas import TEXT, WHOLE, Column, Schema
from geo_target.workbench import Workbench
from tests.builders import table

SCHEMA = Schema(
    "exact/paid", "a family and a program", ("family", "program"),
    (Column("family", TEXT, "its id"), Column("program", TEXT, "its code"),
     Column("times", WHOLE, "how often")),
)  # fmt: skip
ROWS = "family  program  times  secret\nB  PKH  1  x\nA  PKH  2  x\nA  BPU  3  x"


BY_ALL = Schema(SCHEMA.name, SCHEMA.row, (), SCHEMA.columns)


def counted(draft: Draft) -> int | None:
    return draft._rows["exact/paid.parquet"]


@pytest.mark.parametrize(
    ("rows", "schema", "expected"),
    [(ROWS, SCHEMA, [3, 2, 1]), (ROWS + "\nA  BPU  1  x", BY_ALL, [1, 3, 2, 1])],
    ids=["by key", "by all columns"],
)
def test_rows_lie_in_order(
    bench: Workbench, tmp_path: Path, rows: str, schema: Schema, expected: list[int]
) -> None:
    with Archive(tmp_path).open_run(datetime(2026, 1, 1, tzinfo=UTC)) as draft:
        write_table(draft, "paid", table(bench, rows), schema)
        assert counted(draft) == len(expected)
        file = pq.read_table(draft.folder / "exact/paid.parquet")
    assert file.column("times").to_pylist() == expected
    assert file.column_names == ["family", "program", "times"]


def test_a_table_of_several_batches_is_whole_and_sorted(bench: Workbench, tmp_path: Path) -> None:
    count = 300_000
    rows = bench.query(
        f"select 'F' || lpad((i * 7919 % {count})::varchar, 6, '0') as family, 'PKH' as program, "
        f"i as times from range({count}) t(i)"
    )
    with Archive(tmp_path).open_run(datetime(2026, 1, 1, tzinfo=UTC)) as draft:
        write_table(draft, "paid", rows, SCHEMA)
        families = pq.read_table(draft.folder / "exact/paid.parquet").column("family").to_pylist()
    assert families == [f"F{i:06d}" for i in range(count)]


def test_a_broken_table_is_not_written(bench: Workbench, tmp_path: Path) -> None:
    with Archive(tmp_path).open_run(datetime(2026, 1, 1, tzinfo=UTC)) as draft:
        with pytest.raises(ContractError, match="repeated"):
            write_table(draft, "paid", table(bench, ROWS + "\nA  BPU  4  x"), SCHEMA)
        assert not (draft.folder / "exact/paid.parquet").exists()
