"""A row of every table comes back out of a copy, in either database: a new table too."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, insert

from geo_target.operations.copying import copy_in, copy_out
from geo_target.operations.database import Database, open_database
from geo_target.operations.tables import METADATA, UTCDateTime
from tests.keeping.office import fresh_url

#: Whatever a careless copy would break.
WORDS = "Öz 'n\\ \"\n\u2028😀"
VALUES: list[tuple[type, Any]] = [
    (UTCDateTime, datetime(2025, 10, 1, 2, 3, 4, 567891, tzinfo=UTC)),
    (JSON, {"b": [1.5, None, WORDS], "a": -0.1}), (Boolean, True), (Integer, 1), (BigInteger, 1),
]  # fmt: skip


def value_of(column: Column[Any]) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return value_of(key.column)
    found = (value for kind, value in VALUES if isinstance(column.type, kind))
    length = getattr(column.type, "length", None) or 2000
    return next(found, WORDS[: min(length, len(WORDS))])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_row_of_every_table_comes_back(database: Database, tmp_path: Path, kind: str) -> None:
    with database.writing() as connection:
        for table in METADATA.sorted_tables:
            row = {column.name: value_of(column) for column in table.columns}
            connection.execute(insert(table), row)
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    copy = copy_out(database, tmp_path / "first")
    assert {name: table.rows for name, table in copy.tables.items()} == dict.fromkeys(
        METADATA.tables, 1
    )
    with fresh_url(kind, tmp_path) as url:
        copy_in(url, tmp_path / "first", copy)
        restored = open_database(url)
        assert copy_out(restored, tmp_path / "second") == copy
        restored.close()
    for file in (tmp_path / "first").iterdir():
        assert (tmp_path / "second" / file.name).read_bytes() == file.read_bytes()
