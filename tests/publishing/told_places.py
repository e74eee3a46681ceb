"""Places that a text tells, however it writes them, held against where families live."""

import gzip
import math
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio
import pyproj
from scipy.spatial import KDTree

from geo_target.crs import WGS84
from tests.builders import UTM_48S

_NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?!\w)")
#: Degrees of Banten: from west to east, from south to north.
_LON, _LAT = (105, 107), (-8, -5)
#: More decimals than a map is drawn with: a sixth is of 11 cm.
_EXACT = 6

Places = npt.NDArray[np.float64]


def texts_of(folder: Path) -> Iterable[str]:
    """All files below a folder, unpacked."""
    return (text_of(file) for file in sorted(folder.rglob("*")) if file.is_file())


def text_of(file: Path) -> str:
    """A file as text; of a GeoPackage its rows and shapes, which no byte of it spells."""
    if file.suffix == ".gpkg":
        layers = [name for name, _ in pyogrio.list_layers(file)]
        return "\n".join(pyogrio.read_dataframe(file, layer=name).to_json() for name in layers)
    raw = file.read_bytes()
    return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")


def places_in(text: str) -> Places:
    """Longitude and latitude (n x 2, degrees) of numbers that follow one another, in any order."""
    numbers = np.array([float(number) for number in _NUMBER.findall(text)])
    if len(numbers) < 2:
        return np.empty((0, 2))
    pairs = np.column_stack([numbers[:-1], numbers[1:]])
    both = np.concatenate([pairs, pairs[:, ::-1]])
    lon, lat = both.T
    found: Places = both[(lon > _LON[0]) & (lon < _LON[1]) & (lat > _LAT[0]) & (lat < _LAT[1])]
    return found


def exact_degrees(text: str, families: Places) -> set[float]:
    """Numbers with six decimals or more that are a family's longitude or latitude, alone too."""
    told = {round(float(number), _EXACT) for number in _NUMBER.findall(text)
            if len(number.partition(".")[2]) >= _EXACT}  # fmt: skip
    return told & set(families.round(_EXACT).ravel().tolist())


def hits(places: Places, families: Places, meters: float = 1.0) -> tuple[int, float]:
    """Places this near to a family, and as many as chance has: of the same, moved a little."""
    if not len(places):
        return 0, 0.0
    homes = KDTree(_metric(families))
    told = np.unique(_metric(places).round(1), axis=0)
    turn = np.linspace(0, 40 * np.pi, 60)
    moved = told[:, None] + (np.column_stack([np.cos(turn), np.sin(turn)]) * (20 + turn[:, None]))
    by_chance = homes.query_ball_point(moved, meters, return_length=True) > 0
    found = homes.query_ball_point(told, meters, return_length=True) > 0
    return int(found.sum()), float(by_chance.sum(axis=0).mean())


def is_chance(found: int, expected: float) -> bool:
    """Whether so many hits are no more than chance gives (three standard deviations)."""
    return found <= expected + 3 * math.sqrt(expected) + 2


def _metric(places: Places) -> Places:
    to_meters = pyproj.Transformer.from_crs(WGS84, UTM_48S, always_xy=True)
    return np.column_stack(to_meters.transform(*places.T))
