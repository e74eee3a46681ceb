"""The words of the record of processing, in Indonesian and in English.

They rest on UU 27/2022 as far as it was read; docs/privacy says what a lawyer must check.
"""

from collections.abc import Mapping
from typing import Any

from geo_target.errors import Language

#: Whose data a list holds, by the role of its profile.
PEOPLE: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "families": "keluarga dan kepala keluarga",
        "persons": "anggota keluarga, termasuk anak",
        "enrollments": "penerima bantuan",
        "points": "keluarga (letak rumah)",
        "population": "tidak ada orang: jumlah per kelurahan/desa",
        "facilities": "tidak ada orang: fasilitas",
        "neighborhoods": "ketua RT (namanya tidak dibaca)",
        "decisions": "keluarga (ID di register saja)",
        "visits": "keluarga yang dikunjungi, dengan titik rumah dan data yang dibetulkan",
    },
    "en": {
        "families": "families and family heads",
        "persons": "members of families, children among them",
        "enrollments": "recipients of aid",
        "points": "families (places of homes)",
        "population": "no persons: counts by village",
        "facilities": "no persons: facilities",
        "neighborhoods": "heads of RT (their names are not read)",
        "decisions": "families (their ids in registers alone)",
        "visits": "families that were visited, with points of homes and corrected data",
    },
}

#: Specific data (art. 4), by canonical column, and why. Where it is not sure that a column
#: is specific it is named here: the stricter reading costs nothing.
SPECIFIC: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "income_rupiah_per_month": "keuangan pribadi",
        "spending_rupiah_per_month": "keuangan pribadi",
        "food_above_half": "keuangan pribadi",
        "amount_rupiah": "keuangan pribadi",
        "decile": "menyingkap keadaan ekonomi; diperlakukan sebagai keuangan pribadi",
        "program": "menerima bantuan menyingkap bahwa orangnya miskin",
        "flagged_programs": "menerima bantuan menyingkap bahwa orangnya miskin",
        "programs": "menerima bantuan menyingkap bahwa orangnya miskin",
        "eligibility": "kelayakan menyingkap bahwa orangnya miskin",
        "disability": "kesehatan; periksa oleh ahli hukum",
        "members_of_families": "data anak: daftar anggota keluarga memuat anak",
    },
    "en": {
        "income_rupiah_per_month": "personal finances",
        "spending_rupiah_per_month": "personal finances",
        "food_above_half": "personal finances",
        "amount_rupiah": "personal finances",
        "decile": "tells of means; treated as personal finances",
        "program": "receiving aid says that the person is poor",
        "flagged_programs": "receiving aid says that the person is poor",
        "programs": "receiving aid says that the person is poor",
        "eligibility": "being fit for aid says that the person is poor",
        "disability": "health; to be checked by a lawyer",
        "members_of_families": "children's data: members of families include children",
    },
}

