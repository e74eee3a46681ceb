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
    """Every village whose ground the repair changed, largest share first (m2, 0 to 1).

    What a village won on one side and lost on the other is told, also where its area is
    the same as before.
    """
    area = before.area.to_numpy()
    kept = shapely.area(shapely.intersection(before.to_numpy(), after.to_numpy()))
    won, lost = after.area.to_numpy() - kept, area - kept
    moved = np.maximum(won, lost)
    return [
        AreaChange(
            str(labels.iloc[at]),
            won_m2=max(float(won[at]), 0.0),
            lost_m2=max(float(lost[at]), 0.0),
            change_m2=float(won[at] - lost[at]),
            share=float((won[at] - lost[at]) / area[at]),
            moved_share=float(moved[at] / area[at]),
        )
        for at in np.argsort(-moved / area, kind="stable")
        if moved[at] > _ROUNDING_M2
    ]
