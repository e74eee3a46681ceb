"""What is told of access: to whom, by district, and to the order of villages."""

import numpy as np
import pandas as pd

from geo_target.targeting.access import COUNTS

#: What is shown is rounded to this: exact means to many facilities would tell where families are.
SHOWN_STEP_M = 500.0
SHOWN_STEP_MINUTES = 2.0
#: The type of facility that the order of villages may take into account.
INDICATED = "puskesmas"


def access_minutes(access: pd.DataFrame | None, villages: pd.Index) -> "pd.Series[float]":
    """Minutes that no place of a village is farther than from the nearest puskesmas.

    It rests on outlines and facilities alone, so that it is the same in every audience's table.

    Parameters
    ----------
    access
        `Access.villages`, or what `shown_access` leaves of it; None where nothing was measured.
    villages
        Codes; one of which nothing is known is NaN.
    """
    if access is None or INDICATED not in access.index.get_level_values("type"):
        return pd.Series(np.nan, index=villages)
    minutes = access.xs(INDICATED, level="type")["most_minutes"]
    outward = np.ceil(minutes.to_numpy(dtype="float64") * 10) / 10
    return pd.Series(outward, minutes.index).reindex(villages)


def shown_access(
    access: pd.DataFrame,
    villages: pd.DataFrame,
    *,
    smallest: int = 5,
    minutes_per_m: float | None = None,
) -> pd.DataFrame:
    """What an audience may see of `Access.villages`.

    The mean of one family is that family's distance, and distances to three facilities are a
    place. So a mean needs `smallest` families behind it, and the percentile that many at or
    beyond it; both are rounded, to 500 m and 2 minutes. Intervals and ``beyond`` tell nothing
    of families: they are of the village's outline and of facilities, which everybody may know.

    Parameters
    ----------
    access
        As `measure_access` gives it.
    villages
        That audience's own table, by ``village_code``, with ``located_families``, null where
        withheld. Where it is, or the village is not there, no mean stands.
    smallest
        Fewest families.
    minutes_per_m
        Of `Travel`, where minutes go along the straight line: they are then those of the
        rounded meters, for one figure rounded in two ways is told more finely than by either.
        None where they go over roads.

    Returns
    -------
    DataFrame
        On the index of `access`, without its counts: those are shown in `villages` or nowhere.
    """
    codes = access.index.get_level_values("village_code")
    told = villages["located_families"].reindex(codes).astype("Float64").notna().to_numpy()
    shown = access.drop(columns=list(COUNTS)).copy()
    for count, suffix, step in (
        ("located_families", "m", SHOWN_STEP_M),
        ("reached_families", "minutes", SHOWN_STEP_MINUTES),
    ):
        behind = access[count]
        at_or_beyond = behind - np.ceil(0.9 * (behind - 1))
        mean, p90 = f"mean_{suffix}", f"p90_{suffix}"
        shown[mean] = _rounded(access[mean], step).where(told & (behind >= smallest))
        shown[p90] = _rounded(access[p90], step).where(told & (at_or_beyond >= smallest))
    if minutes_per_m is not None:
        shown["mean_minutes"] = shown["mean_m"] * minutes_per_m
        shown["p90_minutes"] = shown["p90_m"] * minutes_per_m
    return shown


def mean_by_district(access: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Means over villages, weighted with the located extreme-poor families of each.

    Parameters
    ----------
    access
        `Access.villages`, or what `shown_access` leaves of it.
    villages
        By ``village_code``: ``district_code``, ``located_families``. A village without the
        count, or without a mean, is absent from its district's.

    Returns
    -------
    DataFrame
        By ``district_code`` and ``type``: ``mean_m``, ``mean_minutes`` and ``villages``, how
        many have a mean in meters; null where none has.
    """
    rows = access[["mean_m", "mean_minutes"]].join(
        villages[["district_code", "located_families"]], on="village_code", how="inner"
    )
    weight = rows["located_families"].astype("Float64").fillna(0).astype("float64")
    sums = {}
    for column in ("mean_m", "mean_minutes"):
        own = weight.where(rows[column].notna(), 0.0)
        sums[column], sums[f"weight_{column}"] = rows[column].fillna(0) * own, own
    sums["villages"] = (rows["mean_m"].notna() & (weight > 0)).astype("int64")
    found = pd.DataFrame(sums).sort_index()
    by = [rows["district_code"].reindex(found.index), found.index.get_level_values("type")]
    total = found.groupby(by).sum().rename_axis(["district_code", "type"])
    for column in ("mean_m", "mean_minutes"):
        total[column] = total[column] / total[f"weight_{column}"].where(lambda sum_: sum_ > 0)
    return total[["mean_m", "mean_minutes", "villages"]]


def _rounded(values: pd.Series, step: float) -> pd.Series:
    return (values / step).round() * step
