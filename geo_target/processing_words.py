"""The words of the record of processing, in Indonesian and in English.

They rest on UU 27/2022 as far as it was read; docs/privacy says what a lawyer must check.
"""

from collections.abc import Mapping
from typing import Any

from geo_target.errors import Language

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
            "visit.assign": "kunjungan keluarga tanpa nama: kelurahan, RW, RT, hari, petugas",
            "visit.own.read": "nama, alamat dan titik kunjungan sendiri",
            "visit.carry": "membawa nama, alamat dan titik kunjungan yang masih terbuka",
            "pseudonym.read": "keluarga dengan nama samaran",
            "pseudonym.export": "membawa daftar dengan nama samaran",
        },
        "retention_head": "Masa simpan (geo-target purge menghapus menurut [retention])",
        "retention": (
            "tabel rinci bernama: {exact_days} hari; yang sedang dipakai, dan yang terakhir dari "
            "triwulan sebelumnya, tetap",
            "karantina: {quarantine_days} hari; yang sedang dipakai tetap",
            "daftar mentah: {sources_days} hari; dihapus dengan geo-target purge --sources",
            "berkas yang diserahkan di halaman dan tidak dipakai: {sources_days} hari",
            "salinan daftar yang pernah dibaca: {copies_days} hari sejak terakhir dipakai, dan "
            "tidak lebih lama daripada daftarnya",
            "ID baris register yang tidak terdaftar lagi, tanpa nama: {closed_rows_days} hari",
            "sesi yang berakhir: {sessions_days} hari",
            "percobaan masuk yang gagal: {login_attempts_days} hari",
            "kunjungan rencana yang ditutup dan hasilnya, sesudah diekspor: {visits_days} hari",
            "hasil kunjungan, usulan dan keputusan yang sudah diekspor sebagai daftar: selama "
            "hitungan memakainya; dihapus sendiri",
            "cadangan: 90 hari, dihapus sendiri; purge tidak menjangkaunya",
            "kertas dan berkas bekal kunjungan: sampai kunjungannya ditutup; dimusnahkan petugas",
            "berkas bersandi untuk instansi: sampai tanggal di dalamnya, paling lama 90 hari",
            "jejak audit: tidak dihapus program; usulan 5 tahun",
        ),
        "security_head": "Tindakan keamanan",
        "sealed": "NIK kepala keluarga sasaran disimpan terenkripsi (access.reveal_numbers); "
        "satu per satu dapat dibuka petugas kecamatannya, dengan alasan, paling banyak 30 sejam",
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
        "transfers": "Program sendiri tidak mengirim data ke mana pun. Yang dibawa orang keluar, "
        "tiap kali tercatat di jejak audit:",
        "leaves": (
            "berkas bersandi untuk Disdukcapil: nama, alamat, NIK dan nomor KK yang perlu "
            "diperbaiki (geo-target export civil-registry)",
            "berkas bersandi usulan untuk SIKS-NG: nama, alamat, NIK dan nomor KK (geo-target "
            "export proposals)",
            "bekal kunjungan: kertas dan paket ODK dengan nama dan alamat; lembar kelurahan dan "
            "peta tanpa nama; nomor hanya empat angka terakhir",
            "paket Kobo: tanpa nama. Server KoboToolbox yang umum berada di luar negeri: isi di "
            "sini server mana yang dipakai ............",
            "lembar pasangan yang meragukan, dengan nama (geo-target review export)",
            "daftar keluarga sekelurahan untuk petugas kecamatan: nama dan alamat, nomor hanya "
            "empat angka terakhir, dengan keperluan dan tanggal hapus di setiap baris (XLSX)",
            "keluarga dengan samaran untuk analis: tanpa nama dan alamat, titik dibulatkan "
            "sampai kira-kira 100 m (CSV)",
            "baris yang harus diperbaiki, kepada yang menyerahkan daftarnya",
            "tabel, lapisan dan halaman rapat: tanpa orang, angka kecil ditahan",
        ),
        "kept_head": "Yang disimpan di basis data operasi",
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
            "visit.assign": "visits to families without names: village, RW, RT, day, officer",
            "visit.own.read": "names, addresses and points of own visits",
            "visit.carry": "carries names, addresses and points of open visits",
            "pseudonym.read": "families under pseudonyms",
            "pseudonym.export": "takes lists under pseudonyms away",
        },
        "retention_head": "Retention (geo-target purge deletes by [retention])",
        "retention": (
            "exact tables with names: {exact_days} days; those in use, and the last ones of the "
            "quarter before, stay",
            "quarantine: {quarantine_days} days; that in use stays",
            "raw lists: {sources_days} days; deleted by geo-target purge --sources",
            "files handed in on the page that nothing uses: {sources_days} days",
            "copies of lists as they were read: {copies_days} days from their last use, and no "
            "longer than the list",
            "ids of rows of registers that are listed no more, no names: {closed_rows_days} days",
            "sessions that ended: {sessions_days} days",
            "attempts to sign in that failed: {login_attempts_days} days",
            "visits of closed plans and what they found, once exported: {visits_days} days",
            "findings, proposals and decisions that were exported as lists: as long as runs use "
            "them; deleted by hand",
            "backups: 90 days, deleted by hand; purge cannot reach into them",
            "papers and files of visits: until the visits are closed; destroyed by the officer",
            "encrypted files for agencies: until the date in them, 90 days at most",
            "audit log: not deleted by the program; proposed 5 years",
        ),
        "security_head": "Security measures",
        "sealed": "NIK of heads of target families are kept encrypted (access.reveal_numbers); the "
        "officer of their district opens them one by one, for a reason, 30 an hour at most",
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
        "transfers": "The program itself sends data nowhere. What people carry away, each time "
        "written into the audit log:",
        "leaves": (
            "encrypted file for the civil registry: names, addresses, NIK and KK that are to be "
            "mended (geo-target export civil-registry)",
            "encrypted proposals for SIKS-NG: names, addresses, NIK and KK (geo-target export "
            "proposals)",
            "what is carried to visits: papers and packages for ODK with names and addresses; "
            "sheets of villages and maps without; of numbers the last four digits",
            "packages for Kobo: no names. The common servers of KoboToolbox are abroad: say here "
            "which server is used ............",
            "sheets of doubtful pairs, with names (geo-target review export)",
            "lists of a village for the district officer: names and addresses, of numbers the last "
            "four digits, with use and day to delete in every row (XLSX)",
            "families under pseudonyms for the analyst: no names or addresses, points to about "
            "100 m (CSV)",
            "rows to be mended, for whoever handed the list in",
            "tables, layers and pages of the meeting: no persons, small counts withheld",
        ),
        "kept_head": "Kept in the operations database",
    },
}
