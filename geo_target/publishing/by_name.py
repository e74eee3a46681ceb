"""Families by name, from exact/ of a snapshot: read for one request, never prebuilt.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: States of coverage, those to be visited first before the others.
STATES = ("uncovered", "unmatched", "covered")

_FAMILIES = ["family_id", "rt", "rw", "neighborhood", "coverage_state", "location_status"]
#: Why an uncovered family is so, and whose it is; runs of older versions do not say.
_REASON = ["reason", "reason_office"]
_NAMES = [
    "family_id", "name", "address", "national_id_masked", "family_card_number_masked",
    "national_id_key",
]  # fmt: skip


@dataclass(frozen=True)
class NamedFamily:
    """An extreme-poor family as a by-name view shows it; numbers but for four digits hidden."""

    family_id: str
    name: str | None
    address: str | None
    rt: str | None
    rw: str | None
    neighborhood: str | None
    national_id_masked: str | None
    family_card_number_masked: str | None
    national_id_key: str | None
    coverage_state: str
    has_point: bool
    reason: str | None
    reason_office: str | None


def families_of_village(exact: Path, village_code: str, *, state: str) -> list[NamedFamily]:
    """Extreme-poor families that are counted in a village and in a state of coverage.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    village_code
        Kemendagri, dots.
    state
        One of STATES.

    Returns
    -------
    list
        By RW, RT and name; those without an RW last.

    Raises
    ------
    FileNotFoundError
        If the persons of this run have been purged.
    """
    # Most visitors open no list by name: they need not wait for this to be loaded.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = exact / "families.parquet"
    families = pq.read_table(
        file,
        columns=[*_FAMILIES, *(name for name in _REASON if name in pq.read_schema(file).names)],
        filters=(pc.field("village_code") == village_code)
        & (pc.field("welfare_class") == "extreme_poor")
        & (pc.field("coverage_state") == state),
    )
    if not len(families):
        return []
    names = pq.read_table(
        exact / "identities.parquet",
        columns=_NAMES,
        filters=pc.field("family_id").isin(families["family_id"]) & pc.field("person_id").is_null(),
    )
    named = {row["family_id"]: row for row in names.to_pylist()}
    found = [_family(row, named.get(row["family_id"], {})) for row in families.to_pylist()]
    return sorted(found, key=_walk)


def _family(row: Mapping[str, Any], name: Mapping[str, Any]) -> NamedFamily:
    return NamedFamily(
        family_id=row["family_id"],
        name=name.get("name"),
        address=name.get("address"),
        rt=row["rt"],
        rw=row["rw"],
        neighborhood=row["neighborhood"],
        national_id_masked=name.get("national_id_masked"),
        family_card_number_masked=name.get("family_card_number_masked"),
        national_id_key=name.get("national_id_key"),
        coverage_state=row["coverage_state"],
        has_point=row["location_status"] == "located",
        reason=row.get("reason"),
        reason_office=row.get("reason_office"),
    )


def _walk(family: NamedFamily) -> tuple[object, ...]:
    """The order in which somebody walks from house to house."""
    return (
        family.rw is None, family.rw or "", family.neighborhood or "", family.rt is None,
        family.rt or "", family.name or "", family.family_id,
    )  # fmt: skip
