"""Nothing that a reader can take from another of all that is shown around clusters is few."""

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.crs import WGS84
from geo_target.publishing.audiences import MEETING
from geo_target.publishing.shown_clusters import publish_scattered, publish_unmatched
from geo_target.publishing.small_areas import publish_clusters, publish_rw
from tests.publishing.test_shown_clusters import CRS, NO_CELLS, NO_RW, clusters_of

#: Uncovered, covered and unmatched of a place; few, enough, and none.
PLACE = st.tuples(*[st.sampled_from([0, 1, 3, 5, 7, 12, 30])] * 3)
STATES = ["uncovered", "covered", "unmatched"]
#: Two villages of clusters of points, which may share one, and one of clusters of RW.
SHARED, OF_RW = "AC", "B"


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Places of villages, and last who is in no cluster; no whole village has few."""
    found = {
        codes: [np.array(one) for one in draw(st.lists(PLACE, min_size=1, max_size=3))]
        for codes in ("A", "C", SHARED, OF_RW)
    }
    for code, total in totals(found).items():
        found[code][-1] = found[code][-1] + np.where((total > 0) & (total < 5), 5, 0)
    return found


def totals(world: dict[str, list[Any]]) -> dict[str, Any]:
    """Of each village: of shared clusters five of each state are in C, the others in A."""
    of_c = sum(np.minimum(one, 5) for one in world[SHARED])
    return {
        "A": sum(world["A"]) + sum(world[SHARED]) - of_c,
        "C": sum(world["C"]) + of_c,
        OF_RW: sum(world[OF_RW]),
    }


def wholes(world: dict[str, list[Any]]) -> pd.DataFrame:
    """Villages as they are shown."""
    counts = pd.DataFrame(totals(world), [f"{state}_families" for state in STATES]).T
    counts = counts.rename_axis("village_code").astype("Int64")
    total = counts.sum(axis=1).astype("Int64")
    has_points = counts.index != OF_RW
    return counts.assign(
        village_name=[f"Desa {code}" for code in counts.index],
        extreme_poor_families=total,
        located_families=total.where(has_points),
        located_uncovered_families=counts["uncovered_families"].where(has_points),
    )


def clusters(world: dict[str, list[Any]]) -> gpd.GeoDataFrame:
    """Each place as a cluster, but for the last of each village."""
    rows = [
        (codes, number, one)
        for codes, places in world.items()
        for number, one in enumerate(places if codes == SHARED else places[:-1])
    ]
    frame = clusters_of(*[(int(one[0]), codes) for codes, _, one in rows])
    frame = frame.assign(
        kind=["rw" if codes == OF_RW else "points" for codes, *_ in rows],
        name=[f"RW {number:03d}, Desa {codes}" for codes, number, _ in rows],
        compared_families=[int(one[0] + one[1]) for *_, one in rows],
        unmatched_families=[int(one[2]) for *_, one in rows],
    )
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(index=frame.index, crs=WGS84))


def rows_of_rw(world: dict[str, list[Any]], villages: pd.DataFrame) -> pd.DataFrame:
    families = [
        (OF_RW, f"{number:03d}", state)
        for number, place in enumerate(world[OF_RW])
        for state, count in zip(STATES, place, strict=True)
        for _ in range(count)
    ]
    if not families:
        return NO_RW
    frame = pd.DataFrame(families, columns=["village_code", "rw", "coverage_state"])
    return publish_rw(frame.assign(neighborhood=None), MEETING, villages)


def differences(whole: int, parts: list[int]) -> Iterator[int]:
    """The whole without any of its parts."""
    every = (combinations(parts, count) for count in range(len(parts) + 1))
    return (whole - sum(some) for some in chain.from_iterable(every))


def is_few(count: int) -> bool:
    return 0 < count < MEETING.smallest


def told_of(
    group: str, shown: pd.DataFrame, unmatched: pd.DataFrame, others: dict[str, int]
) -> dict[str, dict[str, int]]:
    """What a reader knows of clusters of villages, by state and name."""
    told: dict[str, dict[str, int]] = {state: {} for state in STATES}
    inside = [frame.loc[[set(group).issuperset(of) for of in frame["village_codes"]]]
              for frame in (shown, unmatched)]  # fmt: skip
    for row in inside[0].dropna(subset="uncovered_families").to_dict("records"):
        told["uncovered"][row["name"]] = row["uncovered_families"]
        if pd.notna(row["compared_families"]):
            covered = row["compared_families"] - row["uncovered_families"]
            told["covered"][row["name"]] = covered
            if row["name"] in others:
                told["unmatched"][row["name"]] = others[row["name"]] - covered
    for row in inside[1].to_dict("records"):
        told["unmatched"][row["name"]] = row["unmatched_families"]
        if row["name"] in others:
            told["covered"][row["name"]] = others[row["name"]] - row["unmatched_families"]
    return told


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_no_difference_of_shown_counts_is_few(world: dict[str, list[Any]]) -> None:
    villages, found = wholes(world), clusters(world)
    rw = rows_of_rw(world, villages)
    shown = publish_clusters(found, NO_CELLS, MEETING, CRS, villages=villages, rw=rw)
    unmatched = publish_unmatched(
        found, NO_CELLS, MEETING, CRS, villages=villages, rw=rw, shown=shown
    )
    scattered = publish_scattered(shown, villages)
    counts = scattered.drop(columns=["village_code", "clusters", "withheld"])
    assert not counts.isin(range(1, MEETING.smallest)).any(axis=None)
    others = {
        f"RW {row['rw']}, Desa {OF_RW}": row["extreme_poor_families"] - row["uncovered_families"]
        for row in rw.to_dict("records")
    }
    for group in ("A", "C", SHARED, OF_RW):
        told = told_of(group, shown, unmatched, others)
        sums = villages.loc[[*group], [f"{state}_families" for state in STATES]].sum()
        whole = dict(zip(STATES, sums, strict=True))
        for state, own in told.items():
            assert not any(map(is_few, own.values())), (group, state, own)
            assert not any(map(is_few, differences(whole[state], [*own.values()]))), (group, own)
        # Covered or unmatched: those with a point, and those of the RW.
        beside = [*told["covered"].values(), *told["unmatched"].values()]
        beside = [*others.values()] if group == OF_RW else beside
        left = differences(whole["covered"] + whole["unmatched"], beside)
        assert not any(map(is_few, left)), (group, beside)
