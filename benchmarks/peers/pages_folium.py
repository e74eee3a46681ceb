"""A page of Folium's, made for each request: VILLAGES REQUESTS.

The villages are read and simplified once, as a coverage, and so is the scale of colors; a request
makes the map, writes it as HTML and sends it, as Folium's documentation does with Flask. The page's
scripts come from other hosts and are not counted.
"""

import gzip
import json
import statistics
import sys
import time

import folium
import geopandas as gpd
import shapely
from flask import Flask

from benchmarks.measured import peak_mb

TOLERANCE = 0.0005
COLORS = ("#ffffcc", "#c2e699", "#78c679", "#31a354", "#006837")


def app_of(villages: gpd.GeoDataFrame) -> Flask:
    """One page: villages by how many families nobody reaches."""
    app = Flask(__name__)
    counts = villages["uncovered_families"].astype(float)
    steps = [float(counts.quantile(share)) for share in (0.2, 0.4, 0.6, 0.8)]
    west, south, east, north = villages.total_bounds

    def style(feature: dict[str, dict[str, float]]) -> dict[str, object]:
        number = sum(feature["properties"]["uncovered_families"] > step for step in steps)
        return {"fillColor": COLORS[number], "color": "#555555", "weight": 1, "fillOpacity": 0.7}

    @app.get("/")
    def overview() -> str:
        page = folium.Map(tiles=None)
        folium.GeoJson(
            villages,
            style_function=style,
            tooltip=folium.GeoJsonTooltip(["village_name", "uncovered_families"]),
        ).add_to(page)
        page.fit_bounds([[south, west], [north, east]])
        return page.get_root().render()

    return app


def main(file: str, requests: int) -> None:
    """Ask for it, one request after the other."""
    villages = gpd.read_parquet(file)[["village_name", "uncovered_families", "geometry"]]
    simple = shapely.coverage_simplify(villages.geometry.values, TOLERANCE)
    villages = villages.set_geometry(gpd.GeoSeries(simple, villages.index, crs=villages.crs))
    villages["geometry"] = villages.geometry.set_precision(1e-5)
    client = app_of(villages).test_client()
    times = []
    for _ in range(requests + 1):
        begun = time.perf_counter()
        answer = client.get("/")
        times.append(1000 * (time.perf_counter() - begun))
    weight = len(gzip.compress(answer.data, 6)) / 1000
    first, *rest = times
    found = {"first": first, "median": statistics.median(rest), "last": max(rest)}
    print(json.dumps({**found, "page": weight, "all": weight, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
