"""Tables and queries of PostgreSQL; on a server where GEO_TARGET_POSTGRES names one."""

import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError, DataRefusedError
from geo_target.intake import databases
from geo_target.intake.databases import _query, database_grid, read_url, rows_sha256
from geo_target.intake.postgis_points import Points, read_points


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
        (body,) = grid.pieces(1, 4)
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
    (body,) = database_grid(name, url=url).pieces(1, 4)
    assert len(body.numbers) == 2


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


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_letters_of_every_database_arrive_whole_or_it_is_said(
    table: tuple[str, str], encoding: str
) -> None:
    psycopg = pytest.importorskip("psycopg")
    url, name = table
    other = f"{name}_{encoding.lower()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            f"create database {other} encoding '{encoding}' lc_collate 'C' lc_ctype 'C' "
            "template template0"
        )
        try:
            there = url[: url.rindex("/") + 1] + other
            if encoding == "LATIN1":
                grid = database_grid("select chr(233) as name", url=there)
                assert list(next(grid.pieces(1, 1)).columns) == [["é"]]
            else:
                with pytest.raises(DataRefusedError, match="E-ENCODING"):
                    database_grid("select chr(233) as name", url=there)
        finally:
            server.execute(f"drop database {other}")


def test_days_come_as_iso_whatever_the_account_prefers(table: tuple[str, str]) -> None:
    url, name = table
    german = url + ("&" if "?" in url else "?") + "options=-cdatestyle%3DGerman"
    grid = database_grid(f"select day from {name} where day is not null", url=german)
    assert list(next(grid.pieces(1, 1)).columns) == [["2025-10-01"]]


def test_a_server_that_goes_away_meanwhile_is_away(table: tuple[str, str]) -> None:
    url, _ = table
    with pytest.raises(DataRefusedError, match=r"^E-DATABASE the database cannot be reached"):
        database_grid("select pg_terminate_backend(pg_backend_pid())", url=url)


def test_the_sum_is_of_the_rows_and_not_of_their_order_or_of_the_query(
    table: tuple[str, str],
) -> None:
    url, name = table
    sums = {
        database_grid(source, url=url).sha256
        for source in (name, f"select * from {name} order by 1",
                       f"select * from {name} order by 1 desc")
    }  # fmt: skip
    changed = database_grid(f"select nik, pay + 1 as pay, day, ok from {name}", url=url).sha256
    assert len(sums) == 1
    assert changed not in sums


#: Points (106.15, -6.12) and (622000, 9322000), an empty one and a line, as PostGIS writes them.
DEGREES = "0101000020E61000009A99999999895A407B14AE47E17A18C0"
METERS = "0101000020EC7F00000000000060FB224100000000C2C76141"
EMPTY = "0101000020E6100000000000000000F87F000000000000F87F"


