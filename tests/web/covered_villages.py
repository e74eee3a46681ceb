"""Coverage by village in a snapshot's exact/: few rows, of a few villages, that can be counted."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geo_target.publishing.coverage_tables import STATES
from tests.web.covered import OWN, WIDER
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE

#: Village, program, whether they are extreme poor, and how many are in each of STATES.
FAMILIES = (
    (VILLAGE, "PKH", True, (20, 2, 5, 30, 3, 4, 1)),
    (VILLAGE, "PKH", False, (1, 0, 1, 0, 0, 10, 0)),
    (VILLAGE, "PBI_APBD", True, (0, 4, 0, 0, 0, 0, 61)),
    (SAME_DISTRICT, "PKH", True, (3, 0, 1, 4, 0, 2, 0)),
    (OTHER_DISTRICT, "PKH", True, (0, 0, 0, 7, 0, 0, 0)),
)
PERSONS = (
    (VILLAGE, "PBI_JK", True, (40, 0, 6, 50, 2, 5, 1)),
    (VILLAGE, "PBI_JK", False, (8, 0, 1, 3, 0, 20, 0)),
    (VILLAGE, "PBI_APBD", True, (0, 9, 0, 0, 0, 0, 95)),
)
#: Village, definition, covered, uncovered, unmatched.
DEFINITIONS = (
    (VILLAGE, OWN, 27, 35, 3), (VILLAGE, WIDER, 30, 32, 3),
    (SAME_DISTRICT, OWN, 4, 6, 0), (OTHER_DISTRICT, OWN, 0, 7, 0),
)  # fmt: skip
#: They add up to the uncovered of the run's own definition.
REASONS = (
    (VILLAGE, "never_verified", "Dinas Sosial", 10),
    (VILLAGE, "no_national_id", "Disdukcapil", 5),
    (VILLAGE, "eligible_not_enrolled", "Dinas Sosial", 18),
    (VILLAGE, "eligible_not_enrolled", "BPJS Kesehatan", 2),
    (SAME_DISTRICT, "above_decile", "BPS", 6),
    (OTHER_DISTRICT, "unexplained", "Dinas Sosial", 7),
)
#: Level, code, visited, fit, of these uncovered, covered, of these unfit.
VERIFIED = (
    ("area", None, 200, 160, 40, 100, 10),
    ("district", "36.73.01", 30, 21, 7, 12, 3),
    ("village", VILLAGE, 4, 3, 1, 2, 1),
    ("village", SAME_DISTRICT, 0, 0, 0, 0, 0),
)


def add_coverage(folder: Path) -> None:
    """Write the exact tables of coverage by village, as a run does."""
    tables: dict[str, list[dict[str, Any]]] = {
        "program_villages": [_states(row, "families") for row in FAMILIES],
        "program_persons": [_states(row, "persons") for row in PERSONS],
        "definition_villages": [
            {"village_code": village, "definition": name, **_three(*counts)}
            for village, name, *counts in DEFINITIONS
        ],
        "reason_villages": [
            dict(zip(("village_code", "reason", "office", "families"), row, strict=True))
            for row in REASONS
        ],
        "lens_villages": [
            {"village_code": VILLAGE, "lens": "elderly_alone", "extreme_poor_families": 65,
             **_three(2, 6, 1), "unknown_families": 11},
            {"village_code": VILLAGE, "lens": "disability", "extreme_poor_families": 65,
             **_three(0, 0, 0), "unknown_families": 65},
        ],
        "convergence_villages": [
            {"village_code": VILLAGE, "strategies": strategies, "programs": programs,
             "families": families}
            for strategies, programs, families in (("", 0, 40), ("1", 1, 14), ("1", 2, 8),
                                                   ("1+2", 3, 3))
        ],
        "evidence_villages": [
            {"village_code": VILLAGE, "families": 65, "verified_families": 9,
             "stale_families": 50, "median_age_days": 812.0, "oldest_on": date(2022, 11, 1),
             "newest_on": date(2025, 9, 20), "is_stale": True},
        ],
        "flag_villages": [
            {"village_code": VILLAGE, "program": "BST", "year": 2022, "flagged_families": 12,
             "flagged_covered_families": 4, "flagged_uncovered_families": 7},
        ],
        "verified_errors": [_errors(*row) for row in VERIFIED],
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name, rows in tables.items():
        file = folder / "exact" / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(rows), file)
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        manifest["files"][f"exact/{name}.parquet"] = {"sha256": sha256}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _states(row: tuple[str, str, bool, tuple[int, ...]], unit: str) -> dict[str, Any]:
    *key, counts = row
    states = {f"{state}_{unit}": count for state, count in zip(STATES, counts, strict=True)}
    return {
        **dict(zip(("village_code", "program", "is_poor"), key, strict=True)),
        unit: sum(counts), **states,
    }  # fmt: skip


def _three(covered: int, uncovered: int, unmatched: int) -> dict[str, int]:
    return {
        "families": covered + uncovered + unmatched, "covered_families": covered,
        "uncovered_families": uncovered, "unmatched_families": unmatched,
    }  # fmt: skip


def _errors(level: str, code: str | None, *counts: int) -> dict[str, Any]:
    visited, fit, missed, covered, wrong = counts
    shares: dict[str, float | None] = {}
    for error, hits, cases in (
        ("exclusion_error", missed, fit),
        ("inclusion_error", wrong, covered),
    ):
        share = hits / cases if cases else None
        shares |= {error: share, f"{error}_low": share and share - 0.05,
                   f"{error}_high": share and share + 0.05}  # fmt: skip
    return {
        "level": level, "code": code, "visited_families": visited, "fit_families": fit,
        "uncovered_fit_families": missed, "covered_families": covered,
        "covered_unfit_families": wrong, **shares,
    }  # fmt: skip
