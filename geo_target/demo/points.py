"""Measured places of listed families: what earlier visits brought home."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_target.demo.columns import Flags, Floats, Ints, Text, day_text, text
from geo_target.demo.files import SentList
from geo_target.demo.society import World
from geo_target.demo.terrain import PLACE_DECIMALS, Terrain

POINTS_DAY = date(2025, 9, 30)
#: Standard deviation of a phone's fix on each axis.
GPS_ERROR_M = 4.0
#: Of all points, those of villages that were visited wholly.
_WHOLE_VILLAGES = 0.45
#: How much more likely a point is: of families that a program reaches, and in visited RW.
_REACHED_LEAN, _VISITED_LEAN, _VISITED_RW = 1.6, 4.0, 0.35


def choose_located(rng: np.random.Generator, world: World, *, share: float) -> Flags:
    """Choose exactly ``round(share * listed)`` of the listed families.

    First come whole villages (by what their families state: visits follow the list), as
    many as half of the points allow; then families in RW that were visited, and families
    that a program reaches more than others.
    """
    families = world.families
    listed = families["is_listed"].to_numpy(dtype=np.bool_)
    budget = round(share * listed.sum())
    stated = families["stated"].to_numpy(dtype=np.int64)
    reached = ~families["is_uncovered"].to_numpy(dtype=np.bool_)
    need = np.bincount(stated[listed & ~reached], minlength=len(world.plan.villages))
    size = np.bincount(stated[listed], minlength=len(world.plan.villages))
    whole = _whole_villages(rng, size, need, budget * _WHOLE_VILLAGES)
    near = families["near"].to_numpy(dtype=np.int64)
    visited = (rng.random(len(world.settlements)) < _VISITED_RW)[near]
    lean = np.where(reached, _REACHED_LEAN, 1.0) * np.where(visited, _VISITED_LEAN, 1.0)
    # Races of exponential clocks draw without replacement by weight.
    clock = rng.exponential(size=len(families)) / lean
    clock[np.isin(stated, whole)] -= np.inf
    candidates = np.flatnonzero(listed)
    first = candidates[np.argsort(clock[candidates], kind="stable")[:budget]]
    located = np.zeros(len(families), dtype=np.bool_)
    located[first] = True
    return located


def _whole_villages(rng: np.random.Generator, listed: Ints, need: Ints, budget: float) -> Ints:
    """Villages of ordinary size, first those in need, as long as `budget` families last."""
    inhabited = np.flatnonzero(listed)
    usual = inhabited[listed[inhabited] <= 1.2 * np.median(listed[inhabited])]
    clock = rng.exponential(size=len(usual)) / (need[usual] + 1)
    order = usual[np.argsort(clock, kind="stable")]
    return order[np.cumsum(listed[order]) <= budget]


def points_list(
    rng: np.random.Generator, world: World, terrain: Terrain, located: Flags
) -> SentList:
    """The list of points: true places with a phone's error, inside their true village."""
    mine = world.families[located].sort_values("p3ke_id").reset_index(drop=True)
    lon, lat = measured(rng, mine, terrain)
    count = len(mine)
    table = pd.DataFrame(
        {
            "id_keluarga_p3ke": mine["p3ke_id"],
            "bujur": degrees_text(lon),
            "lintang": degrees_text(lat),
            "akurasi_m": text(rng.integers(3, 16, count)),
            "tanggal": day_text(np.datetime64("2025-02-01", "D") + rng.integers(0, 235, count)),
        }
    )
    return SentList(
        "titik", "points", table, POINTS_DAY, "csv", "titik rumah dari kunjungan terdahulu"
    )


def measured(
    rng: np.random.Generator, mine: pd.DataFrame, terrain: Terrain
) -> tuple[Floats, Floats]:
    """Longitude and latitude of homes as phones tell them, never across the village's border."""
    true_lon, true_lat = (mine[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    x, y = terrain.metric(true_lon, true_lat)
    error = rng.normal(0, GPS_ERROR_M, (2, len(mine)))
    lon, lat = terrain.written(x + error[0], y + error[1])
    # A fix across the border would be another test than that of families' places.
    inside = terrain.holds(mine["village"].to_numpy(dtype=np.int64), lon, lat)
    return np.where(inside, lon, true_lon), np.where(inside, lat, true_lat)


def degrees_text(degrees: Floats) -> Text:
    """Decimal degrees with a decimal point and six decimals."""
    whole = np.round(np.abs(degrees) * 10**PLACE_DECIMALS).astype(np.int64)
    signs = np.where(degrees < 0, "-", "")
    integer, fraction = np.divmod(whole, 10**PLACE_DECIMALS)
    written = pc.binary_join_element_wise(
        pa.array(signs, pa.large_string()),
        pc.cast(pa.array(integer), pa.large_string()),
        pa.scalar(".", pa.large_string()),
        pc.utf8_lpad(pc.cast(pa.array(fraction), pa.large_string()), PLACE_DECIMALS, "0"),
        pa.scalar("", pa.large_string()),
    )
    return pd.Series(written, dtype="str")
