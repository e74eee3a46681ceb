"""Made-up names of people and neighborhoods, as they sound in Banten."""

import numpy as np
import pandas as pd

from geo_target.demo.columns import Flags, Ints, Text, either, heavy_tail, pick, words

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
        pick(rng, WOMEN, count, heavy_tail(len(WOMEN))),
        pick(rng, MEN, count, heavy_tail(len(MEN))),
    )
    second = either(
        is_woman,
        pick(rng, SECOND_WOMEN, count, heavy_tail(len(SECOND_WOMEN))),
        pick(rng, SECOND_MEN, count, heavy_tail(len(SECOND_MEN))),
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
