"""How the three strategies meet in a family, how many programs reach it, and aid paid twice.

Inpres 4/2022, carried on by Inpres 8/2025, asks that spending is relieved (1), income raised (2)
and poverty pockets shrunk (3) for the same families together.
"""

from collections.abc import Collection

from geo_target.programs import programs
from geo_target.workbench import Table, query

#: So many programs, or more, are told as one number.
MOST_PROGRAMS = 3


def find_convergence(families: Table, enrolled: Table) -> Table:
    """Which strategies reach each family on the day, and by how many programs.

    Parameters
    ----------
    families
        ``family_id``.
    enrolled
        ``family_id``, ``program``, ``is_active``: see `coverage.CoverageResult`.

    Returns
    -------
    Table
        ``family_id``, ``strategies`` (``1+2``; empty where none does), ``programs``.
    """
    strategies = families.bench.take_rows(
        {"program": "varchar", "strategy": "integer"},
        [(code, one.strategy) for code, one in programs().items() if not one.historic],
    )
    return query(
        """
        with reached as (
            select family_id, count(*) as programs,
                array_to_string(list_sort(list_distinct(list(strategy))), '+') as strategies
            from enrolled join strategies using (program) where is_active group by family_id
        )
        select family_id, coalesce(strategies, '') as strategies,
            coalesce(reached.programs, 0) as programs
        from families left join reached using (family_id)""",
        families=families, enrolled=enrolled, strategies=strategies,
    )  # fmt: skip


def count_convergence(found: Table, families: Table) -> Table:
    """Extreme-poor families by village, strategies and programs (`MOST_PROGRAMS`: or more)."""
    return query(
        f"""select village_code, strategies, least(programs, {MOST_PROGRAMS}) as programs,
                count(*) as families
            from found join families using (family_id) where welfare_class = 'extreme_poor'
            group by all order by all""",
        found=found, families=families,
    )  # fmt: skip


def find_double_aid(matches: Table, *, flagged: Collection[int]) -> Table:
    """Families that one list pays twice or more for a program in the same period.

    A period that is over counts as well: what was paid twice in September is found in October.
    Programs for persons are left out, for a family may have several persons, and so are lists
    of flags, which name a family's program in the row of each of its members.

    Parameters
    ----------
    matches
        See `matches.match_families`.
    flagged
        Numbers of lists of flags.

    Returns
    -------
    Table
        ``family_id``, ``program``, ``valid_from``, ``valid_to``, ``enrollments`` (two or more).
    """
    of_families = ", ".join(
        f"'{code}'" for code, one in programs().items() if one.unit in {"family", "house"}
    )
    skipped = ", ".join(map(str, sorted(flagged))) or "-1"
    return query(
        f"""select family_id, program, valid_from, valid_to,
                count(distinct enrollment) as enrollments
            from matches
            where not is_doubtful and program in ({of_families}) and list not in ({skipped})
                and coalesce(status, 'active') = 'active'
            group by family_id, program, list, valid_from, valid_to
            having count(distinct enrollment) > 1 order by all""",
        matches=matches,
    )
