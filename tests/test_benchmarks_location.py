"""The benchmark of points and villages: its points, and that one moved answer is counted."""

import numpy as np
import pandas as pd

from benchmarks.location import differing, moved, thrown
from tests.builders import row_of_villages

VILLAGES = row_of_villages("A", "B")


def test_points_lie_where_they_were_meant_to_but_for_one_in_a_hundred() -> None:
    places, meant = thrown(VILLAGES, 1_000)
    bounds = VILLAGES.bounds.to_numpy()[meant]
    inside = ((places >= bounds[:, :2]) & (places <= bounds[:, 2:])).all(axis=1)
    assert 0.95 < inside.mean() < 1
    assert np.array_equal(thrown(VILLAGES, 1_000)[0], places)


def test_one_moved_answer_is_counted() -> None:
    answers = pd.Series(["A", "A", "B", None], dtype="str")
    assert differing(answers, answers) == 0
    assert differing(moved(answers), answers) == 1
    assert differing(answers.where(answers != "B"), answers) == 1
    assert differing(answers.fillna("A"), answers) == 1
