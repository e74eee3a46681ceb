"""Families with names in a snapshot's exact/: each private field holds a word of its own."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

VILLAGE = "36.73.01.1001"
SAME_DISTRICT = "36.73.01.1002"
OTHER_DISTRICT = "36.73.02.1001"

#: village, state, RW, how many families
_GROUPS = (
    (VILLAGE, "uncovered", "001", 2),
    (VILLAGE, "unmatched", "002", 1),
    (VILLAGE, "covered", "003", 3),
    (SAME_DISTRICT, "uncovered", "001", 30),
    (OTHER_DISTRICT, "uncovered", "004", 2),
)


@dataclass(frozen=True)
class Private:
    """A family and its head; `words` are in no other family's fields."""

    family_id: str
    village_code: str
    state: str
    rw: str
    number: int

    @property
    def name(self) -> str:
        return f"CANARYNAME{self.number:04d}"

    @property
    def address(self) -> str:
        return f"CANARYROAD{self.number:04d}"

    @property
    def last_digits(self) -> str:
        return f"{7000 + self.number:04d}"

    @property
    def lon(self) -> float:
        return 111.1 + self.number * 0.0012345  # no line of the map lies there

    @property
    def words(self) -> tuple[str, ...]:
        return (
            self.name, self.address, f"{'•' * 12}{self.last_digits}", _key(self.number),
            self.family_id, f"{self.lon:.5f}",
        )  # fmt: skip


def families() -> list[Private]:
    """All families, numbered from 1."""
    found: list[Private] = []
    for village, state, rw, count in _GROUPS:
        for _ in range(count):
            number = len(found) + 1
            found.append(Private(f"CANARYFAMILY{number:04d}", village, state, rw, number))
    return found


def add_names(folder: Path, *, until: str = "2999-12-31") -> None:
    """Write the two exact tables that by-name views read, and the papers, into a snapshot."""
    people = families()
    tables = {
        "exact/families.parquet": [_family(each) for each in people],
        "exact/identities.parquet": [row for each in people for row in _identities(each)],
    }
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / name)
        content = (folder / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest()}
    paper = {
        "file": "a.xlsx", "state": "valid", "number": "DEMO/001", "agency": "Dinas Contoh",
        "kind": "PKS", "purpose": "pemadanan", "valid_until": until,
    }  # fmt: skip
    manifest |= {"papers": [paper], "names": {"allowed": True, "until": until}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _family(each: Private) -> dict[str, object]:
    return {
        "family_id": each.family_id, "village_code": each.village_code, "rt": "005",
        "rw": each.rw, "neighborhood": None, "lon": each.lon, "lat": -6.1,
        "location_status": "located", "welfare_class": "extreme_poor",
        "coverage_state": each.state,
        "reason": "eligible_not_enrolled" if each.state == "uncovered" else None,
        "reason_office": "Dinas Sosial" if each.state == "uncovered" else None,
    }  # fmt: skip


def _identities(each: Private) -> list[dict[str, object]]:
    head: dict[str, object] = {
        "family_id": each.family_id, "person_id": None, "name": each.name,
        "address": each.address, "national_id_masked": f"{'•' * 12}{each.last_digits}",
        "family_card_number_masked": f"{'•' * 12}{each.last_digits}",
        "national_id_key": _key(each.number),
    }  # fmt: skip
    member = head | {"person_id": f"{each.family_id}-1", "name": f"{each.name}MEMBER"}
    return [head, member]


def _key(number: int) -> str:
    return hashlib.sha256(f"canary {number}".encode()).hexdigest()
