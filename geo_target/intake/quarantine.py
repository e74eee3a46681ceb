"""What a run could not use, as a file to mend from: CSV for programs, XLSX for people."""

import csv
import io
from collections.abc import Iterator, Sequence

from geo_target.intake.codes import CODES
from geo_target.intake.lists import AgencyList
from geo_target.intake.text_workbook import text_workbook
from geo_target.spreadsheet_cells import harmless

COLUMNS = ("file", "sheet", "row", "column", "code", "message", "value_masked")

#: A sheet has 1,048,576 rows; of more there is the CSV alone.
MOST_ROWS = 1_000_000
#: Of the columns, in letters.
_WIDTHS = (28, 14, 8, 24, 14, 70, 28)


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
    for line in _lines(lists):
        writer.writerow([harmless(cell) for cell in line])
        lines += 1
    return lines, text.getvalue().encode("utf-8-sig")


def quarantine_xlsx(lists: Sequence[AgencyList]) -> bytes | None:
    """The lines of `quarantine_csv` as a workbook, every cell text; None beyond `MOST_ROWS`.

    The same lines give the same bytes: nothing in it tells when or where it was made.
    """
    if sum(len(listed.faults) for listed in lists) > MOST_ROWS:
        return None
    return text_workbook("karantina", COLUMNS, _WIDTHS, _lines(lists))


def _lines(lists: Sequence[AgencyList]) -> Iterator[tuple[str, ...]]:
    """Cells of COLUMNS for each fault, as they are."""
    for listed in lists:
        for fault in listed.faults.rows():
            column = listed.report.columns.get(fault["column"] or "", fault["column"] or "")
            yield (
                listed.report.file,
                listed.report.sheet,
                str(fault["row"]),
                column,
                fault["code"],
                CODES[fault["code"]].id,
                fault["value_masked"] or "",
            )
