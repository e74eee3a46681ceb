"""The sheet of a kelurahan that came back filled in, and its like written anew."""

import io
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from geo_target.errors import Fault
from geo_target.fieldwork import answer_faults
from geo_target.fieldwork.answer_cells import PERSON_NUMBERS
from geo_target.fieldwork.answer_faults import Place
from geo_target.fieldwork.answer_rows import raw_of
from geo_target.fieldwork.form_fields import (
    POINT_HEADERS,
    FormField,
    Kind,
    form_fields,
    sheet_fields,
)
from geo_target.fieldwork.outcome_codes import codes, housing, plain
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_walls import broken, check_workbook, locked
from geo_target.long_numbers import mask_numbers

SOURCE = "xlsx"
#: Titles may stand above the header.
_HEADER_ROWS = 20
#: Names ids of answers: the same sheet sent again gives the same ones.
_NAMESPACE = uuid.UUID("5b8f7d1e-3c55-4f0a-9a52-6d1f0c2b7e44")
_POINT = dict(zip(POINT_HEADERS, ("lon", "lat", "accuracy_m"), strict=True))
#: What stands in a row before anybody has been there.
_PRINTED = frozenset({"submission_id", "visit_code", "officer", "visited_on"})
#: Columns of other systems' sheets that say the same.
_OTHER_HEADERS = {"hasil_verivali": "outcome", "hasil kunjungan": "outcome",
                  "hasil verval": "outcome", "kelayakan": "verdict", "bujur": "lon",
                  "lintang": "lat", "akurasi": "accuracy_m",
                  "tgl kunjungan": "visited_on"}  # fmt: skip
_SPOILED = tuple(f"corrected_{name}" for name in sorted(PERSON_NUMBERS))


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet: its cells by name of `answers.read_answer`, and faults of their types."""

    place: Place
    raw: Mapping[str, str]
    faults: Sequence[Fault]


def is_answered(raw: Mapping[str, str], faults: Sequence[Fault]) -> bool:
    """Whether anybody has filled a row in; its visit, officer and day may have been printed."""
    return bool(set(raw) - _PRINTED or faults)


def read_sheets(content: bytes, place: Place) -> Sequence[SheetRow]:
    """Rows of all visible sheets that have a header of ours, with a visit code or an answer.

    Raises
    ------
    DataRefusedError
        As `return_walls.check_workbook`; ``E-RETURN-KIND`` if no sheet has the header.
    """
    check_workbook(content, place)
    found = [_header_of(rows, name) for name, rows in _sheets(content, place)]
    headed = [one for one in found if one is not None]
    if not headed:
        raise place.refused(
            "E-RETURN-KIND",
            "tidak ada lembar dengan kolom 'Kode kunjungan' dan 'Hasil kunjungan'; unggah lembar "
            "kelurahan yang dibuat di sini",
            "no sheet has the columns 'Kode kunjungan' and 'Hasil kunjungan'; upload the sheet "
            "of a kelurahan that was made here",
        )
    return [row for table in headed for row in table.rows(place.file)]


def write_return_sheet(outcomes: Sequence[Outcome], *, sheet: str = "Kunjungan") -> bytes:
    """A filled-in sheet with these answers; a point is two numbers, everything else text."""
    import xlsxwriter  # noqa: PLC0415  # a page that reads does not write

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        columns = [column for field in sheet_fields() for column in _columns(field)]
        for at, (header, _) in enumerate(columns):
            page.write_string(0, at, header)
        for row, outcome in enumerate(outcomes, start=1):
            cells = _spoken(raw_of(outcome))
            for at, (_, name) in enumerate(columns):
                if not (said := cells.get(name, "")):
                    continue
                if name in _POINT.values():
                    page.write_number(row, at, float(said))
                else:
                    page.write_string(row, at, said)
    return out.getvalue()


@dataclass(frozen=True)
class _Table:
    sheet: str
    names: Sequence[str]
    header_row: int
    cells: Sequence[Sequence[Any]]

    def rows(self, file: str) -> Iterator[SheetRow]:
        for number, cells in enumerate(self.cells, start=self.header_row + 1):
            row = _row(self.names, cells, Place(file, self.sheet, number))
            if row.raw or row.faults:
                yield row


def _sheets(content: bytes, place: Place) -> Iterator[tuple[str, Sequence[Sequence[Any]]]]:
    import python_calamine as calamine  # noqa: PLC0415

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for about in book.sheets_metadata:
            is_shown = about.visible == calamine.SheetVisibleEnum.Visible
            if is_shown and about.typ == calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                yield about.name, sheet.to_python(skip_empty_area=False)
    except calamine.PasswordError:
        raise locked(place) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise broken(place) from None


def _header_of(rows: Sequence[Sequence[Any]], sheet: str) -> _Table | None:
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        names = [_names().get(plain(str(cell)), "") for cell in row]
        if {"visit_code", "outcome"} <= set(names):
            return _Table(sheet, names, at + 1, rows[at + 1 :])
    return None


def _row(names: Sequence[str], cells: Sequence[Any], place: Place) -> SheetRow:
    raw: dict[str, str] = {}
    wrong = []
    for name, cell in zip(names, cells, strict=False):
        said = _text(cell)
        if not name or not said or name in raw:
            continue
        if name in _SPOILED and not isinstance(cell, str):
            # A spreadsheet keeps 15 digits of a number: the last one is gone.
            column = form_fields()[name].id
            wrong.append(answer_faults.number(place, column, said, is_spoiled=True))
        else:
            raw[name] = said
    if raw:
        raw["submission_id"] = _id_of(raw)
    return SheetRow(place, raw, wrong)


def _id_of(raw: Mapping[str, str]) -> str:
    # Numbers of persons are masked: an id made of them could be guessed back.
    content = json.dumps({name: mask_numbers(said) for name, said in raw.items()}, sort_keys=True)
    return str(uuid.uuid5(_NAMESPACE, content))


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days without a time."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == datetime.min.time() else cell).isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


@cache
def _names() -> Mapping[str, str]:
    """What a column is, by its header as it is looked up."""
    found = {plain(header): name for header, name in _OTHER_HEADERS.items()}
    for field in form_fields().values():
        for said in (field.name, field.en):
            found.setdefault(plain(said), field.name)
    for field in sheet_fields():
        found.update((plain(header), name) for header, name in _columns(field))
    return found


def _columns(field: FormField) -> Iterator[tuple[str, str]]:
    """Headers of a field in the sheet, and what each column holds."""
    if field.kind is Kind.POINT:
        yield from _POINT.items()
    else:
        yield field.id, field.name


def _spoken(raw: dict[str, str]) -> dict[str, str]:
    """Cells in the words of the sheet's lists, which are Indonesian."""
    said = dict(raw)
    said["outcome"] = codes()[raw["outcome"]].id
    if "programs" in raw:
        said["programs"] = ", ".join(raw["programs"].split())
    for name, question in housing().items():
        if word := raw.get(f"house_{name}"):
            said[f"house_{name}"] = question.choice_names.get(word, word)
    flags = {"yes": "Ya", "no": "Tidak"}
    return said | {n: flags[s] for n, s in said.items() if n.startswith("sign_")}
