"""A made-up province as agencies would send it, at any size: lists and their configuration.

    python -m benchmarks.scale_world FOLDER [--families 3300000] [--lists csv|parquet]
        [--partition 0] [--memory-limit 2GB]

A DTSEN of families in all villages of Banten, their members, points of homes, and six lists of
recipients, with the faults that such lists have. The same numbers give the same bytes; another
partition is other people in the same villages.
"""

import argparse
import time
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import pandas as pd
import shapely

from geo_target.demo import names
from geo_target.places.boundaries import read_boundaries

Format = Literal["csv", "parquet"]
AREA = "36"
PERSONS_PER_FAMILY = 3.6
#: Families of a settlement; three settlements are an RW.
_SETTLEMENT = 50
#: Numbers that a family's persons may have; the last of them is nobody's in the register.
_PERSONS = 8
#: So many NIK can be told apart: regencies, days, months, years, serial numbers.
_NUMBERS = 8 * 28 * 12 * 60 * 9_999

#: Districts 98 and 99 are nobody's. One NIK in 143 is spoiled: too short, of a month 13, quoted.
_MACROS = f"""
    create macro spelled(j, district, plus) as '36' || lpad((1 + j % 8)::varchar, 2, '0')
        || district || lpad((1 + j // 8 % 28 + plus)::varchar, 2, '0')
        || lpad((1 + j // 224 % 12)::varchar, 2, '0')
        || lpad((30 + j // 2688 % 60)::varchar, 2, '0')
        || lpad((1 + j // 161280)::varchar, 4, '0');
    create macro number(i, district, plus) as
        spelled(i::bigint * 1000003 % {_NUMBERS}, district, plus);
    create macro is_woman(g, k) as if(k = 1, true, hash(g, k, 'sex') % if(k = 0, 9, 2) = 0);
    create macro nik(g, k) as number(g * {_PERSONS} + k, '98', if(is_woman(g, k), 40, 0));
    create macro kk(g) as number(g, '99', 0);
    create macro spoiled(n, g, list) as case hash(g, list, 'spoiled') % 429
        when 0 then left(n, 15) when 1 then left(n, 8) || '13' || right(n, 6)
        when 2 then '''' || n else n end;
    create macro any_of(g, salt, n) as (hash(g, salt) % n::ubigint)::bigint;
    create macro chance(x) as (x % 1000000)::double / 1e6;
    create macro one_of(words, x) as words[1 + floor(len(words) * chance(x) ** 3)::bigint];
    create macro named(g, k) as upper(
        if(is_woman(g, k), one_of(getvariable('women'), hash(g, k, 'first')),
            one_of(getvariable('men'), hash(g, k, 'first')))
        || if(hash(g, k, 'two') % 3 = 0, '', ' ' || if(is_woman(g, k),
            one_of(getvariable('second_women'), hash(g, k, 'second')),
            one_of(getvariable('second_men'), hash(g, k, 'second')))));
"""
_WORDS = {
    "men": names._MEN, "women": names._WOMEN,
    "second_men": names._SECOND_MEN, "second_women": names._SECOND_WOMEN,
}  # fmt: skip

#: One row a family: where it lives, and the village that its row states (3 % another).
_FAMILIES = """
    create table families as
    with each as (
        select village, hamlets, rows as villages, first + unnest(range(families)) as g,
            greatest(families // 150, 1) as rws from villages
    )
    select g, village, 1 + any_of(g, 'decile', 10) as decile, 1 + any_of(g, 'rw', rws) as rw,
        [1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 6][1 + any_of(g, 'size', 20)]
            as members,
        hamlets[1 + (3 * rw + any_of(g, 'hamlet', 3)) % len(hamlets)] as hamlet,
        if(any_of(g, 'stated', 100) < 3, (village + 1 + any_of(g, 'wrong', 5)) % villages, village)
            as stated
    from each
"""

