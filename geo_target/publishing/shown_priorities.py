"""The order of villages as an audience is shown it: found anew, in that audience's own table."""

from dataclasses import asdict
from typing import Any

import geopandas as gpd
import pandas as pd

from geo_target.publishing.results import Targets
from geo_target.publishing.shown_files import records
from geo_target.targeting.access_tables import access_minutes
from geo_target.targeting.official_list import OfficialList, compare_lists
from geo_target.targeting.priorities import Priorities, find_priorities
from geo_target.targeting.priority import visiting_order

#: Said by people of a village, and of no count of it: its lack withholds nothing.
_DECIDED = ("override_reason", "override_by", "override_on")


def publish_priorities(
    shown: gpd.GeoDataFrame, targets: Targets, whole: int | None = None
) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Put the shown villages in order.

    Nothing of it rests on what is withheld, so that nothing of it tells of that: a village whose
    counts are withheld is not ranked, and the others are ranked as if it were not there. Where
    somebody has put it among the first five, it is shown at the fifth place, whatever its counts
    are: that was decided, not counted.

    Parameters
    ----------
    shown
        See `disclosure.publish_villages`.
    targets
        Whose contiguity, indicators, ordering and access.
    whole
        The uncovered families of the area, where they are shown: classes hold a share of them.

    Returns
    -------
    villages
        In the order of final ranks, with ``area_km2`` (no fact about families) and the columns
        of `priorities.find_priorities`;
        ``contributions`` has those of the indicators, in their order. What is missing in a row
        that withholds a count is named in its ``withheld``.
    words
        For the summary: ``indicators``, ``denominator``, ``hot_spots``, ``draws``, ``classes``
        (share or breaks), ``whole`` and ``families_per_day``.
    """
    shown = shown.assign(
        access_minutes=access_minutes(targets.access, shown.index),
        area_km2=targets.contiguity.area_km2.reindex(shown.index),
    )
    found = find_priorities(shown, targets.contiguity, targets.indicators, targets.ordering, whole)
    parts = [f"contribution_{one.key}" for one in found.indicators]
    said = {*shown.columns, *parts, *_DECIDED}
    new = [name for name in found.villages.columns if name not in said]
    villages = found.villages.drop(columns=parts).assign(
        contributions=_contributions(found.villages[parts]),
        withheld=_with_missing(shown["withheld"], found.villages[new]),
        override_on=[day and day.isoformat() for day in found.villages["override_on"]],
    )
    order = visiting_order(villages, by="final_rank")
    return villages.loc[order], {**summary_of(found), "whole": whole}


def publish_official_list(villages: pd.DataFrame, official: OfficialList) -> dict[str, Any]:
    """Hold a decree against the order that an audience is shown.

    Parameters
    ----------
    villages
        See `publish_priorities`.

    Returns
    -------
    dict
        ``sk_number``, ``date``, ``agency``, ``villages`` (how many it names) and ``rows``: see
        `official_list.compare_lists`, without the numbers, which the village table has.
    """
    rows = compare_lists(official, villages)
    names = ["on", "why", "official_order", "official_reason"]
    return {
        "sk_number": official.number,
        "date": official.day.isoformat(),
        "agency": official.agency,
        "villages": len(official.villages),
        "rows": records(rows[names]),
    }


def summary_of(found: Priorities) -> dict[str, Any]:
    """What the ranks rest on, as JSON values."""
    return {
        "indicators": [one.model_dump(mode="json") for one in found.indicators],
        "denominator": found.denominator,
        "hot_spots": asdict(found.hot_spots),
        "draws": asdict(found.ordering.draws),
        "classes": found.ordering.classes,
        "families_per_day": found.ordering.families_per_day,
    }


def _contributions(parts: pd.DataFrame) -> pd.Series:
    """A list of each row; none where a village is not ranked."""
    rows = [None if row.isna().all() else row.tolist() for _, row in parts.iterrows()]
    return pd.Series(rows, parts.index, dtype=object)


def _with_missing(withheld: pd.Series, found: pd.DataFrame) -> pd.Series:
    """Names of each row, where there are any, and of what is missing in it."""
    names, missing = found.columns.to_numpy(), found.isna().to_numpy()
    rows = [
        [*own, *names[gone].tolist()] if own else []
        for own, gone in zip(withheld, missing, strict=True)
    ]
    return pd.Series(rows, withheld.index, dtype=object)
