"""Cells of a square grid that lie near each other, by whole numbers and sorted rows.

All cells within a distance are, row by row, one range of a sorted array: to count what they
hold takes two searches a row instead of a list of neighbors, whose length would be hundreds a cell
where people live densely.
"""

import enum
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Whole = npt.NDArray[np.int64]


class Reach(enum.IntEnum):
    """What of two cells must be near; the value is what it adds to the sides they are apart."""

    #: Every place in the one is near every place in the other.
    WHOLE = 1
    #: Their middles are near.
    MIDDLE = 0
    #: A place in the one may be near a place in the other.
    TOUCHED = -1


def gather(places: npt.NDArray[np.float64], side: float) -> tuple[Whole, Whole]:
    """Cells that hold places.

    Parameters
    ----------
    places
        n x 2, at least one; in the unit of `side`.

    Returns
    -------
    cells
        m x 2 whole numbers: each cell once, by the first and then the second number.
    cell_of
        n: the row of `cells` that each place lies in.
    """
    cells = np.floor(places / side).astype(np.int64)
    low = cells.min(axis=0)
    row = int(np.ptp(cells[:, 1])) + 1
    keys, cell_of = np.unique((cells - low) @ [row, 1], return_inverse=True)
    return np.column_stack(np.divmod(keys, row)) + low, cell_of


class NearCells:
    """Cells as `gather` gives them, and which of them are near."""

    def __init__(self, cells: Whole, steps: float) -> None:
        """Take cells, and how many sides of a cell (not whole, if need be) are near."""
        self._steps = steps
        self._far = math.floor(steps) + 1
        low = cells.min(axis=0)
        # No range of a row reaches into the next one.
        self._row = int(np.ptp(cells[:, 1])) + 2 * self._far + 1
        self._keys = (cells - low) @ np.array([self._row, 1])

    def sums(self, weights: Whole, reach: Reach = Reach.MIDDLE) -> Whole:
        """What the cells near each, and it itself, weigh together; by column of `weights`."""
        running = np.concatenate([np.zeros_like(weights[:1]), np.cumsum(weights, axis=0)])
        total = np.zeros_like(weights)
        for first, after in self._ranges(self._keys, reach):
            total += running.take(after, axis=0) - running.take(first, axis=0)
        return total

    def components(self, core: npt.NDArray[np.bool_]) -> Whole:
        """Number of the connected part of each core cell (rows of `core` that are true).

        Of a range of cells near one, the first and the last are linked with it: between them is
        at most one gap that is not itself bridged within its row. What is near on one side is
        near from the other, so half of the rows will do.
        """
        keys = self._keys[core]
        own = np.arange(len(keys))
        ends = []
        for first, after in self._ranges(keys, Reach.MIDDLE, from_row=0):
            there = first < after
            ends += [(own[there], first[there]), (own[there], after[there] - 1)]
        one, other = (np.concatenate(side) for side in zip(*ends, strict=True))
        links = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(len(keys),) * 2)
        found: Whole = connected_components(links, directed=False)[1].astype(np.int64)
        return found

    def _ranges(
        self, keys: Whole, reach: Reach, *, from_row: int | None = None
    ) -> Iterator[tuple[Whole, Whole]]:
        """First of `keys` near each, and the one after the last, row by row."""
        for row in range(-self._far if from_row is None else from_row, self._far + 1):
            apart = max(abs(row) + reach, 0)
            if apart > self._steps:
                continue
            width = math.floor(math.sqrt(self._steps**2 - apart**2)) - reach
            if width < 0:
                continue
            middle = keys + row * self._row
            yield (
                np.searchsorted(keys, middle - width, "left"),
                np.searchsorted(keys, middle + width, "right"),
            )
