"""The words of a report on an incident, in Indonesian and in English."""

from collections.abc import Mapping
from typing import Any

from geo_target.errors import Language

#: Parts of the findings that are tables, and their columns.
TABLES: Mapping[str, tuple[str, ...]] = {
    "seen": ("verb", "object_type", "fields", "result", "entries", "persons", "first", "last"),
    "accounts": ("actor", "role", "entries", "persons", "sessions", "first", "last"),
    "sessions": ("actor", "session", "address", "entries", "persons", "first", "last"),
    "denied": ("actor", "address", "verb", "entries", "first", "last"),
    "unnamed": ("seq", "at", "actor", "verb", "object_id", "run_id", "persons"),
}

HEADS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "seq": "entri", "at": "waktu", "actor": "akun", "role": "peran", "session": "sesi",
        "address": "alamat", "verb": "perbuatan", "object_type": "objek", "object_id": "kode",
        "fields": "isian", "result": "hasil", "run_id": "hitungan", "entries": "entri",
        "persons": "orang, dihitung tiap kali", "sessions": "sesi", "first": "pertama",
        "last": "terakhir", "person": "orang",
    },
    "en": {
        "seq": "entry", "at": "time", "actor": "account", "role": "role", "session": "session",
        "address": "address", "verb": "verb", "object_type": "object", "object_id": "code",
        "fields": "fields", "result": "result", "run_id": "run", "entries": "entries",
        "persons": "persons, each time", "sessions": "sessions", "first": "first",
        "last": "last", "person": "person",
    },
}  # fmt: skip

WORDS: Mapping[Language, Mapping[str, Any]] = {
    "id": {
        "title": "Laporan insiden data pribadi",
        "parts": "Bagian 1 berasal dari jejak audit. Bagian 2 diisi instansi: pemberitahuan "
        "tertulis kepada orangnya dan kepada lembaga paling lambat 3 x 24 jam (UU 27/2022 pasal "
        "46). Langkahnya: docs/privacy/breach.md.",
        "known": "1. Yang diketahui jejak audit",
        "made": "Dibuat",
        "period": "Masa",
        "only": "Hanya",
        "entries": "Entri",
        "persons": "Orang yang datanya terlihat dan tercatat sandinya",
        "families": "Keluarga yang tercatat nomornya, di daftar yang sama; anggotanya dapat sama "
        "dengan orang di atas",
        "counted": "Entri yang hanya mencatat jumlah orang, tanpa sandi: {entries} entri, "
        "{persons} orang (tabel terakhir): orangnya ada di berkas yang dibawa, atau di hasil "
        "hitungannya",
        "whole": "Rantai jejak audit: utuh sampai {head}; cocokkan dengan salinan harian "
        "(geo-target audit verify --head), sebab ujung yang dibuang tidak terlihat tanpa salinan",
        "broken": "Rantai jejak audit: RUSAK, sesudahnya tidak dapat dipercaya: {why}",
        "seen": "Apa yang dilihat atau dilakukan",
        "accounts": "Oleh siapa",
        "sessions": "Dari sesi dan alamat mana",
        "denied": "Percobaan yang ditolak",
        "unnamed": "Entri yang hanya mencatat jumlah orang",
        "none": "Tidak ada.",
        "more": "Dan {count} baris lagi; persempit masanya, atau lihat geo-target audit export.",
        "open": "2. Diisi oleh instansi",
        "items": (
            "Insiden diketahui pada (tanggal, jam) dan oleh siapa",
            "Batas pemberitahuan (3 x 24 jam sesudahnya)",
            "Data pribadi yang terungkap",
            "Kapan dan bagaimana terungkap",
            "Upaya penanganan dan pemulihan",
            "Diberitahukan kepada orangnya (tanggal, cara, jumlah)",
            "Diberitahukan kepada lembaga (tanggal, nomor surat)",
            "Penanggung jawab (nama, jabatan)",
        ),
        "fields": "Isian yang tercatat terlihat: {fields}",
    },
    "en": {
        "title": "Report on an incident with personal data",
        "parts": "Part 1 comes from the audit log. Part 2 is filled in by the agency: persons and "
        "the authority are told in writing within 3 x 24 hours (UU 27/2022 art. 46). The steps: "
        "docs/privacy/breach.md.",
        "known": "1. What the audit log knows",
        "made": "Made",
        "period": "Period",
        "only": "Only",
        "entries": "Entries",
        "persons": "Persons whose data were seen, and whose keyed ids are known",
        "families": "Families whose ids are known, in the same list; their members may be the "
        "persons above",
        "counted": "Entries that say how many persons, and not which: {entries} entries, {persons} "
        "persons (last table): look at the file that was taken, or at the snapshot of the run",
        "whole": "Chain of the audit log: whole up to {head}; compare it with the daily copy "
        "(geo-target audit verify --head), for without one a missing end does not show",
        "broken": "Chain of the audit log: BROKEN, what follows cannot be relied on: {why}",
        "seen": "What was seen or done",
        "accounts": "By whom",
        "sessions": "From which sessions and addresses",
        "denied": "Attempts that were denied",
        "unnamed": "Entries that say how many persons, and not which",
        "none": "None.",
        "more": "And {count} rows more; narrow the period, or see geo-target audit export.",
        "open": "2. Filled in by the agency",
        "items": (
            "Incident known since (date, hour), and by whom",
            "Persons and authority must be told by (3 x 24 hours later)",
            "Personal data that were disclosed",
            "When and how they were disclosed",
            "What was done to handle and to mend it",
            "Persons told (date, how, how many)",
            "Authority told (date, number of the letter)",
            "Answerable (name, office)",
        ),
        "fields": "Fields that are known to have been seen: {fields}",
    },
}
