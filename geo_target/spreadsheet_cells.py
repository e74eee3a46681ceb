"""Cells that a spreadsheet shows as they are."""

from typing import TypeVar

Cell = TypeVar("Cell")

#: A spreadsheet runs a cell of a CSV that begins so as a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Cell) -> Cell | str:
    """A cell of a CSV that no spreadsheet runs as a formula; what is no text stays as it is."""
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS)
    return f"'{cell}" if is_formula else cell
