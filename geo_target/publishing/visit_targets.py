"""Families that may be visited, from exact/ of a snapshot: without names, for plans.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from geo_target.fieldwork.visits import Target

#: States that a visit can settle.
OPEN_STATES = ("uncovered", "unmatched")

_COLUMNS = [
    "family_id", "village_code", "rw", "rt", "neighborhood", "coverage_state", "reason",
    "cluster_id", "evidence_on", "location_level", "location_status", "lon", "lat",
]  # fmt: skip


def targets_of(
    exact: Path,
    *,
    district_codes: Collection[str] | None = None,
    states: Collection[str] = OPEN_STATES,
) -> list[Target]:
    """Extreme-poor families of a snapshot that have a village, by ``family_id``.

    When they were visited last is not known here: see `operations`.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    district_codes
        Of which districts (Kemendagri, dots); None is all.
    states
        Of which states of coverage.

    Raises
    ------
    FileNotFoundError
        If the persons of this run have been purged.
    """
    # Most visitors plan nothing: they need not wait for this to be loaded.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = exact / "families.parquet"
    known = set(pq.read_schema(file).names)
    rows = pq.read_table(
        file,
        columns=[name for name in _COLUMNS if name in known],
        filters=(pc.field("welfare_class") == "extreme_poor")
        & pc.field("village_code").is_valid()
        & pc.field("coverage_state").isin(list(states)),
    ).to_pylist()
    targets = (_target(row) for row in rows)
    wanted = (t for t in targets if district_codes is None or t.district_code in district_codes)
    return sorted(wanted, key=lambda target: target.family_id)


def _target(row: dict[str, Any]) -> Target:
    # A point outside of the area leads nobody to a house.
    has_point = row.pop("location_status") == "located"
    lon, lat = row.pop("lon"), row.pop("lat")
    return Target(**row, lon=lon if has_point else None, lat=lat if has_point else None)


def base_ids(exact: Path, base: str, *, asked: Collection[str] = ()) -> dict[str, str]:
    """Ids by which the next run knows families, by their id in the archive.

    What a visit found names a family as the lists do: by the base register's id, or by
    ``<register>:<id>`` where the base does not list it. A family goes by its own id as long as
    the base has it, or a correction would move to another row of it. So does one that is a part
    of another family by now: a correction may have joined the two, and without it they would
    be two again.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    base
        Name of the base register.
    asked
        Families that the base may not list, by their ids; without it those have none.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    column, parts = pc.field, [one.partition(":")[2] for one in asked]
    is_asked = column("family_id").isin(pa.array(asked, pa.string()))
    is_asked |= column("register_family_id").isin(pa.array(parts, pa.string()))
    rows = pq.read_table(
        exact / "family_keys.parquet",
        columns=["register", "register_family_id", "family_id"],
        filters=column("is_listed") & ((column("register") == base) | is_asked),
    ).to_pylist()
    named = sorted((_named(row, base) for row in rows), key=lambda one: (one[1] != one[0], one))
    in_base = [(family, name) for family, name, is_base in named if is_base]
    others = [(family, name) for family, name, is_base in named if not is_base]
    first = {**dict(reversed(others)), **dict(reversed(in_base))}
    joined = {name: first[family] for family, name in others}
    return {**joined, **{name: name for _, name in in_base}, **first}


def _named(row: Mapping[str, str], base: str) -> tuple[str, str, bool]:
    """Family of a row, the id that a run without memory has for it, whether it is the base's."""
    register, name = row["register"], row["register_family_id"]
    return row["family_id"], name if register == base else f"{register}:{name}", register == base


def reasons_of(exact: Path) -> dict[str, str]:
    """Why families are uncovered, by their id in the archive; of uncovered ones alone."""
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = pq.read_table(
        exact / "families.parquet",
        columns=["family_id", "reason"],
        filters=pc.field("reason").is_valid(),
    ).to_pylist()
    return {row["family_id"]: row["reason"] for row in rows}
