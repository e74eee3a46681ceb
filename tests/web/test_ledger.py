"""The pages of published figures: our count beside each, what differs, and no mixed units."""

import csv
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.errors import ConfigError
from geo_target.web.app import create_app
from tests.publishing.test_figure_ledger import ROW
from tests.web.house import House, get
from tests.web.sample import write_snapshot

UNCOVERED = "/buku-angka/kota-serang-belum-tersentuh-2023-12"
PEOPLE = "/buku-angka/kota-serang-miskin-ekstrem-2024"
PERCENT = "/buku-angka/kota-serang-persen-miskin-2024"


def words(text: str) -> str:
    """A page's text without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def with_summary(archive: Path, **changed: Any) -> FlaskClient:
    """A browser on a snapshot some of whose totals, or other parts, are not the sample's."""
    folder = write_snapshot(archive)
    file, manifest = folder / "shown/meeting/summary.json", folder / "manifest.json"
    summary = json.loads(file.read_bytes())
    summary["totals"].update(changed.pop("totals", {}))
    body = json.dumps({**summary, **changed}).encode()
    old, new = (hashlib.sha256(each).hexdigest() for each in (file.read_bytes(), body))
    file.write_bytes(body)
    manifest.write_text(manifest.read_text("utf-8").replace(old, new), encoding="utf-8")
    return create_app(archive, doors=None).test_client()


def row_of(page: str, figure: str) -> str:
    """The words of the row of a figure."""
    found = re.search(rf'<tr><th[^>]*><a class="number" href="{figure}".*?</tr>', page, re.DOTALL)
    assert found
    return words(found.group()).strip()


def test_each_figure_beside_our_count(tmp_path: Path) -> None:
    client = with_summary(tmp_path, totals={"uncovered_families": 3700, "unmatched_families": 99})
    page = client.get("/buku-angka").text
    row = row_of(page, UNCOVERED)
    assert row.startswith("3.784 KK 18 Desember 2023 keluarga (KK) terdaftar P3KE")
    assert row.endswith("3.700 KK hingga 3.799 KK 1 Oktober 2025 −84 KK hingga +15 KK beda arti")
    assert row_of(page, PEOPLE).endswith("1 Oktober 2025 beda satuan")
    assert "Data contoh, bukan data sebenarnya" in page
    assert "Hitungan kami: keluarga (KK)." in page


def test_surveys_stand_apart(client: FlaskClient) -> None:
    counts, survey = client.get("/buku-angka").text.split('id="survei"')
    assert PERCENT not in counts
    assert PERCENT in survey
    assert UNCOVERED not in survey
    assert "Hitungan kami" not in survey


def test_why_it_is_another_number(tmp_path: Path) -> None:
    client = with_summary(tmp_path, totals={"uncovered_families": 3700, "unmatched_families": 99})
    page = words(client.get(UNCOVERED).text)
    for said in (
        "Mengapa bukan 3.784 KK?",
        "Kota Serang, satuan KK, 18 Desember 2023.",
        "Sumber: Dinsos Kota Serang; bantenintens 2023-12-18",
        "Selisih −84 KK hingga +15 KK (beda arti)",
        "Arti tersentuh: programnya tidak disebut; bagi kami PKH, Sembako, PBI-JK.",
        "Tanggal: 18 Desember 2023 dan 1 Oktober 2025.",
        "Angka kami karena itu 3.700 KK hingga 3.799 KK.",
        "Hasil verifikasi 67 operator kelurahan atas 8.799 KK",
    ):
        assert said in page


def test_people_are_not_held_against_families(client: FlaskClient) -> None:
    page = words(client.get(PEOPLE).text)
    assert "Satuan: jiwa dan KK. Yang satu tidak dapat dihitung dari yang lain" in page
    assert "Selisih beda satuan" in page


def test_a_survey_has_no_own_count(client: FlaskClient) -> None:
    page = words(client.get(PERCENT).text)
    assert "Ini angka survei" in page
    assert "Mengapa bukan" not in page


def test_another_list_and_another_rule(tmp_path: Path) -> None:
    changed = {
        "base": {"profile": "dtsen", "title": {"id": "DTSEN"}, "as_of": "2025-09-01"},
        "welfare": {"rule": "decile", "id": "desil 1", "en": "decile 1"},
    }
    page = words(with_summary(tmp_path, **changed).get(UNCOVERED).text)
    assert "Daftar: P3KE; daftar kami DTSEN." in page
    assert "Sasaran: kami menghitung desil 1, bukan semua isi daftar." in page


@pytest.mark.parametrize("page", [UNCOVERED, "/buku-angka"])
def test_withheld_is_not_zero(tmp_path: Path, page: str) -> None:
    client = with_summary(tmp_path, totals={"uncovered_families": None})
    text = client.get(page).text
    row = row_of(text, UNCOVERED) if page == "/buku-angka" else words(text)
    assert "tidak ditampilkan" in row
    assert not re.search(r"\b0 KK", row)


def test_the_same_number_asks_no_question(tmp_path: Path) -> None:
    totals = {"uncovered_families": 3784, "unmatched_families": 0}
    page = words(with_summary(tmp_path, totals=totals).get(UNCOVERED).text)
    assert "Mengapa bukan" not in page
    assert "Selisih 0 KK (beda arti)" in page


def test_english(archive: Path) -> None:
    client = create_app(archive, doors=None, language_default="en").test_client()
    assert "3,784 families 18 December 2023" in words(client.get("/buku-angka").text)
    assert "Why not 3,784 families?" in words(client.get(UNCOVERED).text)


@pytest.mark.parametrize(
    "path", ["/buku-angka/tidak-ada", "/buku-angka/kab-lebak-persen-miskin-2023", "/buku-angka/"]
)
def test_figures_of_elsewhere_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_area_that_nobody_wrote_about(tmp_path: Path) -> None:
    page = with_summary(tmp_path, area={"code": "12.01", "name": "Lain"}).get("/buku-angka").text
    assert "9,36" in page  # of the nation
    assert 'id="daftar"' not in page


def test_words_of_ones_own_file_are_text(archive: Path, tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    texts = ("area_name", "publisher", "source", "definition_id", "definition_en", "why_id")
    file = tmp_path / "angka.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(ROW))
        writer.writeheader()
        writer.writerow({**ROW, **dict.fromkeys(texts, bad)})
    client = create_app(archive, doors=None, figures=file).test_client()
    for path in ("/buku-angka", "/buku-angka/camat-2025"):
        page = client.get(path).text
        assert "&lt;img src=x" in page
        assert "<img" not in page
    file.write_text("id\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="E-FIGURE-FILE"):
        create_app(archive, doors=None, figures=file)


def test_about_leads_to_it(client: FlaskClient) -> None:
    assert 'href="/buku-angka"' in client.get("/tentang-angka").text


@pytest.mark.parametrize("who", ["analyst", "auditor"])
def test_whoever_may_see_the_map(house: House, who: str) -> None:
    expected = 200 if who == "analyst" else 403
    for path in ("/buku-angka", UNCOVERED):
        assert get(house.signed_in(who), path).status_code == expected
        assert get(house.browser(), path).status_code == 303  # to sign in first
