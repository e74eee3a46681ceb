"""Of a visit that several lists tell of, what the last of them says."""

from collections.abc import Iterable


def last_told(parts: Iterable[str]) -> str:
    """SQL of the rows of all lists of visits, without what a later list tells anew.

    Each export tells of every visit what stands by then, and last month's list stays a source.
    An answer that was changed since, or was not chosen in the end, would count on: as another
    visit to the family, and on the same day the more telling one.

    Parameters
    ----------
    parts
        SQL of the rows of a list each: ``visit_code`` (null: it has none, and counts as it is),
        ``family_id``, ``told_on`` (day of the list) and ``list`` (place among the lists); of two
        lists of one day the later one counts.
    """
    return f"""select * exclude (visit_code, told_on) from ({" union all ".join(parts)})
        qualify visit_code is null
            or (told_on, list) = max((told_on, list)) over (partition by visit_code, family_id)"""
