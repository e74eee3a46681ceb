"""Workbooks that open with a passphrase only, in Excel and in LibreOffice alike.

They are made in memory: nothing of them lies on a disk before it is encrypted (AES-256 and
SHA-512 in the agile way of ECMA-376).
"""

import importlib.util
import io
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from geo_target.errors import ConfigError, Fault

#: Without what is read in two ways: i, l and 1, o and 0.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 6, 4


@dataclass(frozen=True)
class Sheet:
    """A sheet of text: header, width of each column in letters, rows; columns to fill in."""

    name: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[str]]
    blanks: Collection[str] = ()


def new_passphrase() -> str:
    """24 random signs in six groups, 118 bits: to be read out over a telephone."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def check_encryption() -> None:
    """Refuse to begin where the library that encrypts is not there.

    Raises
    ------
    ConfigError
        ``E-EXPORT-EXTRA``.
    """
    if importlib.util.find_spec("msoffcrypto") is None:
        raise ConfigError(
            Fault(
                "E-EXPORT-EXTRA",
                id='enkripsi berkas memerlukan msoffcrypto-tool; pip install "geo-target[files]"',
                en='encrypting files needs msoffcrypto-tool; pip install "geo-target[files]"',
            )
        )


def encrypted_workbook(
    title: str, cover: Sequence[Sequence[str]], sheet: Sheet, passphrase: str
) -> bytes:
    """XLSX of a cover and a sheet, every cell text: no formula, and a NIK keeps its digits.

    Parameters
    ----------
    title
        Name of the cover's sheet and of the document.
    cover
        Lines of a label and what it says.
    sheet
        Its empty columns are text too, for what somebody types into them.
    """
    from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415  # an extra

    encrypted = io.BytesIO()
    OOXMLFile(io.BytesIO(_plain(title, cover, sheet))).encrypt(passphrase, encrypted)
    return encrypted.getvalue()


def _plain(title: str, cover: Sequence[Sequence[str]], sheet: Sheet) -> bytes:
    content = io.BytesIO()
    # Without in_memory, or with constant_memory, parts of it would lie in the system's folder.
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": False}) as book:
        book.set_properties({"title": title})
        _write_cover(book, title, cover)
        _write_sheet(book, sheet)
    return content.getvalue()


def _write_cover(book: xlsxwriter.Workbook, title: str, cover: Sequence[Sequence[str]]) -> None:
    page = book.add_worksheet(title)
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    bold = book.add_format({"num_format": "@", "bold": True, "valign": "top"})
    page.set_column(0, 0, 24, bold)
    page.set_column(1, 1, 90, text)
    for number, (label, words) in enumerate(cover):
        page.write_string(number, 0, label, bold)
        page.write_string(number, 1, words, text)


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    text = book.add_format({"num_format": "@", "valign": "top"})
    blank = book.add_format({"num_format": "@", "bg_color": "#FFF2CC", "border": 1})
    bold = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "border": 1})
    styles = [blank if name in sheet.blanks else text for name in sheet.header]
    for at, (name, width) in enumerate(zip(sheet.header, sheet.widths, strict=True)):
        page.set_column(at, at, width, text)
        page.write_string(0, at, name, bold)
    for number, row in enumerate(sheet.rows, start=1):
        for at, (cell, style) in enumerate(zip(row, styles, strict=True)):
            if cell:
                page.write_string(number, at, cell, style)
            elif style is blank:
                page.write_blank(number, at, None, style)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
