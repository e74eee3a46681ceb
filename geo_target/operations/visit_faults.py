"""Why a change of officers, plans, visits or outcomes is refused."""

from collections.abc import Sequence

from geo_target.errors import Fault
from geo_target.operations.numbers import mask_numbers

_NAMED = 5


def role(name: str) -> Fault:
    """Whose role may not."""
    return Fault(
        "E-VISIT-ROLE",
        id=f"peran {name} tidak berwenang; koordinator dan petugas kecamatan merencanakan "
        "kunjungan, petugas lapangan mengisi hasilnya",
        en=f"the role {name} may not do this; coordinators and district officers plan visits, "
        "field officers record what they found",
    )


def scope() -> Fault:
    """A visit or village of another district."""
    return Fault(
        "E-VISIT-SCOPE",
        id="ada kunjungan atau kelurahan di luar kecamatan Anda; pilih yang di kecamatan Anda saja",
        en="a visit or village lies outside your districts; choose those of your own only",
    )


def not_open(codes: Sequence[str]) -> Fault:
    """Visits that are closed, withdrawn or not there."""
    named = _few(codes)
    return Fault(
        "E-VISIT-CODE",
        id=f"kunjungan tidak ada atau sudah ditutup: {named}; muat ulang daftar",
        en=f"no such open visit: {named}; load the list again",
    )


def slip() -> Fault:
    """A code that its check sign does not fit."""
    return Fault(
        "E-VISIT-SLIP",
        id="kode kunjungan ini salah tulis; periksa lagi, huruf terakhirnya memeriksa yang lain",
        en="this code of a visit holds a slip; look again, its last sign checks the others",
    )


def twice(codes: Sequence[str]) -> Fault:
    """Codes that a visit has already."""
    named = _few(codes)
    return Fault(
        "E-VISIT-TWICE",
        id=f"kode kunjungan sudah dipakai: {named}; buat rencana sekali lagi",
        en=f"the visit codes are taken: {named}; make the plan once more",
    )


def planned(count: int) -> Fault:
    """Families that somebody is to visit already."""
    return Fault(
        "E-VISIT-PLANNED",
        id=f"{count} keluarga sudah ada di rencana lain yang masih terbuka; susun rencana ini "
        "sekali lagi",
        en=f"{count} families are in another plan that is still open; make this plan once more",
    )


def no_plan(plan_id: int) -> Fault:
    """A plan that is not there."""
    return Fault(
        "E-PLAN-UNKNOWN",
        id=f"tidak ada rencana kunjungan nomor {plan_id}; lihat daftar rencana",
        en=f"there is no plan of visits number {plan_id}; see the list of plans",
    )


def plan_closed(plan_id: int) -> Fault:
    """A plan that was closed."""
    return Fault(
        "E-PLAN-CLOSED",
        id=f"rencana kunjungan nomor {plan_id} sudah ditutup; buat rencana baru",
        en=f"plan of visits number {plan_id} is closed; make a new one",
    )


def plan_title(longest: int) -> Fault:
    """A title that is none, or holds a number."""
    return Fault(
        "E-PLAN-TITLE",
        id=f"tulis judul rencana, paling panjang {longest} huruf, tanpa NIK atau nomor KK",
        en=f"write a title of the plan, at most {longest} letters, no NIK or KK number",
        column="title",
    )


def no_officer(name: str) -> Fault:
    """Nobody of this name visits."""
    return Fault(
        "E-OFFICER-UNKNOWN",
        id=f"tidak ada petugas kunjungan bernama {mask_numbers(name)}; tambahkan dahulu",
        en=f"nobody named {mask_numbers(name)} is among those who visit; add them first",
    )


def officer_load(most: int) -> Fault:
    """Visits a day that nobody can make."""
    return Fault(
        "E-OFFICER-LOAD",
        id=f"kunjungan sehari harus 1 sampai {most}",
        en=f"visits a day must be 1 to {most}",
        column="visits_per_day",
    )


def officer_village(code: str) -> Fault:
    """What is no code of a village."""
    return Fault(
        "E-OFFICER-VILLAGE",
        id=f"bukan kode kelurahan bertitik (NN.NN.NN.NNNN): {mask_numbers(code)}",
        en=f"no code of a village with dots (NN.NN.NN.NNNN): {mask_numbers(code)}",
        column="villages",
    )


def reason_missing() -> Fault:
    """Nobody has said why."""
    return Fault(
        "E-VISIT-REASON",
        id="tulis alasannya dengan singkat",
        en="write the reason, in short",
        column="reason",
    )


def outcome_code(code: str) -> Fault:
    """A code that is not in geodata/outcomes.toml."""
    return Fault(
        "E-OUTCOME-UNKNOWN",
        id=f"kode hasil kunjungan tidak dikenal: {mask_numbers(code)}; lihat geodata/outcomes.toml",
        en=f"unknown code of an outcome: {mask_numbers(code)}; see geodata/outcomes.toml",
    )


def no_outcome(number: int) -> Fault:
    """An outcome that is not there, or is settled."""
    return Fault(
        "E-OUTCOME-NUMBER",
        id=f"hasil kunjungan nomor {number} tidak ada atau sudah diputuskan; muat ulang daftar",
        en=f"outcome number {number} is not there or is settled; load the list again",
    )


def _few(codes: Sequence[str]) -> str:
    more = len(codes) - _NAMED
    named = ", ".join(mask_numbers(code)[:40] for code in codes[:_NAMED])
    return f"{named} (+{more})" if more > 0 else named
