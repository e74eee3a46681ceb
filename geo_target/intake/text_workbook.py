"""A table of text as a workbook of one sheet, quick for a million rows and the same each time."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

#: A zip says when each part was written; the same rows are to be the same bytes.
_MADE = (1980, 1, 1, 0, 0, 0)
#: Signs that XML cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_767

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_AROUND = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_PARTS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_PARTS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_PARTS}/styles" Target="styles.xml"/>'
    "</Relationships>",
    # Style 0 is plain, 1 text, 2 a bold header.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
    'applyFont="1"/></cellXfs></styleSheet>',
}


def text_workbook(
    sheet: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]
) -> bytes:
    """XLSX of one sheet, every cell text (no formula), the header bold and always in sight.

    Parameters
    ----------
    sheet
        Its name.
    header, widths
        Title and width (in letters) of each column; at most 26.
    rows
        At most 1,048,575; what XML cannot hold is left out of a cell.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        workbook = (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_PARTS}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>'
        )
        for name, part in {**_AROUND, "xl/workbook.xml": workbook}.items():
            book.writestr(_entry(name), _HEAD + part)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w") as out:
            out.write(f"{_HEAD}{_opening(widths)}{_row(1, header, style=2)}".encode())
            for number, row in enumerate(rows, start=2):
                out.write(_row(number, row, style=1).encode())
            out.write(b"</sheetData></worksheet>")
    return content.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _opening(widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _row(number: int, cells: Sequence[str], *, style: int) -> str:
    said = "".join(
        f'<c r="{chr(65 + at)}{number}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{_fit(cell)}</t></is></c>'
        for at, cell in enumerate(cells)
        if cell
    )
    return f'<row r="{number}">{said}</row>'


def _fit(cell: str) -> str:
    return escape(_UNFIT.sub("", cell)[:_LONGEST_CELL], quote=False)
