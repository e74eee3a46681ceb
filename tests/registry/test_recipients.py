"""Rows that no number ties to a family: who they are by name, and who is only likely."""

from typing import Any

import pytest

from geo_target.registry.families import Registry
from geo_target.registry.recipients import Recipients, find_by_name, link_recipients, number_rows
from geo_target.schemas import ENROLLMENTS
from geo_target.workbench import Table, Workbench
from tests.builders import nik, table

HERE, NEXT, AWAY = "36.73.01.1001", "36.73.01.1002", "36.73.02.1001"

# Names hold no blanks here: an underscore is one.
FAMILIES = "family_id  head_name  head_national_id  stated_village_code\n"
MEMBERS = "family_id  person_id  name  national_id\n"
ROWS = "enrollment  program  name  stated_village_code  national_id\n"


def named(bench: Workbench, text: str, types: dict[str, str] | None = None) -> Table:
    """A table whose names have blanks."""
    given = table(bench, text, types)
    names = [column for column in given.columns if column in {"name", "head_name"}]
    replaced = ", ".join(f"replace({name}, '_', ' ') as {name}" for name in names)
    return bench.query(f"select * replace ({replaced}) from given", given=given)


def crowded(bench: Workbench, families: str, members: str) -> tuple[Table, Table]:
    """Families and members among 600 others, so that a name says something: nobody is alike."""
    others = bench.query(
        f"""select 'X' || n as family_id, null as head_name, null as head_national_id,
                if(n < 20, '{HERE}', '36.73.01.' || (1003 + n % 7)) as stated_village_code,
                'X' || n as person_id, null as national_id,
                translate(format('{{:d}}e{{:d}}ongo{{:d}}u', n % 10, n // 10 % 10, n // 100),
                    '0123456789', 'bcdgklnprs') as name
            from range(600) numbers(n)"""
    )
    made = (named(bench, FAMILIES + families), named(bench, MEMBERS + members))
    return tuple(  # type: ignore[return-value]
        bench.query(
            f"from own union all by name select {', '.join(own.columns)} from others",
            own=own, others=others,
        )
        for own in made
    )  # fmt: skip


def found(
    bench: Workbench, rows: str, families: str, members: str = "", *, expected: float = 0.9
) -> dict[tuple[int, str], str]:
    """``(enrollment, family)`` -> person, or person and ``?`` where it is in doubt."""
    unlinked = bench.query(
        "select *, $1::double as expected, 0.9 as known from given", [expected],
        given=named(bench, ROWS + rows, {"enrollment": "int"}),
    )  # fmt: skip
    by_name = find_by_name(unlinked, *crowded(bench, families, members))
    return {
        (r["enrollment"], r["family_id"]): f"{r['person_id']}{'?' if r['is_doubtful'] else ''}"
        for r in by_name.rows()
    }


A = f"A  -  -  {HERE}\n"
SUHENDI = "A  a1  Muhamad_Suhendi  nik1\n"


@pytest.mark.parametrize(
    ("row", "person"),
    [
        # The number is unreadable: a name in a village.
        (f"1 PKH Muhamad_Suhendi {HERE} -", "a1"),
        (f"1 PKH SUHENDI,_MUH. {HERE} -", "a1"),
        (f"1 PKH Jumenah {HERE} -", None),
        (f"1 PKH Muhamad_Suhendi {AWAY} -", None),
        (f"1 PKH Muhamad_Suhendi {NEXT} -", None),
        ("1 PKH Muhamad_Suhendi - -", None),
        (f"1 PKH - {HERE} -", None),
        # A digit is wrong, and a word of the name is missing, or the village is another.
        (f"1 PKH Muhamad_Suhendi {HERE} nik2", "a1"),
        (f"1 PKH Suhendi {HERE} nik2", "a1"),
        (f"1 PKH Muhamad_Suhendi {NEXT} nik2", "a1"),
        (f"1 PKH Jumenah {HERE} nik2", None),
        # Two digits have changed places; or they are two others: another person's number.
        (f"1 PKH Muhamad_Suhendi {HERE} nik10", "a1"),
        (f"1 PKH Muhamad_Suhendi {HERE} nik23", None),
        (f"1 PKH Muhamad_Suhendi {HERE} nik7654", None),
    ],
)
def test_who_a_row_is(bench: Workbench, row: str, person: str | None) -> None:
    assert found(bench, row, A, SUHENDI) == ({(1, "A"): person} if person else {})


