"""An archive of several months: the sample's snapshot, with other days and figures in each."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.web.sample import write_snapshot

JANUARY, FEBRUARY, MARCH = (f"00000{n}-2025112{n}T030000Z" for n in (1, 2, 3))

Record = dict[str, Any]


def write_month(
    archive: Path,
    run_id: str,
    as_of: str,
    *,
    hostile: bool = False,
    **changes: Callable[[Any], Any],
) -> Path:
    """A snapshot of a day; `changes` are of its ``villages``, ``coverage``, ``summary`` ...

    The last one written is the current one.
    """
    folder = write_snapshot(archive, run_id, hostile=hostile)
    edit(folder, "summary.json", lambda summary: {**summary, "as_of": as_of})
    for name, change in changes.items():
        edit(folder, "summary.json" if name == "summary" else f"tables/{name}.json", change)
    return folder


def edit(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Change a file of the meeting, and its sum in the manifest."""
    file = folder / "shown" / "meeting" / name
    body = json.dumps(change(json.loads(file.read_bytes())), ensure_ascii=False).encode()
    file.write_bytes(body)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][f"shown/meeting/{name}"] = {"sha256": hashlib.sha256(body).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def counting(counts: dict[str, int | None]) -> Callable[[list[Record]], list[Record]]:
    """Villages with other counts of uncovered families, by code; None is withheld."""

    def change(rows: list[Record]) -> list[Record]:
        return [
            {**row, "uncovered_families": counts[row["village_code"]],
             "withheld": ["uncovered_families"] if counts[row["village_code"]] is None else []}
            if row["village_code"] in counts else row
            for row in rows
        ]  # fmt: skip

    return change


def write_three_months(archive: Path) -> None:
    """January, February and March; of each month every village has its own number less."""

    def fewer(months: int) -> Callable[[list[Record]], list[Record]]:
        def change(rows: list[Record]) -> list[Record]:
            for number, row in enumerate(sorted(rows, key=lambda row: str(row["village_code"]))):
                if row["uncovered_families"]:
                    moved = min(months * (number % 30 - 8), row["uncovered_families"])
                    row["uncovered_families"] -= moved
                    row["covered_families"] += moved
            return rows

        return change

    write_month(archive, JANUARY, "2025-08-01")
    write_month(archive, FEBRUARY, "2025-09-01", villages=fewer(1))
    write_month(archive, MARCH, "2025-10-01", villages=fewer(2))
