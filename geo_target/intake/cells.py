"""Cells of a list against the rules of their columns: accepted, or set aside with a code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from geo_target.errors import Fault
from geo_target.intake import coordinates, remarks, spoilage
from geo_target.intake.identity import BLANK_WORDS, bare_number, identity_fault, masked
from geo_target.intake.parsing import AND, column_parsers, parsed_texts
from geo_target.intake.profiles import Profile
from geo_target.schemas import ROLES, Schema
from geo_target.workbench import Table, query

#: Columns of the file that no profile names begin so: read only to tell copies apart.
UNREAD = "unread_"
IDENTITY_COLUMNS: Mapping[str, Literal["NIK", "KK"]] = {
    "national_id": "NIK",
    "head_national_id": "NIK",
    "family_card_number": "KK",
}
#: A row with none of these filled says nothing of anybody.
_ANYTHING = {
    "families": ("family_id", "family_card_number", "head_national_id", "village_code",
                 "village_name"),
    "persons": ("national_id", "family_id", "family_card_number"),
    "enrollments": ("national_id", "family_card_number", "family_id", "name"),
    "points": ("family_id",),
    "population": ("village_code", "village_name"),
    "facilities": ("name",),
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A list after its check; counts are of rows (`reasons`) and of cells (`set_aside`).

    A row that names several programs is several in `accepted`, with one number, and counts
    once in `rows`.
    """

    accepted: Table
    rows: int
    faults: Table
    duplicates: int
    reasons: Mapping[str, int]
    set_aside: Mapping[str, int]
    notices: Sequence[Fault]


