"""Numbers of a list as they are written: a run sets them aside masked, and keeps them nowhere."""

from pathlib import Path

import pyarrow as pa

from geo_target.intake.cell_rules import IDENTITY_COLUMNS
from geo_target.intake.columns import cell_text, clean_text
from geo_target.intake.containers import changing
from geo_target.intake.headers import match_headers
from geo_target.intake.identity import bare_number, masked
from geo_target.intake.lists import AgencyList
from geo_target.intake.readers import Grid
from geo_target.workbench import Table, Workbench, query


def faulty_numbers(listed: AgencyList) -> Table:
    """NIK and KK cells that were set aside: ``row``, ``column``, ``code``, ``value_masked``."""
    return query(
        """from faults where regexp_matches(code, '^E-(NIK|KK)-') and "column" is not null""",
        faults=listed.faults,
    )


def no_numbers(bench: Workbench) -> Table:
    """What `written_numbers` gives of a list without a fault."""
    return bench.take_rows(
        {"row": "bigint", '"column"': "varchar", "code": "varchar", "value": "varchar"}, []
    )


def written_numbers(listed: AgencyList, grid: Grid) -> Table:
    """The cells of `faulty_numbers` as they stand in the list.

    Parameters
    ----------
    listed
        What was read of a list.
    grid
        The same list, open once more.

    Returns
    -------
    Table
        ``row``, ``column``, ``code``, ``value``.

    Raises
    ------
    DataRefusedError
        ``E-CHANGING`` if it is another list by now: rows would be other people's.
    """
    bench, header = listed.table.bench, listed.report.header_row
    faulty = faulty_numbers(listed)
    headers = [(cell_text(cell) or "").strip() for cell in dict(grid.head).get(header, ())]
    found = match_headers(listed.profile, headers)
    positions = {name: at for name, at in found.items() if name in IDENTITY_COLUMNS}
    written = no_numbers(bench)
    for body in grid.pieces(header, len(headers)):
        columns = {name: clean_text(body.columns[at]) for name, at in positions.items()}
        piece = pa.table({"row": pa.array(body.numbers, pa.int64()), **columns})
        with bench.showing(piece) as rows:
            for name in positions:
                bench.add(
                    written,
                    f"""select row, "column", code, {name} from rows join faulty using (row)
                        where "column" = '{name}'""",
                    rows=rows,
                    faulty=faulty,
                )
    bare = bare_number("value")
    same = query(
        f"""select written.* from written join faulty using (row, "column")
            where value_masked is not distinct from {masked(bare)} order by row, "column" """,
        faulty=faulty,
        written=written,
    )
    if len(same) != len(faulty):
        raise changing(Path(listed.report.file))
    return same
