"""Families without names, under pseudonyms, from exact/ of a snapshot: what an analyst works on.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: About 100 m: finer than a village, coarser than a house.
DECIMALS = 3
_COLUMNS = [
    "family_id", "village_code", "rw", "welfare_class", "coverage_state", "reason",
    "reason_office", "location_level", "lon", "lat",
]  # fmt: skip


@dataclass(frozen=True)
class PseudonymousFamily:
    """A family as an analyst sees it."""

    pseudonym: str
    """The same from run to run of an archive; not the id of the audit log."""
    village_code: str
    rw: str | None
    welfare_class: str
    coverage_state: str
    reason: str | None
    reason_office: str | None
    location_level: str | None
    lon: float | None
    lat: float | None
    """Degrees, WGS 84, to DECIMALS."""
    family_id: str
    """For the audit log alone: it leads back to names."""


def pseudonym(family_id: str, key: bytes) -> str:
    """What stands for a family: HMAC-SHA256 under the archive's key, 64 bits of it."""
    return hmac.digest(key, f"pseudonym {family_id}".encode(), "sha256").hex()[:16]


def families_under_pseudonyms(exact: Path, place: str, *, key: bytes) -> list[PseudonymousFamily]:
    """Families that are counted in a village or district, ordered by village and pseudonym.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    place
        Code of a village or of a district, Kemendagri with dots.
    key
        The archive's key.

    Raises
    ------
    FileNotFoundError
        If the persons of this run have been purged.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  # most visitors never need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = exact / "families.parquet"
    here = pc.starts_with(pc.field("village_code"), f"{place}.")
    there = pq.read_schema(file).names
    table = pq.read_table(
        file,
        columns=[name for name in _COLUMNS if name in there],
        filters=here | (pc.field("village_code") == place),
    )
    found = [_family(row, key) for row in table.to_pylist()]
    return sorted(found, key=lambda one: (one.village_code, one.pseudonym))


def _family(row: dict[str, Any], key: bytes) -> PseudonymousFamily:
    degrees = {name: row[name] for name in ("lon", "lat")}
    return PseudonymousFamily(
        pseudonym=pseudonym(row["family_id"], key),
        village_code=row["village_code"],
        rw=row["rw"],
        welfare_class=row["welfare_class"],
        coverage_state=row["coverage_state"],
        reason=row.get("reason"),
        reason_office=row.get("reason_office"),
        location_level=row.get("location_level"),
        **{name: None if at is None else round(at, DECIMALS) for name, at in degrees.items()},
        family_id=row["family_id"],
    )