def check(
    raw: Table, profile: Profile, *, file: str, as_of: date, program: str | None = None
) -> Checked:
    """Check every cell of `raw`: text columns by canonical name, ``row``, and unread ones.

    Empty cells of `raw` are null, and the others have no blanks around them.

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
    schema = ROLES[profile.role]
    kept, duplicates = _without_copies(raw)
    judged = _judged(_with_pairs_shared(kept), profile, as_of=as_of)
    judged = spoilage.without_spoiled(judged, file=file)
    accepted = _typed(judged, profile, schema, file=file, program=program or profile.program)
    faults = _faults(judged)
    rows = len(accepted)
    return Checked(
        accepted=_by_program(accepted),
        rows=rows,
        notices=remarks.remarks_on(judged, profile, file=file),
        faults=faults,
        duplicates=duplicates,
        reasons=_counts(faults, '"column" is null'),
        set_aside=_counts(faults, '"column" is not null'),
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


def _text_columns(table: Table) -> list[str]:
    return [
        c
        for c in table.columns
        if c not in {"row", "is_total"} and not c.endswith("__number") and not c.startswith(UNREAD)
    ]


def _without_copies(raw: Table) -> tuple[Table, int]:
    """Each row once, and how many copies were left out.

    Rows are copies when every cell of the file is equal but a running number. Only rows
    whose hash occurs twice are compared cell by cell.
    """
    others = [c for c in raw.columns if c.startswith(UNREAD)]
    keys = ", ".join(f'"{c}"' for c in [*_text_columns(raw), *others])
    copies = query(
        f"""with hashed as (select *, hash({keys}) as h from raw)
            select row from (
                select row, row_number() over (partition by {keys} order by row) as copy
                from hashed where h in (select h from hashed group by h having count(*) > 1)
            ) where copy > 1""",
        raw=raw,
    )
    if not len(copies):
        return raw, 0
    return query("from raw anti join copies using (row)", raw=raw, copies=copies), len(copies)


def _with_pairs_shared(rows: Table) -> Table:
    """Both coordinates of one cell under each of the two columns, where the other is empty."""
    if not {"lon", "lat"} <= set(rows.columns):
        return rows
    alone = f"select 1 from {rows.name} where (lon is null) <> (lat is null) limit 1"
    if not rows.bench.execute(alone):
        return rows
    shared = ", ".join(
        f"if({a} is null and regexp_matches({b}, $1), {b}, {a}) as {a}"
        for a, b in (("lon", "lat"), ("lat", "lon"))
    )
    return query(f"select * replace ({shared}) from rows", [coordinates.PAIR_PATTERN], rows=rows)


def _judged(rows: Table, profile: Profile, *, as_of: date) -> Table:
    """Every column's value beside ``<column>__code``, and ``row_code`` of the whole row.

    ``<column>__masked`` shows what a faulty cell looks like.
    """
    values_of, codes, joins, parsed = [], [], [], {}
    for column, parse in column_parsers(profile, as_of).items():
        if column not in rows.columns:
            continue
        parsed[f"known_{column}"] = parsed_texts(rows, column, parse)
        joins.append(f'left join known_{column} on known_{column}.text = rows."{column}"')
        values_of.append(f'known_{column}.value as "{column}"')
        codes.append(f'{_period_code(column, profile)} as "{column}__code"')
        shape = _shape(f"known_{column}.text")
        codes.append(f'if(known_{column}.code is null, null, {shape}) as "{column}__masked"')
    bare, faults = [], []
    for column, kind in IDENTITY_COLUMNS.items():
        if column not in rows.columns:
            continue
        mark = f"{column}__number"
        number_cell = f'coalesce("{mark}", false)' if mark in rows.columns else "false"
        fillers = ", ".join(f"'{word}'" for word in BLANK_WORDS)
        bare.append(
            f"""if(upper("{column}") in ({fillers}), null, {bare_number(f'"{column}"')})
                as "{column}" """
        )
        fault = identity_fault(f'"{column}"', kind=kind, number_cell=number_cell)
        faults.append(f'{fault} as "{column}__code"')
        usable = f'rows."{column}__code" is null'
        values_of.append(f'if({usable}, rows."{column}", null) as "{column}"')
        shown = masked(f'rows."{column}"')
        codes.append(f'if({usable}, null, {shown}) as "{column}__masked"')
    if profile.role == "families" and "family_id" in rows.columns:
        codes.append("""if(rows.family_id is null, 'E-ID-BLANK', null) as family_id__code""")
        codes.append("cast(null as varchar) as family_id__masked")
    read = ", ".join(f'"{c}"' for c in rows.columns if not c.startswith(UNREAD))
    replaced = f"select * replace ({', '.join(bare)}) from" if bare else "from"
    values_sql = f"replace ({', '.join(values_of)})" if values_of else ""
    return query(
        f"""select rows.* {values_sql}, {_row_code(rows, profile)} as row_code
                {"".join(f", {code}" for code in codes)}
            from (select *{"".join(f", {fault}" for fault in faults)}
                from ({replaced} (select {read} from rows))) rows {" ".join(joins)}""",
        rows=rows,
        **parsed,
    )


def _period_code(column: str, profile: Profile) -> str:
    """SQL: the fault of a parsed cell; a payment whose period is blank cannot be judged."""
    code = f"known_{column}.code"
    if column == "period" and profile.period is not None:
        return f"if(rows.period is null, 'E-PERIOD', {code})"
    return code


def _row_code(rows: Table, profile: Profile) -> str:
    """SQL: why nothing can be used of a row; null where something can."""
    present = [c for c in _ANYTHING[profile.role] if c in rows.columns]
    nothing = " and ".join(f'rows."{c}" is null' for c in present)
    total = "is_total" if "is_total" in rows.columns else "false"
    repeated = "false"
    if profile.role == "families":
        repeated = """rows.family_id is not null
            and row_number() over (partition by rows.family_id order by rows.row) > 1"""
    return f"""case when {total} then 'E-TOTALROW' when {nothing} then 'E-NOTHING'
        when {repeated} then 'E-ID-TWICE' end"""


def _shape(text: str) -> str:
    """SQL: what a text looks like, its digits and letters hidden."""
    return f"regexp_replace(regexp_replace({text}, '[0-9]', '9', 'g'), '[A-Za-z]', 'x', 'g')"


def _faults(judged: Table) -> Table:
    """A line for each quarantined row, and for each set-aside cell of the others."""
    coded = [c.removesuffix("__code") for c in judged.columns if c.endswith("__code")]
    parts = [
        f"""select row, '{column}' as "column", "{column}__code" as code,
            "{column}__masked" as value_masked
            from judged where row_code is null and "{column}__code" is not null"""
        for column in coded
    ]
    rows = """select row, cast(null as varchar) as "column", row_code as code,
        cast(null as varchar) as value_masked from judged where row_code is not null"""
    return query(
        f'from ({" union all ".join([rows, *parts])}) order by row, "column" nulls first',
        judged=judged,
    )


#: The columns that say on which days an enrollment counts.
_DAYS = ("period", "valid_from", "valid_to")


def _typed(
    judged: Table, profile: Profile, schema: Schema, *, file: str, program: str | None
) -> Table:
    """All canonical columns with their types, and ``row``; what a list lacks is null.

    What the layout itself says is filled in: the program of the list, the days of its
    period, and for a family without an id its file and row, so that it stays visible.
    A program that is named but unknown stays null, and an enrollment whose days cannot be
    read gets the status 'unknown': neither may count as something that nobody wrote.
    """
    present = set(judged.columns)
    filled = {c.name: f'"{c.name}"' if c.name in present else "null" for c in schema.columns}
    if profile.role == "enrollments":
        named = "program__code is not null" if "program" in present else "false"
        filled["program"] = f"if({named}, null, coalesce({filled['program']}, {_quoted(program)}))"
        unclear = [f'"{c}__code"' for c in _DAYS if f"{c}__code" in present]
        if unclear:
            status = filled["status"]
            filled["status"] = (
                f"if(coalesce({', '.join(unclear)}) is null, {status}, "
                f"coalesce(nullif({status}, 'active'), 'unknown'))"
            )
        if "period" in present:
            filled |= {"valid_from": "period[1]", "valid_to": "period[2]"}
    if profile.role == "families":
        filled["family_id"] = f"coalesce(family_id, {_quoted(file)} || '#' || row)"
    selected = ", ".join(
        f'cast({filled[c.name]} as {c.type}) as "{c.name}"' for c in schema.columns
    )
    return query(f"select row, {selected} from judged where row_code is null", judged=judged)


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


def _quoted(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _counts(faults: Table, condition: str) -> dict[str, int]:
    sql = f"select code, count(*) from {faults.name} where {condition} group by 1 order by 1"
    return dict(faults.bench.execute(sql))
