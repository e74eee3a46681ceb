"""Ours: POINTS VILLAGES OUT WAY STATED KEPT. WAY is `built`, `kept`, `numbers` or `stated`.

`numbers` is the lookup without any text; `stated` the way of few points, without a grid.
"""

import json
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd

from benchmarks.measured import measured
from geo_target.places import location
from geo_target.places.location import find_point_villages
from geo_target.places.village_grid import VillageGrid

points_file, villages_file, out, way, stated, kept = sys.argv[1:]
points = pd.read_parquet(points_file).rename(columns={stated: "stated_village_code"})
villages = gpd.read_parquet(villages_file)
grid = VillageGrid(villages, Path(kept)) if way in {"kept", "numbers"} else None
if way == "numbers":  # the polygons are prepared by the first points that ask them
    grid.find(points["lon"].to_numpy(), points["lat"].to_numpy())
if way == "stated":
    location._WORTH_MAKING = float("inf")
with measured() as taken:
    if way == "numbers":
        numbers = grid.find(points["lon"].to_numpy(), points["lat"].to_numpy())
    else:
        grid = VillageGrid(villages) if way == "built" else grid
        found = find_point_villages(points, villages, grid=grid)
if way == "numbers":
    found = pd.Series(pd.array(grid.codes, dtype="str").take(numbers, allow_fill=True))
found.to_frame("village").to_parquet(out)
print(json.dumps(taken))
