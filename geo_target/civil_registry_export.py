"""The file for the civil registry: lists are read again, and what is wrong leaves encrypted.

A snapshot has no number as it is written, so a person's row is looked up in the list that it
came from. The audit log knows of the file before it is there.
"""

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from geo_target import pipeline
from geo_target.deliveries.private_files import write_bytes
from geo_target.errors import Fault, GeoTargetError
from geo_target.intake.lists import AgencyList
from geo_target.intake.sources import opened_ahead
from geo_target.intake.written import faulty_numbers, no_numbers, written_numbers
from geo_target.operations.audit import Actor, AuditLog, Entry
from geo_target.operations.database import Database
from geo_target.papers import State, papers_of
from geo_target.places.gazetteer import read_gazetteer
from geo_target.publishing.civil_registry import RepairList, WrittenList, repair_list
from geo_target.publishing.civil_registry_book import TITLE, Letter, cover_of, sheet_of
from geo_target.publishing.encrypted_workbook import (
    check_encryption,
    encrypted_workbook,
    new_passphrase,
)
from geo_target.settings import Settings, Source, read_settings
from geo_target.stages import Stages
from geo_target.workbench import Workbench

#: A file is good for a season of mending, not for an archive.
MOST_DAYS = 90
#: A registry is of a regency or city; more is made in parts, and fits into memory.
MOST_PERSONS = 200_000
_REGISTERS = frozenset({"families", "persons"})
#: Whoever sits at the machine: the log cannot know more. Who says to have made it is a reason.
_OPERATOR = Actor(name="command-line", role="admin")


class ExportError(GeoTargetError):
    """A file with persons is not made; nothing was written."""


@dataclass(frozen=True)
class Exported:
    """What was written, and what opens it; the passphrase is kept nowhere else."""

    persons: int
    elsewhere: int
    """Persons with faults who live outside of the area: they are not in it."""
    sha256: str
    passphrase: str
    sources: Mapping[int, str]
    """What the numbers of lists in the file stand for."""


def export(config: Path, out: Path, letter: Letter, *, database: Database) -> Exported | None:
    """Write the repair list of a configuration as an encrypted workbook, mode 0600.

    Parameters
    ----------
    config
        geo-target.toml; its lists are read as a run does.
    out
        An XLSX that is not there yet.
    database
        Its audit log keeps agency, letter, expiry, the sum of the file and how many persons.

    Returns
    -------
    Exported or None
        None if nothing is to be mended: there is no file then, and no entry.

    Raises
    ------
    ConfigError
        ``E-EXPORT-EXTRA``.
    ExportError
        ``E-EXPORT-LETTER``, ``E-EXPORT-EXPIRY``, ``E-EXPORT-FILE``, ``E-EXPORT-PAPER``,
        ``E-EXPORT-SIZE``.
    AuditError
        If the log cannot be written.
    DataRefusedError
        If a list cannot be read, or changes meanwhile.
    """
    check_encryption()
    check_letter(letter)
    check_file(out)
    settings = read_settings(config)
    check_papers(settings, letter.made_on)
    with Workbench(memory_limit=settings.archive.memory_limit) as bench:  # it spills nowhere
        found = _find(bench, settings)
        persons = len(found.table)
        if not persons:
            return None
        if persons > MOST_PERSONS:
            raise ExportError(_too_many(persons))
        passphrase = new_passphrase()
        content = encrypted_workbook(
            TITLE, cover_of(letter, found.table), sheet_of(found.table), passphrase
        )
        numbers = {n for row in found.table.rows() for n in row["lists"]}
    sha256 = hashlib.sha256(content).hexdigest()
    AuditLog(database).append(_entry(letter, persons, sha256))
    check_file(out)
    write_bytes(out, content)
    called = {n: source.called for n, source in enumerate(settings.source, start=1)}
    return Exported(
        persons, found.elsewhere, sha256, passphrase, {n: called[n] for n in sorted(numbers)}
    )


