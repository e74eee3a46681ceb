"""The order of villages as a run finds it: from families to ranks."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.indicators import read_indicators
from geo_target.targeting.priorities import find_priorities
from geo_target.targeting.villages import summarize_villages
from geo_target.workbench import Workbench
from tests.targeting.village_grids import square_of_villages

#: Families of a village besides its extreme poor.
OTHERS = 200
SMALL = "02.02"


def ordered(bench: Workbench, counts: dict[str, tuple[int, int, int]]) -> gpd.GeoDataFrame:
    """Villages with their ranks, of uncovered, covered and other families by village."""
    states = ("uncovered", "covered", "covered")
    classes = ("extreme_poor", "extreme_poor", "poor")
    rows = [
        (code, welfare, state)
        for code, numbers in counts.items()
        for welfare, state, number in zip(classes, states, numbers, strict=True)
        for _ in range(number)
    ]
    frame = pd.DataFrame(rows, columns=["village_code", "welfare_class", "coverage_state"])
    families = bench.take(frame.assign(location_status="unlocated"))
    villages = summarize_villages(families, square_of_villages(5))
    return find_priorities(villages, find_contiguity(villages), read_indicators()).villages


def world(times: int = 1, **special: tuple[int, int, int]) -> dict[str, tuple[int, int, int]]:
    """25 villages whose uncovered shares go from 0.3 to 0.6."""
    shares = np.random.default_rng(4).permutation(np.linspace(0.3, 0.6, 25))
    counts = {
        code: (round(20 * times * share), round(20 * times * (1 - share)), OTHERS)
        for code, share in zip(square_of_villages(5).index, shares, strict=True)
    }
    return counts | special


@pytest.mark.parametrize("others", [OTHERS, 0])
def test_a_village_with_two_of_three_does_not_lead(bench: Workbench, others: int) -> None:
    villages = ordered(bench, world(5, **{SMALL: (2, 1, others)}))
    assert villages["exclusion_error"].idxmax() == SMALL
    assert villages["smoothed_exclusion_error"].idxmax() != SMALL
    assert villages["priority_rank"][SMALL] > 10
    assert villages["first_share"][SMALL] < 0.1


def test_ranks_are_less_sure_where_counts_are_small(bench: Workbench) -> None:
    found = [ordered(bench, world(times)) for times in (1, 10, 100)]
    sure = [villages["first_share"].nlargest(10).mean() for villages in found]
    wide = [(villages["rank_high"] - villages["rank_low"]).mean() for villages in found]
    assert sure[0] < sure[1] < sure[2]
    assert wide[0] > wide[1] > wide[2]
