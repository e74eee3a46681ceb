"""The pages of clusters: how many families stand where, and why it is a cluster."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.cluster_words import is_over_area
from tests.web.sample import villages
from tests.web.test_reasons import words


@pytest.fixture(scope="module")
def shown(archive: Path) -> list[dict[str, Any]]:
    file = next(archive.glob("*/shown/meeting/tables/clusters.json"))
    found: list[dict[str, Any]] = json.loads(file.read_bytes())
    return found


def test_every_shown_cluster_has_a_row_and_a_page(
    client: FlaskClient, shown: list[dict[str, Any]]
) -> None:
    page = client.get("/klaster").text
    linked = re.findall(r'href="/klaster/([^"]+)"', page)
    assert linked == [one["cluster_id"] for one in shown]
    for one in (shown[0], shown[-1]):
        text = words(client.get(f"/klaster/{one['cluster_id']}").text)
        assert f"Klaster {one['name']} (Kecamatan " in text
        assert f"): {one['uncovered_families']} KK belum tersentuh" in text
        assert "Jumlah sebanyak itu jarang karena kebetulan saja (q = 0,004)." in text
        assert f"{one['uncovered_families']} belum tersentuh. Dengan tingkat" in text


def test_villages_of_one_name_are_told_apart_by_their_district(client: FlaskClient) -> None:
    page = client.get("/klaster").text
    rows = re.findall(r"<tr>\s*<th scope=\"row\"><a href=\"/klaster/.*?</tr>", page, re.DOTALL)
    assert rows
    for row in rows:
        _, count, place = (words(c) for c in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)[:3])
        assert "KK" in count or count == "tidak ditampilkan"
        assert any(f"{v.village_name} {v.district_name}" == place for v in villages().itertuples())


def test_the_expected_are_of_what_the_rule_compares_with() -> None:
    assert is_over_area({"clusters": {"excess_over": "area"}})
    assert not is_over_area({"clusters": {"excess_over": "rest"}})
    assert not is_over_area({"clusters": None})


def test_a_cluster_that_is_not_shown_is_not_there(client: FlaskClient) -> None:
    for name in ("titik-36.73.01.1001-99", "belum-padan-titik-1", "<b>", "..%2f"):
        assert client.get(f"/klaster/{name}").status_code == 404


def test_an_rw_is_never_drawn_and_a_cluster_of_points_is_as_cells(
    client: FlaskClient, shown: list[dict[str, Any]]
) -> None:
    for kind, is_drawn in (("points", True), ("rw", False)):
        one = next(one for one in shown if one["kind"] == kind)
        page = client.get(f"/klaster/{one['cluster_id']}").text
        assert ('class="cell-line"' in page) == is_drawn
        assert ("RW tidak digambar" in page) != is_drawn


def test_the_list_tells_the_unmatched_apart_and_what_other_rules_find(client: FlaskClient) -> None:
    text = words(client.get("/klaster").text)
    assert "soal data, bukan soal kebutuhan" in text
    assert "sedikitnya 12 KK" in text
    assert "28 klaster KK tidak ditampilkan" in text


def test_a_village_says_how_many_are_in_clusters_and_how_many_are_scattered(
    client: FlaskClient, archive: Path
) -> None:
    file = next(archive.glob("*/shown/meeting/tables/scattered.json"))
    row = next(one for one in json.loads(file.read_bytes()) if one["clusters"])
    page = client.get(f"/kelurahan/{row['village_code']}").text
    told = words(page)
    assert f"{row['clustered_families']} di {row['clusters']} klaster, " in told
    assert f"{row['scattered_families']} di luar klaster yang ditampilkan." in told
    assert page.count('href="/klaster/') == row["clusters"]
