"""Clusters of homes: ours beside DBSCAN and HDBSCAN, anywhere and in the densest villages.

    python -m benchmarks.clusters [--points 20000 200000] [--save]

Exits with 1 if a home is in another cluster than scikit-learn's DBSCAN on the same cells puts it;
`--plant` moves one of ours to show it.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import peers
from benchmarks.homes import homes
from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions

DISTANCE_M, SMALLEST = 200, 10
#: scikit-learn's HDBSCAN takes minutes beyond so many.
HDBSCAN_AT_MOST = 20_000
REFERENCE = "DBSCAN, 25 m cells"
ENGINES = {
    REFERENCE: "dbscan_cells", "DBSCAN": "dbscan", "HDBSCAN": "hdbscan",
    "fast_hdbscan": "fast_hdbscan",
}  # fmt: skip
_NOTE = f"""\
The job: homes with at least {SMALLEST} homes within {DISTANCE_M} m are one cluster with those. A
made-up Banten of 3.3 million families in settlements of 60; points of all of it, or of the
villages that have most families a km2. geo_target takes degrees and gives clusters with their
outlines in cells of 500 m, neighbors and radius, as a run shows them, with every family
uncovered; `cells alone` is the labels only, from meters, as the others do it. It first gathers
homes into cells of 25 m, which changes who is just within {DISTANCE_M} m: DBSCAN on the same
cells is what it must agree with, home by home (border homes, which may be of either of two
clusters, only in being in one). Likeness is the adjusted Rand index with ours, the scattered as
one class; HDBSCAN asks another question (`cluster_selection_epsilon={DISTANCE_M}`), and is here
because it is what people try next. scikit-learn's HDBSCAN is left out above {HDBSCAN_AT_MOST:,}
homes. Importing and compiling are not counted; the peak is of the process, with what it imported.
The goal: 200,000 dense families at most 2 s and 1 GB."""

Labels = npt.NDArray[np.int64]


def misplaced(ours: Labels, reference: Labels, core: npt.NDArray[np.bool_]) -> int:
    """Homes that are in another cluster than the reference says; cores decide which is which.

    Parameters
    ----------
    ours, reference
        Cluster number of each home, -1 for the scattered; the numbers need not be the same.
    core
        Where the reference leaves no choice.
    """
    apart = (ours < 0) != (reference < 0)
    both = core & ~apart & (ours >= 0)
    pairs, counts = np.unique(
        np.column_stack([ours[both], reference[both]]), axis=0, return_counts=True
    )
    meant: set[tuple[int, int]] = set()
    taken: tuple[set[int], set[int]] = (set(), set())
    for place in np.argsort(-counts, kind="stable"):
        one, other = (int(number) for number in pairs[place])
        if one not in taken[0] and other not in taken[1]:
            meant.add((one, other))
            taken[0].add(one)
            taken[1].add(other)
    kept = sum(
        count for (one, other), count in zip(pairs, counts, strict=True) if (one, other) in meant
    )
    return int(apart.sum() + both.sum() - kept)


def adjusted_rand(one: Labels, other: Labels) -> float:
    """How alike two groupings are: 1 the same, 0 as by chance (Hubert and Arabie 1985)."""

    def pairs(counts: npt.NDArray[np.int64]) -> float:
        return float((counts * (counts - 1.0) / 2).sum())

    def sizes(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.unique(labels, axis=0, return_counts=True)[1]

    same = pairs(sizes(np.column_stack([one, other])))
    first, second = pairs(sizes(one)), pairs(sizes(other))
    expected = first * second / pairs(np.array([len(one)]))
    most = (first + second) / 2
    return 1.0 if most == expected else (same - expected) / (most - expected)


def compare(
    points: int, *, dense: bool, folder: Path, plant: bool, engines: Mapping[str, str] = ENGINES
) -> list[dict[str, Any]]:
    """All engines on the same homes: what each took, and how alike its clusters are to ours."""
    xy, crs = homes(points, dense=dense)
    file, out = folder / "homes.parquet", folder / "answers.parquet"
    pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "epsg": crs.to_epsg()}).to_parquet(file)
    given = (file, out, DISTANCE_M, SMALLEST)
    taken = peers.run("clusters_ours", *given, ours=True)
    answers = pd.read_parquet(out)
    ours, joined = answers["label"].to_numpy(), answers["joined"].to_numpy()
    if plant:
        joined = moved(joined)
    rows = [
        {"engine": "geo_target", **taken, "likeness": None, "misplaced": None},
        {"engine": "geo_target, as a run does: half of them covered",
         "seconds": taken["seconds_of_rule"], "cpu": taken["cpu_of_rule"], "peak_mb": None,
         "clusters": taken["clusters_of_rule"], "likeness": None, "misplaced": None},
        {"engine": "geo_target, cells alone", "seconds": taken["seconds_of_cells"],
         "cpu": taken["cpu_of_cells"], "peak_mb": None, "clusters": int(joined.max()) + 1,
         "likeness": adjusted_rand(ours, joined), "misplaced": None},
    ]  # fmt: skip
    for name, engine in engines.items():
        if engine == "hdbscan" and points > HDBSCAN_AT_MOST:
            continue
        taken = peers.run("clusters_peer", *given, engine)
        answers = pd.read_parquet(out)
        label, core = answers["label"].to_numpy(), answers["core"].to_numpy()
        wrong = misplaced(joined, label, core) if name == REFERENCE else None
        rows.append(
            {"engine": name, **taken, "likeness": adjusted_rand(ours, label), "misplaced": wrong}
        )
        print(f"{points} {'dense' if dense else 'anywhere'} {name} {taken['seconds']:.1f} s",
              file=sys.stderr)  # fmt: skip
    return rows


def moved(labels: Labels) -> Labels:
    """The labels with one home of a cluster left out of it: what must be noticed."""
    planted = labels.copy()
    planted[np.flatnonzero(labels >= 0)[0]] = -1
    return planted


def result(found: dict[str, list[dict[str, Any]]], *, command: str) -> Result:
    """The tables and the plot of what was measured."""
    wanted = ("engine", "seconds", "cpu", "peak_mb", "clusters", "likeness", "misplaced")
    columns = ("engine", "s", "CPU s", "peak MB", "clusters", "likeness", "misplaced homes of ours")
    return Result(
        name="clusters",
        title="Clusters of homes, beside DBSCAN and HDBSCAN",
        command=command,
        note=_NOTE,
        tables=tuple(
            Table(where, columns, tuple(tuple(row[key] for key in wanted) for row in rows))
            for where, rows in found.items()
        ),
        plot=Plot(
            "Clusters of homes", "", "seconds", "bars",
            {where: [(row["engine"], row["seconds"]) for row in rows]
             for where, rows in found.items()}, log=True,
        ),
        versions=versions("scipy", "numpy")
        | {f"{name} (peer)": number
           for name, number in peers.versions("scikit-learn", "fast-hdbscan").items()},
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    peers.make()
    with tempfile.TemporaryDirectory() as folder:
        found = {
            f"{points:,} homes, {'densest villages' if dense else 'anywhere'}": compare(
                points, dense=dense, folder=Path(folder), plant=given.plant
            )
            for dense in (False, True)
            for points in given.points
        }
    finish(result(found, command=command_of(parser, given, "clusters")), save=given.save)
    if wrong := sum(row["misplaced"] or 0 for rows in found.values() for row in rows):
        raise SystemExit(f"{wrong} homes are in another cluster")


if __name__ == "__main__":
    main()
