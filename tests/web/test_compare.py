"""Side by side: the address says it all, the legend is one, and what differs besides is told."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.runs import last_of_each_day, runs_beside
from geo_target.web.store import read_snapshot
from geo_target.web.subjects import Group
from tests.web.by_district import district_sums, write_by_district
from tests.web.covered import OWN, WIDER
from tests.web.months import (
    FEBRUARY,
    JANUARY,
    MARCH,
    counting,
    write_month,
    write_three_months,
)
from tests.web.sample import HOSTILE_NAMES, RUN_ID, villages, write_snapshot
from tests.web.test_pages import row_of, words

Change = Callable[[Any], Any]
FIRST, SECOND, THIRD, FOURTH = sorted(villages().index)[:4]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("months")
    write_three_months(archive)
    return archive


@pytest.fixture(scope="module")
def client(months: Path) -> FlaskClient:
    return create_app(months, doors=None).test_client()


def get(client: FlaskClient, asked: str = "") -> str:
    reply = client.get(f"/banding?{asked}")
    assert reply.status_code == 200
    return reply.text


def pair(
    archive: Path, left: dict[str, int | None], right: dict[str, int | None], asked: str = ""
) -> str:
    """The page of two months with these counts of uncovered families."""
    write_month(archive, JANUARY, "2025-08-01", villages=counting(left))
    write_month(archive, MARCH, "2025-10-01", villages=counting(right))
    return get(create_app(archive, doors=None).test_client(), asked)


def cells(page: str, code: str) -> list[str]:
    return [words(cell).strip() for cell in re.findall(r"<td.*?</td>", row_of(page, code), re.S)]


def shapes(page: str) -> int:
    """Places that are drawn, however many maps show them."""
    return len(re.findall(r'<path class="edge" id="p\d+"', page))


def classes(page: str, code: str) -> list[str]:
    """Of a village on the maps of a page, from left to right."""
    return re.findall(rf'class="village ([^"]+)" data-code="{re.escape(code)}"', page)


# ------------------------------------------------------------------ runs


def test_older_runs_of_the_area_stand_beside_the_current_one(months: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(months, archive)
    write_snapshot(archive, "000004-20251124T030000Z", current=False)  # newer than CURRENT
    elsewhere = {"code": "36.74", "name": "Kota Lain"}
    other = "000000-20251120T030000Z"
    write_month(archive, other, "2025-07-01", summary=lambda s: {**s, "area": elsewhere})
    real = "000000-20251119T030000Z"
    write_month(archive, real, "2025-06-01", summary=lambda s: {**s, "demo": False})
    shutil.rmtree(archive / JANUARY / "exact")  # purged
    (archive / "000000-rusak").mkdir()
    (archive / "000000-rusak" / "manifest.json").write_text("{}", "utf-8")
    found = runs_beside(read_snapshot(archive / MARCH))
    assert [(run.run_id, run.as_of) for run in found] == [
        (MARCH, "2025-10-01"), (FEBRUARY, "2025-09-01"), (JANUARY, "2025-08-01"),
    ]  # fmt: skip


def test_of_one_day_the_newest_run_stands_for_it(months: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(months, archive)
    write_month(archive, "000004-20251124T030000Z", "2025-10-01")
    runs = runs_beside(read_snapshot(archive / "000004-20251124T030000Z"))
    days = [run.run_id[:6] for run in last_of_each_day(runs)]
    assert days == ["000004", "000002", "000001"]
    page = get(create_app(archive, doors=None).test_client())
    assert "1 Oktober 2025, hasil 000003" in page
    assert ">1 September 2025<" in page
    assert "hasil" not in headline(page), "its number only where two runs have one date"
    one_day = get(
        create_app(archive, doors=None).test_client(),
        f"bulan_kiri={MARCH}&bulan_kanan=000004-20251124T030000Z",
    )
    assert "dari 1 Oktober 2025, hasil 000003 ke 1 Oktober 2025, hasil 000004" in headline(one_day)


def test_the_headline_is_the_finding(tmp_path: Path) -> None:
    left: dict[str, int | None] = dict.fromkeys(villages().index, 20)
    page = pair(tmp_path / "mixed", left, {**left, FIRST: 60, SECOND: 10, THIRD: None})
    told = "naik di 1 kelurahan, turun di 1, tetap di 64, 1 tidak dapat dibandingkan."
    assert headline(page).endswith(told)
    page = pair(tmp_path / "up", left, {**left, FIRST: 60})
    assert headline(page).endswith("naik di 1 kelurahan, tetap di 66."), (
        "what is nowhere is not told"
    )


@pytest.mark.parametrize(
    ("after", "told"),
    [(70, "Keluarga belum tersentuh naik dari 60 menjadi 70 KK antara 1 Agustus 2025 dan"),
     (50, "Keluarga belum tersentuh turun dari 60 menjadi 50 KK antara 1 Agustus 2025 dan"),
     (None, "Keluarga belum tersentuh, dari 1 Agustus 2025 ke")],
)  # fmt: skip
def test_the_totals_are_told_where_both_are_shown(
    tmp_path: Path, after: int | None, told: str
) -> None:
    months = [(JANUARY, "2025-08-01", 60), (MARCH, "2025-10-01", after)]
    for run, on, families in months:
        write_month(tmp_path, run, on, summary=totalling(families))
    client = create_app(tmp_path, doors=None).test_client()
    assert headline(get(client)).startswith(told)
    backwards = get(client, f"bulan_kiri={MARCH}&bulan_kanan={JANUARY}")
    assert headline(backwards).startswith("Keluarga belum tersentuh, dari 1 Oktober 2025 ke")


def totalling(families: int | None) -> Change:
    return lambda one: {**one, "totals": {**one["totals"], "uncovered_families": families}}


def headline(page: str) -> str:
    told = words(re.search(r"<h1.*?</h1>", page, re.S)[0])  # type: ignore[index]
    return " ".join(told.split()).replace(" .", ".")


def test_a_broken_run_is_passed_over_and_refused_where_it_is_named(
    months: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(months, archive)
    (archive / FEBRUARY / "shown" / "meeting" / "tables" / "rw.json").write_text("{}", "utf-8")
    client = create_app(archive, doors=None).test_client()
    assert "dari 1 Agustus 2025 ke 1 Oktober 2025" in get(client)
    assert client.get(f"/banding?bulan_kiri={FEBRUARY}").status_code == 404


# ------------------------------------------------------------------ the question


def test_without_a_question_it_is_the_month_before(client: FlaskClient) -> None:
    assert "Keluarga belum tersentuh, dari 1 September 2025 ke 1 Oktober 2025" in get(client)


def test_what_may_be_compared_stands_in_named_groups(client: FlaskClient) -> None:
    named = set(re.findall(r'<optgroup label="([^"]+)"', get(client)))
    assert {"Belum tersentuh", "Definisi lain", "Program", "Kelompok keluarga"} <= named
    assert named <= {*map(str, (group.words for group in Group))}


@pytest.mark.parametrize(
    "asked",
    ["kiri=x", "kanan=x", "bulan_kiri=x", "bulan_kanan=../x", "tampil=x", "deret=x",
     "kec=36.73.01", "kec=99.99.99"],
)  # fmt: skip
def test_what_the_archive_does_not_know_is_not_found(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/banding?{asked}").status_code == 404


def test_every_link_and_form_of_a_page_carries_its_question(client: FlaskClient) -> None:
    page = get(client, f"kiri=enrolled-PKH&kanan=missed-PKH&bulan_kiri={JANUARY}&tampil=selisih")
    link = re.search(r'href="(/banding\?[^"]*tampil=dua[^"]*)"', page)
    assert link
    asked = link.group(1).replace("&amp;", "&")
    assert {"kiri=enrolled-PKH", "kanan=missed-PKH", f"bulan_kiri={JANUARY}",
            f"bulan_kanan={MARCH}"} <= set(asked.split("?")[1].split("&"))  # fmt: skip
    assert f'<option value="{JANUARY}" selected>' in page
    assert '<option value="enrolled-PKH" selected>' in page
    assert 'name="tampil" value="selisih"' in page
    assert client.get(asked).status_code == 200


def test_left_and_right_are_swapped_by_a_link(client: FlaskClient) -> None:
    page = get(client)
    swapped = next(link for link in re.findall(r'href="(/banding\?[^"]+)"', page)
                   if f"bulan_kiri={MARCH}" in link)  # fmt: skip
    text = words(client.get(swapped.replace("&amp;", "&")).text)
    assert "dari 1 Oktober 2025 ke 1 September 2025" in text
    assert "Yang kiri lebih baru daripada yang kanan" in text


# ------------------------------------------------------------------ two maps, one legend


def test_both_sides_are_colored_by_one_legend(tmp_path: Path) -> None:
    """49 and 50 are in two classes whatever the other villages of their month count."""
    page = pair(tmp_path, {FIRST: 49, SECOND: 50, THIRD: 9}, {FIRST: 50, SECOND: 49, THIRD: 900})
    assert classes(page, FIRST) == ["uncovered c2", "uncovered c3"]
    assert classes(page, SECOND) == ["uncovered c3", "uncovered c2"]
    assert classes(page, THIRD) == ["uncovered c1", "uncovered c5"]
    assert page.count('class="scale"') == 1


def test_left_right_and_difference_stand_in_one_table(tmp_path: Path) -> None:
    page = pair(tmp_path, {FIRST: 40, SECOND: 40, THIRD: 40, FOURTH: None},
                {FIRST: 52, SECOND: 31, THIRD: 40, FOURTH: 70})  # fmt: skip
    assert cells(page, FIRST) == ["40", "52", "+12, naik"]
    assert cells(page, SECOND) == ["40", "31", "−9, turun"]
    assert cells(page, THIRD) == ["40", "40", "tetap"]
    assert cells(page, FOURTH) == ["tidak ditampilkan", "70", "tidak ditampilkan"]
    changed = re.findall(r'<tr data-code="([^"]+)"', page)
    assert changed[:2] == [FIRST, SECOND]
    assert set(changed) == set(villages().index)


def test_the_map_of_changes_has_a_class_for_each_way_and_each_reason(tmp_path: Path) -> None:
    page = pair(tmp_path, {FIRST: 40, SECOND: 90, THIRD: 40, FOURTH: None},
                {FIRST: 52, SECOND: 31, THIRD: 40, FOURTH: 70}, "tampil=selisih")  # fmt: skip
    found = [classes(page, code) for code in (FIRST, SECOND, THIRD, FOURTH)]
    assert found == [["changes rise-2"], ["changes fall-3"], ["changes same"],
                     ["changes withheld"]]  # fmt: skip
    legend = words(page)
    assert "+ naik 10 sampai di bawah 50 1" in legend
    assert "− turun 50 atau lebih 1" in legend
    assert "tidak ditampilkan di salah satunya 3" in legend  # two are withheld in every month


def test_a_share_of_few_families_has_no_difference(tmp_path: Path) -> None:
    page = pair(tmp_path, {}, {}, "kiri=exclusion&kanan=exclusion")
    table = villages()
    few = str(table.index[table["extreme_poor_families"] == 14][0])
    assert cells(page, few) == ["6 dari 14 KK", "6 dari 14 KK", "dasar di bawah 20 KK"]


def test_shares_differ_by_points(tmp_path: Path) -> None:
    def half(rows: list[Any]) -> list[Any]:
        counts = {"covered_families": 50, "uncovered_families": 50}
        return [{**r, **counts} if r["village_code"] == FIRST else r for r in rows]

    def more(rows: list[Any]) -> list[Any]:
        counts = {"covered_families": 40, "uncovered_families": 60}
        return [{**r, **counts} if r["village_code"] == FIRST else r for r in rows]

    write_month(tmp_path, JANUARY, "2025-08-01", villages=half)
    write_month(tmp_path, MARCH, "2025-10-01", villages=more)
    page = get(create_app(tmp_path, doors=None).test_client(), "kiri=exclusion&kanan=exclusion")
    assert [cell.replace("\xa0", " ") for cell in cells(page, FIRST)] == [
        "50 %", "60 %", "+10 poin, naik",
    ]  # fmt: skip


def test_a_village_of_one_month_alone_is_a_class_of_its_own(tmp_path: Path) -> None:
    """A village was split: its new code is on the right only, and drawn there."""

    def without(code: str) -> Change:
        return lambda rows: [row for row in rows if row["village_code"] != code]

    def undrawn(folder: Path, code: str) -> None:
        import gzip  # noqa: PLC0415

        file = folder / "shown" / "meeting" / "layers" / "villages.json.gz"
        layer = json.loads(gzip.decompress(file.read_bytes()))
        layer["features"] = [f for f in layer["features"]
                             if f["properties"]["village_code"] != code]  # fmt: skip
        body = gzip.compress(json.dumps(layer).encode())
        file.write_bytes(body)
        edit_sum(folder, "layers/villages.json.gz", body)

    one = write_month(tmp_path, JANUARY, "2025-08-01", villages=without(SECOND))
    undrawn(one, SECOND)
    two = write_month(tmp_path, MARCH, "2025-10-01", villages=without(FIRST))
    undrawn(two, FIRST)
    client = create_app(tmp_path, doors=None).test_client()
    page = get(client, "tampil=selisih")
    assert classes(page, FIRST) == ["changes left"]
    assert classes(page, SECOND) == ["changes right"]
    assert cells(page, SECOND)[::2] == ["tidak ada di hasil ini", "hanya di kanan"]
    assert "hanya di kiri 1" in words(page)
    assert [len(classes(get(client), code)) for code in (FIRST, SECOND)] == [1, 1]


def edit_sum(folder: Path, name: str, body: bytes) -> None:
    import hashlib  # noqa: PLC0415

    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    sha = hashlib.sha256(body).hexdigest()
    manifest["files"][f"shown/meeting/{name}"] = {"sha256": sha}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_each_shape_is_sent_once(client: FlaskClient) -> None:
    assert shapes(get(client)) == len(villages())
    assert shapes(get(client, "tampil=kecil")) == len(villages())


# ------------------------------------------------------------------ programs, definitions


def test_two_figures_of_one_month(client: FlaskClient) -> None:
    page = get(client, f"kiri=uncovered&kanan=definition-{WIDER}&bulan_kiri={MARCH}")
    text = words(page)
    assert "kanan lebih kecil" in text
    assert "naik" not in text.split("Seluruh")[0].split("Legenda")[0]
    assert "Tersentuh = terdaftar di PKH, Sembako, PBI-JK, PBI daerah pada" in text


def test_figures_by_two_measures_have_no_difference(client: FlaskClient) -> None:
    page = get(client, "kiri=uncovered&kanan=exclusion&tampil=selisih")
    assert "memakai ukuran yang berbeda, jadi tidak ada selisihnya" in words(page)
    assert page.count('class="scale"') == 2
    assert "changes" not in page
    assert len(cells(page, FIRST)) == 2


def test_registers_are_told_where_shown_tables_tell_them(client: FlaskClient) -> None:
    text = words(get(client, "kiri=listed&kanan=families"))
    assert "Keluarga terdaftar P3KE" in text
    # DTSEN is in combinations that are withheld; nothing of it is summed.
    assert re.search(r"DTSEN tidak ditampilkan tidak ditampilkan", text)
    assert "irisan register menurut kelurahan adalah angka petugas" in text


def test_the_same_on_both_sides_is_said(client: FlaskClient) -> None:
    text = words(get(client, f"kiri=uncovered&kanan=uncovered&bulan_kiri={MARCH}"))
    assert "Kedua sisi sama: Keluarga belum tersentuh, 1 Oktober 2025." in text


def test_an_archive_of_one_month_says_what_fills_it(tmp_path: Path) -> None:
    write_snapshot(tmp_path)
    text = words(get(create_app(tmp_path, doors=None).test_client()))
    assert "Arsip baru memuat satu bulan, 1 Oktober 2025." in text
    assert "geo-target run" in text
    assert "Belum tersentuh: Dengan jaminan daerah" in text  # two figures of that month
    assert text.count("tidak dapat dibandingkan") == 1


def test_a_run_without_the_figure_has_an_empty_map_that_says_so(tmp_path: Path) -> None:
    old = write_month(tmp_path, JANUARY, "2025-08-01")
    manifest = json.loads((old / "manifest.json").read_text("utf-8"))
    del manifest["files"]["shown/meeting/tables/coverage.json"]
    (old / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    write_month(tmp_path, MARCH, "2025-10-01")
    client = create_app(tmp_path, doors=None).test_client()
    page = get(client, "kiri=missed-PKH&kanan=missed-PKH")
    assert "Hasil 1 Agustus 2025 belum memuat angka ini" in page
    assert cells(page, FIRST)[0] == "tidak ada data"
    assert "belum memuat angka ini" in get(client, "kanan=missed-PKH&tampil=kecil")


# ------------------------------------------------------------------ what differs besides


def differences(page: str) -> dict[str, list[str]]:
    section = page[page.index('class="run-differences"') :]
    first = section.partition('<table class="plain-table full">')[2]
    table = first[: first.index("</table>")] if first else ""
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", table, re.S)
    return {words(what): [words(c).strip() for c in re.findall(r"<td>(.*?)</td>", rest, re.S)]
            for what, rest in rows}  # fmt: skip


def test_nothing_differs_is_said(client: FlaskClient) -> None:
    page = get(client)
    assert "Tidak ada: definisi, aturan, daftar dengan tanggalnya" in page
    assert "penerima: per 5 Oktober 2025" in words(page)


def test_what_differs_besides_the_families_is_told(tmp_path: Path) -> None:
    def other(summary: Any) -> Any:
        definition = {**summary["definition"], "programs": summary["definition"]["programs"][:2]}
        newer = {**summary["sources"][1], "as_of": "2025-11-05"}
        base = {**summary["base"], "title": {"id": "DTSEN", "en": "DTSEN"}}
        official = {**summary["boundaries"], "schematic": False}
        return {**summary, "definition": definition, "base": base, "boundaries": official,
                "sources": [{**summary["sources"][0], "rows": 8700}, newer]}  # fmt: skip

    write_month(tmp_path, JANUARY, "2025-08-01")
    write_month(tmp_path, MARCH, "2025-10-01", summary=other)
    page = get(create_app(tmp_path, doors=None).test_client())
    assert differences(page) == {
        "Tersentuh = terdaftar di": ["PKH, Sembako, PBI-JK", "PKH, Sembako"],
        "Daftar dasar": ["P3KE keluarga", "DTSEN"],
        "P3KE keluarga": ["per 1 September 2025, 8.805 baris", "per 1 September 2025, 8.700 baris"],
        "SIKS-NG penerima": ["per 5 Oktober 2025, 9.000 baris", "per 5 November 2025, 9.000 baris"],
        "Batas wilayah": ["skematik", "berkas batas"],
    }
    small = get(create_app(tmp_path, doors=None).test_client(), "tampil=kecil")
    assert small.count("definisi, aturan atau daftar dasarnya lain") == 1


def test_a_definition_of_the_same_name_may_mean_another_thing(tmp_path: Path) -> None:
    def narrower(told: Any) -> Any:
        return {**told, "definitions": [
            {**one, "programs": one["programs"][:1]} if one["name"] == WIDER else one
            for one in told["definitions"]
        ]}  # fmt: skip

    write_month(tmp_path, JANUARY, "2025-08-01")
    write_month(tmp_path, MARCH, "2025-10-01", coverage=narrower)
    client = create_app(tmp_path, doors=None).test_client()
    asked = f"kiri=definition-{WIDER}&kanan=definition-{WIDER}"
    assert differences(get(client, asked)) == {
        "Definisi yang dipilih": ["PKH, Sembako, PBI-JK, PBI daerah", "PKH"]
    }
    assert differences(get(client)) == {}
    assert OWN not in differences(get(client))


def test_causes_are_told_where_one_run_followed_on_the_other(tmp_path: Path) -> None:
    def follows(told: Any) -> Any:
        return {**told, "changes": {**told["changes"], "previous": JANUARY}}

    write_month(tmp_path, JANUARY, "2025-08-01")
    write_month(tmp_path, FEBRUARY, "2025-09-01", registers=follows)
    write_month(tmp_path, MARCH, "2025-10-01", registers=follows)
    client = create_app(tmp_path, doors=None).test_client()
    told = "2.784 → 3.784 KK, 1.047 bertambah dan 47 berkurang"
    assert told not in words(get(client))
    page = get(client, f"bulan_kiri={JANUARY}")
    assert told in words(page)
    assert 'href="/register">Sebab setiap perubahan' in page
    older = get(client, f"bulan_kiri={JANUARY}&bulan_kanan={FEBRUARY}")
    assert told in words(older)
    assert "Sebab setiap perubahan" not in older  # that page is of the current run


# ------------------------------------------------------------------ small maps


def test_months_in_small_maps_oldest_first_each_linked(client: FlaskClient) -> None:
    page = get(client, "tampil=kecil&kanan=exclusion")
    titles = re.findall(r"<span>(\d[^<]+)</span></a>", page)
    assert titles == ["1 Agustus 2025", "1 September 2025", "1 Oktober 2025"]
    assert page.count('class="scale"') == 1
    link = re.search(rf'href="(/banding\?[^"]*bulan_kiri={JANUARY}[^"]*tampil=dua[^"]*)"', page)
    assert link
    text = words(client.get(link.group(1).replace("&amp;", "&")).text)
    assert "tingkat (dari yang padan), dari 1 Agustus 2025 ke 1 Oktober 2025" in text


def test_programs_in_small_maps_on_one_legend(client: FlaskClient) -> None:
    page = get(client, "tampil=kecil&deret=pokok&kanan=enrolled-PKH")
    assert page.count("<figure>") == 4
    assert {name.split()[0] for name in classes(page, FIRST)} == {"enrolled"}
    assert "PBI daerah: penerima" in page
    assert re.search(r'aria-current="true">program: penerima', page)


def test_no_more_than_twelve_months(tmp_path: Path) -> None:
    for month in range(1, 15):
        write_month(
            tmp_path, f"{month:06}-20251101T030000Z", f"2024-{month % 12 + 1:02}-{month:02}"
        )
    page = get(create_app(tmp_path, doors=None).test_client(), "tampil=kecil")
    assert page.count("<figure>") == 12
    assert "Hanya 12 bulan terakhir; 2 bulan sebelumnya tidak digambar." in page


# ------------------------------------------------------------------ an area that comes by district


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    archive = tmp_path_factory.mktemp("province")
    write_by_district(archive)
    return create_app(archive, doors=None).test_client()


def test_districts_first_and_their_villages_when_one_is_opened(province: FlaskClient) -> None:
    asked = f"kiri=uncovered&kanan=listed&bulan_kiri={RUN_ID}"
    page = get(province, asked)
    assert shapes(page) == 6
    sums = {str(row["district_code"]): row for row in district_sums()}
    for code, row in sums.items():
        told = row["uncovered_families"]
        shown = "tidak ditampilkan" if told is None else f"{told:,}".replace(",", ".")
        assert cells(page, code)[0] == shown
    opened = re.search(r'href="(/banding\?[^"]*kec=36\.73\.02[^"]*)"', page)
    assert opened
    inside = province.get(opened.group(1).replace("&amp;", "&")).text
    own = villages()["district_code"] == "36.73.02"
    assert shapes(inside) == own.sum()
    assert len(re.findall(r"<tr data-code", inside)) == own.sum()
    assert "Kecamatan Kasemen" in inside


def test_a_district_is_summed_only_where_all_its_villages_are_told(province: FlaskClient) -> None:
    page = get(province, f"kiri=enrolled-PKH&kanan=enrolled-SEMBAKO&bulan_kiri={RUN_ID}")
    told = json.loads((archive_of(province) / "tables" / "coverage.json").read_text("utf-8"))
    rows = json.loads((archive_of(province) / "tables" / "villages.json").read_text("utf-8"))
    hidden = 0
    for code in sorted({row["district_code"] for row in rows}):
        counts = [told["villages"][row["village_code"]]["enrolled PKH"]
                  for row in rows if row["district_code"] == code]  # fmt: skip
        is_told = None not in counts
        hidden += not is_told
        shown = f"{sum(counts):,}".replace(",", ".") if is_told else "tidak ditampilkan"
        assert cells(page, code)[0] == shown
    assert 0 < hidden < 6


def archive_of(client: FlaskClient) -> Path:
    store: Any = client.application.extensions["geo_target.store"]
    return Path(store.current().snapshot.folder) / "shown" / "meeting"


# ------------------------------------------------------------------ words of the data


def test_hostile_names_are_written_as_text(tmp_path: Path) -> None:
    write_month(tmp_path, JANUARY, "2025-08-01", hostile=True)
    write_month(tmp_path, MARCH, "2025-10-01", hostile=True)
    client = create_app(tmp_path, doors=None).test_client()
    named = f"kiri=definition-{WIDER}&kanan=definition-{WIDER}"
    for asked in ("", "tampil=selisih", "tampil=kecil", "tampil=kecil&deret=pokok", named):
        page = get(client, asked)
        assert not [name for name in HOSTILE_NAMES if name in page and "<" in name]
        assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_pages_that_are_kept_have_an_end(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one visitor could fill the memory by asking on."""
    cache = client.application.extensions["geo_target.pages"]
    monkeypatch.setattr("geo_target.web.pages._MOST_BYTES", 200_000)
    for key in ("PKH", "SEMBAKO", "PBI_JK"):
        for other in ("PKH", "SEMBAKO", "PBI_JK"):
            get(client, f"kiri=enrolled-{key}&kanan=missed-{other}")
            kept = sum(len(reply.plain) + len(reply.packed) for reply in cache._pages.values())
            assert kept < 200_000 + 200_000


def test_the_public_has_no_comparison(months: Path) -> None:
    client = create_app(months, doors=None).test_client()
    assert "/banding" not in client.get("/publik").text
