"""What stands of pairs as a list that the next run reads: profile ``decisions``."""

import csv
from collections.abc import Iterable
from typing import TextIO

from geo_target.operations.settlements import Settlement
from geo_target.spreadsheet_cells import harmless

COLUMNS = ("register", "register_family_id", "other_register", "other_register_family_id",
           "verdict", "fingerprint", "decided_by", "decided_on", "note")  # fmt: skip


def write_decisions(standing: Iterable[Settlement], file: TextIO) -> int:
    """Write settlements, one a line, with a header; those said first come first.

    Ids are written as the registers have them, for the run has to find them again.

    Parameters
    ----------
    file
        Open for text with ``newline=""``.

    Returns
    -------
    int
        How many there were.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    ordered = sorted(standing, key=lambda made: made.number)
    for made in ordered:
        day = made.decided_at.astimezone().date().isoformat()
        writer.writerow([*made.pair, made.verdict.value, made.fingerprint, made.decided_by, day,
                         harmless(made.note)])  # fmt: skip
    return len(ordered)
