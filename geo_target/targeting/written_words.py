"""What the words of lists say about a person: sex, head of the family, disability, work.

Lists write what their offices write: P3KE words of its own, DTSEN those of BPS, the canonical
layout often the occupations of the KTP. A word that nobody here knows says nothing: it is None,
never a no.
"""

import re
from typing import NamedTuple

from geo_target.registry.listed_persons import MEMBER_WORDS


class Work(NamedTuple):
    """What an occupation says: None where it does not."""

    is_informal: bool | None = None
    """Paid by no employer (bukan penerima upah, as BPJS calls it)."""
    is_fisher_or_laborer: bool | None = None
    """A fisher, or a laborer on somebody's farm."""


_SEXES = {
    "m": {"l", "lk", "laki", "laki laki", "pria", "m", "male", "1"},
    "f": {"p", "pr", "perempuan", "wanita", "w", "f", "female", "2"},
}
#: Any other word that fills the column names a disability, and so does what somebody cannot do.
_WITHOUT_DISABILITY = re.compile(
    r"|-|0|t|n|no|none|nihil|normal|bukan( .*)?|non ?disabilitas|sehat"
    r"|(tidak|tdk)( (ada|punya|memiliki|[mp]enyandang|(ke)?cacat(an)?|disabilitas|difabel))*"
)
_CANNOT = re.compile(
    r"(tidak|tdk) (bisa|dapat|dpt|mampu) .*"
    r"\b(ber|men?)?(jalan|lihat|dengar|bicara|diri|duduk|bangun|gerak)"
)
#: 'Tidak dapat ditemui' and 'tidak tahu' are no answer.
_UNKNOWN_DISABILITY = re.compile(r"kosong|null|belum .*|(tidak|tdk) .*|[1-9]\d*")

_EMPLOYED = _IDLE = Work(is_informal=False, is_fisher_or_laborer=False)
_FREE = Work(is_informal=True, is_fisher_or_laborer=False)
_FARM_HAND = Work(is_informal=True, is_fisher_or_laborer=True)
#: The first that is found in the occupation says what it is.
_OCCUPATIONS = tuple(
    (re.compile(rf"\b({pattern})"), work)
    for pattern, work in (
        # Whoever does not work, and housework at one's own home.
        (r"(tidak|tdk|belum) (be)?kerja|pengangguran|pensiun|purna|mahasiswa|kuliah", _IDLE),
        (r"(meng)?urus rumah|ibu rumah tangga|irt$|pelajar|murid|siswa|(masih |ber)sekolah", _IDLE),
        # Whoever has an employer, and offices.
        (r"buruh pabrik|buruh karyawan|(karyawan|karyawati|pegawai|honorer|pekerja swasta)",
         _EMPLOYED),
        (r"pns|asn|pppk|p3k|tni|polri|kepolisian|polisi|tentara|bumn|bumd|aparat", _EMPLOYED),
        (r"guru ngaji|guru mengaji", Work()),
        (r"guru|dosen|perawat|satpam|sekuriti|security|pilot|tenaga tata usaha", _EMPLOYED),
        (r"(perangkat|kepala|pamong) desa|lurah|anggota (dpr|dpd|bpk|mahkamah|kabinet|lembaga)",
         _EMPLOYED),
        (r"pejabat|presiden|wakil|gubernur|bupati|wali ?kota|duta besar|menteri", _EMPLOYED),
        # Trade, with fish too.
        (r"pengusaha|penjual|pedagang|berdagang|dagang|jualan|warung|asongan|kaki lima", _FREE),
        # Fishers and hands on farms, with wages by the day or a share of the catch.
        (r"^nelayan|pekerja bebas (di )?pertanian", _FARM_HAND),
        (r"buruh\b.*\b(nelayan|perikanan|tani|pertanian|kebun|perkebunan|ternak|peternakan|sawah)",
         _FARM_HAND),
        # Own account, by the day, in somebody's house.
        (r"petani|pekebun|peternak|penggarap|petambak", _FREE),
        (r"berusaha|usaha sendiri|wira(swasta|usaha)|pekerja (bebas|lepas|keluarga)",
         _FREE),
        (r"buruh\b.*\b(harian|lepas|tidak tetap|serabutan|bangunan|cuci|angkut|gendong)", _FREE),
        (r"serabutan|kuli\b", _FREE),
        (r"tukang|sopir|supir|pengemudi|ojek|ojol|becak|kusir|pemulung|juru parkir|penjahit",
         _FREE),
        (r"(pembantu|asisten) rumah tangga|art$|prt$|paraji|dukun|pengrajin|perajin|pengasuh",
         _FREE),
    )
)  # fmt: skip


def sex_of(word: str) -> str | None:
    """'m' or 'f' of ``L``, ``LAKI-LAKI``, ``2``, ``2. Perempuan``."""
    bare = _bare(word)
    return next((sex for sex, words in _SEXES.items() if bare in words), None)


def is_head(word: str) -> bool | None:
    """Whether a relation is the head's; 1 is their code of SHDK."""
    bare = _bare(word)
    if bare.startswith("kepala") or bare in {"1", "kk", "krt", "head"}:
        return True
    return False if re.match(MEMBER_WORDS, bare) else None


def is_disabled(word: str) -> bool | None:
    """Whether a person has a disability: ``tidak ada`` is none, ``tuna netra`` is one.

    Codes differ from list to list, and say nothing.
    """
    bare = _bare(word)
    if _WITHOUT_DISABILITY.fullmatch(bare):
        return False
    return None if _UNKNOWN_DISABILITY.fullmatch(bare) and not _CANNOT.match(bare) else True


def work_of(word: str) -> Work:
    """What an occupation says; a branch of trade, such as ``industri``, says nothing."""
    bare = _bare(word)
    return next((work for pattern, work in _OCCUPATIONS if pattern.search(bare)), Work())


def _bare(word: str) -> str:
    """Small letters and digits, blanks for all else; of ``2. Perempuan`` the word."""
    bare = " ".join(re.sub(r"[\W_]+", " ", word.casefold()).split())
    return re.sub(r"^\d+ (?=[a-z])|(?<=^\d) 0$|^0(?=\d$)", "", bare)
