"""Persons whose NIK or KK number is of no use as it is written: what the civil registry mends.

The one table beside the reveal of a single number that holds numbers as written: it is made
for an encrypted file to a named agency, is part of no snapshot, and lies in memory alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.registry.names import folded_name_sql
from geo_target.schemas import CIVIL_REGISTRY, check
from geo_target.workbench import Table, Workbench, query


@dataclass(frozen=True)
class WrittenList:
    """A list of a register with its faulty numbers, see `intake.written.written_numbers`."""

    number: int
    """Its place among the sources of the configuration, from 1."""
    listed: AgencyList
    numbers: Table


@dataclass(frozen=True)
class RepairList:
    """Who is to be looked up, and how many were left out as they live elsewhere."""

    table: Table
    """Columns of schemas.CIVIL_REGISTRY, by district, village and family."""
    elsewhere: int


def repair_list(
    bench: Workbench, lists: Sequence[WrittenList], gazetteer: pd.DataFrame, *, area_code: str
) -> RepairList:
    """Each person of the registers with a number that was set aside, once.

    Rows of several lists of one register are one person where family and name agree, or where
    both say that they are the head and have the same number; rows of one list never are. A
    row of persons belongs to the family of its id, or the only one of its KK number.

    Parameters
    ----------
    lists
        All lists of registers, those without faults too: they say where persons live.
    gazetteer
        Of the province, see `places.gazetteer.read_gazetteer`.
    area_code
        Persons of known villages outside of it are left out; of unknown villages they are not.
    """
    families = _union(bench, [_families(part) for part in lists if _role(part) == "families"])
    persons = _union(bench, [_persons(part) for part in lists if _role(part) == "persons"])
    people = _people(query(
        """with cards as (
                select register, kk, min(family_id) as card_home from families
                where kk is not null group by all having count(distinct family_id) = 1)
            select families.* exclude (family_id), family_id as home,
                true as is_head from families
            union all by name
            select persons.* exclude (family_id), coalesce(family_id, card_home) as home,
                coalesce(starts_with(lower(relation), 'kepala'), false) as is_head
            from persons left join cards using (register, kk)""",
        families=families, persons=persons,
    ))  # fmt: skip
    places = bench.take(gazetteer[["village_name", "district_name"]].reset_index())
    found = query(_LINES, people=people, families=families, places=places)
    inside = "village_code is null or starts_with(village_code, $1 || '.')"
    listed = query(f"from found where {inside} order by {_ORDER}", [area_code], found=found)
    return RepairList(check(listed, CIVIL_REGISTRY), len(found) - len(listed))


def _role(part: WrittenList) -> str:
    return part.listed.profile.role


_NUMBERS = """marks as (
    select row, max(value) filter ("column" <> 'family_card_number') as nik,
        max(code) filter ("column" <> 'family_card_number') as nik_fault,
        max(value) filter ("column" = 'family_card_number') as kk,
        max(code) filter ("column" = 'family_card_number') as kk_fault
    from numbers group by row)"""
_SOURCE = "$1 as register, cast($2 as bigint) as list, row"


def _families(part: WrittenList) -> Table:
    return query(
        f"""with {_NUMBERS} select {_SOURCE}, family_id, head_name as name,
                coalesce(nik, head_national_id) as nik, coalesce(kk, family_card_number) as kk,
                nik_fault, kk_fault, coalesce(address, registered_address, neighborhood) as address,
                rt, rw, stated_village_code as village_code, district_name, village_name
            from listed left join marks using (row)""",
        [part.listed.profile.register_name, part.number],
        listed=part.listed.table,
        numbers=part.numbers,
    )


def _persons(part: WrittenList) -> Table:
    return query(
        f"""with {_NUMBERS} select {_SOURCE}, family_id, name, birth_date, sex, relation,
                coalesce(nik, national_id) as nik, coalesce(kk, family_card_number) as kk,
                nik_fault, kk_fault
            from listed left join marks using (row)""",
        [part.listed.profile.register_name, part.number],
        listed=part.listed.table,
        numbers=part.numbers,
    )


_COLUMNS = {
    "register": "varchar", "list": "bigint", "row": "bigint", "family_id": "varchar",
    "name": "varchar", "birth_date": "date", "sex": "varchar", "relation": "varchar",
    "nik": "varchar", "kk": "varchar", "nik_fault": "varchar", "kk_fault": "varchar",
    "address": "varchar", "rt": "varchar", "rw": "varchar", "village_code": "varchar",
    "district_name": "varchar", "village_name": "varchar",
}  # fmt: skip


def _union(bench: Workbench, parts: Sequence[Table]) -> Table:
    """Rows of all parts, with every column of `_COLUMNS`."""
    whole = bench.take_rows(_COLUMNS, [])
    for part in parts:
        whole = query("from whole union all by name from part", whole=whole, part=part)
    return whole


def _people(rows: Table) -> Table:
    """Rows of families with a fault; ``person`` says who is the same, ``namesake`` who is not.

    Of heads with one number the first name in the alphabet is meant: lists write it longer
    or shorter.
    """
    return query(
        f"""with placed as (
                select *, coalesce(home, '#' || list || '-' || row) as place,
                    coalesce(nik_fault, kk_fault) is not null as is_faulty from rows),
            near as (
                select *, {folded_name_sql("name")} as called
                from placed semi join (from placed where is_faulty) using (register, place)),
            named as (
                select *, if(is_head, min(called) over (
                        partition by register, place, is_head, nik), called) as known
                from near)
            select *, coalesce(known, '#' || list || '-' || row) as person, row_number() over (
                    partition by register, place, known, list order by row) as namesake
                from named""",
        rows=rows,
    )


_FIRST = "order by list, row"
_LINES = f"""with persons as (
        select register, any_value(home) as home, bool_or(is_head) as is_head,
            first(name {_FIRST}) filter (name is not null) as name,
            first(birth_date {_FIRST}) filter (birth_date is not null) as birth_date,
            first(sex {_FIRST}) filter (sex is not null) as sex,
            first(relation {_FIRST}) filter (relation is not null) as relation,
            coalesce(string_agg(distinct nik, ' / ' order by nik) filter (nik_fault is not null),
                first(nik {_FIRST}) filter (nik is not null)) as nik,
            coalesce(string_agg(distinct kk, ' / ' order by kk) filter (kk_fault is not null),
                first(kk {_FIRST}) filter (kk is not null)) as kk,
            list_sort(list(distinct nik_fault) filter (nik_fault is not null)) as nik_faults,
            list_sort(list(distinct kk_fault) filter (kk_fault is not null)) as kk_faults,
            list(list {_FIRST}) filter (is_faulty) as lists,
            list(row {_FIRST}) filter (is_faulty) as rows
        from people group by register, place, person, namesake having bool_or(is_faulty)),
    homes as (
        select * exclude (list, row), family_id as home from families
        qualify row_number() over (partition by register, family_id order by list, row) = 1)
    select persons.* replace (coalesce(persons.kk, homes.kk) as kk),
        address, rt, rw, village_code,
        coalesce(places.district_name, homes.district_name) as district_name,
        coalesce(places.village_name, homes.village_name) as village_name
    from persons left join homes using (register, home) left join places using (village_code)"""
_ORDER = """district_name nulls last, village_name nulls last, register, home nulls last,
    is_head desc, name nulls last, lists, rows"""
