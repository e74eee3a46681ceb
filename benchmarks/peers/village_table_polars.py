"""Lists to village table with polars, one lazy plan: FOLDER FORM OUT PROGRAM:KIND ..."""

import json
import sys

import polars as pl

from benchmarks.measured import measured

USABLE = "^[0-9]{6}(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{6}$"


def main(folder: str, form: str, out: str, *lists: str) -> None:
    """Read, join, count, and write the table."""
    kinds = dict(one.split(":") for one in lists)

    def read(name: str, *columns: str) -> pl.LazyFrame:
        file = f"{folder}/{name}.{form}"
        scanned = pl.scan_csv(file, infer_schema=False) if form == "csv" else pl.scan_parquet(file)
        return scanned.select(columns)

    with measured() as found:
        nik = pl.col("national_id").str.strip_chars_start("'")
        usable = nik.str.contains(USABLE) & ~nik.str.ends_with("0000")
        persons = read("persons", "family_id", "national_id")
        persons = persons.filter(usable).with_columns(nik).collect().lazy()
        families = read("families", "family_id", "family_card_number", "village_code")
        families = families.collect().lazy()
        members = persons.group_by("family_id").agg(pl.len().alias("persons"))
        table = families.join(members, on="family_id", how="left")
        for name, kind in kinds.items():
            numbers = read(name, kind).with_columns(pl.col(kind).str.strip_chars_start("'"))
            keyed = families if kind == "family_card_number" else persons
            reached = keyed.join(numbers, on=kind, how="semi").select("family_id").unique()
            marked = reached.with_columns(pl.lit(value=True).alias(name))
            table = table.join(marked, on="family_id", how="left")
        flags = [pl.col(name).fill_null(value=False) for name in kinds]
        (
            table.with_columns(*flags)
            .with_columns(pl.any_horizontal(*kinds).alias("covered"))
            .group_by("village_code")
            .agg(
                pl.len().cast(pl.Int64).alias("families"),
                pl.col("persons").sum().cast(pl.Int64),
                *(pl.col(name).sum().cast(pl.Int64) for name in (*kinds, "covered")),
            )
            .sort("village_code")
            .collect()
            .write_parquet(out)
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
