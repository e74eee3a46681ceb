"""P3KE as it is sent: two workbooks, with title lines, without KK number or coordinates."""

from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.addresses import free_text_addresses
from geo_target.demo.columns import Flags, Text, day_text, either, pick, rows, subset, text, words
from geo_target.demo.files import SentList
from geo_target.demo.mistakes import DATES_OF_P3KE, mistaken_dates
from geo_target.demo.people import CHILD, HEAD, WIFE, WORK, WORK_WEIGHTS, ages, relation_names
from geo_target.demo.society import World
from geo_target.demo.spoiling import spoil_numbers

P3KE_DAY = date(2025, 9, 1)
#: A P3KE workbook has its header in this row, and title lines above it.
P3KE_HEADER_ROW = 12

#: What the family workbook says of heads, in its order.
_HEADS_LIFE = ("Pekerjaan", "Status Pekerjaan", "Pendidikan", "Status Kawin")
_SCHOOL = ("TIDAK/BELUM SEKOLAH", "SD/SEDERAJAT", "SMP/SEDERAJAT", "SMA/SEDERAJAT")
#: Words of the housing columns, commonest first: P3KE writes words, not codes.
_HOUSING = {
    "Kepemilikan Rumah": ("MILIK SENDIRI", "MENUMPANG", "KONTRAK/SEWA", "LAINNYA"),
    "Memiliki Simpanan Uang/Perhiasan/Ternak/Lainnya": ("TIDAK", "YA"),
    "Jenis Atap": ("GENTENG", "ASBES/SENG", "BAMBU", "JERAMI/IJUK/RUMBIA", "LAINNYA"),
    "Kualitas Atap": ("JELEK/KUALITAS RENDAH", "BAGUS/KUALITAS TINGGI"),
    "Jenis Dinding": ("TEMBOK", "BAMBU", "KAYU/PAPAN", "SENG", "LAINNYA"),
    "Kualitas Dinding": ("JELEK/KUALITAS RENDAH", "BAGUS/KUALITAS TINGGI"),
    "Jenis Lantai": ("SEMEN", "UBIN/KERAMIK", "TANAH", "KAYU/PAPAN", "BAMBU", "LAINNYA"),
    "Kualitas Lantai": ("JELEK/KUALITAS RENDAH", "BAGUS/KUALITAS TINGGI"),
    "Sumber Penerangan": ("LISTRIK PLN", "LISTRIK NON PLN", "BUKAN LISTRIK"),
    "Daya Listrik Terpasang": ("=< 900 WATT", "KOSONG", "> 900 WATT"),
    "Bahan Bakar Memasak": ("GAS", "KAYU BAKAR", "MINYAK TANAH"),
    "Sumber Air Minum": ("SUMUR", "ISI ULANG", "SUMUR BOR/POMPA", "LEDENG", "AIR HUJAN"),
    "Memiliki fasilitas Buang Air Besar": ("MILIK SENDIRI", "UMUM/BERSAMA", "LAINNYA", "KOSONG"),
}


def p3ke_lists(
    rng: np.random.Generator, world: World, *, spoiled: Flags
) -> tuple[SentList, SentList]:
    """The P3KE workbooks of families and of persons.

    Parameters
    ----------
    spoiled
        Families (rows of the world) whose every NIK is spoiled in both.
    """
    listed = world.sorted_by_place(np.flatnonzero(world.families["is_listed"]))
    mine = subset(world.families, listed)
    shared = _p3ke_shared(rng, world, mine)
    people = world.members(listed)
    # Spoiled once, so that both workbooks show the same of each person.
    written = either(people["lacks_nik"], "KOSONG", people["nik"])
    written = spoil_numbers(rng, written, where=spoiled[people["family"].to_numpy()])
    # Dates have numbers of their own: their mistakes leave all else in the lists as it is.
    (dating,) = rng.spawn(1)
    stated = mistaken_dates(
        dating, people["born"].to_numpy().astype("datetime64[D]"), **DATES_OF_P3KE
    )
    people = people.assign(stated_birth=day_text(stated).fillna(""))
    families = _p3ke_families(rng, mine, shared=shared, people=people, written=written)
    persons = _p3ke_people(rng, mine, shared=shared, people=people, written=written)
    area = f"WILAYAH {world.plan.area}"
    return (
        SentList(
            "p3ke_keluarga", "p3ke-family", families, P3KE_DAY, "xlsx",
            "P3KE Kemenko PMK, kepala keluarga", title=_title("KEPALA KELUARGA", area),
            code_system="kemendagri",
        ),
        SentList(
            "p3ke_individu", "p3ke-person", persons, P3KE_DAY, "xlsx",
            "P3KE Kemenko PMK, individu", title=_title("INDIVIDU", area),
        ),
    )  # fmt: skip


