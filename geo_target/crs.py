"""Coordinate reference systems: WGS 84 to store and to show, meters to measure."""

import math

import pyproj

WGS84 = "EPSG:4326"

_HALF_TURN = 180.0
#: Beyond these latitudes UTM is not defined.
_UTM_LATITUDES = (-80.0, 84.0)


def metric_crs(lon: float, lat: float) -> pyproj.CRS:
    """The UTM zone on WGS 84 that a place lies in; lengths are good to 0.1 % inside it.

    Parameters
    ----------
    lon, lat
        Decimal degrees; any point of the area, best its middle.

    Raises
    ------
    ValueError
        If the point is not on the part of the earth that UTM maps.
    """
    if not (abs(lon) <= _HALF_TURN and _UTM_LATITUDES[0] <= lat <= _UTM_LATITUDES[1]):
        raise ValueError(f"no UTM zone for longitude {lon}, latitude {lat}")
    zone = min(math.floor((lon + 180) / 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)
