"""What an audience is shown of how old and how sure the evidence is, of the whole area."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from geo_target.publishing.audiences import TOTAL, Audience
from geo_target.publishing.disclosure import publish_number
from geo_target.publishing.shown_columns import Shown

#: A share of fewer families is no share.
_SMALLEST_BASE = 20


def publish_evidence(stale: pd.DataFrame, shown: Shown) -> dict[str, Any]:
    """Show how many families were visited of late, and how many are known by old records.

    Parameters
    ----------
    stale
        village_schemas.EVIDENCE_VILLAGES by ``village_code``.
    """
    is_told = shown.totals[TOTAL] is not None and len(stale)
    return {
        "families": shown.totals[TOTAL],
        "verified_families": shown.sums["verified"],
        "stale_families": shown.sums["stale"],
        "stale_villages": int(stale["is_stale"].sum()) if is_told else None,
        "villages": len(stale),
        "oldest_on": stale["oldest_on"].min().isoformat() if is_told else None,
        "newest_on": stale["newest_on"].max().isoformat() if is_told else None,
    }


def publish_flags(rows: pd.DataFrame, shown: Shown) -> list[dict[str, Any]]:
    """Flags of the base register; of several years the span is told, and the counts together."""
    return [
        {
            "program": code,
            "years": [int(years.min()), int(years.max())],
            "flagged_families": shown.sums[f"flagged {code}"],
            "flagged_covered_families": shown.sums[f"flagged covered {code}"],
        }
        for code, years in rows.groupby("program", sort=True)["year"]
    ]


def count_double_aid(exact: Path) -> int:
    """Families that a list pays twice."""
    table = pq.read_table(exact / "double_aid.parquet", columns=["family_id"])
    return len(table["family_id"].unique())


def publish_verified(exact: Path, audience: Audience) -> dict[str, Any] | None:
    """Errors of the visited families of the whole area, where neither side of a share is few."""
    rows = pq.read_table(exact / "verified_errors.parquet").to_pylist()
    area = next((row for row in rows if row["level"] == "area"), None)
    if area is None or area["visited_families"] < _SMALLEST_BASE:
        return None
    cells = (
        area["uncovered_fit_families"],
        area["fit_families"] - area["uncovered_fit_families"],
        area["covered_unfit_families"],
        # What is left: uncovered, and unfit.
        area["visited_families"] - area["fit_families"] - area["covered_unfit_families"],
    )
    told: dict[str, Any] = {"visited_families": area["visited_families"]}
    is_few = None in [publish_number(cell, audience) for cell in cells]
    for error, cases in (
        ("exclusion_error", "fit_families"), ("inclusion_error", "covered_families"),
    ):  # fmt: skip
        is_told = area[cases] >= _SMALLEST_BASE and not is_few
        told[error] = (
            {
                "families": area[cases],
                "share": area[error],
                "low": area[f"{error}_low"],
                "high": area[f"{error}_high"],
            }
            if is_told
            else None
        )
    return told
