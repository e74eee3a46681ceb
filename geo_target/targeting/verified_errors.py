"""Exclusion and inclusion error of families that were visited, with how sure they are.

The lists alone cannot say who is wrongly on them; a visit that ends in a verdict can. So these are
other errors than those of the same name that rest on lists (docs/coverage.md).
Whoever shows an error says how the sample was drawn (web/coverage_words.sample_words).
"""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import pyarrow as pa

from geo_target.workbench import Table, query

_95_PERCENT = 1.959963984540054
_COUNTS = ("visited_families", "fit_families", "uncovered_fit_families",
           "covered_families", "covered_unfit_families")  # fmt: skip


def find_errors(judged: Table, visits: Table) -> Table:
    """Errors by village, by district and of the area.

    Parameters
    ----------
    judged
        ``family_id``, ``village_code`` (Kemendagri, dots), ``coverage_state``.
    visits
        ``family_id``, ``completed_verdict``: see `registry.visits.Visits.latest`.

    Returns
    -------
    Table
        ``level`` (village, district, area) and ``code`` (null of the area, in which families
        without a village count too); ``visited_families`` (with a verdict, and covered or
        uncovered: of the unmatched nobody knows), ``fit_families`` (with an intervention
        too), ``uncovered_fit_families``, ``covered_families``, ``covered_unfit_families``;
        ``exclusion_error`` = uncovered and fit / fit, ``inclusion_error`` = covered and unfit /
        covered, each with ``_low`` and ``_high`` of `wilson_interval`. Null where nobody
        of the kind was visited.
    """
    counted = query(
        """
        with sample as (
            select village_code, coverage_state = 'covered' as is_covered,
                coalesce(coverage_state <> 'unmatched' and completed_verdict is not null, false)
                    as counts,
                counts and completed_verdict <> 'unfit' as is_fit, count(*) as many
            from judged left join visits using (family_id) group by all
        ), levels as (
            select placed.level.level, placed.level.code, placed.* exclude (level)
            from (select *, unnest([
                {'level': 'village', 'code': village_code},
                {'level': 'district', 'code': regexp_extract(village_code, '^(.+)[.][^.]+$', 1)},
                {'level': 'area', 'code': null}]) as level from sample) placed
        )
        select level, code, coalesce(sum(many) filter (counts), 0)::bigint as visited_families,
            coalesce(sum(many) filter (is_fit), 0)::bigint as fit_families,
            coalesce(sum(many) filter (is_fit and not is_covered), 0)::bigint
                as uncovered_fit_families,
            coalesce(sum(many) filter (counts and is_covered), 0)::bigint as covered_families,
            coalesce(sum(many) filter (counts and is_covered and not is_fit), 0)::bigint
                as covered_unfit_families
        from levels where level = 'area' or code is not null
        group by level, code order by level, code""",
        judged=judged, visits=visits,
    )  # fmt: skip
    rows = [(row["level"], row["code"], *_figures(row)) for row in counted.rows()]
    columns = zip(*rows, strict=True) if rows else ([] for _ in _TYPES)
    return counted.bench.take(
        pa.table(
            {
                name: pa.array(column, kind)
                for (name, kind), column in zip(_TYPES.items(), columns, strict=True)
            }
        )
    )


def wilson_interval(hits: int, cases: int) -> tuple[float, float] | tuple[None, None]:
    """The 95 % interval of a share; nothing where there are no cases.

    Wilson (1927), JASA 22(158), 209-212, doi:10.1080/01621459.1927.10502953: it holds for few
    cases and for shares near 0 and 1, where the common one leaves them.
    """
    if not cases:
        return None, None
    share, z2 = hits / cases, _95_PERCENT**2
    middle = (share + z2 / (2 * cases)) / (1 + z2 / cases)
    half = _95_PERCENT * sqrt(share * (1 - share) / cases + z2 / (4 * cases**2)) / (1 + z2 / cases)
    return max(middle - half, 0.0), min(middle + half, 1.0)


_ERRORS = ("exclusion_error", "inclusion_error")
_TYPES = {
    "level": pa.string(), "code": pa.string(), **dict.fromkeys(_COUNTS, pa.int64()),
    **{f"{error}{part}": pa.float64() for error in _ERRORS for part in ("", "_low", "_high")},
}  # fmt: skip


def _figures(row: Mapping[str, Any]) -> tuple[Any, ...]:
    counts = [row[name] for name in _COUNTS]
    _, fit, missed, covered, wrong = counts
    return (*counts, *_error(missed, fit), *_error(wrong, covered))


def _error(hits: int, cases: int) -> tuple[float | None, ...]:
    return (hits / cases if cases else None, *wilson_interval(hits, cases))
