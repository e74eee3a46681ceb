"""Lists that every engine can read alike: families, persons and six lists of recipients."""

from pathlib import Path
from typing import Literal

import duckdb

from benchmarks.registry import _NUMBERS, PERSONS_PER_FAMILY
from geo_target.places.gazetteer import villages_of

Form = Literal["csv", "parquet"]
FORMS: tuple[Form, ...] = ("csv", "parquet")
AREA = "36"
FAMILIES = 3_300_000
#: Rows of the lists of recipients, as shares of the families, and the number that they carry.
LISTS = {
    "PKH": (0.094, "family_card_number"),
    "SEMBAKO": (0.194, "family_card_number"),
    "BLT_DD": (0.061, "family_card_number"),
    "PBI_JK": (0.415, "national_id"),
    "PIP": (0.248, "national_id"),
    "BPU_JKK_JKM": (0.076, "national_id"),
}

#: One NIK in 143 is spoiled: too short, of month 13, or with Excel's apostrophe before it.
_SPOILED = """
    create macro nik(i) as case hash(i, 'n') % 429 when 0 then left(number(i, '98'), 15)
        when 1 then left(number(i, '98'), 8) || '13' || right(number(i, '98'), 6)
        when 2 then '''' || number(i, '98') else number(i, '98') end;
    create macro kk(i) as number(i, '99');
"""


def write_lists(folder: Path, form: Form, *, families: int = FAMILIES) -> Path:
    """The folder of the lists in a form, made once; person i is of family i % `families`."""
    made = folder / f"{families}_{form}"
    if made.exists():
        return made
    unfinished = made.with_suffix(".part")
    unfinished.mkdir(parents=True, exist_ok=True)
    codes = list(villages_of(AREA).index)
    with duckdb.connect() as bench:
        bench.execute(_NUMBERS + _SPOILED)
        bench.execute(
            """create table villages as
                select unnest(range(len($1))) as number, unnest($1::varchar[]) as code""",
            [codes],
        )
        for name, sql in _selected(families, len(codes)).items():
            file = (unfinished / f"{name}.{form}").as_posix()
            options = "format csv, header" if form == "csv" else "format parquet, compression zstd"
            bench.execute(f"copy ({sql}) to '{file}' ({options})")
    unfinished.replace(made)
    return made


def _selected(families: int, villages: int) -> dict[str, str]:
    persons = round(families * PERSONS_PER_FAMILY)
    lists = {
        name: f"""select '{name}' as program,
                if(hash(range, '{name}', 'm') % 33 = 0, left(whole, 15), whole) as {kind},
                named(range) as name
            from (select range, {"kk" if kind == "family_card_number" else "nik"}(
                (hash(range, '{name}') % {families if kind == "family_card_number" else persons}
                )::bigint) as whole from range({round(families * share)}))"""
        for name, (share, kind) in LISTS.items()
    }
    return {
        "families": f"""select 'F' || range as family_id, kk(range) as family_card_number,
                nik(range) as head_national_id, named(range) as head_name, code as village_code,
                1 + hash(range, 'x') % 10 as decile
            from range({families}) join villages on number = hash(range, 'v') % {villages}""",
        "persons": f"""select 'P' || range as person_id, nik(range) as national_id,
                'F' || (range % {families}) as family_id, named(range) as name,
                if(range < {families}, 'Kepala Keluarga', 'Anak') as relation
            from range({persons})""",
        **lists,
    }
