"""The repair list as a workbook: a cover that says to whom and until when, and the persons.

Its words are of 'pemutakhiran data': no paper says of anybody that they are poor, and lists
go by their numbers, since names of files and registers say it too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo_target.intake.codes import CODES
from geo_target.publishing.encrypted_workbook import Sheet
from geo_target.workbench import Table

TITLE = "Pemutakhiran data"
#: Columns that the office fills in.
BLANKS = ("NIK benar", "No. KK benar", "Keterangan Disdukcapil")
#: Each with its width in letters.
_COLUMNS = {
    "No.": 6, "Kecamatan": 18, "Kelurahan/Desa": 18, "RW": 5, "RT": 5, "Alamat": 32,
    "No. KK tertulis": 20, "Nama": 28, "Hubungan": 16, "Tanggal lahir": 13,
    "Jenis kelamin": 10, "NIK tertulis": 20, "Yang perlu diperbaiki": 48, "Daftar": 8,
    "Baris": 8, **dict.fromkeys(BLANKS[:2], 20), BLANKS[2]: 28,
}  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """What the persons are handed over on."""

    agency: str
    number: str
    made_on: date
    expires: date
    by: str


def cover_of(letter: Letter, table: Table) -> list[tuple[str, str]]:
    """Lines of the cover of a `civil_registry.repair_list`: a label and what it says."""
    count = """select count(*), count(nik_faults), count(kk_faults),
        count(distinct district_name) from """
    ((persons, nik, kk, districts),) = table.bench.execute(count + table.name)
    return [
        ("RAHASIA", "Memuat data pribadi. Hanya untuk petugas yang ditunjuk instansi penerima."),
        ("Perihal", "Permohonan perbaikan NIK dan nomor KK untuk pemutakhiran data"),
        ("Kepada", letter.agency),
        ("Nomor surat", letter.number),
        ("Tanggal", _day(letter.made_on)),
        ("Berlaku sampai", f"{_day(letter.expires)}: berkas ini dan setiap salinannya harus "
                           f"dimusnahkan paling lambat {_day(letter.expires)}"),
        ("Keperluan", "Pemutakhiran data: mencocokkan NIK dan nomor KK yang tertulis salah atau "
                      "tidak lengkap dengan data kependudukan; tidak untuk keperluan lain"),
        ("Dasar hukum", "UU 24/2013 tentang Perubahan atas UU 23/2006 tentang Administrasi "
                        "Kependudukan; UU 27/2022 tentang Pelindungan Data Pribadi"),
        ("Jumlah", f"{persons} orang di {districts} kecamatan; NIK yang perlu diperbaiki: {nik}; "
                   f"nomor KK yang perlu diperbaiki: {kk}"),
        ("Cara mengisi", f"Isi kolom {', '.join(BLANKS)}; jangan mengubah kolom lain. Kirim "
                         "kembali dengan sandi yang sama. Daftar dan Baris ialah nomor rujukan "
                         "pengirim"),
        ("Dibuat oleh", letter.by),
        ("Narahubung", ""),
    ]  # fmt: skip


def sheet_of(table: Table) -> Sheet:
    """The persons of a `civil_registry.repair_list`."""
    return Sheet("Daftar", tuple(_COLUMNS), tuple(_COLUMNS.values()), _rows(table), BLANKS)


def _rows(table: Table) -> Iterator[Sequence[str]]:
    for number, person in enumerate(table.rows(), start=1):
        yield (
            str(number), *_words(person, "district_name", "village_name", "rw", "rt", "address"),
            *_words(person, "kk", "name"), _relation(person),
            _day(person["birth_date"]), *_words(person, "sex", "nik"), _wrong(person),
            _references(person["lists"]), _references(person["rows"]), "", "", "",
        )  # fmt: skip


def _words(person: dict[str, Any], *columns: str) -> list[str]:
    return [person[column] or "" for column in columns]


def _relation(person: dict[str, Any]) -> str:
    return person["relation"] or ("Kepala Keluarga" if person["is_head"] else "")


def _day(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _wrong(person: dict[str, Any]) -> str:
    """What is wrong in words: ``NIK: bukan 16 angka; periksa di KK``."""
    said = [("NIK", code) for code in person["nik_faults"] or ()]
    said += [("No. KK", code) for code in person["kk_faults"] or ()]
    return ". ".join(f"{name}: {CODES[code].id}" for name, code in said)


def _references(numbers: Sequence[int]) -> str:
    return "; ".join(map(str, numbers))
