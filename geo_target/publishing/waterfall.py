"""From the families that the run before called possibly untouched to those that are uncovered now.

Possibly untouched is the upper end of a headline's range: extreme poor, in a village of the
area, uncovered or unmatched. Each family that was so then or is uncovered now, and not both, has
one cause. A step is real where a list shows that aid began or ended; every other step is one of
data, which does not change anybody's life:

================ ============================================================================
lost             real: a list covered it, and none does any more
covered          real: it was uncovered, and a list covers it
visit_covered    it has said at the door that it receives a program
better_off, died, moved, duplicate, merged
                 a visit has found it so: it counts as extreme poor no more
new              no row of it was in the run before
gone             no row of it is in this run
re_matched       its rows were or are another family's; or what lists could not be asked of it
                 before (it was unmatched, its number was corrected, only its own word covered
                 it) they now tell
re_classified    it was or is not extreme poor, and no visit of this run has ended it
re_placed        it had or has no village of the area
unmatched        it is unmatched now: nobody knows; the last step
================ ============================================================================

The first that is true holds, in the order of `_CAUSE`.
"""

from collections.abc import Mapping
from typing import Any

from geo_target.publishing.changes import balance_steps
from geo_target.registry.memory import Memory, same_rows
from geo_target.workbench import Table, query

GAINS = ("new", "lost", "re_matched", "re_classified", "re_placed")
LOSSES = ("covered", "visit_covered", "better_off", "died", "moved", "duplicate", "merged", "gone",
          "re_matched", "re_classified", "re_placed", "unmatched")  # fmt: skip
#: The causes that are changes of aid, not of data.
REAL = ("covered", "lost")

_TARGET = "welfare_class = 'extreme_poor' and village_code is not null"
_POSSIBLE = f"{_TARGET} and coverage_state in ('uncovered', 'unmatched')"
_UNCOVERED = f"{_TARGET} and coverage_state = 'uncovered'"
_CORRECTED = """(is_.corrected_on is not null
    and coalesce(is_.corrected_on > was.corrected_on, true))"""
_CAUSE = f"""case
    when was.welfare_class is null then
        if(family_id in (select new_id from passed), 're_matched', 'new')
    when is_.welfare_class is null then
        if(family_id in (select old_id from passed), 're_matched', 'gone')
    when is_.ended_by is not null then is_.ended_by
    when was.welfare_class <> is_.welfare_class then 're_classified'
    when (was.village_code is null) <> (is_.village_code is null) then 're_placed'
    when is_.coverage_state = 'unmatched' then 'unmatched'
    when is_.coverage_state = 'covered' and is_.is_state_by_visit then 'visit_covered'
    when was.coverage_state = 'unmatched' or was.is_state_by_visit or {_CORRECTED}
        then 're_matched'
    when is_.coverage_state = 'covered' then 'covered' else 'lost' end"""


def find_waterfall(families: Table, family_keys: Table, before: Table, memory: Memory) -> Table:
    """Families that were possibly untouched or are uncovered, and not both.

    Parameters
    ----------
    families, before
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state``, ``ended_by``,
        ``is_state_by_visit``, ``corrected_on``: of this run, and of the one before.
    family_keys, memory
        As `changes.find_changes` takes them.

    Returns
    -------
    Table
        Columns of schemas.SNAPSHOT_WATERFALL.
    """
    return query(
        f"""
        with was as (select *, {_POSSIBLE} as counts from before),
        is_ as (select *, {_UNCOVERED} as counts from families),
        passed as (
            select family_id as old_id, listed_id as new_id from same
            where old_id <> new_id and was_listed
        ), judged as (
            select family_id, coalesce(is_.counts, false) as is_gain, {_CAUSE} as cause
            from was full join is_ using (family_id)
            where coalesce(was.counts, false) <> coalesce(is_.counts, false)
        )
        select *, cause in {REAL} as is_real from judged order by family_id""",
        before=before,
        families=families,
        same=same_rows(family_keys, memory),
    )


def balance_waterfall(steps: Table, before: Table, after: int) -> dict[str, Any]:
    """Families before and after, and between them gains and losses by cause.

    Parameters
    ----------
    steps, before
        See `find_waterfall`.
    after
        Uncovered families of this run, as its villages add up.

    Raises
    ------
    BalanceError
        If before + gains - losses is not after, or a cause is on the wrong side.
    """
    sql = f"select count(*) from {before.name} where {_POSSIBLE}"
    first = int(before.bench.execute(sql)[0][0])
    return balance_steps(steps, first, after, gains=GAINS, losses=LOSSES)


def joint_counts(changes: Table, steps: Table) -> Mapping[tuple[str, str], int]:
    """Families by their step in `changes.find_changes` and here.

    A step is called ``gains cause`` or ``losses cause``; an empty text is no step.
    """
    found = query(
        """select coalesce(if(c.is_gain, 'gains ', 'losses ') || c.cause, ''),
                coalesce(if(s.is_gain, 'gains ', 'losses ') || s.cause, ''), count(*)
            from c full join s using (family_id) group by 1, 2 order by 1, 2""",
        c=changes, s=steps,
    )  # fmt: skip
    return {(change, step): int(n) for change, step, n in found.bench.execute(f"from {found.name}")}
