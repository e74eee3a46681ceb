"""How many NIK and KK numbers of a list are good, missing or spoiled, and by which reason."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from geo_target.intake.cell_rules import IDENTITY_COLUMNS
from geo_target.intake.lists import AgencyList
from geo_target.workbench import Table, query

#: Counts of one column: ``good``, ``missing``, and ``spoiled`` by code.
Hygiene = Mapping[str, Any]


def of_list(listed: AgencyList) -> dict[str, Hygiene]:
    """Counts of a list's rows by canonical column of NIK or KK; quarantined rows are no part.

    ``good + missing + sum(spoiled)`` is the number of rows with a record in the list.
    """
    return {column: _sums(_counts(listed, column).rows()) for column in _columns(listed)}


def by_agency(lists: Sequence[AgencyList]) -> dict[str, dict[str, Hygiene]]:
    """Counts by register and by kind of number, of all lists of the register together."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for listed in lists:
        of_register = found.setdefault(listed.profile.register_name, {})
        for column in _columns(listed):
            rows = of_register.setdefault(IDENTITY_COLUMNS[column], [])
            rows += _counts(listed, column).rows()
    return {
        register: {kind: _sums(rows) for kind, rows in kinds.items()}
        for register, kinds in found.items()
    }


def by_village(lists: Sequence[AgencyList]) -> list[dict[str, Any]]:
    """A line for each village, file, kind of number and outcome, with its rows.

    Counts of small places are counts of people: they belong among the exact files.

    Returns
    -------
    lines
        ``village_code`` (empty where unknown), ``file``, ``register``, ``number``,
        ``outcome`` (good, missing, or the code), ``rows``; in that order.
    """
    lines = [
        {
            "village_code": row["village_code"] or "",
            "file": listed.report.file,
            "register": listed.profile.register_name,
            "number": IDENTITY_COLUMNS[column],
            "outcome": row["outcome"],
            "rows": row["rows"],
        }
        for listed in lists
        for column in _columns(listed)
        for row in _counts(listed, column, village="stated_village_code").rows()
    ]
    return sorted(lines, key=lambda line: tuple(line.values()))


def _columns(listed: AgencyList) -> list[str]:
    """Identity columns that the file has, not only its role."""
    return [column for column in IDENTITY_COLUMNS if column in listed.report.columns]


def _counts(listed: AgencyList, column: str, *, village: str = "") -> Table:
    """Rows by ``outcome`` and ``village_code``; a row that is several records counts once."""
    place = village if village in listed.table.columns else "cast(null as varchar)"
    return query(
        f"""with records as (select row, any_value({column}) as number,
                any_value({place}) as village_code from t group by row),
            spoiled as (select row, any_value(code) as code from faults
                where "column" = '{column}' group by row)
            select village_code,
                coalesce(code, if(number is null, 'missing', 'good')) as outcome,
                count(*) as rows
            from records left join spoiled using (row) group by all order by all""",
        t=listed.table,
        faults=listed.faults,
    )


def _sums(rows: Sequence[Mapping[str, Any]]) -> Hygiene:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["outcome"]] += row["rows"]
    good, missing = counts.pop("good", 0), counts.pop("missing", 0)
    return {"good": good, "missing": missing, "spoiled": dict(sorted(counts.items()))}
