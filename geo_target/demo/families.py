"""Families of the register: where they live, how large and how poor, and what they state."""

import numpy as np
import pandas as pd

from geo_target.demo.calibration import Plan, apportion
from geo_target.demo.columns import Flags, Floats, Ints, Text, draw, either, text
from geo_target.demo.settlements import SCATTERED_SHARE

#: Share of families whose record states another village than they live in, which is a
#: neighbor in the same district (an assumption: moved, or entered by the wrong office).
MISSTATED_SHARE = 0.02

_SIZES = np.array([1, 2, 3, 4, 5, 6, 7, 8])
_SIZE_WEIGHTS = (0.06, 0.19, 0.30, 0.27, 0.12, 0.04, 0.015, 0.005)
_MOST_MEMBERS = 10
#: Deciles of families that P3KE does not list; those that it lists are of 1 and 2.
_OTHER_DECILES = (0.04, 0.14, 0.24, 0.25, 0.20, 0.08, 0.03, 0.02)


def draw_families(
    rng: np.random.Generator, plan: Plan, listed: Ints, settlements: pd.DataFrame
) -> pd.DataFrame:
    """Draw the families of the register and the settlements that they belong to.

    Parameters
    ----------
    listed
        Listed families by village, see `settlements.listed_by_village`.

    Returns
    -------
    DataFrame
        One row a family: ``village`` (row of ``plan.villages``), ``settlement`` (row of
        `settlements`; -1 lives scattered), ``is_listed``, ``members`` (persons),
        ``decile``.
    """
    families = pd.concat(
        [_listed_families(listed, settlements), _other_families(rng, plan, settlements)],
        ignore_index=True,
    )
    is_listed = families["is_listed"].to_numpy(dtype=np.bool_)
    count = len(families)
    decile = np.where(
        is_listed, 1 + (rng.random(count) < 0.3), 1 + draw(rng, 8, count, _OTHER_DECILES)
    )
    return families.assign(members=family_sizes(rng, count, plan.persons), decile=decile)


def _listed_families(listed: Ints, settlements: pd.DataFrame) -> pd.DataFrame:
    """Families of the hamlets, and so many scattered ones that 12 % of all are."""
    living = settlements["listed"].to_numpy(dtype=np.int64)
    village = settlements["village"].to_numpy(dtype=np.int64)
    hamlets = pd.DataFrame(
        {
            "village": np.repeat(village, living),
            "settlement": np.repeat(np.arange(len(living)), living),
        }
    )
    inside = np.bincount(village, weights=living, minlength=len(listed))
    scattered = listed - inside.astype(np.int64)
    apart = pd.DataFrame(
        {"village": np.repeat(np.arange(len(scattered)), scattered), "settlement": -1}
    )
    return pd.concat([hamlets, apart], ignore_index=True).assign(is_listed=True)


def _other_families(
    rng: np.random.Generator, plan: Plan, settlements: pd.DataFrame
) -> pd.DataFrame:
    population = plan.villages["population_persons"].to_numpy(dtype=np.float64)
    weight = population * rng.lognormal(0, 0.15, len(population))
    per_village = apportion(weight, plan.families - plan.listed_families)
    home = settlements["village"].to_numpy(dtype=np.int64)
    weights = settlements["weight"].to_numpy(dtype=np.float64)
    starts = np.searchsorted(home, np.arange(len(population) + 1))
    chosen = np.concatenate(
        [
            first + draw(rng, last - first, count, weights[first:last])
            for first, last, count in zip(starts[:-1], starts[1:], per_village, strict=True)
        ]
    )
    village = np.repeat(np.arange(len(population)), per_village)
    scattered = rng.random(len(village)) < SCATTERED_SHARE
    settlement = np.where(scattered, -1, chosen)
    return pd.DataFrame({"village": village, "settlement": settlement, "is_listed": False})


def family_sizes(rng: np.random.Generator, families: int, persons: int) -> Ints:
    """Members of each family, `persons` in all."""
    sizes = _SIZES[draw(rng, len(_SIZES), families, _SIZE_WEIGHTS)]
    while (left := persons - int(sizes.sum())) != 0:
        step = 1 if left > 0 else -1
        able = np.flatnonzero(sizes < _MOST_MEMBERS if step > 0 else sizes > 1)
        sizes[rng.choice(able, min(abs(left), len(able)), replace=False)] += step
    return sizes


