"""What a run could not use, as a file to mend from."""

import csv
import io
from collections.abc import Sequence

from geo_target.intake.codes import CODES
from geo_target.intake.lists import AgencyList

COLUMNS = ("file", "sheet", "row", "column", "code", "message", "value_masked")

#: A spreadsheet runs a cell that begins so as a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def quarantine_csv(lists: Sequence[AgencyList]) -> tuple[int, bytes]:
    """Set-aside cells and quarantined rows of all lists, in the order of the files.

    Returns
    -------
    lines
        Rows without the header.
    content
        CSV with commas, UTF-8 with BOM (so that Excel reads it), CRLF; values are masked.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    lines = 0
    for listed in lists:
        for fault in listed.faults.rows():
            column = listed.report.columns.get(fault["column"] or "", fault["column"] or "")
            writer.writerow(
                [
                    harmless(listed.report.file),
                    harmless(listed.report.sheet),
                    fault["row"],
                    harmless(column),
                    fault["code"],
                    CODES[fault["code"]].id,
                    harmless(fault["value_masked"] or ""),
                ]
            )
            lines += 1
    return lines, text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A cell of a CSV that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
