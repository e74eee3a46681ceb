"""Made-up names of people and neighborhoods, as they sound in Banten."""

from itertools import product

import numpy as np
import pandas as pd

from geo_target.demo.columns import Flags, Ints, Text, either, heavy_tail, pick, words


def _with_tail(
    common: tuple[str, ...], beginnings: tuple[str, ...], ends: tuple[str, ...]
) -> tuple[str, ...]:
    """Common names first, then the many rare ones that are put together of syllables."""
    rare = (f"{beginning}{end}" for end, beginning in product(ends, beginnings))
    return tuple(dict.fromkeys((*common, *rare)))


_BEGINNINGS = (
    "Sar", "Mar", "Jum", "Kas", "Sam", "Tar", "Sur", "Mas", "Kar", "Nas", "Dar", "Ras", "San",
    "Wah", "Rus", "Bas", "Ham", "Muk", "Sal", "Rom", "Sub", "Was", "Ars", "Mis", "Jah", "Nur",
    "Yus", "Sap", "Roh", "Din", "Kus", "Mad", "Suk", "Pat", "Lam", "Tas", "Hal", "Cas", "Sob",
    "War",
)  # fmt: skip

MEN = (
    "Ahmad", "Muhamad", "Suhendi", "Jaenudin", "Sarmin", "Rohmat", "Madsuki", "Hasanudin",
    "Sanwani", "Marjuki", "Mulyadi", "Asep", "Dedi", "Rudi", "Udin", "Jamhari", "Sahrul",
    "Komarudin", "Mahfud", "Suryadi", "Iwan", "Ujang", "Yusup", "Samsudin", "Nurdin",
    "Sukarna", "Safrudin", "Arsad", "Sarip", "Jumadi", "Agus", "Hendra", "Basuni", "Kosim",
    "Rasidi", "Tubagus", "Sapri", "Masduki", "Juheri", "Abdul", "Sutisna", "Wawan", "Mista",
    "Kamsari", "Rapiudin", "Sanusi", "Endang", "Sarjaya", "Matin", "Halimi", "Bahrudin",
    "Sadeli", "Entus", "Armin", "Sayuti", "Suganda", "Tohir", "Ropik", "Muksin", "Jarkasih",
)  # fmt: skip
WOMEN = (
    "Siti", "Sarnah", "Sukmah", "Jumenah", "Nurhayati", "Rohayati", "Aisah", "Maryam",
    "Sumiyati", "Yati", "Eni", "Suheti", "Marsiti", "Saunah", "Hayati", "Mariyah", "Sunarsih",
    "Umsiah", "Aminah", "Rukiyah", "Dewi", "Sri", "Ratu", "Nurlaela", "Hunaenah", "Muniroh",
    "Santi", "Wati", "Suhaemi", "Masitoh", "Ida", "Rina", "Sutinah", "Arsinah", "Jamilah",
    "Rumsiah", "Kartini", "Neneng", "Lilis", "Tuti", "Enok", "Asiah", "Sanati", "Mulyanah",
    "Sawiyah", "Halimah", "Badriah", "Maemunah", "Suniah", "Hopipah", "Iyos", "Uum",
    "Jahroh", "Sarmanah", "Titin", "Kulsum", "Nasiroh", "Roheni", "Pipih", "Salbiah",
)  # fmt: skip
SECOND_MEN = (
    "Hidayat", "Saputra", "Maulana", "Rohim", "Gunawan", "Supriyatna", "Firmansyah", "Azis",
    "Rahman", "Hakim", "Setiawan", "Syarifudin", "Permana", "Wijaya", "Kurniawan", "Fauzi",
    "Nugraha", "Mustofa", "Hamid", "Ramdani", "Sobari", "Junaedi", "Anwar", "Rosadi",
    "Sulaeman", "Alamsyah", "Santoso", "Bahri", "Suparman", "Arifin", "Mubarok", "Wahyudin",
)  # fmt: skip
SECOND_WOMEN = (
    "Nuraeni", "Lestari", "Khodijah", "Rahayu", "Fatimah", "Wulandari", "Handayani", "Solihah",
    "Maesaroh", "Komalasari", "Safitri", "Julaeha", "Rohmah", "Anggraeni", "Nurjanah",
    "Susilawati", "Marlina", "Hasanah", "Oktaviani", "Kurniasih", "Latifah", "Mutmainah",
    "Puspitasari", "Agustina", "Robiatul", "Yuliana", "Zahroh", "Nafisah", "Sukaesih",
)  # fmt: skip

