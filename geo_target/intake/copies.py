"""Rows that are in a list twice, found without holding the list in memory."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo_target.intake.cell_rules import UNREAD
from geo_target.workbench import Table, Workbench

Hashes = npt.NDArray[np.uint64]


class RowHashes:
    """A hash of each row of a list.

    Rows are copies when every cell of the file is equal but a running number. Hashes tell
    only which rows may be: those are read again, and compared cell by cell.
    """

    def __init__(self) -> None:
        self._hashes: list[Hashes] = []

    def add(self, rows: Table) -> None:
        """Take the rows of a piece in."""
        self._hashes.append(_hashes_of(rows))

    def copies(self, bench: Workbench, pieces: Callable[[], Iterator[pa.Table]]) -> Table:
        """``row`` of each copy of a row before it.

        Parameters
        ----------
        pieces
            Gives the list once more.
        """
        twice = _twice(np.concatenate(self._hashes))
        found = None
        if len(twice):
            for raw in pieces():
                with bench.showing(raw) as rows:
                    hashes = _hashes_of(rows)
                candidates = raw.filter(pa.array(np.isin(hashes, twice)))
                with bench.showing(candidates) as rows:
                    keys = ", ".join(f'"{column}"' for column in _compared(rows))
                    found = bench.add(found, f"select row, {keys} from rows", rows=rows)
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


def _compared(rows: Table) -> list[str]:
    """What tells rows apart, in an order that every piece has."""
    return sorted(
        column for column in rows.columns
        if (column not in {"row", "is_total"} and not column.endswith("__number"))
        or column.startswith(UNREAD)
    )  # fmt: skip


def _hashes_of(rows: Table) -> Hashes:
    """In the order of the rows."""
    keys = ", ".join(f'"{column}"' for column in _compared(rows))
    found: Hashes = rows.bench.arrays(f"select hash({keys}) as h from {rows.name}")["h"]
    return found


def _twice(hashes: Hashes) -> Hashes:
    ordered = np.sort(hashes)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