_REGISTER = {
    "dtsen": """select 'D' || g as id_keluarga, kk(g) as no_kk, spoiled(nik(g, 0), g, 'dtsen')
            as nik, named(g, 0) as nama_kepala_keluarga,
            'KP. ' || one_of(getvariable('second_men'), hash(stated, rw)) || ' NO. '
            || any_of(g, 'house', 99) as alamat,
            lpad((1 + any_of(g, 'rt', 5))::varchar, 3, '0') as rt, lpad(rw::varchar, 3, '0') as rw,
            regency_name as kabupaten, district_name as kecamatan, village_name as kelurahan,
            village_code as id_wilayah, decile as desil_nasional,
            members as jumlah_anggota_keluarga
        from families join places on stated = places.village order by g""",
    "dtsen-person": """select 'S' || (8 * g + k) as idsemesta, spoiled(nik(g, k), 8 * g + k,
            'dtsen-person') as nik, kk(g) as no_kk, named(g, k) as nama,
            if(k = 0, 'Kepala Keluarga', if(k = 1 and not is_woman(g, 0), 'Istri', 'Anak'))
            as hub_kepala_keluarga, if(k = 0, ['Petani', 'Buruh', 'Nelayan', 'Wiraswasta', 'PNS']
            [1 + any_of(g, 'work', 5)], null) as pekerjaan_utama
        from (select *, unnest(range(members)) as k from families order by g)""",
    "points": """select 'D' || g as id_keluarga,
            round(hamlet.x + hamlet.r * (2 * chance(hash(g, 'x')) - 1), 6) as bujur,
            round(hamlet.y + hamlet.r * (2 * chance(hash(g, 'y')) - 1), 6) as lintang
        from families
        where any_of(g, 'point', 100) < if(hash(village, 'points') % 2 = 0, 95, 25) order by g""",
}

#: Lists of recipients: layout, share of the families, who of a family, and its columns.
_PLACE = 'district_name as "{}", village_name as "{}"'
_SIKS = f"""nik as "NIK KTP", name as "NAMA PENERIMA", '{{}}' as "BANSOS", '4' as "TAHAP",
    regency_name as "NM KAB", {_PLACE.format("NM KEC", "NM KEL")}"""
_AID = f"'{{}}' as program, kk(g) as \"no kk\", name as nama, {_PLACE.format('kecamatan', 'desa')}"
_RECIPIENTS = {
    "PKH": ("siks-recipients", 0.094, "1", _SIKS.format("PKH")),
    "SEMBAKO": ("siks-recipients", 0.194, "any_of(g, 'who', 2)", _SIKS.format("SEMBAKO")),
    "PBI_JK": ("bpjs-pbi", 0.415 / PERSONS_PER_FAMILY, "unnest(range(members))",
        f"""nik as "NIK", name as "NAMA", 'PBI APBN' as "SEGMEN", '01/03/2025' as "TMT",
        if(any_of(g, 'left', 20) = 0, 'NONAKTIF', 'AKTIF') as "STATUS",
        {_PLACE.format("KECAMATAN", "KELURAHAN")}"""),
    "BPU_JKK_JKM": ("bpjs-bpu", 0.076, "0", """nik as "NIK", name as "NAMA",
        'JKK JKM' as "PROGRAM", 'AKTIF' as "STATUS" """),
    "PIP": ("enrollments", 0.248, "0", _AID.format("PIP")),
    "PBI_APBD": ("enrollments", 0.18, "0", _AID.format("PBI_APBD")),
}  # fmt: skip


def write_world(
    folder: Path,
    *,
    families: int,
    area: str = AREA,
    lists: Format = "csv",
    partition: int = 0,
    memory_limit: str | None = None,
) -> Path:
    """Write lists and configuration of a world; the configuration's path.

    `memory_limit` is that of a run of it, as [archive] has it.

    Raises
    ------
    ValueError
        If the families of all partitions up to this one are more than there are numbers.
    """
    if (partition + 1) * families * _PERSONS > _NUMBERS:
        raise ValueError(f"no NIK are left for partition {partition} of {families} families")
    (folder / "lists").mkdir(parents=True, exist_ok=True)
    villages, places = _villages(area, families, partition)
    spill = str(folder / "spill")
    with duckdb.connect(config={"memory_limit": "4GB", "temp_directory": spill}) as made:
        made.execute(_MACROS)
        for name, words in _WORDS.items():
            made.execute(f"set variable {name} = ?", [list(words)])
        made.register("villages", villages)
        made.register("places", places)
        made.execute(_FAMILIES)
        for name, sql in {**_REGISTER, **_recipients()}.items():
            file = folder / "lists" / f"{name}.{lists}"
            written = (
                "format parquet" if lists == "parquet" else "format csv, header, delimiter ';'"
            )
            made.execute(f"copy ({sql}) to '{file.as_posix()}' ({written})")
    config = folder / "geo-target.toml"
    config.write_text(_config(area, lists, memory_limit), "utf-8")
    return config


