"""What the command `outcomes` says, in both languages."""

from collections.abc import Mapping

from geo_target.errors import Language

WORDS: Mapping[str, Mapping[Language, str]] = {
    "file": {
        "id": "{file}: {rows} baris = {taken} jawaban + {refused} tidak terbaca + {unanswered} "
        "belum diisi",
        "en": "{file}: {rows} rows = {taken} answers + {refused} not readable + {unanswered} not "
        "filled in",
    },
    "taken": {
        "id": "{given} jawaban = {new} baru + {repeated} sudah ada + {versions} versi baru + "
        "{orphans} tanpa kunjungan",
        "en": "{given} answers = {new} new + {repeated} known + {versions} new versions + "
        "{orphans} without a visit",
    },
    "conflicts": {
        "id": "{count} kunjungan punya jawaban yang berbeda; pilih yang berlaku di halaman "
        "Lapangan atau dengan geo-target outcomes decide",
        "en": "{count} visits have answers that differ; choose which stands on the page Lapangan "
        "or with geo-target outcomes decide",
    },
    "warning": {"id": "peringatan {code}: {count}", "en": "warning {code}: {count}"},
    "status": {
        "id": "{who}\t{done} dari {all} selesai, {late} terlambat",
        "en": "{who}\t{done} of {all} done, {late} late",
    },
    "decided": {
        "id": "jawaban {number} berlaku untuk kunjungan {code}",
        "en": "answer {number} stands for visit {code}",
    },
    "attached": {
        "id": "jawaban {number} menjadi jawaban kunjungan {code}",
        "en": "answer {number} is the answer to visit {code}",
    },
    "dismissed": {
        "id": "jawaban {number} bukan jawaban kunjungan mana pun",
        "en": "answer {number} answers no visit",
    },
}
