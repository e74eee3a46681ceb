"""Locked places and the official list, on the pages that rank."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.targeting.locked_places import final_places
from geo_target.web.priority_table import in_days, of_clusters, order
from tests.web.sample import official_list, villages
from tests.web.test_priorities import BURDEN, rows_of, served, village
from tests.web.test_reasons import words

REASON, BY, ON = "banjir bulan ini", "Siti Aminah", "2025-10-14"
TOLD = "Dikunci: banjir bulan ini (Siti Aminah, 14 Oktober 2025)"
SEVENTH = str(villages().index[6])
_TABLE = villages()
WITHHELD = str(_TABLE.index[_TABLE["withheld"].str.len() > 0][0])


def lock(rows: Any) -> None:
    """The seventh at the second place, a withheld one at the fourth; as the run writes it."""
    ranks = {row["village_code"]: row["priority_rank"] for row in rows if row["priority_rank"]}
    final = final_places(ranks, {SEVENTH: 2, WITHHELD: 4})
    for row in rows:
        place = final.get(row["village_code"])
        row |= {"final_rank": place, "final_label": str(place or "")}
        if row["village_code"] in (SEVENTH, WITHHELD):
            row |= {"is_locked": True, "override_reason": REASON, "override_by": BY,
                    "override_on": ON}  # fmt: skip
    rows.sort(key=lambda row: (row["final_rank"] or 99, row["village_code"]))


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    def in_days(summary: Any) -> None:
        summary["priority"]["families_per_day"] = 20

    return served(tmp_path_factory.mktemp("locked"), villages=lock, summary=in_days)


def test_locked_rows_stand_with_lock_reason_name_and_day(locked: FlaskClient) -> None:
    page = locked.get("/prioritas").text
    found = rows_of(page)
    assert [*found][1] == SEVENTH
    assert found[SEVENTH][0] == "2 menurut hitungan: 7"
    assert sum("menurut hitungan" in cells[0] for cells in found.values()) == 1  # none that follow
    assert TOLD in found[SEVENTH][1]
    assert page.count('aria-label="dikunci"') == 3  # two rows, and the line that explains it
    assert "2 kelurahan ditempatkan oleh keputusan" in words(page)
    assert [cells[0].split(" ")[0] for cells in found.values()][:6] == ["1", "2", "3", "4", "5",
                                                                        "6"]  # fmt: skip


def test_of_a_withheld_village_only_the_decision_is_told(locked: FlaskClient) -> None:
    cells = rows_of(locked.get("/prioritas").text)[WITHHELD]
    assert cells[0] == "4 tanpa hitungan"
    assert TOLD in cells[1]
    assert not re.search(r"\d", " ".join(cells[2:]))


def test_other_weights_leave_them_where_they_are(locked: FlaskClient) -> None:
    found = rows_of(locked.get("/prioritas?burden=5&density=95").text)
    assert [*found].index(SEVENTH) == 1
    assert [*found].index(WITHHELD) == 3
    assert "semula" not in found[SEVENTH][0]


def test_the_page_of_a_village_says_why(locked: FlaskClient) -> None:
    page = words(locked.get(f"/kelurahan/{SEVENTH}").text)
    assert "menurut hitungan: 7" in page
    assert ("Urutan akhirnya ke- 2 , ditetapkan oleh Siti Aminah pada 14 Oktober 2025 , dengan "
            "alasan: banjir bulan ini") in page  # fmt: skip
    assert "Urutan dikunci banjir bulan ini (Siti Aminah, 14 Oktober 2025)" in page
    moved = words(locked.get(f"/kelurahan/{villages().index[1]}").text)
    assert "Urutan akhirnya ke- 3 , sebab urutan desa/kelurahan lain ditetapkan" in moved


def test_the_overview_marks_them(locked: FlaskClient) -> None:
    cells = re.findall(r'<td class="rank">(.*?)</td>', locked.get("/").text)
    assert ["dikunci" in cell for cell in cells[:5]] == [False, True, False, True, False]
    assert [words(cell).strip() for cell in cells[:5]] == ["1", "2", "3", "4", "5"]


def test_the_decree_beside_the_computed_order(client: FlaskClient) -> None:
    page = client.get("/prioritas/daftar-resmi").text
    decree = official_list()
    table = villages()
    head = {str(code) for code in table.index[: len(decree.villages)]}
    named = {one.village_code for one in decree.villages}
    unranked = {str(code) for code in table.index[table["priority_rank"].isna()]}
    expected = {"both": named & head, "official": named - head - unranked,
                "computed": head - named, "unknown": named & unranked}  # fmt: skip
    for name, codes in expected.items():
        part = re.search(rf'aria-labelledby="list-{name}".*?</section>', page, re.DOTALL)
        assert part
        assert {*re.findall(r'href="/kelurahan/([\d.]+)"', part[0])} == codes
    assert f"{len(expected['both'])} dari {len(named)} kelurahan" in words(page)
    assert "SK 050/12-Bappeda tanggal 1 Februari 2025, Bappeda Kota Serang" in words(page)
    assert "Alasan di SK: usul kecamatan" in words(page)
    assert words(page).count("tidak diurutkan: angkanya tidak ditampilkan") == 2


def test_without_a_decree_the_page_says_what_fills_it(tmp_path: Path) -> None:
    client = served(tmp_path, without="tables/official_list.json")
    page = client.get("/prioritas/daftar-resmi")
    assert page.status_code == 200
    assert "[priority] official_list" in page.text
    told = client.get("/prioritas").text
    assert "daftar-resmi" not in told
    assert told.count("<polyline") == 3


def test_a_quarter_by_the_decree_in_villages_days_and_clusters(locked: FlaskClient) -> None:
    text = words(locked.get("/prioritas").text)
    assert "Menurut daftar resmi" in text
    assert "Hari tim, 20 keluarga sehari" in text
    assert "Klaster yang angkanya ditampilkan" in text


def test_curves_of_three_units_by_hand() -> None:
    rows = [village("A", 40), village("B", 30), village("C", 20), village("D", 10)]
    decree = {"rows": [{"village_code": "C", "on": "official", "official_order": None}]}
    found = order(rows, BURDEN, official=decree)
    assert found.curves["official"].reached[1] == pytest.approx(0.2)
    assert found.curves["ahead"].reached[1] == pytest.approx(0.4)
    days, all_days = in_days(found, 20, decree)
    assert all_days == 2 + 2 + 1 + 1
    assert days["official"].reached[1] == pytest.approx(0.2)  # one day of six
    clusters = [{"uncovered_families": count, "village_codes": [code]}
                for code, count in (("A", 9), ("A", 6), ("C", 5), ("B", None))]  # fmt: skip
    curves, number = of_clusters(clusters, found, decree)
    assert number == 3
    assert curves["official"].reached[2] == pytest.approx(0.25)  # one of three: C's
