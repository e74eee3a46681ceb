"""The village table: families of each village by welfare class and coverage state."""

import geopandas as gpd
import pandas as pd

from geo_target.targeting.rates import smoothed_rates
from geo_target.workbench import Table, query

_COUNTS = (
    "families", "extreme_poor_families", "covered_families", "uncovered_families",
    "unmatched_families", "located_families", "located_uncovered_families",
)  # fmt: skip


def summarize_villages(
    families: Table, villages: gpd.GeoDataFrame, population: pd.DataFrame | None = None
) -> gpd.GeoDataFrame:
    """Count the families of each village.

    Parameters
    ----------
    families
        One row a family: ``village_code``, ``welfare_class``, ``coverage_state``,
        ``location_status``. Families without a village are left out.
    villages
        Indexed by unique ``village_code``; all columns and the geometry pass through.
    population
        Indexed by ``village_code``: ``population_persons``, ``population_families``.

    Returns
    -------
    GeoDataFrame
        `villages` in the same order with the counts, ``matched_share`` = (covered +
        uncovered) / extreme poor, ``exclusion_error`` = uncovered / (covered + uncovered)
        and its empirical-Bayes estimate, all of extreme-poor families; shares are null
        where nothing was compared.
    """
    counts = query(_COUNT_SQL, families=families).frame().set_index("village_code")
    counts = counts.reindex(villages.index, fill_value=0)[list(_COUNTS)].astype("int64")
    compared = counts["covered_families"] + counts["uncovered_families"]
    extreme_poor = counts["extreme_poor_families"]
    people = (
        population
        if population is not None
        else pd.DataFrame(columns=["population_persons", "population_families"], dtype="Int64")
    )
    return villages.assign(
        **counts,
        matched_share=(compared / extreme_poor).where(extreme_poor > 0),
        exclusion_error=(counts["uncovered_families"] / compared).where(compared > 0),
        smoothed_exclusion_error=smoothed_rates(counts["uncovered_families"], compared),
        **{column: people[column].reindex(villages.index) for column in people.columns},
    )


_COUNT_SQL = """
    with poor as (
        select *, welfare_class = 'extreme_poor' as is_poor,
            location_status = 'located' as has_point
        from families where village_code is not null
    )
    select village_code,
        count(*) as families,
        count(*) filter (is_poor) as extreme_poor_families,
        count(*) filter (is_poor and coverage_state = 'covered') as covered_families,
        count(*) filter (is_poor and coverage_state = 'uncovered') as uncovered_families,
        count(*) filter (is_poor and coverage_state = 'unmatched') as unmatched_families,
        count(*) filter (is_poor and has_point) as located_families,
        count(*) filter (is_poor and has_point and coverage_state = 'uncovered')
            as located_uncovered_families
    from poor group by village_code
"""
