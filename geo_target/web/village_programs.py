"""What each program is to the families of one village, and how old what is known of them is."""

from dataclasses import dataclass

from geo_target.web.figures import Figure, Record, count_of
from geo_target.web.reach import ENROLLED, LISTED, UNCOVERED, Cell, cell_of, view_of


@dataclass(frozen=True)
class ProgramRow:
    """A program of which a list came: families on it, and eligible ones who are not."""

    code: str
    name: str
    enrolled: Cell
    missed: Cell
    lacks: str
    """``not_current`` or ``not_judged``: why a count is missing, see `reach.Column`."""


@dataclass(frozen=True)
class Evidence:
    """Families by what is known of them; `oldest_on` and `newest_on` are of the whole area."""

    stale: Figure
    verified: Figure
    listed: Figure
    is_stale: bool | None
    oldest_on: str | None
    newest_on: str | None


def program_rows(told: Record | None, record: Record) -> list[ProgramRow]:
    """Programs that a list carries, in the order of the catalogue; none of older runs.

    Parameters
    ----------
    told
        What coverage.json says.
    record
        A row of `indicators.told_villages`.
    """
    if told is None:
        return []
    views = [view_of(told, {"ukuran": state}) for state in (ENROLLED, UNCOVERED)]
    columns = [[one for one in view.columns if one.program] if view else [] for view in views]
    return [
        ProgramRow(str(on.program), on.title, cell_of(record, on), cell_of(record, off), off.lacks)
        for on, off in zip(*columns, strict=True)
    ]


def evidence_of(told: Record | None, record: Record) -> Evidence | None:
    """How old the evidence is; None of older runs."""
    if told is None:
        return None
    stale, verified, listed = (count_of(record, name) for name in ("stale", "verified", LISTED))
    ages = told["evidence"]
    return Evidence(
        stale,
        verified,
        listed,
        record.get("is_stale"),
        ages.get("oldest_on"),
        ages.get("newest_on"),
    )
