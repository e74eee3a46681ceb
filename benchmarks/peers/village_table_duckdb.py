"""Lists to village table with plain DuckDB, tables in memory: FOLDER FORM OUT PROGRAM:KIND ..."""

import json
import sys

import duckdb

from benchmarks.measured import measured

USABLE = """regexp_full_match(nik,
    '[0-9]{6}(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{6}')
    and right(nik, 4) <> '0000'"""


def main(folder: str, form: str, out: str, *lists: str) -> None:
    """Read, join, count, and write the table."""
    kinds = dict(one.split(":") for one in lists)

    def read(name: str) -> str:
        file = f"{folder}/{name}.{form}"
        return f"read_csv('{file}', all_varchar = true)" if form == "csv" else f"'{file}'"

    with measured() as found, duckdb.connect() as bench:
        bench.execute("set preserve_insertion_order = false")
        bench.execute(
            f"""create table families as
                select family_id, family_card_number, village_code from {read("families")}"""
        )
        bench.execute(
            f"""create table persons as select family_id, nik from (
                select family_id, ltrim(national_id, '''') as nik from {read("persons")})
                where {USABLE}"""
        )
        for name, kind in kinds.items():
            bench.execute(
                f"create table {name} as select ltrim({kind}, '''') as number from {read(name)}"
            )
            keyed = (
                "select family_id from families where family_card_number in (from {0})"
                if kind == "family_card_number"
                else "select distinct family_id from persons where nik in (from {0})"
            )
            bench.execute(f"create table reached_{name} as {keyed.format(name)}")
        reached = ", ".join(f"count(reached_{n}.family_id) as {n}" for n in kinds)
        joined = " ".join(f"left join reached_{n} using (family_id)" for n in kinds)
        any_of = ", ".join(f"reached_{n}.family_id" for n in kinds)
        bench.execute(
            f"""copy (
                with members as (
                    select family_id, count(*) as persons from persons group by 1
                )
                select village_code, count(*) as families, sum(persons)::bigint as persons,
                    {reached}, count(coalesce({any_of})) as covered
                from families left join members using (family_id) {joined}
                group by 1 order by 1
            ) to '{out}' (format parquet)"""
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
