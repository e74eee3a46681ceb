"""Villages that are squares of one kilometer, and the examples that libpysal ships."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from geo_target.crs import WGS84
from geo_target.targeting.contiguity import Contiguity
from tests.builders import UTM_48S


def villages_at(places: dict[str, tuple[int, int]]) -> gpd.GeoDataFrame:
    """A square for each code, so many kilometers east and north of a corner near Serang."""
    squares = [
        box(620_000 + 1_000 * east, 9_320_000 + 1_000 * north,
            621_000 + 1_000 * east, 9_321_000 + 1_000 * north)
        for east, north in places.values()
    ]  # fmt: skip
    # Corners that are one in meters are one in degrees too, as in a layer that is a coverage.
    return gpd.GeoDataFrame(
        index=pd.Index(list(places), name="village_code"),
        geometry=gpd.GeoSeries(squares, crs=UTM_48S).to_crs(WGS84).to_numpy(),
        crs=WGS84,
    )


def square_of_villages(side: int) -> gpd.GeoDataFrame:
    """`side` x `side` villages; the code says the row, then the column."""
    return villages_at(
        {f"{north:02}.{east:02}": (east, north) for north in range(side) for east in range(side)}
    )


def counted(
    villages: gpd.GeoDataFrame, uncovered: list[Any] | Any, covered: list[Any] | Any
) -> gpd.GeoDataFrame:
    return villages.assign(
        uncovered_families=pd.array(uncovered, dtype="Int64"),
        covered_families=pd.array(covered, dtype="Int64"),
        families=100,
        population_families=pd.array([None] * len(villages), dtype="Int64"),
    )


def example_of_libpysal(weights: str, table: str) -> tuple[Any, pd.DataFrame]:
    """Neighbors and table of an example that lies in the package; nothing is fetched."""
    import libpysal  # type: ignore[import-untyped]  # noqa: PLC0415  # takes a second

    files = [libpysal.io.open(libpysal.examples.get_path(name)) for name in (weights, table)]
    neighbors, rows = files[0].read(), pd.DataFrame(list(files[1]), columns=files[1].header)
    for file in files:
        file.close()
    return neighbors, rows


def contiguity_of(neighbors: Any) -> Contiguity:
    """Of weights that know no islands, hence without shapes."""
    codes = pd.Index([f"{number:03}" for number in range(neighbors.n)])
    matrix = (neighbors.sparse > 0).astype(np.int64).tocsr()
    return Contiguity(codes, matrix, matrix, (), np.full(neighbors.n, None))
