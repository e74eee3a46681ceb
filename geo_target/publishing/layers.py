"""Layers for the browser: GeoJSON with columns from an allow-list, light enough to send.

Shapes are simplified only here, for drawing: which village a family lies in is decided on
the full boundaries. All layers of a map are simplified together, by the same rule, so that
neighbors keep sharing their edges and outlines lie on them.
"""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from geo_target.crs import WGS84
from geo_target.publishing.drawing import (
    Layer,
    collection,
    compress,
    feature,
    label_points,
    plain,
    rounded,
    simplified,
    tolerance_of,
)

#: All that a village's shape carries to the browser: no figure, so that the shapes are the
#: same for every audience and run. Figures come with the page, from the audience's own table.
VILLAGE_PROPERTIES = ("village_code", "village_name", "district_code", "district_name")
DISTRICT_PROPERTIES = ("district_code", "district_name")
CLUSTER_PROPERTIES = ("cluster_id", "kind", "name", "uncovered_families", "village_codes")
#: Stands for the count of a cluster where that is withheld.
AT_LEAST = "uncovered_at_least"

#: A packed layer of villages heavier than this comes by district, after the districts' outlines.
LIGHT_BYTES = 100_000

_OUTLINE, _PART = 2.0, 2 / 3  # of the tolerance of a whole layer: seen from afar, and near
_NEIGHBORHOOD = 1.2  # of the area's longer side: how far neighbors are drawn around it


def shape_layers(villages: gpd.GeoDataFrame, *, light_bytes: int = LIGHT_BYTES) -> dict[str, Layer]:
    """The layers that everybody may have: villages, districts, and of a heavy area its parts.

    Parameters
    ----------
    villages
        Indexed by ``village_code``. Full boundaries.
    light_bytes
        How heavy the villages may be, packed, to come at once.

    Returns
    -------
    dict
        ``villages`` and ``districts``; where the villages are heavier also ``outlines``, the
        districts seen from afar, and for each district ``villages-<district_code>``, finer
        than in the whole.
    """
    whole = village_layer(villages)
    drawn = {"villages": whole, "districts": district_layer(villages)}
    if len(compress(whole)) > light_bytes:
        labels = {f["properties"]["village_code"]: f["properties"]["label"]
                  for f in whole["features"]}  # fmt: skip
        drawn["outlines"] = district_layer(villages, coarser=_OUTLINE)
        parts = village_parts(villages, labels)
        drawn |= {f"villages-{code}": part for code, part in parts.items()}
    return drawn


def village_layer(villages: gpd.GeoDataFrame) -> Layer:
    """Villages with their names and a point for the label.

    Parameters
    ----------
    villages
        Indexed by ``village_code``; of its columns only `VILLAGE_PROPERTIES` are told.
    """
    labels = dict(zip(villages.index, label_points(villages), strict=True))
    tolerance_m = tolerance_of(villages)
    return _villages(villages, simplified(villages, tolerance_m), labels, tolerance_m)


def village_parts(
    villages: gpd.GeoDataFrame, labels: Mapping[str, list[float]]
) -> dict[str, Layer]:
    """By district its villages, and last its outline on their edges: a shape without a village.

    Parameters
    ----------
    villages
        As for `village_layer`.
    labels
        Point for the label, by ``village_code``.
    """
    tolerance_m = tolerance_of(villages) * _PART
    drawn = villages.set_geometry(simplified(villages, tolerance_m))
    parts = {}
    for code in sorted({*drawn["district_code"]}):
        own = drawn[drawn["district_code"] == code]
        edge = gpd.GeoSeries([own.geometry.union_all()], crs=WGS84)
        outline = feature(rounded(edge, tolerance_m).iloc[0], {"district_code": str(code)})
        part = _villages(own, own.geometry, labels, tolerance_m)
        parts[str(code)] = collection([*part["features"], outline])
    return parts


