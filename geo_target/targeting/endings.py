"""Families that a visit found to be none of the extreme poor any more: the rule's class, overruled.

The class comes from lists that were made before; whoever stood at the door knows better.
"""

from collections.abc import Mapping

from geo_target.schemas import ENDINGS
from geo_target.workbench import Table, query


def end_families(welfare: Table, endings: Table | None) -> Table:
    """Give each ended family the class ``other``.

    Parameters
    ----------
    welfare
        ``family_id``, ``welfare_class``: see `welfare.classify_welfare`.
    endings
        ``family_id``, ``ended_by``: see `registry.visit_endings.find_endings`; None: there are no
        visits.

    Returns
    -------
    Table
        `welfare` and ``ended_by``, null of all others.
    """
    if not endings:
        return welfare.bench.view(
            "select *, null::varchar as ended_by from welfare", welfare=welfare
        )
    return query(
        """select family_id, if(ended_by is null, welfare_class, 'other') as welfare_class, ended_by
            from welfare left join endings using (family_id)""",
        welfare=welfare, endings=endings,
    )  # fmt: skip


def count_endings(families: Table) -> Mapping[str, int]:
    """Ended families by why."""
    found = families.bench.execute(
        f"select ended_by, count(*) from {families.name} where ended_by is not null group by 1"
    )
    return {**dict.fromkeys(ENDINGS, 0), **dict(found)}
