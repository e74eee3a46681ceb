"""Doubtful pairs in a snapshot's exact/, made of the families of `named`."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.web.named import VILLAGE, Private, families

WEAK = "weak: name: unlike, birth date: missing, sex: same, card: unlike, place: village"

#: Columns of schemas.SNAPSHOT_PAIR_SIDES, in their types.
_SIDES = pa.schema(
    [
        *((name, pa.string()) for name in (
            "register", "register_family_id", "village_code", "head_name", "sex",
            "national_id_masked", "family_card_number_masked", "address", "neighborhood", "rt",
            "rw",
        )),
        ("birth_date", pa.date32()), ("members", pa.int64()), ("has_national_id", pa.bool_()),
    ]
)  # fmt: skip


def add_pairs(folder: Path, *, data: str = "a", matched_by: str = "name", **more: Any) -> None:
    """Write three doubtful pairs, the likeliest first: families 1 and 7, 2 and 8, 3 and 9.

    Parameters
    ----------
    data
        Another letter stands for other data: fingerprints are made of it.
    more
        What the first side of every pair says otherwise.
    """
    people = families()
    known = [(people[at], people[at + 6]) for at in range(3)]
    pairs = [
        _pair(at, *both, data=data) | {"matched_by": matched_by} for at, both in enumerate(known)
    ]
    sides = [
        row for one, other in known for row in (_side("p3ke", one) | more, _side("dtsen", other))
    ]
    write_pairs(folder, pairs, sides)


def write_pairs(
    folder: Path, pairs: Sequence[dict[str, Any]], sides: Sequence[dict[str, Any]]
) -> None:
    """Write both tables into a snapshot, and their sums into its manifest."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    tables = {
        "exact/pairs.parquet": pa.Table.from_pylist(list(pairs)),
        "exact/pair_sides.parquet": pa.Table.from_pylist(list(sides), schema=_SIDES),
    }
    for name, table in tables.items():
        pq.write_table(table, folder / name)
        content = (folder / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _pair(at: int, one: Private, other: Private, *, data: str) -> dict[str, Any]:
    return {
        "register": "p3ke", "register_family_id": f"P{one.number}", "other_register": "dtsen",
        "other_register_family_id": f"D{other.number}", "family_id": one.family_id,
        "other_family_id": other.family_id, "state": "doubtful", "weight": -1.0 - at,
        "probability": 0.4 - at / 100, "reason": WEAK, "matched_by": "name",
        "fingerprint": hashlib.sha256(f"{data} {at}".encode()).hexdigest(), "is_reopened": False,
    }  # fmt: skip


def _side(register: str, each: Private) -> dict[str, Any]:
    masked = f"{'•' * 12}{each.last_digits}"
    return {
        "register": register, "register_family_id": f"{register[0].upper()}{each.number}",
        "village_code": VILLAGE, "head_name": each.name, "birth_date": date(1980, 5, 1),
        "sex": "L", "national_id_masked": masked, "family_card_number_masked": masked,
        "address": each.address, "neighborhood": None, "rt": "001", "rw": each.rw, "members": 4,
        "has_national_id": True,
    }  # fmt: skip
