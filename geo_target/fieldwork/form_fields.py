"""The fields of a visit's form: what XLSForms, sheets and the readers of what returns agree on.

A field is called by its name; ODK writes ``group-name`` over the column, Kobo ``group/name``, the
sheet of a kelurahan the field's Indonesian label.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from geo_target.fieldwork.outcome_codes import codes, housing, signs
from geo_target.fieldwork.outcomes import PROPOSED
from geo_target.programs import programs

#: Choice of the programs' list that says: it receives none.
NO_PROGRAM = "none"
#: Names of the groups, in the form's order, with their labels.
GROUPS = {
    "visit": ("Kunjungan", "Visit"),
    "result": ("Hasil", "Outcome"),
    "place": ("Lokasi", "Place"),
    "aid": ("Program yang diterima", "Programs received"),
    "correction": ("Perbaikan data", "Corrections"),
    "signs": ("Tanda-tanda", "Signs"),
    "house": ("Rumah", "House"),
    "closing": ("Penutup", "Closing"),
}
#: What a corrected value is of, in both languages; CORRECTABLE and PROPOSED of `outcomes`.
_CORRECTED = {
    "village_code": ("kode kelurahan/desa", "village code"),
    "head_name": ("nama kepala keluarga", "name of the head"),
    "address": ("alamat", "address"),
    "neighborhood": ("lingkungan/kampung", "neighborhood"),
    "rt": ("RT", "RT"),
    "rw": ("RW", "RW"),
    "members": ("jumlah anggota", "number of members"),
    "head_national_id": ("NIK kepala keluarga", "NIK of the head"),
    "family_card_number": ("nomor KK", "KK number"),
}


class Kind(StrEnum):
    """What may be in a field."""

    VISIT = "visit"
    """Somebody chooses a visit of the list; `name` of the choice may be the id of an entity."""
    CODE = "code"
    """The code of the visit: computed in a form, printed in a sheet."""
    DAY = "day"
    TEXT = "text"
    LONG_TEXT = "long_text"
    POINT = "point"
    CHOICE = "choice"
    CHOICES = "choices"
    GIVEN = "given"
    """What the list says; shown, never asked."""
    FLAG = "flag"
    """``yes``, ``no``, or not answered."""
    METADATA = "metadata"
    """The form program writes it: start, end, username, deviceid."""


@dataclass(frozen=True)
class Choice:
    """One answer of a list; `name` has no blanks."""

    name: str
    id: str
    en: str


@dataclass(frozen=True)
class FormField:
    """One field.

    `group` is a key of GROUPS, empty at the top level. `choices` names a list of
    `choice_lists`. `is_in_sheet`: the sheet of a kelurahan has a column for it; a point has
    two there (`POINT_HEADERS`).
    """

    name: str
    group: str
    kind: Kind
    id: str
    en: str
    choices: str = ""
    is_in_sheet: bool = True

    @property
    def odk(self) -> str:
        """Over its column in a CSV of ODK Central; of a point the part before ``-Latitude``."""
        return f"{self.group}-{self.name}" if self.group else self.name

    @property
    def kobo(self) -> str:
        """Over its column in a CSV of Kobo, and its key in Kobo's JSON."""
        return f"{self.group}/{self.name}" if self.group else self.name


#: Columns of a sheet for the point, and for how well the phone knew it.
POINT_HEADERS = ("Bujur", "Lintang", "Akurasi (m)")


@cache
def form_fields() -> Mapping[str, FormField]:
    """All fields by name, in the form's order."""
    return {field.name: field for field in (*_metadata(), *_asked())}


def fields_of(group: str) -> Sequence[FormField]:
    """Fields of a group, in order."""
    return [field for field in form_fields().values() if field.group == group]


def sheet_fields() -> Sequence[FormField]:
    """Fields that the sheet of a kelurahan has a column for, in order; `id` is its header."""
    return [field for field in form_fields().values() if field.is_in_sheet]


