"""What visits have found: the latest of each family, and the latest that was completed."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.intake.lists import AgencyList
from geo_target.schemas import VISIT_RESULTS
from geo_target.workbench import Table, query

_TYPES = {"family_id": "varchar", "visited_on": "date", "result": "varchar", "verdict": "varchar"}
#: The more a result tells of a family, the earlier it stands: who was met says most, then what
#: has become of it, then that somebody was there; that nobody was found says nothing.
_TELLING = f"-list_position({list(VISIT_RESULTS)}, result)"


@dataclass(frozen=True)
class Visits:
    """Visits to families.

    Attributes
    ----------
    latest
        A row a visited family: ``family_id``; ``visited_on``, ``result`` and ``verdict`` of its
        newest visit; ``completed_on`` and ``completed_verdict`` of the newest completed one,
        which a later visit that met nobody does not undo. A verdict of one that was not
        completed rests on nobody's answer.
    unlinked
        Visits whose id is no family's.
    """

    latest: Table
    unlinked: int


def latest_visits(lists: Sequence[AgencyList], family_keys: Table, *, base: str) -> Visits:
    """The newest visit of each family; of two on one day the one that tells more.

    Parameters
    ----------
    lists
        All lists of the run; those of role ``visits`` have the columns of schemas.VISITS.
        Visits without a readable family, day or result say nothing. Of two that say the same
        the one with a verdict counts, then the later list's, then the later row's.
    family_keys
        See `families.Registry.family_keys`. A visit names a family by the id of any of its rows
        in the base, or by the family's own where no row of the base is of it.
    base
        Name of the base register.
    """
    made = _gathered(family_keys, lists)
    linked = query(
        """
        with ids as (
            select register_family_id as said, family_id from keys where register = $1
            union select family_id, family_id from keys
        )
        select ids.family_id, made.* exclude (family_id)
        from made left join ids on ids.said = made.family_id""",
        [base],
        made=made, keys=family_keys,
    )  # fmt: skip
    age = f"(visited_on, {_TELLING}, verdict is not null, list, row)"
    completed = "filter (result = 'complete')"
    latest = query(
        f"""select family_id, max(visited_on) as visited_on, arg_max(result, {age}) as result,
                arg_max_null(verdict, {age}) as verdict,
                max(visited_on) {completed} as completed_on,
                arg_max_null(verdict, {age}) {completed} as completed_verdict
            from linked where family_id is not null group by family_id""",
        linked=linked,
    )
    strangers = query("select 1 from linked where family_id is null", linked=linked)
    return Visits(latest, len(strangers))


def _gathered(family_keys: Table, lists: Sequence[AgencyList]) -> Table:
    """Visits that can be read, with their list and row."""
    parts = {
        f"part_{i}": listed.table
        for i, listed in enumerate(lists)
        if listed.profile.role == "visits"
    }
    if not parts:
        return family_keys.bench.take_rows({**_TYPES, "list": "integer", "row": "bigint"}, [])
    return query(
        " union all ".join(
            f"""select {", ".join(_TYPES)}, {number} as list, row from {name}
                where family_id is not null and visited_on is not null and result is not null"""
            for number, name in enumerate(parts)
        ),
        **parts,
    )
