"""Errors of visited families, and enrolled families of all: shown where no part of them is few."""

from pathlib import Path

import pandas as pd
import pytest

from geo_target.publishing.audiences import MEETING, TOTAL
from geo_target.publishing.shown_columns import Shown
from geo_target.publishing.shown_evidence import publish_verified
from geo_target.publishing.shown_programs import count_of_all

ERRORS = {
    f"{error}{part}": 0.5 for error in ("exclusion_error", "inclusion_error")
    for part in ("", "_low", "_high")
}  # fmt: skip


@pytest.mark.parametrize(("unfit", "is_told"), [(0, True), (1, False), (4, False), (5, True)])
def test_uncovered_and_unfit_families_are_not_few(
    tmp_path: Path,
    unfit: int,
    is_told: bool,  # noqa: FBT001
) -> None:
    """Of the visited 60 are fit and 30 covered and unfit; the rest is uncovered and unfit."""
    area = {
        "level": "area", "code": None, "visited_families": 90 + unfit, "fit_families": 60,
        "uncovered_fit_families": 25, "covered_families": 65, "covered_unfit_families": 30,
    }  # fmt: skip
    pd.DataFrame([{**area, **ERRORS}]).to_parquet(tmp_path / "verified_errors.parquet")
    told = publish_verified(tmp_path, MEETING)
    assert told is not None
    assert (told["exclusion_error"] is not None) == is_told


@pytest.mark.parametrize(
    ("poor", "others", "sum_", "told"),
    [(40, 60, 40, 100), (0, 60, 0, 60), (3, 60, 3, None), (60, 3, 60, None), (40, 60, None, None)],
)
def test_neither_the_poor_nor_the_others_are_few_nor_withheld(
    poor: int, others: int, sum_: int | None, told: int | None
) -> None:
    rows = pd.DataFrame({"is_poor": [True, False], "enrolled": [poor, others]})
    shown = Shown(pd.DataFrame(), {"enrolled PKH": sum_}, {TOTAL: 500}, MEETING)
    assert count_of_all(rows, ["enrolled"], shown, "enrolled PKH") == told
