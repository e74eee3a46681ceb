"""How old and how sure it is what is known of families: evidence, beside the figures.

That somebody was not found at home proves nothing: it makes no record younger, and ends
nobody's eligibility.
"""

from datetime import date

from geo_target.settings import Evidence
from geo_target.workbench import Table, query


def find_evidence(
    families: Table, visits: Table, rule: Evidence, *, on: date, listed_on: date
) -> Table:
    """How old the newest evidence of each family is.

    Parameters
    ----------
    families
        ``family_id``, ``recorded_on`` (the record's own day; null where the list has none).
    visits
        ``family_id``, ``completed_on``: see `registry.visits.Visits.latest`.
    on
        The day of the run. What is of a later day counts as of that day.
    listed_on
        The day of the list, for records that have no day and families without a completed visit.

    Returns
    -------
    Table
        A row a family: ``family_id``, ``evidence_on``, ``age_days`` (from then to `on`),
        ``is_verified`` (a visit was completed within `stale_after_days`), ``is_stale`` (the
        evidence is older than that).
    """
    return query(
        """select family_id, coalesce(greatest(completed_on, recorded_on), $2) as evidence_on,
                greatest(date_diff('day', evidence_on, $1), 0) as age_days,
                coalesce(date_diff('day', completed_on, $1) <= $3, false) as is_verified,
                age_days > $3 as is_stale
            from (select family_id, recorded_on from families)
                left join (select family_id, completed_on from visits) using (family_id)""",
        [on, listed_on, rule.stale_after_days],
        families=families, visits=visits,
    )  # fmt: skip


def summarize_evidence(judged: Table, evidence: Table, rule: Evidence) -> Table:
    """Evidence of each village's extreme-poor families.

    Parameters
    ----------
    judged
        ``family_id``, ``village_code``, ``welfare_class``.
    evidence
        As of `find_evidence`.

    Returns
    -------
    Table
        A row a village with such families, and one whose ``village_code`` is null of those that
        have none: ``families``, ``verified_families``, ``stale_families``,
        ``median_age_days``, ``oldest_on``, ``newest_on``, ``is_stale`` (more than `stale_share`
        of the families are).
    """
    return query(
        """select village_code, count(*) as families,
                count(*) filter (is_verified) as verified_families,
                count(*) filter (evidence.is_stale) as stale_families,
                median(age_days) as median_age_days, min(evidence_on) as oldest_on,
                max(evidence_on) as newest_on, stale_families > $1 * families as is_stale
            from judged join evidence using (family_id)
            where welfare_class = 'extreme_poor'
            group by village_code order by village_code nulls last""",
        [rule.stale_share],
        judged=judged, evidence=evidence,
    )  # fmt: skip
