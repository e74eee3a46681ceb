"""The village that a record states: by code, else by the names of regency, district, village.

A Kemendagri and a BPS code both have 10 digits without dots, and 99 of Banten's 1,552 are
another village's in the other system: whose codes a list holds is declared, or proved by
lookup over the whole list, never guessed for a row.
"""

from datetime import date
from functools import lru_cache
from typing import Literal

import pandas as pd

from geo_target.errors import DataRefusedError, Fault
from geo_target.places.crosswalk import Crosswalk, successors
from geo_target.places.spelling import folded, folded_sql
from geo_target.workbench import Table, query

CodeSystem = Literal["kemendagri", "bps"]

#: For names of the province's places, asked for as often as a run has lists.
_folded = lru_cache(maxsize=20_000)(folded)
#: Of a list's codes of this province, so many must be known for a system to be proved.
_PROVED = 0.95


def find_stated_villages(
    records: Table,
    gazetteer: pd.DataFrame,
    *,
    file: str,
    code_system: CodeSystem | None,
    crosswalk: Crosswalk | None = None,
    as_of: date | None = None,
) -> Table:
    """Add ``stated_village_code``, ``village_basis``, ``village_fault`` to records with places.

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
    crosswalk
        Spellings, decisions and changes that the gazetteer does not have; none of them by
        default.
    as_of
        The day the list stood: an older list means the villages of its day.

    Returns
    -------
    Table
        All columns and rows of `records`, worked out when they are asked;
        ``stated_village_code`` is the Kemendagri code with dots or null, ``village_basis`` is
        code, triple or none, ``village_fault`` is the code of intake/codes.py for what is wrong
        with the place, or null.

    Raises
    ------
    DataRefusedError
        ``E-CODE-SYSTEM`` if the codes are another system's than declared, or neither is
        proved.
    """
    bench = records.bench
    crosswalk = crosswalk or Crosswalk()
    places = bench.take(_places(gazetteer))
    ended = bench.take(_ended(crosswalk, as_of))
    # A place is written alike by many: each is looked up once.
    written = query(
        f"""select *, {_BARE} as bare from (
                select {_PLACE}, count(*) as times from records group by all)""",
        records=records,
    )
    system = _proved_system(written, places, ended, file=file, declared=code_system)
    coded = _coded(written, places, ended, system)
    names = _named(coded, places, bench.take(_spellings(gazetteer, crosswalk, as_of)))
    found = query(
        f"""select {", ".join(f"coded.{name}" for name in _WRITTEN)},
            if(is_split, null, coalesce(code_village, name_village)) as stated_village_code,
            case when code_village is not null then 'code'
                when is_split or name_village is null then 'none' else 'triple' end
                as village_basis,
            case when is_split then 'E-VILLAGE-SPLIT'
                when code_village <> name_village then 'W-VILLAGE-NAME'
                when code_village is not null or coded.village_code is null then null
                when {_is_elsewhere("bare")} then 'E-OUT'
                else 'E-VILLAGE-CODE' end as village_fault
        from coded left join names on {_same("coded", "names", *_NAMES)}""",
        coded=coded, names=names, places=places,
    )  # fmt: skip
    return bench.view(
        f"""select records.*, stated_village_code, village_basis, village_fault
            from records join found on {_same("records", "found", *_WRITTEN)}""",
        records=records, found=found,
    )  # fmt: skip


_NAMES = ("regency_name", "district_name", "village_name")
#: What says where a record is, and as SQL.
_WRITTEN = ("village_code", *_NAMES)
_PLACE = ", ".join(_WRITTEN)
#: SQL: the digits of a written code; a number cell of a sheet may read 3673011001.0.
_BARE = (
    r"nullif(regexp_replace(regexp_replace(village_code, '^(\d{10})\.0+$', '\1'), "
    r"'[^0-9]', '', 'g'), '')"
)


def village_kind_sql(column: str) -> str:
    """SQL: ``kelurahan`` or ``desa`` of a Kemendagri code with dots; null of anything else.

    The last four digits of the code begin with 1 in a kelurahan, with 2 in a desa.
    """
    return f"case substr({column}, 9, 2) when '.1' then 'kelurahan' when '.2' then 'desa' end"


def _same(one: str, other: str, *columns: str) -> str:
    """SQL: both write the same, blanks and all."""
    return " and ".join(f"{one}.{name} is not distinct from {other}.{name}" for name in columns)


def _is_elsewhere(bare: str) -> str:
    """SQL: whether a whole code is of another province than the gazetteer's."""
    return (
        f"length({bare}) = 10 and left({bare}, 2) not in (select left(kemendagri, 2) from places)"
    )


def _coded(written: Table, places: Table, ended: Table, system: CodeSystem) -> Table:
    """Places with the village of their code; an ended code leads to its one successor."""
    return query(
        f"""select written.*,
            if(ended.{system} is null, places.village_code, ended.successor_code) as code_village,
            ended.{system} is not null and ended.successor_code is null as is_split
        from written left join places on places.{system} = written.bare
            left join ended on ended.{system} = written.bare
                and (ended.is_before or places.village_code is null)""",
        written=written, places=places, ended=ended,
    )  # fmt: skip


