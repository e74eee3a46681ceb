"""Signatures under a table: no line of them makes a family, and no family is taken for one."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.intake.lists import AgencyList
from geo_target.places.gazetteer import read_gazetteer
from geo_target.workbench import Workbench
from tests.builders import nik, workbench
from tests.intake.test_lists import books, csv_file, faults, read

HEAD = "ID Keluarga P3KE;NIK Kepala Keluarga;Nama Kepala Keluarga;Alamat;Kecamatan;Desa/Kelurahan"
#: Four records; the last has no number, and only its places tell where it lives.
RECORDS = [f"K1;{nik(1)};SITI;Kp. Baru;Kasemen;Banten", f"K2;{nik(2)};UDIN;;Kasemen;Banten",
           f"K3;{nik(3)};ANI;;Kasemen;Banten", ";;LURAH HASAN;;Kasemen;Banten"]  # fmt: skip
#: Where the two columns of a signature block may stand: name, address, district, village.
COLUMNS = {"name": 2, "address": 3, "district": 4, "village": 5}


def families(bench: Workbench, folder: Path, *below: Sequence[str] | str) -> AgencyList:
    """The records, and rows below them: text, or cells by their position."""
    lines = [row if isinstance(row, str) else ";".join(row) for row in below]
    text = "\n".join([HEAD, *RECORDS, *lines]) + "\n"
    return read(bench, csv_file(folder, text), "p3ke-family")


def cells(**said: str) -> str:
    row = [""] * 6
    for where, text in said.items():
        row[COLUMNS[where]] = text
    return ";".join(row)


@pytest.mark.parametrize("right", ["address", "village", "district"])
@pytest.mark.parametrize("left", ["name", "address"])
def test_a_whole_block_is_notes(tmp_path: Path, bench: Workbench, left: str, right: str) -> None:
    if left == right:
        left = "village"
    block = [
        {right: "Serang, 1 Oktober 2025"},
        {left: "Mengetahui,"},
        {left: "Kepala Dinas Sosial Kota Serang", right: "Camat Kasemen"},
        {},
        {left: "Drs. H. ANU, M.Si", right: "Hj. BUDI, S.Sos"},
        {left: "Pembina Tk. I", right: "Penata"},
        {left: "NIP. 19700101 199003 1 001", right: "NIP 19700101 199003 1 001"},
    ]
    listed = families(bench, tmp_path, *(cells(**row) for row in block))
    assert books(listed) == (11, 4, 6, 0, 1)
    assert faults(listed) == [
        (5, "family_id", "E-ID-BLANK"),
        *((row, None, "E-NOTE") for row in (6, 7, 8, 10, 11, 12)),
    ]


@pytest.mark.parametrize(
    "row",
    [
        cells(name="Mengetahui, Kepala Dinas Sosial", village="Serang, 1 Oktober 2025"),
        cells(name="NIHIL", village="Catatan: tidak ada perubahan"),
        cells(address="Serang, ...... Nopember 2025", village="a.n. Kepala Dinas"),
        cells(name="Lurah Banten", village="Camat Kasemen"),
        cells(name="PEMERINTAH KOTA SERANG", address="DINAS SOSIAL"),
        cells(name="NIHIL", district="Kasemen", village="Banten"),
        cells(name="Drs. H. ANU", address="Camat", district="Kasemen", village="Mengetahui,"),
        "NIP.197001011990031001;;;;;",
        ";NIP. 19700101 199003 1 001;Drs. H. ANU;;;Halaman 1 dari 3",
        ";;;Sumber: Dinas Sosial;dicetak pada 1/10/2025;",
    ],
)
def test_one_such_row_is_a_note(tmp_path: Path, bench: Workbench, row: str) -> None:
    listed = families(bench, tmp_path, row)
    assert books(listed) == (5, 4, 1, 0, 0)
    assert faults(listed)[1:] == [(6, None, "E-NOTE")]


@pytest.mark.parametrize(
    "row",
    [
        f";{nik(9)};MENGETAHUI;;;Serang, 1 Oktober 2025",  # a usable number
        "K9;;NIHIL;Kepala Dinas;;",  # an id
        cells(name="CAMAT SURYA", village="Banten"),
        cells(name="LURAH", address="Kp. Baru, Margasari", village="Banten"),
        cells(name="KETUA", address="Jl. 17 Agustus 1945", village="Banten"),
        cells(name="SITI", address="Kepala Siring", village="Sumber"),
        cells(district="Kec. Kasemen", village="Kel. Banten"),
        # What has a name and both its places is a family, whatever its address is.
        cells(name="SITI", address="NIHIL", district="Kasemen", village="Banten"),
        cells(name="SITI", address="Ket: rumah kosong", district="Kasemen", village="Banten"),
        cells(name="SITI", address="Kepala Desa", district="Kasemen", village="Banten"),
    ],
)
def test_people_and_places_with_such_words_stay(tmp_path: Path, bench: Workbench, row: str) -> None:
    listed = families(bench, tmp_path, row)
    assert books(listed) == (5, 5, 0, 0, 0)


def test_no_village_of_the_province_is_a_signature(tmp_path: Path, bench: Workbench) -> None:
    places = read_gazetteer("36")
    rows = [
        cells(name=name, address=name, district=district, village=name)
        for name, district in zip(places["village_name"], places["district_name"], strict=True)
    ]
    rows += [cells(name="SITI", village=name) for name in places["village_name"]]
    listed = families(bench, tmp_path, *rows)
    assert listed.report.quarantined == 0


def test_a_family_after_a_signature_is_still_one(tmp_path: Path, bench: Workbench) -> None:
    # Of one ward after another on a sheet; the second is without any number.
    listed = families(
        bench, tmp_path,
        cells(village="Serang, 1 Oktober 2025"), cells(name="Hj. BUDI", village="ANU, S.Sos"),
        cells(name="TUTI", district="Kasemen", village="Banten"),
        cells(name="NANI", village="Banten"),
    )  # fmt: skip
    assert books(listed) == (8, 6, 2, 0, 0)
    assert [row for row, column, _ in faults(listed) if column is None] == [6, 7]


def test_far_below_a_note_a_name_is_a_person(tmp_path: Path, bench: Workbench) -> None:
    few = cells(name="NANI", village="Banten")
    listed = families(bench, tmp_path, cells(name="Catatan: tahap 3"), *[cells()] * 8, few)
    assert books(listed) == (14, 5, 1, 0, 8)


@pytest.mark.parametrize(
    ("line", "code"),
    [("Mengetahui,;;;Serang, 1 Oktober 2025;", "E-NOTE"), (";;NIP. 1970;NIP. 1980;", "E-NOTE"),
     ("Kepala Dinas;;;;1/10/2025", "E-NOTE"), ("NIHIL;;Kasemen;;", "E-NOTE"),
     ("SITI;;;Serang Kota;", None)],
)  # fmt: skip
def test_nor_is_it_a_recipient(
    tmp_path: Path, bench: Workbench, line: str, code: str | None
) -> None:
    text = f"NAMA;NIK;KECAMATAN;KELURAHAN;TANGGAL\nA;{nik(1)};Kasemen;Banten;1/9/2025\n{line}\n"
    listed = read(bench, csv_file(tmp_path, text), "packages")
    of_rows = [(row, code) for row, column, code in faults(listed) if column is None]
    assert of_rows == ([(3, code)] if code else [])


@pytest.mark.parametrize(
    ("line", "code"),
    [(";;B;Kepala Desa;;", "E-NOTHING"), (";;B;Tani;Nihil;", "E-NOTHING"),
     (";;Kepala Desa;;;", "E-NOTE"), (";;B;Mengetahui,;;", "E-NOTE"),
     ("F2;;NIHIL;Kepala Desa;;", None)],
)  # fmt: skip
def test_what_a_person_is_or_has_is_no_signature(
    tmp_path: Path, bench: Workbench, line: str, code: str | None
) -> None:
    head = "ID Keluarga P3KE;NIK;Nama;Pekerjaan;Jenis Disabilitas;Tanggal Lahir"
    text = f"{head}\nF1;{nik(1)};A;Tani;;01/01/1990\n{line}\n"
    listed = read(bench, csv_file(tmp_path, text), "p3ke-person")
    of_rows = [(row, code) for row, column, code in faults(listed) if column is None]
    assert of_rows == ([(3, code)] if code else [])


def test_a_note_on_each_page_is_no_copy_of_a_record(tmp_path: Path, bench: Workbench) -> None:
    page = [HEAD, cells(name="JUMLAH"), cells(village="Mengetahui,")]
    listed = families(bench, tmp_path, *page, RECORDS[0], *page, f"K8;{nik(8)};A;;Kasemen;Banten")
    assert books(listed) == (12, 5, 6, 1, 0)
    assert listed.report.reasons == {"E-NOTE": 4, "E-TOTALROW": 2}


WORDS = st.sampled_from(
    ["", "", "", "Mengetahui,", "Serang, 1 Oktober 2025", "NIP. 1970", "Camat", "Drs. H. ANU",
     "SITI", "Banten", "Kp. Baru", "JUMLAH", "NIHIL", "Kelurahan Banten", "12"]
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), WORDS, WORDS, WORDS, WORDS), max_size=30))
def test_whatever_stands_around_it_a_row_with_a_key_is_a_family(
    rows: list[tuple[bool, bool, str, str, str, str]],
) -> None:
    written = [
        ";".join((f"F{n}" if has_id else "", nik(n) if has_number else "", *words))
        for n, (has_id, has_number, *words) in enumerate(rows, start=10)
    ]
    keyed = {n for n, (has_id, has_number, *_) in enumerate(rows, start=6) if has_id or has_number}
    totals = {n for n, (_, has_number, *words) in enumerate(rows, start=6)
              if not has_number and words[0] == "JUMLAH"}  # fmt: skip
    with TemporaryDirectory() as folder, workbench() as bench:
        listed = families(bench, Path(folder), *written)
        gone = {row for row, column, _ in faults(listed) if column is None}
        seen = {row["row"] for row in listed.table.rows()}
    assert keyed - totals <= seen
    assert not seen & gone
