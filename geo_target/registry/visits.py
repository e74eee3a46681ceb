"""What visits have found: the latest of each family, and what of it changes a run.

A visit that met nobody tells nothing of a family; see docs/visits-in-a-run.md for what the
others change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.intake.lists import AgencyList
from geo_target.registry.visit_endings import find_endings
from geo_target.registry.visit_versions import last_told
from geo_target.schemas import VISIT_RESULTS
from geo_target.workbench import Table, query

#: What every visit says; a visit without any of the first three is none.
_TYPES = {"family_id": "varchar", "visited_on": "date", "result": "varchar", "verdict": "varchar",
          "programs": "varchar", "lon": "double", "lat": "double", "accuracy_m": "double",
          "same_as": "varchar", "submitted_at": "varchar"}  # fmt: skip
#: The more a result tells of a family, the earlier it stands: who was met says most, then what
#: has become of it, then that somebody was there; that nobody was found says nothing.
_TELLING = f"-list_position({list(VISIT_RESULTS)}, result)"
#: SQL: which of two visits to a family counts; of equal ones that which came in later.
_AGE = f"""(visited_on, {_TELLING}, verdict is not null,
    coalesce(try_cast(submitted_at as timestamp), timestamp '1970-01-01'), list, row)"""
#: Results of visits that stood before the home itself.
_AT_HOME = ("complete", "refused", "empty")
#: A point that is known no better tells the village, not the house; a list's may be better.
_WORST_ACCURACY_M = 100.0


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
    endings
        ``family_id``, ``ended_by``: see `visit_endings.find_endings`.
    answers
        ``family_id``, ``answered_on``, ``programs`` (codes; none of a family that receives
        none): what families said at the newest completed visit that asked.
    points
        ``family_id``, ``lon``, ``lat`` (degrees, WGS 84), ``accuracy_m``, ``list`` (place among
        the lists of the run, from 0), ``row``: the newest point of each home.
    unlinked
        Visits whose id is no family's.
    """

    latest: Table
    endings: Table
    answers: Table
    points: Table
    unlinked: int


def latest_visits(lists: Sequence[AgencyList], family_keys: Table, *, base: str) -> Visits:
    """The newest visit of each family; of two on one day the one that tells more.

    Parameters
    ----------
    lists
        All lists of the run; those of role ``visits`` have the columns of schemas.VISITS.
        Visits without a readable family, day or result say nothing. Of two that say the same
        the one with a verdict counts, then the one that came in later, then the later list's,
        then the later row's.
    family_keys
        See `families.Registry.family_keys`. A visit names a family by the id of any of its rows
        in the base, or by the family's own where no row of the base is of it.
    base
        Name of the base register.
    """
    made = _gathered(family_keys, lists)
    ids = query(
        """select register_family_id as said, family_id from keys where register = $1
            union select family_id, family_id from keys""",
        [base],
        keys=family_keys,
    )
    linked = query(
        """select ids.family_id, other.family_id as other_id, made.* exclude (family_id, same_as),
                made.family_id as said, same_as is not null as has_other
            from made left join ids on ids.said = made.family_id
                left join ids other on other.said = made.same_as""",
        made=made, ids=ids,
    )  # fmt: skip
    strangers = query("select 1 from linked where family_id is null", linked=linked)
    return Visits(
        latest=_latest(linked),
        endings=find_endings(linked, _twice_listed(family_keys, base), age=_AGE),
        answers=_answers(linked),
        points=_points(linked),
        unlinked=len(strangers),
    )


def _latest(linked: Table) -> Table:
    completed = "filter (result = 'complete')"
    return query(
        f"""select family_id, max(visited_on) as visited_on, arg_max(result, {_AGE}) as result,
                arg_max_null(verdict, {_AGE}) as verdict,
                max(visited_on) {completed} as completed_on,
                arg_max_null(verdict, {_AGE}) {completed} as completed_verdict
            from linked where family_id is not null group by family_id""",
        linked=linked,
    )


def _answers(linked: Table) -> Table:
    """Programs are codes parted by blanks; an empty text is the answer 'none'."""
    return query(
        f"""select family_id, max(visited_on) as answered_on,
                coalesce(string_split(nullif(arg_max(programs, {_AGE}), ''), ' '), []::varchar[])
                    as programs
            from linked
            where family_id is not null and result = 'complete' and programs is not null
            group by family_id""",
        linked=linked,
    )


def _points(linked: Table) -> Table:
    """Of visits that stood before the home and knew where; 0 and 0 are no place."""
    return query(
        f"""select family_id, point.* from (
                select family_id, arg_max({{'lon': lon, 'lat': lat, 'accuracy_m':
                    coalesce(accuracy_m, 0), 'list': list, 'row': row}}, {_AGE}) as point
                from linked
                where family_id is not null and result in {_AT_HOME} and lon is not null
                    and lat is not null and (lon <> 0 or lat <> 0)
                    and coalesce(accuracy_m, 0) <= {_WORST_ACCURACY_M}
                group by family_id)""",
        linked=linked,
    )


def _twice_listed(family_keys: Table, base: str) -> Table:
    """``family_id`` of families of several rows of the base: they are one already."""
    return query(
        """select family_id from keys where register = $1 group by 1 having count(*) > 1""",
        [base],
        keys=family_keys,
    )


def _gathered(family_keys: Table, lists: Sequence[AgencyList]) -> Table:
    """Visits that can be read, with their list and row; of each what was told last."""
    parts = {
        f"part_{i}": (i, listed)
        for i, listed in enumerate(lists)
        if listed.profile.role == "visits"
    }
    if not parts:
        return family_keys.bench.take_rows({**_TYPES, "list": "integer", "row": "bigint"}, [])
    return query(
        last_told(
            f"""select {", ".join(_TYPES)}, visit_code, {number} as list, row,
                    date '{listed.as_of}' as told_on from {name}
                where family_id is not null and visited_on is not null and result is not null"""
            for name, (number, listed) in parts.items()
        ),
        **{name: listed.table for name, (_, listed) in parts.items()},
    )
