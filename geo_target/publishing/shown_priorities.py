"""The order of villages as an audience is shown it: found anew, in that audience's own table."""

from dataclasses import asdict
from typing import Any

import geopandas as gpd
import pandas as pd

from geo_target.publishing.results import Targets
from geo_target.targeting.access_tables import access_minutes
from geo_target.targeting.priorities import Priorities, find_priorities
from geo_target.targeting.priority import visiting_order


def publish_priorities(
    shown: gpd.GeoDataFrame, targets: Targets
) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Put the shown villages in order.

    Nothing of it rests on what is withheld, so that nothing of it tells of that: a village whose
    counts are withheld is not ranked, and the others are ranked as if it were not there.

    Parameters
    ----------
    shown
        See `disclosure.publish_villages`.
    targets
        Whose contiguity, indicators and access.

    Returns
    -------
    villages
        In the order of visiting, with the columns of `priorities.find_priorities`;
        ``contributions`` has those of the indicators, in their order. What is missing in a row
        that withholds a count is named in its ``withheld``.
    words
        For the summary: ``indicators``, ``denominator``, ``hot_spots`` and ``draws``.
    """
    shown = shown.assign(access_minutes=access_minutes(targets.access, shown.index))
    found = find_priorities(shown, targets.contiguity, targets.indicators)
    parts = [f"contribution_{one.key}" for one in found.indicators]
    new = [name for name in found.villages.columns if name not in {*shown.columns, *parts}]
    villages = found.villages.drop(columns=parts).assign(
        contributions=_contributions(found.villages[parts]),
        withheld=_with_missing(shown["withheld"], found.villages[new]),
    )
    return villages.loc[visiting_order(villages)], summary_of(found)


def summary_of(found: Priorities) -> dict[str, Any]:
    """What the ranks rest on, as JSON values."""
    return {
        "indicators": [one.model_dump(mode="json") for one in found.indicators],
        "denominator": found.denominator,
        "hot_spots": asdict(found.hot_spots),
        "draws": asdict(found.draws),
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
