"""The benchmark of outcomes counts what is on the disk, and times from when a post was due."""

from argparse import Namespace

import pytest

from benchmarks.outcome_posts import PARTS, Measured, goals

GIVEN = Namespace(seconds=1, outcomes=60)


@pytest.mark.parametrize(
    ("part", "told"),
    [("take", [(50, 50)]), ("import", [(60, 60), (60, 0)])],
)
def test_all_that_was_sent_is_kept_once(part: str, told: list[tuple[int, int]]) -> None:
    rows = PARTS[part](GIVEN)
    assert [(row.sent, row.kept) for row in rows] == told
    assert all(row.seconds > 0 for row in rows)


def test_cells_of_a_row() -> None:
    waits = [number / 1000 for number in range(1, 101)]
    row = Measured("posts", 100, 100, 2.0, 0.5, waits).cells()
    assert row == ("posts", 100, 100, 2.0, 51, 96, 100, 0.5)
    assert Measured("file", 9, 9, 1.0, 0.5).cells() == ("file", 9, 9, 1.0, None, None, None, 0.5)


def test_goals_are_met_or_missed() -> None:
    rows = [
        Measured("posts", 100, 99, 2.0, 0.5, [0.299] * 100),
        Measured("slow", 100, 100, 2.0, 0.5, [0.3] * 100),
        Measured("file", 9, 9, 20.0, 0.5),
        Measured("again", 9, 0, 99.0, 0.5),
    ]
    assert [row[-1] for row in goals(rows).rows] == [
        "met", "**missed**", "**missed**", "met", "**missed**",
    ]  # fmt: skip
