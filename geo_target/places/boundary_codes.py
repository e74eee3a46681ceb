"""Which column of a boundary layer holds the village codes, and of which code system.

Without dots a Kemendagri and a BPS code both have ten digits, and 99 of Banten's are
another village's code in the other system. So the system is declared, or proved by
looking the whole column up in both; no value is judged alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from geo_target.errors import Fault

CodeSystem = Literal["kemendagri", "bps"]

#: Share of the province's features whose code must be known.
MIN_MATCHED_SHARE = 0.95

_DOTTED = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")
_PLAIN = re.compile(r"(?:id)?(\d{10})(?:\.0)?", re.IGNORECASE)
_NIK = re.compile(r"\d{12}(?=\d{4}\b)")


@dataclass(frozen=True)
class CodeMatch:
    """What looking a layer's columns up found.

    `village_codes` has a Kemendagri code, or "" where a value is unknown, for each
    feature; `values` has the column as text. Both are empty where `faults` say why.
    """

    column: str = ""
    system: CodeSystem | None = None
    is_declared: bool = False
    of_features: int = 0
    matched_kemendagri: int = 0
    matched_bps: int = 0
    village_codes: pd.Series = field(default_factory=lambda: pd.Series(dtype=str))
    values: pd.Series = field(default_factory=lambda: pd.Series(dtype=str))
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class _Lookup:
    """One column looked up in both systems; a feature of another province does not count."""

    column: str
    values: pd.Series
    kemendagri: pd.Series
    bps: pd.Series
    of_features: int

    def matched(self, system: CodeSystem) -> int:
        codes = self.kemendagri if system == "kemendagri" else self.bps
        return int((codes != "").sum())

    @property
    def best(self) -> int:
        return max(self.matched("kemendagri"), self.matched("bps"))


def find_codes(
    columns: pd.DataFrame,
    gazetteer: pd.DataFrame,
    *,
    code_column: str | None = None,
    code_system: CodeSystem | None = None,
    file: str = "",
) -> CodeMatch:
    """Find the code column of a layer, and the village that each feature is.

    Parameters
    ----------
    columns
        The layer's columns without geometry, any types; one row per feature.
    gazetteer
        A province's villages as `gazetteer.read_gazetteer` gives them.
    code_column
        The column, where the caller knows it; else the one with most known values.
    code_system
        What the caller declares the codes to be; else the system in which at least 95 %
        are known, and more than in the other.
    file
        Name for messages.

    Returns
    -------
    CodeMatch
        With one fault, and no codes, if no column or system can be told.
    """
    if code_column is not None and code_column not in columns:
        return CodeMatch(faults=(_no_column(code_column, columns, file),))
    names = [code_column] if code_column is not None else list(map(str, columns))
    lookups = [_look_up(columns[name], gazetteer) for name in names]
    if not lookups:
        return CodeMatch(faults=(_no_codes(None, file),))

    # Of two columns that match alike the Kemendagri one: its codes are the project's.
    found = max(
        lookups,
        key=lambda look: (
            look.matched(code_system) if code_system else look.best,
            look.matched("kemendagri"),
        ),
    )
    enough = MIN_MATCHED_SHARE * max(found.of_features, 1)
    kemendagri, bps = found.matched("kemendagri"), found.matched("bps")
    match = CodeMatch(
        column=found.column,
        of_features=found.of_features,
        matched_kemendagri=kemendagri,
        matched_bps=bps,
        is_declared=code_system is not None,
    )
    system: CodeSystem = code_system or ("kemendagri" if kemendagri > bps else "bps")
    if found.matched(system) < enough:
        other: CodeSystem = "bps" if system == "kemendagri" else "kemendagri"
        if code_system is not None and found.matched(other) >= enough:
            return replace(match, faults=(_wrong_system(found, system, other, file),))
        return replace(match, faults=(_no_codes(found, file),))
    if code_system is None and kemendagri == bps:
        return replace(match, faults=(_undecided(found, file),))
    codes = found.kemendagri if system == "kemendagri" else found.bps
    return replace(match, system=system, village_codes=codes, values=found.values)


def _look_up(column: pd.Series, gazetteer: pd.DataFrame) -> _Lookup:
    values = column.astype(object).where(column.notna(), "").map(str).str.strip()
    dotted = values.where(values.str.fullmatch(_DOTTED), "")
    plain = values.str.extract(f"^{_PLAIN.pattern}$", flags=re.IGNORECASE)[0].fillna("")
    digits = plain.where(dotted == "", dotted.str.replace(".", ""))
    by_kemendagri = pd.Series(gazetteer.index, gazetteer.index.str.replace(".", ""))
    by_bps = pd.Series(gazetteer.index, gazetteer["bps_village_code"])
    province = gazetteer.index[0][:2]
    elsewhere = (digits != "") & ~digits.str.startswith(province)
    return _Lookup(
        column=str(column.name),
        values=values,
        kemendagri=digits.map(by_kemendagri).fillna(""),
        bps=plain.map(by_bps).fillna(""),  # BPS writes no dots
        of_features=int((~elsewhere).sum()),
    )


def shown(values: Iterable[str], limit: int = 5) -> str:
    """First few values of a column for a message, cut short, what may be a NIK masked."""
    some = list(dict.fromkeys(values))
    text = ", ".join(
        _NIK.sub("************", value)[:24] or "(kosong/blank)" for value in some[:limit]
    )
    return f"{text}, ... ({len(some)})" if len(some) > limit else text


def _no_column(code_column: str, columns: pd.DataFrame, file: str) -> Fault:
    names = ", ".join(map(str, columns))
    return Fault(
        "E-COLUMN",
        id=f"kolom {code_column} tidak ada; isi code_column dengan salah satu dari: {names}",
        en=f"there is no column {code_column}; set code_column to one of: {names}",
        file=file,
    )


def _no_codes(found: _Lookup | None, file: str) -> Fault:
    if found is None or found.best == 0:
        return Fault(
            "E-CODES",
            id="tidak ada kolom berisi kode desa yang dikenal; tambahkan kolom kode Kemendagri "
            "(36.73.01.1001) atau BPS (3673040001) ke lapisan ini",
            en="no column holds known village codes; add a column of Kemendagri (36.73.01.1001) "
            "or BPS codes (3673040001) to the layer",
            file=file,
        )
    kemendagri, bps = found.matched("kemendagri"), found.matched("bps")
    codes = found.kemendagri if kemendagri >= bps else found.bps
    unknown = shown(found.values[codes == ""])
    return Fault(
        "E-CODES",
        id=f"dari {found.of_features} fitur, {kemendagri} dikenal sebagai kode Kemendagri dan "
        f"{bps} sebagai kode BPS; paling sedikit 95 % harus dikenal. Perbaiki kode ini: {unknown}",
        en=f"of {found.of_features} features {kemendagri} are known as Kemendagri codes and "
        f"{bps} as BPS codes; at least 95 % must be known. Mend these codes: {unknown}",
        file=file,
        column=found.column,
    )


def _wrong_system(found: _Lookup, declared: CodeSystem, other: CodeSystem, file: str) -> Fault:
    counts = found.matched(declared), found.matched(other)
    return Fault(
        "E-CODE-SYSTEM",
        id=f"kode dinyatakan {declared} tetapi hanya {counts[0]} dari {found.of_features} yang "
        f"cocok; {counts[1]} cocok sebagai {other}. Ubah code_system menjadi {other}",
        en=f"the codes are declared as {declared} but only {counts[0]} of {found.of_features} "
        f"match; {counts[1]} match as {other}. Set code_system to {other}",
        file=file,
        column=found.column,
    )


def _undecided(found: _Lookup, file: str) -> Fault:
    return Fault(
        "E-CODE-SYSTEM",
        id=f"{found.best} dari {found.of_features} kode cocok sebagai Kemendagri maupun BPS; "
        "nyatakan code_system: kemendagri atau bps",
        en=f"{found.best} of {found.of_features} codes match both as Kemendagri and as BPS; "
        "declare code_system: kemendagri or bps",
        file=file,
        column=found.column,
    )
