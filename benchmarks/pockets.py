"""Planted pockets of uncovered families, and what whole runs find of them.

    python -m benchmarks.pockets [--seeds 1 2 3] [--uniform 0.43 0.55] [--area 36.73] [--save]

Which goals were missed, and by how much, is said beside the figures.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.results import Result, Table, command_of, finish, machine, today, versions
from geo_target import pipeline
from geo_target.demo.families import choose_uncovered
from geo_target.demo.world import write_demo

#: Shares of the listed families that have a point.
ALL, FEW = 1.0, 0.2
LEAST_REACHED, MOST_STRANGERS, LEAST_TRUE, MOST_FALSE = 0.95, 0.05, 0.9, 3
_NOTE = f"""\
`geo-target run` on files that `geo-target demo` writes (60,000 families in the schematic villages
of Kota Serang), and what the run found held against the world's own truth. A pocket is a hamlet
that the programs miss: 60 to 90 % of its listed families are uncovered, elsewhere 8 to 28 %. It
counts as flagged when most of its uncovered families are in clusters, a cluster as true when most
of its families are of pockets; strangers are the families of clusters that are of no pocket. With
few points RW are the clusters, except in villages that were visited wholly. In a uniform world each
listed family is uncovered by the same chance, in the same hamlets: every cluster is false. The
goals: with all located at least {LEAST_REACHED:.0%} of the pockets' uncovered families in clusters
and at most {MOST_STRANGERS:.0%} strangers; with {FEW:.0%} located every pocket flagged and at
least {LEAST_TRUE:.0%} of the flags true; of a uniform world at most {MOST_FALSE} clusters of each
kind."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """What a run found of a world's pockets.

    `pockets` have uncovered families; `flagged` are those most of whose uncovered families are in
    clusters; `true` are the clusters most of whose families are of pockets. `reached` is the share
    of the pockets' uncovered families that are in clusters, `strangers` that of the families of
    clusters that are of no pocket; not a number where there are none.
    """

    points: int
    rw: int
    pockets: int
    flagged: int
    true: int
    reached: float
    strangers: float

    @property
    def clusters(self) -> int:
        """Of both kinds."""
        return self.points + self.rw


def judge(truth: pd.DataFrame, families: pd.DataFrame, clusters: pd.DataFrame) -> Found:
    """Hold clusters against the world.

    Parameters
    ----------
    truth
        Indexed by ``family_id``: ``welfare_class``, ``coverage_state``, ``hamlet_id``,
        ``hamlet_is_missed``, as a demo writes them.
    families
        ``family_id`` and ``cluster_id`` of a run.
    clusters
        ``cluster_id`` and ``kind`` of the run.
    """
    is_uncovered = (truth["welfare_class"] == "extreme_poor") & (
        truth["coverage_state"] == "uncovered"
    )
    cluster = families.set_index("family_id")["cluster_id"]
    pockets = truth[is_uncovered & truth["hamlet_is_missed"].astype(bool)]
    is_in = cluster.reindex(pockets.index).notna()
    members = cluster.dropna()
    of_pocket = pd.Series(members.index.isin(pockets.index), members.index)
    kinds = clusters["kind"].value_counts()
    by_pocket = is_in.groupby(pockets["hamlet_id"]).mean()
    return Found(
        points=int(kinds.get("points", 0)),
        rw=int(kinds.get("rw", 0)),
        pockets=len(by_pocket),
        flagged=int((by_pocket > 0.5).sum()),  # most of them
        true=int((of_pocket.groupby(members).mean() > 0.5).sum()),
        reached=float(is_in.mean()),
        strangers=float((~of_pocket).mean()),
    )


def missed_goals(found: Found, *, located: float, is_uniform: bool) -> list[str]:
    """What of the goals of such a world was not reached, with the figures."""
    goals = {
        f"{found.points} false clusters of points": not is_uniform or found.points <= MOST_FALSE,
        f"{found.rw} false clusters of RW": not is_uniform or found.rw <= MOST_FALSE,
    }
    if not is_uniform and located == ALL:
        goals |= {
            f"{found.reached:.1%} of the pockets' families": found.reached >= LEAST_REACHED,
            f"{found.strangers:.1%} strangers": found.strangers <= MOST_STRANGERS,
        }
    elif not is_uniform:
        goals |= {
            f"{found.flagged} of {found.pockets} pockets": found.flagged == found.pockets,
            f"{found.true} of {found.clusters} flags true":
                found.true >= LEAST_TRUE * found.clusters,
        }  # fmt: skip
    return [words for words, is_met in goals.items() if not is_met]


@contextmanager
def evenly(share: float) -> Iterator[None]:
    """Worlds that are written meanwhile have no pockets: chance alone decides who is uncovered."""

    def chosen(rng: np.random.Generator, families: pd.DataFrame, *rest: Any) -> Flags:
        uncovered = choose_uncovered(rng, families, *rest)
        listed = families["is_listed"].to_numpy(dtype=np.bool_)
        return np.where(listed, rng.random(len(families)) < share, uncovered)

    with patch("geo_target.demo.society.choose_uncovered", chosen):
        yield


def run(folder: Path, **world: Any) -> Found:
    """Write a world, run it, and hold the two against each other."""
    write_demo(folder, lists="csv", **world)
    exact = Path(pipeline.run(folder / "geo-target.toml").report["snapshot"]) / "exact"
    truth = pd.read_parquet(folder / "truth" / "families.parquet").set_index("family_id")
    families, clusters = (
        pd.read_parquet(exact / f"{name}.parquet") for name in ("families", "clusters")
    )
    return judge(truth, families, clusters)


def ran(told: str, world: dict[str, Any]) -> Found:
    """`run` in a folder of its own; what it finds is said on stderr."""
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), **world)
    print(f"{told}: {found}", file=sys.stderr)
    return found


def table(caption: str, found: dict[tuple[int, float], Found]) -> Table:
    """A row a world."""
    return Table(
        caption,
        ("seed", "located, %", "clusters of points", "of RW", "pockets", "flagged",
         "flags true", "pockets' families in clusters, %", "strangers, %"),
        tuple(
            (seed, round(100 * located), one.points, one.rw, one.pockets, one.flagged, one.true,
             100 * one.reached, 100 * one.strangers)
            for (seed, located), one in found.items()
        ),
    )  # fmt: skip


def uniform_table(found: dict[tuple[float, int, float], Found]) -> Table:
    """A row a world without pockets."""
    return Table(
        "Uniform worlds",
        ("uncovered, %", "seed", "located, %", "false clusters of points", "of RW"),
        tuple(
            (round(100 * share), seed, round(100 * located), one.points, one.rw)
            for (share, seed, located), one in found.items()
        ),
    )


def main() -> None:
    """Run all worlds, print what was found, and say which goals were missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--uniform", type=float, nargs="*", default=[0.43, 0.55])
    parser.add_argument("--area", default="36.73", help="with its usual number of families")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    pockets: dict[tuple[int, float], Found] = {}
    uniform: dict[tuple[float, int, float], Found] = {}
    missed = []
    for located in (ALL, FEW):
        for seed in given.seeds:
            world = {"seed": seed, "located": located, "area": given.area}
            told = f"seed {seed}, {located:.0%} located"
            one = pockets[seed, located] = ran(told, world)
            goals = missed_goals(one, located=located, is_uniform=False)
            missed += [f"{told}: {goal}" for goal in goals]
            for share in given.uniform:
                told = f"{share:.0%} uncovered everywhere, seed {seed}, {located:.0%} located"
                with evenly(share):
                    one = uniform[share, seed, located] = ran(told, world)
                goals = missed_goals(one, located=located, is_uniform=True)
                missed += [f"{told}: {goal}" for goal in goals]
    result = Result(
        name="pockets",
        title="Planted pockets",
        command=command_of(parser, given, "pockets"),
        note=f"{_NOTE}\n\nMissed: {'; '.join(missed) or 'no goal'}.",
        tables=(table("Worlds with pockets", pockets), uniform_table(uniform)),
        plot=None,
        versions=versions("duckdb", "numpy", "scipy"),
        machine=machine(),
        day=today(),
    )
    finish(result, save=given.save)


if __name__ == "__main__":
    main()
