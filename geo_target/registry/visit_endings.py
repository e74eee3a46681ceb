"""Which families are none of the extreme poor any more, by what the newest visit found.

A visit tells of a family if it was met, or if others said what has become of it: `not_found`,
`refused` and `empty` tell nothing and end nothing. The newest telling visit decides, so that a
later completed one with another verdict than 'unfit' undoes what was found before.
"""

from collections.abc import Mapping

from geo_target.workbench import Table, query

#: Results after which a family is another one's, or has another one's rows.
_SAME = ("duplicate", "merged")


def find_endings(linked: Table, twice_listed: Table, *, age: str) -> Table:
    """What ends each family that a visit ended.

    A family never ends as the double of itself: where both rows are one family in this run
    already, nothing is left to end. Of families that name each other in a circle the one with
    the least id stays, or all would be gone; so does one that others name and that itself was
    called a double of nobody in particular, or of a family that there is not.

    Parameters
    ----------
    linked
        Visits: ``family_id`` (null: nobody's), ``said`` (the id that the visit names),
        ``other_id`` and ``has_other`` (the family that it is said to be, and whether one is
        named), ``result``, ``verdict`` and what `age` needs.
    twice_listed
        ``family_id`` of families of several rows of the base.
    age
        SQL of which visit counts.

    Returns
    -------
    Table
        ``family_id``, ``ended_by``: died, moved, duplicate, merged or better_off.
    """
    ended = query(
        f"""
        with told as (
            select * from linked left join (select family_id, true as is_one from twice)
                twice using (family_id)
            where family_id is not null
                and result in ('complete', 'dead', 'moved', {_listed(_SAME)})
                and not (result in ({_listed(_SAME)}) and (
                    coalesce(other_id = family_id, false)
                    or not has_other and coalesce(is_one, false)))
        ), newest as (
            select family_id, unnest(arg_max({{'result': result, 'verdict': verdict,
                'other_id': other_id}}, {age}))
            from told group by family_id
        )
        select family_id, other_id,
            case when result = 'complete' and verdict = 'unfit' then 'better_off'
                when result = 'dead' then 'died'
                when result <> 'complete' then result end as ended_by
        from newest where ended_by is not null order by family_id""",
        linked=linked, twice=twice_listed,
    )  # fmt: skip
    same = query(
        f"select family_id, other_id from ended where ended_by in ({_listed(_SAME)})", ended=ended
    )
    said = {row["family_id"]: row["other_id"] for row in same.rows()}
    named = {family: other for family, other in said.items() if other is not None}
    stay = stays_of_circles(named) | {*named.values()} & (said.keys() - named.keys())
    kept = ended.bench.take_rows({"family_id": "varchar"}, [(one,) for one in sorted(stay)])
    return query(
        """select family_id, ended_by from ended anti join kept using (family_id)
            order by family_id""",
        ended=ended, kept=kept,
    )  # fmt: skip


def stays_of_circles(same_as: Mapping[str, str]) -> set[str]:
    """The least id of each circle of families that are said to be one another.

    `same_as` gives the one that each family is said to be; whoever only leads into a circle
    is in none.
    """
    stay, seen = set[str](), set[str]()
    for first in sorted(same_as):
        path, one = list[str](), first
        while one in same_as and one not in seen and one not in path:
            path.append(one)
            one = same_as[one]
        if one in path:
            stay.add(min(path[path.index(one) :]))
        seen |= {*path}
    return stay


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
