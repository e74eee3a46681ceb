"""Errors that say what is wrong, where, and what to do, in Indonesian and in English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]

#: A NIK or KK number, of which nothing but the last four digits is ever said.
_NUMBER = re.compile(r"(?<!\d)\d{12}(\d{4})(?!\d)")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, with its place in the user's own file.

    `row` counts as Excel shows it: the first line of the file is 1. `id` and `en` say
    what is wrong and what to do; a value from a list is masked before it comes here.
    """

    code: str
    id: str
    en: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def text(self, language: Language = "id") -> str:
        """One line: ``FILE:SHEET:ROW:COLUMN CODE what is wrong and what to do``."""
        row = ("baris " if language == "id" else "row ") + str(self.row) if self.row else ""
        column = ("kolom " if language == "id" else "column ") + self.column if self.column else ""
        place = ": ".join(part for part in (self.file, self.sheet, row, column) if part)
        words = self.id if language == "id" else self.en
        line = f"{place + ': ' if place else ''}{words} [{self.code}]"
        line = _NUMBER.sub(r"••••••••••••\1", line)  # whatever a file has in its headers
        return " ".join(line.splitlines())  # names of files and columns may break lines


class GeoTargetError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command ends with."""

    exit_code = 1

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.code} {fault.en}" for fault in faults))
        self.faults: Sequence[Fault] = faults

    def text(self, language: Language = "id") -> str:
        """All faults, one a line."""
        return "\n".join(fault.text(language) for fault in self.faults)


class DataRefusedError(GeoTargetError):
    """A file cannot be used; nothing has changed, the last snapshot is still served."""


class ConfigError(GeoTargetError):
    """geo-target.toml asks for something that cannot be done."""


class BalanceError(GeoTargetError):
    """Rows went in that did not come out: a fault of the program, never published."""


class ContractError(GeoTargetError):
    """A table does not hold what its schema promises: a fault of the program."""


class BusyError(GeoTargetError):
    """Another run holds the lock of the archive."""

    exit_code = 75


class NotFoundError(GeoTargetError):
    """Nothing is published for what was asked."""
