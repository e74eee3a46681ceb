"""What `geo-target check` says of a list's places: how many it knows, and likely spellings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake.codes import CODES
from geo_target.intake.lists import AgencyList
from geo_target.places.codes import CodeSystem
from geo_target.places.gazetteer import read_gazetteer, villages_of
from geo_target.places.records import ROLES_WITH_PLACES, state_villages
from geo_target.places.suggestions import BEST, suggest_villages
from geo_target.resources import resource_dir

#: Spellings that are shown; the queue of a run has them all (exact/village_suggestions.csv).
_MOST_SPELLINGS = 10
#: A spelling less like any village than this is not shown: it may be a person's name out of
#: a shifted row. What is written once may be that even where it is somewhat like a village.
_LEAST_SCORE, _LEAST_SCORE_OF_ONE = 60, 85


def places_report(
    listed: AgencyList, area: str | None = None, *, code_system: CodeSystem | None = None
) -> list[Fault]:
    """Remarks on the places of a list, as a run on `area` would find them.

    Parameters
    ----------
    listed
        A list of any role; those without places get no remark.
    area
        Kemendagri code with dots, of a province or finer; None means the province whose
        places we have, where there is one only.
    code_system
        Whose village codes the list holds; None means what its layout says, or lookup.

    Returns
    -------
    list
        How many rows have a known village (``W-VILLAGE``); codes that were set aside, by
        code; spellings that join none, with the likeliest villages
        (``W-VILLAGE-SPELLING``); then the remarks of `records.state_villages`, such as
        ``W-ADDRESS``. Where codes are another system's than declared, that refusal alone;
        where nobody says which province, ``W-AREA``.

    Raises
    ------
    ConfigError
        ``E-AREA`` or ``E-PLACES``, if `area` is no place that we know.
    """
    if listed.profile.role not in ROLES_WITH_PLACES:
        return []
    area = area or only_province()
    if area is None:
        return [_no_area(listed.report.file)]
    villages_of(area)
    gazetteer = read_gazetteer(area[:2])
    system = code_system or listed.profile.code_system
    try:
        stated = state_villages(listed, gazetteer, code_system=system, area_code=area)
    except DataRefusedError as error:
        return list(error.faults)
    spellings = suggest_villages([stated], gazetteer)
    notices = stated.report.notices[len(listed.report.notices) :]
    return [
        _recognized(stated),
        *_set_aside(listed, stated),
        *_spelled(stated.report.file, spellings),
        *notices,
    ]


def only_province() -> str | None:
    """Code of the province whose places we have, where there is one only."""
    folders = (resource_dir("geodata") / "places").glob("*/villages.csv")
    codes = sorted(file.parent.name for file in folders)
    return codes[0] if len(codes) == 1 else None


def _no_area(file: str) -> Fault:
    return Fault(
        "W-AREA",
        id="desa/kelurahan tidak diperiksa: sebut wilayahnya dengan --area, misalnya --area 36.73",
        en="villages were not looked up: name the area with --area, such as --area 36.73",
        file=file,
    )


def _recognized(stated: AgencyList) -> Fault:
    rows: Counter[str] = Counter(
        dict(
            stated.table.bench.execute(
                f"select village_basis, count(*) from {stated.table.name} group by 1"
            )
        )
    )
    whole, known, lost = rows.total(), rows["code"] + rows["triple"], rows["none"]
    if known == whole:
        return Fault(
            "W-VILLAGE",
            id=f"desa/kelurahan dikenal di semua {whole} baris: {rows['code']} dari kode, "
            f"{rows['triple']} dari nama",
            en=f"the village is known in all {whole} rows: {rows['code']} by code, "
            f"{rows['triple']} by names",
            file=stated.report.file,
        )
    return Fault(
        "W-VILLAGE",
        id=f"desa/kelurahan dikenal di {known} dari {whole} baris: {rows['code']} dari kode, "
        f"{rows['triple']} dari nama"
        + f"; {lost} baris tidak dihitung di desa/kelurahan mana pun sampai kode atau namanya "
        "diperbaiki" * bool(lost),
        en=f"the village is known in {known} of {whole} rows: {rows['code']} by code, "
        f"{rows['triple']} by names"
        + f"; {lost} rows count in no village until their code or names are mended"
        * bool(lost),
        file=stated.report.file,
    )


def _set_aside(listed: AgencyList, stated: AgencyList) -> list[Fault]:
    """Village codes that a run sets aside, by code, each with the first row."""
    firsts = dict(
        stated.faults.bench.execute(
            f"select code, min(row) from {stated.faults.name} group by 1 order by 1"
        )
    )
    more = Counter(stated.report.set_aside) - Counter(listed.report.set_aside)
    column = stated.report.columns.get("village_code", "")
    return [
        Fault(
            code,
            id=f"{count} baris, mulai baris ini: {CODES[code].id}",
            en=f"{count} rows, from this row on: {CODES[code].en}",
            file=stated.report.file,
            row=firsts[code],
            column=column,
        )
        for code, count in sorted(more.items())
    ]


def _spelled(file: str, spellings: Sequence[Mapping[str, Any]]) -> list[Fault]:
    like = [row for row in spellings if row.get("score_1", 0) >= _least(row["rows"])]
    shown, rest = like[:_MOST_SPELLINGS], len(spellings) - len(like[:_MOST_SPELLINGS])
    faults = [_spelling(file, row) for row in shown]
    if rest:
        faults.append(
            Fault(
                "W-VILLAGE-SPELLING",
                id=f"{rest} ejaan lain tidak dikenal; semuanya ada di village_suggestions.csv "
                "setelah geo-target run",
                en=f"{rest} more spellings are unknown; village_suggestions.csv has them all "
                "after geo-target run",
                file=file,
            )
        )
    return faults


def _least(rows: int) -> int:
    return _LEAST_SCORE_OF_ONE if rows == 1 else _LEAST_SCORE


def _spelling(file: str, row: Mapping[str, Any]) -> Fault:
    written = row["village_name"]  # district and regency may be anything in a shifted row
    likest = "; ".join(
        f"{row[f'village_{n}']} ({row[f'code_{n}']})"
        for n in range(1, BEST + 1)
        if row.get(f"score_{n}", 0) >= _LEAST_SCORE
    )
    return Fault(
        "W-VILLAGE-SPELLING",
        id=f"'{written}' tidak dikenal ({row['rows']} baris); mungkin {likest}; perbaiki di "
        "berkas asal, atau putuskan di [places] aliases",
        en=f"'{written}' is unknown ({row['rows']} rows); perhaps {likest}; mend the source, or "
        "decide in [places] aliases",
        file=file,
    )
