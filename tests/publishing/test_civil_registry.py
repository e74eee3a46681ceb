"""Who is on the repair list: everybody with a number that is of no use, once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.readers import read_grid
from geo_target.intake.written import written_numbers
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.records import state_villages
from geo_target.publishing.civil_registry import RepairList, WrittenList, repair_list
from geo_target.publishing.civil_registry_book import (
    BLANKS,
    Letter,
    cover_of,
    sheet_of,
)
from geo_target.workbench import Workbench
from tests.builders import kk, nik, write_csv

#: Unusable numbers of person or family 1, 2 ...
BAD = [nik(10 * i)[:-1] for i in range(10)]
BAD_KK = [kk(10 * i)[:-1] for i in range(10)]
LETTER = Letter("Disdukcapil", "470/1", date(2025, 11, 1), date(2025, 12, 31), "Siti")

FAMILIES = f"""family_id | no kk | nik | nama | kecamatan | desa | alamat | rt | rw
    K1 | {kk(1)} | {BAD[1]} | SITI AMINAH | Kasemen | Banten | Jl 1 | 1 | 2
    K2 | {BAD_KK[2]} | {nik(2)} | BUDI | Kasemen | Banten | Jl 2 | 1 | 2
    K3 | {kk(3)} | {nik(3)} | WATI | Serang | Cipare | Jl 3 | 3 | 4
    K4 | {BAD_KK[4]} | {BAD[4]} | TONO | Anyar | Anyar | Jl 4 | 1 | 1"""
PERSONS = f"""person_id | family_id | nik | nama | tanggal lahir | jenis kelamin | hubungan keluarga
    P1 | K1 | {BAD[1]} | Siti  Aminah | 01/02/1980 | P | Kepala Keluarga
    P2 | K1 | abc | ANI | 03/04/2010 | P | Anak
    P3 | K2 | {nik(2)} | BUDI | 05/06/1970 | L | Kepala Keluarga
    P4 | K3 | {BAD[3]} | ADI | 07/08/1990 | L | Anak
    P5 | K3 | {nik(5)} | SARI | 07/08/1991 | P | Anak
    P6 | K9 | {BAD[6]} | JONO | 07/08/1992 | L | Anak"""


def found(
    bench: Workbench, folder: Path, *lists: tuple[str, str], area: str = "36.73"
) -> RepairList:
    """The repair list of lists, each a profile and its text."""
    gazetteer = read_gazetteer("36")
    parts = []
    for number, (profile, text) in enumerate(lists, start=1):
        file = write_csv(folder / f"{number}.csv", text)
        listed = state_villages(
            read_list(bench, file, profile=profile_named(profile), as_of=date(2025, 10, 1)),
            gazetteer, code_system=None,
        )  # fmt: skip
        parts.append(WrittenList(number, listed, written_numbers(listed, read_grid(file))))
    return repair_list(bench, parts, gazetteer, area_code=area)


def told(listed: RepairList, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in listed.table.rows()]


def test_everybody_with_a_faulty_number_once(tmp_path: Path, bench: Workbench) -> None:
    """Of four families and six persons: two heads in both lists or one, three members."""
    listed = found(bench, tmp_path, ("families", FAMILIES), ("persons", PERSONS))
    assert told(listed, "name", "nik", "kk", "nik_faults", "kk_faults", "lists", "rows") == [
        ("SITI AMINAH", BAD[1], kk(1), ["E-NIK-LEN"], None, [1, 2], [2, 2]),
        ("ANI", "abc", kk(1), ["E-NIK-CHAR"], None, [2], [3]),
        ("BUDI", nik(2), BAD_KK[2], None, ["E-KK-LEN"], [1], [3]),
        ("ADI", BAD[3], kk(3), ["E-NIK-LEN"], None, [2], [5]),
        ("JONO", BAD[6], None, ["E-NIK-LEN"], None, [2], [7]),
    ]


def test_where_they_live_and_who_they_are(tmp_path: Path, bench: Workbench) -> None:
    """A head's birth date is from the list of persons, a member's address from the families."""
    listed = found(bench, tmp_path, ("families", FAMILIES), ("persons", PERSONS))
    known = ("name", "birth_date", "sex", "district_name", "village_name", "address", "rt", "rw")
    assert told(listed, *known) == [
        ("SITI AMINAH", date(1980, 2, 1), "P", "Kasemen", "Banten", "Jl 1", "001", "002"),
        ("ANI", date(2010, 4, 3), "P", "Kasemen", "Banten", "Jl 1", "001", "002"),
        ("BUDI", date(1970, 6, 5), "L", "Kasemen", "Banten", "Jl 2", "001", "002"),
        ("ADI", date(1990, 8, 7), "L", "Serang", "Cipare", "Jl 3", "003", "004"),
        ("JONO", date(1992, 8, 7), "L", None, None, None, None, None),
    ]


def test_the_registry_of_a_place_gets_its_own_people_only(tmp_path: Path, bench: Workbench) -> None:
    """K4 lives in another regency; whose village nobody knows is asked for."""
    lists = ("families", FAMILIES), ("persons", PERSONS)
    assert found(bench, tmp_path, *lists).elsewhere == 1
    within = found(bench, tmp_path, *lists, area="36.73.01")
    assert (told(within, "name"), within.elsewhere) == ([("ADI",), ("JONO",)], 4)
    assert ("TONO",) in told(found(bench, tmp_path, *lists, area="36.04"), "name")


def test_two_of_one_list_are_never_one_person(tmp_path: Path, bench: Workbench) -> None:
    """Father and son of one name, and of a filler number."""
    persons = """family_id | nik | nama | hubungan keluarga
        K1 | 0000 | AHMAD | Kepala Keluarga
        K1 | 0000 | AHMAD | Anak"""
    families = f"""family_id | nik | nama | kecamatan | desa
        K1 | 0000 | AHMAD | Kasemen | Banten
        K2 | {nik(2)} | BUDI | Kasemen | Banten"""
    listed = found(bench, tmp_path, ("families", families), ("persons", persons))
    assert told(listed, "name", "lists", "rows") == [
        ("AHMAD", [1, 2], [2, 2]), ("AHMAD", [2], [3])]  # fmt: skip


def test_a_head_whose_name_is_shorter_elsewhere_is_the_same_by_the_number(
    tmp_path: Path, bench: Workbench
) -> None:
    families = f"family_id | nik | nama | desa | kecamatan\nK1 | {BAD[1]} | SITI | Banten | Kasemen"
    persons = (
        "family_id | nik | nama | hubungan keluarga\n"
        f"K1 | {BAD[1]} | SITI AMINAH | KEPALA\nK1 | {BAD[1]} | ANI | Anak"
    )
    listed = found(bench, tmp_path, ("families", families), ("persons", persons))
    assert told(listed, "name", "lists") == [("SITI", [1, 2]), ("ANI", [2])]


def test_members_without_an_id_belong_to_the_only_family_of_their_card(
    tmp_path: Path, bench: Workbench
) -> None:
    """Two families share a filler: of its members nobody knows where they live."""
    families = f"""family_id | no kk | nik | nama | kecamatan | desa
        K1 | {kk(1)} | {nik(1)} | SITI | Kasemen | Banten
        K2 | 0 | {nik(2)} | BUDI | Kasemen | Banten
        K3 | 0 | {nik(3)} | WATI | Serang | Cipare"""
    persons = f"no kk | nik | nama\n{kk(1)} | {BAD[4]} | ANI\n0 | {BAD[5]} | ADI"
    listed = found(bench, tmp_path, ("families", families), ("persons", persons))
    assert told(listed, "name", "district_name") == [
        ("ANI", "Kasemen"), ("BUDI", "Kasemen"), ("WATI", "Serang"), ("ADI", None),
    ]  # fmt: skip


def test_where_nothing_is_faulty_nobody_is_listed(tmp_path: Path, bench: Workbench) -> None:
    families = f"family_id | nik | kecamatan | desa\nK1 | {nik(1)} | Kasemen | Banten"
    assert told(found(bench, tmp_path, ("families", families)), "name") == []


# ------------------------------------------------------------------------------- on paper


def papers(listed: RepairList) -> tuple[dict[str, str], list[Sequence[str]]]:
    return dict(cover_of(LETTER, listed.table)), list(sheet_of(listed.table).rows)


def test_the_cover_says_to_whom_for_what_and_until_when(tmp_path: Path, bench: Workbench) -> None:
    cover, _ = papers(found(bench, tmp_path, ("families", FAMILIES), ("persons", PERSONS)))
    assert cover["Kepada"] == "Disdukcapil"
    assert cover["Nomor surat"] == "470/1"
    assert "harus dimusnahkan paling lambat 31-12-2025" in cover["Berlaku sampai"]
    assert cover["Jumlah"] == (
        "5 orang di 2 kecamatan; NIK yang perlu diperbaiki: 4; nomor KK yang perlu diperbaiki: 1"
    )
    assert "UU 27/2022" in cover["Dasar hukum"]
    assert "UU 24/2013" in cover["Dasar hukum"]
    assert (cover["Dibuat oleh"], cover["Narahubung"]) == ("Siti", "")


def test_a_line_has_what_is_wrong_in_words_and_room_for_the_answer(
    tmp_path: Path, bench: Workbench
) -> None:
    listed = found(bench, tmp_path, ("families", FAMILIES), area="36.04")
    (line,) = (dict(zip(sheet_of(listed.table).header, row, strict=True))
               for row in papers(listed)[1])  # fmt: skip
    assert line == {
        "No.": "1", "Kecamatan": "Anyar", "Kelurahan/Desa": "Anyar", "RW": "001", "RT": "001",
        "Alamat": "Jl 4", "No. KK tertulis": BAD_KK[4], "Nama": "TONO",
        "Hubungan": "Kepala Keluarga", "Tanggal lahir": "", "Jenis kelamin": "",
        "NIK tertulis": BAD[4], "Daftar": "1", "Baris": "5", **dict.fromkeys(BLANKS, ""),
        "Yang perlu diperbaiki": "NIK: bukan 16 angka; periksa di KK. "
        "No. KK: bukan 16 angka; periksa di KK",
    }  # fmt: skip


def test_no_paper_says_that_anybody_is_poor(tmp_path: Path, bench: Workbench) -> None:
    listed = found(bench, tmp_path, ("families", FAMILIES), ("persons", PERSONS))
    said = repr((*papers(listed), sheet_of(listed.table).header)).lower()
    assert "pemutakhiran data" in said
    assert not [word for word in ("miskin", "p3ke", "dtsen", "bantuan", ".csv") if word in said]
