"""Lists to village table with pandas on Arrow's text: FOLDER FORM OUT PROGRAM:KIND ..."""

import json
import sys

import pandas as pd
import pyarrow as pa

from benchmarks.measured import measured

USABLE = "[0-9]{6}(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{6}"
TEXT = pd.ArrowDtype(pa.string())


def main(folder: str, form: str, out: str, *lists: str) -> None:
    """Read, join, count, and write the table."""
    kinds = dict(one.split(":") for one in lists)

    def read(name: str, *columns: str) -> pd.DataFrame:
        file = f"{folder}/{name}.{form}"
        if form == "csv":
            return pd.read_csv(file, usecols=list(columns), dtype=TEXT, engine="pyarrow")
        return pd.read_parquet(file, columns=list(columns), dtype_backend="pyarrow")

    with measured() as found:
        persons = read("persons", "family_id", "national_id")
        persons["national_id"] = persons["national_id"].str.lstrip("'")
        nik = persons["national_id"]
        persons = persons[nik.str.fullmatch(USABLE) & ~nik.str.endswith("0000")]
        families = read("families", "family_id", "family_card_number", "village_code")
        for name, kind in kinds.items():
            numbers = read(name, kind)[kind].str.lstrip("'")
            if kind == "family_card_number":
                families[name] = families[kind].isin(numbers)
            else:
                reached = persons.loc[persons[kind].isin(numbers), "family_id"].unique()
                families[name] = families["family_id"].isin(reached)
        families["covered"] = families[list(kinds)].any(axis=1)
        members = persons.groupby("family_id").size().rename("persons").reset_index()
        families = families.merge(members, on="family_id", how="left")
        counts = ["persons", *kinds, "covered"]
        table = families.groupby("village_code")[counts].sum().astype("int64")
        table.insert(0, "families", families.groupby("village_code").size())
        table.sort_index().reset_index().to_parquet(out, index=False)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