@pytest.mark.parametrize(
    ("number", "said"),
    [("nik2", "a1?"), ("nik7654", "a1?"), ("-", "a1")],
)
def test_a_person_without_a_number_may_be_anybody_of_the_name(
    bench: Workbench, number: str, said: str
) -> None:
    # It is the register that has mistyped: the row is a doubt, but proves no coverage.
    members = "A  a1  Muhamad_Suhendi  -\n"
    row = f"1 PKH Muhamad_Suhendi {HERE} {number}"
    assert found(bench, row, A, members) == {(1, "A"): said}


def test_a_head_whom_the_list_of_persons_leaves_out_is_sought_too(bench: Workbench) -> None:
    families = f"A  Muhamad_Suhendi  nik1  {HERE}\n"
    row = f"1 PKH Muhamad_Suhendi {HERE} nik2"
    assert set(found(bench, row, families, "A  a2  Jumenah  nik500\n")) == {(1, "A")}


def test_of_two_who_have_the_name_either_may_be_meant(bench: Workbench) -> None:
    families = A + f"B  -  -  {HERE}\nC  -  -  {AWAY}\n"
    members = SUHENDI + "B  b1  Muhamad_Suhendi  nik500\nC  c1  Muhamad_Suhendi  nik600\n"
    unreadable, wrong_digit = (
        f"1 PKH Muhamad_Suhendi {HERE} -",
        f"1 PKH Muhamad_Suhendi {HERE} nik2",
    )
    assert found(bench, unreadable, families, members) == {(1, "A"): "a1?", (1, "B"): "b1?"}
    assert found(bench, wrong_digit, families, members) == {(1, "A"): "a1"}


def test_persons_of_one_id_in_two_families_are_two(bench: Workbench) -> None:
    families = A + f"B  -  -  {HERE}\n"
    members = SUHENDI + "B  a1  Jumenah  nik500\n"
    row = f"1 PKH Muhamad_Suhendi {HERE} -"
    assert found(bench, row, families, members) == {(1, "A"): "a1"}


def test_of_one_family_it_does_not_matter_who(bench: Workbench) -> None:
    members = SUHENDI + "A  a2  Muhamad_Suhendi  nik500\n"
    assert found(bench, f"1 PKH Muhamad_Suhendi {HERE} -", A, members) == {(1, "A"): "a1"}


def test_one_person_is_on_several_lists_in_several_months_and_spellings(bench: Workbench) -> None:
    rows = f"""1 PKH      Muhamad_Suhendi  {HERE}  -
               2 PKH      Muhamad_Suhendi  {HERE}  -
               3 SEMBAKO  MUH._SOEHENDI    {HERE}  -
               4 -        Muhamad_Suhendi  {HERE}  nik2"""
    assert found(bench, rows, A, SUHENDI) == {(n, "A"): "a1" for n in (1, 2, 3, 4)}


def test_of_two_rows_of_a_list_only_one_can_be_the_person(bench: Workbench) -> None:
    rows = f"1 PKH Muhamad_Suhendi {HERE} -\n2 PKH MUH._SOEHENDI {HERE} -"
    assert found(bench, rows, A, SUHENDI) == {(1, "A"): "a1?", (2, "A"): "a1?"}
    # Unless a number says which.
    rows = f"1 PKH Muhamad_Suhendi {HERE} -\n2 PKH MUH._SOEHENDI {HERE} nik2"
    assert found(bench, rows, A, SUHENDI) == {(2, "A"): "a1"}


def test_where_a_list_is_mostly_of_strangers_a_name_says_less(bench: Workbench) -> None:
    row = f"1 PBI_JK Muhamad_Suhendi {HERE} -"
    assert [found(bench, row, A, SUHENDI, expected=share) for share in (0.9, 0.01, 0.0001)] == [
        {(1, "A"): "a1"}, {(1, "A"): "a1?"}, {},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("families", "members", "person"),
    [
        # A head without a NIK, whom no list of persons has.
        (f"A  Muhamad_Suhendi  -  {HERE}\n", "", "None"),
        (f"A  Muhamad_Suhendi  -  {HERE}\n", "A  a1  Muhamad_Suhendi  -\n", "a1"),
        (f"A  Muhamad_Suhendi  nik1  {HERE}\n", SUHENDI, "a1"),
    ],
)
def test_heads_are_persons(bench: Workbench, families: str, members: str, person: str) -> None:
    row = f"1 PKH Muhamad_Suhendi {HERE} -"
    assert found(bench, row, families, members) == {(1, "A"): person}


