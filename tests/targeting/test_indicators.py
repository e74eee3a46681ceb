from pathlib import Path

import pytest

from geo_target.errors import ConfigError
from geo_target.targeting.indicators import COLUMNS, read_indicators, reweighted

ONE = """
[[indicator]]
key = "burden"
column = "uncovered_families"
title = { id = "Beban", en = "Burden" }
unit = { id = "keluarga", en = "families" }
weight = 3
"""
OTHER = ONE.replace("burden", "missed").replace("uncovered_families", "smoothed_exclusion_error")


def written(folder: Path, text: str) -> Path:
    file = folder / "priority.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_ours_can_be_read_and_adds_up_to_one() -> None:
    ours = read_indicators()
    assert [indicator.key for indicator in ours if indicator.weight] == [
        "burden", "missed", "per_family",
    ]  # fmt: skip
    assert sum(indicator.weight for indicator in ours) == pytest.approx(1)
    assert all(indicator.title.id != indicator.title.en for indicator in ours)
    # Doubt is no need.
    assert {i.key: i.weight for i in ours}["doubt"] == 0


def test_weights_are_taken_as_parts_of_their_sum(tmp_path: Path) -> None:
    found = read_indicators(written(tmp_path, ONE + OTHER.replace("3", "1")))
    assert [indicator.weight for indicator in found] == [0.75, 0.25]
    assert (found[0].direction, found[0].transform) == ("high", "none")


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        (ONE + OTHER.replace("smoothed_exclusion_error", "income"), 9, "missed.column"),
        (ONE.replace("weight = 3", "weight = -3"), 2, "burden.weight"),
        (ONE.replace("weight = 3", "weight = nan"), 2, "burden.weight"),
        (ONE + 'transform = "square"\n', 2, "burden.transform"),
        (ONE + 'direction = "up"\n', 2, "burden.direction"),
        (ONE + "colour = 1\n", 2, "burden.colour"),
        (ONE + ONE, 9, "burden: known already"),
        (ONE.replace("weight = 3", "weight = 0"), None, "all weights are 0"),
        ("key = 1", None, "there is no [[indicator]]"),
        ("indicator = [1]", None, "?"),
        (ONE + "[other]\na = 1", None, "only [[indicator]]"),
        ("[[indicator", None, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, row: int | None, words: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read_indicators(written(tmp_path, text))
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.row) == ("E-PRIORITY-FILE", "priority.toml", row)
    assert words in fault.en
    assert words in fault.id


def test_every_wrong_indicator_is_told_at_once(tmp_path: Path) -> None:
    text = (ONE + OTHER).replace("weight = 3", "weight = -1")
    with pytest.raises(ConfigError) as refused:
        read_indicators(written(tmp_path, text))
    assert [fault.row for fault in refused.value.faults] == [2, 9]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="E-PRIORITY-FILE"):
        read_indicators(tmp_path / "nothing.toml")


def test_other_weights_leave_the_rest_as_it_is(tmp_path: Path) -> None:
    indicators = read_indicators(written(tmp_path, ONE + OTHER))
    changed = reweighted(indicators, {"missed": 1.5})
    assert [(i.key, i.weight) for i in changed] == [("burden", 0.25), ("missed", 0.75)]
    assert [i.weight for i in indicators] == [0.5, 0.5]


@pytest.mark.parametrize(
    "weights",
    [{"missed": -1.0}, {"missed": float("nan")}, {"missed": float("inf")}, {"income": 1.0},
     {"burden": 0.0, "missed": 0.0}],
)  # fmt: skip
def test_weights_that_mean_nothing_are_refused(tmp_path: Path, weights: dict[str, float]) -> None:
    indicators = read_indicators(written(tmp_path, ONE + OTHER))
    with pytest.raises(ConfigError, match="E-PRIORITY-WEIGHT"):
        reweighted(indicators, weights)


def test_columns_are_those_of_the_village_table() -> None:
    assert {"uncovered_families", "smoothed_exclusion_error", "unmatched_families"} <= set(COLUMNS)
