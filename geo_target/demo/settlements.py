"""Where people live: hamlets and RW in the villages of an area, and places of families.

Every RW of a village has one settlement or more. The first settlements of a village are
hamlets where its listed (poor) families live close together; 12 % of them live scattered.
About 44 % of the hamlets are missed by the programs. What makes the settlements look
lived-in is described in docs/decisions/0003-demo-world.md.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo_target.demo.calibration import Plan, apportion
from geo_target.demo.columns import Flags, Floats, Ints, text
from geo_target.demo.names import neighborhood_names
from geo_target.demo.terrain import ROUNDS, Terrain, scatter_within

#: Listed families of a hamlet: median, spread (of the logarithm), smallest and largest.
HAMLET_FAMILIES = (70.0, 0.45, 30.0, 150.0)
SCATTERED_SHARE = 0.12
#: Shares of listed families that no program reaches, in missed and in other hamlets.
MISSED_RATE = (0.60, 0.90)
REACHED_RATE = (0.08, 0.28)

_CANDIDATES = 16
_EDGE_M = 120.0


def listed_by_village(rng: np.random.Generator, plan: Plan) -> Ints:
    """Listed families of each village; districts get exactly their published share."""
    expected = plan.villages["listed_weight"].to_numpy(dtype=np.float64)
    weight = expected * rng.lognormal(0, 0.35, len(expected))
    listed = np.zeros(len(expected), dtype=np.int64)
    district = plan.villages["district_code"].to_numpy()
    for code, total in plan.by_district("listed_weight", plan.listed_families).items():
        mine = district == code
        listed[mine] = apportion(weight[mine], total)
    return listed


def build_settlements(
    rng: np.random.Generator, plan: Plan, listed: Ints, terrain: Terrain
) -> pd.DataFrame:
    """Lay out the settlements of all villages.

    Parameters
    ----------
    listed
        Listed families by village, see `listed_by_village`.

    Returns
    -------
    DataFrame
        One row a settlement, in the order of villages: ``village`` (row of
        ``plan.villages``), ``rw`` (number), ``rt_count``, ``settlement_id``,
        ``neighborhood``, ``x``, ``y`` (m, metric CRS of `terrain`), ``major_m``,
        ``minor_m`` (standard deviations), ``angle`` (radians), ``listed`` (listed
        families that live in it; 0 if it is no hamlet of theirs), ``is_missed``,
        ``uncovered_rate``, ``weight`` (of its other families).
    """
    hamlets = _hamlet_sizes(rng, listed)
    rw_count = plan.villages["rw_count"].to_numpy(dtype=np.int64)
    parts = [
        _village_settlements(village, sizes, int(rw_count[village]))
        for village, sizes in enumerate(hamlets)
    ]
    frame = pd.concat(parts, ignore_index=True)
    count = len(frame)
    x, y = _centers(rng, frame["village"].to_numpy(), terrain)
    size = frame["listed"].to_numpy(dtype=np.float64)
    radius = np.where(
        size > 0, 80 + np.clip((size - 30) / 120, 0, 1) * 170, rng.uniform(100, 250, count)
    )
    stretch = np.sqrt(rng.uniform(1.0, 2.2, count))
    village_codes = plan.villages["village_code"].to_numpy()[frame["village"]]
    number = frame.groupby("village").cumcount().to_numpy() + 1
    return frame.assign(
        x=x,
        y=y,
        # Two standard deviations reach the edge of the hamlet.
        major_m=radius / 2 * stretch,
        minor_m=radius / 2 / stretch,
        angle=rng.uniform(0, np.pi, count),
        rt_count=rng.integers(3, 7, count),
        weight=rng.lognormal(0, 0.35, count),
        settlement_id=pd.Series(village_codes, dtype="str") + "-" + text(number, width=2),
        neighborhood=neighborhood_names(rng, frame["village"].to_numpy(), frame["rw"].to_numpy()),
        **_rates(rng, plan, frame),
    )


def _hamlet_sizes(rng: np.random.Generator, listed: Ints) -> list[Ints]:
    """Listed families of each hamlet, by village; the rest of them live scattered."""
    median, spread, least, most = HAMLET_FAMILIES
    mean = median * np.exp(spread**2 / 2)
    sizes = []
    for families in np.round(listed * (1 - SCATTERED_SHARE)).astype(int).tolist():
        count = max(1, round(families / mean))
        drawn = np.clip(rng.lognormal(np.log(median), spread, count), least, most)
        sizes.append(apportion(drawn, families))
    return sizes


def _village_settlements(village: int, sizes: Ints, rw_count: int) -> pd.DataFrame:
    count = max(rw_count, len(sizes))
    listed = np.zeros(count, dtype=np.int64)
    listed[: len(sizes)] = sizes
    rw = np.arange(count) % rw_count + 1
    return pd.DataFrame({"village": village, "rw": rw, "listed": listed})


def _rates(
    rng: np.random.Generator, plan: Plan, frame: pd.DataFrame
) -> dict[str, npt.NDArray[Any]]:
    """Which hamlets the programs miss, and the share of uncovered families in each.

    As many hamlets of a district are missed, by families, as its uncovered share needs.
    """
    district = plan.villages["district_code"].to_numpy()[frame["village"]]
    listed = frame["listed"].to_numpy(dtype=np.int64)
    is_missed = np.zeros(len(frame), dtype=np.bool_)
    sums = plan.villages.groupby("district_code")[["uncovered_weight", "listed_weight"]].sum()
    target = (sums["uncovered_weight"] / sums["listed_weight"]).to_dict()
    low, high = float(np.mean(REACHED_RATE)), float(np.mean(MISSED_RATE))
    order = rng.permutation(len(frame))
    for code, share in target.items():
        mine = order[(district[order] == code) & (listed[order] > 0)]
        wanted = (share - low) / (high - low) * listed[mine].sum()
        before = np.cumsum(listed[mine]) - listed[mine]
        is_missed[mine[before + listed[mine] / 2 < wanted]] = True
    rate = np.where(
        is_missed,
        rng.uniform(*MISSED_RATE, len(frame)),
        rng.uniform(*REACHED_RATE, len(frame)),
    )
    return {"is_missed": is_missed, "uncovered_rate": rate}


def _centers(rng: np.random.Generator, village: Ints, terrain: Terrain) -> tuple[Floats, Floats]:
    """Middles of settlements: the first at an inner point, the next ones far from others."""
    inner = shapely.point_on_surface(terrain.meters)
    core = shapely.buffer(terrain.meters, -_EDGE_M)
    core = np.where(shapely.is_empty(core), terrain.meters, core)
    shapely.prepare(core)
    # One row a settlement, one column a candidate.
    x, y = scatter_within(rng, core, np.repeat(village, _CANDIDATES), inner)
    x, y = x.reshape(-1, _CANDIDATES), y.reshape(-1, _CANDIDATES)
    starts = np.flatnonzero(np.r_[True, village[1:] != village[:-1]])
    x[starts, 0], y[starts, 0] = (c(inner[village[starts]]) for c in (shapely.get_x, shapely.get_y))
    best = np.zeros(len(village), dtype=np.int64)
    for start, stop in zip(starts, np.r_[starts[1:], len(village)], strict=True):
        for row in range(start + 1, stop):
            taken = np.arange(start, row), best[start:row]
            apart = np.hypot(x[row][:, None] - x[taken], y[row][:, None] - y[taken])
            best[row] = apart.min(axis=1).argmax()
    chosen = np.arange(len(village)), best
    return x[chosen], y[chosen]


def place_families(
    rng: np.random.Generator, families: pd.DataFrame, settlements: pd.DataFrame, terrain: Terrain
) -> pd.DataFrame:
    """Give each family a home inside its village, and the RW and RT that it lies in.

    Parameters
    ----------
    families
        With ``village`` (row), ``settlement`` (row, -1 for those who live scattered)
        and ``is_listed``.

    Returns
    -------
    DataFrame
        `families` with ``lon``, ``lat`` (degrees, 6 decimals), ``rw`` and ``rt``
        (numbers) and ``near`` (settlement whose RW it belongs to).
    """
    village = families["village"].to_numpy(dtype=np.int64)
    settlement = families["settlement"].to_numpy(dtype=np.int64)
    inner = shapely.point_on_surface(terrain.meters)
    x, y = np.zeros(len(families)), np.zeros(len(families))
    scattered = settlement < 0
    x[scattered], y[scattered] = scatter_within(rng, terrain.meters, village[scattered], inner)
    homes = _Scatter(settlements, wider=np.where(families["is_listed"], 1.0, 1.5))
    todo = np.flatnonzero(~scattered)
    lon, lat = np.zeros(len(families)), np.zeros(len(families))
    lon[scattered], lat[scattered] = terrain.written(x[scattered], y[scattered])
    for round_ in range(ROUNDS):
        x[todo], y[todo] = homes.draw(rng, todo, settlement[todo], closer=round_ / ROUNDS)
        lon[todo], lat[todo] = terrain.written(x[todo], y[todo])
        todo = todo[~terrain.holds(village[todo], lon[todo], lat[todo])]
    astray = ~terrain.holds(village, lon, lat)
    x[astray], y[astray] = (c(inner[village[astray]]) for c in (shapely.get_x, shapely.get_y))
    lon[astray], lat[astray] = terrain.written(x[astray], y[astray])
    near = np.where(scattered, _nearest(village, x, y, settlements, scattered), settlement)
    return families.assign(lon=lon, lat=lat, near=near, **_rw_rt(x, y, near, settlements))


class _Scatter:
    """Gaussian scatter around settlements, stretched along their axis."""

    def __init__(self, settlements: pd.DataFrame, *, wider: Floats) -> None:
        self._of = {
            name: settlements[name].to_numpy(dtype=np.float64)
            for name in ("x", "y", "major_m", "minor_m", "angle")
        }
        self._wider = wider

    def draw(
        self, rng: np.random.Generator, family: Ints, settlement: Ints, *, closer: float
    ) -> tuple[Floats, Floats]:
        of = {name: values[settlement] for name, values in self._of.items()}
        size = self._wider[family] * (1 - closer)
        along = rng.standard_normal(len(family)) * of["major_m"] * size
        across = rng.standard_normal(len(family)) * of["minor_m"] * size
        cos, sin = np.cos(of["angle"]), np.sin(of["angle"])
        return of["x"] + along * cos - across * sin, of["y"] + along * sin + across * cos


def _nearest(
    village: Ints, x: Floats, y: Floats, settlements: pd.DataFrame, scattered: Flags
) -> Ints:
    """Row of the settlement of the same village that is nearest to each scattered family."""
    near = np.full(len(village), -1, dtype=np.int64)
    rows = np.flatnonzero(scattered)
    rows = rows[np.argsort(village[rows], kind="stable")]
    home = settlements["village"].to_numpy(dtype=np.int64)
    center_x, center_y = settlements["x"].to_numpy(), settlements["y"].to_numpy()
    for group in np.split(rows, np.flatnonzero(np.diff(village[rows])) + 1):
        if not len(group):
            continue
        first, last = np.searchsorted(home, [village[group[0]], village[group[0]] + 1])
        apart = np.hypot(
            x[group, None] - center_x[None, first:last], y[group, None] - center_y[None, first:last]
        )
        near[group] = first + apart.argmin(axis=1)
    return near


def _rw_rt(x: Floats, y: Floats, near: Ints, settlements: pd.DataFrame) -> dict[str, Ints]:
    """RW of the settlement; RT by the direction in which a home lies from its middle."""
    east = x - settlements["x"].to_numpy()[near]
    north = y - settlements["y"].to_numpy()[near]
    turn = (np.arctan2(north, east) / (2 * np.pi)) % 1.0
    rt_count = settlements["rt_count"].to_numpy(dtype=np.int64)[near]
    rw = settlements["rw"].to_numpy(dtype=np.int64)[near]
    return {"rw": rw, "rt": np.minimum((turn * rt_count).astype(np.int64) + 1, rt_count)}
