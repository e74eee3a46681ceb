"""What the pages say: the sentence, the three kinds of nothing, both languages."""

import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.store import Served
from geo_target.web.views import about
from tests.quickness import fastest
from tests.web.sample import HOSTILE_NAMES, RUN_ID, villages, write_snapshot


def words(text: str) -> str:
    """A page's text without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def row_of(page: str, code: str) -> str:
    found = re.search(rf'<tr data-code="{re.escape(code)}".*?</tr>', page, re.DOTALL)
    assert found
    return found.group()


def special(column: str, value: int) -> str:
    table = villages()
    return str(table.index[table[column] == value][0])


def with_summary(archive: Path, **totals: object) -> str:
    """The overview's words when some totals are other than in the sample."""
    folder = write_snapshot(archive)
    file = folder / "shown" / "meeting" / "summary.json"
    summary = json.loads(file.read_bytes())
    summary["totals"].update(totals)
    body = json.dumps(summary).encode()
    manifest = folder / "manifest.json"
    text = manifest.read_bytes()
    old, new = (hashlib.sha256(each).hexdigest() for each in (file.read_bytes(), body))
    file.write_bytes(body)
    manifest.write_bytes(text.replace(old.encode(), new.encode()))
    return words(create_app(archive, doors=None).test_client().get("/").text)


def test_the_sentence_above_everything(tmp_path: Path) -> None:
    text = with_summary(
        tmp_path, uncovered_families=3784, covered_families=5015, unmatched_families=200,
        exclusion_error=0.43004, leading_villages=23,
    )  # fmt: skip
    assert (
        "3.784 keluarga terdaftar P3KE belum tersentuh bantuan (43 %), hingga 3.984 bila "
        "yang belum padan dihitung; 23 dari 67 kelurahan memuat 80 %-nya."
    ) in text


def test_the_sentence_without_unmatched_families_has_no_range(tmp_path: Path) -> None:
    assert "hingga" not in with_summary(tmp_path, unmatched_families=0)


def test_no_percentage_of_fewer_than_twenty(tmp_path: Path) -> None:
    text = with_summary(tmp_path, uncovered_families=7, covered_families=9, unmatched_families=0)
    assert "7 keluarga terdaftar P3KE belum tersentuh bantuan;" in text


def test_withheld_totals_are_said_to_be_withheld(tmp_path: Path) -> None:
    text = with_summary(
        tmp_path, uncovered_families=None, covered_families=None, exclusion_error=None,
        located_families=None, matched_share=None,
    )  # fmt: skip
    assert "tidak ditampilkan, agar angka kecil tidak terbuka" in text
    assert "keluarga terdaftar bertitik: tidak ditampilkan" in text


def test_zero_withheld_and_no_data_are_three_things(client: FlaskClient) -> None:
    table = villages()
    page = client.get("/").text
    zero = row_of(page, str(table.index[table["uncovered_families"].fillna(-1) == 0][0]))
    withheld = row_of(page, str(table.index[table["uncovered_families"].isna()][0]))
    empty = row_of(page, special("extreme_poor_families", 0))

    assert 'data-uncovered="zero"' in zero
    assert 'data-uncovered="withheld"' in withheld
    assert "tidak ditampilkan" in withheld
    assert "tidak ada data" not in withheld
    assert "tidak ada data" in empty
    assert "tidak ditampilkan" not in empty
    for state in ("tidak ditampilkan", "tidak ada data"):
        assert state not in zero


def test_the_legend_counts_every_village_once(client: FlaskClient) -> None:
    page = client.get("/").text
    legends = re.findall(r'<section class="legend".*?</section>', page, re.DOTALL)
    assert len(legends) == 1  # the others are made in the browser
    for legend in legends:
        counts = re.findall(r"<td>(\d+)</td></tr>", legend)
        assert sum(map(int, counts)) == 67


def test_a_share_of_few_families_is_shown_as_counts(client: FlaskClient) -> None:
    code = special("extreme_poor_families", 14)
    assert 'class="few"' in row_of(client.get("/").text, code)
    page = words(client.get(f"/kelurahan/{code}").text)
    assert "6 dari 14" in page
    assert not re.search(r"\b43\b.%", page)


def test_the_village_page_has_units_definition_and_date(client: FlaskClient) -> None:
    code = special("priority_rank", 1)
    page = words(client.get(f"/kelurahan/{code}").text)
    assert "1 dari 64" in page  # two are withheld, one has no extreme-poor family
    assert re.search(r"Belum tersentuh: \d+ KK", page)
    assert "Keadaan pada 1 Oktober 2025" in page
    assert "PKH, Sembako, PBI-JK" in page
    assert "batas resmi" in page
    assert "bukan data sebenarnya" in page


