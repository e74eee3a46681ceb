"""Points of a PostGIS column, as PostgreSQL writes them: EWKB in hexadecimal."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

WGS84 = 4326
#: Types of PostGIS; a geography is in degrees unless it says otherwise.
TYPES = ("geometry", "geography")
#: Headers of which any says that a list has coordinates of its own.
COORDINATES = {"lon", "lat", "longitude", "latitude", "bujur", "lintang", "lng", "long"}
_HAS_SRID, _KIND, _POINT = 0x20000000, 0xFF, 1


@dataclass(frozen=True)
class Points:
    """Longitudes and latitudes of a column in degrees (WGS 84), as text; None where there is none.

    `foreign` counts points in another system, or in none: nobody guesses what their numbers are.
    """

    lon: Sequence[str | None]
    lat: Sequence[str | None]
    foreign: int


def read_points(column: Sequence[str | None]) -> Points:
    """The points of a column of geometries; of lines, areas and empty points there are none."""
    found = [_point(cell) if cell else None for cell in column]
    own = [(p[1], p[2]) if p and p[0] == WGS84 else (None, None) for p in found]
    return Points(
        [lon for lon, _ in own],
        [lat for _, lat in own],
        sum(p is not None and p[0] != WGS84 for p in found),
    )


def _point(text: str) -> tuple[int, str, str] | None:
    """EPSG code (0: none), x and y; None of what is no point."""
    try:
        raw = bytes.fromhex(text)
        order = "<" if raw[0] == 1 else ">"
        (kind,) = struct.unpack_from(f"{order}I", raw, 1)
        begin = 5 + 4 * bool(kind & _HAS_SRID)
        srid = struct.unpack_from(f"{order}I", raw, 5)[0] if kind & _HAS_SRID else 0
        x, y = struct.unpack_from(f"{order}dd", raw, begin)
    except (ValueError, IndexError, struct.error):
        return None
    is_point = kind & _KIND == _POINT and x == x and y == y  # noqa: PLR0124  # NaN: empty
    return (srid, repr(x), repr(y)) if is_point else None
