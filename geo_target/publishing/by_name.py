"""Families by name, from exact/ of a snapshot: read for one request, never prebuilt.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo_target.long_numbers import mask_numbers

#: States of coverage, those to be visited first before the others.
STATES = ("uncovered", "unmatched", "covered")

_FAMILIES = ["family_id", "rt", "rw", "neighborhood", "coverage_state", "location_status"]
#: Why an uncovered family is so, and whose it is; runs of older versions do not say.
_REASON = ["reason", "reason_office"]
#: States of coverage.parquet of a family that gets a program, whether or not it should.
_RECEIVES = ["covered", "covered_undecided", "enrolled_not_eligible"]
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
    import pyarrow.compute as pc  # noqa: PLC0415  # see `_read`

    wanted = (
        (pc.field("village_code") == village_code)
        & (pc.field("welfare_class") == "extreme_poor")
        & (pc.field("coverage_state") == state)
    )
    return sorted(_read(exact, wanted), key=_walk)


def families_by_id(exact: Path, family_ids: Collection[str]) -> dict[str, NamedFamily]:
    """Families of any village and state by their id, for papers of visits to them.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    family_ids
        Of the run; another run's that are gone are left out of the result.

    Returns
    -------
    dict
        By ``family_id``. A family that the run does not name has no name in it.

    Raises
    ------
    FileNotFoundError
        If the persons of this run have been purged.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  # see `_read`

    if not family_ids:
        return {}
    found = _read(exact, pc.field("family_id").isin(sorted(set(family_ids))))
    return {family.family_id: family for family in found}


def families_of_person(exact: Path, national_id_keys: Collection[str]) -> set[str]:
    """Ids of the families that a person heads or belongs to in a run.

    Parameters
    ----------
    national_id_keys
        Keyed ids of the person's NIK, see `operations.numbers.keyed_id`.

    Raises
    ------
    FileNotFoundError
        As `families_by_id`.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  # see `_read`
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(
        exact / "identities.parquet",
        columns=["family_id"],
        filters=pc.field("national_id_key").isin(sorted(national_id_keys)),
    )
    return set(table["family_id"].to_pylist())


def programs_by_family(exact: Path, family_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Codes of the programs that count for each family on the day of the run, in order.

    Families without any are not in the result.

    Raises
    ------
    FileNotFoundError
        As `families_by_id`.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  # see `_read`
    import pyarrow.parquet as pq  # noqa: PLC0415

    if not family_ids:
        return {}
    table = pq.read_table(
        exact / "coverage.parquet",
        columns=["family_id", "program"],
        filters=pc.field("family_id").isin(sorted(set(family_ids)))
        & pc.field("state").isin(_RECEIVES),
    )
    programs = defaultdict(list)
    for row in table.to_pylist():
        programs[row["family_id"]].append(row["program"])
    return {family: tuple(sorted(codes)) for family, codes in programs.items()}


def _read(exact: Path, wanted: Any) -> list[NamedFamily]:
    """Families that fulfil a condition on families.parquet, in no order."""
    # Most visitors open no list by name: they need not wait for this to be loaded.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = exact / "families.parquet"
    families = pq.read_table(
        file,
        columns=[*_FAMILIES, *(name for name in _REASON if name in pq.read_schema(file).names)],
        filters=wanted,
    )
    if not len(families):
        return []
    names = pq.read_table(
        exact / "identities.parquet",
        columns=_NAMES,
        filters=pc.field("family_id").isin(families["family_id"]) & pc.field("person_id").is_null(),
    )
    named = {row["family_id"]: row for row in names.to_pylist()}
    return [_family(row, named.get(row["family_id"], {})) for row in families.to_pylist()]


def _family(row: Mapping[str, Any], name: Mapping[str, Any]) -> NamedFamily:
    return NamedFamily(
        family_id=row["family_id"],
        name=_masked(name.get("name")),
        address=_masked(name.get("address")),
        rt=row["rt"],
        rw=row["rw"],
        neighborhood=_masked(row["neighborhood"]),
        national_id_masked=name.get("national_id_masked"),
        family_card_number_masked=name.get("family_card_number_masked"),
        national_id_key=name.get("national_id_key"),
        coverage_state=row["coverage_state"],
        has_point=row["location_status"] == "located",
        reason=row.get("reason"),
        reason_office=row.get("reason_office"),
    )


def _masked(text: str | None) -> str | None:
    """Lists have numbers of persons in names and addresses too, and a dash where there is none."""
    if not text or not any(each.isalnum() for each in text):
        return None
    return mask_numbers(text)


def _walk(family: NamedFamily) -> tuple[object, ...]:
    """The order in which somebody walks from house to house."""
    return (
        family.rw is None, family.rw or "", family.neighborhood or "", family.rt is None,
        family.rt or "", family.name or "", family.family_id,
    )  # fmt: skip
