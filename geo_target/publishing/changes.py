"""What has changed since the run before among uncovered extreme-poor families, by cause.

A family is counted where a run's headline counts it: extreme poor, uncovered, in a village of
the area. Each family that is counted in one of the two runs only has one cause:

============== ===============================================================================
new            no row of it was in the run before
gone           no row of it is in this run
re_matched     its rows were or are another family's, or it was or is unmatched
re_classified  it was or is not extreme poor
re_placed      it had or has no village of the area
lost           it was covered, and is not any more
covered        it was uncovered, and is covered
============== ===============================================================================

The first that is true holds; what a family was before is compared with what it is now.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from geo_target.errors import BalanceError, Fault
from geo_target.registry.memory import Memory, same_rows
from geo_target.workbench import Table, query

GAINS = ("new", "lost", "re_matched", "re_classified", "re_placed")
LOSSES = ("gone", "covered", "re_matched", "re_classified", "re_placed")

_COUNTED = """welfare_class = 'extreme_poor' and coverage_state = 'uncovered'
    and village_code is not null"""


def find_changes(families: Table, family_keys: Table, before: Table, memory: Memory) -> Table:
    """Families that are counted in one of two runs only.

    Parameters
    ----------
    families, before
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state``: of this run, and
        of the one before.
    family_keys, memory
        Rows listed in this run, see `same_rows`, and what the one before knew: their ids are of
        one kind, see `recall_ids`.

    Returns
    -------
    Table
        Columns of schemas.SNAPSHOT_CHANGES.
    """
    return query(
        f"""
        with was as (select *, {_COUNTED} as counts from before),
        is_ as (select *, {_COUNTED} as counts from families),
        passed as (
            select family_id as old_id, listed_id as new_id from same
            where old_id <> new_id and was_listed
        )
        select family_id, coalesce(is_.counts, false) as is_gain,
            case when was.welfare_class is null then
                    if(family_id in (select new_id from passed), 're_matched', 'new')
                when is_.welfare_class is null then
                    if(family_id in (select old_id from passed), 're_matched', 'gone')
                when was.welfare_class <> is_.welfare_class then 're_classified'
                when (was.village_code is null) <> (is_.village_code is null) then 're_placed'
                when 'unmatched' in (was.coverage_state, is_.coverage_state) then 're_matched'
                when is_.counts then 'lost' else 'covered' end as cause
        from was full join is_ using (family_id)
        where coalesce(was.counts, false) <> coalesce(is_.counts, false)
        order by family_id""",
        before=before,
        families=families,
        same=same_rows(family_keys, memory),
    )


def balance_changes(changes: Table, before: Table, after: int) -> dict[str, Any]:
    """Counted families before and after, and between them gains and losses by cause.

    Parameters
    ----------
    changes, before
        See `find_changes`.
    after
        Counted families of this run, as its villages add up.

    Raises
    ------
    BalanceError
        If before + gains - losses is not after.
    """
    first = int(before.bench.execute(f"select count(*) from {before.name} where {_COUNTED}")[0][0])
    return balance_steps(changes, first, after, gains=GAINS, losses=LOSSES)


def balance_steps(
    steps: Table, first: int, after: int, *, gains: Sequence[str], losses: Sequence[str]
) -> dict[str, Any]:
    """Families before and after, and between them gains and losses by cause.

    Parameters
    ----------
    steps
        One row a family that is counted in one of two runs only: ``is_gain``, ``cause``.
    first, after
        Families that are counted in the one run and in the other.
    gains, losses
        Causes that each side may have.

    Raises
    ------
    BalanceError
        If first + gains - losses is not after, or a cause is on the wrong side.
    """
    counts = {
        (is_gain, cause): int(number)
        for is_gain, cause, number in steps.bench.execute(
            f"select is_gain, cause, count(*) from {steps.name} group by all"
        )
    }
    gained = {cause: counts.pop((True, cause), 0) for cause in gains}
    lost = {cause: counts.pop((False, cause), 0) for cause in losses}
    reached = first + sum(gained.values()) - sum(lost.values())
    if counts or reached != after:
        raise _unbalanced(reached, after)
    return {"before": first, "after": after, "gains": gained, "losses": lost}


def is_same_question(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Whether two settings ask the same, but for the day: else changes are of rules, too."""

    def asked(settings: Mapping[str, Any]) -> list[Any]:
        coverage = {**settings["coverage"], "on": None}
        return [settings["area"]["code"], settings["registry"], coverage, settings["welfare"]]

    return asked(now) == asked(then)


def _unbalanced(reached: int, after: int) -> BalanceError:
    """What is raised where the steps between two runs do not add up."""
    what = "before + gains - losses"
    return BalanceError(
        Fault(
            "E-BALANCE",
            id=f"perubahan keluarga tidak seimbang: {what} = {reached}, seharusnya {after}; "
            "tidak ada yang diterbitkan; laporkan kepada pengembang",
            en=f"the changes of families do not balance: {what} = {reached}, not {after}; "
            "nothing is published; report it to the developers",
        )
    )