def _villages(area: str, families: int, partition: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Villages with their families and settlements, and what lists write of them."""
    layer = read_boundaries(None, area=area).villages
    drawn = np.random.default_rng([families, partition])
    weights = drawn.lognormal(0, 0.6, len(layer))
    ends = np.round(families * np.cumsum(weights) / weights.sum()).astype(int)
    sizes = np.diff(ends, prepend=0)
    villages = pd.DataFrame(
        {
            "village": np.arange(len(layer)),
            "rows": len(layer),
            "first": partition * families + ends - sizes,
            "families": sizes,
            "hamlets": [
                _settlements(shape, size // _SETTLEMENT + 1, drawn)
                for shape, size in zip(layer.geometry, sizes, strict=True)
            ],
        }
    )
    places = layer[["regency_name", "district_name", "village_name"]].reset_index()
    places["village_code"] = places["village_code"].str.replace(".", "")
    return villages, places.assign(village=villages["village"])


def _settlements(
    shape: shapely.Geometry, count: int, drawn: np.random.Generator
) -> list[dict[str, float]]:
    """Middles of settlements, and how far they may spread without leaving the village, degrees."""
    radius, inner = next(
        (radius, inner)
        for radius in (0.0008, 0.0004, 0.0001, 0.0)
        if not (inner := shape.buffer(-1.5 * radius)).is_empty
    )
    x1, y1, x2, y2 = inner.bounds
    shapely.prepare(inner)
    found: list[dict[str, float]] = []
    while len(found) < count:
        x, y = drawn.uniform(x1, x2, 4 * count), drawn.uniform(y1, y2, 4 * count)
        inside = shapely.contains_xy(inner, x, y)
        found += [{"x": a, "y": b, "r": radius} for a, b in zip(x[inside], y[inside], strict=True)]
    return found[:count]


def _recipients() -> dict[str, str]:
    """SQL of each list of recipients: the poor more often, in one RW in ten far less often.

    One row in a hundred is of somebody whom the register does not know.
    """
    return {
        program: f"""with chosen as (
                select *, if(hash(g, '{program}', 'away') % 100 = 0, {_PERSONS - 1}, {who}) as k
                from families
                where chance(hash(g, '{program}')) < {share} * if(decile <= 4, 2, 1 / 3)
                    * if(hash(village, rw, 'left out') % 10 = 0, 0.4, 1.067)
            )
            select {columns}
            from (select *, spoiled(nik(g, k), g, '{program}') as nik, named(g, k) as name
                from chosen) join places using (village)
            order by hash(g, '{program}', 'order'), g, k"""
        for program, (_, share, who, columns) in _RECIPIENTS.items()
    }


def _config(area: str, lists: Format, memory_limit: str | None) -> str:
    profiles = {name: name for name in _REGISTER}
    profiles |= {program: row[0] for program, row in _RECIPIENTS.items()}
    sources = "\n".join(
        _SOURCE.format(name=name, lists=lists, profile=profile, number=number)
        for number, (name, profile) in enumerate(profiles.items(), start=1)
    )
    limit = f'memory_limit = "{memory_limit}"' if memory_limit else ""
    return f"""# Semua keluarga dan orang di dalamnya buatan.
[area]
code = "{area}"
synthetic = true

[registry]
base = "dtsen"

{sources}
[coverage]
programs = ["PKH", "SEMBAKO", "PBI_JK"]
on = 2025-10-15

[[definition]]
name = "tanpa-pbi"
programs = ["PKH", "SEMBAKO"]

[welfare]
rule = "decile"
max_decile = 1
poor_max_decile = 4

[archive]
folder = "archive"
{limit}

[access]
open_on_loopback = true
"""


_SOURCE = """[[source]]
file = "lists/{name}.{lists}"
profile = "{profile}"
as_of = 2025-10-01
code_system = "kemendagri"
[source.basis]
number = "DEMO/{number:03d}/2025"
agency = "buatan"
kind = "surat"
purpose = "mengukur kecepatan dengan data buatan"
valid_until = 2045-12-31
"""


def main() -> None:
    """Write a world and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--families", type=int, default=3_300_000)
    parser.add_argument("--lists", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--partition", type=int, default=0)
    parser.add_argument("--memory-limit")
    given = parser.parse_args()
    begun = time.perf_counter()
    config = write_world(
        given.folder, families=given.families, lists=given.lists, partition=given.partition,
        memory_limit=given.memory_limit,
    )  # fmt: skip
    size = sum(file.stat().st_size for file in (given.folder / "lists").iterdir())
    print(f"{config}: {size / 1e6:.0f} MB in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
