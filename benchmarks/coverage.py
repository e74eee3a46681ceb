"""Coverage of a province: who is reached by what, and why others are not; seconds and memory.

    python -m benchmarks.coverage [--families 3300000] [--memory-limit 4GB] [--rounds 3]

Made-up families in memory, as linkage leaves them, with their members and six lists of
recipients; the whole catalogue of programs, three definitions. The limit is of all tables, those
that linkage leaves among them; what does not fit is spilled.
"""

import argparse
import os
import platform
import resource
import statistics
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.registry import _NUMBERS
from geo_target.registry.families import Registry
from geo_target.schemas import ENROLLMENTS
from geo_target.settings import Settings
from geo_target.targeting.assessment import assess_families
from geo_target.targeting.coverage import CoverageResult, find_coverage
from geo_target.workbench import Table, Workbench

PERSONS_PER_FAMILY = 3.64
ON = date(2025, 10, 15)
#: Rows of the lists of recipients, as shares of the families.
LISTS = {
    "PKH": 0.094, "SEMBAKO": 0.194, "PBI_JK": 0.415, "BPU_JKK_JKM": 0.076, "PIP": 0.248,
    "PBI_APBD": 0.18,
}  # fmt: skip
_WORK = ("BURUH TANI", "NELAYAN", "PETANI/PEKEBUN", "BURUH HARIAN LEPAS", "PNS", "WIRASWASTA")
_SETTINGS = {
    "area": {"code": "36", "synthetic": True},
    "source": [{"file": "families.csv", "profile": "dtsen", "as_of": ON}],
    "coverage": {"programs": ["PKH", "SEMBAKO", "PBI_JK"], "on": ON},
    "definition": [
        {"name": "tanpa-pbi", "programs": ["PKH", "SEMBAKO"]},
        {"name": "semua", "programs": list(LISTS)},
    ],
}


def main() -> None:
    """Print seconds of both steps and the peak of memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=3_300_000)
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"duckdb {version('duckdb')}, limit {given.memory_limit}")  # fmt: skip
    settings = Settings.model_validate(_SETTINGS)
    with (
        tempfile.TemporaryDirectory() as spill,
        Workbench(spill=Path(spill), memory_limit=given.memory_limit) as bench,
    ):
        for statement in _NUMBERS.strip().split(";\n"):
            bench.execute(statement)
        registry, enrollments, judged = _world(bench, given.families)
        print(f"{given.families} families, {len(registry.members)} persons, "
              f"{len(enrollments)} recipients; linked alone {_peak_gb():.2f} GB")  # fmt: skip
        rounds = [
            _round(bench, registry, enrollments, judged, settings) for _ in range(given.rounds)
        ]
    for name, seconds in zip(("coverage", "assessment", "both"), zip(*rounds, strict=True),
                             strict=True):  # fmt: skip
        taken = sorted(seconds)
        print(f"{name:<12}{taken[0]:6.1f} {statistics.median(taken):6.1f} {taken[-1]:6.1f} s")
    print(f"peak {_peak_gb():.2f} GB")


def _round(
    bench: Workbench, registry: Registry, enrollments: Table, judged: Table, settings: Settings
) -> tuple[float, float, float]:
    kept = set(bench.execute("select table_name from duckdb_tables()"))
    begun = time.perf_counter()
    coverage = find_coverage(
        registry.families, registry.keys, registry.members, enrollments, settings.coverage,
        others=settings.definitions, doubtful=registry.doubtful,
    )  # fmt: skip
    found = time.perf_counter()
    assessment = _assess(registry, coverage, judged, settings)
    done = time.perf_counter()
    counted = sum(row["families"] for row in assessment)
    assert counted == len(judged), (counted, len(judged))
    for (name,) in set(bench.execute("select table_name from duckdb_tables()")) - kept:
        bench.execute(f"drop table memory.main.{name}")
    return found - begun, done - found, done - begun


def _assess(
    registry: Registry, coverage: CoverageResult, judged: Table, settings: Settings
) -> list[dict[str, int]]:
    families = judged.bench.query(
        "select *, null::varchar as ended_by from judged join states using (family_id)",
        judged=judged, states=coverage.states,
    )  # fmt: skip
    visits = judged.bench.take_rows(
        {"family_id": "varchar", "visited_on": "date", "result": "varchar",
         "completed_on": "date", "completed_verdict": "varchar"}, [],
    )  # fmt: skip
    found = assess_families(registry, families, coverage, visits, settings, listed_on=ON)
    rows = found.by_village["program_villages"]
    return rows.bench.query(
        "select sum(families)::bigint as families from t where program = 'PKH'", t=rows
    ).rows()


def _world(bench: Workbench, families: int) -> tuple[Registry, Table, Table]:
    persons = round(families * PERSONS_PER_FAMILY)
    listed = bench.query(
        f"""select 'D' || range as family_id, true as in_base, number(range, '98') as
                head_national_id, 4 as members, 1 + range % 10 as decile,
                1 + range % 10 as ranking_decile, true as in_ranking,
                null::date as recorded_on, if(range % 20 = 0, 'unmatched', 'matched')
                as civil_registry, null::varchar as flagged_programs
            from range({families})"""
    )
    words = ", ".join(f"'{word}'" for word in _WORK)
    members = bench.query(
        f"""select 'D' || (range % {families}) as family_id, 'P' || range as person_id,
                number(range, '98') as national_id, null::varchar as name,
                null::date as birth_date,
                if(range % 2 = 0, 'L', 'P')::enum('L', 'P') as sex,
                if(range < {families}, 'Kepala Keluarga', 'Anak')::enum('Kepala Keluarga', 'Anak')
                as relation, [{words}][1 + range % {len(_WORK)}]::enum({words}) as occupation,
                null::enum('-') as disability
            from range({persons})"""
    )
    keys = bench.query(
        f"""select 'D' || (range % {families}) as family_id, 'nik' as kind,
                number(range, '98') as value, range < {families} as is_head
            from range({persons})
            union all select 'D' || range, 'kk', number(range, '99'), false
            from range({families})"""
    )
    judged = bench.query(
        f"""select 'D' || range as family_id, village(range) as village_code,
                if(range % 11 = 0, 'extreme_poor', 'other') as welfare_class
            from range({families})"""
    )
    empty = bench.take_rows({"family_id": "varchar", "is_apart": "boolean"}, [])
    registry = Registry(
        families=listed, keys=keys, members=members, family_keys=empty, doubtful=empty, pairs=empty
    )
    return registry, _recipients(bench, families, persons), judged


def _recipients(bench: Workbench, families: int, persons: int) -> Table:
    lists = " union all ".join(
        f"""select {number} as list, '{program}' as program, number(
                (hash(range, {number}) % {persons})::bigint, '98') as national_id
            from range({round(families * share)})"""
        for number, (program, share) in enumerate(LISTS.items(), start=1)
    )
    written = {"program", "national_id"}
    rest = ", ".join(
        f'null::{c.type} as "{c.name}"' for c in ENROLLMENTS.columns if c.name not in written
    )
    return bench.query(f"select row_number() over () as enrollment, *, {rest} from ({lists})")


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
