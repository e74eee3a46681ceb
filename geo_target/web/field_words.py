"""What states, kinds and refusals of visits are called on the screen, and what pages share."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.errors import Fault, GeoTargetError
from geo_target.fieldwork.outcome_codes import codes
from geo_target.web import visitors
from geo_target.web.language import language
from geo_target.web.store import Served
from geo_target.web.wording import village_kind


def page_words(served: Served) -> dict[str, Any]:
    """What every page of visits is given of the run and of who looks at it."""
    snapshot = served.snapshot
    return {
        "snapshot": snapshot,
        "summary": snapshot.summary,
        "degraded": served.degraded,
        "user": visitors.user(),
        "opened": visitors.doors().clock(),
        "villages": {code: str(v["village_name"]) for code, v in snapshot.villages.items()},
        "kind": village_kind(snapshot.villages),
    }


def pace_words() -> Mapping[str, str]:
    """By `Pace`."""
    return {
        "empty": _("tidak ada"),
        "done": _("selesai"),
        "ahead": _("mendahului rencana"),
        "on-time": _("sesuai rencana"),
        "behind": _("tertinggal"),
    }


def notice_words() -> Mapping[str, str]:
    """By the code of a notice of a plan, see docs/codes.md."""
    return {
        "N-PLAN-EMPTY": _(
            "Tidak ada keluarga yang memenuhi pilihan ini, atau semuanya baru saja dikunjungi."
        ),
        "N-PLAN-NO-DAY": _("Semua hari yang dipilih adalah akhir pekan atau hari libur."),
        "N-PLAN-UNEVEN": _(
            "Ada muatan yang lebih dari 15 persen di atas atau di bawah rata-rata, "
            "sebab RW tidak dipecah."
        ),
        "N-PLAN-NOBODY": _("Ada kunjungan tanpa petugas: tidak ada petugas yang dapat datang."),
        "N-PLAN-BEYOND": _(
            "Ada operator yang mendapat kunjungan di luar kelurahannya, sebab tidak "
            "ada yang memegangnya dan tidak ada pendamping."
        ),
        "N-PLAN-LEFT": _("Ada kunjungan yang tidak muat dalam hari yang ada."),
        "N-PLAN-LOCK-LOST": _(
            "Ada kunjungan terkunci yang petugasnya sudah tidak ada; kini dipegang orang lain."
        ),
        "N-PLAN-NO-VALUE": _(
            "Belum ada hasil kunjungan untuk menilai mana yang lebih dahulu; "
            "urutannya menurut klaster."
        ),
        "N-PLAN-HOLIDAYS": _(
            "Hari libur nasional tahun ini belum lengkap diketahui; periksa kalender."
        ),
    }


def skipped_words() -> Mapping[str, str]:
    """By the reason why somebody is left out of a plan."""
    return {
        "state": _("keadaannya tidak dipilih"),
        "reason": _("sebabnya tidak dipilih"),
        "evidence": _("buktinya lebih baru dari tanggal itu"),
        "visited": _("sudah dikunjungi belum lama ini"),
        "return": _("belum waktunya didatangi ulang"),
        "limit": _("di luar batas jumlah"),
        "planned": _("sudah ada di rencana lain yang masih terbuka"),
    }


def balance_words() -> Mapping[str, str]:
    """By `Balance`."""
    return {
        "fair": _("seimbang"),
        "over": _("lebih banyak"),
        "under": _("lebih sedikit"),
        "gone": _("petugas sudah dihapus"),
    }


def orphan_words() -> Mapping[str, str]:
    """By the reason why an outcome belongs to no visit."""
    return {
        "unknown": _("kode kunjungannya tidak dikenal"),
        "closed": _("kunjungannya sudah ditutup"),
        "withdrawn": _("kunjungannya sudah ditarik"),
        "foreign": _("kunjungannya bukan tugas pengirimnya"),
    }


def words_of(fault: Fault | GeoTargetError) -> str:
    """A refusal as a sentence."""
    told = fault.faults[0] if isinstance(fault, GeoTargetError) else fault
    words = told.id if language() == "id" else told.en
    return f"{words[:1].upper()}{words[1:]}."


def kind_words() -> Mapping[str, str]:
    """By `OfficerKind`."""
    return {
        "operator": _("operator kelurahan"),
        "facilitator": _("pendamping"),
    }


def outcome_words() -> Mapping[str, str]:
    """By the code of an outcome."""
    is_indonesian = language() == "id"
    return {code: told.id if is_indonesian else told.en for code, told in codes().items()}


def corrected_words() -> Mapping[str, str]:
    """By the field that an answer corrects."""
    return {
        "village_code": _("kelurahan/desa"),
        "head_name": _("nama kepala keluarga"),
        "address": _("alamat"),
        "neighborhood": _("lingkungan"),
        "rt": "RT",
        "rw": "RW",
        "members": _("jumlah anggota"),
        "head_national_id": _("NIK kepala keluarga"),
        "family_card_number": _("nomor KK"),
    }
