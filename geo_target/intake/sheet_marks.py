"""What a sheet says beside its values: hidden rows, filters, formulas without a value."""

import html
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo_target.intake.workbook_zips import BROKEN, ZipFacts, broken

_TAG = re.compile(r"<(?:\w+:)?(sheet|Relationship|calcPr)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_ROW = re.compile(rb"<row\b([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d{1,9})"')
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,9})"([^>]*)><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"(?:<v\b[^>]*?/>|<v\b[^>]*>([^<]*)</v>)?"
)
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,9})"[^>]* t="e"')
#: Rows of an open document that its reader does not see.
_OUT_OF_SIGHT = re.compile(rb'<table:table-row\b[^>]*table:visibility="(?:collapse|filter)"[^>]*>')
_TIMES = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_SPANS = re.compile(rb'number-rows-spanned="(?!1")')


@dataclass(frozen=True)
class SheetMarks:
    """Numbers of hidden rows; cells without a usable value as (row, position, code)."""

    hidden: int = 0
    unread: Sequence[tuple[int, int, str]] = ()
    spans_unread: bool = False


def sheet_marks(file: Path, facts: ZipFacts, position: int) -> SheetMarks:
    """Marks of the sheet at `position` among the sheets of a zipped workbook.

    Binary workbooks are not looked into; of open documents, hidden rows are counted over
    all sheets.
    """
    try:
        with zipfile.ZipFile(file) as opened:
            names = set(opened.namelist())
            if "content.xml" in names:
                return _open_document_marks(opened, facts)
            if "xl/workbook.xml" not in names:
                return SheetMarks()
            part = _part_of(opened, position)
            if part not in names or not any(facts.has(m, part) for m in _LOOKED_FOR):
                return SheetMarks()
            never_calculated = _is_never_calculated(opened)
            content = opened.read(part)
    except BROKEN:
        raise broken(file) from None
    unread = [*_formulas(content, stale=never_calculated), *_errors(content)]
    return SheetMarks(_hidden_rows(content), sorted(set(unread)))


_LOOKED_FOR = ("hidden", "formula", "error")


def _part_of(opened: zipfile.ZipFile, position: int) -> str:
    """Name of the part of the sheet at `position`; empty if the workbook does not say."""
    sheets = [a for kind, a in _tags(opened, "xl/workbook.xml") if kind == "sheet"]
    targets = {
        a.get("Id", ""): a.get("Target", "")
        for kind, a in _tags(opened, "xl/_rels/workbook.xml.rels")
        if kind == "Relationship"
    }
    if position >= len(sheets):
        return ""
    wanted = next((value for name, value in sheets[position].items() if name.endswith(":id")), "")
    target = targets.get(wanted, "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tags(opened: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    if part not in opened.namelist():
        return []
    text = opened.read(part).decode("utf-8", "ignore")
    return [
        (kind, {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)})
        for kind, attributes in _TAG.findall(text)
    ]


def _is_never_calculated(opened: zipfile.ZipFile) -> bool:
    """Whether a program wrote the formulas, and left it to a spreadsheet to calculate them.

    The values beside them are then placeholders, such as 0.
    """
    return any(
        attributes.get("fullCalcOnLoad") in {"1", "true"}
        for kind, attributes in _tags(opened, "xl/workbook.xml")
        if kind == "calcPr"
    )


def _formulas(content: bytes, *, stale: bool) -> list[tuple[int, int, str]]:
    return [
        (int(row), _position(column), "E-FORMULA")
        for column, row, attributes, value in _FORMULA.findall(content)
        if _is_placeholder(value, stale=stale, attributes=attributes)
    ]


def _is_placeholder(value: bytes, *, stale: bool, attributes: bytes) -> bool:
    """Whether no spreadsheet ever calculated this; an empty text is a result."""
    if b't="e"' in attributes:
        return False
    return (not value and b't="str"' not in attributes) or (stale and value == b"0")


def _errors(content: bytes) -> list[tuple[int, int, str]]:
    if b' t="e"' not in content:
        return []
    return [
        (int(row), _position(column), "E-CELL-ERROR") for column, row in _ERROR.findall(content)
    ]


def _hidden_rows(content: bytes) -> int:
    if b"hidden=" not in content:
        return 0
    return sum(1 for attributes in _ROW.findall(content) if _HIDDEN.search(attributes))


def _open_document_marks(opened: zipfile.ZipFile, facts: ZipFacts) -> SheetMarks:
    if not (facts.has("hidden", "content.xml") or facts.has("merged", "content.xml")):
        return SheetMarks()
    content = opened.read("content.xml")
    rows = (_TIMES.search(tag) for tag in _OUT_OF_SIGHT.findall(content))
    hidden = sum(int(times[1]) if times else 1 for times in rows)
    return SheetMarks(hidden, spans_unread=bool(_SPANS.search(content)))


def _position(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number - 1
