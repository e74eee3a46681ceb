"""What is usable in one file and what is not: the report of `geo-target check`."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from geo_target.errors import DataRefusedError, Fault, Language
from geo_target.intake.codes import CODES
from geo_target.intake.hygiene import Hygiene, of_list
from geo_target.intake.lists import AgencyList, IntakeReport, read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.readers import read_grid
from geo_target.intake.repair import write_repair
from geo_target.workbench import Workbench, query

_MOST_MESSAGES = 50
_SIGNS = {"\t": "tab"}


@dataclass(frozen=True)
class FileReport:
    """A file's books and the first messages; a refused file has no books."""

    file: str
    intake: IntakeReport | None
    messages: Sequence[Fault]
    hygiene: Mapping[str, Hygiene] = field(default_factory=dict)
    places: Sequence[Fault] = ()
    """Those of the messages that tell of villages and addresses."""

    @property
    def refused(self) -> bool:
        """Whether nothing of the file can be used."""
        return self.intake is None

    def to_json(self, language: Language = "id") -> dict[str, Any]:
        """JSON-ready values, the contract of `geo-target check --json`.

        Every key is always there; of a refused file the books are null.
        """
        names = ("profile", "header_row", "delimiter", "encoding", "sheet", "rows", "accepted",
                 "quarantined", "duplicates", "blank")  # fmt: skip
        i = self.intake
        return {
            "file": self.file,
            **{name: getattr(i, name, None) for name in names},
            "refused": self.refused,
            "reasons": {**i.reasons, **i.set_aside}
            if i
            else Counter(f.code for f in self.messages),
            "hygiene": dict(self.hygiene),
            "columns": dict(i.columns) if i else {},
            "ignored": list(i.ignored) if i else [],
            "places": [
                {"code": f.code, "row": f.row, "words": f.id if language == "id" else f.en}
                for f in self.places
            ],
            "messages": [fault.text(language) for fault in self.messages],
        }

    def lines(self, language: Language = "id") -> list[str]:
        """The report as lines of text."""
        said = [fault.text(language) for fault in self.messages]
        if self.intake is None:
            return said
        i, more = self.intake, self._more(language)
        read, unread = ([" ".join(h.split()) for h in hs] for hs in (i.columns.values(), i.ignored))
        how = ", ".join(filter(None, (i.delimiter and f"'{_SIGNS.get(i.delimiter, i.delimiter)}'",
                                      i.encoding)))  # fmt: skip
        counts = ", ".join(f"{code} {n}" for code, n in {**i.reasons, **i.set_aside}.items())
        if language == "id":
            facts = [
                f"{i.file}: profil {i.profile}, judul di baris {i.header_row}"
                + (f", lembar '{i.sheet}'" if i.sheet else "")
                + (f", pemisah dan huruf {how}" if how else ""),
                f"{i.rows} baris = {i.accepted} diterima + {i.quarantined} karantina + "
                f"{i.duplicates} ganda + {i.blank} kosong",
                f"kolom dibaca: {', '.join(read)}",
                f"kolom diabaikan: {', '.join(unread) or '-'}",
                *([f"sel atau baris yang tidak dapat dipakai: {counts}"] if counts else []),
            ]
        else:
            facts = [
                f"{i.file}: profile {i.profile}, header in row {i.header_row}"
                + (f", sheet '{i.sheet}'" if i.sheet else "")
                + (f", separator and letters {how}" if how else ""),
                f"{i.rows} rows = {i.accepted} accepted + {i.quarantined} quarantined + "
                f"{i.duplicates} duplicates + {i.blank} blank",
                f"columns read: {', '.join(read)}",
                f"columns ignored: {', '.join(unread) or '-'}",
                *([f"cells or rows that cannot be used: {counts}"] if counts else []),
            ]
        return [*facts, *said, *more]

    def _more(self, language: Language) -> list[str]:
        """How many faults are not told, where they are many."""
        i = self.intake
        faults = sum(i.reasons.values()) + sum(i.set_aside.values()) if i else 0
        rest = faults - sum(f.code in CODES for f in self.messages if f not in self.places)
        if rest <= 0:
            return []
        if language == "id":
            return [f"... dan {rest} lagi; --repair BERKAS.xlsx menulis semua baris dan sebabnya"]
        return [f"... and {rest} more; --repair FILE.xlsx writes all rows and reasons"]


def check_file(
    file: Path,
    *,
    profile: str | None,
    as_of: date,
    sheet: str | None = None,
    repair: Path | None = None,
    language: Language = "id",
    places: Callable[[AgencyList], Sequence[Fault]] | None = None,
) -> FileReport:
    """Read one list and report on it; nothing is published.

    Parameters
    ----------
    repair
        Where to write the faulty rows as a list to mend, see repair.py; none means nowhere.
    language
        Of the reasons in that list.
    places
        Says what is odd about the places of an accepted list (`places.list_report`); none
        means that they are not looked up.

    Raises
    ------
    ConfigError
        If there is no profile of that name, or `repair` cannot be written. A file that is
        refused is reported instead.
    """
    named = profile_named(profile) if profile else None
    with Workbench() as bench:
        try:
            grid = read_grid(file, sheet=sheet)
            listed = read_list(bench, file, profile=named, as_of=as_of, grid=grid)
        except DataRefusedError as error:
            return FileReport(file.name, None, error.faults)
        if repair is not None:
            write_repair(repair, file, grid, listed, language)
        return report_on(listed, places=places(listed) if places else ())


def report_on(listed: AgencyList, *, places: Sequence[Fault] = ()) -> FileReport:
    """The report on a list that is accepted; `places` are told before its faulty cells."""
    report = listed.report
    messages = [
        Fault(
            row["code"],
            id=_said(CODES[row["code"]].id, row["value_masked"], "bentuk isinya"),
            en=_said(CODES[row["code"]].en, row["value_masked"], "its shape"),
            file=report.file,
            sheet=report.sheet,
            row=row["row"],
            column=report.columns.get(row["column"] or "", row["column"] or ""),
        )
        for row in query(f"from faults limit {_MOST_MESSAGES}", faults=listed.faults).rows()
    ]
    first = [*report.notices, *messages][:_MOST_MESSAGES]
    return FileReport(report.file, report, [*places, *first], of_list(listed), places)


def _said(words: str, value_masked: str | None, shape: str) -> str:
    """`words`, and what the cell looks like; a shape is called so, or 9 would be read as a 9."""
    if not value_masked:
        return words
    is_shape = not re.search(r"[0-8•*]|[^\W\dx_]", value_masked) and re.search("[9x]", value_masked)
    return f"{words} ({shape}: {value_masked})" if is_shape else f"{words} ({value_masked})"
