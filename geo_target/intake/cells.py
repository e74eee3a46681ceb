"""Cells of a list against the rules of their columns: accepted, or set aside with a code.

A list comes piece after piece, so that a long one is never in memory as a whole. What only
the whole list can tell comes after: copies of rows, ids given twice, spoiled columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from geo_target.errors import Fault
from geo_target.intake import remarks, spoilage
from geo_target.intake.cell_rules import Rules
from geo_target.intake.codes import NO_RECORDS
from geo_target.intake.gathering import FAULT_TYPES, Pieces, gather
from geo_target.intake.parsed_columns import ParsedColumns
from geo_target.intake.parsing import AND, column_parsers
from geo_target.intake.profiles import Profile
from geo_target.intake.seen_numbers import SeenNumbers
from geo_target.intake.signatures import without_signers
from geo_target.workbench import Table, Workbench, query


@dataclass(frozen=True)
class Checked:
    """A list after its check.

    A row that names several programs is several in `accepted`, with one number, and counts
    once in `rows`. `kept` has ``row`` and the columns that were asked for as they were read.
    """

    accepted: Table
    rows: int
    faults: Table
    duplicates: int
    notices: Sequence[Fault] = ()
    kept: Table | None = None


def check(
    bench: Workbench,
    pieces: Pieces,
    profile: Profile,
    *,
    file: str,
    as_of: date,
    program: str | None = None,
    keep: Sequence[str] = (),
) -> Checked:
    """Check every cell of a list.

    Parameters
    ----------
    pieces
        Gives the list from its beginning each time it is called: text columns by canonical
        name, ``row``, and unread ones. Empty cells are null, and the others have no blanks
        around them. It is read again only where it has copies or mixes two styles.
    program
        Program of every row that does not name one.
    keep
        Columns to keep as they are read.

    Returns
    -------
    Checked
        `accepted` holds the canonical columns of the profile's role with their types, and
        ``row``; what a list does not carry is null.

    Raises
    ------
    DataRefusedError
        If a column of NIK or KK numbers is spoiled as a whole, see `spoilage`.
    """
    rules = Rules(profile, file=file, program=program or profile.program)
    parsed = ParsedColumns(column_parsers(profile, as_of))
    gathered = gather(bench, pieces, rules, parsed, keep)
    if parsed.learn_styles():
        bench.drop(gathered.accepted, gathered.faults, gathered.kept)
        gathered = gather(bench, pieces, rules, parsed, keep)
    accepted = gathered.accepted or bench.query(rules.nothing())
    accepted, faults, signers = without_signers(accepted, gathered.faults, rules.schema)
    if len(signers):
        gathered.numbers.leave_out(signers)
    copies = _of_records(gathered.hashes.copies(bench, pieces), faults)
    if len(copies):
        accepted, faults = _without_rows(accepted, copies), _without_rows(faults, copies)
        gathered.numbers.leave_out(copies)
    if rules.has_ids(gathered.present):
        twins = _twins(accepted)
        if len(twins):
            accepted, faults = _without_rows(accepted, twins), _without_rows(faults, twins)
            faults = query("from faults union all from twins", faults=faults, twins=twins)
            gathered.numbers.leave_out(twins)
    accepted, faults = _without_spoiled(accepted, faults, gathered.numbers, file=file)
    listed = _by_program(accepted)
    return Checked(
        accepted=bench.view(rules.whole(listed.columns), accepted=listed),
        rows=len(accepted),
        faults=query('from faults order by row, "column" nulls first', faults=faults),
        duplicates=len(copies),
        notices=remarks.remarks_on(accepted, gathered.present, profile, file=file),
        kept=gathered.kept,
    )


def with_ragged(faults: Table, rows: Sequence[int]) -> Table:
    """`faults` with a line for each row whose number of columns is wrong."""
    if not rows:
        return faults
    ragged = pa.table(
        {"row": pa.array(rows, pa.int64()), "code": pa.array(["E-RAGGED"] * len(rows))}
    )
    return query(
        'from faults union all by name from ragged order by row, "column"',
        faults=faults, ragged=faults.bench.take(ragged),
    )  # fmt: skip


def _without_rows(table: Table, rows: Table) -> Table:
    left = query("from whole anti join gone using (row)", whole=table, gone=rows)
    table.bench.drop(table)
    return left


def _of_records(copies: Table, faults: Table) -> Table:
    """Copies that are records: the header of each page is no record, and none of another."""
    if not len(copies):
        return copies
    codes = ", ".join(f"'{code}'" for code in NO_RECORDS)
    return query(
        f"""from copies anti join (
                from faults where "column" is null and code in ({codes})) as notes using (row)""",
        copies=copies, faults=faults,
    )  # fmt: skip


def _twins(accepted: Table) -> Table:
    """A fault for each family whose id an earlier row has: only the first counts."""
    hashes = accepted.bench.arrays(f"select hash(family_id) as h from {accepted.name}")["h"]
    ordered = np.sort(hashes)
    if (ordered[1:] != ordered[:-1]).all():  # nearly always: to compare the ids takes tenfold
        return accepted.bench.take_rows(FAULT_TYPES, [])
    return query(
        """select row, cast(null as varchar) as "column", 'E-ID-TWICE' as code,
                cast(null as varchar) as value_masked
            from (select row, row_number() over (partition by family_id order by row) as number
                from accepted semi join (
                    select family_id from accepted group by 1 having count(*) > 1
                ) using (family_id))
            where number > 1""",
        accepted=accepted,
    )


def _without_spoiled(
    accepted: Table, faults: Table, numbers: SeenNumbers, *, file: str
) -> tuple[Table, Table]:
    """Set aside the cells that a whole column shows to be spoiled."""
    bench = accepted.bench
    lost = dict(bench.execute(
        f"""select "column", count(*) from {faults.name} where ends_with(code, '-15D')
            group by 1"""
    ))  # fmt: skip
    spoiled = list(spoilage.spoiled_cells(numbers.columns(), lost, file=file))
    if not spoiled:
        return accepted, faults
    for one in spoiled:
        hit = bench.take(pa.table({"row": np.sort(numbers.rows()[one.rows])}))
        column, words = one.column, {"accepted": accepted, "hit": hit}
        faults = query(
            f"""from faults union all select row, '{column}' as "column", '{one.code}' as code,
                '••••••••••••' || right({column}, 4) as value_masked
                from accepted semi join hit using (row)""",
            faults=faults, **words,
        )  # fmt: skip
        accepted = query(
            f"""select * replace (if(row in (select row from hit), null, {column}) as {column})
                from accepted""",
            **words,
        )
    return accepted, faults


def _by_program(accepted: Table) -> Table:
    """A row for each program that a record names."""
    several = f"contains(program, '{AND}')"
    if "program" not in accepted.columns or not accepted.bench.execute(
        f"select 1 from {accepted.name} where {several} limit 1"
    ):
        return accepted
    each = f"unnest(coalesce(string_split(program, '{AND}'), [null]))"
    return query(
        f"select * replace ({each} as program) from accepted order by row", accepted=accepted
    )
