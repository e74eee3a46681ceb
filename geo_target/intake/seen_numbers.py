"""The NIK and KK of a list as whole numbers: what only a whole column proves is asked of them."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo_target.intake.cell_rules import IDENTITY_COLUMNS, VALUE
from geo_target.workbench import Table

Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]


class SeenNumbers:
    """The usable numbers of each row that is accepted.

    They are kept as the rows come: to make them out of twelve million texts again takes longer
    than all that is asked of them.
    """

    def __init__(self, columns: Collection[str]) -> None:
        """Keep those of `columns` that hold NIK or KK and that the list has."""
        self._rows: list[Rows] = []
        self._numbers: dict[str, list[Numbers]] = {
            name: [] for name in IDENTITY_COLUMNS if name in columns
        }

    def add_plain(self, columns: pa.Table) -> None:
        """The rows of a piece that are not ``doubtful``: each of their numbers is plain."""
        plain = ~columns.column("doubtful").to_numpy()
        self._rows.append(columns.column("row").to_numpy()[plain])
        for name, numbers in self._numbers.items():
            if name + VALUE in columns.column_names:
                numbers.append(columns.column(name + VALUE).to_numpy()[plain])

    def add_judged(self, accepted: Table) -> None:
        """Rows that were doubtful: only usable numbers are left in them."""
        there = [name for name in self._numbers if name in accepted.columns]
        cast = "".join(f", coalesce(cast({c} as ubigint), 0) as {c}" for c in there)
        found = accepted.bench.arrays(f"select row{cast} from {accepted.name}")
        self._rows.append(found["row"])
        for name in there:
            self._numbers[name].append(found[name])

    def leave_out(self, rows: Table) -> None:
        """Forget rows that are accepted no more."""
        gone = rows.bench.arrays(f"select row from {rows.name}")["row"]
        left = ~np.isin(self.rows(), gone)
        self._rows = [self.rows()[left]]
        self._numbers = {name: [seen[left]] for name, seen in self.columns().items()}

    def rows(self) -> Rows:
        """Number of each row."""
        self._rows = [np.concatenate(self._rows)] if self._rows else [np.array([], "int64")]
        return self._rows[0]

    def columns(self) -> dict[str, Numbers]:
        """The numbers of each column that the list has, 0 where there is none; as `rows`."""
        self._numbers = {n: [np.concatenate(seen)] for n, seen in self._numbers.items() if seen}
        return {name: seen[0] for name, seen in self._numbers.items()}
