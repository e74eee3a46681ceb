"""Everything that a run found, before any of it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.intake.lists import AgencyList
from geo_target.places.boundaries import Boundaries
from geo_target.places.facilities import Facilities
from geo_target.places.settling import Located
from geo_target.publishing.guard import Guarded
from geo_target.publishing.previous import Previous
from geo_target.registry.families import Registry
from geo_target.registry.records import Records
from geo_target.registry.reviews import Review
from geo_target.registry.visits import Visits
from geo_target.settings import Settings
from geo_target.targeting.assessment import Assessment
from geo_target.targeting.cluster_details import ClusterDetails
from geo_target.targeting.contiguity import Contiguity
from geo_target.targeting.coverage import CoverageResult
from geo_target.targeting.indicators import Indicator
from geo_target.targeting.ordering import Ordering
from geo_target.workbench import Table


@dataclass(frozen=True)
class Targets:
    """What targeting found.

    Attributes
    ----------
    villages
        schemas.SNAPSHOT_VILLAGES and geometry, indexed by ``village_code``; see
        `targeting.priorities.find_priorities`.
    poor
        Extreme-poor families with a village, by ``family_id``.
    clusters, cluster_of
        See `targeting.clusters.find_clusters`; outlines rest on the metric `crs`.
    contiguity, indicators, ordering
        Which villages are neighbors, what they are ranked by, and what was decided of it.
    access
        `targeting.access.Access.villages`; None where nothing was measured.
    details
        What else is known of the clusters.
    """

    villages: gpd.GeoDataFrame
    poor: pd.DataFrame
    clusters: gpd.GeoDataFrame
    cluster_of: pd.Series
    crs: pyproj.CRS
    contiguity: Contiguity
    indicators: Sequence[Indicator]
    ordering: Ordering = field(default_factory=Ordering)
    access: pd.DataFrame | None = None
    details: ClusterDetails = field(default_factory=ClusterDetails)


@dataclass(frozen=True)
class Results:
    """Everything that a run found, before any of it is shown.

    Families have the ids of the run before, where that has them (`registry.memory`).
    `match_rates` is what `targeting.match_rates.count_matches` gives; `facilities` are None
    where no list has any, or none may be placed on the layer of villages. `numbers` are those of
    `intake.hygiene.count_numbers`, `unknown_villages` of `places.suggestions.suggest_villages`.
    """

    settings: Settings
    lists: Sequence[AgencyList]
    numbers: pd.DataFrame
    unknown_villages: Sequence[dict[str, Any]]
    boundaries: Boundaries
    registry: Registry
    located: Located
    coverage: CoverageResult
    assessment: Assessment
    families: Table
    targets: Targets
    guarded: Guarded
    match_rates: Table
    previous: Previous | None
    review: Review
    records: Records
    visits: Visits
    facilities: Facilities | None = None
