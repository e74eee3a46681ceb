"""Suppression of a synthetic Banten: seconds, and how much is withheld.

    python -m benchmarks.suppression [--seed N] [--months N]

1,552 villages in 155 districts: the meeting's table, the public's, the meeting's of the next
months, in each of which one village in fifty has changed, and the attack on each.
"""

import argparse
import os
import platform
import time
from importlib.metadata import version

import numpy as np
import pandas as pd

from geo_target.publishing.interval_attack import (
    Release,
    Suppression,
    cells_and_sums,
    interval_attack,
    release_gate,
)
from geo_target.publishing.interval_problem import bounds_once
from geo_target.publishing.suppression import suppress

PARTS = ["covered_families", "uncovered_families", "unmatched_families"]
TOTAL = "extreme_poor_families"
GROUP = "district_code"


def banten(seed: int, villages: int = 1552, districts: int = 155) -> pd.DataFrame:
    """Extreme-poor families of villages: most have tens, some few or none."""
    chance = np.random.default_rng(seed)
    poor = chance.poisson(chance.gamma(1.5, 28.0, villages))
    shares = chance.dirichlet([6.0, 3.0, 1.0], villages)
    counts = np.array([chance.multinomial(n, p) for n, p in zip(poor, shares, strict=True)])
    # Each district has a village at least; the others fall to districts at random.
    of = np.concatenate([np.arange(districts), chance.integers(0, districts, villages - districts)])
    table = pd.DataFrame(counts, columns=PARTS, index=[f"v{i:04d}" for i in range(villages)])
    return table.assign(**{TOTAL: counts.sum(axis=1), GROUP: [f"d{i:03d}" for i in np.sort(of)]})


def next_month(table: pd.DataFrame, seed: int, share: float = 0.02) -> pd.DataFrame:
    """A few families of a few villages are found or lost from one state to another."""
    chance = np.random.default_rng(seed)
    changed = table.copy()
    for village in table.index[chance.random(len(table)) < share]:
        source, target = chance.permutation(PARTS)[:2]
        moved = min(int(chance.integers(1, 4)), int(table.loc[village, source]))
        changed.loc[village, [source, target]] += [-moved, moved]
    return changed


def main() -> None:
    """Print a row a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--months", type=int, default=2)
    arguments = parser.parse_args()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "scipy"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"{libraries}")  # fmt: skip
    print(f"{'':<26}{'suppress s':>11}{'gate s':>8}{'exact s':>8}{'primary':>9}{'compl.':>8}"
          f"{'districts':>10}{'area':>6}")  # fmt: skip
    table = banten(arguments.seed)
    meeting = _measure("meeting", table, 5, [])
    _measure("public", table, 10, [], keep=meeting.suppression, zeros=True)
    releases = [meeting]
    for month in range(1, arguments.months):
        table = next_month(table, arguments.seed + month - 1)
        name = "meeting, next month" if month == 1 else f"meeting, month {month + 1}"
        releases.append(_measure(name, table, 5, releases, is_exact=month == 1))


def _measure(
    name: str,
    table: pd.DataFrame,
    smallest: int,
    earlier: list[Release],
    *,
    keep: Suppression | None = None,
    zeros: bool = False,
    is_exact: bool = True,
) -> Release:
    begun = time.perf_counter()
    found = suppress(
        table, parts=PARTS, total=TOTAL, group=GROUP, smallest=smallest, keep=keep, zeros=zeros,
        earlier=earlier,
    )  # fmt: skip
    seconds = time.perf_counter() - begun
    release = Release(table, found)
    bounds_once.cache_clear()  # suppress() has asked the same question
    begun = time.perf_counter()
    releases = [*earlier, release]
    release_gate(releases, parts=PARTS, total=TOTAL, group=GROUP, smallest=smallest)
    gate = time.perf_counter() - begun
    begun = time.perf_counter()
    if is_exact:  # of many months it takes minutes, and the gate does not ask for it
        interval_attack(*cells_and_sums(releases, parts=PARTS, total=TOTAL, group=GROUP))
    exact = time.perf_counter() - begun
    counts = table[[*PARTS, TOTAL]]
    small = (counts >= 1) & (counts < smallest)
    if zeros:
        small |= (counts == 0).mul(counts[TOTAL] > 0, axis=0)
    primary = small.to_numpy().mean()
    print(f"{name:<26}{seconds:>11.1f}{gate:>8.1f}{exact:>8.1f}{primary:>9.1%}"
          f"{found.cells.to_numpy().mean() - primary:>8.1%}"
          f"{found.margins.iloc[:-1].to_numpy().mean():>10.1%}"
          f"{found.margins.iloc[-1].sum():>6}")  # fmt: skip
    return release


if __name__ == "__main__":
    main()
