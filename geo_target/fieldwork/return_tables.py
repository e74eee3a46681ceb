"""CSV files that came back: their rows with the lines they stand on, whole or refused."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geo_target.errors import DataRefusedError, Fault
from geo_target.fieldwork.answer_faults import Place
from geo_target.fieldwork.return_walls import check_parts
from geo_target.spreadsheet_cells import harmless

#: 50,000 answers with all columns of Kobo have 6 million.
_MOST_CELLS = 10_000_000
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Row:
    """Cells of a row by column, and its line: the first line of the file is 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True)
class TextTable:
    """A CSV: its header, and rows that have as many cells; those that have not are faults."""

    header: Sequence[str]
    rows: Sequence[Row]
    faults: Sequence[Fault]


def decoded(content: bytes, place: Place) -> str:
    """Text of a file in UTF-8, as ODK and Kobo write theirs.

    Raises
    ------
    DataRefusedError
        ``E-RETURN-TEXT``.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise place.refused(
            "E-RETURN-TEXT",
            "berkas bukan teks UTF-8; unggah berkas asli dari ODK atau Kobo, jangan simpan ulang "
            "dengan Excel",
            "the file is not text in UTF-8; upload the file as ODK or Kobo wrote it, do not save "
            "it again with Excel",
        ) from None


def read_table(text: str, *, delimiter: str, place: Place) -> TextTable:
    """Read a CSV that a server has written.

    Raises
    ------
    DataRefusedError
        ``E-RETURN-CUT`` if it ends in the middle of a row: half an upload is none; ``E-SIZE``
        if it has more cells than answers could have.
    """
    if not text.endswith("\n"):
        raise cut(place)
    check_parts(text, delimiter + "\n", _MOST_CELLS, place)
    try:
        lines = list(_lines(text, delimiter))
    except csv.Error:
        raise cut(place) from None
    header, width = lines[0].cells, len(lines[0].cells)
    rows, faults = [], []
    for line in lines[1:]:
        if len(line.cells) == width:
            rows.append(line)
        else:
            faults.append(_ragged(replace(place, row=line.number), len(line.cells), width))
    return TextTable(header, rows, faults)


def cut(place: Place) -> DataRefusedError:
    """The refusal of a file of which a part is missing."""
    return place.refused(
        "E-RETURN-CUT",
        "berkas terpotong, mungkin unduhan atau unggahan berhenti di tengah; tidak ada yang "
        "disimpan; unduh ulang lalu unggah lagi",
        "the file is cut off, perhaps a download or upload stopped halfway; nothing of it is "
        "kept; download it again and upload it once more",
    )


def written(header: Sequence[str], rows: Sequence[Sequence[str]], *, ending: str = "\n",
            delimiter: str = ",", is_quoted: bool = False) -> bytes:  # fmt: skip
    """A CSV in UTF-8."""
    out = io.StringIO(newline="")
    if is_quoted:
        writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    else:
        writer = csv.writer(out, delimiter=delimiter, lineterminator=ending)
    writer.writerow(header)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def filled(names: Sequence[str], row: Row) -> dict[str, str]:
    """Cells that hold something, by name; of two columns of a name the first that does."""
    found: dict[str, str] = {}
    for name, cell in zip(names, row.cells, strict=True):
        if cell and name and name not in found:
            found[name] = cell
    return found


def renamed(header: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """What each column is, empty where it is nothing that is read."""
    return [names.get(column.strip(), "") for column in header]


def _lines(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last = 0
    for cells in reader:
        if cells:
            yield Row(last + 1, cells)
        last = reader.line_num


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet runs; south of the equator a degree begins with a minus."""
    return cell if _DECIMAL.fullmatch(cell) else harmless(cell)


def _ragged(place: Place, found: int, width: int) -> Fault:
    return place.fault(
        "E-RETURN-RAGGED",
        f"baris punya {found} kolom, kepalanya {width}; baris dikesampingkan; unduh ulang berkas",
        f"the row has {found} cells, the header {width}; the row is set aside; download the "
        "file again",
    )
