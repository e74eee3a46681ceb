"""Each agency's own: the same totals above, what is its own beneath, and no figure of its own."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.agencies import agencies
from geo_target.web.app import create_app
from geo_target.web.figures import Figure, count_of
from geo_target.web.finding import districts_of, villages_of
from geo_target.web.reach import told_of
from tests.web.house import SITE, House
from tests.web.sample import RUN_ID, villages, write_snapshot
from tests.web.test_reasons import number, table, words
from tests.web.with_changes import changed

SLUGS = [*agencies()]
HOSTILE = "<img src=x onerror=alert(1)>"
COVERAGE = "tables/coverage.json"


def page_of(client: FlaskClient, slug: str) -> str:
    reply = client.get(f"/lembaga/{slug}")
    assert reply.status_code == 200
    return reply.text


def totals(page: str) -> str:
    found = re.search(r'<section class="same-totals".*?</section>', page, re.DOTALL)
    assert found
    return found.group()


def rows(page: str, kind: str) -> dict[str, str]:
    """Figures by what they are of; the step beneath left away."""
    found = re.search(rf'<table class="plain-table full mend {kind}".*?</table>', page, re.DOTALL)
    return {
        words(title): words(figure)
        for title, figure in re.findall(
            r'<th scope="row"><a[^>]*>(.*?)</a>.*?<td class="figure">(.*?)</td>',
            found.group() if found else "", re.DOTALL,
        )
    }  # fmt: skip


def settled(page: str) -> list[str]:
    found = re.search(r'<ul class="settled">.*?</ul>', page, re.DOTALL)
    return [words(one) for one in re.findall(r"<li>(.*?)</li>", found.group(), re.DOTALL)] if (
        found
    ) else []  # fmt: skip


def with_table(tmp_path: Path, name: str, change: Callable[[Any], None]) -> FlaskClient:
    changed(write_snapshot(tmp_path), name, change)
    return create_app(tmp_path, doors=None).test_client()


def test_the_same_totals_on_top_of_each(client: FlaskClient) -> None:
    """Byte for byte, over all agencies and their index; and the overview's sentence."""
    found = {totals(client.get(path).text)
             for path in ("/lembaga", *(f"/lembaga/{slug}" for slug in SLUGS))}  # fmt: skip
    assert len(found) == 1
    headline = re.search(r'<h1 id="headline">(.*?)</h1>', client.get("/").text, re.DOTALL)
    assert headline
    assert words(headline[1]) in words(found.pop())


@pytest.mark.parametrize("slug", SLUGS)
def test_each_says_what_is_its_own_and_marks_itself(client: FlaskClient, slug: str) -> None:
    page = page_of(client, slug)
    name = agencies()[slug].name.id
    assert re.findall(r'aria-current="page">([^<]*)</a>', page).count(name) == 1
    assert rows(page, "families") or rows(page, "data") or settled(page)


def test_reasons_and_programs_of_its_offices_only(client: FlaskClient) -> None:
    reasons = {row[1]: number(row[3])
               for row in table(client.get("/alasan").text, "why")[1:-1]}  # fmt: skip
    mine = rows(page_of(client, "disdukcapil"), "families")
    title = "Tidak ada NIK yang dapat dipakai"
    count = next(count for words, count in reasons.items() if words.startswith(title))
    assert number(mine[title].split()[0]) == count
    assert not [one for one in mine if "PKH" in one or "Desil" in one]
    assert [one for one in rows(page_of(client, "dinas-sosial"), "families") if "PKH" in one]
    assert "Desilnya di atas batas program" in rows(page_of(client, "bps"), "families")


def test_families_are_in_order_of_how_many_and_withheld_ones_last(tmp_path: Path) -> None:
    def withhold(told: Any) -> None:
        next(one for one in told["programs"] if one["code"] == "PKH")["uncovered_families"] = None

    page = page_of(with_table(tmp_path, COVERAGE, withhold), "dinas-sosial")
    figures = [*rows(page, "families").values()]
    told = [number(one.split()[0]) for one in figures if one != "tidak ditampilkan"]
    assert told == sorted(told, reverse=True)
    assert figures[-1] == "tidak ditampilkan"
    assert figures.count("tidak ditampilkan") == 1


