"""Living records: every row of a register that any month had, listed or closed.

A newer list updates the rows that it has, and closes those that it has no longer; a row that
comes back is open again under the family that it was. Nothing that was decided or found of a
family is lost by a list, for its id stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from geo_target.registry.memory import Memory, same_rows
from geo_target.workbench import Table, query

#: What a month makes of rows: of those listed now, and of those listed in the run before.
COUNTS: Final = ("new", "changed", "unchanged", "reopened", "closed")


def named_rows(family_keys: Table, fingerprints: Table) -> Table:
    """`family_keys` with the sums of `fingerprint_rows`."""
    return query(
        """select family_keys.*, fingerprint, number_key
            from family_keys left join sums using (register, register_family_id)""",
        family_keys=family_keys, sums=fingerprints,
    )  # fmt: skip


@dataclass(frozen=True)
class Records:
    """Every row of a register that this run or an earlier one had.

    Attributes
    ----------
    rows
        Columns of schemas.FAMILY_KEYS.
    counts
        By register, what became of its rows since the run before, see `COUNTS`: all but
        `closed` are the rows listed now, `changed` + `unchanged` + `closed` those listed then.
    """

    rows: Table
    counts: Mapping[str, Mapping[str, int]]


def keep_records(rows: Table, memory: Memory | None, *, run_id: str, days: int) -> Records:
    """Rows of this run, and the closed ones of earlier runs.

    Parameters
    ----------
    rows
        As `named_rows` gives them, under the ids of `recall_ids`.
    memory
        What the run before knew; None for a first run.
    run_id
        Of this run: a number and its time.
    days
        For which a closed row is kept: the archive shall not hold for ever who was on a list.
    """
    if memory is None:
        return Records(
            query(
                "select *, true as is_listed, $1 as first_seen, $1 as last_seen from rows",
                [run_id],
                rows=rows,
            ),
            _counted(query("select register, 'new' as became from rows", rows=rows)),
        )
    traced = query(
        """select rows.*, same.register is null as is_new, was_listed, old.first_seen,
                old.fingerprint <> rows.fingerprint as has_changed
            from rows left join same using (register, register_family_id)
                left join old on old.register = same.register
                    and old.register_family_id = same.old_row_id""",
        rows=rows, same=(same := same_rows(rows, memory)), old=memory.family_keys,
    )  # fmt: skip
    closed = query(
        """select old.* from old anti join same on same.register = old.register
            and same.old_row_id = old.register_family_id""",
        old=memory.family_keys, same=same,
    )  # fmt: skip
    became = query(
        """select register, case when is_new then 'new' when not was_listed then 'reopened'
                when has_changed then 'changed' else 'unchanged' end as became from traced
            union all select register, 'closed' from closed where is_listed""",
        traced=traced, closed=closed,
    )  # fmt: skip
    return Records(_kept(traced, closed, run_id, days), _counted(became))


def _kept(traced: Table, closed: Table, run_id: str, days: int) -> Table:
    day = datetime.strptime(run_id.split("-")[1][:8], "%Y%m%d").replace(tzinfo=UTC)
    return query(
        """
        select * exclude (is_new, was_listed, has_changed)
                replace (coalesce(first_seen, $1) as first_seen),
            true as is_listed, $1 as last_seen
        from traced
        union all by name (
            select * replace (
                -- of a row of another file, whose place in it is another's by now
                if((register, register_family_id) in (
                        select (register, register_family_id) from traced),
                    register_family_id || '~' || split_part(last_seen, '-', 1),
                    register_family_id) as register_family_id,
                false as is_listed)
            from closed where is_listed or split_part(last_seen, '-', 2) >= $2
        )""",
        [run_id, f"{day - timedelta(days=days):%Y%m%d}"],
        traced=traced, closed=closed,
    )  # fmt: skip


def _counted(became: Table) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for register, what, number in became.bench.execute(
        f"select register, became, count(*) from {became.name} group by all order by all"
    ):
        found.setdefault(register, dict.fromkeys(COUNTS, 0))[what] = int(number)
    return found
