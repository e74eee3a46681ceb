"""What clusters leave of their villages' shown counts: never few families that are in none."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from geo_target.publishing.audiences import Audience

_UNCOVERED, _LOCATED_UNCOVERED = "uncovered_families", "located_uncovered_families"
_TEN = 10


def telling_clusters(
    points: pd.DataFrame,
    cells: pd.Series,
    villages: pd.DataFrame,
    audience: Audience,
) -> tuple["pd.Series[int]", pd.Index]:
    """Clusters of points of which the count, or the cluster itself, is withheld.

    Of a village with 44 uncovered families and one cluster of 41, three are scattered: the
    counts of the smallest cluster go, for these are small. They go wherever fewer than ten are
    left, none too: else a missing count would itself tell that few are. A cluster of which what
    is known would still tell it is not shown at all.

    Parameters
    ----------
    points
        Clusters of points that could be shown: ``cluster_id``, ``village_codes``,
        ``uncovered_families``.
    cells
        Cells that are drawn of each cluster, by ``cluster_id``.
    villages
        What is shown of the villages, by ``village_code``.

    Returns
    -------
    hidden, dropped
        By ``cluster_id`` of those without counts what is told instead: at least so many, in whole
        tens, by the shown counts of village and other clusters alone. And those left out.
    """
    told = {
        str(row["cluster_id"]): (frozenset(row["village_codes"]), int(row[_UNCOVERED]))
        for row in points.to_dict("records")
    }
    hidden: dict[str, int] = {}
    dropped: list[str] = []
    for codes in _groups([codes for codes, _ in told.values()]):
        for whole in (_UNCOVERED, _LOCATED_UNCOVERED):
            inside = {name: own for name, (of, own) in told.items() if of <= codes}
            left = int(villages.loc[list(codes), whole].sum()) - sum(inside.values())
            if not inside or not 0 <= left < 2 * audience.smallest:
                continue
            name = min(inside, key=lambda one: (inside[one], one))
            # A cell is drawn of no fewer, and a cluster is no smaller, than this.
            least = audience.smallest * max(1, int(cells.get(name, 0)))
            most = inside[name] + left
            if most - least >= 2 * audience.smallest:
                hidden[name] = (most - 2 * audience.smallest + 1) // _TEN * _TEN
            elif 0 < left < audience.smallest:
                dropped.append(name)
            else:
                continue
            del told[name]
    return pd.Series(hidden, dtype="int64"), pd.Index(dropped, dtype="str")


def _groups(clusters: Sequence[frozenset[str]]) -> Iterator[frozenset[str]]:
    """Each village, then villages that clusters join."""
    joined: list[frozenset[str]] = []
    for codes in clusters:
        apart = [group for group in joined if not group & codes]
        joined = [*apart, codes.union(*(group for group in joined if group & codes))]
    for village in sorted({code for codes in clusters for code in codes}):
        yield frozenset([village])
    yield from (group for group in sorted(joined, key=sorted) if len(group) > 1)


def telling_located(rw: pd.DataFrame, villages: pd.DataFrame, audience: Audience) -> pd.Series:
    """Clusters of RW whose located families tell few: themselves, or of what is left.

    Parameters
    ----------
    rw
        Clusters of RW: ``village_codes``, ``uncovered_families``, ``located_families``.
    villages
        What is shown of the villages, by ``village_code``.
    """
    code = pd.Series([codes[0] for codes in rw["village_codes"]], rw.index, dtype="str")
    own = pd.DataFrame(
        {
            "located": rw["located_families"].astype("Int64"),
            "unlocated": (rw[_UNCOVERED] - rw["located_families"]).astype("Int64"),
        }
    )
    located = villages[_LOCATED_UNCOVERED].astype("Int64")
    whole = pd.DataFrame(
        {"located": located, "unlocated": villages[_UNCOVERED].astype("Int64") - located}
    )
    left = whole.loc[code.unique()] - own.groupby(code).sum()
    few = _few(left, audience).any(axis=1) | _few(own, audience).any(axis=1).groupby(code).any()
    return code.map(few).astype("bool")


def villages_left_few(told: pd.DataFrame, villages: pd.DataFrame, audience: Audience) -> set[str]:
    """Villages of which what clusters tell leaves few covered, few unmatched, or few beside.

    Parameters
    ----------
    told
        Of clusters of either state ``kind``, ``village_codes``, and the ``covered`` and
        ``unmatched`` families that follow of each, <NA> where none do.
    villages
        What is shown of the villages, by ``village_code``.
    """
    # Located and not uncovered: of clusters of points all are located.
    beside = villages["located_families"] - villages[_LOCATED_UNCOVERED]
    wholes = villages[["covered_families", "unmatched_families"]].assign(beside=beside)
    rows = wholes.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    whole_of = dict(zip(wholes.index, rows, strict=True))
    states = told[["covered", "unmatched"]].astype("Float64").to_numpy(dtype=float, na_value=0)
    is_points = told["kind"].eq("points").to_numpy(dtype=bool)
    counts = np.column_stack([states, states.sum(axis=1) * is_points])
    codes = [frozenset(own) for own in told["village_codes"]]
    places: dict[str, list[int]] = {}
    for place, own in enumerate(codes):
        for code in own:
            places.setdefault(code, []).append(place)
    guilty: set[str] = set()
    for group in _groups(codes):
        near = {place for code in group for place in places[code]}
        inside = np.isin(np.arange(len(codes)), [one for one in near if codes[one] <= group])
        whole = np.sum([whole_of[code] for code in group], axis=0)
        # Who is in a cluster of points may be in an RW too, of unmatched families.
        for some in (inside, inside & is_points, inside & ~is_points):
            left = whole - counts[some].sum(axis=0)
            if ((left > 0) & (left < audience.smallest)).any():
                guilty |= group
    return guilty


def _few(counts: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    return counts.gt(0).fillna(value=False) & counts.lt(audience.smallest).fillna(value=False)
