"""Cells that a spreadsheet would run are text."""

import pytest

from geo_target.spreadsheet_cells import harmless


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_as_a_formula_is_text(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", ["", "Kemanisan", "a=1", -1, 2.5, None])
def test_any_other_stays_as_it_is(cell: object) -> None:
    assert harmless(cell) == cell
