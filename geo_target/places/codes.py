"""The village that a record states: by code, else by the names of regency, district, village.

A Kemendagri and a BPS code both have 10 digits without dots, and 99 of Banten's 1,552 are
another village's in the other system: whose codes a list holds is declared, or proved by
lookup over the whole list, never guessed for a row.
"""

from typing import Literal

import pandas as pd

from geo_target.errors import DataRefusedError, Fault
from geo_target.workbench import Table, query

CodeSystem = Literal["kemendagri", "bps"]

#: Of a list's codes of this province, so many must be known for a system to be proved.
_PROVED = 0.95


def find_stated_villages(
    records: Table, gazetteer: pd.DataFrame, *, file: str, code_system: CodeSystem | None
) -> Table:
    """Add ``stated_village_code`` and ``village_basis`` to records with place columns.

    Parameters
    ----------
    records
        With ``village_code``, ``regency_name``, ``district_name``, ``village_name``.
    gazetteer
        Of the province, see `places.gazetteer.read_gazetteer`.
    file
        Named in the refusal.
    code_system
        Whose codes ``village_code`` holds, as declared; none means that lookup proves it.

    Returns
    -------
    Table
        All columns and rows of `records`; ``stated_village_code`` is the Kemendagri code
        with dots or null, ``village_basis`` is code, triple or none.

    Raises
    ------
    DataRefusedError
        ``E-CODE-SYSTEM`` if the codes are another system's than declared, or neither is
        proved.
    """
    places = records.bench.take(_places(gazetteer))
    codes = query(f"select {_BARE} as bare from records", records=records)
    system = _proved_system(codes, places, file=file, declared=code_system)
    return query(
        f"""
        with coded as (
            select records.*, places.village_code as code_village
            from records left join places on places.{system} = {_BARE}
        ), written as (
            select distinct regency_name, district_name, village_name from coded
            where code_village is null and district_name is not null and village_name is not null
        ), candidates as (
            select written.*, places.village_code as name_village,
                count(*) over (partition by written.regency_name, written.district_name,
                    written.village_name) as many
            from written join places
                on places.district_fold = {_folded("written.district_name")}
                and places.village_fold = {_folded("written.village_name")}
                and (written.regency_name is null
                    or {_folded("written.regency_name")}
                        in (places.regency_fold, places.regency_bare))
        )
        select coded.* exclude (code_village),
            coalesce(code_village, name_village) as stated_village_code,
            case when code_village is not null then 'code'
                when name_village is not null then 'triple' else 'none' end as village_basis
        from coded left join candidates
            -- a name joins only where it means exactly one village
            on candidates.many = 1 and coded.code_village is null
            and coded.regency_name is not distinct from candidates.regency_name
            and coded.district_name = candidates.district_name
            and coded.village_name = candidates.village_name""",
        records=records, places=places,
    )  # fmt: skip


#: SQL: the digits of a written code.
_BARE = "nullif(regexp_replace(records.village_code, '[^0-9]', '', 'g'), '')"


def _folded(column: str) -> str:
    """SQL: a place name without case, blanks, signs, and the word for its kind."""
    kinds = r"^\s*(kelurahan|kel|desa|ds|kecamatan|kec)(\.\s*|\s+)"
    return (
        f"regexp_replace(regexp_replace(regexp_replace(lower({column}), '{kinds}', ''), "
        r"'^\s*kab(\.|\s)', 'kabupaten '), '[^a-z]', '', 'g')"
    )


def _places(gazetteer: pd.DataFrame) -> pd.DataFrame:
    def fold(names: pd.Series) -> pd.Series:
        return names.str.lower().str.replace(r"[^a-z]", "", regex=True)

    codes = gazetteer.index.to_series()
    return pd.DataFrame(
        {
            "village_code": codes,
            "kemendagri": codes.str.replace(".", "", regex=False),
            "bps": gazetteer["bps_village_code"],
            "regency_fold": fold(gazetteer["regency_name"]),
            # "Serang" may be the city or the regency: district and village tell.
            "regency_bare": fold(gazetteer["regency_name"]).str.replace(
                r"^(kota|kabupaten)", "", regex=True
            ),
            "district_fold": fold(gazetteer["district_name"]),
            "village_fold": fold(gazetteer["village_name"]),
        }
    )


def _proved_system(
    coded: Table, places: Table, *, file: str, declared: CodeSystem | None
) -> CodeSystem:
    """Whose codes they are; 'kemendagri' where there are none to look up."""
    counts = query(
        """select count(*) as written,
                count(*) filter (bare in (select kemendagri from places)) as kemendagri,
                count(*) filter (bare in (select bps from places)) as bps
            from coded where left(bare, 2) in (select left(kemendagri, 2) from places)""",
        coded=coded, places=places,
    ).rows()[0]  # fmt: skip
    if not counts["written"]:
        return declared or "kemendagri"
    systems: tuple[CodeSystem, CodeSystem] = ("kemendagri", "bps")
    likely = max(systems, key=lambda system: counts[system])
    other = systems[1 - systems.index(likely)]
    proved = counts[likely] >= _PROVED * counts["written"] and counts[likely] > counts[other]
    if declared is None and proved:
        return likely
    # A declared system is believed unless the lookup proves the other one.
    if declared is not None and not (proved and likely != declared):
        return declared
    found = f"Kemendagri {counts['kemendagri']}, BPS {counts['bps']}"
    raise DataRefusedError(
        Fault(
            "E-CODE-SYSTEM",
            id=f"sistem kode wilayah tidak cocok: dari {counts['written']} kode dikenal {found}; "
            f'tulis code_system = "{likely}" bila benar, atau periksa kolom kodenya',
            en=f"the code system does not fit: of {counts['written']} codes known {found}; "
            f'write code_system = "{likely}" if that is right, or look at the code column',
            file=file,
        )
    )
