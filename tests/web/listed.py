"""Registers and recipient lists in a snapshot's exact/: who of `named.families` is listed where."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.builders import nik
from tests.web.named import VILLAGE, families
from tests.web.sample import HOSTILE_NAMES

#: A family that is not extreme poor, whose register made its id of a number; it has no name.
UNNAMED = nik(77)
HOSTILE = HOSTILE_NAMES[0]

#: Combination of registers, and families: of the whole area (3 without a village) and by village.
OVERLAPS = (
    (None, "dtsen", 9), (None, "dtsen+p3ke", 3), (None, "p3ke", 35), (None, HOSTILE, 1),
    (VILLAGE, "dtsen", 1), (VILLAGE, "dtsen+p3ke", 3), (VILLAGE, "p3ke", 3),
    (VILLAGE, HOSTILE, 1),
    ("36.73.01.1002", "p3ke", 30), ("36.73.01.1002", "dtsen", 5),
    ("36.73.02.1001", "p3ke", 2),
)  # fmt: skip
MATCHES = (
    (VILLAGE, 40, 30, 4, 0, 2), ("36.73.01.1002", 6, 6, 0, 0, 0),
    ("36.73.02.1001", 21, 0, 0, 1, 0), (None, 100, 50, 0, 0, 0),
)  # fmt: skip


def add_registers(folder: Path) -> None:
    """Write what pages about registers read of exact/; after `add_names`."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    people = families()
    keys = [_key("p3ke", each.family_id) for each in people]
    keys += [_key("dtsen", each.family_id) for each in people if each.state == "covered"]
    # Family 1 was in DTSEN in an earlier month, and is not any more.
    keys += [_key("dtsen", people[0].family_id, is_listed=False), _key("dtsen", UNNAMED),
             _key(HOSTILE, "OTHER")]  # fmt: skip
    known = pq.read_table(folder / "exact/families.parquet").to_pylist()
    others = [
        known[0] | {"family_id": family, "rw": "009", "welfare_class": "other"}
        for family in (UNNAMED, "OTHER")
    ]
    tables: dict[str, list[dict[str, Any]]] = {
        "families": [*known, *others],
        "family_keys": keys,
        "overlaps": [
            {"village_code": code, "registers": registers, "families": count}
            for code, registers, count in OVERLAPS
        ],
        "match_rates": [_matches(*row) for row in MATCHES],
    }
    for name, rows in tables.items():
        file = folder / "exact" / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist(rows), file)
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        manifest["files"][f"exact/{name}.parquet"] = {"sha256": sha256}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _key(register: str, family_id: str, *, is_listed: bool = True) -> dict[str, Any]:
    return {
        "register": register, "register_family_id": family_id, "family_id": family_id,
        "is_listed": is_listed,
    }  # fmt: skip


def _matches(village_code: str | None, enrollments: int, *ways: int) -> dict[str, Any]:
    names = ("nik_enrollments", "kk_enrollments", "family_id_enrollments", "name_enrollments")
    return {
        "list": 2, "file": "b.xlsx", "profile": "siks-recipients", "agency": HOSTILE_NAMES[1],
        "village_code": village_code, "enrollments": enrollments,
        **dict(zip(names, ways, strict=True)), "unlinked_enrollments": enrollments - sum(ways),
    }  # fmt: skip
