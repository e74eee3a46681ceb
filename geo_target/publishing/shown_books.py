"""The books as an audience is shown them: rows of each list, and families by place.

Lists add up to the books of all lists, villages to the families that have one. So what is
withheld of a list or of the villages is withheld of the books too.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from geo_target.publishing.audiences import Audience
from geo_target.publishing.disclosure import publish_number, publish_sum

_OF_ROWS = ("accepted", "quarantined", "duplicates", "blank")
_BY_POINT = ("located", "unlocated", "outside")
_BY_VILLAGE = ("in_villages", "unplaced")


def publish_list(
    counts: Mapping[str, int], audience: Audience, *, closed: bool
) -> dict[str, int | None]:
    """Show the rows of a list; a row or cell of which few went wrong may be one person's.

    Parameters
    ----------
    counts
        Its ``rows``, what became of them (``accepted`` to ``blank``), and the cells that were
        ``set_aside``.
    closed
        Nothing of it: the rows would tell what is withheld of the villages.
    """
    told = {
        "rows": counts["rows"],
        **publish_sum({name: counts[name] for name in _OF_ROWS}, audience),
        "set_aside": publish_number(counts["set_aside"], audience),
    }
    return dict.fromkeys(told) if closed else told


def publish_balance(
    balance: Mapping[str, int],
    audience: Audience,
    *,
    lists: Sequence[Mapping[str, int | None]],
    villages: pd.DataFrame,
    closed: bool,
    hides_located: bool,
) -> dict[str, int | None]:
    """Show the books, each sum so that no part of it can be taken from the others.

    Parameters
    ----------
    lists, villages
        What is shown of each list, see `publish_list`, and of the villages.
    closed
        Nothing of it: the books would tell what is withheld of the villages.
    hides_located
        The sum of located families is withheld.
    """
    told = {
        "families": publish_number(balance["total"], audience),
        **publish_sum({name: balance[name] for name in _BY_POINT}, audience),
        **publish_sum({name: balance[name] for name in _BY_VILLAGE}, audience),
        "rows": balance["rows"],
        **publish_sum({name: balance[name] for name in _OF_ROWS}, audience),
        "set_aside": publish_number(balance["set_aside"], audience),
    }
    hidden = {
        name for name in (*_OF_ROWS, "set_aside") if any(listed[name] is None for listed in lists)
    }
    if told["unplaced"] is None and villages["families"].notna().all():
        # The villages add up to those that have one: all families would tell the others.
        hidden |= {"families", *_BY_POINT}
    if hides_located:
        hidden |= set(_BY_POINT)
    return {name: None if closed or name in hidden else count for name, count in told.items()}
