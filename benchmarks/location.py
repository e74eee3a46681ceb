"""Points to villages: ours beside geopandas, DuckDB spatial, SedonaDB and polars-st.

    python -m benchmarks.location [--points 3300000] [--boundaries FILE] [--rounds 1] [--save]

The shipped schematic layer, or a layer of Banten (FILE) whose lines are as fine as real ones.
Exits with 1 if any engine puts a point elsewhere than geopandas' sjoin within; `--plant` moves one
answer of ours to show it.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from benchmarks import peers
from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from geo_target.places.boundaries import read_boundaries

AREA = "36"
REFERENCE = "geopandas sjoin, within"
#: Points that are thrown by lot, of which the rest are copies some 30 m away.
_THROWN = 300_000
_JITTER = 0.0003
_OUTSIDE = 0.01
WRONG = {"stated_3": 0.03, "stated_20": 0.2}
OURS = "geo_target, grid"
_NOTE = f"""\
The job: the village of each point, on the layer of {{layer}} ({{villages:,}} villages,
{{corners:,}} corners). {_THROWN:,} points by lot in villages, 1 % outside, are tiled up to
{{points:,}} with {_JITTER / 2} degrees of jitter, and state a village which for 3 % or 20 % is
wrong; only the way without a grid asks for it. `grid` is the lookup from a table of points to a
column of codes, on a grid that stands and is asked for the first time; `with its making` makes
the grid first, as a layer's first run does; `numbers alone` is the lookup from arrays to numbers,
asked again. Points of the others are geometries of their own before the clock begins. All are
processes of their own, in turn, and every answer is compared with that of sjoin within. The peak is
of the process, with what it imported and the points. The goal: at least 30 times sjoin within, 3
times with the making."""


def thrown(
    villages: gpd.GeoDataFrame, count: int, seed: int = 7
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Points by lot (count x 2), and the place in `villages` of the village each was meant for."""
    random = np.random.default_rng(seed)
    few = min(count, _THROWN)
    polygons = villages.geometry.to_numpy()
    meant = random.integers(0, len(villages), few)
    bounds = shapely.bounds(polygons)
    shapely.prepare(polygons)
    places = np.full((few, 2), np.nan)
    left = np.arange(few)
    while len(left):
        box = bounds[meant[left]]
        tried = box[:, :2] + random.random((len(left), 2)) * (box[:, 2:] - box[:, :2])
        places[left] = tried
        left = left[~shapely.contains_xy(polygons[meant[left]], tried[:, 0], tried[:, 1])]
    outside = random.random(few) < _OUTSIDE
    west, south, east, north = villages.total_bounds
    places[outside] = random.uniform((west, south), (east, north), (outside.sum(), 2)) - (
        0, 2 * (north - south)
    )  # fmt: skip
    copies = np.arange(count) % few
    jitter = random.uniform(-_JITTER / 2, _JITTER / 2, (count, 2))
    jitter[:few] = 0
    return places[copies] + jitter, meant[copies]


def write_points(villages: gpd.GeoDataFrame, count: int, file: Path) -> None:
    """Points with a village that they state, right but for a share by lot."""
    places, meant = thrown(villages, count)
    random = np.random.default_rng(11)
    columns: dict[str, Any] = {"lon": places[:, 0], "lat": places[:, 1]}
    codes = villages.index.to_numpy()
    for name, share in WRONG.items():
        wrong = random.random(count) < share
        columns[name] = codes[np.where(wrong, random.integers(0, len(codes), count), meant)]
    pd.DataFrame(columns).to_parquet(file)


def engines(points: Path, villages: Path, kept: Path) -> dict[str, tuple[Any, ...]]:
    """Arguments of `peers.run` by the name of the engine, in the order of a round."""

    def ours(way: str, stated: str = "stated_3") -> tuple[Any, ...]:
        return ("location_ours", points, villages, None, way, stated, kept)

    def peer(engine: str) -> tuple[Any, ...]:
        return ("location_peer", points, villages, None, engine)

    return {
        OURS: ours("kept"),
        REFERENCE: peer("within"),
        f"{OURS}, 20 % wrong": ours("kept", "stated_20"),
        f"{OURS}, with its making": ours("built"),
        "SedonaDB": peer("sedonadb"),
        f"{OURS}, numbers alone": ours("numbers"),
        "polars-st": peer("polars_st"),
        "geo_target, stated village first": ours("stated"),
        "geo_target, stated village first, 20 % wrong": ours("stated", "stated_20"),
        "DuckDB spatial": peer("duckdb_spatial"),
        "geopandas sjoin, intersects": peer("intersects"),
    }


