"""Cells of a list against the rules of their columns: accepted, or set aside with a code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pyarrow as pa

from geo_target.intake import values
from geo_target.intake.identity import BLANK_WORDS, bare_number, identity_fault, masked
from geo_target.intake.profiles import Profile, folded
from geo_target.parameters import program_code_of
from geo_target.schemas import ROLES, Schema
from geo_target.workbench import Table, query

IDENTITY_COLUMNS: Mapping[str, Literal["NIK", "KK"]] = {
    "national_id": "NIK",
    "head_national_id": "NIK",
    "family_card_number": "KK",
}
_PARSERS: Mapping[str, values.Parser] = {
    "lon": values.parse_degrees,
    "lat": values.parse_degrees,
    "decile": values.parse_decile,
    "income_rupiah_per_month": values.parse_rupiah,
    "amount_rupiah": values.parse_rupiah,
    "members": values.parse_whole,
    "population_persons": values.parse_count,
    "population_families": values.parse_count,
    "accuracy_m": values.parse_number,
    "birth_date": values.parse_date,
    "as_of": values.parse_date,
    "valid_from": values.parse_date,
    "valid_to": values.parse_date,
    "rt": values.parse_rt_rw,
    "rw": values.parse_rt_rw,
}
#: A row with none of these filled says nothing of anybody.
_ANYTHING = {
    "families": ("family_id", "family_card_number", "head_national_id", "village_code",
                 "village_name"),
    "persons": ("national_id", "family_id", "family_card_number"),
    "enrollments": ("national_id", "family_card_number", "family_id", "name"),
    "points": ("family_id",),
    "population": ("village_code", "village_name"),
}  # fmt: skip

_FAULT_TYPES = pa.schema(
    [("row", pa.int64()), ("column", pa.string()), ("code", pa.string()),
     ("value_masked", pa.string())]
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A list after its check; counts are of rows (`reasons`) and of cells (`set_aside`)."""

    accepted: Table
    faults: Table
    duplicates: int
    reasons: Mapping[str, int]
    set_aside: Mapping[str, int]


def check(raw: Table, profile: Profile, *, as_of: date, program: str | None = None) -> Checked:
    """Check every cell of `raw`: text columns by canonical name, and ``row``.

    Returns
    -------
    Checked
        `accepted` holds the canonical columns of the profile's role with their types, and
        ``row``; what a list does not carry is null.
    """
    schema = ROLES[profile.role]
    cleaned = _cleaned(raw)
    kept = query("select * exclude (copy) from rows where copy = 1", rows=cleaned)
    rows, row_faults = _quarantined(kept, profile)
    parsed, cell_faults = _parsed(rows, profile, as_of=as_of, program=program or profile.program)
    accepted = _typed(parsed, schema)
    faults = query(
        "from row_faults union all by name from cell_faults order by row, \"column\"",
        row_faults=row_faults, cell_faults=cell_faults,
    )  # fmt: skip
    return Checked(
        accepted=accepted,
        faults=faults,
        duplicates=len(cleaned) - len(kept),
        reasons=_counts(row_faults),
        set_aside=_counts(cell_faults),
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
    return [c for c in table.columns if c not in {"row", "is_total"} and not c.endswith("__number")]


def _cleaned(raw: Table) -> Table:
    """Cells without outer blanks and control characters; `copy` numbers equal rows.

    Rows are equal when every cell that is read is: running numbers are not.
    """
    text = _text_columns(raw)
    controls = "chr(160) || chr(9) || chr(10) || chr(13) || chr(0) || chr(8203)"
    trimmed = ", ".join(
        f"nullif(trim(translate(\"{c}\", {controls}, '      ')), '') as \"{c}\"" for c in text
    )
    clean = query(f"select * replace ({trimmed}) from raw", raw=raw)
    keys = ", ".join(f'"{c}"' for c in text)
    return query(
        f"select *, row_number() over (partition by {keys} order by row) as copy from clean",
        clean=clean,
    )


def _quarantined(rows: Table, profile: Profile) -> tuple[Table, Table]:
    """Rows from which something can be read, and the faults of the others."""
    present = [c for c in _ANYTHING[profile.role] if c in rows.columns]
    nothing = " and ".join(f'"{c}" is null' for c in present)
    total = "is_total" if "is_total" in rows.columns else "false"
    repeated = "false"
    if profile.role == "families":
        repeated = (
            "family_id is not null and row_number() over (partition by family_id order by row) > 1"
        )
    judged = query(
        f"""select *, case when {total} then 'E-TOTALROW' when {nothing} then 'E-NOTHING'
                when {repeated} then 'E-ID-TWICE' end as code from rows""",
        rows=rows,
    )
    return (
        query("select * exclude (code) from judged where code is null", judged=judged),
        query(
            """select row, cast(null as varchar) as "column", code,
                cast(null as varchar) as value_masked from judged where code is not null""",
            judged=judged,
        ),
    )


def _parsed(
    rows: Table, profile: Profile, *, as_of: date, program: str | None
) -> tuple[Table, Table]:
    """Every cell as its value, and the faults of the cells that have none."""
    faults = [rows.bench.take(_FAULT_TYPES.empty_table())]
    for column, parse in _column_parsers(profile, as_of).items():
        if column in rows.columns:
            rows, found = _parse_column(rows, column, parse)
            faults.append(found)
    for column, kind in IDENTITY_COLUMNS.items():
        if column in rows.columns:
            rows, found = _check_identity(rows, column, kind)
            faults.append(found)
    rows = _filled(rows, profile, program)
    parts = {f"part_{i}": part for i, part in enumerate(faults)}
    return rows, query(" union all by name ".join(f"from {name}" for name in parts), **parts)


def _column_parsers(profile: Profile, as_of: date) -> dict[str, values.Parser]:
    parsers = dict(_PARSERS)
    if profile.role == "enrollments":
        parsers["program"] = _program_parser(profile)
        parsers["status"] = _status_parser(profile)
        if profile.period == "quarter":
            parsers["period"] = lambda text: values.parse_quarter(text, as_of.year)
        elif profile.period == "month":
            parsers["period"] = values.parse_month
    return parsers


def _program_parser(profile: Profile) -> values.Parser:
    words = profile.words("program")

    def parse(text: str) -> str:
        code = words.get(folded(text)) or program_code_of(text)
        if code is None:
            raise values.ValueFault("E-PROGRAM")
        return code

    return parse


def _status_parser(profile: Profile) -> values.Parser:
    words = profile.words("status")

    def parse(text: str) -> str:
        if folded(text) not in words:
            raise values.ValueFault("E-STATUS", instead="unknown")
        return words[folded(text)]

    return parse


def _parse_column(rows: Table, column: str, parse: values.Parser) -> tuple[Table, Table]:
    """Replace a text column by its values, parsing each distinct text once."""
    texts = [
        text for (text,) in rows.bench.execute(
            f'select distinct "{column}" from {rows.name} where "{column}" is not null order by 1'
        )
    ]  # fmt: skip
    known = rows.bench.take(_parsed_texts(texts, parse))
    joined = query(
        f'select rows.*, known.* from rows left join known on rows."{column}" = known.text',
        rows=rows, known=known,
    )  # fmt: skip
    faults = query(
        f"""select row, '{column}' as "column", code,
            regexp_replace(regexp_replace(text, '[0-9]', '9', 'g'), '[A-Za-z]', 'x', 'g')
                as value_masked
            from joined where code is not null""",
        joined=joined,
    )
    return query(
        f'select * exclude ("{column}", text, code, value), value as "{column}" from joined',
        joined=joined,
    ), faults


def _parsed_texts(texts: Sequence[str], parse: values.Parser) -> pa.Table:
    parsed: list[Any] = []
    codes: list[str | None] = []
    for text in texts:
        try:
            parsed.append(parse(text))
            codes.append(None)
        except values.ValueFault as fault:
            parsed.append(fault.instead)
            codes.append(fault.code)
    if any(isinstance(value, tuple) for value in parsed):
        kind = pa.list_(pa.date32())
        column = pa.array([None if v is None else list(v) for v in parsed], kind)
    else:
        column = pa.array(parsed)
    return pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "value": column,
            "code": pa.array(codes, pa.string()),
        }
    )