def state_villages(rng: np.random.Generator, families: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Add ``stated``, the village that the family's records state, as a row of villages."""
    village = families["village"].to_numpy(dtype=np.int64)
    neighbor = neighbors(plan)
    moved = rng.random(len(village)) < MISSTATED_SHARE
    which = rng.integers(0, neighbor.shape[1], len(village))
    return families.assign(stated=np.where(moved, neighbor[village, which], village))


def neighbors(plan: Plan) -> Ints:
    """Three nearest villages of the same district, nearest first; itself if there are none.

    In the same district, so that the published shares of districts hold both by where
    families live and by what they state.
    """
    lon, lat = (plan.villages[axis].to_numpy(dtype=np.float64) for axis in ("lon", "lat"))
    district = plan.villages["district_code"].to_numpy()
    neighbor = np.repeat(np.arange(len(lon))[:, None], 3, axis=1)
    for code in np.unique(district):
        mine = np.flatnonzero(district == code)
        apart = np.hypot(lon[mine][:, None] - lon[mine], lat[mine][:, None] - lat[mine])
        np.fill_diagonal(apart, np.inf)
        nearest = mine[apart.argsort(axis=1, kind="stable")[:, :3]]
        if len(mine) > 1:
            usable = min(3, len(mine) - 1)
            neighbor[mine] = nearest[:, np.arange(3) % usable]
    return neighbor


def identify(rng: np.random.Generator, families: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Add ``p3ke_id`` (blank if not listed) and ``dtsen_id``, both unique."""
    regency = regency_numbers(plan)[families["village"]]
    serial = rng.permutation(len(families)).astype(np.int64) + 1
    is_listed = families["is_listed"].to_numpy(dtype=np.bool_)
    p3ke = text(regency * 10**8 + serial)
    return families.assign(
        p3ke_id=either(is_listed, p3ke, ""),
        dtsen_id=text(regency * 10**9 + rng.permutation(serial)),
    )


def choose_uncovered(
    rng: np.random.Generator, families: pd.DataFrame, settlements: pd.DataFrame, plan: Plan
) -> Flags:
    """Choose the families that no program reaches, most of them in missed hamlets.

    Of the listed ones exactly ``plan.uncovered_families`` are chosen, and in each district
    its share of them; of the others as many as chance will have.
    """
    settlement = families["settlement"].to_numpy(dtype=np.int64)
    rate = settlements["uncovered_rate"].to_numpy(dtype=np.float64)[settlement]
    rate = np.where(settlement < 0, 0.4, rate)
    missed = settlements["is_missed"].to_numpy(dtype=np.bool_)[settlement] & (settlement >= 0)
    is_listed = families["is_listed"].to_numpy(dtype=np.bool_)
    uncovered = rng.random(len(families)) < _other_rate(families, missed)
    # Adding logistic noise to the log-odds and taking the highest draws each family with
    # about its own rate and meets the total exactly.
    score = np.log(rate / (1 - rate)) + rng.logistic(size=len(families))
    district = plan.villages["district_code"].to_numpy()[families["village"]]
    for code, total in plan.by_district("uncovered_weight", plan.uncovered_families).items():
        mine = np.flatnonzero(is_listed & (district == code))
        first = mine[np.argsort(-score[mine], kind="stable")]
        uncovered[first[:total]] = True
        uncovered[first[total:]] = False
    return uncovered


def _other_rate(families: pd.DataFrame, missed: Flags) -> Floats:
    """Share of uncovered families that P3KE does not list: the better off, the more."""
    by_decile = np.array([0.0, 0.35, 0.40, 0.50, 0.60, 0.72, 0.93, 0.96, 0.97])
    rate = by_decile[families["decile"].to_numpy(dtype=np.int64)]
    raised: Floats = np.where(missed, np.sqrt(rate), rate)
    return raised


def regency_numbers(plan: Plan) -> Ints:
    """Regency code as a number of four digits, by row of villages."""
    codes = plan.villages["regency_code"].str.replace(".", "", regex=False)
    return np.asarray(codes.tolist(), dtype=np.int64)


def second_ids(ids: Text) -> Text:
    """Ids of second rows of families, unlike any first id.

    Serial numbers follow the four digits of the regency, and none of them begins with a 5.
    """
    return ids.str.slice(0, 4) + "5" + ids.str.slice(5)
