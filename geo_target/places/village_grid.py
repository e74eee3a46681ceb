"""Villages under a grid of cells: most points are answered by the cell that they lie in.

A cell that lies wholly in one village answers at once; points in the others are tried against
the few villages of the cell, exactly. (After Kipf et al., Adaptive Main-Memory Indexing for
High-Performance Point-Polygon Joins, EDBT 2020.)
"""

import hashlib
import io
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target import platform
from geo_target.places.village_cells import Cells, cut_cells, scaled

#: So many points at a time stay in the processor's cache.
_BLOCK = 1 << 16
#: Begins the kept file. To be another one where other cells would be cut of the same layer.
_FORMAT = b"village cells 1\n"

_Test = Callable[[Any, Any, Any], Any]


class VillageGrid:
    """Villages under cells. Any number of threads may ask it at once.

    Attributes
    ----------
    codes
        Codes of the villages, ascending; a village's number is its place here.
    """

    def __init__(self, villages: gpd.GeoDataFrame, kept: Path | None = None) -> None:
        """Lay cells over `villages` (at least one), which are as `find_point_villages` has them.

        The file `kept` spares cutting them where it holds the cells of these very villages;
        else it is written, if it can be.
        """
        ordered = villages.geometry.sort_index()
        self.codes = pd.Index(ordered.index, dtype="str")
        shapes = shapely.to_wkb(np.asarray(ordered))
        # Copies: nobody else prepares and asks them.
        self._polygons = shapely.from_wkb(shapes)
        layer = hashlib.sha256("\n".join(self.codes).encode())
        for shape in shapes:
            layer.update(shape)
        cells = _load(kept, layer.digest()) if kept else None
        self._cells = cells or cut_cells(self._polygons)
        if kept and not cells:
            _save(self._cells, kept, layer.digest())
        # Threads that ask one prepared polygon at once bring the process down.
        self._lock = threading.Lock()
        shapely.prepare(self._polygons)

    def find(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Number of the village that each point lies in, -1 for none; int32.

        A point on a line belongs to the lowest code that touches it. `lon` and `lat` are
        degrees; what is no number lies in no village.
        """
        cells = self._cells
        rows, columns = cells.inside.shape
        inside = cells.inside.reshape(-1)
        found = np.empty(len(lon), dtype=np.int32)
        for begin in range(0, len(lon), _BLOCK):
            part = slice(begin, begin + _BLOCK)
            place = _place(lat[part], cells.south, cells.per_degree, rows)
            place *= columns
            place += _place(lon[part], cells.west, cells.per_degree, columns)
            np.take(inside, place, out=found[part], mode="clip")
        unsure = np.flatnonzero(found < -1)
        found[unsure] = self._tried(-2 - found[unsure], lon[unsure], lat[unsure])
        return found

    def _tried(self, lists: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        with self._lock:
            found = self._first(shapely.contains_xy, lists, lon, lat)
            lost = np.flatnonzero(found < 0)
            found[lost] = self._first(shapely.intersects_xy, lists[lost], lon[lost], lat[lost])
        return found

    def _first(
        self, test: _Test, lists: np.ndarray, lon: np.ndarray, lat: np.ndarray
    ) -> np.ndarray:
        """The first village of each point's list that passes; -1 where none does."""
        found = np.full(len(lists), -1, dtype=np.int32)
        at, end = self._cells.begins[lists], self._cells.begins[lists + 1]
        left = np.arange(len(lists))
        while len(left):
            village = self._cells.listed[at[left]]
            order = np.argsort(village, kind="stable")  # one polygon after the other
            left, village = left[order], village[order]
            passed = test(self._polygons[village], lon[left], lat[left])
            found[left[passed]] = village[passed]
            left = left[~passed]
            at[left] += 1
            left = left[at[left] < end[left]]
        return found


def _place(degrees: np.ndarray, origin: float, per_degree: float, count: int) -> np.ndarray:
    """Row or column of each point; beyond the layer one of its empty margin."""
    with np.errstate(over="ignore", invalid="ignore"):
        places = scaled(degrees, origin, per_degree)
    return np.asarray(np.fmin(np.fmax(places, 0), count - 1)).astype(np.intp)


def _save(cells: Cells, file: Path, layer: bytes) -> None:
    """Keep cells for `_load`: whole or not at all."""
    content = io.BytesIO()
    np.savez(
        content, corner=[cells.west, cells.south, cells.per_degree],
        inside=cells.inside, begins=cells.begins, listed=cells.listed, allow_pickle=False,
    )  # fmt: skip
    head = _FORMAT + layer + hashlib.sha256(content.getbuffer()).digest()
    aside = None
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, aside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        with os.fdopen(number, "wb") as out:
            out.write(head)
            out.write(content.getbuffer())
        platform.replace(Path(aside), file)
    except OSError:  # they are cut anew the next time
        if aside is not None:
            Path(aside).unlink(missing_ok=True)


def _load(file: Path, layer: bytes) -> Cells | None:
    """The cells of this very layer that `_save` kept; None where the file is anything else."""
    head = _FORMAT + layer
    try:
        with file.open("rb") as kept:
            if kept.read(len(head)) != head:
                return None
            digest = kept.read(hashlib.sha256().digest_size)
            content = kept.read()
    except OSError:
        return None
    if hashlib.sha256(content).digest() != digest:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        west, south, per_degree = map(float, arrays["corner"])
        inside, begins, listed = arrays["inside"], arrays["begins"], arrays["listed"]
        return Cells(west, south, per_degree, inside, begins, listed)
