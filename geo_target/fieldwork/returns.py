"""A file of answers that came back: its kind is told by what is in it, not by its name."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from geo_target.errors import DataRefusedError, Fault
from geo_target.fieldwork import answer_cells, kobo_csv, kobo_json, odk_csv, return_sheets
from geo_target.fieldwork.answer_doubts import VillageOf
from geo_target.fieldwork.answer_faults import Place
from geo_target.fieldwork.answer_reading import Surroundings
from geo_target.fieldwork.answers import Answer, answer_of
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_tables import decoded, filled, read_table
from geo_target.fieldwork.return_walls import locked, names_of, parts_of

Kind = Literal["odk-csv", "kobo-csv", "kobo-json", "sheet"]

#: Bytes of a file; 50,000 answers of ODK have about 20 million.
LARGEST = 60_000_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = (",", ";", "\t")
_SERVERS = {"odk-csv": odk_csv, "kobo-csv": kobo_csv}


@dataclass(frozen=True)
class Returns:
    """What a file brought.

    Every row is somewhere: ``rows == len(outcomes) + refused + unanswered``.

    Attributes
    ----------
    outcomes
        In the order of the file; the same answer may be there twice.
    places
        Where each of them stands.
    faults
        What could not be read, with its row; of a row without an outcome among them the first
        says why there is none.
    rows
        Rows that hold anything, besides the header.
    refused
        Rows of which nothing could be kept.
    unanswered
        Rows of a sheet that nobody has filled in yet.
    """

    kind: Kind
    outcomes: Sequence[Outcome]
    places: Sequence[Place]
    faults: Sequence[Fault]
    rows: int
    refused: int
    unanswered: int = 0


#: A row as it comes from a reader: where it stands, its cells, faults of it so far; None for
#: cells that could not even be parted.
_Row = tuple[Place, Mapping[str, str] | None, Sequence[Fault]]


def read_returns(
    source: bytes | Path,
    *,
    name: str,
    received_at: datetime,
    villages: Mapping[str, str] | None = None,
    village_of: VillageOf | None = None,
) -> Returns:
    """Read answers out of a file of ODK Central (CSV, or the zip of it), Kobo or a kelurahan.

    Parameters
    ----------
    source
        What is in the file, or where it is.
    name
        What messages call it.
    received_at, villages, village_of
        See `answers.read_answer`.

    Raises
    ------
    DataRefusedError
        ``E-EMPTY``, ``E-SIZE``, ``E-LOCKED``, ``E-WORKBOOK``, ``E-RETURN-TEXT``,
        ``E-RETURN-KIND`` for a file that is none of these, ``E-RETURN-CUT`` for half of one:
        then nothing of it is taken.
    """
    place = Place(name)
    content = _content(source, place)
    kind, rows, extra = _opened(content, place)
    around = Surroundings(
        received_at, villages or {}, village_of, lru_cache(4096)(answer_cells.program_codes)
    )
    return _gathered(kind, rows, extra, around)


def _gathered(
    kind: Kind, rows: Iterable[_Row], extra: Sequence[Fault], around: Surroundings
) -> Returns:
    source = {"sheet": return_sheets.SOURCE, "odk-csv": odk_csv.SOURCE}.get(kind, kobo_csv.SOURCE)
    outcomes: list[Outcome] = []
    places: list[Place] = []
    faults = list(extra)
    count = unanswered = 0
    for place, raw, wrong in rows:
        count += 1
        if kind == "sheet" and raw is not None and not return_sheets.is_answered(raw, wrong):
            unanswered += 1
            continue
        answer = Answer(None)
        if raw is not None:
            answer = answer_of(raw, source=source, around=around, place=place)
        faults += [*answer.faults, *wrong]
        if answer.outcome is not None:
            outcomes.append(answer.outcome)
            places.append(place)
    refused = count - unanswered - len(outcomes)
    return Returns(kind, outcomes, places, faults, count, refused, unanswered)


def _content(source: bytes | Path, place: Place) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > LARGEST:
        raise place.refused(
            "E-SIZE",
            f"berkas lebih dari {LARGEST // 1_000_000} MB; bagi menjadi beberapa berkas",
            f"the file has more than {LARGEST // 1_000_000} MB; split it into several files",
        )
    content = source if isinstance(source, bytes) else source.read_bytes()
    if not content.strip():
        raise place.refused(
            "E-EMPTY", "berkas kosong; unduh ulang", "the file is empty; download it again"
        )
    return content


def _opened(content: bytes, place: Place) -> tuple[Kind, Iterable[_Row], Sequence[Fault]]:
    if content.startswith(_OLD_EXCEL):
        raise locked(place)
    if content.startswith(_ZIP):
        return _unzipped(content, place)
    text = decoded(content, place)
    if text.lstrip().startswith(("{", "[")):
        found, has_more = kobo_json.submissions(text, place)
        return "kobo-json", _json_rows(found, place), [_more_pages(place)] * has_more
    return _table(text, place)


def _unzipped(content: bytes, place: Place) -> tuple[Kind, Iterable[_Row], Sequence[Fault]]:
    """A workbook, or the zip of Central, which has the tables of repeats beside the answers."""
    if "xl/workbook.xml" in names_of(content, place):
        rows = return_sheets.read_sheets(content, place)
        return "sheet", ((row.place, row.raw, row.faults) for row in rows), []
    for name, part in parts_of(content, place, ending=".csv"):
        text = decoded(part, replace(place, sheet=name))
        if _kind_of(text) is not None:
            return _table(text, replace(place, sheet=name))
    raise _unknown(place)


def _table(text: str, place: Place) -> tuple[Kind, Iterable[_Row], Sequence[Fault]]:
    known = _kind_of(text)
    if known is None:
        raise _unknown(place)
    kind, delimiter = known
    table = read_table(text, delimiter=delimiter, place=place)
    names = _SERVERS[kind].columns_of(table.header)
    read = _SERVERS[kind].raw_answer
    rows = [(replace(place, row=row.number), read(filled(names, row)), ()) for row in table.rows
            if not _is_of_tags(row.cells)]  # fmt: skip
    ragged = [(replace(place, row=fault.row), None, (fault,)) for fault in table.faults]
    return kind, [*rows, *ragged], []


def _kind_of(text: str) -> tuple[Literal["odk-csv", "kobo-csv"], str] | None:
    """Whose table it is and what parts its cells, told from its header."""
    for delimiter in _DELIMITERS:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        if odk_csv.is_header(header):
            return "odk-csv", delimiter
        if kobo_csv.is_header(header):
            return "kobo-csv", delimiter
    return None


def _is_of_tags(cells: Sequence[str]) -> bool:
    """Whether it is Kobo's second header, of HXL tags."""
    said = [cell for cell in cells if cell]
    return bool(said) and all(cell.startswith("#") for cell in said)


def _json_rows(found: Sequence[Mapping[str, object]], place: Place) -> Iterator[_Row]:
    for number, submission in enumerate(found, start=1):
        yield replace(place, row=number), kobo_json.raw_answer(submission), ()


def _more_pages(place: Place) -> Fault:
    return place.fault(
        "W-RETURN-PAGES",
        "ini satu halaman dari beberapa; unduh dan unggah juga halaman berikutnya",
        "this is one page of several; download and upload the next ones, too",
    )


def _unknown(place: Place) -> DataRefusedError:
    return place.refused(
        "E-RETURN-KIND",
        "berkas tidak dikenal: perlu CSV dari ODK Central (kolom SubmissionDate dan KEY), CSV atau "
        "JSON dari Kobo (kolom _uuid dan _submission_time; pilih 'XML values and headers'), atau "
        "lembar kelurahan (.xlsx)",
        "the file is not known: it takes a CSV of ODK Central (columns SubmissionDate and KEY), a "
        "CSV or JSON of Kobo (columns _uuid and _submission_time; choose 'XML values and "
        "headers'), or the sheet of a kelurahan (.xlsx)",
    )
