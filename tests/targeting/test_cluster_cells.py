"""Cells near each other, against every pair of them."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from geo_target.targeting.near_cells import NearCells, Reach, gather

STEPS = st.sampled_from([0.5, 1.0, 1.3, 5.0, 5.2, 8.0, 13.0])


def test_places_are_gathered_into_cells_by_east_and_then_north() -> None:
    places = np.array([[30.0, 5], [-1, 80], [26, 24.9], [30, -0.1]])
    cells, cell_of = gather(places, 25)
    assert cells.tolist() == [[-1, 3], [1, -1], [1, 0]]
    assert cell_of.tolist() == [2, 0, 2, 1]


def test_what_is_near_depends_on_the_reach() -> None:
    cells = np.array([[0, 0], [0, 1], [0, 2], [0, 3], [0, 4]])
    near = NearCells(cells, 2)
    weights = np.array([1, 10, 100, 1_000, 10_000])
    assert near.sums(weights, Reach.WHOLE)[0] == 1  # the next one's diagonal is 2.2 sides
    assert near.sums(weights, Reach.MIDDLE)[0] == 111
    assert near.sums(weights, Reach.TOUCHED)[0] == 1_111
    assert near.sums(np.column_stack([weights, weights * 2]))[0].tolist() == [111, 222]


@pytest.mark.parametrize("reach", Reach)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), steps=STEPS)
def test_sums_are_of_all_cells_that_are_near(reach: Reach, seed: int, steps: float) -> None:
    cells, weights = _some_cells(seed)
    apart = np.maximum(np.abs(cells[:, None] - cells[None]) + reach, 0)
    is_near = (apart**2).sum(axis=2) <= steps**2
    assert NearCells(cells, steps).sums(weights, reach).tolist() == (is_near @ weights).tolist()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), steps=STEPS)
def test_components_are_those_of_all_near_pairs(seed: int, steps: float) -> None:
    cells, weights = _some_cells(seed)
    core = weights > 1
    if not core.any():
        return
    apart = cells[core][:, None] - cells[core][None]
    _, expected = connected_components((apart**2).sum(axis=2) <= steps**2)
    assert NearCells(cells, steps).components(core).tolist() == expected.tolist()


def _some_cells(seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    side = random.integers(5, 60, 2)
    cells, cell_of = gather(random.uniform(-side, side, (random.integers(1, 90), 2)), 1)
    return cells, np.bincount(cell_of)
