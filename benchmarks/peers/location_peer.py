"""Another engine: POINTS VILLAGES OUT ENGINE.

Points are the engine's own geometries before the clock begins, which then runs until the number of
each point stands beside the code of its village. On several villages the lowest code is kept,
after the clock.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from benchmarks.measured import measured

#: Starts the join and gives columns `point` and `village`.
Join = Callable[[], pd.DataFrame]


def sjoin(points: pd.DataFrame, villages: gpd.GeoDataFrame, predicate: str) -> Join:
    """Geopandas."""
    places = gpd.GeoDataFrame(geometry=gpd.points_from_xy(points["lon"], points["lat"]), crs=4326)
    shapes = villages[["village", "geometry"]]

    def join() -> pd.DataFrame:
        return (
            places.sjoin(shapes, predicate=predicate)["village"].rename_axis("point").reset_index()
        )

    return join


def within(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> Join:
    """geopandas, one line: what the others are held against."""
    return sjoin(points, villages, "within")


def intersects(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> Join:
    """Geopandas with the predicate that it takes by default."""
    return sjoin(points, villages, "intersects")


def duckdb_spatial(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> Join:
    """DuckDB's spatial extension: a bare predicate, so that it plans its spatial join."""
    import duckdb  # noqa: PLC0415
    import duckdb_extension_spatial  # noqa: PLC0415

    folder = Path(duckdb_extension_spatial.__file__).parent
    (extension,) = folder.rglob("spatial.duckdb_extension")
    db = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    db.execute(f"load '{extension}'")
    shapes = pd.DataFrame({"village": villages["village"], "wkb": villages.geometry.to_wkb()})
    db.register("p", points[["lon", "lat"]].reset_index(names="point"))
    db.register("v", shapes)
    db.execute("create table points as select point, st_point(lon, lat) as place from p")
    db.execute("create table villages as select village, st_geomfromwkb(wkb) as shape from v")
    sql = "select point, village from points join villages on st_within(place, shape)"
    return lambda: db.execute(sql).df()


def sedonadb(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> Join:
    """SedonaDB."""
    import pyarrow as pa  # noqa: PLC0415
    import sedonadb as sedona  # noqa: PLC0415

    db = sedona.connect()
    places = gpd.GeoDataFrame(
        {"point": range(len(points))},
        geometry=gpd.points_from_xy(points["lon"], points["lat"]), crs=4326,
    )  # fmt: skip
    db.create_data_frame(places).to_memtable().to_view("points")
    db.create_data_frame(villages[["village", "geometry"]]).to_memtable().to_view("villages")
    sql = """select point, village from points join villages
        on st_within(points.geometry, villages.geometry)"""
    return lambda: pa.table(db.sql(sql)).to_pandas()


def polars_st(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> Join:
    """Polars with polars-st."""
    import polars as pl  # noqa: PLC0415
    import polars_st as st  # noqa: PLC0415

    places = pl.DataFrame({"lon": points["lon"].to_numpy(), "lat": points["lat"].to_numpy()})
    places = places.with_row_index("point").select(
        "point", geometry=st.point(pl.concat_list("lon", "lat"))
    )
    shapes = pl.DataFrame(
        {"village": villages["village"].to_list(), "shape": villages.geometry.to_wkb().to_list()}
    ).select("village", geometry=st.from_wkb("shape"))

    def join() -> pd.DataFrame:
        found = places.st.sjoin(shapes, on="geometry", predicate="within")
        return found.select("point", "village").to_pandas()

    return join


def main(points_file: str, villages_file: str, out: str, engine: str) -> None:
    """Join, and say what it took."""
    points = pd.read_parquet(points_file, columns=["lon", "lat"])
    villages = gpd.read_parquet(villages_file).reset_index(names="village")
    engines: dict[str, Any] = {
        f.__name__: f for f in (within, intersects, duckdb_spatial, sedonadb, polars_st)
    }
    join = engines[engine](points, villages)
    with measured() as taken:
        found = join()
    village = found.groupby("point")["village"].min().reindex(range(len(points)))
    village.to_frame().to_parquet(out, index=False)
    print(json.dumps(taken))


if __name__ == "__main__":
    main(*sys.argv[1:])