def _find(bench: Workbench, settings: Settings) -> RepairList:
    lists = pipeline.read_lists(bench, settings, Stages())
    parts = {
        source: (number, listed)
        for number, (source, listed) in enumerate(zip(settings.source, lists, strict=True), start=1)
        if listed.profile.role in _REGISTERS
    }
    return repair_list(
        bench,
        list(_written(parts, settings)),
        read_gazetteer(settings.area.code[:2]),
        area_code=settings.area.code,
    )


def _written(
    parts: Mapping[Source, tuple[int, AgencyList]], settings: Settings
) -> Iterator[WrittenList]:
    """Each list with its faulty numbers as written; one without any is not opened again."""
    faulty = [source for source, (_, listed) in parts.items() if len(faulty_numbers(listed))]
    for source in parts.keys() - faulty:
        yield WrittenList(*parts[source], no_numbers(parts[source][1].table.bench))
    if faulty:
        with ThreadPoolExecutor(max_workers=1) as ahead:
            for source, grid in opened_ahead(faulty, ahead, settings.database):
                number, listed = parts[source]
                yield WrittenList(number, listed, written_numbers(listed, grid))


def _entry(letter: Letter, persons: int, sha256: str) -> Entry:
    return Entry(
        actor=_OPERATOR,
        verb="civil-registry.export",
        object_type="civil-registry",
        object_id=sha256,
        fields=("address", "birth_date", "family_card_number", "name", "national_id"),
        reason=f"{letter.agency}; {letter.number}; {letter.expires.isoformat()}; {letter.by}",
        persons=persons,
    )


def check_letter(letter: Letter) -> None:
    """Refuse a letter that names no agency, number or maker, or that expires too late."""
    if not all(text.strip() for text in (letter.agency, letter.number, letter.by)):
        raise ExportError(
            Fault(
                "E-EXPORT-LETTER",
                id="instansi penerima, nomor surat dan pembuatnya harus diisi; tulis --agency, "
                "--letter dan --by",
                en="agency, number of the letter and who makes the file must be given; fill in "
                "--agency, --letter and --by",
            )
        )
    last = letter.made_on + timedelta(days=MOST_DAYS)
    if not letter.made_on <= letter.expires <= last:
        raise ExportError(
            Fault(
                "E-EXPORT-EXPIRY",
                id=f"masa berlaku berkas harus dari hari ini sampai {last}; ganti --expires",
                en=f"the file must expire between today and {last}; change --expires",
            )
        )


def check_file(out: Path) -> None:
    """Refuse a name that is taken or that no workbook has."""
    is_free = not (out.exists() or out.is_symlink()) and out.resolve().parent.is_dir()
    if out.suffix.lower() != ".xlsx" or not is_free:
        raise ExportError(
            Fault(
                "E-EXPORT-FILE",
                id="berkas tidak ditulis: sebut nama baru yang berakhir .xlsx, di folder yang ada",
                en="the file is not written: give a new name that ends in .xlsx, in a folder that "
                "is there",
                file=out.name,
            )
        )


def check_papers(settings: Settings, day: date) -> None:
    """Refuse while a list has no valid paper: no person's data may leave then."""
    papers = papers_of(((source.called, source) for source in settings.source), day)
    bad = sorted({paper.file for paper in papers if paper.state is not State.VALID})
    if bad:
        raise ExportError(
            Fault(
                "E-EXPORT-PAPER",
                id="daftar ini belum punya dasar hukum yang berlaku, maka data orang tidak boleh "
                "keluar; minta surat kepada instansi pemberi daftar, tulis di [source.basis]",
                en="this list has no paper that is valid, so no person's data may leave; ask the "
                "agency that gave the list for one, write it into [source.basis]",
                file=", ".join(bad),
            )
        )


def _too_many(persons: int) -> Fault:
    return Fault(
        "E-EXPORT-SIZE",
        id=f"{persons} orang terlalu banyak untuk satu berkas (paling banyak {MOST_PERSONS}); "
        "buat satu untuk tiap kabupaten/kota atau kecamatan: ganti area.code",
        en=f"{persons} persons are too many for one file (at most {MOST_PERSONS}); make one for "
        "each regency, city or district: change area.code",
    )
