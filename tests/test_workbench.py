from dataclasses import dataclass

import duckdb
import pytest

from geo_target.errors import ContractError
from geo_target.schemas import TEXT, WHOLE, Column, Schema, check
from geo_target.workbench import Table, Workbench, let_go, query
from tests.builders import table


def test_a_query_makes_a_new_table_and_leaves_the_old_one(bench: Workbench) -> None:
    people = table(bench, "name  age\nani  7\nbudi  40", {"age": "int"})
    adults = query("select name from people where age >= 18", people=people)
    again = query("select * from people", people=adults)
    assert again.rows() == [{"name": "budi"}]
    assert len(people) == 2


def test_no_bar_is_drawn_among_what_a_command_prints(bench: Workbench) -> None:
    # Drawn from two seconds on, on standard output, in front of what `run --json` says.
    assert bench.execute("select current_setting('enable_progress_bar')") == [(False,)]


def tables_of(bench: Workbench) -> set[str]:
    bench.free()
    return {str(name) for (name,) in bench.execute("select table_name from duckdb_tables()")}


def test_a_table_is_freed_once_nobody_holds_it(bench: Workbench) -> None:
    people = table(bench, "name  age\nani  7\nbudi  40", {"age": "int"})
    before = tables_of(bench)
    adults = query("select name from people where age >= 18", people=people)
    assert tables_of(bench) == before | {adults.name}
    del adults
    assert tables_of(bench) == before
    assert len(people) == 2


def test_a_view_holds_what_it_asks(bench: Workbench) -> None:
    people = table(bench, "name  age\nani  7\nbudi  40", {"age": "int"})
    adults = bench.view("from people where age >= 18", people=people)
    named = bench.view("select name from adults", adults=adults)
    held = tables_of(bench)
    del people, adults
    assert tables_of(bench) == held
    assert named.rows() == [{"name": "budi"}]
    del named
    assert len(tables_of(bench)) == len(held) - 1


def test_what_was_dropped_is_not_freed_again(bench: Workbench) -> None:
    people = table(bench, "name\nani")
    bench.drop(people)
    del people
    assert len(table(bench, "name\nbudi")) == 1


def test_nothing_is_freed_amid_an_answer(bench: Workbench) -> None:
    people = table(bench, "name\n" + "\n".join(f"n{i}" for i in range(300)))
    other = table(bench, "name\nani")
    rows = people.batches(["name"])
    del other
    assert sum(len(batch) for batch in rows) == 300


@dataclass(frozen=True)
class Found:
    people: Table
    age: int


def test_what_was_let_go_of_is_freed_and_no_empty_table(bench: Workbench) -> None:
    found = Found(table(bench, "name\nani"), 7)
    held = tables_of(bench)
    gone = let_go(found, "people")
    assert (gone.age, found.people.is_held, gone.people.is_held) == (7, True, False)
    del found
    assert len(tables_of(bench)) == len(held) - 1
    with pytest.raises(duckdb.CatalogException, match="let_go_of"):
        len(gone.people)


def test_sql_of_a_run_opens_no_file(bench: Workbench) -> None:
    with pytest.raises(Exception, match=r"disabled|not allowed|Permission"):
        bench.execute("select * from read_csv('/etc/passwd')")


SCHEMA = Schema(
    "example",
    "a thing",
    ("id",),
    (Column("id", TEXT, "", required=True), Column("kind", TEXT, "", allowed=("a", "b")),
     Column("n", WHOLE, "")),
)  # fmt: skip


def test_a_table_is_cut_to_its_schema(bench: Workbench) -> None:
    checked = check(table(bench, "n  secret  id  kind\n7  x  one  a"), SCHEMA)
    assert checked.rows() == [{"id": "one", "kind": "a", "n": 7}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id  kind\none  a", "columns are missing: n"),
        ("id  kind  n\n-  a  1", "id is null"),
        ("id  kind  n\none  z  1", "kind holds what is not allowed"),
        ("id  kind  n\none  a  1\none  b  2", "is repeated"),
    ],
)
def test_a_broken_promise_is_named(bench: Workbench, text: str, said: str) -> None:
    with pytest.raises(ContractError, match=said):
        check(table(bench, text), SCHEMA)
