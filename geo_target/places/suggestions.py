"""Names of villages that nobody knows, with the likeliest villages: a person decides."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from geo_target.intake.lists import AgencyList
from geo_target.places.crosswalk import ALIAS_COLUMNS
from geo_target.places.spelling import folded, without_numbers
from geo_target.spreadsheet_cells import harmless
from geo_target.workbench import query

BEST = 3
#: The queue: fill in ``village_code``, name the file in ``[places] aliases``, run again.
COLUMNS = (
    "file", "rows", *ALIAS_COLUMNS,
    *(f"{what}_{n}" for n in range(1, BEST + 1) for what in ("code", "village", "score")),
)  # fmt: skip


def suggest_villages(lists: Sequence[AgencyList], gazetteer: pd.DataFrame) -> list[dict[str, Any]]:
    """Each spelling of the lists that joins no village, with three that are like it.

    Nothing joins by this: scores are rapidfuzz's Indel ratio (0 to 100) of the folded names,
    within the district where it is known, else of village, district and regency together.

    Returns
    -------
    list
        A dictionary of COLUMNS for each file and spelling, most rows first.
    """
    found = [
        {
            "file": listed.report.file,
            "rows": row["rows"],
            # a cell of a shifted row may hold the number of a person
            **{name: without_numbers(row[name] or "") for name in ALIAS_COLUMNS[:3]},
            "village_code": "",
        }
        for listed in lists
        if "stated_village_code" in listed.table.columns
        for row in query(
            """select regency_name, district_name, village_name, count(*) as rows from listed
                where stated_village_code is null and village_name is not null
                group by all""",
            listed=listed.table,
        ).rows()
    ]
    places = _Places(gazetteer)
    found.sort(key=lambda r: (-r["rows"], r["file"], *(r[c] for c in ALIAS_COLUMNS[:3])))
    return [row | places.like(row) for row in found]


class _Places:
    """The villages of a province, folded once."""

    def __init__(self, gazetteer: pd.DataFrame) -> None:
        self.villages = gazetteer
        names = ("village_name", "district_name", "regency_name")
        village, district, regency = (gazetteer[name].map(folded) for name in names)
        self.districts = district
        self.alone = village.to_dict()
        self.whole = (village + " " + district + " " + regency).to_dict()

    def like(self, row: dict[str, Any]) -> dict[str, Any]:
        """Columns of the likest villages of a spelling."""
        village, district, regency = (
            folded(row[name]) for name in ("village_name", "district_name", "regency_name")
        )
        inside = self.districts.index[self.districts == district]
        if len(inside):
            written, choices = village, {code: self.alone[code] for code in inside}
        else:
            written, choices = f"{village} {district} {regency}".strip(), self.whole
        best = process.extract(written, choices, scorer=fuzz.ratio, limit=BEST)
        return {
            f"{what}_{number}": value
            for number, (_, score, code) in enumerate(best, start=1)
            for what, value in (
                ("code", code),
                ("village", self._label(code)),
                ("score", round(score)),
            )
        }

    def _label(self, code: str) -> str:
        place = self.villages.loc[code]
        return f"{place['village_name']}, {place['district_name']}, {place['regency_name']}"


def suggestions_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """The queue as a file: semicolons, UTF-8 with BOM (so that Excel reads it), CRLF."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")
