"""Rows of small files in which an agency says what it has decided, and what is wrong with them.

CSV (commas or semicolons, UTF-8), or TOML with one list of tables; what stands above that list
is said of each of its rows.
"""

import csv
import io
import re
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geo_target.errors import ConfigError, Fault

#: Whole numbers of more digits are a slip.
_LONGEST = 5
#: What is shown to a meeting: a sentence, not a report.
_MOST_LETTERS = 200
#: A NIK or KK, an official's NIP, or a telephone in a pocket, however their digits are parted: no
#: number of a person belongs into words that are shown. ", " parts numbers, not digits of one.
_TELLING = re.compile(
    r"(?:\d(?![,;]\s)[\W_]{0,3}){15}\d"
    r"|(?<!\d)(?:\+?62[\s.()_-]{0,3}|0)8\d\d(?:[\s.()_-]{0,3}\d){6,9}(?!\d)"
)
_DAY = r"(?:\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-](?:19|20)\d\d)"
#: From a day to a day are as many digits as in a NIK.
_PERIOD = re.compile(rf"(?<!\d){_DAY}\s*[-\u2013]\s*{_DAY}(?!\d)")


class Faults:
    """What is wrong with a file, gathered row by row under one code."""

    def __init__(self, file: Path, code: str) -> None:
        self.file, self.code = file, code
        self.found: list[Fault] = []

    def add(self, row: int | None, column: str, id: str, en: str) -> None:
        """Take one down."""
        self.found.append(
            Fault(self.code, id=id, en=en, file=self.file.name, row=row, column=column)
        )

    def village(
        self,
        row: int,
        text: str,
        codes: Sequence[str],
        taken: Container[str],
        column: str = "village_code",
    ) -> str:
        """The village code of `codes` that is written with or without dots; '' and a fault else."""
        digits = "".join(sign for sign in text if sign.isdigit())
        code = next((code for code in codes if code.replace(".", "") == digits), "")
        if not code:
            self.add(row, column, "kode ini tidak ada di wilayah; perbaiki",
                     "the area has no village of this code; mend it")  # fmt: skip
        elif code in taken:
            self.add(row, column, "sudah ada di baris sebelumnya; hapus satu",
                     "an earlier row has it already; delete one")  # fmt: skip
        return code

    def day(self, row: int, text: str) -> date:
        """The day that is written; the first day of all and a fault where it is none."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.add(row, "date", "bukan tanggal; tulis 2025-09-01", "no day; write 2025-09-01")
            return date.min

    def words(self, row: int, column: str, text: str) -> str:
        """Words that are shown as they stand; a fault where they are long, or hold a number."""
        if len(text) > _MOST_LETTERS or not text.isprintable():
            self.add(row, column, f"lebih dari {_MOST_LETTERS} huruf, atau lebih dari satu baris; "
                     "singkatkan", f"more than {_MOST_LETTERS} letters, or more than one line; "
                     "shorten it")  # fmt: skip
        elif _TELLING.search(_PERIOD.sub("-", text)):
            self.add(row, column, "memuat nomor seseorang (NIK, KK, NIP, telepon); hapus nomornya",
                     "it holds the number of a person (NIK, KK, NIP, telephone); take it "
                     "out")  # fmt: skip
        return text

    def told(self) -> None:
        """Raise ConfigError if there are any."""
        if self.found:
            raise ConfigError(*self.found)


def whole(text: str) -> int:
    """A whole number from 1; 0 where the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else 0


def read_rows(
    faults: Faults, columns: Sequence[str], needed: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Rows as text with their numbers: of CSV as a spreadsheet shows them, of TOML from 1.

    Raises
    ------
    ConfigError
        If the file cannot be read, has no row, or lacks a column; a row with more cells than
        columns is a fault among others.
    """
    file = faults.file
    try:
        text = file.read_text(encoding="utf-8-sig")
        raw = list(_of_toml(text) if file.suffix.lower() == ".toml" else _of_csv(text))
    except (OSError, ValueError, TypeError, csv.Error):
        faults.add(None, "", "tidak ada, atau bukan CSV UTF-8 atau TOML; periksa letak dan isi",
                   "missing, or no CSV in UTF-8 or TOML; check its place and its rows")  # fmt: skip
        raise ConfigError(*faults.found) from None
    if not raw:
        faults.add(None, "", "tidak ada satu baris pun; isi, atau hapus dari konfigurasi",
                   "it has no row; fill it in, or take it off the configuration")  # fmt: skip
    for column in (c for _, row in raw[:1] for c in needed if c not in row):
        faults.add(
            None, column, "kolom ini tidak ada; tambahkan", "there is no such column; add it"
        )
    faults.told()
    for number, row in raw:
        if None in row:
            faults.add(number, "", "selnya lebih banyak daripada kolom; beri tanda kutip",
                       "more cells than columns; quote those with commas")  # fmt: skip
    return [(n, {c: str(row.get(c) or "").strip() for c in columns}) for n, row in raw]


def _of_csv(text: str) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    head = text.partition("\n")[0]
    # A spreadsheet in Indonesian writes semicolons.
    delimiter = ";" if head.count(";") > head.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [name.strip() for name in next(lines, [])]
    for number, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            beyond = {None: cells[len(header) :]} if len(cells) > len(header) else {}
            yield number, {**dict(zip(header, cells, strict=False)), **beyond}


def _of_toml(text: str) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    raw = tomllib.loads(text)
    shared = {key: value for key, value in raw.items() if not isinstance(value, list)}
    (entries,) = [value for value in raw.values() if isinstance(value, list)]
    for number, entry in enumerate(entries, start=1):
        yield number, {**shared, **dict(entry)}
