"""The order of villages that an audience sees rests on what it is shown, and on nothing else."""

from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import pytest

from geo_target.publishing.audiences import MEETING
from geo_target.publishing.disclosure import publish_villages
from geo_target.publishing.results import Targets
from geo_target.publishing.shown_files import records
from geo_target.publishing.shown_priorities import publish_priorities
from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.indicators import read_indicators
from tests.publishing.test_disclosure import villages, withholding

#: Covered, uncovered, unmatched of A to J.
ROWS = [(20, 30, 2), (20, 2, 0), (20, 14, 0), (40, 14, 0), (20, 9, 0), (9, 60, 5), (30, 8, 0),
        (25, 25, 1), (10, 5, 0), (0, 0, 0)]  # fmt: skip


def published(*rows: tuple[int, int, int], **cells: str) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    exact = villages(*rows)
    shown = publish_villages(exact, MEETING, withholding(exact, **cells))
    targets = Targets(
        exact, pd.DataFrame(), exact, pd.Series(dtype="str"), pyproj.CRS(32748),
        find_contiguity(exact), read_indicators(),
    )  # fmt: skip
    return publish_priorities(shown, targets)


def test_the_order_is_that_of_ranks_and_the_withheld_come_last_by_code() -> None:
    found, _ = published(*ROWS, B="uncovered_families", C="covered_families uncovered_families")
    ranks = found["priority_rank"]
    assert found.index[:2].tolist() == ["F", "A"]
    assert found.index[-3:].tolist() == ["B", "C", "J"]
    assert ranks.dropna().tolist() == sorted(ranks.dropna())
    assert ranks[["B", "C", "J"]].isna().all()


def test_what_is_withheld_changes_nothing() -> None:
    hidden = {"B": "covered_families uncovered_families unmatched_families extreme_poor_families"}
    other = [row if number != 1 else (13, 4, 1) for number, row in enumerate(ROWS)]
    one, words = published(*ROWS, **hidden)
    two, other_words = published(*other, **hidden)
    assert words == other_words
    derived = [name for name in one.columns if name not in {"geometry", "families"}]
    assert records(one[derived]) == records(two[derived])


def test_missing_is_withheld_only_in_a_row_that_withholds() -> None:
    found, _ = published(*ROWS, B="uncovered_families")
    withheld = found["withheld"].to_dict()
    assert {"priority_rank", "first_share", "hot_spot"} <= {*withheld["B"]}
    # J has no extreme-poor family: no rate, and nothing to withhold.
    assert withheld["J"] == []
    assert found["exclusion_error_low"].isna()["J"]
    assert withheld["F"] == []


def test_contributions_add_up_to_the_score() -> None:
    found, words = published(*ROWS)
    for score, parts in zip(found["priority_score"], found["contributions"], strict=True):
        if parts is None:
            assert pd.isna(score)
        else:
            assert len(parts) == len(words["indicators"])
            assert sum(parts) == pytest.approx(score)


def test_the_summary_names_what_ranks_rest_on() -> None:
    _, words = published(*ROWS)
    assert words["denominator"] == "population_families"
    assert words["draws"]["draws"] == 1_000
    assert words["hot_spots"]["villages"] == 9
    assert [one["key"] for one in words["indicators"]][:2] == ["burden", "missed"]
