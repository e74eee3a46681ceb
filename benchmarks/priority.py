"""The order of villages and the clusters: what each part of them takes, and the reader's weights.

    python -m benchmarks.priority [--uncovered 200000] [--requests 200] [--save]

Which goals were missed, and by how much, is said beside the figures.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from benchmarks import peers
from benchmarks.homes import AREA, homes
from benchmarks.kota_serang import timed
from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from geo_target.crs import WGS84
from geo_target.places.boundaries import read_boundaries

CITY = "36.73"
#: Families that every village has besides those of the densest settlements.
_ELSEWHERE = 40
#: Squares in which families share an RW and a fate: their side, how many are pockets, and the
#: uncovered share there and elsewhere.
_SIDE_M, _POCKETS, _POCKET, _OTHER = 300.0, 0.45, 0.85, 0.25
CITY_S, PROVINCE_S, PROVINCE_MB, DRAWS_S, ANSWER_MS = 3, 60, 2000, 2, 100
DRAWS = "1,000 draws"
_NOTE = f"""\
The job: what a run does between families and publishing, in a process of its own: villages counted,
their neighbors, rates with intervals, hot spots by permutation, scores, ranks and classes, 1,000
draws of them, clusters of uncovered families. Kota Serang is a demo as it comes, of 60,000
families; of Banten so many uncovered families live in its densest settlements, as many others
beside them, and {_ELSEWHERE} families in each village of the province; once all have a point and
once one of five. Importing and reading the boundaries are not counted; the peak is of the process,
with its tables. The reader's weights: the page that orders the villages by other weights than the
run's, each time by others, in one process without network, of a demo of 60,000 families in each
area. The goals: Kota Serang at most {CITY_S} s, Banten {PROVINCE_S} s and {PROVINCE_MB // 1000} GB,
1,000 draws {DRAWS_S} s, an answer {ANSWER_MS} ms."""


def province(uncovered: int, *, located: float, seed: int = 7) -> pd.DataFrame:
    """Families of Banten, about so many uncovered in its densest settlements.

    Returns
    -------
    DataFrame
        As `summarize_villages` and `poor_families` take them, everybody extreme poor.
    """
    random = np.random.default_rng(seed)
    villages = read_boundaries(None, area=AREA, faults="repair").villages
    share = _POCKETS * _POCKET + (1 - _POCKETS) * _OTHER
    dense, crs = homes(round(uncovered / share), dense=True, seed=seed)
    middles = np.array(
        pyproj.Transformer.from_crs(WGS84, crs, always_xy=True).transform(
            *shapely.get_coordinates(shapely.point_on_surface(villages.geometry.to_numpy())).T
        )
    ).T
    apart = np.repeat(middles, _ELSEWHERE, axis=0)
    xy = np.concatenate([dense, apart + random.normal(0, 150, apart.shape)])
    squares, square = np.unique(np.floor(xy / _SIDE_M), axis=0, return_inverse=True)
    rate = np.where(random.random(len(squares)) < _POCKETS, _POCKET, _OTHER)
    is_uncovered = random.random(len(xy)) < rate[square]
    lon, lat = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True).transform(*xy.T)
    tree = shapely.STRtree(villages.geometry.to_numpy())
    village = tree.query_nearest(shapely.points(lon, lat), all_matches=False)[1]
    is_located = random.random(len(xy)) < located
    return pd.DataFrame(
        {
            "family_id": [f"F{number:07d}" for number in range(len(xy))],
            "village_code": villages.index.to_numpy()[village],
            "rw": pd.Series(square % 99 + 1).map("{:03d}".format),
            "rt": pd.Series(square % 9 + 1).map("{:03d}".format),
            "neighborhood": pd.Series([None] * len(xy), dtype="str"),
            "lon": np.where(is_located, lon, np.nan),
            "lat": np.where(is_located, lat, np.nan),
            "welfare_class": "extreme_poor",
            "coverage_state": np.where(is_uncovered, "uncovered", "covered"),
            "evidence_on": pd.Timestamp("2025-09-01").date(),
            "location_status": np.where(is_located, "located", "unlocated"),
        }
    )


def ran(area: str, folder: Path, *sizes: str) -> tuple[Path, Path]:
    """A demo that was made and run: its configuration, and the families of its snapshot."""
    timed("demo", str(folder), "--area", area, "--lists", "csv", *sizes)
    config = folder / "geo-target.toml"
    snapshot = Path(json.loads(timed("run", str(config), "--json")[2])["snapshot"])
    return config, snapshot / "exact" / "families.parquet"


def parts_table(found: dict[str, dict[str, Any]], what: str, caption: str) -> Table:
    """A row a part, a column a world, and all of them together."""
    parts = list(next(iter(found.values()))["parts"])
    rows = [(part, *(world["parts"][part][what] for world in found.values())) for part in parts]
    whole = max if what == "peak_mb" else sum
    rows.append(("the whole", *(whole(column) for column in list(zip(*rows, strict=True))[1:])))
    return Table(caption, ("part", *found), tuple(rows))


def goals(
    found: dict[str, dict[str, Any]], answers: dict[str, dict[str, Any]]
) -> list[tuple[str, float, float]]:
    """What is measured, how much it is, and how much it may be; the worst of several worlds."""
    city, *others = (world["parts"] for world in found.values())

    def worst(worlds: list[dict[str, Any]], what: str) -> float:
        whole = max if what == "peak_mb" else sum
        return max(whole(part[what] for part in parts.values()) for parts in worlds)

    return [
        ("Kota Serang, s", worst([city], "seconds"), CITY_S),
        ("Banten, s", worst(others, "seconds"), PROVINCE_S),
        ("Banten, MB", worst(others, "peak_mb"), PROVINCE_MB),
        (f"{DRAWS}, s", max(parts[DRAWS]["seconds"] for parts in (city, *others)), DRAWS_S),
        ("an answer under other weights, ms (99th percentile)",
         max(answer["last"] for answer in answers.values()), ANSWER_MS),
    ]  # fmt: skip


def result(
    found: dict[str, dict[str, Any]], answers: dict[str, dict[str, Any]], *, command: str
) -> Result:
    """The tables and the plot of what was measured; Kota Serang comes first."""
    worlds = ("villages", "uncovered", "clusters")
    asked = ("first", "median", "last", "kb")
    return Result(
        name="priority",
        title="The order of villages, and clusters",
        command=command,
        note=_NOTE,
        tables=(
            Table("Goals", ("what", "measured", "at most", ""),
                  tuple((what, much, most, "met" if much <= most else "**missed**")
                        for what, much, most in goals(found, answers))),
            Table("Worlds", ("world", "villages", "uncovered families", "clusters"),
                  tuple((name, *(world[key] for key in worlds)) for name, world in found.items())),
            parts_table(found, "seconds", "Seconds"),
            parts_table(found, "cpu", "CPU seconds"),
            parts_table(found, "peak_mb", "Peak memory, MB"),
            Table("Other weights",
                  ("area", "first answer of a process, ms", "median, ms", "99th percentile, ms",
                   "KB compressed"),
                  tuple((name, *(answer[key] for key in asked))
                        for name, answer in answers.items())),
        ),
        plot=Plot(
            "Order and clusters by part", "", "seconds", "bars",
            {name: [(part, spent["seconds"]) for part, spent in world["parts"].items()]
             for name, world in found.items()}, log=True,
        ),
        versions=versions("duckdb", "numpy", "scipy", "shapely", "flask"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uncovered", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found: dict[str, dict[str, Any]] = {}
    answers: dict[str, dict[str, Any]] = {}

    def asked(name: str, config: Path) -> None:
        answers[name] = peers.run("weights_ours", config, given.requests, ours=True)
        print(f"{name}: {answers[name]}", file=sys.stderr)

    def measured(name: str, families: Path, area: str) -> None:
        found[name] = peers.run("priority_ours", families, area, ours=True)
        print(f"{name}: {found[name]}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as place:
        config, families = ran(CITY, Path(place) / "city")
        measured("Kota Serang", families, CITY)
        asked("Kota Serang", config)
        for located in (1.0, 0.2):
            file = Path(place) / "families.parquet"
            province(given.uncovered, located=located).to_parquet(file, index=False)
            measured(f"Banten, {located:.0%} with a point", file, AREA)
        config, _ = ran(AREA, Path(place) / "province", "--families", "60000")
        asked("Banten", config)
    command = command_of(parser, given, "priority")
    finish(result(found, answers, command=command), save=given.save)


if __name__ == "__main__":
    main()
