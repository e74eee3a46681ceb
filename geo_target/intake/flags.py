"""Flags of programs: those of a list of persons are enrollments of their periods.

Those of a list of families are not: nobody says until when the aid of an old year ran.
"""

import calendar
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from geo_target.intake import values
from geo_target.intake.days import parse_quarter
from geo_target.intake.profiles import Profile
from geo_target.workbench import Table, query

_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_SPAN = re.compile(r"([a-z]+)(?:\s*(?:-|/|s\.?d\.?|sampai)\s*([a-z]+))?[\s/-]+(\d{4})")


def parse_flag(text: str) -> bool | None:
    """Yes or no of ``Ya``, ``TIDAK``, ``1``; None of an empty cell, a dash and ``KOSONG``."""
    if text.strip(" -").casefold() in {"", "kosong"}:
        return None
    try:
        return values.parse_yes_no(text)
    except values.ValueFault:
        raise values.ValueFault("E-FLAG") from None


def parse_days(text: str, as_of: date) -> tuple[date, date]:
    """First and last day of ``TAHAP 1 2025``, ``JAN-MAR 2025``, ``Oktober 2025``, ``10/2025``.

    A year alone is refused: nobody says on which of its days the aid was paid. So is a
    period that begins after the day the list stood.
    """
    bare = text.strip().casefold()
    if match := _SPAN.fullmatch(bare):
        first, last = _month(match[1]), _month(match[2] or match[1])
        year = int(match[3])
    elif match := re.fullmatch(r"(\d{1,2})[/.-](\d{4})|(\d{4})[/.-](\d{1,2})", bare):
        first = last = int(match[1] or match[4])
        year = int(match[2] or match[3])
    else:
        return parse_quarter(text, as_of)
    try:
        days = date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
    except ValueError:
        raise values.ValueFault("E-PERIOD") from None
    if days[0] > as_of or days[0] > days[1]:
        raise values.ValueFault("E-PERIOD")
    return days


def _month(word: str) -> int:
    if word[:3] not in _MONTHS:
        raise values.ValueFault("E-PERIOD")
    return _MONTHS.index(word[:3]) + 1


def flag_names(found: Mapping[int, tuple[int, int | None]]) -> dict[str, int]:
    """Where each flag of `headers.flag_columns` and its period are, by the name of its column."""
    named = {f"flag_{i}": at for i, (at, _) in found.items()}
    return named | {f"flag_{i}_days": days for i, (_, days) in found.items() if days is not None}


def enrolled(
    accepted: Table, raw: Table, profile: Profile, numbers: Collection[int], *, as_of: date
) -> tuple[Table, Table]:
    """A row for each flag that says yes, and the flags that cannot be read.

    Parameters
    ----------
    accepted
        ``row`` and the columns of schemas.ENROLLMENTS.
    raw
        ``row``, ``flag_0``, ``flag_0_days`` ...
    numbers
        Of the profile's flags those that the list has.

    Returns
    -------
    enrollments
        As `accepted`; where the period is unclear the status is 'unknown': it never counts,
        nor does a record whose own status is not 'active'.
    faults
        As of `cells.check`.
    """
    read = {f"read_{i}": _read(raw, i, as_of) for i in numbers}
    parts = [
        f"""select accepted.* replace ('{profile.flag[i].program}' as program,
                read_{i}.valid_from as valid_from, read_{i}.valid_to as valid_to,
                coalesce(nullif(accepted.status, 'active'), read_{i}.status) as status)
            from accepted join read_{i} using (row) where read_{i}.is_yes"""
        for i in numbers
    ]
    wrong = [
        f"""select row, read_{i}."column", read_{i}.code, cast(null as varchar) as value_masked
            from accepted join read_{i} using (row) where read_{i}.code is not null"""
        for i in numbers
    ]
    return (
        query(" union all ".join(parts), accepted=accepted, **read),
        query(" union all ".join(wrong), accepted=accepted, **read),
    )


def _read(raw: Table, number: int, as_of: date) -> Table:
    """What flag `number` says in each row: each pair of flag and period is read once."""
    flag, days = f"flag_{number}", f"flag_{number}_days"
    period = days if days in raw.columns else "cast(null as varchar)"
    pairs = raw.bench.execute(f"select distinct {flag}, {period} from {raw.name}")
    known = pa.Table.from_pylist(
        [{"said": said, "days": text, **_meaning(number, said, text, as_of)}
         for said, text in pairs],
        _KNOWN,
    )  # fmt: skip
    return query(
        f"""select row, known.* exclude (said, days) from raw join known
            on known.said is not distinct from raw.{flag}
            and known.days is not distinct from {period}""",
        raw=raw,
        known=raw.bench.take(known),
    )


_KNOWN = pa.schema(
    {"said": pa.string(), "days": pa.string(), "is_yes": pa.bool_(), "valid_from": pa.date32(),
     "valid_to": pa.date32(), "status": pa.string(), "column": pa.string(), "code": pa.string()}
)  # fmt: skip


def _meaning(number: int, said: str | None, text: str | None, as_of: date) -> Mapping[str, Any]:
    try:
        if not parse_flag(said or ""):
            return {"is_yes": False}
    except values.ValueFault as fault:
        return {"is_yes": False, "column": f"flag_{number}", "code": fault.code}
    try:
        first, last = parse_days(text or "", as_of)
    except values.ValueFault as fault:
        column = f"flag_{number}_days"
        return {"is_yes": True, "status": "unknown", "column": column, "code": fault.code}
    return {"is_yes": True, "valid_from": first, "valid_to": last}
