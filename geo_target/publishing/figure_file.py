"""The user's own published figures and ours: read from CSV, every cell held to its column."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, cast

from geo_target.errors import ConfigError, Fault
from geo_target.publishing.figure_ledger import NATION, OWN_COUNTS, PublishedFigure
from geo_target.publishing.quantities import UNIT_WORDS, Quantity, Unit
from geo_target.resources import resource_dir

#: NIK and KK numbers; a space or dot may part their digits.
_PERSON = re.compile(r"(?:\d[ .\-]?){15}\d")
_LONGEST = 600
_WHOLE = 100


def read_ledger(own: Path | None = None) -> tuple[PublishedFigure, ...]:
    """Our figures, and those of the user's file.

    Raises
    ------
    ConfigError
        ``E-FIGURE-FILE`` if the file cannot be read or its columns are others; else every fault
        at once, with row and column: ``E-FIGURE-ROW``, and ``E-FIGURE-TWICE`` for an id that a
        row before it, or one of ours, has.
    """
    ours = _shipped()
    return ours if own is None else (*ours, *_read(own, {figure.id for figure in ours}))


@cache
def _shipped() -> tuple[PublishedFigure, ...]:
    return tuple(_read(resource_dir("geodata") / "published_figures.csv", set()))


#: Of each column what may stand there, and what to say of anything else.
_COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "id": (r"[a-z0-9]+(-[a-z0-9]+)*", "huruf kecil, angka dan tanda hubung",
           "lower-case letters, digits and dashes"),
    "area": (rf"{NATION}|\d\d(\.\d\d){{0,2}}", "kode Kemendagri bertitik, atau ID untuk Indonesia",
             "a Kemendagri code with dots, or ID for Indonesia"),
    "area_name": (r".+", "isi nama wilayah", "fill in the name of the area"),
    "kind": (r"survey|count", "survey atau count", "survey or count"),
    "figure": (r"\d{1,15}(\.\d{1,2})?", "angka tanpa titik ribuan: 3784; persen: 6.20",
               "digits without separators: 3784; percent: 6.20"),
    "unit": ("|".join(UNIT_WORDS), "salah satu: " + ", ".join(UNIT_WORDS),
             "one of: " + ", ".join(UNIT_WORDS)),
    "date": (r"\d{4}(-\d\d(-\d\d)?)?", "tulis 2023, 2023-12 atau 2023-12-18",
             "write 2023, 2023-12 or 2023-12-18"),
    "publisher": (r".+", "siapa yang menerbitkan", "who published it"),
    "source": (r".+", "media dan tanggalnya", "the outlet and its date"),
    "register": (r"([a-z0-9]+)?", "nama daftar seperti p3ke, atau kosong",
                 "name of a register such as p3ke, or nothing"),
    "counts": (f"({'|'.join(OWN_COUNTS)})?", "kosong, atau salah satu: " + ", ".join(OWN_COUNTS),
               "nothing, or one of: " + ", ".join(OWN_COUNTS)),
    "programs": (r"([A-Z0-9_]+( [A-Z0-9_]+)*)?", "kode program, dipisah spasi, atau kosong",
                 "codes of programs with spaces between them, or nothing"),
    "definition_id": (r".+", "apa yang dihitung", "what was counted, in Indonesian"),
    "definition_en": (r".+", "apa yang dihitung, dalam bahasa Inggris", "what was counted"),
    "why_id": (r".*", "", ""),
    "why_en": (r".*", "", ""),
}  # fmt: skip


def _read(file: Path, taken: set[str]) -> list[PublishedFigure]:
    rows = _rows(file)
    header = next(rows, (1, []))[1]
    if sorted(header) != sorted(_COLUMNS):
        odd = ", ".join(sorted(set(_COLUMNS) ^ set(header))) or ", ".join(header)
        raise _unreadable(file, f"kolomnya tidak cocok: {odd}", f"its columns do not fit: {odd}")
    found, faults = [], []
    for number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        wrong = _faults(file, number, row, cells_fit=len(cells) == len(header))
        if not wrong and row["id"] in taken:
            wrong = [_twice(file, number, row["id"])]
        faults += wrong
        if not wrong:
            taken.add(row["id"])
            found.append(_figure(row))
    if faults:
        raise ConfigError(*faults)
    return found


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, as a spreadsheet shows them; blank ones are passed over."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        head = text.split("\n", 1)[0]
        # A spreadsheet in Indonesian writes semicolons.
        lines = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=";" if head.count(";") > head.count(",") else ",",
        )
        for number, cells in enumerate(lines, start=1):
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise _unreadable(
            file,
            "berkas tidak ditemukan atau bukan CSV UTF-8",
            "the file is missing, or no CSV in UTF-8",
        ) from None


def _faults(file: Path, row: int, cells: Mapping[str, str], *, cells_fit: bool) -> list[Fault]:
    """What is wrong with a row: its cells one by one, then what they say together."""
    if not cells_fit:
        wrong = [
            (
                "",
                "selnya lebih atau kurang daripada kolom; beri tanda kutip pada sel berkoma",
                "more or fewer cells than columns; quote cells with commas",
            )
        ]
    else:
        wrong = list(_wrong_cells(cells)) or list(_at_odds(cells))
    return [
        Fault("E-FIGURE-ROW", id=indonesian, en=english, file=file.name, row=row, column=column)
        for column, indonesian, english in wrong
    ]


def _wrong_cells(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for column, (pattern, indonesian, english) in _COLUMNS.items():
        cell = cells[column]
        if not cell.isprintable() or len(cell) > _LONGEST or _PERSON.search(cell):
            yield (
                column,
                f"paling panjang {_LONGEST} huruf, satu baris, tanpa NIK atau KK",
                f"at most {_LONGEST} letters in one line, without a NIK or KK",
            )
        elif not re.fullmatch(pattern, cell):
            yield column, indonesian, english


def _at_odds(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    if not _is_period(cells["date"]):
        yield "date", "tanggal ini tidak ada", "there is no such day"
    if cells["unit"] != "percent" and "." in cells["figure"]:
        yield (
            "figure",
            "hanya persen yang memakai titik; tulis ribuan tanpa titik: 3784",
            "only a percentage has a dot; write thousands without one: 3784",
        )
    if cells["unit"] == "percent" and Decimal(cells["figure"]) > _WHOLE:
        yield "figure", "lebih dari 100 persen", "more than 100 percent"
    if cells["kind"] == "survey" and cells["counts"]:
        yield (
            "counts",
            "angka survei tidak disandingkan dengan hitungan daftar; kosongkan",
            "a figure of a survey is not held against rows of lists; leave it empty",
        )


def _is_period(text: str) -> bool:
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def _figure(row: Mapping[str, str]) -> PublishedFigure:
    plain = ("id", "area", "area_name", "date", "publisher", "source", "register", "counts")
    return PublishedFigure(
        **{name: row[name] for name in plain},
        kind=cast(Literal["survey", "count"], row["kind"]),
        quantity=Quantity(Decimal(row["figure"]), cast(Unit, row["unit"])),
        programs=tuple(row["programs"].split()),
        definition={"id": row["definition_id"], "en": row["definition_en"]},
        why={"id": row["why_id"], "en": row["why_en"]},
    )


def _twice(file: Path, row: int, name: str) -> Fault:
    return Fault(
        "E-FIGURE-TWICE",
        id=f"{name} sudah ada, di baris sebelumnya atau di buku kami; beri id lain",
        en=f"{name} is there already, in a row before it or in our ledger; give it another id",
        file=file.name, row=row, column="id",
    )  # fmt: skip


def _unreadable(file: Path, indonesian: str, english: str) -> ConfigError:
    advice = "lihat docs/figures.md", "see docs/figures.md"
    return ConfigError(
        Fault(
            "E-FIGURE-FILE",
            id=f"{indonesian}; {advice[0]}",
            en=f"{english}; {advice[1]}",
            file=file.name,
        )
    )