def _named(coded: Table, places: Table, spellings: Table) -> Table:
    """The one village of each written triple; a decision of a person goes first."""
    return query(
        f"""with written as (
            select distinct regency_name, district_name, village_name from coded
            where village_name is not null
        ), folded as (
            select *, {folded_sql("regency_name")} as regency_fold,
                {folded_sql("district_name")} as district_fold,
                {folded_sql("village_name")} as village_fold
            from written
        ), known as (
            select regency_fold, regency_bare, district_fold, village_fold, village_code from places
            union all by name
            select * exclude (is_decided) from spellings where not is_decided
        ), found as (
            -- a name joins only where it means exactly one village
            select folded.regency_name, folded.district_name, folded.village_name,
                case when count(distinct known.village_code) = 1
                    then any_value(known.village_code) end as village
            from folded join known using (district_fold, village_fold)
            where folded.regency_name is null
                or folded.regency_fold in (known.regency_fold, known.regency_bare)
            group by all
        )
        select folded.regency_name, folded.district_name, folded.village_name,
            coalesce(decided.village_code, found.village) as name_village
        from folded
            left join found on folded.village_name = found.village_name
                and folded.district_name is not distinct from found.district_name
                and folded.regency_name is not distinct from found.regency_name
            left join spellings decided on decided.is_decided
                and decided.village_fold = folded.village_fold
                and decided.district_fold = coalesce(folded.district_fold, '')
                and decided.regency_fold = coalesce(folded.regency_fold, '')""",
        coded=coded, places=places, spellings=spellings,
    )  # fmt: skip


def _places(gazetteer: pd.DataFrame) -> pd.DataFrame:
    codes = gazetteer.index.to_series()
    names = {"village_code": codes, "kemendagri": codes.str.replace(".", "", regex=False),
             "bps": gazetteer["bps_village_code"]}  # fmt: skip
    return pd.DataFrame(names).assign(**_folds(gazetteer))


def _folds(frame: pd.DataFrame) -> dict[str, pd.Series]:
    regency = frame["regency_name"].map(_folded).astype("str")
    return {
        "regency_fold": regency,
        # "Serang" may be the city or the regency: district and village tell.
        "regency_bare": regency.str.replace(r"^(kota|kabupaten)", "", regex=True),
        "district_fold": frame["district_name"].map(_folded).astype("str"),
        "village_fold": frame["village_name"].map(_folded).astype("str"),
    }


def _ended(crosswalk: Crosswalk, as_of: date | None) -> pd.DataFrame:
    found = successors(crosswalk.changes, as_of)
    codes = {"kemendagri": found["village_code"].str.replace(".", "", regex=False),
             "bps": found["bps_village_code"].where(found["bps_village_code"] != "")}  # fmt: skip
    return found[["successor_code", "is_before"]].assign(**codes)


def _spellings(gazetteer: pd.DataFrame, crosswalk: Crosswalk, as_of: date | None) -> pd.DataFrame:
    """Names besides the gazetteer's: of other lists, of earlier days, and as decided."""
    earlier = successors(crosswalk.changes, as_of).dropna(subset="successor_code")
    earlier = earlier.drop(columns="village_code").rename(
        columns={"successor_code": "village_code"}
    )
    parts = [
        frame.assign(is_decided=is_decided, **_folds(frame))
        for frame, is_decided in (
            (crosswalk.aliases, False), (earlier, False), (crosswalk.decisions, True)
        )
    ]  # fmt: skip
    columns = ["village_code", "regency_fold", "regency_bare", "district_fold", "village_fold",
               "is_decided"]  # fmt: skip
    found = pd.concat([part[columns] for part in parts]).astype({"is_decided": "bool"})
    return found[found["village_code"].isin(gazetteer.index)].drop_duplicates()


def _proved_system(
    written: Table, places: Table, ended: Table, *, file: str, declared: CodeSystem | None
) -> CodeSystem:
    """Whose codes they are; 'kemendagri' where there are none to look up."""
    counts = query(
        """with known as (select kemendagri, bps from places union all by name
                select kemendagri, bps from ended)
            select coalesce(sum(times), 0)::bigint as written,
                coalesce(sum(times) filter (bare in (select kemendagri from known)), 0)::bigint
                    as kemendagri,
                coalesce(sum(times) filter (
                    bare in (select bps from known where bps is not null)), 0)::bigint as bps
            from places_written where left(bare, 2) in (select left(kemendagri, 2) from places)""",
        places_written=written, places=places, ended=ended,
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
            f'tulis code_system = "{likely}" bila benar (geo-target check: --code-system), atau '
            "periksa kolom kodenya",
            en=f"the code system does not fit: of {counts['written']} codes known {found}; "
            f'write code_system = "{likely}" if that is right (--code-system of geo-target check), '
            "or look at the code column",
            file=file,
        )
    )
