"""What villages are called elsewhere and were called earlier: spellings, decisions, changes."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from geo_target.errors import ConfigError, Fault
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.spelling import folded
from geo_target.resources import resource_dir

#: A spelling and the village that it means; also the file of a user's decisions.
ALIAS_COLUMNS = ("regency_name", "district_name", "village_name", "village_code")
CHANGE_COLUMNS = (
    "village_code", "bps_village_code", "regency_name", "district_name", "village_name",
    "valid_from", "valid_to", "successor_code",
)  # fmt: skip


def _nothing(columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="str") for column in columns})


@dataclass(frozen=True)
class Crosswalk:
    """Names and codes that the gazetteer does not have; all columns are text.

    Attributes
    ----------
    aliases
        ALIAS_COLUMNS: spellings of other official lists.
    decisions
        ALIAS_COLUMNS: what a person decided of a spelling of these lists, blanks and all.
    changes
        CHANGE_COLUMNS: a village of a code that has ended with `valid_to` (YYYY-MM-DD, the
        last day), and its successor; a village that was split has a row for each.
    """

    aliases: pd.DataFrame = field(default_factory=lambda: _nothing(ALIAS_COLUMNS))
    decisions: pd.DataFrame = field(default_factory=lambda: _nothing(ALIAS_COLUMNS))
    changes: pd.DataFrame = field(default_factory=lambda: _nothing(CHANGE_COLUMNS))


@cache
def read_crosswalk(province_code: str) -> Crosswalk:
    """Spellings and changes of a province as geodata/places/ has them, maybe none."""
    folder = resource_dir("geodata") / "places" / province_code
    return Crosswalk(
        aliases=_shipped(folder / "village_aliases.csv", ALIAS_COLUMNS),
        changes=_shipped(folder / "village_changes.csv", CHANGE_COLUMNS),
    )


def crosswalk_of(province_code: str, decisions: Path | None) -> Crosswalk:
    """Everything that is known of a province's names and codes, and what a user decided.

    Raises
    ------
    ConfigError
        As `read_decisions`; or ``E-PLACES`` without place data.
    """
    shipped = read_crosswalk(province_code)
    if decisions is None:
        return shipped
    return replace(shipped, decisions=read_decisions(decisions, read_gazetteer(province_code)))


def _shipped(file: Path, columns: Iterable[str]) -> pd.DataFrame:
    if not file.is_file():
        return _nothing(columns)
    return pd.read_csv(file, dtype=str, keep_default_na=False)[list(columns)]


def read_decisions(file: Path, gazetteer: pd.DataFrame) -> pd.DataFrame:
    """What a user decided: the rows of the queue of suggestions whose ``village_code`` is filled.

    Parameters
    ----------
    file
        CSV, UTF-8, commas or semicolons, with ALIAS_COLUMNS; other columns are not read.
    gazetteer
        Of the province, see `places.gazetteer.read_gazetteer`.

    Raises
    ------
    ConfigError
        ``E-ALIASES`` if it cannot be read, lacks a column, names a village that there is
        not, or decides one spelling twice; every row that is wrong at once.
    """
    rows = _rows(file)
    villages = {code.replace(".", ""): code for code in gazetteer.index}
    decided: dict[tuple[str, ...], tuple[str, ...]] = {}
    faults = []
    for number, row in rows:
        code = "".join(sign for sign in row["village_code"] if sign.isdigit())
        names = tuple(row[column] for column in ALIAS_COLUMNS[:3])
        spelling = tuple(map(folded, names))
        if code not in villages:
            words = ("tidak ada desa/kelurahan dengan kode ini; perbaiki village_code",
                     "there is no village of this code; mend village_code")  # fmt: skip
        elif not spelling[-1]:
            words = ("village_name kosong; tulis ejaannya seperti di daftar",
                     "village_name is blank; write the spelling of the list")  # fmt: skip
        elif decided.setdefault(spelling, (*names, villages[code]))[-1] != villages[code]:
            words = ("ejaan ini sudah diputuskan lain di baris sebelumnya; hapus satu",
                     "an earlier row decides this spelling otherwise; delete one")  # fmt: skip
        else:
            continue
        faults.append(_fault(file, *words, row=number))
    if faults:
        raise ConfigError(*faults)
    return pd.DataFrame(list(decided.values()), columns=list(ALIAS_COLUMNS), dtype="str")


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """Decided rows with their numbers as a spreadsheet shows them."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            _fault(file, "tidak ada atau bukan teks UTF-8; periksa letaknya, "
                   "simpan sebagai CSV UTF-8",
                   "missing, or no UTF-8 text; check its place, save it as CSV UTF-8")
        ) from None  # fmt: skip
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    missing = [c for c in ALIAS_COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        names = ", ".join(missing)
        raise ConfigError(
            _fault(file, f"kolom {names} tidak ada; pakai kolom dari village_suggestions.csv",
                   f"there is no column {names}; use the columns of village_suggestions.csv")
        )  # fmt: skip
    rows = ((n, {c: (row[c] or "").strip().removeprefix("'") for c in ALIAS_COLUMNS})
            for n, row in enumerate(reader, start=2))  # fmt: skip
    return [(number, row) for number, row in rows if row["village_code"]]


def _fault(file: Path, id: str, en: str, *, row: int | None = None) -> Fault:
    return Fault("E-ALIASES", id=id, en=en, file=file.name, row=row)


def successors(changes: pd.DataFrame, as_of: date | None) -> pd.DataFrame:
    """Where each ended code leads to.

    Parameters
    ----------
    changes
        See `Crosswalk`.
    as_of
        The day the list stood; none means that it is not known to be old.

    Returns
    -------
    DataFrame
        One row a code: ``village_code``, ``bps_village_code``, ``regency_name``,
        ``district_name``, ``village_name``, ``successor_code`` (missing where the village was
        split: nobody can tell which part), and ``is_before`` (the list is older than the
        change, so that a code which was given out anew still means the old village).
    """
    next_codes: dict[str, set[str]] = {}
    for code, successor in zip(changes["village_code"], changes["successor_code"], strict=True):
        next_codes.setdefault(code, set()).add(successor)
    found = changes.drop_duplicates("village_code").copy()
    ends = [_ends(code, next_codes) for code in found["village_code"]]
    found["successor_code"] = pd.Series(
        [min(codes) if len(codes) == 1 else None for codes in ends], index=found.index, dtype="str"
    )
    found["is_before"] = False if as_of is None else found["valid_to"] >= as_of.isoformat()
    return found


def _ends(code: str, next_codes: dict[str, set[str]]) -> set[str]:
    """Codes that a code has become, through all later changes of its successors."""
    ends: set[str] = set()
    seen, ahead = {code}, list(next_codes[code])
    while ahead:
        one = ahead.pop()
        if one in next_codes and one not in seen:
            seen.add(one)
            ahead += next_codes[one]
        else:  # current, or the parent that keeps its code when a part leaves it
            ends.add(one)
    return ends