def _check_identity(rows: Table, column: str, kind: Literal["NIK", "KK"]) -> tuple[Table, Table]:
    """Keep usable numbers, set the others aside; a word for 'none' is no fault."""
    mark = f"{column}__number"
    number_cell = f'coalesce("{mark}", false)' if mark in rows.columns else "false"
    fillers = ", ".join(f"'{word}'" for word in BLANK_WORDS)
    bare = query(
        f"""select *, case when upper("{column}") in ({fillers}) then null
            else {bare_number(f'"{column}"')} end as bare from rows""",
        rows=rows,
    )
    judged = query(
        f"select *, {identity_fault('bare', kind=kind, number_cell=number_cell)} as code from bare",
        bare=bare,
    )
    faults = query(
        f"""select row, '{column}' as "column", code, {masked("bare")} as value_masked
            from judged where code is not null""",
        judged=judged,
    )
    return query(
        f"""select * exclude (bare, code, "{column}"),
            if(code is null, bare, null) as "{column}" from judged""",
        judged=judged,
    ), faults


def _filled(rows: Table, profile: Profile, program: str | None) -> Table:
    """What the layout itself says: the program of the list, days of its period, an id."""
    extra = []
    if profile.role == "enrollments":
        named = "program" if "program" in rows.columns else "null"
        extra.append(f"coalesce({named}, {_quoted(program)}) as program")
        if "period" in rows.columns:
            extra += ["period[1] as valid_from", "period[2] as valid_to"]
    if profile.role == "families":
        # A family without an id stays visible, under the number of its row.
        extra.append("coalesce(family_id, '#' || row) as family_id")
    if not extra:
        return rows
    replaced = {part.rsplit(" as ", 1)[1] for part in extra}
    kept = ", ".join(f'"{c}"' for c in rows.columns if c not in replaced)
    return query(f"select {kept}, {', '.join(extra)} from rows", rows=rows)


def _typed(rows: Table, schema: Schema) -> Table:
    """All canonical columns with their types, and `row`; what a list lacks is null."""
    present = set(rows.columns)
    selected = ", ".join(
        f"cast({f'{chr(34)}{c.name}{chr(34)}' if c.name in present else 'null'} as {c.type}) "
        f'as "{c.name}"'
        for c in schema.columns
    )
    return query(f"select row, {selected} from rows order by row", rows=rows)


def _quoted(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _counts(faults: Table) -> dict[str, int]:
    return dict(
        faults.bench.execute(f"select code, count(*) from {faults.name} group by 1 order by 1")
    )
