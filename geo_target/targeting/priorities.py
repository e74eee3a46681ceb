"""By what villages are put in order, and how sure that is, of an exact or a shown table."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo_target.targeting.contiguity import Contiguity
from geo_target.targeting.hot_spots import HotSpotSummary, find_hot_spots
from geo_target.targeting.indicators import Indicator
from geo_target.targeting.ordering import Ordering
from geo_target.targeting.overrides import final_ranks
from geo_target.targeting.priority import columns_of, score_villages
from geo_target.targeting.priority_classes import (
    classes_by_breaks,
    classes_by_share,
    quadrants,
)
from geo_target.targeting.priority_draws import rank_draws
from geo_target.targeting.rates import VillageRates, village_rates


@dataclass(frozen=True)
class Priorities:
    """Villages with all that puts them in order.

    Attributes
    ----------
    villages
        The table that was given, with the columns of `rates.village_rates`,
        `hot_spots.find_hot_spots`, `priority.score_villages`, `priority_draws.rank_draws` and
        `overrides.final_ranks`, ``priority_class`` and ``quadrant`` (see `priority_classes`).
    denominator
        The column that 1,000 families are of.
    """

    villages: gpd.GeoDataFrame
    indicators: Sequence[Indicator]
    denominator: str
    hot_spots: HotSpotSummary
    ordering: Ordering


def find_priorities(
    villages: gpd.GeoDataFrame,
    contiguity: Contiguity,
    indicators: Sequence[Indicator],
    ordering: Ordering | None = None,
    whole: int | None = None,
) -> Priorities:
    """Rates, hot spots, scores, ranks, classes, and how often a rank holds.

    An audience's are found in that audience's own table: of what is missing in it there is no
    result, and none of another village rests on it.

    Parameters
    ----------
    villages
        Indexed by ``village_code``: the counts of schemas.SNAPSHOT_VILLAGES, missing where they
        are withheld.
    contiguity
        Of at least these villages.
    whole
        The uncovered families that classes hold a share of; None means those of the table.
    """
    ordering = ordering or Ordering()
    rates = village_rates(villages, contiguity)
    table = villages.assign(**rates.frame)
    spots = find_hot_spots(table, contiguity)
    scores = score_villages(table, indicators)
    drawn = rank_draws(table, indicators, _sizes(table, contiguity, rates), ordering.draws)
    final = final_ranks(scores, ordering.overrides).drop(columns="priority_rank")
    counts = columns_of(table, ("uncovered_families", "covered_families"))
    if ordering.classes == "breaks":
        classes = classes_by_breaks(scores["priority_score"].to_numpy(dtype="float64"))
    else:
        classes = classes_by_share(counts["uncovered_families"], whole)
    fields = quadrants(counts["uncovered_families"], counts["covered_families"])
    table = table.assign(
        **spots.frame,
        **scores,
        **drawn,
        **final,
        priority_class=_words(classes, table.index),
        quadrant=_words(fields, table.index),
    )
    return Priorities(table, indicators, rates.denominator, spots.summary, ordering)


def _sizes(
    table: pd.DataFrame, contiguity: Contiguity, rates: VillageRates
) -> dict[str, "pd.Series[float]"]:
    """Of how much the rates are that change with the uncovered families."""
    return {
        "uncovered_per_km2": contiguity.area_km2.reindex(table.index),
        "uncovered_per_1000_families": table[rates.denominator].astype("float64") / 1000,
    }


def _words(found: object, index: pd.Index) -> pd.Series:
    words = pd.Series(found, index=index, dtype="str")
    return words.mask(words == "")
