"""The rows of a list below its header, piece after piece."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake.columns import cell_text, raw_table
from geo_target.intake.faults import refused
from geo_target.intake.note_rows import numbers_columns, repeats_header
from geo_target.intake.profiles import Profile
from geo_target.intake.readers import Body, Grid

#: Headers of a file to mend (see repair.py): where each of its rows came from.
ORIGIN = {"origin_file": "geo-target: berkas", "origin_row": "geo-target: baris"}


class ListRows:
    """The rows of an open list, and once they were read what was left out of them.

    `count` are the rows that came, `blank` those that hold nothing; `ragged` names rows
    whose number of cells is wrong, `unread` cells that have no value: row number, position
    of the column, code.
    """

    def __init__(
        self,
        file: Path,
        grid: Grid,
        positions: Mapping[str, int],
        headers: Sequence[str],
        *,
        header: int,
        profile: Profile,
    ) -> None:
        """Take the columns at `positions` of the rows below row `header`.

        A layout may say that data start further down.
        """
        self._file, self._grid = file, grid
        self._positions, self._headers = positions, headers
        self._above = max(header, (profile.first_row or 0) - 1)
        below = [(number, cells) for number, cells in grid.head if number > self._above][:1]
        texts = {number: [cell_text(cell) or "" for cell in cells] for number, cells in below}
        self._numbering = next((n for n, row in texts.items() if numbers_columns(row)), None)
        self._spelled = {name: headers[at] for name, at in positions.items()}
        # Nobody may have decided anything yet; of families there is no empty list.
        self._may_be_empty = profile.role == "decisions"
        self._begin()

    def pieces(self) -> Iterator[pa.Table]:
        """Every row, from the first on, as `columns.raw_table` gives it.

        Raises
        ------
        DataRefusedError
            ``E-NOROWS`` if there is none, ``E-PARQUET`` if a column holds no text or
            numbers, and what the reader refuses.
        """
        self._begin()
        for body in self._grid.pieces(self._above, len(self._headers)):
            self._count(body)
            yield self._raw(body)
        if not self.count and not self.ragged and not self._may_be_empty:
            raise self._no_rows()

    def _begin(self) -> None:
        self.count = self.blank = 0
        self.ragged: list[int] = []
        self.unread: list[tuple[int, int, str]] = []
        self.notices: list[Fault] = []

    def _count(self, body: Body) -> None:
        self.count += len(body.numbers)
        self.blank += body.blank
        self.ragged += body.ragged
        self.unread += body.unread
        self.notices += body.notices

    def _raw(self, body: Body) -> pa.Table:
        """The columns that are read, as text; ``is_numbering`` of rows that only name them."""
        try:
            raw = raw_table(body, self._positions, self._headers)
        except pa.ArrowException:
            raise refused(
                self._file,
                "E-PARQUET",
                "sebuah kolom tidak berisi teks atau bilangan; simpan semua kolom sebagai teks",
                "a column holds neither text nor numbers; save all columns as text",
            ) from None
        notes = repeats_header(raw, self._spelled)
        if self._numbering in body.numbers[:1]:
            notes[0] = True
        if notes.any():
            raw = raw.append_column("is_numbering", pa.array(notes))
        return _without_apostrophes(raw) if set(ORIGIN) <= set(self._positions) else raw

    def _no_rows(self) -> DataRefusedError:
        return DataRefusedError(
            Fault(
                "E-NOROWS",
                id="hanya ada baris judul, tidak ada data; periksa berkasnya",
                en="there is a header row only, no data; look at the file",
                file=self._file.name,
                sheet=self._grid.sheet,
            )
        )


def _without_apostrophes(raw: pa.Table) -> pa.Table:
    """Cells of a mended file without the sign that kept them from being a formula or a number."""
    for i, name in enumerate(raw.column_names):
        if pa.types.is_string(raw.schema.field(i).type):
            bare = pc.replace_substring_regex(
                raw.column(i), pattern="^'([=+@-]|[.,]?[0-9])", replacement="\\1"
            )
            raw = raw.set_column(i, name, bare)
    return raw
