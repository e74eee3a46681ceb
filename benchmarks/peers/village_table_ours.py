"""Lists to village table with geo_target's own stages: FOLDER FORM OUT MEMORY_LIMIT."""

import json
import sys
from datetime import date
from pathlib import Path

from benchmarks.measured import measured
from benchmarks.village_lists import AREA, LISTS
from geo_target import pipeline
from geo_target.settings import Settings
from geo_target.stages import Stages
from geo_target.targeting.villages import summarize_villages
from geo_target.workbench import Workbench, query

DAY = date(2025, 10, 15)


def main(folder: Path, form: str, out: Path, memory_limit: str) -> None:
    """Read, join, count, and write the table."""
    profiles = {"families": "families", "persons": "persons"}
    settings = Settings.model_validate(
        {
            "area": {"code": AREA, "synthetic": True},
            "registry": {"base": "families"},
            "coverage": {"programs": list(LISTS), "on": DAY},
            "source": [
                {
                    "file": folder / f"{name}.{form}",
                    "profile": profiles.get(name, "enrollments"),
                    "as_of": DAY,
                    "code_system": "kemendagri",
                }
                for name in (*profiles, *LISTS)
            ],
        }
    )
    stages = Stages()
    spill = out.parent / "spill"
    with Workbench(spill=spill, memory_limit=memory_limit) as bench, measured() as found:
        lists = pipeline.read_lists(bench, settings, stages)
        boundaries = pipeline.read_places(settings, stages)
        registry, _ = pipeline.link(lists, settings, bytes(32), stages)
        located = pipeline.locate(registry, lists, boundaries, settings, stages)
        recipients = pipeline.match(registry, lists, settings, stages)
        coverage = pipeline.cover(registry, recipients, settings, stages)
        families = pipeline.judge(registry, located, coverage, settings, stages)
        with stages.stage("village table", "", ""):
            villages = summarize_villages(families, boundaries.villages)
            reached = ", ".join(f'count_if("{p}" = \'covered\') as "{p}"' for p in LISTS)
            counted = query(
                f"""with numbers as (
                        select family_id, count(distinct value) as persons from keys
                        where kind = 'nik' group by 1
                    )
                    select village_code, sum(persons)::bigint as persons, {reached}
                    from families join by_program using (family_id)
                        left join numbers using (family_id)
                    group by 1 order by 1""",
                families=families, by_program=coverage.by_program, keys=registry.keys,
            ).frame().set_index("village_code")  # fmt: skip
            table = villages[["families", "covered_families"]].join(counted).fillna(0)
            table = table.rename(columns={"covered_families": "covered"}).sort_index()
    columns = ["village_code", "families", "persons", *LISTS, "covered"]
    table = table.reset_index()[columns].astype(dict.fromkeys(columns[1:], "int64"))
    table.to_parquet(out, index=False)
    print(json.dumps({**found, "stages": stages.seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