def choice_lists(program_codes: Iterable[str] | None = None) -> Mapping[str, Sequence[Choice]]:
    """Lists of answers by name.

    Parameters
    ----------
    program_codes
        Programs that are asked for; all that have not ended where it is None.
    """
    catalogue = programs()
    asked = [p for p in catalogue.values() if not p.historic]
    if program_codes is not None:
        asked = [catalogue[code] for code in program_codes]
    return {
        "outcome": [Choice(one.code, one.id, one.en) for one in codes().values()],
        "yes_no": [Choice("yes", "Ya", "Yes"), Choice("no", "Tidak", "No")],
        "program": [
            Choice(NO_PROGRAM, "Tidak menerima apa pun", "None at all"),
            *(Choice(p.code, p.short_name, p.short_name) for p in asked),
        ],
        **{
            f"house_{name}": [
                Choice(choice, word, question.words[word])
                for choice, word in question.choice_names.items()
            ]
            for name, question in housing().items()
        },
    }


def _metadata() -> Iterable[FormField]:
    for name, in_indonesian, in_english in (
        ("start", "Mulai diisi", "Started"),
        ("end", "Selesai diisi", "Ended"),
        ("username", "Nama pengguna", "User name"),
        ("deviceid", "Perangkat", "Device"),
    ):
        yield FormField(name, "", Kind.METADATA, in_indonesian, in_english, is_in_sheet=False)


def _asked() -> Iterable[FormField]:
    yield FormField("chosen_visit", "visit", Kind.VISIT, "Pilih kunjungan", "Choose the visit",
                    is_in_sheet=False)  # fmt: skip
    yield FormField("visit_code", "visit", Kind.CODE, "Kode kunjungan", "Visit code")
    yield FormField("visited_on", "visit", Kind.DAY, "Tanggal kunjungan", "Day of the visit")
    yield FormField("officer", "visit", Kind.TEXT, "Petugas", "Officer")
    yield FormField("outcome", "result", Kind.CHOICE, "Hasil kunjungan", "Outcome", "outcome")
    yield FormField("duplicate_of", "result", Kind.TEXT, "Kode kunjungan keluarga yang sama",
                    "Visit code of the same family")  # fmt: skip
    yield FormField("respondent", "result", Kind.TEXT, "Yang memberi jawaban", "Who answered")
    yield FormField("point", "place", Kind.POINT, "Titik rumah", "Point of the house")
    yield FormField("is_mocked", "place", Kind.FLAG, "Lokasi tiruan", "Mock location", "yes_no",
                    is_in_sheet=False)  # fmt: skip
    yield FormField("programs", "aid", Kind.CHOICES, "Program yang diterima", "Programs received",
                    "program")  # fmt: skip
    yield from _corrections()
    for sign in signs().values():
        yield FormField(f"sign_{sign.name}", "signs", Kind.FLAG, _capital(sign.id),
                        _capital(sign.en), "yes_no")  # fmt: skip
    for question in housing().values():
        yield FormField(f"house_{question.name}", "house", Kind.CHOICE, question.id, question.en,
                        f"house_{question.name}")  # fmt: skip
    yield FormField("note", "closing", Kind.LONG_TEXT, "Catatan", "Note")


def _corrections() -> Iterable[FormField]:
    """What the list says of the family, and beside it what is right; a new family has no list."""
    for name in PROPOSED:
        in_indonesian, in_english = _CORRECTED[name]
        if name != "village_code":
            yield FormField(f"given_{name}", "correction", Kind.GIVEN,
                            f"Menurut daftar: {in_indonesian}", f"On the list: {in_english}",
                            is_in_sheet=False)  # fmt: skip
        yield FormField(f"corrected_{name}", "correction", Kind.TEXT,
                        f"Seharusnya: {in_indonesian}", f"Should be: {in_english}")  # fmt: skip


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
