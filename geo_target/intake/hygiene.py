"""How many NIK and KK numbers of a list are good, missing or spoiled, and by which reason."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo_target.intake.cell_rules import IDENTITY_COLUMNS
from geo_target.intake.lists import AgencyList
from geo_target.workbench import query

#: Counts of one column: ``good``, ``missing``, and ``spoiled`` by code.
Hygiene = Mapping[str, Any]

_LINE = ["village_code", "file", "register", "number", "outcome", "rows"]


def count_numbers(lists: Sequence[AgencyList]) -> pd.DataFrame:
    """Count the rows of each list by village, canonical column of NIK or KK, and outcome.

    Quarantined rows are no part; what each list's counts of a column add up to is the number of
    its rows with a record.

    Returns
    -------
    DataFrame
        ``list`` (its place in `lists`), ``file``, ``register``, ``column``, ``number`` (NIK or
        KK), ``village_code`` (empty where unknown), ``outcome`` (good, missing, or the code) and
        ``rows``; of a column without any row one line of 0.
    """
    counted = [
        {"list": i, "file": listed.report.file, "register": listed.profile.register_name,
         "column": column, "number": IDENTITY_COLUMNS[column], "village_code": village,
         "outcome": outcome, "rows": rows}
        for i, listed in enumerate(lists)
        for column in IDENTITY_COLUMNS
        if column in listed.report.columns  # of the file, not only of its role
        for village, outcome, rows in _counts(listed, column) or [("", "good", 0)]
    ]  # fmt: skip
    return pd.DataFrame(counted, columns=["list", "column", *_LINE])


def of_list(listed: AgencyList) -> dict[str, Hygiene]:
    """Counts of one list by canonical column."""
    return by_column(count_numbers([listed]))


def by_column(numbers: pd.DataFrame) -> dict[str, Hygiene]:
    """Counts by canonical column, of `count_numbers`."""
    return {str(key): _sums(rows) for key, rows in numbers.groupby("column", sort=False)}


def by_agency(lists: Sequence[AgencyList], numbers: pd.DataFrame) -> dict[str, dict[str, Hygiene]]:
    """Counts by register and by kind of number, of all lists of the register together."""
    found: dict[str, dict[str, Hygiene]] = {one.profile.register_name: {} for one in lists}
    for (register, kind), rows in numbers.groupby(["register", "number"], sort=False):
        found[str(register)][str(kind)] = _sums(rows)
    return found


def by_village(numbers: pd.DataFrame) -> pd.DataFrame:
    """A line for each village, file, kind of number and outcome, with its rows; in that order.

    Counts of small places are counts of people: they belong among the exact files.
    """
    lines = numbers.loc[numbers["rows"] > 0, _LINE]
    return lines.sort_values(_LINE, ignore_index=True)


def _counts(listed: AgencyList, column: str) -> list[tuple[str, str, int]]:
    """Rows by village and outcome; a row that is several records counts once."""
    there = "stated_village_code" in listed.table.columns
    place = "cast(stated_village_code as varchar)" if there else "cast(null as varchar)"
    # Of recipients alone one row may be several records; a list of persons may have 12 million.
    records = (
        f"""select row, any_value({column}) as number, any_value({place}) as village_code
            from t group by row""" if listed.profile.role == "enrollments" else
        f"select row, {column} as number, {place} as village_code from t"
    )  # fmt: skip
    found = query(
        f"""with records as ({records}),
            spoiled as (select row, any_value(code) as code from faults
                where "column" = '{column}' group by row)
            select coalesce(village_code, '') as village_code,
                coalesce(code, if(number is null, 'missing', 'good')) as outcome,
                count(*) as rows
            from records left join spoiled using (row) group by all order by all""",
        t=listed.table, faults=listed.faults,
    )  # fmt: skip
    return [tuple(row.values()) for row in found.rows()]


def _sums(rows: pd.DataFrame) -> Hygiene:
    counts = rows.groupby("outcome")["rows"].sum().to_dict()
    good, missing = int(counts.pop("good", 0)), int(counts.pop("missing", 0))
    return {"good": good, "missing": missing,
            "spoiled": {code: int(count) for code, count in sorted(counts.items())}}  # fmt: skip
