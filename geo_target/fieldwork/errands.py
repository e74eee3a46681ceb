"""The errand of an officer: for whom papers are printed, in whose name, and what they say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from geo_target.fieldwork.paper_text import date_word, plain
from geo_target.fieldwork.visits import Officer, OfficerKind

#: What a visit is called at the door and on every paper.
TITLE = "Pemutakhiran data keluarga"
BANNER = "Berisi data pribadi – kembalikan atau musnahkan"
#: By number alone: the titles of some name a class that nobody reads out at a door.
GROUND = (
    "Instruksi Presiden Nomor 4 Tahun 2022 dan Nomor 8 Tahun 2025; data pribadi dijaga menurut "
    "Undang-Undang Nomor 27 Tahun 2022."
)
PURPOSE = "mencocokkan dan memutakhirkan data keluarga di tempat tinggalnya"
MANNERS = (
    "Temui ketua RT lebih dahulu, tunjukkan surat ini, sebutkan keperluannya: pemutakhiran data.",
    "Cocokkan dengan KTP dan KK yang ditunjukkan; tulis hanya yang berbeda. Menjawab itu sukarela.",
    "Jangan menjanjikan bantuan. Tidak ditemukan saat kunjungan tidak mengakhiri hak siapa pun.",
    "Jangan memotret atau menyalin lembar ini. Kembalikan semua lembar setelah selesai; bila "
    "hilang, laporkan pada hari itu juga.",
)
_ROLES: Mapping[OfficerKind, str] = {
    OfficerKind.OPERATOR: "operator kelurahan/desa",
    OfficerKind.FACILITATOR: "pendamping sosial",
}


@dataclass(frozen=True)
class Errand:
    """Who sends an officer, and who has printed the papers when.

    `outline_note` is said under each sketch, of a schematic layer that it is not official.
    """

    officer: Officer
    printed_at: datetime
    """In the office's own time."""
    printed_by: str
    office: str
    place: str = ""
    signer: str = "Kepala dinas"
    outline_note: str = ""

    @property
    def role(self) -> str:
        """What the officer is called on paper."""
        return _ROLES[self.officer.kind]

    @property
    def printed(self) -> str:
        """The line at the foot of each page: for whom, when, and by whom."""
        at = self.printed_at
        return (
            f"Dicetak untuk {plain(self.officer.display_name)}, {date_word(at.date())} "
            f"{at:%H.%M}, oleh {plain(self.printed_by)}"
        )