#: As on Java, a few names are very common and most are rare.
_MEN = _with_tail(
    MEN, _BEGINNINGS,
    ("udin", "im", "adi", "ani", "man", "ta", "ja", "im", "awi", "ono", "iman", "idin", "uki",
     "ita", "yono", "ari", "oni", "ayat", "umi", "madi", "ijan", "edi", "ikin", "owi", "anta",
     "apar", "ilan", "obi", "ahar", "usin"),
)  # fmt: skip
_WOMEN = _with_tail(
    WOMEN, _BEGINNINGS,
    ("iah", "nah", "ti", "inah", "iyati", "ani", "wati", "ih", "unah", "ilah", "enah", "mah",
     "yati", "isah", "siah", "anih", "uni", "ningsih", "iti", "tini", "lia", "mini", "onah",
     "atun", "imah", "ipah", "asih", "ela", "uroh", "iroh"),
)  # fmt: skip
_SECOND_MEN = _with_tail(
    SECOND_MEN, _BEGINNINGS,
    ("uloh", "awan", "ansyah", "udin", "anto", "ana", "adinata", "wijaya", "iyanto", "amin",
     "ohman", "iyadi", "efendi", "olani", "ijaya"),
)  # fmt: skip
_SECOND_WOMEN = _with_tail(
    SECOND_WOMEN, _BEGINNINGS,
    ("awati", "iyani", "aningsih", "asari", "oyah", "anawati", "iana", "ulhasanah", "aeni",
     "iyanti", "amah", "ohani", "alia", "unisa", "etika"),
)  # fmt: skip

_PLACES = (
    "Kemang", "Sukajaya", "Kebon", "Pasir", "Cikulur", "Kalang", "Benggala", "Warung", "Pabuaran",
    "Sempu", "Lebak", "Karang", "Ciracas", "Jambu", "Gempol", "Waru", "Kubang", "Sumur", "Kadu",
    "Cilampang", "Tegal", "Kasunyatan", "Pekijing", "Bojong", "Dalung", "Pancur", "Cigoong",
    "Kepuh", "Angsana", "Kroya", "Nanggela", "Sawah", "Beberan", "Kenanga", "Pamindangan",
    "Umbul", "Ranca", "Cibening", "Domba", "Margaluyu",
)  # fmt: skip
_KINDS = (
    "Baru", "Tengah", "Lor", "Kidul", "Wetan", "Kulon", "Ilir", "Masjid", "Pasar", "Indah",
    "Lama", "Girang", "Jaya", "Asem", "Kelapa", "Sari", "Tinggal",
)  # fmt: skip
NEIGHBORHOODS = (*_PLACES, *(f"{place} {kind}" for place in _PLACES for kind in _KINDS))

STREETS = (
    "Raya Banten", "Raya Serang", "Raya Pandeglang", "Raya Cilegon", "Ayip Usman", "Trip Jamaksari",
    "Ki Mas Jong", "Yumaga", "Bhayangkara", "Ciwaru Raya", "Lingkar Selatan", "Syekh Nawawi",
    "Letnan Jidun", "Jenderal Sudirman", "Raya Petir", "Raya Kasemen",
)  # fmt: skip


def person_names(rng: np.random.Generator, is_woman: Flags) -> Text:
    """A name for each person: a common or rare first name, and often a second one."""
    count = len(is_woman)
    first = either(
        is_woman,
        pick(rng, _WOMEN, count, heavy_tail(len(_WOMEN))),
        pick(rng, _MEN, count, heavy_tail(len(_MEN))),
    )
    second = either(
        is_woman,
        pick(rng, _SECOND_WOMEN, count, heavy_tail(len(_SECOND_WOMEN))),
        pick(rng, _SECOND_MEN, count, heavy_tail(len(_SECOND_MEN))),
    )
    return first + either(rng.random(count) < 0.65, " " + second, "")


def neighborhood_names(rng: np.random.Generator, village: Ints, rw: Ints) -> Text:
    """Name of the lingkungan or kampung of each RW, different for the RW of one village."""
    start = rng.integers(0, len(NEIGHBORHOODS), int(village.max()) + 1)
    order = rng.permutation(len(NEIGHBORHOODS))
    return words(NEIGHBORHOODS, order[(start[village] + rw) % len(NEIGHBORHOODS)])


def upper(names: Text) -> Text:
    """As agencies' lists print names."""
    return pd.Series(names.str.upper(), dtype="str")
