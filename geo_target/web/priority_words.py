"""What classes, fields of burden and coverage, hot spots and rates are called, and their numbers.

Each is asked for in a request, for its language is that request's.
"""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.programs import Words
from geo_target.web.figures import Record
from geo_target.web.language import own, percent, whole, written


class FieldWords(NamedTuple):
    """A field of burden and coverage, and what it asks for."""

    title: str
    meaning: str


def class_words(told: Record, kind: str) -> Mapping[str, str]:
    """By class, what holds for its villages; `told` is what a summary says of priority."""
    if told.get("classes") == "breaks":
        return {
            "I": _("skor tertinggi, menurut jeda alami"),
            "II": _("skor di tengah"),
            "III": _("skor terendah"),
        }
    return {
        "I": _("paling sedikit %(kind)s yang memuat 80 %% keluarga belum tersentuh", kind=kind),
        "II": _("berikutnya, sampai 95 % termuat"),
        "III": _("selebihnya"),
    }


def quadrant_words() -> Mapping[str, FieldWords]:
    """By field, in the order in which a meeting reads them."""
    return {
        "many_low": FieldWords(
            _("Banyak, dan sering terlewat"), _("datangi lebih dahulu: lengkapi daftar penerima")
        ),
        "many_high": FieldWords(
            _("Banyak, tetapi jarang terlewat"), _("cari siapa yang masih tertinggal")
        ),
        "few_low": FieldWords(
            _("Sedikit, tetapi sering terlewat"), _("perbaiki daftar setempat, cukup sekali jalan")
        ),
        "few_high": FieldWords(
            _("Sedikit, dan jarang terlewat"), _("pertahankan, periksa tahun depan")
        ),
    }


def hot_spot_words() -> Mapping[str, str]:
    """By label of Gi*; '' is neither hot nor cold."""
    return {
        "hot": _("titik panas: terlewat lebih sering, bersama sekitarnya"),
        "cold": _("titik dingin: terlewat lebih jarang, bersama sekitarnya"),
        "": _("tidak menonjol"),
    }


def neighbor_words() -> Mapping[str, str]:
    """By label of local Moran: the village, then its neighbors."""
    return {
        "high-high": _("tinggi, tetangganya juga"),
        "low-low": _("rendah, tetangganya juga"),
        "high-low": _("tinggi, di antara yang rendah"),
        "low-high": _("rendah, di antara yang tinggi"),
        "": _("tidak menonjol"),
    }


def denominator_word(column: str) -> str:
    """Whose families the 1,000 are."""
    if column == "population_families":
        return str(_("keluarga menurut daftar penduduk"))
    return str(_("keluarga menurut semua register"))


def decimal(number: float, pattern: str = "#,##0.0") -> str:
    """A number with decimals, as ``1.234,5``."""
    return written(number, pattern)


def chance(p: float) -> str:
    """A p-value: ``p = 0,012``, or ``p < 0,001``."""
    return f"p < {decimal(0.001, '0.000')}" if p < 0.001 else f"p = {decimal(p, '0.000')}"  # noqa: PLR2004


def called(words: Words) -> str:
    """Words of a file, in the language of this request."""
    return own(words.model_dump())


def sure(share: float) -> str:
    """A share of draws: nearly all of them are never ``100 %``."""
    return f"> {percent(0.99)}" if 0.995 <= share < 1 else percent(share)  # noqa: PLR2004


def between(low: int, high: int) -> str:
    """From which rank to which, as ``2–7``."""
    return whole(low) if low == high else f"{whole(low)}–{whole(high)}"
