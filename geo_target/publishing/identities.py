"""Names and masked numbers, kept apart from every other table of the snapshot."""

import hmac

import pyarrow as pa

from geo_target.intake.identity import masked
from geo_target.registry.families import Registry
from geo_target.workbench import Table, query


def identities(registry: Registry, families: Table, key: bytes, *, allowed: bool) -> Table:
    """Names, addresses and masked numbers of the extreme-poor families and their members.

    Only families that a by-name view can name are in it. A NIK never leaves the run: it is
    masked to its last four digits, and keyed by HMAC-SHA256 (a plain hash of a NIK is
    guessed in minutes).

    Parameters
    ----------
    registry
        See `registry.families.Registry`.
    families
        ``family_id``, ``welfare_class``.
    key
        The archive's key.
    allowed
        Whether every list has a valid paper, see `papers.are_all_valid`; else nobody is named.

    Returns
    -------
    Table
        Columns of schemas.IDENTITIES; no rows where that is not allowed.
    """
    named = query(
        f"""
        with poor as (
            select family_id from judged where {allowed} and welfare_class = 'extreme_poor'
        )
        select family_id, cast(null as varchar) as person_id, head_name as name, address,
            {masked("head_national_id")} as national_id_masked,
            {masked("family_card_number")} as family_card_number_masked,
            head_national_id as national_id
        from families join poor using (family_id)
        union all
        select family_id, person_id, name, null, {masked("national_id")}, null, national_id
        from members join poor using (family_id)""",
        families=registry.families, judged=families, members=registry.members,
    )  # fmt: skip
    numbers = [
        number for (number,) in named.bench.execute(
            f"select distinct national_id from {named.name} where national_id is not null"
        )
    ]  # fmt: skip
    keyed = named.bench.take(
        pa.table(
            {
                "national_id": pa.array(numbers, pa.string()),
                "national_id_key": pa.array(
                    [_keyed(number, key) for number in numbers], pa.string()
                ),
            }
        )
    )
    return named.bench.view(
        "select named.*, keyed.national_id_key from named left join keyed using (national_id)",
        named=named, keyed=keyed,
    )  # fmt: skip


def head_numbers(registry: Registry, families: Table) -> dict[str, dict[str, str]]:
    """NIK of the heads of extreme-poor families as they are, to be encrypted at once.

    Parameters
    ----------
    registry, families
        As `identities`; families with ``village_code`` too.

    Returns
    -------
    dict
        NIK by family_id, by code of the village that a family is counted in.
    """
    found = query(
        """
        select judged.village_code, family_id, head_national_id
        from families join judged using (family_id)
        where welfare_class = 'extreme_poor' and head_national_id is not null
            and judged.village_code is not null""",
        families=registry.families, judged=families,
    )  # fmt: skip
    numbers: dict[str, dict[str, str]] = {}
    for village, family, number in found.bench.execute(f"select * from {found.name}"):
        numbers.setdefault(village, {})[family] = number
    found.bench.drop(found)
    return numbers


def _keyed(number: str, key: bytes) -> str:
    return hmac.digest(key, number.encode("ascii"), "sha256").hex()
