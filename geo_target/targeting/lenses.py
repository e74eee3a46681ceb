"""Groups of families that a meeting asks for: the same counts, of those families only."""

from collections.abc import Mapping

from geo_target.schemas import COVERAGE_STATES
from geo_target.workbench import Table, query

#: SQL over facts (targeting/facts.py); null where it is not known of a family.
LENSES: Mapping[str, str] = {
    "female_head": "head_is_woman",
    "elderly_alone": "elderly_alone",
    "disability": "disabled > 0",
    "small_children": "children_under_7 > 0",
    "fishers_laborers": "fishers_or_laborers > 0",
}


def count_lenses(facts: Table, families: Table) -> Table:
    """Extreme-poor families of each lens, by village.

    Parameters
    ----------
    facts
        ``family_id`` and what `LENSES` ask for.
    families
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state``.

    Returns
    -------
    Table
        ``village_code``, ``lens``, ``extreme_poor_families`` (all), ``families`` (of the lens) =
        ``covered_families`` + ``uncovered_families`` + ``unmatched_families``, and
        ``unknown_families``: of whom nobody has said.
    """
    columns = ", ".join(f"{condition} as {lens}" for lens, condition in LENSES.items())
    poor = query(
        f"""select families.village_code, coverage_state, {columns}, count(*) as many
            from families join facts using (family_id)
            where families.welfare_class = 'extreme_poor'
            group by all""",
        families=families, facts=facts,
    )  # fmt: skip
    parts = " union all ".join(
        f"select village_code, coverage_state, '{lens}' as lens, {lens} as is_in, many from poor"
        for lens in LENSES
    )
    states = "".join(
        f""", coalesce(sum(many) filter (is_in and coverage_state = '{state}'), 0)::bigint
            as {state}_families"""
        for state in COVERAGE_STATES
    )
    return query(
        f"""select village_code, lens, sum(many)::bigint as extreme_poor_families,
                coalesce(sum(many) filter (is_in), 0)::bigint as families {states},
                coalesce(sum(many) filter (is_in is null), 0)::bigint as unknown_families
            from ({parts}) group by all order by all""",
        poor=poor,
    )
