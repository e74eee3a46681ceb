"""Which registers list a family, and how lists match: exact, read for one request.

Light, for the web imports it: Parquet by pyarrow alone. Who may ask is not asked here.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Between the names of registers, as `registry.overlaps` joins them.
JOINT = "+"
#: Keys by which a recipient is found among the families, the first that does counts.
WAYS = ("nik", "kk", "family_id", "name")

#: Registers that list a family, and no other, in the order of the alphabet.
Combination = tuple[str, ...]

_LISTED = ["family_id", "rt", "rw", "neighborhood"]


@dataclass(frozen=True)
class ListMatches:
    """Usable rows of a recipient list (its place in the configuration), by the key that found one.

    `linked` has those of WAYS that the run counted.
    """

    number: int
    file: str
    agency: str | None
    enrollments: int
    linked: Mapping[str, int]
    unlinked: int


@dataclass(frozen=True)
class ListedFamily:
    """A family of a combination; only those that by-name views name have a name."""

    family_id: str
    name: str | None
    rt: str | None
    rw: str | None
    neighborhood: str | None
    national_id_key: str | None


def families_by_combination(exact: Path) -> dict[str | None, dict[Combination, int]]:
    """Families by village and by the registers that list them.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.

    Returns
    -------
    dict
        By village code (Kemendagri, dots); None is all families, those of no village among them.
    """
    found: dict[str | None, dict[Combination, int]] = {}
    for row in _rows(exact / "overlaps.parquet"):
        registers = tuple(row["registers"].split(JOINT))
        found.setdefault(row["village_code"], {})[registers] = int(row["families"])
    return found


def sum_of_villages(
    found: Mapping[str | None, Mapping[Combination, int]], villages: Collection[str]
) -> dict[Combination, int]:
    """Sum of some villages of `families_by_combination`, the combination of most families first."""
    total: Counter[Combination] = Counter()
    for village in villages:
        total.update(found.get(village, {}))
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def matches_by_list(exact: Path, villages: Collection[str] | None = None) -> list[ListMatches]:
    """How many rows of each recipient list are families, in the order of the configuration.

    Parameters
    ----------
    exact
        The folder exact/ of a snapshot.
    villages
        Only rows that state one of these (Kemendagri, dots). None is all rows, those of no
        village among them.
    """
    rows: dict[int, list[Mapping[str, Any]]] = {}
    for row in _rows(exact / "match_rates.parquet"):
        if villages is None or row["village_code"] in villages:
            rows.setdefault(int(row["list"]), []).append(row)
    return [_sum(number, rows[number]) for number in sorted(rows)]


def families_of_combination(
    exact: Path, village_code: str, registers: Collection[str]
) -> list[ListedFamily]:
    """Families of a village that these registers list, and no other.

    Returns
    -------
    list
        By RW, RT and name; those without an RW last.

    Raises
    ------
    FileNotFoundError
        If the persons of this run have been purged.
    """
    # Most visitors open no list: they need not wait for this to be loaded.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    families = pq.read_table(
        exact / "families.parquet",
        columns=_LISTED,
        filters=pc.field("village_code") == village_code,
    )
    if not len(families):
        return []
    own = pc.field("family_id").isin(families["family_id"])
    file = exact / "family_keys.parquet"
    # Of a register that listed a family in an earlier month, and does not now, a row is kept.
    says_so = "is_listed" in pq.read_schema(file).names
    keys = pq.read_table(
        file,
        columns=["register", "family_id"],
        filters=own & pc.field("is_listed") if says_so else own,
    )
    listing: dict[str, set[str]] = {}
    for row in keys.to_pylist():
        listing.setdefault(row["family_id"], set()).add(row["register"])
    names = pq.read_table(
        exact / "identities.parquet",
        columns=["family_id", "name", "national_id_key"],
        filters=own & pc.field("person_id").is_null(),
    )
    named = {row["family_id"]: row for row in names.to_pylist()}
    wanted = set(registers)
    return sorted(
        (
            ListedFamily(
                **row,
                name=named.get(row["family_id"], {}).get("name"),
                national_id_key=named.get(row["family_id"], {}).get("national_id_key"),
            )
            for row in families.to_pylist()
            if listing.get(row["family_id"]) == wanted
        ),
        key=_walk,
    )


def _walk(family: ListedFamily) -> tuple[object, ...]:
    """The order in which somebody walks from house to house."""
    place = (family.rw, family.neighborhood, family.rt, family.name)
    return (*((part is None, part or "") for part in place), family.family_id)


def _rows(file: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415  # as above

    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return rows


def _sum(number: int, rows: Sequence[Mapping[str, Any]]) -> ListMatches:
    def total(name: str) -> int:
        return sum(int(row[name]) for row in rows)

    return ListMatches(
        number=number,
        file=rows[0]["file"],
        agency=rows[0]["agency"],
        enrollments=total("enrollments"),
        linked={
            way: total(f"{way}_enrollments") for way in WAYS if f"{way}_enrollments" in rows[0]
        },
        unlinked=total("unlinked_enrollments"),
    )
