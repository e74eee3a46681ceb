"""What lists of families themselves say of programs: shown apart, with its year.

A flag of P3KE tells of aid in the year of its record; of most of it nobody knows whether it
still runs. It is never coverage: beside the coverage of the run it shows where the two differ.
"""

from datetime import date

from geo_target.intake.parsing import AND
from geo_target.workbench import Table, query


def count_flags(families: Table, judged: Table, *, listed_on: date) -> Table:
    """Extreme-poor families whose own list says that they are in a program.

    Parameters
    ----------
    families
        ``family_id``, ``flagged_programs`` (see schemas.FAMILIES), ``recorded_on``.
    judged
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state`` of the run.
    listed_on
        The day of the list: the year of flags whose record has no day.

    Returns
    -------
    Table
        ``village_code`` (null of families without a village), ``program``, ``year``,
        ``flagged_families``, and of these ``flagged_covered_families`` and
        ``flagged_uncovered_families``; the rest is unmatched.
    """
    return query(
        f"""with flagged as (
                select family_id, year(coalesce(recorded_on, $1)) as year,
                    unnest(string_split(flagged_programs, '{AND}')) as program
                from families where flagged_programs <> '')
            select village_code, program, year, count(*) as flagged_families,
                count(*) filter (coverage_state = 'covered') as flagged_covered_families,
                count(*) filter (coverage_state = 'uncovered') as flagged_uncovered_families
            from flagged join judged using (family_id) where welfare_class = 'extreme_poor'
            group by all order by village_code nulls last, program, year""",
        [listed_on],
        families=families, judged=judged,
    )  # fmt: skip
