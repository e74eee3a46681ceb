"""Closes the gaps and settles the overlaps between villages, and says what that changed."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.places.boundary_report import AreaChange

#: Corners nearer than this are one corner; tried on all of Banten (docs/decisions/0002).
SNAPPING_DISTANCE_M = 5.0
#: Gaps narrower than this belong to the neighbor with the longest shared edge.
GAP_WIDTH_M = 80.0
#: A village that changes by more than this share of its area needs a person to look.
MAX_AREA_CHANGE = 0.01
#: Smaller changes are rounding.
_ROUNDING_M2 = 0.5


def close_coverage(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    """The same villages with shared edges: no overlaps, no narrow gaps.

    Parameters
    ----------
    layer
        Valid polygons in a CRS of meters, whose faults against each other are a few
        meters wide.

    Returns
    -------
    GeoSeries
        Same index and CRS; a village that the repair swallowed is empty.
    """
    shapes = shapely.coverage_clean(  # type: ignore[attr-defined]  # stubs of shapely 2.1
        layer.to_numpy(), snapping_distance=SNAPPING_DISTANCE_M, gap_width=GAP_WIDTH_M
    )
    return gpd.GeoSeries(shapes, index=layer.index, crs=layer.crs)


def find_area_changes(
    before: gpd.GeoSeries, after: gpd.GeoSeries, labels: pd.Series
) -> list[AreaChange]:
    """Every village whose area the repair changed, largest share first (m2, 0 to 1)."""
    change = (after.area - before.area).to_numpy()
    share = change / before.area.to_numpy()
    return [
        AreaChange(str(labels.iloc[at]), float(change[at]), float(share[at]))
        for at in np.argsort(-np.abs(share), kind="stable")
        if abs(change[at]) > _ROUNDING_M2
    ]
