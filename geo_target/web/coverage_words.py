"""What reasons, groups of families, strategies, funds and states are called on the screen.

Each is asked for in a request, for its language is that request's.
"""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext as _  # type: ignore[import-untyped]


class ReasonWords(NamedTuple):
    """A reason, what it means in one sentence, and what its office does next."""

    title: str
    meaning: str
    next_step: str


def reason_words() -> Mapping[str, ReasonWords]:
    """By the name of the reason, in the order in which they are asked."""
    return {
        "no_national_id": ReasonWords(
            _("Tidak ada NIK yang dapat dipakai"),
            _("Tidak satu pun anggotanya punya NIK yang utuh di daftar."),
            _("rekam atau perbaiki NIK-nya, lalu padankan lagi"),
        ),
        "not_in_civil_registry": ReasonWords(
            _("NIK kepala keluarga tidak padan Dukcapil"),
            _("Sebuah daftar menandai NIK kepala keluarganya tidak padan atau tidak ada."),
            _("periksa NIK dan KK-nya, lalu perbaiki di daftar asal"),
        ),
        "not_in_register": ReasonWords(
            _("Tidak ada di register acuan program"),
            _("Register yang dipakai untuk memilih penerima tidak memuat keluarganya."),
            _("usulkan lewat musyawarah kelurahan atau desa"),
        ),
        "above_decile": ReasonWords(
            _("Desilnya di atas batas program"),
            _("Desil keluarganya melewati batas program, dan aturan lain tidak menolongnya."),
            _("tinjau peringkatnya dengan hasil pemutakhiran data"),
        ),
        "eligible_not_enrolled": ReasonWords(
            _("Layak, belum terdaftar"),
            _("Menurut aturan sebuah program keluarganya layak, dan tidak pernah terdaftar."),
            _("usulkan sebagai penerima"),
        ),
        "enrolled_inactive": ReasonWords(
            _("Pernah terdaftar, kini tidak berlaku"),
            _("Ada di daftar penerima, tetapi tidak berlaku pada hari hitungan."),
            _("cari sebab berhentinya; aktifkan lagi bila masih layak"),
        ),
        "moved_or_dead": ReasonWords(
            _("Pindah atau meninggal"),
            _("Kunjungan terakhir menemukan keluarganya pindah atau meninggal."),
            _("mutakhirkan KK dan alamatnya"),
        ),
        "unfit_by_visit": ReasonWords(
            _("Dinilai tidak layak saat kunjungan"),
            _("Kunjungan terakhir menilainya tidak layak, atau bagian dari keluarga lain."),
            _("periksa ulang putusannya lewat musyawarah kelurahan atau desa"),
        ),
        "never_verified": ReasonWords(
            _("Belum pernah dikunjungi"),
            _("Belum ada kunjungan yang bertemu keluarganya."),
            _("jadwalkan kunjungan pemutakhiran data"),
        ),
        "unexplained": ReasonWords(
            _("Belum diketahui sebabnya"),
            _("Sudah dikunjungi, dan tidak satu pun sebab di atas berlaku."),
            _("bahas satu per satu"),
        ),
    }


def lens_words() -> Mapping[str, str]:
    """Groups of families that a meeting asks for."""
    return {
        "female_head": _("Perempuan kepala keluarga"),
        "elderly_alone": _("Lansia yang tinggal sendiri"),
        "disability": _("Ada penyandang disabilitas"),
        "small_children": _("Ada anak di bawah 7 tahun"),
        "fishers_laborers": _("Ada nelayan atau buruh tani"),
    }


def strategy_words() -> Mapping[int, str]:
    """Strategies by number."""
    return {
        1: _("Mengurangi beban pengeluaran"),
        2: _("Meningkatkan pendapatan"),
        3: _("Mengurangi kantong kemiskinan"),
    }


def funding_words() -> Mapping[str, str]:
    """Who pays a program; ``shared`` where more than one does."""
    return {
        "apbn": _("APBN"),
        "apbd-province": _("APBD provinsi"),
        "apbd-regency": _("APBD kabupaten/kota"),
        "village-fund": _("Dana Desa"),
        "non-state": _("bukan negara"),
        "shared": _("bersama (lebih dari satu sumber)"),
        "unknown": _("tidak diketahui"),
    }


def confidence_words() -> Mapping[str, str]:
    """How sure a rule is."""
    return {
        "seen": _("dibaca di sumbernya"),
        "secondary": _("dari sumber kedua"),
        "memory": _("menurut ingatan, belum diperiksa"),
        "unknown": _("tidak diketahui"),
    }


def unit_words() -> Mapping[str, str]:
    """What an amount is paid for, where families tell what it costs."""
    return {"family": _("per KK"), "house": _("per rumah")}


def strategies_words(strategies: str) -> str:
    """Strategies that meet, ``1+2``; of none it is known of no program, no more than that."""
    return strategies.replace("+", " + ") or str(_("belum ada program yang diketahui"))


def number_words() -> Mapping[str, str]:
    """By how many programs families are reached; three are three or more."""
    return {
        "0": strategies_words(""),
        "1": _("satu program"),
        "2": _("dua program"),
        "3": _("tiga program atau lebih"),
    }


def state_words() -> Mapping[str, str]:
    """What a program is to a family or a person, see targeting/program_states.py."""
    return {
        "covered": _("Terdaftar dan layak"),
        "covered_undecided": _("Terdaftar, kelayakan tidak diketahui"),
        "enrolled_not_eligible": _("Terdaftar, tidak layak"),
        "uncovered": _("Layak, belum terdaftar"),
        "unmatched": _("Layak, belum padan"),
        "not_eligible": _("Tidak terdaftar, tidak layak"),
        "undecided": _("Tidak terdaftar, kelayakan tidak diketahui"),
    }


def sample_words() -> str:
    """To stand beside each error that visits found."""
    return str(
        _(
            "Dihitung dari keluarga yang dikunjungi dan mendapat putusan. Keluarga itu tidak "
            "dipilih secara acak, jadi angkanya tidak berlaku begitu saja bagi keluarga lain."
        )
    )


def errors_words() -> str:
    """That errors by lists and errors by visits are two things."""
    return str(
        _(
            "Menurut daftar: aturan program dibandingkan dengan daftar penerima, bagi semua "
            "keluarga. Menurut kunjungan: putusan petugas, hanya bagi yang dikunjungi. Keduanya "
            "hal yang berbeda."
        )
    )


def words_of_coverage() -> dict[str, object]:
    """What pages about coverage need."""
    return {
        "reason_words": reason_words(),
        "lens_words": lens_words(),
        "strategy_words": strategy_words(),
        "funding_words": funding_words(),
        "confidence_words": confidence_words(),
        "unit_words": unit_words(),
        "strategies_words": strategies_words,
        "state_words": state_words(),
        "sample_words": sample_words(),
        "errors_words": errors_words(),
    }
