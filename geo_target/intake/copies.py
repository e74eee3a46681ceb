"""Rows that are in a list twice, found without holding the list in memory."""

from collections.abc import Callable, Collection, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo_target.intake.ahead import ahead
from geo_target.intake.cell_rules import UNREAD
from geo_target.workbench import Table, Workbench

Hashes = npt.NDArray[np.uint64]
Pieces = Callable[[], Iterator[pa.Table]]

#: Columns that tell nearly all rows of a list apart; to look at all of them takes three times as
#: long.
_TELLING = {"family_id", "person_id", "national_id", "head_national_id", "family_card_number",
            "name", "head_name", "program", "period", "valid_from"}  # fmt: skip
#: So many rows that may be copies are compared at once; of more all columns are asked first.
_MOST_COMPARED = 100_000


class RowHashes:
    """A hash of what tells each row of a list.

    Rows are copies when every cell of the file is equal but a running number. Hashes tell
    only which rows may be: those are read again, and compared cell by cell.
    """

    def __init__(self) -> None:
        self._hashes: list[Hashes] = []

    def add(self, raw: pa.Table, bench: Workbench) -> None:
        """Take the rows of a piece in."""
        compared = _compared(raw.column_names)
        telling = [name for name in compared if name in _TELLING]
        self._hashes.append(_hashes_of(raw, telling or compared, bench))

    def copies(self, bench: Workbench, pieces: Pieces) -> Table:
        """``row`` of each copy of a row before it.

        Parameters
        ----------
        pieces
            Gives the list once more.
        """
        may_be = _twice(np.concatenate(self._hashes))
        if int(may_be.sum()) > _MOST_COMPARED:
            whole = [_hashes_of(raw, _compared(raw.column_names), bench) for raw in ahead(pieces())]
            may_be &= _twice(np.concatenate(whole))
        found = _rows(bench, pieces, may_be) if may_be.any() else None
        if found is None:
            return bench.take_rows({"row": "bigint"}, [])
        keys = ", ".join(f'"{c}"' for c in found.columns if c != "row")
        copies = bench.query(
            f"""select row from (select row,
                    row_number() over (partition by {keys} order by row) as number from found)
                where number > 1""",
            found=found,
        )
        bench.drop(found)
        return copies


def _rows(bench: Workbench, pieces: Pieces, wanted: npt.NDArray[np.bool_]) -> Table | None:
    """All that tells rows apart, of the wanted ones of a list that is read once more."""
    found, before = None, 0
    for raw in ahead(pieces()):
        here = wanted[before : before + len(raw)]  # a file that grew is refused at its end
        before += len(raw)
        hit = raw.slice(0, len(here)).filter(pa.array(here))
        if len(hit):
            with bench.showing(hit.select(["row", *_compared(raw.column_names)])) as rows:
                found = bench.add(found, "from rows", rows=rows)
    return found


def _compared(columns: Collection[str]) -> list[str]:
    """What tells rows apart, in an order that every piece has."""
    return sorted(
        column for column in columns
        if (column not in {"row", "is_total", "is_numbering"} and not column.endswith("__number"))
        or column.startswith(UNREAD)
    )  # fmt: skip


def _hashes_of(raw: pa.Table, columns: Collection[str], bench: Workbench) -> Hashes:
    """In the order of the rows."""
    keys = ", ".join(f'"{column}"' for column in columns)
    with bench.showing(raw.select(list(columns))) as rows:
        found: Hashes = bench.arrays(f"select hash({keys}) as h from {rows.name}")["h"]
    return found


def _twice(hashes: Hashes) -> npt.NDArray[np.bool_]:
    """Whether each stands there more than once."""
    ordered = np.sort(hashes)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.isin(hashes, again) if len(again) else np.zeros(len(hashes), bool)
