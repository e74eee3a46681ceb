"""Coverage by village: exact, books that balance, and for whom it is."""

import json
from pathlib import Path

import pytest

from geo_target.operations.database import Database
from geo_target.publishing.coverage_tables import TABLES
from tests.operations.world import ROOT
from tests.web.covered_villages import add_coverage
from tests.web.house import House, get
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE
from tests.web.sample import write_snapshot
from tests.web.test_reasons import table, words

INDEX = "/cakupan/kelurahan"


def page(village: str = VILLAGE) -> str:
    return f"/kelurahan/{village}/cakupan"


@pytest.fixture
def shown(house: House) -> str:
    return get(house.signed_in("analyst"), page()).text


def test_definitions_stand_side_by_side(shown: str) -> None:
    assert table(shown, "definitions-table")[1:] == [
        ["PKH, Sembako, PBI-JK dipakai hasil ini", "65", "27", "35", "3", "56 %"],
        ["Dengan jaminan daerah", "65", "30", "32", "3", "52 %"],
    ]


def test_states_add_up_and_errors_are_of_them(shown: str) -> None:
    first, *rows = table(shown, "states-table")
    assert first[1] == "Semua (KK)"
    assert first[-2:] == ["Terlewat menurut daftar", "Salah sasaran menurut daftar"]
    assert rows == [
        ["PBI daerah", "65", "0", "4", "0", "0", "0", "0", "61", "–", "–"],
        ["PKH", "65", "20", "2", "5", "30", "3", "4", "1", "60 %", "20 %"],
    ]
    for row in rows:
        assert int(row[1]) == sum(map(int, row[2:9]))


def test_few_families_have_no_percentage(house: House) -> None:
    text = get(house.signed_in("analyst"), page(SAME_DISTRICT)).text
    assert table(text, "states-table")[1][9:] == ["4 dari 7", "1 dari 4"]
    assert table(text, "definitions-table")[1][-1] == "6 dari 10"


def test_persons_are_told_both_ways(shown: str) -> None:
    text = words(shown)
    assert "PBI-JK: 53 jiwa layak tetapi belum terdaftar; 7 jiwa terdaftar walau tidak" in text
    assert "PBI daerah: siapa yang layak tidak diketahui." in text
    persons = shown.split("program yang mendaftarkan orang")[1]
    assert table(persons, "states-table")[0][1] == "Semua (jiwa)"


def test_reasons_add_up_to_the_uncovered(shown: str) -> None:
    rows = table(shown, "why")[1:]
    assert [row[0] for row in rows] == [
        "Tidak ada NIK yang dapat dipakai", "Layak, belum terdaftar", "Layak, belum terdaftar",
        "Belum pernah dikunjungi", "Semua",
    ]  # fmt: skip
    assert sum(int(row[-1]) for row in rows[:-1]) == int(rows[-1][-1]) == 35


def test_groups_evidence_flags_and_strategies(shown: str) -> None:
    text = words(shown)
    assert table(shown, "lenses")[1:] == [
        ["Lansia yang tinggal sendiri", "9", "2", "6", "1", "11"],
        ["Ada penyandang disabilitas", "tidak diketahui", "65"],  # no list says
    ]
    assert "belum ada program yang diketahui: 40 KK" in text
    assert "Keluarga yang belum padan termasuk" in text
    assert "1 + 2: 3 KK" in text
    assert "Dijangkau dua program atau lebih: 11 dari 65 KK." in text
    assert "dari 1 November 2022 sampai 20 September 2025, umur tengahnya 812 hari" in text
    assert "50 dari 65 KK berdata usang; 9 KK sudah dikunjungi. bukti usang" in text
    assert "Tanda lama di register dasar (bukan cakupan)" in text
    assert table(shown, "flags")[1] == ["BST", "2022", "12", "4", "7"]