def _title(sheet: str, area: str) -> tuple[str, ...]:
    lines = (
        "DATA BUATAN UNTUK PERAGAAN - BUKAN DATA WARGA",
        "PENSASARAN PERCEPATAN PENGHAPUSAN KEMISKINAN EKSTREM (P3KE)",
        sheet,
        area,
        "DESIL 1",
    )
    return lines + ("",) * (P3KE_HEADER_ROW - 1 - len(lines))


def _p3ke_shared(rng: np.random.Generator, world: World, mine: pd.DataFrame) -> pd.DataFrame:
    """The first eleven columns, which both workbooks have."""
    stated, near = mine["stated"].to_numpy(), mine["near"].to_numpy()
    villages = world.plan.villages
    count = len(mine)
    address = free_text_addresses(
        rng,
        rt=mine["rt"].to_numpy(),
        rw=mine["rw"].to_numpy(),
        rw_count=villages["rw_count"].to_numpy()[mine["village"]],
        neighborhood=words(world.settlements["neighborhood"].tolist(), near),
        is_desa=(villages["village_kind"] == "desa").to_numpy()[mine["village"]],
    )
    code = world.village("village_code", stated).str.replace(".", "", regex=False)
    return pd.DataFrame(
        {
            "ID Keluarga P3KE": mine["p3ke_id"],
            "Dimuktakhirkan Tahun": "2023",
            **world.place(stated, ("Provinsi", "Kabupaten/Kota", "Kecamatan", "Desa/Kelurahan")),
            "Kode Kemdagri": code,
            "Desil Kesejahteraan": "1",
            "Persentil": text(rng.integers(1, 11, count)),
            "Alamat": address,
            "Prioritas Verval": "NORMAL",
        }
    )


def _p3ke_families(
    rng: np.random.Generator,
    mine: pd.DataFrame,
    *,
    shared: pd.DataFrame,
    people: pd.DataFrame,
    written: Text,
) -> pd.DataFrame:
    heads = np.flatnonzero(people["position"] == 0)
    head, nik = subset(people, heads), rows(written, heads)
    count = len(mine)
    life = _life(rng, head)
    return shared.assign(
        **{
            "Prioritas Verval": either(head["lacks_nik"], "KELUARGA NIK KOSONG", "NORMAL"),
            "Nama Kepala Keluarga": head["name"].str.upper(),
            "NIK Kepala Keluarga": nik,
            "NIK Kepala Keluarga Padan Kemdagri": _matched(rng, nik),
            "Jenis Kelamin Kepala Keluarga": _sex(head),
            "Tanggal Lahir Kepala Keluarga": head["stated_birth"],
            **{f"{name} Kepala Keluarga": life[name] for name in _HEADS_LIFE},
            **{name: pick(rng, choices, count, 2.0 ** -np.arange(len(choices)))
               for name, choices in _HOUSING.items()},
            "Resiko Stunting": pick(
                rng, ("BUKAN TARGET SASARAN", "BERESIKO", "TIDAK BERESIKO"), count
            ),
            **_flags(rng, mine["in_pkh"].to_numpy(), mine["in_sembako"].to_numpy()),
        }
    )  # fmt: skip


