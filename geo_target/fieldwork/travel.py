"""Minutes from point to point: the straight line times a factor, or a matrix that was given."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo_target.fieldwork.refusals import unusable_minutes
from geo_target.fieldwork.terms import LonLat, Terms

Matrix = npt.NDArray[np.float64]

#: Mean radius of WGS 84 (IUGG), km.
_EARTH_KM = 6371.0088


def haversine_km(points: Sequence[LonLat]) -> Matrix:
    """Great-circle distances between all pairs, in km.

    Parameters
    ----------
    points
        Longitude and latitude in degrees, EPSG:4326; taken as of a sphere, which is wrong by
        half a percent at most.

    Returns
    -------
    ndarray, shape (n, n)
    """
    lon, lat = np.radians(np.asarray(points, dtype=float).reshape(-1, 2)).T
    across = np.sin((lat[:, None] - lat) / 2) ** 2
    along = np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    half = np.sqrt(np.clip(across + along, 0.0, 1.0))
    return np.asarray(2 * _EARTH_KM * np.arcsin(half))


def travel_minutes(points: Sequence[LonLat], terms: Terms) -> Matrix:
    """Minutes between all pairs, shape (n, n): of `terms.minutes` where that is given.

    Raises
    ------
    PlanError
        ``E-PLAN-MINUTES``: what was given is no table of minutes between all pairs.
    """
    if terms.minutes is None:
        return haversine_km(points) * terms.straight_factor / terms.speed_kmh * 60
    given = np.asarray(terms.minutes(points), dtype=float)
    is_square = given.shape == (len(points), len(points))
    if not is_square or not np.isfinite(given).all() or (given < 0).any():
        raise unusable_minutes(len(points))
    return given


def travel_basis(terms: Terms) -> str:
    """What the minutes rest on, as pages and paper say it."""
    if terms.minutes is not None:
        return terms.minutes_basis
    factor = f"{terms.straight_factor:g}".replace(".", ",")
    return f"garis lurus x {factor}"