def test_a_program_s_villages_are_those_of_the_matrix(tmp_path: Path) -> None:
    """Three villages told, one of none, one withheld; their districts only where all are told."""
    codes = sorted(villages().index)
    counts = dict(zip(codes, (7, 30, 12, 0), strict=False))

    def few(told: Any) -> None:
        for code, row in told["villages"].items():
            row["uncovered PKH"] = counts.get(code, 0)
        told["villages"][codes[4]]["uncovered PKH"] = None

    client = with_table(tmp_path, COVERAGE, few)
    page = page_of(client, "dinas-sosial")
    section = re.search(r'<h3 id="program-PKH">.*?</section>', page, re.DOTALL)
    assert section
    linked = re.findall(r'href="/kelurahan/([\d.]+)".*?class="number">(\d+)<', section.group(),
                        re.DOTALL)  # fmt: skip
    assert linked == [(codes[1], "30"), (codes[2], "12"), (codes[0], "7")]
    assert "1 kelurahan tidak ditampilkan" in words(section.group())
    assert "1 kecamatan tidak ditampilkan" in words(section.group())
    assert 'href="/cakupan?ukuran=uncovered&amp;program=PKH#matriks"' in section.group()


def test_links_of_findings_lead_somewhere(client: FlaskClient) -> None:
    """Each page is there, and has the anchor that is named."""
    for slug in SLUGS:
        page = page_of(client, slug)
        main = page[page.index("<main") :]
        for address in {*re.findall(r'href="(/[^"]*)"', main)}:
            path, _, anchor = html.unescape(address).partition("#")
            reply = client.get(path)
            assert reply.status_code == 200, address
            if anchor and "=" not in anchor:
                assert f'id="{anchor}"' in reply.text, address
        for anchor in {*re.findall(r'href="#([^"]*)"', main)}:
            assert f'id="{html.unescape(anchor)}"' in page


def test_lists_are_their_agency_s(client: FlaskClient) -> None:
    """Of the sample's two lists P3KE is Bappeda's, and SIKS-NG is Dinas Sosial's."""
    data = rows(page_of(client, "dinas-sosial"), "data")
    linked = "SIKS-NG penerima (b.xlsx): baris yang tidak terhubung dengan keluarga"
    assert data[linked] == "800 baris"
    assert data["SIKS-NG penerima (b.xlsx): baris yang dikarantina atau ganda"] == "5 baris"
    assert data["SIKS-NG penerima (b.xlsx): sel yang disisihkan, misalnya NIK rusak"] == (
        "tidak ditampilkan"
    )
    mine = rows(page_of(client, "bappeda"), "data")
    assert mine["P3KE keluarga (a.xlsx): baris yang dikarantina atau ganda"] == "3 baris"
    assert not [one for one in mine if "b.xlsx" in one]


def test_an_old_list_is_to_be_handed_in_again(tmp_path: Path) -> None:
    def age(summary: Any) -> None:
        summary["sources"][1]["as_of"] = "2025-01-01"  # 273 days before 1 October

    data = rows(page_of(with_table(tmp_path, "summary.json", age), "dinas-sosial"), "data")
    assert data["SIKS-NG penerima (b.xlsx): lebih dari 6 bulan umurnya"] == "273 hari"


def test_an_agency_with_nothing_to_mend_says_so_and_why(tmp_path: Path) -> None:
    def empty(told: Any) -> None:
        for one in told["lenses"]:
            one["uncovered_families"] = 0 if one["lens"] == "female_head" else None
            one["is_known"] = one["lens"] == "female_head"

    page = page_of(with_table(tmp_path, COVERAGE, empty), "dp3akb")
    assert "Tidak ada yang perlu diperbaiki DP3AKB menurut hasil ini" in words(page)
    assert rows(page, "families") == {}
    assert [one.split(" Tabelnya")[0] for one in settled(page)] == [
        "Perempuan kepala keluarga, belum tersentuh: nol.",
        "Ada anak di bawah 7 tahun, belum tersentuh: tidak ada data, tidak ada daftar yang "
        "mengatakan siapa yang termasuk.",
    ]


def test_definitions_that_disagree_by_the_most_against_the_least(tmp_path: Path) -> None:
    def apart(told: Any) -> None:
        own, wider, narrower = told["definitions"]
        own["uncovered_families"], wider["uncovered_families"] = 3934, 3000
        narrower["uncovered_families"] = 4100

    title = "Selisih antara definisi tersentuh yang terluas dan yang tersempit"
    page = page_of(with_table(tmp_path, COVERAGE, apart), "bappeda")
    assert rows(page, "families")[title] == "1.100 KK"


