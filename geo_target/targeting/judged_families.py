"""Families with all that has been found of each, and the poor of them that a map counts."""

import pandas as pd

from geo_target.targeting.coverage import CoverageResult
from geo_target.workbench import Table, query


def judge_families(
    located: Table, coverage: CoverageResult, welfare: Table, corrected: Table | None
) -> Table:
    """One row a family with its village, welfare class and coverage state.

    Parameters
    ----------
    located
        Families with their village and point, by ``family_id``.
    welfare
        Class and what it rests on, by ``family_id``.
    corrected
        Rows that somebody has mended: ``family_id``, ``corrected_on``; None: nobody has.
    """
    none = query("select family_id from f where false", f=located)
    return query(
        """select located.*, states.* exclude (family_id), welfare.* exclude (family_id),
                family_id in (select family_id from told where told.told <> 'disagrees')
                    as is_state_by_visit, corrected_on
            from located join states using (family_id) join welfare using (family_id)
                left join (select family_id, max(corrected_on) as corrected_on
                    from corrected group by 1) using (family_id)
            order by family_id""",
        located=located,
        states=coverage.states,
        welfare=welfare,
        told=coverage.by_visit or query("select *, '' as told from t", t=none),
        corrected=corrected or query("select *, null::date as corrected_on from t", t=none),
    )


def poor_families(families: Table, profiles: Table) -> pd.DataFrame:
    """Extreme-poor families that have a village, by ``family_id``, with ``has_point``.

    ``evidence_on`` is of their `profiles`, see `assessment.Assessment`.
    """
    poor = query(
        """select family_id, village_code, rw, rt, neighborhood, lon, lat, coverage_state,
                location_status = 'located' as has_point, evidence_on
            from families left join profiles using (family_id)
            where welfare_class = 'extreme_poor' and village_code is not null
            order by family_id""",
        families=families,
        profiles=profiles,
    )
    return poor.frame().set_index("family_id")
