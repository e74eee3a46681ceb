"""Whose data the record of processing tells of, and of what kind, in Indonesian and in English."""

from collections.abc import Mapping

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

#: What is kept of people besides the lists, by table of the operations database.
KEPT: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "users": "pemilik akun: nama, peran, kecamatan; sandi hanya sebagai hash",
        "sessions": "pemilik akun: kapan masuk dan terakhir terlihat",
        "login_attempts": "siapa pun yang salah mengetik sandi: akun dan alamat jaringan",
        "audit_log": "pemilik akun: apa yang dilihat dan dikerjakan, kapan, dari alamat mana",
        "audit_subjects": "keluarga dan orang yang terlihat, hanya sebagai sandi",
        "publications": "siapa mengusulkan dan menyetujui tayangan umum",
        "pair_decisions": "keluarga (ID di register saja), siapa memutuskan, catatannya",
        "field_officers": "petugas lapangan: nama, wilayah kerja, hari libur",
        "visit_plans": "rencana kunjungan: judul, pengaturan, siapa membuat",
        "visits": "keluarga yang dikunjungi: kelurahan, RW, RT, lingkungan, titik rumah, status "
        "bantuan (data spesifik); tanpa nama",
        "visit_outcomes": "keluarga yang dikunjungi: hasil, bantuan yang diterima dan keadaan "
        "rumah (data spesifik), titik rumah, catatan, dan yang dibetulkan: nama, alamat, NIK, KK",
        "meetings": "rapat: hari, tempat, lembaga, siapa mencatat",
        "meeting_decisions": "keputusan rapat: tempat, lembaga, tenggat, siapa mencatat",
    },
    "en": {
        "users": "owners of accounts: name, role, districts; passwords as hashes alone",
        "sessions": "owners of accounts: when they signed in and were last seen",
        "login_attempts": "whoever mistypes a password: account and network address",
        "audit_log": "owners of accounts: what they saw and did, when, from which address",
        "audit_subjects": "families and persons who were seen, as keyed ids alone",
        "publications": "who proposed and who approved what is public",
        "pair_decisions": "families (their ids in registers alone), who decided, the note",
        "field_officers": "field officers: name, villages, days off",
        "visit_plans": "plans of visits: title, settings, who made them",
        "visits": "families to be visited: village, RW, RT, neighborhood, point of the home, state "
        "of aid (specific data); no names",
        "visit_outcomes": "visited families: the outcome, aid received and state of the house "
        "(specific data), point of the home, note, and what was corrected: name, address, NIK, KK",
        "meetings": "meetings: day, place, agencies, who wrote them down",
        "meeting_decisions": "what meetings decided: place, agency, due day, who wrote it down",
    },
}
