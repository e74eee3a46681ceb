"""Cells over villages, and of each cell the villages that have a part in it.

Why the village of a cell without a line is right: corners and points are put on the grid by
one function that never turns their order around (`scaled`), so only the places between two
corners of a line are inexact, by less than 1e-8 of a cell, and every cell takes up the lines
as far as `_RIM` around it. Where no line is, no village begins or ends.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import ndimage

#: Cells per corner of the villages: fewer leave more points to be tried, more are slower to
#: make and to look up. A province of 430,000 corners has cells of 60 m.
_CELLS_PER_CORNER = 16
_MOST_CELLS = 8_000_000
#: A tenth of a millimeter in degrees; below it a cell is no more than a few numbers wide.
_LEAST_SIDE = 1e-9
_RIM = 1e-6


@dataclass(frozen=True, eq=False)
class Cells:
    """Square cells over villages, which are numbered in the order of their polygons.

    Attributes
    ----------
    west, south
        The corner of the cells, in degrees.
    per_degree
        Cells to a degree.
    inside
        int32, rows from south, columns from west, with a margin of empty cells around: the
        number of the village that holds the cell, -1 for none, or -2 - k: see list k.
    begins, listed
        List k is ``listed[begins[k]:begins[k + 1]]``: the numbers of all villages that
        have a part in the cell, ascending.
    """

    west: float
    south: float
    per_degree: float
    inside: np.ndarray
    begins: np.ndarray
    listed: np.ndarray


def scaled(degrees: np.ndarray, origin: float, per_degree: float) -> np.ndarray:
    """Places on the grid, in cells from its corner; of two degrees the greater never less."""
    return (degrees - origin) * per_degree


def cut_cells(polygons: np.ndarray) -> Cells:
    """Cut cells for `polygons` (at least one, in degrees), by how finely these are drawn."""
    west, south, east, north = shapely.total_bounds(polygons)
    wide, high = float(east - west), float(north - south)
    cells = min(_CELLS_PER_CORNER * int(shapely.get_num_coordinates(polygons).sum()), _MOST_CELLS)
    side = max((wide * high / cells) ** 0.5, (wide + high) / cells, _LEAST_SIDE)
    west, south, per_degree = float(west - 1.5 * side), float(south - 1.5 * side), 1 / side
    rows, columns = int(high * per_degree) + 4, int(wide * per_degree) + 4

    def middle(cell: np.ndarray) -> np.ndarray:
        return np.asarray(
            shapely.points(
                west + (cell % columns + 0.5) / per_degree,
                south + (cell // columns + 0.5) / per_degree,
            )
        )

    cell, village = _lines(polygons, west, south, per_degree, columns)
    crossed, of_cell = np.unique(cell, return_inverse=True)
    count = len(polygons)
    lines = np.unique(of_cell * count + village)
    tree = shapely.STRtree(polygons)
    held = _held(tree, middle(crossed), lines)

    labels, areas = _areas(rows, columns, crossed)
    one_of = np.zeros(areas + 1, dtype=np.int64)
    one_of[labels] = np.arange(rows * columns)
    area, holder = tree.query(middle(one_of[1:]), predicate="within")
    holders = np.bincount(area, minlength=areas)
    several = np.flatnonzero(holders > 1)  # only where villages overlap
    answer = np.full(areas + 1, -1, dtype=np.int32)
    answer[area + 1] = holder
    answer[several + 1] = -2 - len(crossed) - np.arange(len(several))
    inside = answer[labels]
    inside[crossed] = -2 - np.arange(len(crossed))

    shared = holders[area] > 1
    overlaps = (len(crossed) + np.searchsorted(several, area[shared])) * count + holder[shared]
    lists = np.sort(np.concatenate([lines, held, overlaps]))
    sizes = np.bincount(lists // count, minlength=len(crossed) + len(several))
    return Cells(
        west, south, per_degree, inside.reshape(rows, columns),
        begins=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
        listed=(lists % count).astype(np.min_scalar_type(count)),  # few bytes are sorted faster
    )  # fmt: skip


def _lines(
    polygons: np.ndarray, west: float, south: float, per_degree: float, columns: int
) -> tuple[np.ndarray, np.ndarray]:
    """Every cell that a line meets or comes as near as `_RIM`, with the line's village."""
    parts, village = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = scaled(corners[:, 0], west, per_degree), scaled(corners[:, 1], south, per_degree)
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    left = np.where(x[begin] <= x[begin + 1], begin, begin + 1)
    right = 2 * begin + 1 - left
    line, column = _each(x[left] - _RIM, x[right] + _RIM)
    # The part of the line in the column, which is as wide as its rim makes it.
    start, run = x[left][line], (x[right] - x[left])[line]
    sloped = run > 0
    run = np.where(sloped, run, 1)
    from_ = np.where(sloped, ((column - _RIM - start) / run).clip(0, 1), 0)
    to = np.where(sloped, ((column + 1 + _RIM - start) / run).clip(0, 1), 1)
    low, rise = y[left][line], (y[right] - y[left])[line]
    ends = low + from_ * rise, low + to * rise
    piece, row = _each(np.minimum(*ends) - _RIM, np.maximum(*ends) + _RIM)
    return row * columns + column[piece], village[part][ring[begin]][line][piece]


def _each(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All whole numbers of each range, with the place of their range."""
    first = low.astype(np.int64)
    count = high.astype(np.int64) - first + 1
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) + (first - np.cumsum(count) + count)[owner]


def _held(tree: shapely.STRtree, middles: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Cells that other villages have lines in, and this one holds: where villages overlap.

    Cell and village are one number, ``cell * villages + village``, in `lines` too.
    """
    polygons = tree.geometries
    cell, village = tree.query(middles)
    order = np.argsort(village, kind="stable")
    cell, village = cell[order], village[order]
    keys = cell * len(polygons) + village
    new = lines[np.searchsorted(lines, keys).clip(max=len(lines) - 1)] != keys
    cell, village, keys = cell[new], village[new], keys[new]
    shapely.prepare(polygons)
    return np.asarray(keys[shapely.contains(polygons[village], middles[cell])])


def _areas(rows: int, columns: int, crossed: np.ndarray) -> tuple[np.ndarray, int]:
    """Number cells that hang together without a line between them, from 1; others are 0."""
    free = np.ones(rows * columns, dtype=bool)
    free[crossed] = False
    labels, count = ndimage.label(free.reshape(rows, columns))
    return labels.reshape(-1), int(count)