def test_districts_disagree_by_their_sums_and_not_by_their_villages() -> None:
    """A: 10, 4 and B: 3, 8 are 6 and 5 apart, their district's 13 and 12 only 1."""
    rows = {
        code: {"village_code": code, "village_name": code, "district_code": "D",
               "district_name": "D", "regency_name": "R", "withheld": [], "x": x, "y": y}
        for code, x, y in (("A", 10, 4), ("B", 3, 8))
    }  # fmt: skip

    def apart(record: Any) -> Figure:
        return told_of(abs(record["x"] - record["y"]))

    assert [one.figure.value for one in villages_of(rows, apart)] == [6, 5]
    assert [one.figure.value for one in districts_of(rows, apart, ["x", "y"])] == [1]


def test_a_district_with_a_withheld_village_is_withheld_and_comes_last() -> None:
    rows = {
        f"{district}{number}": {
            "village_code": "", "village_name": "", "district_code": district,
            "district_name": district, "regency_name": "", "x": x,
            "withheld": ["x"] if x is None else [],
        }
        for district, counts in {"A": (900, None), "B": (7, 8), "C": (0, 0), "D": (30, 0)}.items()
        for number, x in enumerate(counts)
    }  # fmt: skip
    found = districts_of(rows, lambda record: count_of(record, "x"), ["x"])
    assert [(one.code, one.figure.value) for one in found] == [("D", 30), ("B", 15), ("A", None)]


def test_a_withheld_definition_withholds_the_difference(client: FlaskClient) -> None:
    title = "Selisih antara definisi tersentuh yang terluas dan yang tersempit"
    assert rows(page_of(client, "bappeda"), "families")[title] == "tidak ditampilkan"


def test_places_without_a_point_are_the_listed_less_the_located(client: FlaskClient) -> None:
    sums = villages()[["extreme_poor_families", "located_families"]].sum()
    expected = int(sums.iloc[0] - sums.iloc[1])
    found = rows(page_of(client, "bps"), "families")["Keluarga yang belum punya titik"]
    assert number(found.split()[0]) == expected


def test_a_run_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in ("coverage", "registers", "access", "official_list"):
        del manifest["files"][f"shown/meeting/tables/{name}.json"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    client = create_app(tmp_path, doors=None).test_client()
    for path in ("/lembaga", "/mutu-data", *(f"/lembaga/{slug}" for slug in SLUGS)):
        assert client.get(path).status_code == 200, path
    assert "Jalankan geo-target run sekali lagi" in page_of(client, "dinas-sosial")
    assert "Jalankan geo-target run sekali lagi" in client.get("/mutu-data").text


def test_offices_of_no_agency_are_named_with_their_reasons(tmp_path: Path) -> None:
    def other(told: Any) -> None:
        told["reasons"]["offices"][2]["office"] = told["reasons"]["rows"][2]["office"] = HOSTILE

    text = with_table(tmp_path, COVERAGE, other).get("/lembaga").text
    assert html.escape(HOSTILE, quote=False) in text
    assert "<img src=x" not in text


@pytest.mark.parametrize("slug", ["", "x", "Bappeda", "dinas sosial", "<b>", "..%2f"])
def test_an_agency_that_is_none_is_not_answered(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/lembaga/{slug}").status_code == 404


def test_both_languages(client: FlaskClient) -> None:
    client.get("/lembaga/bps?lang=en")
    page = words(page_of(client, "bps"))
    assert "Yours to fix" in page
    assert "BPS (statistics)" in page


def test_the_public_sees_none_of_it(house: House) -> None:
    for path in ("/lembaga", *(f"/lembaga/{slug}" for slug in SLUGS), "/mutu-data"):
        headers = {"Sec-Fetch-Dest": "empty"}  # else it is led to the page to sign in
        assert house.browser().get(path, base_url=SITE, headers=headers).status_code == 401, path
        assert house.signed_in("viewer").get(path, base_url=SITE).status_code == 200, path


def test_no_exact_table_is_opened(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path)
    for file in (folder / "exact").iterdir():
        file.unlink()
    (folder / "exact").rmdir()
    client = create_app(tmp_path, doors=None).test_client()
    assert {client.get(f"/lembaga/{slug}").status_code for slug in SLUGS} == {200}
    assert client.get("/mutu-data").status_code == 200
    assert RUN_ID in client.get("/mutu-data").text
