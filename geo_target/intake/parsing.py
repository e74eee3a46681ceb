"""Which parser reads which column, and what it makes of each distinct text of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from geo_target.intake import coordinates, spoilage, values
from geo_target.intake.profiles import UNITS, Profile, folded
from geo_target.parameters import program_code_of
from geo_target.workbench import Table

_PARSERS: Mapping[str, values.Parser] = {
    "lon": coordinates.parse_longitude,
    "lat": coordinates.parse_latitude,
    "decile": values.parse_decile,
    "income_rupiah_per_month": values.parse_rupiah,
    "amount_rupiah": values.parse_rupiah,
    "members": values.parse_whole,
    "population_persons": values.parse_count,
    "population_families": values.parse_count,
    "accuracy_m": values.parse_number,
    "valid_from": values.parse_date,
    "valid_to": values.parse_date,
    "rt": values.parse_rt_rw,
    "rw": values.parse_rt_rw,
}
#: Columns of amounts, whose thousands are parted by one sign throughout.
_STYLED = {"income_rupiah_per_month", "amount_rupiah", "population_persons",
           "population_families"}  # fmt: skip
#: Between the programs that one row names.
AND = "+"


def column_parsers(profile: Profile, as_of: date) -> dict[str, values.Parser]:
    """Parser of each canonical column that is more than text, for lists of a layout."""
    parsers = dict(_PARSERS)
    for column in ("birth_date", "as_of"):
        parsers[column] = lambda text: values.parse_past_day(text, as_of)
    if profile.role == "enrollments":
        parsers["program"] = _program_parser(profile)
        parsers["status"] = _status_parser(profile)
        if profile.period == "quarter":
            parsers["period"] = lambda text: values.parse_quarter(text, as_of)
        elif profile.period == "month":
            parsers["period"] = values.parse_month
    for column, unit in profile.units.items():
        parsers[column] = _scaled(parsers[column], UNITS[unit])
    return parsers


def _scaled(parse: values.Parser, factor: float) -> values.Parser:
    return lambda text: parse(text) * factor


def _program_parser(profile: Profile) -> values.Parser:
    words = profile.words("program")

    def code_of(text: str) -> str | None:
        return words.get(folded(text)) or program_code_of(text)

    return lambda text: AND.join(values.parse_programs(text, code_of))


def _status_parser(profile: Profile) -> values.Parser:
    words = profile.words("status")

    def parse(text: str) -> str:
        if folded(text) in words:
            return words[folded(text)]
        try:
            return "active" if values.parse_yes_no(text) else "inactive"
        except values.ValueFault:
            raise values.ValueFault("E-STATUS", instead="unknown") from None

    return parse


def parsed_texts(rows: Table, column: str, parse: values.Parser) -> Table:
    """Value or code of each distinct text of a column: each is parsed once."""
    counts = dict(
        rows.bench.execute(
            f"""select "{column}", count(*) from {rows.name} where "{column}" is not null
                group by 1 order by 1"""
        )
    )
    if column in _STYLED:
        parse = _in_one_style(parse, counts)
    texts = list(counts)
    parsed: list[Any] = []
    codes: list[str | None] = []
    for text in texts:
        try:
            parsed.append(parse(text))
            codes.append(None)
        except values.ValueFault as fault:
            parsed.append(fault.instead)
            codes.append(fault.code)
    column_values = pa.array(
        [list(v) if isinstance(v, tuple) else v for v in parsed],
        pa.list_(pa.date32()) if column == "period" else None,
    )
    return rows.bench.take(
        pa.table(
            {
                "text": pa.array(texts, pa.string()),
                "value": column_values,
                "code": pa.array(codes, pa.string()),
            }
        )
    )


def _in_one_style(parse: values.Parser, counts: Mapping[str, int]) -> values.Parser:
    """`parse`, but for amounts in another style than nearly all of their column."""
    style = spoilage.style_of_column(counts)

    def strict(text: str) -> Any:
        value = parse(text)
        if style is not None and values.style_of(text) not in {None, style}:
            raise values.ValueFault("E-STYLE")
        return value

    return strict
