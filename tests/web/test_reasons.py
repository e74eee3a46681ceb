"""Why families are not reached: the same figures for every office, that add up."""

import hashlib
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.targeting.reasons import REASONS
from geo_target.web.app import create_app
from geo_target.web.coverage_words import reason_words
from tests.web.house import House, get
from tests.web.sample import write_snapshot

OFFICES = ("Disdukcapil", "Dinas Sosial", "BPS", "BPJS Kesehatan")
TABLE = "tables/coverage.json"


def words(text: str) -> str:
    """A page's text without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def table(page: str, name: str) -> list[list[str]]:
    """The words of each cell of a table, row by row."""
    found = re.search(rf'<table class="plain-table[^"]*\b{name}".*?</table>', page, re.DOTALL)
    assert found
    return [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", found.group(), re.DOTALL)
    ]


def number(text: str) -> int:
    return int(text.replace(".", ""))


def with_coverage(archive: Path, change: Callable[[Any], None] | None) -> FlaskClient:
    """One laptop whose coverage.json is other than the sample's; without a change it has none."""
    folder = write_snapshot(archive)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    name = f"shown/meeting/{TABLE}"
    if change is None:
        del manifest["files"][name]
    else:
        told = json.loads((folder / name).read_bytes())
        change(told)
        body = json.dumps(told).encode()
        (folder / name).write_bytes(body)
        manifest["files"][name] = {"sha256": hashlib.sha256(body).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return create_app(archive, doors=None).test_client()


def test_offices_add_up_to_the_uncovered(client: FlaskClient) -> None:
    page = client.get("/alasan").text
    rows = table(page, "offices")[1:]
    parts = [number(row[1]) for row in rows[:-1]]
    heading = re.search(r"<h1>([\d.]+) keluarga belum tersentuh", page)
    assert heading
    assert [row[0] for row in rows[:-1]] == [*OFFICES]
    assert sum(parts) == number(rows[-1][1]) == number(heading[1])
    assert f"{rows[0][1]} + {rows[1][1]} + {rows[2][1]} + {rows[3][1]} = {rows[-1][1]} KK" in (
        words(page)
    )


def test_reasons_add_up_too_and_to_their_offices(client: FlaskClient) -> None:
    page = client.get("/alasan").text
    reasons = table(page, "why")[1:]
    counts = [number(row[3]) for row in reasons[:-1]]
    assert sum(counts) == number(reasons[-1][2])
    for office, count, _ in table(page, "offices")[1:-1]:
        assert number(count) == sum(
            n for row, n in zip(reasons, counts, strict=False) if row[2].startswith(office)
        )


def test_districts_have_the_reasons_in_their_order(client: FlaskClient) -> None:
    rows = table(client.get("/alasan").text, "by-district")
    assert rows[0] == ["Kecamatan", "1", "2", "3", "4", "5", "6", "Semua"]
    told = [row for row in rows[1:-1] if "tidak ditampilkan" not in row]
    assert len(told) == 4
    for row in told:
        assert sum(map(number, row[1:-1])) == number(row[-1])
    assert rows[1][1:] == ["tidak ditampilkan"] * 7  # a village of the district is withheld


def test_every_office_sees_the_same_figures(client: FlaskClient) -> None:
    """Only what is marked differs, whoever asks."""

    def figures(path: str) -> list[list[str]]:
        page = client.get(path).text
        return [
            [cell.replace(" bagian Anda", "") for cell in row]
            for name in ("offices", "why", "by-district")
            for row in table(page, name)
        ]

    whole = figures("/alasan")
    for office in OFFICES:
        page = client.get("/alasan", query_string={"kantor": office}).text
        assert figures(f"/alasan?kantor={office}") == whole
        marked = [row[0] for row in table(page, "offices") if "bagian Anda" in row[0]]
        assert marked == [f"{office} bagian Anda"]
        rows = table(page, "why")[1:-1]
        assert all(row[2].startswith(office) == ("bagian Anda" in row[2]) for row in rows)


@pytest.mark.parametrize("office", ["", "x", "disdukcapil", "<b>"])
def test_an_office_that_is_none_is_not_answered(client: FlaskClient, office: str) -> None:
    assert client.get("/alasan", query_string={"kantor": office}).status_code == 404


def test_another_language_keeps_the_office(client: FlaskClient) -> None:
    page = client.get("/alasan?kantor=BPS").text
    assert "?kantor=BPS&amp;lang=en" in page
    client.get("/alasan?kantor=BPS&lang=en")
    assert "BPS your part" in words(client.get("/alasan?kantor=BPS").text)


def test_withheld_is_not_nought(tmp_path: Path) -> None:
    def withhold(told: Any) -> None:
        reasons = told["reasons"]
        reasons["offices"][0]["families"] = None
        reasons["offices"][2]["families"] = None
        reasons["rows"][0]["families"] = reasons["rows"][2]["families"] = None

    page = with_coverage(tmp_path, withhold).get("/alasan").text
    assert table(page, "offices")[1][1] == "tidak ditampilkan"
    assert table(page, "why")[1][3] == "tidak ditampilkan"
    assert re.search(r"tidak ditampilkan \+ [\d.]+ \+ tidak ditampilkan \+ [\d.]+ =", words(page))


def test_the_heading_says_how_many_more_they_may_be(client: FlaskClient) -> None:
    assert (
        "3.934 keluarga belum tersentuh, hingga 4.188 bila yang belum padan dihitung: siapa yang "
        "dapat mengubahnya"
    ) in words(client.get("/alasan").text)


def test_a_withheld_sum_is_in_no_heading(tmp_path: Path) -> None:
    def withhold(told: Any) -> None:
        told["reasons"]["families"] = None

    page = with_coverage(tmp_path, withhold).get("/alasan").text
    assert "<h1>Siapa yang dapat mengubahnya" in page


def test_a_run_without_uncovered_families_says_so(tmp_path: Path) -> None:
    def empty(told: Any) -> None:
        told["reasons"] = {"families": 0, "rows": [], "offices": [], "districts": {}}

    page = with_coverage(tmp_path, empty).get("/alasan").text
    assert "Tidak ada keluarga belum tersentuh yang dapat dibagi" in page


@pytest.mark.parametrize("path", ["/alasan", "/program"])
def test_a_run_of_an_older_version_says_what_to_do(tmp_path: Path, path: str) -> None:
    client = with_coverage(tmp_path, None)
    reply = client.get(path)
    assert reply.status_code == 200
    assert "Jalankan geo-target run sekali lagi" in reply.text
    assert "<table" not in reply.text
    assert client.get("/alasan?kantor=BPS").status_code == 404


@pytest.mark.parametrize("path", ["/alasan", "/program"])
def test_only_who_sees_exact_counts_is_led_to_them(house: House, path: str) -> None:
    for who, leads in (("viewer", False), ("operator", False), ("officer", True),
                       ("analyst", True)):  # fmt: skip
        page = get(house.signed_in(who), path).text
        assert ('href="/cakupan/kelurahan"' in page) == leads


def test_every_reason_has_its_words(client: FlaskClient) -> None:
    with client.application.test_request_context("/"):
        assert list(reason_words()) == list(REASONS)
        assert all(all(each) for each in reason_words().values())