WORDS: Mapping[Language, Mapping[str, Any]] = {
    "id": {
        "title": "Catatan pemrosesan data pribadi",
        "made": "Dibuat",
        "area": "wilayah",
        "synthetic": "Dunia peragaan: semua orang dan surat di dalamnya buatan.",
        "open": (
            "Pengendali data (instansi, alamat, pejabat)",
            "Petugas pelindungan data",
            "Nomor dan tanggal penilaian dampak (docs/privacy/dpia-template.md)",
        ),
        "purpose_head": "Kegiatan",
        "purpose": "memadankan daftar keluarga dengan daftar penerima bantuan untuk menemukan "
        "keluarga miskin ekstrem yang belum tersentuh; keputusan tentang seseorang tetap dibuat "
        "orang",
        "as_of": "Keadaan per",
        "agency": "Pemberi",
        "paper": "Dasar hukum",
        "for": "Tujuan",
        "until": "Berlaku sampai",
        "state": "Status",
        "states": {
            "valid": "berlaku",
            "expired": "SUDAH HABIS: hasil tidak memuat nama",
            "missing": "BELUM ADA: hasil tidak memuat nama",
            "not-needed": "tidak perlu: tidak memuat orang",
        },
        "people": "Orang yang datanya diproses",
        "unknown_people": "belum dikenal program; isi sendiri",
        "general": "Data umum",
        "specific": "Data spesifik",
        "who": "Siapa yang boleh melihat",
        "no_person": "tidak melihat orang",
        "verbs": {
            "quarantine.own.read": "baris yang ditolak dari daftar sendiri, nomor ditutup",
            "family.read": "nama, alamat, titik dan status keluarga",
            "national-id.reveal": "satu NIK utuh dengan alasan",
            "family.export": "membawa daftar nama",
            "pair.settle": "memutuskan apakah dua catatan satu keluarga",
            "visit.own.read": "nama, alamat dan titik kunjungan sendiri",
            "pseudonym.read": "keluarga dengan nama samaran",
            "pseudonym.export": "membawa daftar dengan nama samaran",
        },
        "retention_head": "Masa simpan (geo-target purge menghapus menurut [retention])",
        "retention": (
            "tabel rinci bernama: {exact_days} hari; yang sedang dipakai, dan yang terakhir dari "
            "triwulan sebelumnya, tetap",
            "karantina: {quarantine_days} hari; yang sedang dipakai tetap",
            "daftar mentah: {sources_days} hari; dihapus dengan geo-target purge --sources",
            "ID baris register yang tidak terdaftar lagi, tanpa nama: {closed_rows_days} hari",
            "sesi yang berakhir: {sessions_days} hari",
            "percobaan masuk yang gagal: {login_attempts_days} hari",
            "kunjungan rencana yang ditutup dan hasilnya, sesudah diekspor: {visits_days} hari",
            "jejak audit: tidak dihapus program; usulan 5 tahun",
        ),
        "security_head": "Tindakan keamanan",
        "security": (
            "tanpa dasar hukum yang berlaku, nama tidak ditulis ke hasil",
            "NIK dan nomor KK ditutup sampai empat angka terakhir; sandi NIK memakai kunci",
            "tabel rinci hanya terbaca pemilik berkas; halaman rapat tidak membukanya",
            "angka 1 sampai 4 ditahan di halaman rapat",
            "akun perorangan dengan peran; sesi dapat diakhiri seketika",
            "jejak audit berantai: entri yang diubah atau dihapus ketahuan",
            "tidak ada halaman yang menghubungi komputer lain",
        ),
        "transfers_head": "Pengiriman ke pihak lain atau ke luar negeri",
        "transfers": "Tidak ada: program tidak mengirim data ke mana pun.",
    },
    "en": {
        "title": "Record of processing of personal data",
        "made": "Made",
        "area": "area",
        "synthetic": "A demo: all people and papers in it are made up.",
        "open": (
            "Controller (agency, address, official)",
            "Data protection officer",
            "Number and date of the impact assessment (docs/privacy/dpia-template.md)",
        ),
        "purpose_head": "Activity",
        "purpose": "joining registers of families and lists of recipients to find extreme-poor "
        "families that no program reaches; what is decided of a person is decided by a person",
        "as_of": "As of",
        "agency": "Given by",
        "paper": "Paper",
        "for": "Purpose",
        "until": "Valid until",
        "state": "State",
        "states": {
            "valid": "valid",
            "expired": "RUN OUT: the snapshot names nobody",
            "missing": "MISSING: the snapshot names nobody",
            "not-needed": "not needed: holds no persons",
        },
        "people": "People whose data are processed",
        "unknown_people": "not known to the program; fill in",
        "general": "General data",
        "specific": "Specific data",
        "who": "Who may see",
        "no_person": "sees no person",
        "verbs": {
            "quarantine.own.read": "refused rows of own lists, numbers masked",
            "family.read": "names, addresses, points and states of families",
            "national-id.reveal": "one whole NIK, with a reason",
            "family.export": "takes lists of names away",
            "pair.settle": "says whether two records are one family",
            "visit.own.read": "names, addresses and points of own visits",
            "pseudonym.read": "families under pseudonyms",
            "pseudonym.export": "takes lists under pseudonyms away",
        },
        "retention_head": "Retention (geo-target purge deletes by [retention])",
        "retention": (
            "exact tables with names: {exact_days} days; those in use, and the last ones of the "
            "quarter before, stay",
            "quarantine: {quarantine_days} days; that in use stays",
            "raw lists: {sources_days} days; deleted by geo-target purge --sources",
            "ids of rows of registers that are listed no more, no names: {closed_rows_days} days",
            "sessions that ended: {sessions_days} days",
            "attempts to sign in that failed: {login_attempts_days} days",
            "visits of closed plans and what they found, once exported: {visits_days} days",
            "audit log: not deleted by the program; proposed 5 years",
        ),
        "security_head": "Security measures",
        "security": (
            "without valid papers no name goes into a snapshot",
            "NIK and KK are masked to the last four digits; NIK are hashed under a key",
            "exact tables are readable by the owner of the files only; meeting pages open none",
            "counts from 1 to 4 are withheld on meeting pages",
            "personal accounts with roles; a session can be ended at once",
            "chained audit log: a changed or removed entry shows",
            "no page calls another host",
        ),
        "transfers_head": "Transfers to others or abroad",
        "transfers": "None: the program sends data nowhere.",
    },
}