@pytest.fixture
def shapes(table: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The server and a table with geometries; their type stands in for that of PostGIS.

    It has the name that a server with PostGIS gives it, and writes what that would.
    """
    psycopg = pytest.importorskip("psycopg")
    url, name = table
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"create schema {name}_s")
        kinds = ", ".join(f"'{text}'" for text in (DEGREES, METERS, EMPTY))
        server.execute(f"create type {name}_s.geometry as enum ({kinds})")
        server.execute(f"create table {name}_s.houses (id int, geom {name}_s.geometry)")
        server.execute(
            f"insert into {name}_s.houses values (1, '{DEGREES}'), (2, null), (3, '{EMPTY}')"
        )
        server.execute(f"create view {name}_s.seen as table {name}_s.houses")
        yield url, f"{name}_s"
        server.execute(f"drop schema {name}_s cascade")


@pytest.mark.parametrize("source", ["houses", "seen"])
def test_points_of_a_geometry_are_lon_and_lat(shapes: tuple[str, str], source: str) -> None:
    url, schema = shapes
    grid = database_grid(f"{schema}.{source}", url=url)
    assert grid.head == [(1, ["id", "lon", "lat"])]
    assert [list(column) for column in next(grid.pieces(1, 3)).columns] == [
        ["1", "2", "3"], ["106.15", None, None], ["-6.12", None, None]
    ]  # fmt: skip
    assert not grid.notices


def test_points_in_another_system_are_said_and_not_guessed(shapes: tuple[str, str]) -> None:
    url, schema = shapes
    source = (
        f"select 4 as id, '{METERS}'::{schema}.geometry as geom union all table {schema}.houses"
    )
    grid = database_grid(source, url=url, name="rumah")
    assert sorted(filter(None, next(grid.pieces(1, 3)).columns[1])) == ["106.15"]
    (said,) = grid.notices
    assert (said.code, said.file, said.id.split(" titik")[0]) == ("W-POINTS-CRS", "rumah", "1")


def test_a_list_that_has_coordinates_keeps_them(shapes: tuple[str, str]) -> None:
    url, schema = shapes
    grid = database_grid(f"select 1 as bujur, geom from {schema}.houses where id = 1", url=url)
    assert grid.head == [(1, ["bujur"])]


@pytest.mark.parametrize("text", ["", "xyz", "01", DEGREES[:-2], "0102000020E610000002000000"])
def test_what_is_no_point_has_no_place(text: str) -> None:
    assert read_points([text]) == Points([None], [None], 0)


def test_a_table_that_others_write_to_is_read_as_it_was_at_the_beginning(
    table: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    psycopg = pytest.importorskip("psycopg")
    url, name = table
    monkeypatch.setattr(databases, "_FETCHED", 1)
    answer, asked = databases._answer, []

    def meanwhile(connection: Any, statement: str, told: str) -> Any:
        found = answer(connection, statement, told)
        asked.append(statement)
        if len(asked) == 2:  # the first row has come
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(f"update {name} set nik = 7; insert into {name} values (8)")
        return found

    monkeypatch.setattr(databases, "_answer", meanwhile)
    (body,) = database_grid(name, url=url).pieces(1, 4)
    assert body.columns[0] == ["1", None]


def test_a_table_of_postgis(table: tuple[str, str]) -> None:
    psycopg = pytest.importorskip("psycopg")
    url, name = table
    with psycopg.connect(url, autocommit=True) as server:
        known = "select 1 from pg_available_extensions where name = 'postgis'"
        if not server.execute(known).fetchone():
            pytest.skip("the server has no PostGIS")
        server.execute(f"create database {name}_gis")
    there = url[: url.rindex("/") + 1] + f"{name}_gis"
    try:
        with psycopg.connect(there, autocommit=True) as server:
            server.execute("create extension postgis")
            server.execute(
                """create table houses as select 'K1' as id, 'SRID=4326;POINT(106.15 -6.12)'
                    ::geometry(Point, 4326) as geom, null::geography as other"""
            )
            server.execute(
                "create view meters as select id, ST_Transform(geom, 32748) as geom from houses"
            )
            server.execute("create view globe as select id, geom::geography as geog from houses")
            server.execute("create view tall as select id, ST_Force3D(geom) as geom from houses")
        for source in ("houses", "globe", "tall"):
            (body,) = database_grid(source, url=there).pieces(1, 3)
            assert [*body.columns] == [["K1"], ["106.15"], ["-6.12"]]
        (said,) = database_grid("meters", url=there).notices
        assert said.code == "W-POINTS-CRS"
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"drop database {name}_gis with (force)")


SUM = rows_sha256(["a", "b"], [["x", "y"], ["1", None]])


@pytest.mark.parametrize(
    ("names", "columns", "is_same"),
    [
        (["a", "b"], [["y", "x"], [None, "1"]], True),  # another order of rows
        (["a", "b"], [["x", "y"], [None, "1"]], False),  # other rows of the same cells
        (["a", "b"], [["x", "y"], ["1", ""]], False),  # no text is no NULL
        (["a", "c"], [["x", "y"], ["1", None]], False),
        (["b", "a"], [["1", None], ["x", "y"]], False),  # another order of columns
        (["a", "b"], [["x", "y", "y"], ["1", None, None]], False),  # a row twice
        (["a", "b"], [["x1", "y"], ["", None]], False),  # a letter in the cell beside it
    ],
)
def test_what_changes_the_sum(
    names: Sequence[str], columns: Sequence[Sequence[str | None]], *, is_same: bool
) -> None:
    assert (rows_sha256(names, columns) == SUM) == is_same


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0o600, "E-DATABASE-URL"), (b"", 0o600, "E-DATABASE-URL"),
        (b"\xff", 0o600, "E-DATABASE-URL"), (b"secretword", 0o600, "E-DATABASE-URL"),
        (b"postgresql://a:secretword@h/x", 0o640, "E-DATABASE-URL-OPEN"),
        (b"postgresql://a:secretword@h/x", 0o604, "E-DATABASE-URL-OPEN"),
    ],
)  # fmt: skip
@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_an_address_is_private_or_refused_without_telling_it(
    tmp_path: Path, content: bytes | None, mode: int, code: str
) -> None:
    path = tmp_path / "address"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(ConfigError) as caught:
        read_url(path)
    (fault,) = caught.value.faults
    assert (fault.code, fault.column) == (code, "database.url_file")
    assert "secretword" not in fault.text("id") + fault.text("en")


def test_an_address_is_the_one_line_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "address"
    path.write_text("postgresql://a:b@h/x\n")
    path.chmod(0o600)
    assert read_url(path) == "postgresql://a:b@h/x"
