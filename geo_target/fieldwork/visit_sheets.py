"""The sheet of a kelurahan: a row a visit, to fill in and send back; no name, no NIK.

Headers are those of `form_fields.sheet_fields`, by which the sheet is read again.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from geo_target.errors import NotFoundError
from geo_target.fieldwork.carried_visits import NOTHING_TO_CARRY, CarriedVisit, walk
from geo_target.fieldwork.form_fields import (
    POINT_HEADERS,
    FormField,
    Kind,
    choice_lists,
    sheet_fields,
)
from geo_target.fieldwork.paper_text import plain
from geo_target.fieldwork.visit_codes import printed
from geo_target.spreadsheet_cells import harmless

SHEET = "Kunjungan"
_HELP, _LISTS = "Petunjuk", "Pilihan"
#: Columns that say where the family is, after the code; nobody reads them again.
_PLACE = ("RT", "RW", "Lingkungan")
#: Empty rows for families that are not listed.
_NEW_FAMILIES = 10
_EARLIEST = date(2020, 1, 1)
_WIDE, _NARROW = 28, 13
_FLAG_LIST = "yes_no"

_Formats = Mapping[str, Any]


def visit_sheet(
    visits: Iterable[CarriedVisit],
    village_code: str,
    *,
    made: datetime,
    programs: Sequence[str] | None = None,
) -> bytes:
    """XLSX of the visits of one kelurahan.

    Parameters
    ----------
    visits
        Of the plan; those of other villages are left out.
    village_code
        Kemendagri, dots.
    made
        What the file says it was made at, aware of its zone: the same visits give the same bytes.
    programs
        Codes that may be named; all that have not ended where it is None.

    Raises
    ------
    NotFoundError
        ``E-CARRY-NONE``: no visit of the plan is there.
    """
    own = sorted((v for v in visits if v.visit.target.village_code == village_code), key=walk)
    if not own:
        raise NotFoundError(NOTHING_TO_CARRY)
    content = io.BytesIO()
    # Nothing of it lies on a disk, not even for a moment.
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties(
            {"title": "Pemutakhiran data keluarga",
             "created": made.astimezone(UTC).replace(tzinfo=None)}
        )  # fmt: skip
        formats = _formats(book)
        lists = choice_lists(programs)
        page = book.add_worksheet(SHEET)
        _write_help(book, own[0], len(own), [c.id for c in lists["program"]], formats)
        ranges = _write_lists(book, {name: [c.id for c in of] for name, of in lists.items()})
        _write_visits(page, own, ranges, formats)
    return content.getvalue()


def sheet_headers() -> list[str]:
    """Headers of the sheet, in order."""
    return [header for header, _, _ in _columns()]


def _columns() -> list[tuple[str, FormField | None, Kind]]:
    """Header, its field (none: it only says where), and what a cell of it holds."""
    columns: list[tuple[str, FormField | None, Kind]] = []
    for field in sheet_fields():
        if field.kind is Kind.POINT:
            columns += [(header, field, field.kind) for header in POINT_HEADERS]
            continue
        columns.append((field.id, field, field.kind))
        if field.kind is Kind.CODE:
            columns += [(header, None, Kind.GIVEN) for header in _PLACE]
    return columns


def _formats(book: xlsxwriter.Workbook) -> _Formats:
    line = {"border": 1, "border_color": "#BFBFBF", "valign": "top"}
    fill = {**line, "bg_color": "#FFF8E1", "locked": False}
    return {
        "head": book.add_format(
            {**line, "num_format": "@", "bold": True, "text_wrap": True, "bg_color": "#E8EEF2"}
        ),
        "given": book.add_format({**line, "num_format": "@"}),
        "text": book.add_format({**fill, "num_format": "@"}),
        "day": book.add_format({**fill, "num_format": "dd/mm/yyyy"}),
        "number": book.add_format({**fill, "num_format": "General"}),
        "help": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }


def _write_visits(
    page: Any, own: Sequence[CarriedVisit], ranges: Mapping[str, str], formats: _Formats
) -> None:
    columns = _columns()
    last = len(own) + _NEW_FAMILIES
    for at, (header, field, kind) in enumerate(columns):
        page.write_string(0, at, header, formats["head"])
        page.set_column(at, at, _WIDE if kind in {Kind.LONG_TEXT, Kind.CHOICE} else _NARROW)
        _check(page, at, last, field, ranges)
        style = formats[_style(kind)]
        for row, visit in enumerate(own, start=1):
            _write_cell(page, row, at, _prefilled(header, field, visit), style)
        # A family that is not listed has no code, and its place is told as a correction.
        for row in range(len(own) + 1, last + 1):
            page.write_blank(row, at, None, style)
    page.set_row(0, 62)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, last, len(columns) - 1)
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True,
                      "autofilter": True})  # fmt: skip
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _style(kind: Kind) -> str:
    if kind in {Kind.CODE, Kind.GIVEN}:
        return "given"
    return {Kind.DAY: "day", Kind.POINT: "number"}.get(kind, "text")


def _prefilled(header: str, field: FormField | None, one: CarriedVisit) -> str:
    """What stands in a cell before anybody fills it in."""
    if field is None:
        return dict(zip(_PLACE, (one.rt, one.rw, one.neighborhood), strict=True))[header]
    if field.kind is Kind.CODE:
        return printed(one.code)
    return plain(one.visit.officer) if field.name == "officer" else ""


def _write_cell(page: Any, row: int, at: int, said: str, style: Any) -> None:
    if said:
        page.write_string(row, at, harmless(said), style)
    else:
        page.write_blank(row, at, None, style)


def _check(
    page: Any, at: int, last: int, field: FormField | None, ranges: Mapping[str, str]
) -> None:
    """Let the spreadsheet itself refuse what nobody could read."""
    if field is None:
        return
    if field.kind in {Kind.CHOICE, Kind.FLAG}:
        page.data_validation(1, at, last, at, {
            "validate": "list", "source": ranges[field.choices or _FLAG_LIST],
            "error_title": "Pilih dari daftar",
            "error_message": "Pilih salah satu kata di daftar; catatan ditulis di kolom Catatan.",
        })  # fmt: skip
    elif field.kind is Kind.DAY:
        page.data_validation(1, at, last, at, {
            "validate": "date", "criteria": ">=", "value": _EARLIEST,
            "error_title": "Tanggal", "error_message": "Tulis tanggal seperti 31/12/2026.",
        })  # fmt: skip
    elif field.kind is Kind.CHOICES:
        page.data_validation(1, at, last, at, {
            "validate": "any", "input_title": "Program",
            "input_message": "Nama program, dipisah koma; lihat lembar Petunjuk.",
        })  # fmt: skip


def _write_lists(book: xlsxwriter.Workbook, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Words to choose from on a sheet of their own: a drop-down holds 255 letters at most."""
    page = book.add_worksheet(_LISTS)
    ranges = {}
    for at, (name, words) in enumerate(lists.items()):
        page.write_column(0, at, words)
        column = _letters(at)
        ranges[name] = f"={_LISTS}!${column}$1:${column}${len(words)}"
    page.protect()
    page.hide()
    return ranges


