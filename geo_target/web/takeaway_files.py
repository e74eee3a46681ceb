"""Files to take away: CSV for programs, XLSX for people, GeoJSON for maps."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from geo_target.spreadsheet_cells import harmless
from geo_target.web.takeaway_tables import Column, Kind, Table

#: The last column of every row, so that a row that is copied elsewhere still says it.
SOURCE = "source"
_FORMATS = {Kind.COUNT: "#,##0", Kind.SHARE: "0.0%", Kind.NUMBER: "#,##0.0##"}
_WIDEST, _NARROWEST = 40, 9
_TITLE_ROWS = 1


@dataclass(frozen=True)
class Origin:
    """What a file says of itself: a line for every row, and facts with their names."""

    line: str
    facts: Sequence[tuple[str, str]]


def to_csv(table: Table, origin: Origin) -> bytes:
    """Commas, decimal points, UTF-8 with BOM, CRLF; headers are the snapshot's column names."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(one.name for one in table.columns), SOURCE])
    for row in table.rows:
        writer.writerow([*map(harmless, row), harmless(origin.line)])
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(table: Table, origin: Origin, *, words: Mapping[str, str]) -> bytes:
    """A sheet of the table, one of its columns, one of what it rests on.

    Text cells are text, so that a code keeps its digits and nothing runs as a formula; every
    printed page says whence it is.

    Parameters
    ----------
    words
        Names of the sheets and of the dictionary's columns: ``columns``, ``about``, ``name``,
        ``title``, ``unit``, ``source``.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": str(table.title), "comments": origin.line})
        _write_rows(book, table, origin, words)
        _write_pairs(
            book, words["columns"], [words["name"], words["title"], words["unit"]],
            [(one.name, str(one.title), str(one.unit)) for one in table.columns],
        )  # fmt: skip
        _write_pairs(book, words["about"], [], origin.facts)
    return content.getvalue()


def to_geojson(table: Table, shapes: Mapping[str, Any], key: str, origin: Origin) -> bytes:
    """Features of a layer with the table's cells as properties.

    Parameters
    ----------
    shapes
        The GeoJSON layer as the map draws it, longitude before latitude (RFC 7946).
    key
        The property and the column by which both are joined; a shape without a row is left out.
    """
    names = [one.name for one in table.columns]
    place = names.index(key)
    rows = {row[place]: dict(zip(names, row, strict=True)) for row in table.rows}
    features = [
        {"type": "Feature", "geometry": shape["geometry"],
         "properties": {**rows[shape["properties"][key]], SOURCE: origin.line}}
        for shape in shapes["features"] if shape["properties"].get(key) in rows
    ]  # fmt: skip
    content = {"type": "FeatureCollection", "features": features}
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def _write_rows(
    book: xlsxwriter.Workbook, table: Table, origin: Origin, words: Mapping[str, str]
) -> None:
    sheet = book.add_worksheet(str(table.title)[:31].replace("/", "-"))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    styles = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
    styles[Kind.TEXT] = book.add_format({"num_format": "@"})
    titles = [*(str(one.title) for one in table.columns), words["source"]]
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, head)
    for number, row in enumerate(table.rows, start=_TITLE_ROWS):
        for place, (one, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(sheet, number, place, value, styles[one.kind])
        sheet.write_string(number, len(row), origin.line, styles[Kind.TEXT])
    for place, one in enumerate(table.columns):
        sheet.set_column(place, place, _width(one, table.rows, place))
    sheet.set_column(len(table.columns), len(table.columns), _WIDEST)
    sheet.freeze_panes(_TITLE_ROWS, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(titles) - 1)
    _print_well(sheet, origin)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, value: Any, style: Any
) -> None:
    if value is None:
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, place, value, style)
    else:
        sheet.write_string(row, place, str(value), style)


def _width(column: Column, rows: Sequence[Sequence[Any]], place: int) -> int:
    """As wide as its longest text; of numbers, as its title in two lines."""
    if column.kind is not Kind.TEXT:
        return max(_NARROWEST, min(_WIDEST, len(str(column.title)) // 2 + 2))
    longest = max((len(str(row[place] or "")) for row in rows), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2))


def _write_pairs(
    book: xlsxwriter.Workbook, name: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    sheet = book.add_worksheet(name)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for number, row in enumerate([*([head] if head else []), *rows]):
        for place, text in enumerate(row):
            is_name = (head and number == 0) or (not head and place == 0)
            sheet.write_string(number, place, text, bold if is_name else wrapped)
    sheet.set_column(0, 2, _WIDEST)


def _print_well(sheet: xlsxwriter.worksheet.Worksheet, origin: Origin) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # An ampersand begins a code of the footer, which takes 255 signs.
    sheet.set_footer(f"&L{origin.line.replace('&', '&&')[:200]}&R&P / &N")