def district_layer(villages: gpd.GeoDataFrame, *, coarser: float = 1.0) -> Layer:
    """Outlines of districts, on the edges of their drawn villages, with a point for the label.

    Parameters
    ----------
    villages
        As for `village_layer`; ``district_code`` and ``district_name`` are used.
    coarser
        Times the tolerance that villages are drawn with.
    """
    tolerance_m = tolerance_of(villages) * coarser
    districts = (
        villages[list(DISTRICT_PROPERTIES)]
        .set_geometry(simplified(villages, tolerance_m))
        .dissolve("district_code", method="unary")
        .reset_index()
    )
    rows = districts[list(DISTRICT_PROPERTIES)].to_dict("records")
    return collection(
        feature(shape, {**plain(row), "label": label})
        for shape, row, label in zip(
            rounded(districts.geometry, tolerance_m), rows, label_points(districts), strict=True
        )
    )


def cluster_layer(clusters: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> Layer:
    """Clusters of points as outlined cells; those of RW as one count a village, never a shape.

    Parameters
    ----------
    clusters
        As disclosed: the columns of the snapshot's clusters, and a geometry of whole
        500 m cells, null where the kind is ``rw`` or nothing may be drawn. Of clusters of
        unmatched families these are told as ``uncovered_families``.
    villages
        As for `village_layer`: where the counts of RW clusters are put.
    """
    clusters = clusters.rename(columns={"unmatched_families": "uncovered_families"})
    points = clusters[(clusters["kind"] == "points") & clusters.geometry.notna()]
    names = [*CLUSTER_PROPERTIES, *points.columns.intersection([AT_LEAST])]
    rows = points[names].to_dict("records")
    cells = [
        feature(shape, {**plain(row), "label": label})
        for shape, row, label in zip(points.geometry, rows, label_points(points), strict=True)
    ]
    return collection([*cells, *_rw_counts(clusters, villages)])


def neighbor_layer(surroundings: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> Layer:
    """The land around the area as one plain shape; may be empty.

    Parameters
    ----------
    surroundings
        Villages outside the area; only their geometry is used.
    area
        Villages of the area.
    """
    if surroundings.empty:
        return collection([])
    west, south, east, north = area.total_bounds
    reach = max(east - west, north - south) * _NEIGHBORHOOD
    window = shapely.box(west - reach, south - reach, east + reach, north + reach)
    near = surroundings[surroundings.intersects(window)]
    if near.empty:
        return collection([])
    both = pd.concat([near[["geometry"]], area[["geometry"]]], ignore_index=True)
    around = gpd.GeoDataFrame(both, geometry="geometry", crs=WGS84)
    tolerance_m = tolerance_of(around)
    drawn = simplified(around, tolerance_m)
    land = shapely.union_all(drawn.to_numpy()[: len(near)]).intersection(window)
    shape = rounded(gpd.GeoSeries([land], crs=WGS84), tolerance_m).iloc[0]
    return collection([feature(shape, {})])


def _rw_counts(clusters: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> list[Layer]:
    """One point a village, at its label: how many RW clusters, and their families."""
    rw = clusters[clusters["kind"] == "rw"]
    first = pd.Series([codes[0] for codes in rw["village_codes"]], index=rw.index, dtype=object)
    labels = dict(zip(villages.index, label_points(villages), strict=True))
    counts = []
    for code, found in rw.groupby(first, sort=True):
        families = found["uncovered_families"].astype("Int64")
        known = int(families.sum()) if families.notna().all() else None
        properties = {
            "kind": "rw",
            "village_code": str(code),
            "rw_clusters": len(found),
            "uncovered_families": known,
        }
        if code in labels:
            counts.append(feature(shapely.Point(labels[code]), properties))
    return counts


def _villages(
    villages: gpd.GeoDataFrame,
    drawn: gpd.GeoSeries,
    labels: Mapping[str, list[float]],
    tolerance_m: float,
) -> Layer:
    rows = villages.reset_index()[list(VILLAGE_PROPERTIES)].to_dict("records")
    return collection(
        feature(shape, {**plain(row), "label": labels[row["village_code"]]})
        for shape, row in zip(rounded(drawn, tolerance_m), rows, strict=True)
    )