def differing(answers: pd.Series, reference: pd.Series) -> int:
    """Points with another village, or with one where the reference has none, or none."""
    return int((answers.fillna("") != reference.fillna("")).sum())


def compare(
    villages: gpd.GeoDataFrame, points: int, rounds: int, *, folder: Path, plant: bool
) -> list[dict[str, Any]]:
    """Each engine's best round, and how many of its answers are not those of the reference."""
    table, layer, out = folder / "points.parquet", folder / "villages.parquet", folder / "out"
    villages.to_parquet(layer)
    write_points(villages, points, table)
    best: dict[str, dict[str, Any]] = {}
    answers: dict[str, pd.Series] = {}
    for _ in range(rounds):
        for name, (script, *given) in engines(table, layer, folder / "cells").items():
            given[2] = out
            taken = peers.run(script, *given, ours=script == "location_ours")
            found = pd.read_parquet(out)["village"]
            if plant and name == OURS:
                found = moved(found)
            kept = answers.setdefault(name, found)
            if not kept.equals(found):
                raise SystemExit(f"{name} answers otherwise the second time")
            if name not in best or taken["seconds"] < best[name]["seconds"]:
                best[name] = taken
            print(f"{name} {taken['seconds']:.2f} s", file=sys.stderr)
    return [
        {"engine": name, **taken, "differing": differing(answers[name], answers[REFERENCE]),
         "mpts": points / taken["seconds"] / 1e6,
         "times": best[REFERENCE]["seconds"] / taken["seconds"],
         "cpu_times": best[REFERENCE]["cpu"] / taken["cpu"]}
        for name, taken in best.items()
    ]  # fmt: skip


def moved(found: pd.Series) -> pd.Series:
    """The answers with one of them another village: what must be noticed."""
    planted = found.copy()
    planted.iloc[0] = found.dropna()[found.dropna() != found.iloc[0]].iloc[0]
    return planted


def result(rows: list[dict[str, Any]], note: str, *, command: str) -> Result:
    """The table and the plot of what was measured."""
    wanted = ("engine", "seconds", "cpu", "mpts", "times", "cpu_times", "peak_mb", "differing")
    columns = ("engine", "s", "CPU s", "million points a s", "times sjoin within",
               "times in CPU s", "peak MB", "differing points")  # fmt: skip
    ordered = sorted(rows, key=lambda row: float(row["seconds"]))
    return Result(
        name="location",
        title="Points to villages, beside five engines",
        command=command,
        note=note,
        tables=(
            Table("One run", columns, tuple(tuple(row[key] for key in wanted) for row in ordered)),
        ),
        plot=Plot(
            "Points to villages", "", "million points a second", "bars",
            {"points": [(row["engine"], row["mpts"]) for row in ordered]}, log=True,
        ),
        versions=versions("shapely", "numpy", "pandas")
        | {f"{name} (peer)": number
           for name, number in peers.versions(
               "geopandas", "duckdb-extension-spatial", "sedonadb", "polars-st").items()},
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=3_300_000)
    parser.add_argument("--boundaries", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    peers.make()
    villages = read_boundaries(given.boundaries, area=AREA, faults="repair").villages
    with tempfile.TemporaryDirectory() as folder:
        rows = compare(villages, given.points, given.rounds, folder=Path(folder), plant=given.plant)
    note = _NOTE.format(
        layer=given.boundaries.name if given.boundaries else "schematic outlines",
        villages=len(villages), points=given.points,
        corners=int(shapely.get_num_coordinates(villages.geometry.to_numpy()).sum()),
    )  # fmt: skip
    command = command_of(parser, given, "location")
    finish(result(rows, note, command=command), save=given.save)
    if wrong := sum(row["differing"] for row in rows):
        raise SystemExit(f"points in another village than sjoin within says: {wrong}")


if __name__ == "__main__":
    main()
