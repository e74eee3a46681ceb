"""One page of data and quality: what each list is, and what was lost of it, as a person counts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from tests.web.house import SITE, House
from tests.web.sample import write_snapshot
from tests.web.test_reasons import table, words
from tests.web.with_changes import changed


def with_summary(tmp_path: Path, change: Callable[[Any], None]) -> str:
    changed(write_snapshot(tmp_path), "summary.json", change)
    return create_app(tmp_path, doors=None).test_client().get("/mutu-data").text


def losses(page: str) -> list[str]:
    found = re.search(r'<ol class="losses">(.*?)</ol>', page, re.DOTALL)
    return [
        words(one) for one in re.findall(r"<li>(.*?)</li>", found[1] if found else "", re.DOTALL)
    ]


def test_each_list_with_its_age_and_what_became_of_its_rows(client: FlaskClient) -> None:
    """The run is of 1 October; the second list is of 5 October: its age is 0 days."""
    head, *rows = table(client.get("/mutu-data").text, "sources")
    assert head[3:] == ["Baris", "Diterima", "Dikarantina", "Ganda", "Kosong", "Sel disisihkan"]
    assert rows == [
        ["P3KE keluarga a.xlsx", "biasanya Bappeda", "1 September 2025 30 hari",
         "8.805", "8.799", "1", "2", "3", "0"],
        ["SIKS-NG penerima b.xlsx", "Kementerian Sosial", "5 Oktober 2025 0 hari",
         "9.000", "8.990", "1", "4", "5", "tidak ditampilkan"],
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "is_old"), [("2025-03-31", False), ("2025-03-30", True)])
def test_six_months_old(tmp_path: Path, day: str, *, is_old: bool) -> None:
    """184 days before 1 October are 31 March: more than that is old."""

    def date(summary: Any) -> None:
        summary["sources"][0]["as_of"] = day

    page = with_summary(tmp_path, date)
    assert ("lebih dari 6 bulan" in table(page, "sources")[1][2]) == is_old
    assert ("1 dari 2 daftar berumur lebih dari 6 bulan pada 1 Oktober 2025" in words(page)) == (
        is_old
    )


def test_matches_by_key(client: FlaskClient) -> None:
    """8,990 rows: 8,100 by NIK, 40 by KK, none by id, 50 by name; 800 of nobody."""
    head, *rows = table(client.get("/mutu-data").text, "ways")
    assert [one.split(" (")[0] for one in head[1:]] == [
        "NIK", "nomor KK", "nomor lain", "nama", "Semua kunci", "Tidak terhubung",
    ]  # fmt: skip
    assert [one.replace("\xa0", " ") for one in rows[0][1:]] == [
        "90 %", "< 1 %", "0 %", "1 %", "91 %", "800",
    ]  # fmt: skip


def test_no_percentage_of_fewer_than_twenty_rows(tmp_path: Path) -> None:
    def few(told: Any) -> None:
        told["matches"][0] |= {"enrollments": 19, "linked": 12, "unlinked": 7,
                               "ways": {"nik": 12, "kk": 0}}  # fmt: skip

    changed(write_snapshot(tmp_path), "tables/registers.json", few)
    page = create_app(tmp_path, doors=None).test_client().get("/mutu-data").text
    row = table(page, "ways")[1]
    assert row[1:] == ["12 dari 19", "0 dari 19", "12 dari 19", "7"]
    assert not [one for one in losses(page) if "b.xlsx" in one and "terhubung" in one]


def test_a_withheld_way_is_withheld(tmp_path: Path) -> None:
    def withhold(told: Any) -> None:
        told["matches"][0]["ways"] |= {"nik": None, "kk": None}

    changed(write_snapshot(tmp_path), "tables/registers.json", withhold)
    page = create_app(tmp_path, doors=None).test_client().get("/mutu-data").text
    assert table(page, "ways")[1][1:3] == ["tidak ditampilkan"] * 2


def test_the_three_largest_losses_by_their_share(tmp_path: Path) -> None:
    """Without a point 9 of 10, unmatched 1 of 4, a fifth of a list; others are smaller."""

    def lose(summary: Any) -> None:
        summary["totals"] |= {"extreme_poor_families": 1000, "located_families": 100,
                              "unmatched_families": 250}  # fmt: skip
        summary["sources"][0] |= {"rows": 500, "quarantined": 60, "duplicates": 40}
        summary["balance"] |= {"families": 7000, "unplaced": 70}

    folder = write_snapshot(tmp_path)
    changed(folder, "summary.json", lose)

    def fresh(told: Any) -> None:
        told["evidence"] |= {"families": 1000, "stale_families": 0}

    changed(folder, "tables/coverage.json", fresh)
    text = create_app(tmp_path, doors=None).test_client().get("/mutu-data").text
    assert [one.replace("\xa0", " ").split(": ")[1] for one in losses(text)] == [
        "900 dari 1.000 KK (90 %) belum punya titik.",
        "250 dari 1.000 KK (25 %) belum padan.",
        "100 dari 500 baris (20 %) dikarantina atau ganda, P3KE keluarga (a.xlsx).",
    ]


def test_a_withheld_loss_is_not_in_the_order(tmp_path: Path) -> None:
    def withhold(summary: Any) -> None:
        summary["totals"]["located_families"] = None

    page = with_summary(tmp_path, withhold)
    assert not [one for one in losses(page) if "punya titik" in one]
    assert "1 kehilangan lain tidak ditampilkan, jadi tidak ikut diurutkan" in words(page)
    assert table(page, "located-share")[1][1:] == ["tidak ditampilkan KK", "tidak ditampilkan"]


def test_the_books_as_they_stand(client: FlaskClient) -> None:
    text = words(client.get("/mutu-data").text)
    assert (
        "60.000 KK = 3.520 bertitik + 56.480 tanpa titik + 0 di luar = 60.000 di kelurahan + "
        "0 tak tertempatkan"
    ) in text
    assert "400.100 baris masuk = 400.000 diterima + 20 dikarantina + 30 ganda + 50 kosong" in text


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"schematic": True, "repaired": False, "file": None}, "Batas skematik, bukan batas resmi"),
        ({"schematic": False, "repaired": True, "file": "b.gpkg"},
         "Lapisan: b.gpkg. Celah dan tindihannya diperbaiki program."),
        ({"schematic": False, "repaired": False, "file": "b.gpkg"},
         "Lapisan: b.gpkg. Dipakai sebagaimana adanya."),
    ],
)  # fmt: skip
def test_what_the_boundaries_are(tmp_path: Path, layer: dict[str, object], said: str) -> None:
    assert said in words(with_summary(tmp_path, lambda summary: summary.update(boundaries=layer)))


def test_only_who_hands_in_is_led_to_the_rows(house: House) -> None:
    for who, leads in (("viewer", False), ("operator", True)):
        page = house.signed_in(who).get("/mutu-data", base_url=SITE).text
        assert ('href="/bulan-baru">Bulan baru: baris' in page) == leads


@pytest.mark.parametrize(("count", "said"), [(12, "12 KK"), (None, "tidak ditampilkan KK")])
def test_where_families_and_lists_disagree(tmp_path: Path, count: int | None, said: str) -> None:
    def visited(summary: Any) -> None:
        summary["visits"] = {"disagreements": count}

    page = words(with_summary(tmp_path, visited))
    assert f"Kata keluarga dan daftar berbeda: {said} ada di daftar penerima" in page


def test_without_visits_nobody_disagrees(client: FlaskClient) -> None:
    assert "Kata keluarga" not in client.get("/mutu-data").text
