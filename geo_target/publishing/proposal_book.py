"""The proposal to SIKS-NG as a workbook: a cover with the figures of the minutes, and the families.

No paper says of anybody that they are poor: it is 'pemutakhiran data'.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo_target.publishing.civil_registry_book import Letter
from geo_target.publishing.encrypted_workbook import Sheet

TITLE = "Usulan pemutakhiran data"
#: Fields and their order as in the table data_dtks of wp-siks, which takes them out of SIKS-NG;
#: after them what the visit adds, and what the operator fills in. Each with its width in letters.
_COLUMNS = {
    "No.": 6, "PROVINSI": 12, "KABUPATEN/KOTA": 18, "KECAMATAN": 18, "DESA/KELURAHAN": 18,
    "RT": 5, "RW": 5, "ALAMAT": 32, "NIK": 20, "NOKK": 20, "NAMA": 28,
    "JUMLAH ANGGOTA": 10, "USULAN": 34, "TANGGAL KUNJUNGAN": 13, "YANG PERLU DILENGKAPI": 28,
    "KETERANGAN OPERATOR": 28,
}  # fmt: skip
_BLANKS = ("KETERANGAN OPERATOR",)
#: Lines of the minutes of a musyawarah, by the outcomes that count in each.
_MINUTES: Mapping[str, tuple[str, ...]] = {
    "Keluarga tidak ditemukan": ("not_found", "empty_house", "refused"),
    "Keluarga mampu": ("better_off",),
    "Keluarga pindah": ("moved",),
    "Keluarga meninggal": ("died",),
    "Keluarga ganda atau bagian keluarga lain": ("duplicate", "part_of_other"),
    "Keluarga layak": ("found_eligible", "eligible_with_intervention"),
    "Usulan keluarga baru": ("new_family",),
}


@dataclass(frozen=True)
class Proposal:
    """A family that is proposed; numbers whole, or empty where none is usable."""

    province: str
    regency: str
    district: str
    village: str
    rt: str
    rw: str
    address: str
    national_id: str
    family_card_number: str
    name: str
    members: str
    visited_on: date
    is_new: bool
    """No list had it; else it is listed, and the register that programs rest on lacks it."""

    @property
    def lacks(self) -> str:
        """What SIKS-NG asks for and nobody has yet."""
        return ", ".join(
            name for name, value in (("NIK", self.national_id), ("NOKK", self.family_card_number),
                                     ("NAMA", self.name)) if not value
        )  # fmt: skip


def cover_of(
    letter: Letter, proposals: Sequence[Proposal], outcomes: Iterable[str]
) -> list[tuple[str, str]]:
    """Lines of the cover: to whom, until when, and the figures of the minutes.

    Parameters
    ----------
    outcomes
        The code that stands of each visit, and of each family that was found.
    """
    counts = Counter(outcomes)
    minutes = [
        (line, f"{sum(counts[code] for code in codes)} keluarga")
        for line, codes in _MINUTES.items()
    ]
    lacking = sum(1 for one in proposals if one.lacks)
    expires = f"{letter.expires:%d-%m-%Y}"
    return [
        ("RAHASIA", "Memuat data pribadi. Hanya untuk petugas yang ditunjuk instansi penerima."),
        ("Perihal", "Usulan pemutakhiran data hasil kunjungan lapangan"),
        ("Kepada", letter.agency),
        ("Nomor surat", letter.number),
        ("Tanggal", f"{letter.made_on:%d-%m-%Y}"),
        ("Berlaku sampai", f"{expires}: berkas ini dan setiap salinannya harus dimusnahkan paling "
                           f"lambat {expires}"),
        ("Keperluan", "Pengusulan melalui SIKS-NG oleh operator; tidak untuk keperluan lain"),
        ("Dasar hukum", "Permensos 3/2025; UU 27/2022 tentang Pelindungan Data Pribadi"),
        ("Jumlah", f"{len(proposals)} keluarga; {lacking} belum lengkap (lihat kolom YANG PERLU "
                   "DILENGKAPI)"),
        *minutes,
        ("Keluarga dikunjungi", f"{counts.total() - counts['new_family']} keluarga"),
        ("Dibuat oleh", letter.by),
        ("Narahubung", ""),
    ]  # fmt: skip


def sheet_of(proposals: Iterable[Proposal]) -> Sheet:
    """The families, in the order of SIKS-NG's fields."""
    return Sheet("Usulan", tuple(_COLUMNS), tuple(_COLUMNS.values()), _rows(proposals), _BLANKS)


def _rows(proposals: Iterable[Proposal]) -> Iterator[Sequence[str]]:
    for number, one in enumerate(proposals, start=1):
        what = "keluarga baru" if one.is_new else "terdaftar, belum ada di register acuan"
        yield (
            str(number), one.province, one.regency, one.district, one.village, one.rt, one.rw,
            one.address, one.national_id, one.family_card_number, one.name, one.members, what,
            f"{one.visited_on:%d-%m-%Y}", one.lacks, "",
        )  # fmt: skip
