"""Who visits, as an office lists them: a small file, read whole or not at all."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from geo_target.fieldwork.visits import Officer, OfficerKind
from geo_target.targeting.decided_rows import Faults, read_rows, whole

COLUMNS = (
    "name", "display_name", "kind", "villages", "home_village_code", "visits_per_day", "days_off",
)  # fmt: skip
_KINDS = {
    "operator": OfficerKind.OPERATOR, "operator kelurahan": OfficerKind.OPERATOR,
    "facilitator": OfficerKind.FACILITATOR, "pendamping": OfficerKind.FACILITATOR,
    "pendamping pkh": OfficerKind.FACILITATOR, "tksk": OfficerKind.FACILITATOR,
    "psm": OfficerKind.FACILITATOR,
}  # fmt: skip
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")
_MOST_A_DAY = 60


def read_officers(file: Path, codes: Sequence[str]) -> list[Officer]:
    """Read officers; every row that is wrong is told at once, and then nobody is taken.

    Parameters
    ----------
    file
        CSV or TOML, see `decided_rows.read_rows`: ``name`` (of the account) and ``display_name``
        are needed; ``kind`` is operator, pendamping, tksk or psm; ``villages`` and ``days_off``
        hold codes and days (2026-11-23) parted by blanks.
    codes
        Villages of the area (Kemendagri, dots).

    Raises
    ------
    ConfigError
        ``E-OFFICER``.
    """
    faults = Faults(file, "E-OFFICER")
    found: dict[str, Officer] = {}
    for number, row in read_rows(faults, COLUMNS, COLUMNS[:2]):
        name = row["name"].casefold()
        if not _NAME.fullmatch(name):
            faults.add(number, "name", "bukan nama akun; tulis 3-40 huruf kecil, angka, titik "
                       "atau tanda hubung", "no name of an account; write 3-40 small letters, "
                       "digits, dots or hyphens")  # fmt: skip
        elif name in found:
            faults.add(number, "name", "sudah ada di baris sebelumnya; hapus satu",
                       "an earlier row has it already; delete one")  # fmt: skip
        faults.words(number, "display_name", row["display_name"])
        if not row["display_name"]:
            faults.add(number, "display_name", "tulis nama petugasnya",
                       "write the officer's own name")  # fmt: skip
        found[name] = _officer(faults, number, name, row, codes)
    faults.told()
    return list(found.values())


def _officer(
    faults: Faults, number: int, name: str, row: Mapping[str, str], codes: Sequence[str]
) -> Officer:
    kind = _KINDS.get(row["kind"].casefold() or "operator")
    if kind is None:
        faults.add(number, "kind", "tulis operator, pendamping, tksk atau psm",
                   "write operator, pendamping, tksk or psm")  # fmt: skip
    villages = [
        faults.village(number, code, codes, (), "villages") for code in row["villages"].split()
    ]
    return Officer(
        name,
        row["display_name"],
        kind or OfficerKind.OPERATOR,
        tuple(villages),
        _home(faults, number, row["home_village_code"], codes) or next(iter(villages), None),
        _load(faults, number, row["visits_per_day"]),
        frozenset(_days(faults, number, row["days_off"])),
    )


def _home(faults: Faults, number: int, text: str, codes: Sequence[str]) -> str:
    return faults.village(number, text, codes, (), "home_village_code") if text else ""


def _load(faults: Faults, number: int, text: str) -> int:
    usual = Officer("", "").visits_per_day
    load = whole(text) if text else usual
    if not 1 <= load <= _MOST_A_DAY:
        faults.add(number, "visits_per_day", f"tulis bilangan bulat 1-{_MOST_A_DAY}",
                   f"write a whole number, 1-{_MOST_A_DAY}")  # fmt: skip
        return usual
    return load


def _days(faults: Faults, number: int, text: str) -> list[date]:
    days = []
    for word in text.split():
        try:
            days.append(date.fromisoformat(word))
        except ValueError:
            faults.add(number, "days_off", "bukan tanggal; tulis 2026-11-23, pisahkan dengan spasi",
                       "no day; write 2026-11-23, parted by blanks")  # fmt: skip
    return days
