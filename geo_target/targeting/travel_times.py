"""Minutes to the nearest of some facilities: by a stated speed, or over a layer of roads."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geo_target import settings

#: n x 2, meters in the metric CRS.
Coordinates = npt.NDArray[np.float64]
Values = npt.NDArray[np.float64]

#: A road gets a vertex at least so often: places are snapped to vertices, not to what lies between.
SPACING_M = 100.0
#: Minutes for a meter at one kilometer an hour.
_MINUTES_PER_M = 0.06


@dataclass(frozen=True)
class Travel:
    """How fast people get along; all of it is a convention, and is shown beside the minutes."""

    speed_km_per_hour: float = 20.0
    """By motorcycle, where no layer of roads says otherwise."""
    detour_factor: float = 1.3
    """A way is so many times as long as the straight line, where there is no layer of roads."""
    walking_km_per_hour: float = 4.5
    """Between a place and the road, in a straight line."""

    def __post_init__(self) -> None:
        if min(self.speed_km_per_hour, self.walking_km_per_hour) <= 0 or self.detour_factor < 1:
            raise ValueError("speeds must be above 0, and the detour factor at least 1")

    @property
    def minutes_per_m(self) -> float:
        """Minutes for a meter of straight line, detour and all."""
        return self.detour_factor * _MINUTES_PER_M / self.speed_km_per_hour

    @property
    def walking_minutes_per_m(self) -> float:
        """Minutes for a meter on foot."""
        return _MINUTES_PER_M / self.walking_km_per_hour


def travel_of(wanted: settings.Travel) -> Travel:
    """How fast people get along, as a configuration has it."""
    return Travel(wanted.speed_km_per_hour, wanted.detour_factor, wanted.walking_km_per_hour)


@dataclass(frozen=True)
class RoadNetwork:
    """Vertices of roads and the minutes between those beside each other.

    Attributes
    ----------
    xy
        n x 2, meters.
    minutes
        n x n, symmetric: both ways of a road are alike.
    walking_minutes_per_m
        Between a place and its nearest vertex.
    """

    xy: Coordinates
    minutes: csr_array
    walking_minutes_per_m: float
    tree: KDTree

    def minutes_from(self, facilities: Coordinates) -> Values:
        """Minutes from each vertex to the nearest of `facilities`; inf where no road leads.

        Dijkstra (1959), doi:10.1007/BF01386390, from one more node, from which a way as long as
        its walk leads to the vertex of each facility.
        """
        walk_m, vertex = self.tree.query(facilities)
        ways = pd.Series(walk_m * self.walking_minutes_per_m).groupby(vertex).min()
        start = csr_array((ways, ways.index, [0, len(ways)]), shape=(1, len(self.xy)))
        graph = vstack([self.minutes, start])
        graph = csr_array((graph.data, graph.indices, graph.indptr), shape=(graph.shape[0],) * 2)
        found: Values = dijkstra(graph, directed=True, indices=len(self.xy))[:-1]
        return found

    def minutes_of(self, places: Coordinates, from_vertex: Values) -> Values:
        """Minutes of places, the walk to their nearest vertex with them; see `minutes_from`."""
        walk_m, vertex = self.tree.query(places)
        found: Values = walk_m * self.walking_minutes_per_m + from_vertex[vertex]
        return found

    def around(self, cells: Coordinates, reach_m: float) -> "Surroundings":
        """Vertices that may be the nearest of some place within `reach_m` of each of `cells`."""
        nearest_m, _ = self.tree.query(cells)
        near = self.tree.query_ball_point(cells, nearest_m * (1 + 1e-9) + 2 * reach_m)
        counts = np.array([len(own) for own in near], dtype=np.int64)
        vertex = np.concatenate([[], *near]).astype(np.int64)
        off_m = np.hypot(*(self.xy[vertex] - np.repeat(cells, counts, axis=0)).T)
        return Surroundings(
            first=np.cumsum(counts) - counts,
            vertex=vertex,
            least_walk=np.maximum(off_m - reach_m, 0) * self.walking_minutes_per_m,
            most_walk=(nearest_m + reach_m) * self.walking_minutes_per_m,
        )


@dataclass(frozen=True)
class Surroundings:
    """Of squares, the vertices at which their places may come to a road.

    A place at most r from a middle, whose nearest vertex is d off, has its own nearest vertex
    within d + 2 r of the middle, and at most d + r from itself: what holds for all of
    these vertices holds for it.

    Attributes
    ----------
    first
        n: where the vertices of each square begin.
    vertex, least_walk
        Of all squares, one after the other: the vertex, and the fewest minutes to it.
    most_walk
        n: minutes that no place of the square walks longer than.
    """

    first: npt.NDArray[np.int64]
    vertex: npt.NDArray[np.int64]
    least_walk: Values
    most_walk: Values

    def bounds(self, from_vertex: Values) -> tuple[Values, Values]:
        """Least and most minutes of any place of each square; see `RoadNetwork.minutes_from`."""
        minutes = from_vertex[self.vertex]
        least: Values = np.minimum.reduceat(minutes + self.least_walk, self.first)
        most: Values = np.maximum.reduceat(minutes, self.first) + self.most_walk
        return least, most


def road_network(roads: gpd.GeoDataFrame, travel: Travel, crs: pyproj.CRS) -> RoadNetwork:
    """Network of a layer of roads.

    Parameters
    ----------
    roads
        Lines in any CRS; what is no line is left out. ``speed_km_per_hour``, if there, is the
        speed on each; null or 0 there means that of `travel`. Roads meet where they share a
        vertex: two that cross without one are a bridge.
    crs
        Metric, see `crs.metric_crs`.

    Raises
    ------
    ValueError
        If no line has any length.
    """
    speed = roads.get("speed_km_per_hour", pd.Series(np.nan, index=roads.index)).astype("float64")
    speeds = speed.where(speed > 0, travel.speed_km_per_hour).to_numpy()
    shapes, own = shapely.get_parts(np.asarray(roads.geometry.to_crs(crs)), return_index=True)
    is_line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    xy, line = shapely.get_coordinates(shapes[is_line], return_index=True)
    places, node = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    ahead = np.flatnonzero(line[1:] == line[:-1])
    one, other = node[ahead], node[ahead + 1]
    length_m = np.abs(places[one] - places[other])
    edges = pd.DataFrame(
        {
            "one": np.minimum(one, other),
            "other": np.maximum(one, other),
            "length_m": length_m,
            "minutes": length_m * _MINUTES_PER_M / speeds[own[is_line]][line[ahead]],
        }
    )
    edges = edges[edges["one"] < edges["other"]]
    if edges.empty:
        raise ValueError("the layer of roads has no line of any length")
    # Of two alike the faster counts.
    edges = edges.groupby(["one", "other"], as_index=False).min()
    places, edges = _with_steps(places, edges)
    ends = (np.append(edges["one"], edges["other"]), np.append(edges["other"], edges["one"]))
    minutes = csr_array((np.tile(edges["minutes"], 2), ends), shape=(len(places),) * 2)
    vertices = np.column_stack([places.real, places.imag])
    return RoadNetwork(vertices, minutes, travel.walking_minutes_per_m, KDTree(vertices))


def _with_steps(
    places: npt.NDArray[np.complex128], edges: pd.DataFrame
) -> tuple[npt.NDArray[np.complex128], pd.DataFrame]:
    """Vertices between those that are far apart, and the edges between all of them.

    Each is of its own edge alone: two roads that cross between their vertices do not meet.
    """
    parts = np.ceil(edges["length_m"].to_numpy() / SPACING_M).astype(np.int64)
    edge = np.repeat(np.arange(len(edges)), parts)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    one, other = edges["one"].to_numpy()[edge], edges["other"].to_numpy()[edge]
    is_new = step > 0
    added = places[one] + (places[other] - places[one]) * (step / parts[edge])
    # The place where a part begins, and the one where the next part does.
    number = len(places) + np.cumsum(is_new) - 1
    begins = np.where(is_new, number, one)
    ends = np.where(step == parts[edge] - 1, other, number + 1)
    minutes = (edges["minutes"].to_numpy() / parts)[edge]
    found = pd.DataFrame({"one": begins, "other": ends, "minutes": minutes})
    return np.concatenate([places, added[is_new]]), found
