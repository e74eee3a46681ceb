"""What families say at the door of the programs that reach them, as evidence of its own.

A family that names a program receives it, whatever the lists say: they may have its number
wrong. One that was asked and names none of a definition's programs was compared by being asked,
which needs no number; it is uncovered unless a list says that it is not. A list is never
overruled by a no: the disagreement is counted, for somebody to look at.
"""

from collections.abc import Mapping
from datetime import date

from geo_target.settings import Coverage
from geo_target.targeting.definitions import Judged
from geo_target.workbench import Table, query

#: What `find_told` may say of a family, in the order in which a run reports it.
TOLD = ("covered", "uncovered", "disagrees")


def counted_answers(answers: Table, *, on: date, days: int) -> Table | None:
    """The answers that count on the day of a run.

    Parameters
    ----------
    answers
        ``family_id``, ``answered_on``, ``programs``: see `registry.visits.Visits.answers`.
    on
        The day of the run. What was said on a later day counts as of that day, as evidence
        does.
    days
        For so long an answer counts.

    Returns
    -------
    Table
        ``family_id``, ``answered`` (codes), ``answered_from``, ``answered_to``: the days for
        which it counts. None where none does.
    """
    counted = query(
        """select family_id, programs as answered, least(answered_on, $1) as answered_from,
                answered_on + $2::integer as answered_to
            from answers where answered_on + $2::integer >= $1""",
        [on, days],
        answers=answers,
    )
    return counted if len(counted) else None


def with_answers(matches: Table, answers: Table) -> Table:
    """Enrollments that lists tell, and those that families told of themselves (`visit`).

    Parameters
    ----------
    matches
        See `matches.match_families`.
    answers
        See `counted_answers`.
    """
    return query(
        """from matches union all by name
            select family_id, 'visit' as matched_by, unnest(answered) as program,
                answered_from as valid_from, answered_to as valid_to, false as is_doubtful
            from answers""",
        matches=matches, answers=answers,
    )  # fmt: skip


def find_told(states: Table, listed: Table, answers: Table, definition: Coverage) -> Table:
    """Families whose state is another by their answer, or whose answer their lists contradict.

    Parameters
    ----------
    states, listed
        ``family_id``, ``coverage_state`` by `definition`: with answers, and by lists alone.

    Returns
    -------
    Table
        ``family_id``, ``told``: ``covered`` and ``uncovered`` (the state, which rests on the
        answer), ``disagrees`` (a list covers the family, and it says that it receives none).
    """
    denied = Judged(0, "", definition, set(), asks=True).denied
    return query(
        f"""select family_id, if(states.coverage_state <> listed.coverage_state,
                states.coverage_state::varchar, 'disagrees') as told
            from answers join states using (family_id) join listed using (family_id)
            where states.coverage_state <> listed.coverage_state
                or listed.coverage_state = 'covered' and {denied}""",
        answers=answers, states=states, listed=listed,
    )  # fmt: skip


def count_told(by_visit: Table | None) -> Mapping[str, int]:
    """Families by what their answers changed or contradict, see `TOLD`."""
    counts = dict.fromkeys(TOLD, 0)
    if by_visit is not None:
        counts |= dict(
            by_visit.bench.execute(f"select told, count(*) from {by_visit.name} group by 1")
        )
    return counts