def _letters(at: int) -> str:
    return chr(ord("A") + at)


def _write_help(
    book: xlsxwriter.Workbook,
    one: CarriedVisit,
    visits: int,
    programs: Sequence[str],
    formats: _Formats,
) -> None:
    page = book.add_worksheet(_HELP)
    page.set_column(0, 0, 100, formats["help"])
    page.write_string(0, 0, "Pemutakhiran data keluarga", formats["title"])
    lines = (
        f"{one.village_name}, Kecamatan {one.district_name}: {visits} kunjungan.",
        f"Isi kolom kuning di lembar {SHEET}, satu baris satu kunjungan. Hasil wajib dipilih dari "
        "daftar; baris tanpa hasil dianggap belum dikunjungi.",
        "Kode kunjungan sama dengan yang tercetak di lembar petugas. Nama dan NIK sengaja tidak "
        "ada di sini.",
        "Kolom 'Seharusnya: …' diisi hanya bila data di daftar salah.",
        "Keluarga yang belum terdaftar: pakai baris kosong di bawah, pilih hasil 'Keluarga baru, "
        "belum terdaftar', lalu isi kode kelurahan/desa dan nama kepala keluarga.",
        "Bujur dan lintang dalam derajat desimal, misalnya 106,1503 dan -6,1204.",
        f"Program dipisah koma: {', '.join(programs)}.",
        "Jangan tulis NIK atau nomor KK di kolom catatan. Simpan tetap sebagai XLSX.",
    )
    for row, line in enumerate(lines, start=2):
        page.write_string(row, 0, harmless(line), formats["help"])
    page.protect()
