"""What the audit log's verbs, kinds of objects and roles are called on the screen.

The log itself holds codes, so that years of it can be counted; a person reads sentences.
`tests/web/test_audit_words.py` holds both lists to docs/security.md and to the code.
"""

from collections.abc import Mapping

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.operations.roles import ROLES, Role
from geo_target.web.language import language


def verb_words() -> Mapping[str, str]:
    """By the log's verb; one that is not here is shown as it stands."""
    return {**_door_words(), **_people_words(), **_work_words(), **_leaving_words()}


def _door_words() -> Mapping[str, str]:
    """Coming in, and what was turned away."""
    return {
        "sign-in": _("masuk"),
        "sign-in-wait": _("mencoba masuk selagi harus menunggu"),
        "sign-in-oidc": _("masuk dengan akun instansi"),
        "sign-out": _("keluar"),
        "sign-out-everywhere": _("keluar dari semua perangkat"),
        "access": _("membuka halaman"),
        "form": _("mengirim formulir kedaluwarsa"),
        "user.add": _("menambah akun"),
        "user.role": _("mengganti peran"),
        "user.passwd": _("memasang sandi baru"),
        "user.passwd-own": _("meminta ganti sandi sendiri"),
        "user.disable": _("menutup akun"),
        "user.enable": _("membuka lagi akun"),
        "key.change": _("mengganti kunci"),
    }


def _people_words() -> Mapping[str, str]:
    """What shows or carries away persons."""
    return {
        "family.read": _("membuka nama keluarga"),
        "family.export": _("mengunduh daftar keluarga"),
        "national-id.reveal": _("membuka satu NIK utuh"),
        "pseudonym.read": _("membuka daftar samaran"),
        "pseudonym.export": _("mengunduh daftar samaran"),
        "pair.settle": _("memutuskan pasangan"),
        "visit.own.read": _("membuka kunjungan sendiri"),
        "visit.carry": _("mengunduh bekal"),
        "visit.record": _("mencatat hasil kunjungan"),
        "visit.import": _("mengunggah berkas hasil"),
        "quarantine.own.read": _("mengunduh baris yang disisihkan"),
        "counts.exact.read": _("membuka angka persis"),
    }


def _work_words() -> Mapping[str, str]:
    """Visits, meetings, files of a month, snapshots."""
    return {
        "visit.assign": _("membagi kunjungan"),
        "visit.withdraw": _("menarik kunjungan"),
        "outcome.take-back": _("membatalkan isian hasil"),
        "outcome.resolve": _("memutuskan jawaban"),
        "officer.save": _("menyimpan petugas"),
        "officer.remove": _("menghapus petugas"),
        "plan.add": _("membuat rencana kunjungan"),
        "plan.replace": _("menyusun ulang rencana"),
        "plan.close": _("menutup rencana"),
        "meeting.save": _("mencatat rapat"),
        "meeting.decide": _("mencatat keputusan"),
        "meeting.withdraw": _("menarik rapat"),
        "meeting.restore": _("mengembalikan rapat"),
        "list.upload": _("mengunggah daftar"),
        "list.answer": _("menjawab tentang daftar"),
        "list.remove": _("menghapus daftar"),
        "run.start": _("menjalankan hitungan"),
        "snapshot.propose": _("mengusulkan penerbitan"),
        "snapshot.publish": _("menerbitkan untuk umum"),
        "snapshot.withdraw": _("menarik terbitan"),
        "snapshot.take-back": _("membatalkan usulan penerbitan"),
    }


def _leaving_words() -> Mapping[str, str]:
    """The log itself, and what leaves the archive."""
    return {
        "audit.read": _("membuka jejak audit"),
        "audit.who-saw": _("menanyakan siapa melihat seseorang"),
        "audit.export": _("mengunduh jejak audit"),
        "audit.breach": _("membuat laporan kebocoran"),
        "table.export": _("mengunduh tabel atau gambar"),
        "pair.export": _("mengekspor keputusan pasangan"),
        "decision.export": _("mengekspor keputusan kunjungan"),
        "visits.export": _("mengekspor hasil kunjungan"),
        "proposals.export": _("mengekspor keluarga usulan"),
        "outcome.export": _("mengekspor jawaban"),
        "civil-registry.export": _("membuat berkas untuk Dukcapil"),
        "proposal.export": _("membuat berkas usulan"),
        "backup": _("membuat cadangan"),
        "purge": _("menghapus yang lewat masa simpan"),
    }


def object_words() -> Mapping[str, str]:
    """By the kind of what an entry is about; one that is not here is shown as it stands."""
    return {
        "archive": _("arsip"),
        "audit": _("jejak audit"),
        "civil-registry": _("berkas Dukcapil"),
        "decision": _("keputusan"),
        "district": _("kecamatan"),
        "key": _("kunci"),
        "list": _("daftar"),
        "meeting": _("rapat"),
        "officer": _("petugas"),
        "page": _("halaman"),
        "pair": _("pasangan"),
        "place": _("wilayah"),
        "plan": _("rencana kunjungan"),
        "proposals": _("usulan"),
        "run": _("hitungan"),
        "snapshot": _("hasil"),
        "table": _("unduhan"),
        "upload": _("unggahan"),
        "user": _("akun"),
        "village": _("kelurahan/desa"),
        "visit": _("kunjungan"),
        "visit-plan": _("rencana kunjungan"),
        "visits": _("bekal kunjungan"),
    }


def role_words() -> Mapping[str, str]:
    """By the role that an entry names."""
    is_own = language() == "id"
    return {role.value: rule.id if is_own else rule.en
            for role, rule in ROLES.items() if role is not Role.PUBLIC}  # fmt: skip