@pytest.mark.parametrize("code", ["36.73.99.9999", "99.99.99.9999", "36.73", "abc"])
def test_an_unknown_village_is_not_found(client: FlaskClient, code: str) -> None:
    reply = client.get(f"/kelurahan/{code}")
    assert reply.status_code == 404
    assert "Halaman tidak ada" in reply.text
    assert "no such page" in reply.text


def test_hostile_names_are_text(hostile_archive: Path) -> None:
    client = create_app(hostile_archive, doors=None).test_client()
    page = client.get("/").text
    layer = json.loads(gzip.decompress(
        client.get(f"/layers/{RUN_ID}/villages.json", headers={"Accept-Encoding": "gzip"}).data
    ))  # fmt: skip
    names = {feature["properties"]["village_name"] for feature in layer["features"]}
    table = villages(hostile=True)
    for name in HOSTILE_NAMES:
        assert html.escape(name, quote=False).split("&")[0] in page
        assert name in names
        code = table.index[table["village_name"] == name][0]
        shown = client.get(f"/kelurahan/{code}").text
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
    assert "<img src=x" not in page
    assert "<script>alert" not in page


def test_the_language_is_kept_and_the_page_stays_the_same(client: FlaskClient) -> None:
    reply = client.get("/kelurahan/36.73.01.1001?lang=en")
    assert reply.status_code == 303
    assert reply.headers["Location"] == "/kelurahan/36.73.01.1001"
    cookie = reply.headers["Set-Cookie"]
    assert "lang=en" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get("/kelurahan/36.73.01.1001").text
    assert '<html lang="en"' in page
    assert "As it stood on 1 October 2025" in page
    assert "Belum" not in page


@pytest.mark.parametrize("asked", ["//jahat.example", "fr", "en%0d%0aX: y", ""])
def test_another_language_changes_nothing(client: FlaskClient, asked: str) -> None:
    reply = client.get(f"/?lang={asked}")
    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers


def test_each_language_writes_its_own_numbers(client: FlaskClient) -> None:
    assert re.search(r"\d\.\d{3} keluarga terdaftar", words(client.get("/").text))
    client.get("/?lang=en")
    assert re.search(r"\d,\d{3} families on the P3KE list", words(client.get("/").text))


def test_pages_are_served_fast(client: FlaskClient) -> None:
    client.get("/")
    assert fastest(lambda: client.get("/", headers={"Accept-Encoding": "gzip"}), times=20) < 0.02


def test_the_web_process_stays_light() -> None:
    heavy = ("pandas", "geopandas", "shapely", "folium", "duckdb", "sklearn", "esda", "numpy")
    code = (
        "import sys; import geo_target.web.app; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_page_that_many_share_holds_nothing_of_one_request(client: FlaskClient) -> None:
    """The first visitor's question would be in everybody's links."""
    assert "umpan" not in client.get("/?umpan=1").text
    assert "umpan" not in client.get("/").text


def test_withheld_parts_of_the_books_are_one_sentence(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path)
    file, manifest = folder / "shown" / "meeting" / "summary.json", folder / "manifest.json"
    summary = json.loads(file.read_bytes())
    parts = ("accepted", "quarantined", "duplicates", "blank", "set_aside")
    summary["balance"] |= dict.fromkeys(parts)
    body = json.dumps(summary).encode()
    old, new = (hashlib.sha256(each).hexdigest() for each in (file.read_bytes(), body))
    file.write_bytes(body)
    manifest.write_bytes(manifest.read_bytes().replace(old.encode(), new.encode()))
    text = words(create_app(tmp_path, doors=None).test_client().get("/tentang-angka").text)
    assert "400.100 baris masuk; pembagiannya tidak ditampilkan" in text
    assert "tidak ditampilkan diterima" not in text


def test_a_page_that_several_ask_for_is_made_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def slowly(served: Served) -> str:
        made.append(served.snapshot.run_id)
        time.sleep(0.3)
        return "a page"

    monkeypatch.setattr(about, "make", slowly)
    with ThreadPoolExecutor(4) as visitors:
        said = [*visitors.map(lambda _: app.test_client().get("/tentang-angka").text, range(4))]
    assert said == ["a page"] * 4
    assert len(made) == 1