# ---------------------------------------------------------------- all rows of all lists

LIST = "program  name  national_id  family_card_number  family_id\n"


def linked(bench: Workbench, *lists: str) -> Recipients:
    """Lists by number from 3, all of them of people in `HERE`."""
    texts = {"regency_name", "district_name", "village_name", "village_code", "status"}
    columns = ", ".join(f"null::varchar as {name}" for name in sorted(texts))
    tables: dict[int, Table] = {
        number: bench.query(
            f"""select *, {columns}, null::date as valid_from, null::date as valid_to,
                null::double as amount_rupiah from given""",
            given=named(bench, LIST + text),
        )
        for number, text in enumerate(lists, start=3)
    }
    rows = number_rows(bench, tables)
    stated = bench.query("select *, $1 as stated_village_code from r", [HERE], r=rows)
    families, members = crowded(bench, A, SUHENDI)
    keys = "family_id  kind  value  is_head\nA  nik  nik1  yes\nA  kk  kk1  no\n"
    nothing: dict[str, Any] = dict.fromkeys(("family_keys", "doubtful", "pairs"), rows)
    return link_recipients(
        stated,
        Registry(
            families=families,
            members=members,
            keys=table(bench, keys, {"is_head": "boolean"}),
            **nothing,
        ),
    )


def test_rows_of_all_lists_are_numbered_in_their_order(bench: Workbench) -> None:
    # More than one thread writes at a time: the numbers are those of the lists all the same.
    columns = ", ".join(
        f"null::{column.type} as {column.name}"
        for column in ENROLLMENTS.columns if column.name != "name"
    )  # fmt: skip
    lists = {
        number: bench.query(
            f"select n::varchar as name, {columns} from range({first}, {last}) t(n)"
        )
        for number, first, last in ((3, 1, 300_001), (5, 300_001, 500_001))
    }
    rows = number_rows(bench, lists)
    assert rows.columns == ["enrollment", "list", *ENROLLMENTS.names]
    counted = """select count(*), count(distinct enrollment), bool_and(enrollment = name::bigint),
        bool_and(list = if(enrollment <= 300000, 3, 5)), count(program) from """
    assert bench.execute(counted + rows.name) == [(500_000, 500_000, True, True, 0)]


def test_each_row_names_a_family_in_one_way(bench: Workbench) -> None:
    made = linked(
        bench,
        "PKH  Muhamad_Suhendi  nik1  kk1  A\nPKH  Jumenah  -  kk1  -\nPKH  -  -  -  A\n",
        "PKH  MUH._SUHENDI  nik2  -  -\nPKH  Jumenah  nik9  kk9  B\n",
    )
    ways = sorted((r["enrollment"], r["list"], r["way"]) for r in made.rows.rows())
    assert ways == [(1, 3, "nik"), (2, 3, "kk"), (3, 3, "family_id"), (4, 4, "name"),
                    (5, 4, "unlinked")]  # fmt: skip
    assert made.by_name.rows() == [
        {"enrollment": 4, "family_id": "A", "person_id": "a1", "national_id": nik(1),
         "is_doubtful": False}
    ]  # fmt: skip


def test_the_usable_numbers_of_a_program_say_whom_its_list_is_of(bench: Workbench) -> None:
    strangers = "".join(f"PBI_JK  Jumenah  nik{5000 + n}  -  -\n" for n in range(1000))
    row = "{}  Muhamad_Suhendi  -  -  -\n"
    made = linked(bench, strangers + row.format("PBI_JK") + row.format("PKH"))
    assert {r["enrollment"]: r["is_doubtful"] for r in made.by_name.rows()} == {
        1001: True, 1002: False,
    }  # fmt: skip


def test_a_number_that_is_nobodys_is_rather_a_strangers_where_a_list_is_of_strangers(
    bench: Workbench,
) -> None:
    strangers = "".join(f"PBI_JK  Jumenah  nik{5000 + n}  -  -\n" for n in range(1000))
    row = "{}  Suhendi  nik2  -  -\n"
    made = linked(bench, strangers + row.format("PBI_JK") + row.format("PKH"))
    assert {r["enrollment"]: r["is_doubtful"] for r in made.by_name.rows()} == {
        1001: True, 1002: False,
    }  # fmt: skip


def test_without_lists_there_are_no_recipients(bench: Workbench) -> None:
    made = linked(bench)
    assert (made.rows.rows(), made.by_name.rows()) == ([], [])
