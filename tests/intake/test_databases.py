"""Tables and queries of PostgreSQL; on a server where GEO_TARGET_POSTGRES names one."""

import os
import secrets
import sys
from collections.abc import Iterator

import pytest

from geo_target.errors import DataRefusedError
from geo_target.intake.databases import _query, database_grid


@pytest.fixture
def table() -> Iterator[tuple[str, str]]:
    """URL of a server and the name of a table with two rows."""
    url = os.environ.get("GEO_TARGET_POSTGRES")
    if not url:
        pytest.skip("GEO_TARGET_POSTGRES names no PostgreSQL database to test on")
    psycopg = pytest.importorskip("psycopg")
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"create table {name} (nik bigint, pay numeric, day date, ok boolean)")
        server.execute(
            f"insert into {name} values (1, 400.50, '2025-10-01', true), (null, null, null, null)"
        )
        server.execute(f"create sequence {name}_numbers")
        yield url, name
        server.execute(f"drop sequence {name}_numbers")
        server.execute(f"drop table {name}")


def test_every_value_arrives_as_the_server_writes_it(table: tuple[str, str]) -> None:
    url, name = table
    for source in (name, f"public.{name}", f"select * from {name};"):
        grid = database_grid(source, url=url)
        body = grid.body(1, 4)
        assert grid.head == [(1, ["nik", "pay", "day", "ok"])]
        assert body.numbers.tolist() == [2, 3]
        assert list(body.columns) == [["1", None], ["400.50", None], ["2025-10-01", None],
                                      ["t", None]]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    ["delete from {} returning nik", "select 1; drop table {}", "select 1; commit; drop table {}",
     "select pg_sleep(4)", "nosuch_{}", "insert into {} values (3)"],
)  # fmt: skip
def test_what_is_no_single_quick_select_is_refused_and_changes_nothing(
    table: tuple[str, str], source: str
) -> None:
    url, name = table
    with pytest.raises(DataRefusedError, match="E-DATABASE-QUERY"):
        database_grid(source.format(name), url=url, timeout_seconds=1)
    assert len(database_grid(name, url=url).body(1, 4).numbers) == 2


def test_a_function_that_writes_is_stopped_by_the_transaction(table: tuple[str, str]) -> None:
    url, name = table
    source = f"select nextval('{name}_numbers')"
    with pytest.raises(DataRefusedError, match="E-DATABASE-QUERY"):
        database_grid(source, url=url)


def test_a_server_that_is_not_there_and_its_password_is_not_told() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(DataRefusedError) as caught:
        database_grid("a", url="postgresql://me:geheim@127.0.0.1:1/x", name="dtsen")
    (fault,) = caught.value.faults
    assert (fault.code, fault.file) == ("E-DATABASE", "dtsen")
    assert "geheim" not in fault.id + fault.en


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DataRefusedError) as caught:
        database_grid("a", url="postgresql://127.0.0.1/x")
    (fault,) = caught.value.faults
    assert fault.code == "E-DATABASE-EXTRA"
    assert "geo-target[postgres]" in fault.id


@pytest.mark.parametrize(
    ("source", "query"),
    [("dtsen", "select * from dtsen"), ("a.b", "select * from a.b"),
     ('"Data Warga"', 'select * from "Data Warga"'), ("select 1 ;", "select 1"),
     ("a; drop table b", "a; drop table b")],
)  # fmt: skip
def test_a_name_becomes_a_query(source: str, query: str) -> None:
    assert _query(source) == query
