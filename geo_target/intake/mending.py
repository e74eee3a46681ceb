"""Rows that an operator has mended and handed in again: they take the place of the faulty ones."""

from collections.abc import Sequence
from dataclasses import replace

from geo_target.intake.lists import AgencyList, fault_counts
from geo_target.workbench import Table, query


def without_mended(lists: Sequence[AgencyList]) -> list[AgencyList]:
    """Each list without the rows that came back in a mended file of it.

    They count in the mended list, and as duplicates in the one they came from: nothing is
    there twice, whether the row was quarantined or only a cell of it set aside.
    """
    return [_without(listed, _came_back(listed, lists)) for listed in lists]


def _came_back(listed: AgencyList, lists: Sequence[AgencyList]) -> list[Table]:
    """Rows of `listed` that an accepted row of another list of its layout says it mends."""
    found = [
        query(
            "select distinct origin_row as row from origins where origin_file = $1",
            [listed.report.file],
            origins=other.origins,
        )
        for other in lists
        if other is not listed and other.origins is not None
        and other.profile.name == listed.profile.name
    ]  # fmt: skip
    return [rows for rows in found if len(rows)]


def _without(listed: AgencyList, mended: Sequence[Table]) -> AgencyList:
    for rows in mended:
        table = query("from t anti join rows using (row)", t=listed.table, rows=rows)
        faults = query(
            'from (from f anti join rows using (row)) order by row, "column" nulls first',
            f=listed.faults, rows=rows,
        )  # fmt: skip
        gone = _rows(listed.table) - _rows(table)
        reasons = fault_counts(faults, of_rows=True)
        report = listed.report
        released = report.quarantined - sum(reasons.values())
        listed = replace(
            listed, table=table, faults=faults,
            report=replace(
                report, accepted=report.accepted - gone, quarantined=sum(reasons.values()),
                duplicates=report.duplicates + gone + released, reasons=reasons,
                set_aside=fault_counts(faults, of_rows=False),
            ),
        )  # fmt: skip
    return listed


def _rows(table: Table) -> int:
    return int(table.bench.execute(f"select count(distinct row) from {table.name}")[0][0])