def test_errors_of_visits_by_level(shown: str) -> None:
    assert [row[1:] for row in table(shown, "verified")[1:]] == [
        ["4", "1 dari 3", "1 dari 2"],
        ["30", "33 % (28 %–38 %)", "3 dari 12"],
        ["200", "25 % (20 %–30 %)", "10 % (5 %–15 %)"],
    ]
    assert table(shown, "verified")[0][2:] == ["Terlewat menurut kunjungan",
                                               "Salah sasaran menurut kunjungan"]  # fmt: skip
    assert "tidak dipilih secara acak" in words(shown)
    assert words(shown).count("Keduanya hal yang berbeda.") == 2


def test_a_village_without_families_is_calm(house: House) -> None:
    reply = get(house.signed_in("analyst"), page("36.73.03.1001"))
    assert reply.status_code == 200
    assert "Tidak ada keluarga terdaftar di sini." in reply.text


def test_two_officers_never_see_each_others_counts(house: House) -> None:
    for officer, district in (("officer", "36.73.01"), ("officer-2", "36.73.02")):
        browser = house.signed_in(officer)
        none = get(browser, page("36.73.01.9999"))
        for village in (VILLAGE, SAME_DISTRICT, OTHER_DISTRICT):
            own = village.startswith(district)
            reply = get(browser, page(village))
            assert reply.status_code == (200 if own else 404)
            assert own or reply.data == none.data
            assert (page(village) in get(browser, INDEX).text) == own
            assert (page(village) in get(browser, f"/kelurahan/{village}").text) == own


def test_a_refusal_is_written_down(house: House) -> None:
    get(house.signed_in("officer"), page(OTHER_DISTRICT))
    denied = [row["object_id"] for row in house.audit.entries(by=ROOT) if row["result"] == "denied"]
    assert denied == [OTHER_DISTRICT]


def test_the_index_counts_by_office(house: House) -> None:
    text = words(get(house.signed_in("officer"), INDEX).text)
    assert "Keluarga Belum tersentuh BPJS Kesehatan BPS Dinas Sosial Disdukcapil" in text
    assert "65 35 2 0 28 5" in text
    assert "10 6 0 6 0 0" in text


def test_only_who_reads_names_is_led_to_families(house: House) -> None:
    for who, leads in (("officer", True), ("analyst", False)):
        shown = get(house.signed_in(who), page()).text
        assert (f'/kelurahan/{VILLAGE}/keluarga"' in shown) == leads


def test_exact_counts_are_kept_nowhere(house: House) -> None:
    for path in (INDEX, page()):
        reply = get(house.signed_in("officer"), path)
        assert reply.headers["Cache-Control"] == "no-store"
        assert "ETag" not in reply.headers


def test_a_run_of_an_older_version_says_what_to_do(tmp_path: Path, database: Database) -> None:
    write_snapshot(tmp_path)
    browser = House(tmp_path, database).signed_in("officer")
    for path in (INDEX, page()):
        reply = get(browser, path)
        assert reply.status_code == 200
        assert "Jalankan geo-target run sekali lagi" in reply.text


@pytest.mark.parametrize("name", TABLES)
def test_tables_that_were_purged_or_changed_are_not_shown(
    tmp_path: Path, database: Database, name: str
) -> None:
    folder = write_snapshot(tmp_path)
    add_coverage(folder)
    file = folder / "exact" / f"{name}.parquet"
    browser = House(tmp_path, database).signed_in("officer")
    assert get(browser, page()).status_code == 200
    file.write_bytes(file.read_bytes() + b"x")
    assert get(browser, page()).status_code == 503
    file.unlink()
    assert get(browser, page()).status_code == 503


def test_a_table_that_the_manifest_leaves_out_is_not_shown(
    tmp_path: Path, database: Database
) -> None:
    folder = write_snapshot(tmp_path)
    add_coverage(folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["files"]["exact/lens_villages.parquet"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert get(House(tmp_path, database).signed_in("officer"), page()).status_code == 503