def _p3ke_people(
    rng: np.random.Generator,
    mine: pd.DataFrame,
    *,
    shared: pd.DataFrame,
    people: pd.DataFrame,
    written: Text,
) -> pd.DataFrame:
    age = ages(people)
    family = np.cumsum(people["position"].to_numpy() == 0) - 1
    in_pkh, in_sembako = (mine[name].to_numpy()[family] for name in ("in_pkh", "in_sembako"))
    return subset(shared, family).assign(
        **{
            "ID Individu": "I" + people["person_id"],
            "Nama": people["name"].str.upper(),
            "NIK": written,
            "Padan Dukcapil": _matched(rng, written),
            "Jenis Kelamin": _sex(people),
            "Hubungan dengan Kepala Keluarga": relation_names(people["relation"].to_numpy()),
            "Tanggal Lahir": people["stated_birth"],
            **_life(rng, people),
            "Usia 2023": text(age),
            "Kelompok Usia 2023": words(
                ("0-6", "7-12", "13-15", "16-18", "19-21", "22-59", "60 KE ATAS"),
                np.searchsorted([7, 13, 16, 19, 22, 60], age, side="right"),
            ),
            **_flags(rng, in_pkh, in_sembako),
        }
    )


def _matched(rng: np.random.Generator, nik: Text) -> Text:
    usable = nik.str.fullmatch("[0-9]{16}").to_numpy(dtype=np.bool_)
    matched = either(rng.random(len(nik)) < 0.96, "PADAN", "TIDAK PADAN")
    return either(nik.isin(["", "KOSONG"]), "KOSONG", either(usable, matched, "TIDAK PADAN"))


def _sex(people: pd.DataFrame) -> Text:
    return either(people["is_woman"], "PEREMPUAN", "LAKI-LAKI")


def _life(rng: np.random.Generator, people: pd.DataFrame) -> dict[str, Text]:
    """Marriage, work and school, as far as relation and age allow them."""
    count = len(people)
    relation = people["relation"].to_numpy()
    age = ages(people)
    married = (relation == WIFE) | ((relation == HEAD) & ~people["is_woman"].to_numpy())
    single = (relation == CHILD) | (age < 18)
    work = either(age < 17, "TIDAK BEKERJA", pick(rng, WORK, count, WORK_WEIGHTS))
    ended = pick(rng, ("CERAI MATI", "CERAI HIDUP"), count)
    return {
        "Status Kawin": either(married, "KAWIN", either(single, "BELUM KAWIN", ended)),
        "Pekerjaan": work,
        "Status Pekerjaan": either(work == "TIDAK BEKERJA", "TIDAK BEKERJA", "BEKERJA"),
        "Pendidikan": either(age < 7, _SCHOOL[0], pick(rng, _SCHOOL, count, (0.2, 0.5, 0.2, 0.1))),
    }


def _flags(rng: np.random.Generator, in_pkh: Flags, in_sembako: Flags) -> dict[str, Text]:
    """Program flags of 2020 to 2023: near to the lists of today, and never a proof."""
    count = len(in_pkh)

    def flag(likely: Flags, yes: float, no: float) -> Text:
        return either(rng.random(count) < np.where(likely, yes, no), "Ya", "Tidak")

    nobody = np.zeros(count, dtype=np.bool_)
    return {
        "Penerima BPNT": flag(in_sembako, 0.75, 0.15),
        "Penerima BPUM": flag(nobody, 0, 0.05),
        "Penerima BST": flag(nobody, 0, 0.25),
        "Penerima PKH": flag(in_pkh, 0.80, 0.10),
        "Penerima SEMBAKO": flag(in_sembako, 0.75, 0.15),
        "Penerima Prakerja": flag(nobody, 0, 0.02),
        "Penerima KUR": flag(nobody, 0, 0.01),
    }
