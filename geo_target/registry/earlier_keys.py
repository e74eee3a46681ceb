"""Sums that were made under an earlier key of the archive, as they are under today's.

What has changed since then has another sum under either key, and stays what it is.
"""

from collections.abc import Sequence

from geo_target.registry.families import Register
from geo_target.registry.fingerprints import describe_rows, fingerprint_rows, pair_sql
from geo_target.workbench import Table, query


def sums_before(registers: Sequence[Register], key: bytes, earlier: Sequence[bytes]) -> Table:
    """Sums of `fingerprint_rows` of every row.

    Returns
    -------
    Table
        ``before`` (under one of the `earlier` keys), ``now`` (under `key`).
    """
    today = fingerprint_rows(registers, key)
    parts = [
        query(
            f"""select before.{name} as before, today.{name} as now
                from today join before using (register, register_family_id)
                where before.{name} is not null""",
            today=today, before=fingerprint_rows(registers, other),
        )
        for other in earlier for name in ("fingerprint", "number_key")
    ]  # fmt: skip
    named = {f"part_{i}": part for i, part in enumerate(parts)}
    return query(" union ".join(f"from {name}" for name in named), **named)


def under_todays_key(family_keys: Table, sums: Table) -> Table:
    """Columns of schemas.FAMILY_KEYS with the sums of `sums_before`."""
    return query(
        """select family_keys.* replace (coalesce(one.now, fingerprint) as fingerprint,
                coalesce(other.now, number_key) as number_key)
            from family_keys left join sums one on one.before = fingerprint
                left join sums other on other.before = number_key""",
        family_keys=family_keys, sums=sums,
    )  # fmt: skip


def decided_today(
    decisions: Table,
    registers: Sequence[Register],
    wanted: Table,
    key: bytes,
    earlier: Sequence[bytes],
) -> Table:
    """Decisions on pairs with the sums that today's key gives them.

    Parameters
    ----------
    decisions
        ``register``, ``register_family_id``, both of the other side, ``fingerprint``.
    wanted
        Rows that these are about, as `describe_rows` wants them.
    """
    today = describe_rows(registers, wanted, key)
    for other in earlier:
        decisions = query(
            f"""with sums as (
                    select today.register, today.register_family_id,
                        today.fingerprint as now, before.fingerprint as before
                    from today join before using (register, register_family_id))
                select decisions.* replace (if(
                    decisions.fingerprint = {pair_sql("one.before", "another.before")},
                    {pair_sql("one.now", "another.now")}, decisions.fingerprint) as fingerprint)
                from decisions
                    left join sums one on one.register = decisions.register
                        and one.register_family_id = decisions.register_family_id
                    left join sums another on another.register = decisions.other_register
                        and another.register_family_id = decisions.other_register_family_id""",
            decisions=decisions, today=today, before=describe_rows(registers, wanted, other),
        )  # fmt: skip
    return decisions
