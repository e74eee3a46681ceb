"""The page about figures defines every indicator that a map, a table or a file may tell."""

import re
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_target.agencies import agencies
from geo_target.web.indicators import indicators_of
from geo_target.web.store import read_snapshot
from tests.web.sample import RUN_ID, villages
from tests.web.test_reasons import words


def anchors(page: str) -> Counter[str]:
    return Counter(re.findall(r' id="([^"]+)"', page))


def test_every_indicator_has_one_anchor(client: FlaskClient, archive: Path) -> None:
    keys = [one.key for one in indicators_of(read_snapshot(archive / RUN_ID))]
    found = anchors(client.get("/tentang-angka").text)
    assert len(keys) > 30
    assert {key: found[key] for key in keys} == dict.fromkeys(keys, 1)


def test_no_anchor_is_there_twice(client: FlaskClient) -> None:
    found = anchors(client.get("/tentang-angka").text)
    assert [anchor for anchor, count in found.items() if count > 1] == []


def test_indicators_stand_in_named_groups(client: FlaskClient) -> None:
    heads = re.findall(r"<h3>([^<]+)</h3>", client.get("/tentang-angka").text)
    assert heads == [
        "Belum tersentuh", "Definisi lain", "Program", "Kelompok keluarga", "Mutu data",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_indicator_is_defined_in_words(client: FlaskClient, language: str) -> None:
    client.get(f"/tentang-angka?lang={language}")
    page = client.get("/tentang-angka").text
    said = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd>(.*?)(?:<ul|</dd>)", page, re.DOTALL)
    assert len(said) > 25
    assert [words(name) for name, meaning in said if len(words(meaning)) < 20] == []
    missed = "Eligible by the program" if language == "en" else "Layak menurut aturan program"
    assert missed in words(page)


def test_other_definitions_say_their_programs(client: FlaskClient) -> None:
    page = words(client.get("/tentang-angka").text)
    assert (
        "Belum tersentuh: Dengan jaminan daerah Dibandingkan dengan daftar penerima PKH, Sembako, "
        "PBI-JK, PBI daerah yang berlaku pada 1 Oktober 2025, dan tidak ditemukan."
    ) in page


def test_whatever_leads_to_a_definition_finds_it(client: FlaskClient) -> None:
    """Names of figures on all pages open what they mean."""
    found = anchors(client.get("/tentang-angka").text)
    pages = ["/", "/prioritas", "/klaster", "/cakupan", "/alasan", "/program", "/akses",
             "/register", "/mutu-data", "/lembaga", *(f"/lembaga/{slug}" for slug in agencies()),
             f"/kelurahan/{villages().index[0]}"]  # fmt: skip
    wanted = {
        (path, anchor)
        for path in pages
        for anchor in re.findall(r'"/tentang-angka#([^"]+)"', client.get(path).text)
    }
    assert len({anchor for _, anchor in wanted}) > 10
    assert {(path, anchor) for path, anchor in wanted if not found[anchor]} == set()
