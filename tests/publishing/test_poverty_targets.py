"""Targets are public facts with their words and source, held to shares that are published."""

import re

import pytest

from geo_target.publishing.figure_file import read_ledger
from geo_target.publishing.poverty_targets import (
    PovertyTarget,
    holds_for,
    poverty_targets,
    targets_for,
)


@pytest.mark.parametrize("target", poverty_targets(), ids=lambda target: target.id)
def test_a_target_is_whole(target: PovertyTarget) -> None:
    assert 0 <= target.low <= target.high <= 100
    assert re.fullmatch(r"20\d\d(-\d\d)?", target.at)
    assert target.plan.keys() == {"id", "en"}
    assert target.words
    assert re.search(r"\d{4}-\d\d-\d\d", target.source)
    assert target.confidence in {"seen", "derived", "memory"}


def test_ids_are_different() -> None:
    ids = [target.id for target in poverty_targets()]
    assert len(ids) == len(set(ids))


def test_what_is_aimed_at_is_a_share_that_somebody_publishes() -> None:
    published = {
        figure.definition["id"].split(":")[0]
        for figure in read_ledger()
        if figure.kind == "survey" and figure.quantity.unit == "percent"
    }
    assert {target.indicator for target in poverty_targets()} == published


def test_targets_of_the_area_and_of_what_it_lies_in() -> None:
    poor = "bagian penduduk miskin"
    assert {one.area for one in targets_for("36.73", poor)} == {"ID"}
    assert {one.area for one in targets_for("36.04.01", poor)} == {"ID", "36.04"}
    assert targets_for("36.73", "bagian lain") == []
    assert holds_for("36", "36.73")
    assert not holds_for("36.7", "36.73")
    assert not holds_for("36.73", "36")
