"""What is wrong with an answer of a visit, in words; values of persons are masked in them."""

import re
from dataclasses import dataclass

from geo_target.errors import DataRefusedError, Fault
from geo_target.long_numbers import mask_numbers

#: So much of a cell is repeated in a message.
_SHOWN = 40
#: A NIK that lost digits is still somebody's.
_LONG_RUN = re.compile(r"\d{5,}(?=\d{4})")


@dataclass(frozen=True)
class Place:
    """Where in the user's own file a row stands; `row` as a spreadsheet or editor counts."""

    file: str = ""
    sheet: str = ""
    row: int | None = None

    def fault(self, code: str, id: str, en: str, *, column: str = "") -> Fault:
        """A fault of this row."""
        return Fault(code, id, en, self.file, self.sheet, self.row, column)

    def refused(self, code: str, id: str, en: str) -> DataRefusedError:
        """The refusal of the whole file."""
        return DataRefusedError(self.fault(code, id, en))


def shown(text: str) -> str:
    """What a message may repeat of a cell: its beginning, without digits of a person."""
    masked = _LONG_RUN.sub(lambda run: "•" * len(run.group()), mask_numbers(text))
    return masked if len(masked) <= _SHOWN else f"{masked[:_SHOWN]}…"


def cell(place: Place, column: str, said: str, *, id: str, en: str) -> Fault:
    """``E-OUTCOME-CELL``: a cell is not what its column asks for, and is set aside."""
    return place.fault(
        "E-OUTCOME-CELL",
        f"isi '{shown(said)}' tidak terbaca: {id}; isian ini dikesampingkan, jawaban lain dipakai",
        f"'{shown(said)}' cannot be read: {en}; this cell is set aside, the rest of the answer "
        "is used",
        column=column,
    )


def number(place: Place, column: str, said: str, *, is_spoiled: bool = False) -> Fault:
    """``E-OUTCOME-DIGITS``: a corrected NIK or KK that cannot be one."""
    ending = f"…{said[-4:]}" if len(said) > 8 else "…"  # noqa: PLR2004
    if is_spoiled:
        return place.fault(
            "E-OUTCOME-DIGITS",
            f"nomor {ending} tersimpan sebagai angka, sehingga digit terakhirnya hilang; "
            "jadikan sel itu teks dan ketik ulang 16 digit",
            f"the number {ending} is stored as a number, so its last digits are lost; make the "
            "cell text and type the 16 digits again",
            column=column,
        )
    return place.fault(
        "E-OUTCOME-DIGITS",
        f"nomor {ending} harus 16 digit, dan bukan digit yang diulang; lihat kartunya dan ketik "
        "ulang",
        f"the number {ending} must have 16 digits, and not one repeated; look at the card and "
        "type it again",
        column=column,
    )


def point(place: Place, said: str) -> Fault:
    """``E-OUTCOME-POINT``: a point that is none."""
    return place.fault(
        "E-OUTCOME-POINT",
        f"titik '{shown(said)}' tidak terbaca: perlu bujur dan lintang dalam derajat desimal; "
        "titik dikesampingkan, jawaban lain dipakai",
        f"the point '{shown(said)}' cannot be read: it takes longitude and latitude in decimal "
        "degrees; the point is set aside, the rest of the answer is used",
    )


def too_long(place: Place, column: str, most: int) -> Fault:
    """``E-OUTCOME-LONG``: a text of which only the beginning is kept."""
    return place.fault(
        "E-OUTCOME-LONG",
        f"lebih dari {most} huruf: hanya awalnya yang disimpan; ringkaskan",
        f"more than {most} letters: only the beginning is kept; shorten it",
        column=column,
    )


def no_code(place: Place, said: str) -> Fault:
    """``E-OUTCOME-CODE``: nobody can tell what the visit ended in."""
    what = (f"hasil '{shown(said)}' tidak dikenal", f"the outcome '{shown(said)}' is not known")
    if not said:
        what = ("hasil kunjungan kosong", "the outcome is empty")
    return place.fault(
        "E-OUTCOME-CODE",
        f"{what[0]}; pilih salah satu kata di daftar hasil kunjungan",
        f"{what[1]}; choose one of the words of the list of outcomes",
        column="Hasil kunjungan",
    )


def no_visit(place: Place) -> Fault:
    """``E-OUTCOME-VISIT``: an answer without the code of its visit."""
    return place.fault(
        "E-OUTCOME-VISIT",
        "kode kunjungan kosong; salin dari lembar tugas, atau pilih 'keluarga baru' bila "
        "keluarga ini belum terdaftar",
        "the visit code is empty; copy it from the sheet, or choose 'a family that is not "
        "listed' if no list has it",
        column="Kode kunjungan",
    )


def no_proposal(place: Place) -> Fault:
    """``E-OUTCOME-PROPOSAL``: a new family of which too little is said."""
    return place.fault(
        "E-OUTCOME-PROPOSAL",
        "keluarga baru perlu kode kelurahan/desa (dengan titik) dan nama kepala keluarga",
        "a new family needs the code of its village (with dots) and the name of its head",
    )


def no_id(place: Place) -> Fault:
    """``E-OUTCOME-ID``: nothing says which submission it is."""
    return place.fault(
        "E-OUTCOME-ID",
        "tidak ada nomor kiriman (KEY di ODK, _uuid di Kobo); unduh ulang berkas lengkap dengan "
        "kolom itu",
        "there is no id of the submission (KEY of ODK, _uuid of Kobo); download the file again "
        "with that column",
    )


def not_readable(place: Place, status: str) -> Fault:
    """``E-OUTCOME-STATUS``: the form's server holds the answer back, or somebody refused it."""
    return place.fault(
        "E-OUTCOME-STATUS",
        f"jawaban ini berstatus '{shown(status)}' di server formulir; selesaikan di sana, lalu "
        "unduh ulang",
        f"the form's server marks this answer '{shown(status)}'; settle that there, then "
        "download the file again",
    )
