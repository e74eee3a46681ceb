import pytest

from geo_target.places.addresses import parse_addresses
from geo_target.workbench import Workbench


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
        (None, (None, None, None)),
    ],
)
def test_addresses_as_people_write_them(
    bench: Workbench, address: str | None, found: tuple[object, ...]
) -> None:
    assert parsed(bench, address) == found


def test_a_lists_own_column_stands(bench: Workbench) -> None:
    assert parsed(bench, "RT 02 RW 05", rt="009") == ("009", "005", None)
