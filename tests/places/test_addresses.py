from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import DataRefusedError
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.places.addresses import parse_addresses
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.records import state_villages
from geo_target.workbench import Workbench
from tests.builders import write_csv


def parsed(bench: Workbench, address: str | None, rt: str | None = None) -> tuple[object, ...]:
    columns = dict.fromkeys(("address", "rt", "rw", "neighborhood"), "varchar")
    records = bench.take_rows(columns, [(address, rt, None, None)])
    row = parse_addresses(records).rows()[0]
    return row["rt"], row["rw"], row["neighborhood"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("LINGK. KEMANG RT 02 RW 05", ("002", "005", "KEMANG")),
        ("Kp. Baru RT.002/005", ("002", "005", "BARU")),
        ("Jl. Raya Banten Lk. Sukajaya RT 3/RW 4", ("003", "004", "SUKAJAYA")),
        ("RT/RW 01/02", ("001", "002", None)),
        ("RT/RW: 001/002 Lingkungan Cipare", ("001", "002", "CIPARE")),
        ("Link Sepang Masjid RT03/RW009 No. 12", ("003", "009", "SEPANG MASJID")),
        ("KAMPUNG PASIR, RW 7", (None, "007", "PASIR")),
        ("DUSUN KRAMAT 2 RT 11", ("011", None, "KRAMAT")),
        ("Jl. Ciwaru No 3", (None, None, None)),
        ("RT 00 RW 00", (None, None, None)),
        ("PERUM KARTIKA BLOK RW2", (None, "002", None)),
        ("ARTA RTB 5", (None, None, None)),
        ("Lingkungan Kidang RT004RW012", ("004", "012", "KIDANG")),
        ("KP PABUARAN 12 RT3/5", ("003", "005", "PABUARAN")),
        ("Kp.Kilasah Ds.Kilasah", (None, None, "KILASAH")),
        ("Kp. Baru Kelurahan Banten RT 001 - RW 002", ("001", "002", "BARU")),
        ("Lingkungan: Sukadiri Jl. Raya", (None, None, "SUKADIRI")),
        ("LINK DALUNG GG MESJID RT. 01/ RW. 09", ("001", "009", "DALUNG")),
        ("SMART 3 HERW 5", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_addresses_as_people_write_them(
    bench: Workbench, address: str | None, found: tuple[object, ...]
) -> None:
    assert parsed(bench, address) == found


def test_a_lists_own_column_stands(bench: Workbench) -> None:
    assert parsed(bench, "RT 02 RW 05", rt="009") == ("009", "005", None)


# ------------------------------------------------------------------- domicile and KTP, kept apart

PLACES = "family_id | kecamatan | kelurahan"


def stated(bench: Workbench, folder: Path, text: str, profile: str = "families") -> AgencyList:
    file = write_csv(folder / "list.csv", text)
    listed = read_list(bench, file, profile=profile_named(profile), as_of=date(2025, 9, 1))
    return state_villages(listed, read_gazetteer("36"), code_system="kemendagri")


def test_the_address_of_a_ktp_is_never_where_the_family_lives(
    bench: Workbench, tmp_path: Path
) -> None:
    listed = stated(
        bench, tmp_path,
        f"{PLACES} | alamat | rt | rw | alamat_ktp | rt_ktp | rw_ktp | provinsi_ktp\n"
        "K1 | Serang | Cipare | Kp. Baru | 1 | 2 | Dusun Lama RT 8 RW 9 | 8 | 9 | Jawa Barat",
    )  # fmt: skip
    (row,) = listed.table.rows()
    assert (row["address"], row["rt"], row["rw"], row["neighborhood"]) == (
        "Kp. Baru", "001", "002", "BARU")  # fmt: skip
    assert (row["registered_address"], row["registered_rt"], row["registered_rw"]) == (
        "Dusun Lama RT 8 RW 9", "008", "009")  # fmt: skip
    assert row["address_basis"] == "domicile"
    assert row["stated_village_code"].startswith("36.73.01.")
    assert "provinsi_ktp" in listed.report.ignored
    assert "W-ADDRESS-KTP" not in {notice.code for notice in listed.report.notices}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("   |    | Kp. Lama | 8 | 9 |        ", ("008", "009", "LAMA", "registered")),
        ("   |    | Kp. Lama RT 3 RW 4 | | |  ", ("003", "004", "LAMA", "registered")),
        ("   |    | Kp. Lama | 8 | 9 | Cipare ", ("008", "009", "LAMA", "registered")),
        ("   |    | Kp. Lama | 8 | 9 | Kel. CIPARE ", ("008", "009", "LAMA", "registered")),
        # an RW of another village is none of this one
        ("   |    | Kp. Lama | 8 | 9 | Kagungan ", (None, None, None, None)),
        # who says where they live, if only the RW, lives there
        ("   | 2  | Kp. Lama | 8 | 9 |        ", (None, "002", None, "domicile")),
        ("A  |    | Kp. Lama | 8 | 9 |        ", (None, None, None, "domicile")),
        ("   |    |          |   |   |        ", (None, None, None, None)),
    ],
)
def test_rt_and_rw_of_a_ktp_stand_in_where_nothing_is_said_of_the_domicile(
    bench: Workbench, tmp_path: Path, row: str, found: tuple[object, ...]
) -> None:
    listed = stated(
        bench, tmp_path,
        f"{PLACES} | alamat | rw | alamat_ktp | rt_ktp | rw_ktp | kelurahan_ktp\n"
        f"K1 | Serang | Cipare | {row}",
    )  # fmt: skip
    (family,) = listed.table.rows()
    names = ("rt", "rw", "neighborhood", "address_basis")
    assert tuple(family[name] for name in names) == found
    assert family["address"] == ("A" if row.startswith("A") else None)
    noticed = [notice for notice in listed.report.notices if notice.code == "W-ADDRESS-KTP"]
    assert [notice.row for notice in noticed] == ([2] if found[3] == "registered" else [])


def test_a_list_without_a_place_but_the_ktps_locates_nobody(
    bench: Workbench, tmp_path: Path
) -> None:
    with pytest.raises(DataRefusedError, match="E-COLUMN"):
        stated(bench, tmp_path, "family_id | kecamatan_ktp | kelurahan_ktp\nK1 | Serang | Cipare")


@pytest.mark.parametrize("name", ["families", "dtsen", "regsosek", "p3ke-family"])
def test_no_layout_takes_a_column_of_the_ktp_for_the_domicile(name: str) -> None:
    profile = profile_named(name)
    for column, spellings in profile.columns.items():
        for spelling in spellings:
            of_ktp = "ktp" in spelling.casefold().replace("_", " ").split()
            assert not of_ktp or column.startswith("registered_") or column == "head_national_id"
    assert "alamat_ktp" in profile.columns["registered_address"]
