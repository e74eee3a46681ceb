"""Two layers of the same villages held against each other: which ground is whose in which.

Layers of two sources differ, and nothing in them tells which is right. What can be told is
how much of each village both agree on, and where a point falls into another village.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.places.boundary_faults import NEGLIGIBLE_M2, polygons_of
from geo_target.places.boundary_place import only

#: Below these shares of common ground two drawings are hardly, or not, of one village.
HALF, TENTH = 0.5, 0.1

#: No village: ground that one of the layers alone covers.
NOBODY = ""


@dataclass(frozen=True)
class LayerComparison:
    """Two layers, A and B, village by village.

    `villages` is indexed by ``village_code`` (sorted): ``area_a_m2`` and ``area_b_m2`` (NaN
    where a layer lacks the village), ``common_m2``, ``iou`` (common / united ground, 0 to 1),
    ``elsewhere_share`` (of A's ground, what B gives to other villages), ``other_code`` and
    ``other_share`` (the one of them that gets most; "" and 0 for none), ``outside_share`` (of
    A's ground, what no village of B has), ``distance_m`` (between the inner points) and
    ``swapped_with`` (see `find_swapped`; "" for none).

    `zones` has the ground over 1 m2 on which the layers differ, largest first: ``code_a``,
    ``code_b`` ("" where that layer has no village), ``area_m2`` and ``geometry`` (polygons in
    the CRS of meters). `shared` has ``code_a``, ``code_b`` and ``area_m2`` of all pairs that
    share ground, the same village's too.
    """

    villages: pd.DataFrame
    zones: gpd.GeoDataFrame
    shared: pd.DataFrame

    @property
    def only_a(self) -> list[str]:
        """Villages that layer B lacks."""
        return self.villages.index[self.villages["area_b_m2"].isna()].tolist()

    @property
    def only_b(self) -> list[str]:
        """Villages that layer A lacks."""
        return self.villages.index[self.villages["area_a_m2"].isna()].tolist()

    @property
    def swapped(self) -> list[tuple[str, str]]:
        """Pairs of villages whose labels seem swapped, each once."""
        partners = self.villages["swapped_with"]
        return [(str(code), other) for code, other in partners.items() if str(code) < other]


def compare_layers(a: gpd.GeoSeries, b: gpd.GeoSeries, area: str) -> LayerComparison:
    """Hold two layers against each other.

    Parameters
    ----------
    a, b
        Valid polygons in one CRS of meters, indexed by village code, each code once; villages
        of a layer may overlap.
    area
        Code of the area whose villages are compared; those around it count as others.
    """
    a, b = _near(a, b, area), _near(b, a, area)
    pairs = _find_pairs(a, b, area)
    shared = pairs.loc[pairs["area_m2"] > 0, ["code_a", "code_b", "area_m2"]]
    ground_a, ground_b = shapely.union_all(a.to_numpy()), shapely.union_all(b.to_numpy())
    alone = pd.concat(
        [
            _find_alone(a, shapely.difference(ground_a, ground_b), area, "code_a"),
            _find_alone(b, shapely.difference(ground_b, ground_a), area, "code_b"),
        ]
    )
    zones = pd.concat([pairs[pairs["code_a"] != pairs["code_b"]], alone])
    zones = zones[zones["area_m2"] > NEGLIGIBLE_M2]
    zones = zones.sort_values(["area_m2", "code_a", "code_b"], ascending=[False, True, True])
    zones["geometry"] = [polygons_of(shape) for shape in zones["geometry"]]
    villages = _villages(a, b, area, shared, alone[alone["code_b"] == NOBODY])
    frame = gpd.GeoDataFrame(zones.reset_index(drop=True), geometry="geometry", crs=a.crs)
    return LayerComparison(villages, frame, shared.reset_index(drop=True))


def _near(layer: gpd.GeoSeries, other: gpd.GeoSeries, area: str) -> gpd.GeoSeries:
    """Villages of `layer` that touch the box of the area in either layer."""
    inside = np.array([_own(part, area).total_bounds for part in (layer, other)])
    (west, south), (east, north) = inside[:, :2].min(axis=0), inside[:, 2:].max(axis=0)
    box = shapely.box(west, south, east, north)
    return only(layer, layer.index[layer.intersects(box)].sort_values())


def _own(layer: gpd.GeoSeries, area: str) -> gpd.GeoSeries:
    return only(layer, layer.index[layer.index.str.startswith(area + ".")])


def _find_pairs(a: gpd.GeoSeries, b: gpd.GeoSeries, area: str) -> pd.DataFrame:
    """Common ground of each two villages that meet, one of them of the area."""
    left, right = shapely.STRtree(b.to_numpy()).query(a.to_numpy(), predicate="intersects")
    codes_a, codes_b = a.index[left], b.index[right]
    own = codes_a.str.startswith(area + ".") | codes_b.str.startswith(area + ".")
    common = shapely.intersection(a.to_numpy()[left[own]], b.to_numpy()[right[own]])
    return pd.DataFrame(
        {
            "code_a": codes_a[own],
            "code_b": codes_b[own],
            "area_m2": shapely.area(common),
            "geometry": common,
        }
    )


def _find_alone(
    layer: gpd.GeoSeries, rest: shapely.Geometry, area: str, column: str
) -> pd.DataFrame:
    """Ground of the area's villages in `layer` that lies in `rest`, which no other layer has."""
    own = _own(layer, area)
    parts = shapely.get_parts(rest)
    part, village = shapely.STRtree(own.to_numpy()).query(parts, predicate="intersects")
    pieces = shapely.intersection(parts[part], own.to_numpy()[village])
    found = pd.DataFrame({column: own.index[village], "geometry": pieces})
    grouped = found[shapely.area(pieces) > 0].groupby(column, sort=True)["geometry"]
    alone = {code: polygons_of(shapely.GeometryCollection(list(each))) for code, each in grouped}
    nobody = [NOBODY] * len(alone)
    return pd.DataFrame(
        {
            "code_a": list(alone) if column == "code_a" else nobody,
            "code_b": list(alone) if column == "code_b" else nobody,
            "area_m2": shapely.area(np.array(list(alone.values()), dtype=object)),
            "geometry": pd.Series(list(alone.values()), dtype=object),
        }
    )


def _villages(
    a: gpd.GeoSeries, b: gpd.GeoSeries, area: str, shared: pd.DataFrame, outside: pd.DataFrame
) -> pd.DataFrame:
    codes = a.index.union(b.index)
    codes = codes[codes.str.startswith(area + ".")].rename("village_code")
    area_a, area_b = a.area.reindex(codes), b.area.reindex(codes)
    is_same = shared["code_a"] == shared["code_b"]
    common = shared[is_same].set_index("code_a")["area_m2"].reindex(codes, fill_value=0.0)
    # of a village outside not all its ground is in `shared`
    within = shared[shared["code_a"].isin(codes) & shared["code_b"].isin(codes)]
    others = shared[~is_same].sort_values(["area_m2", "code_b"], ascending=[False, True])
    most = others.drop_duplicates("code_a").set_index("code_a")
    points_a, points_b = (
        gpd.GeoSeries(layer.representative_point().reindex(codes)) for layer in (a, b)
    )
    elsewhere = others.groupby("code_a")["area_m2"].sum().reindex(codes, fill_value=0.0)
    alone = outside.set_index("code_a")["area_m2"].reindex(codes, fill_value=0.0)
    return pd.DataFrame(
        {
            "area_a_m2": area_a,
            "area_b_m2": area_b,
            "common_m2": common,
            "iou": common / (area_a + area_b - common),
            "elsewhere_share": elsewhere / area_a,
            "other_code": most["code_b"].reindex(codes, fill_value=NOBODY),
            "other_share": most["area_m2"].reindex(codes, fill_value=0.0) / area_a,
            "outside_share": alone / area_a,
            "distance_m": points_a.distance(points_b),
            "swapped_with": find_swapped(within).reindex(codes, fill_value=NOBODY),
        },
        index=codes,
    )


def find_swapped(shared: pd.DataFrame) -> pd.Series:
    """For each village whose label seems swapped, the village that it seems swapped with.

    A's village i shares most ground with B's j, and A's j with B's i.

    Parameters
    ----------
    shared
        ``code_a``, ``code_b``, ``area_m2``, as `LayerComparison.shared`.
    """
    ordered = shared.sort_values(["area_m2", "code_b"], ascending=[False, True])
    most = ordered.drop_duplicates("code_a").set_index("code_a")["code_b"]
    back = most.reindex(most).to_numpy()
    return pd.Series(most[(back == most.index) & (most != most.index)])


def summarize(comparison: LayerComparison) -> pd.DataFrame:
    """The villages that both layers have by regency, and all of them under "" first.

    Returns
    -------
    DataFrame
        Indexed by ``regency_code``: ``villages`` (int), ``median_iou`` (0 to 1, NaN without
        villages), ``same_share`` (of the ground that both layers give to this regency, what
        both give to the same village), ``below_half``, ``below_tenth`` (villages by their
        IoU) and ``swapped`` (villages that seem swapped).
    """
    both = comparison.villages.dropna(subset=["area_a_m2", "area_b_m2"])
    shared = comparison.shared
    regency_a, regency_b = (shared[name].str[: len("00.00")] for name in ("code_a", "code_b"))
    known = shared["code_a"].isin(both.index) & shared["code_b"].isin(both.index)
    regencies = sorted(set(both.index.str[: len("00.00")]))
    return pd.DataFrame(
        [
            _summary(
                both[both.index.str.startswith(code)],
                shared[known & (regency_a.str.startswith(code)) & (regency_b.str.startswith(code))],
            )
            for code in ("", *regencies)
        ],
        index=pd.Index(["", *regencies], name="regency_code"),
    )


def _summary(both: pd.DataFrame, shared: pd.DataFrame) -> dict[str, float | int]:
    same = shared.loc[shared["code_a"] == shared["code_b"], "area_m2"].sum()
    ground = shared["area_m2"].sum()
    return {
        "villages": len(both),
        "median_iou": float(both["iou"].median()),
        "same_share": float(same / ground) if ground else float("nan"),
        "below_half": int((both["iou"] < HALF).sum()),
        "below_tenth": int((both["iou"] < TENTH).sum()),
        "swapped": int((both["swapped_with"] != NOBODY).sum()),
    }
