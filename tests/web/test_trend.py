"""The months of an archive: what each was shown to count, and where the question changed."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.history import figures_of, months_of
from geo_target.web.store import Past, Store
from tests.web.chart_reader import ChartReader
from tests.web.sample import write_snapshot
from tests.web.test_reasons import words

Record = dict[str, Any]
Change = Callable[[Record], None]


def run_id(number: int) -> str:
    return f"{number:06d}-20260101T030000Z"


def add_month(archive: Path, number: int, as_of: str, *, registers: Change | None = None,
              change: Change | None = None, **totals: Any) -> None:  # fmt: skip
    """A run of the day `as_of` with these totals; it becomes the current one."""
    folder = write_snapshot(archive, run_id(number))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name, edit in (("summary.json", change), ("tables/registers.json", registers)):
        file = folder / "shown" / "meeting" / name
        told = json.loads(file.read_bytes())
        if name == "summary.json":
            told["as_of"] = told["definition"]["on"] = as_of
            told["totals"] |= totals
        if edit:
            edit(told)
        body = json.dumps(told).encode()
        file.write_bytes(body)
        manifest["files"][f"shown/meeting/{name}"] = {"sha256": hashlib.sha256(body).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def counts(uncovered: int | None, covered: int | None = 5000) -> Record:
    return {"uncovered_families": uncovered, "covered_families": covered,
            "unmatched_families": 0, "extreme_poor_families": 9000,
            "located_families": 3000}  # fmt: skip


def without_pkh(summary: Record) -> None:
    summary["definition"]["programs"] = summary["definition"]["programs"][1:]


def since(number: int) -> Change:
    def change(told: Record) -> None:
        told["changes"] |= {"previous": run_id(number)}

    return change


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """July, August withheld, September under other programs, October."""
    archive = tmp_path_factory.mktemp("four")
    add_month(archive, 1, "2025-07-01", **counts(4000))
    add_month(archive, 2, "2025-08-01", **counts(None, None))
    add_month(archive, 3, "2025-09-01", change=without_pkh, **counts(4500))
    add_month(archive, 4, "2025-10-01", change=without_pkh, registers=since(3), **counts(4000))
    return archive


def client_of(archive: Path) -> FlaskClient:
    return create_app(archive, doors=None).test_client()


def months(page: str) -> dict[str, list[str]]:
    """Cells of the table of months by their day."""
    table = re.search(r'id="tabel-bulan".*?</table>', page, re.S)
    assert table
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", table[0], re.S)
    return {words(day): [words(cell) for cell in re.findall(r"<td.*?</td>", cells, re.S)]
            for day, cells in rows}  # fmt: skip


def test_each_month_is_told_as_it_was_shown(four: Path) -> None:
    rows = months(client_of(four).get("/tren").text)
    # uncovered, unmatched, 4000 of 9000, 9000 of 9000, 3000 of 9000
    assert rows["1 Juli 2025"] == ["4.000 KK", "0 KK", "44 %", "100 %", "33 %"]
    held = "tidak ditampilkan"
    assert rows["1 Agustus 2025"] == [held, "0 KK", held, held, "33 %"]
    assert rows["1 September 2025 cara hitungnya berubah"][0] == "4.500 KK"
    assert rows["1 Oktober 2025"][0] == "4.000 KK"


def test_the_line_is_broken_at_the_gap_and_where_the_programs_change(four: Path) -> None:
    page = client_of(four).get("/tren").text
    first = page.split('<svg class="drawn"')[1].split("</svg>")[0]
    assert [len(part.split()) for part in re.findall(r'points="([^"]+)"', first)] == [1, 2]
    assert first.count("gap-mark withheld") == 1
    assert "1 Agustus 2025: tidak ditampilkan" in first
    assert first.count("break-mark") == 1
    assert "Sejak 1 September 2025: program yang dihitung." in words(page)
    assert "Tren dari bulan ke bulan" in words(page)  # and no headline that subtracts them


def test_a_headline_names_both_ends_of_one_question(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-07-01", **counts(4000))
    add_month(tmp_path, 2, "2025-10-01", **counts(3900))
    text = words(client_of(tmp_path).get("/tren").text)
    assert ("Dari 4.000 menjadi 3.900 keluarga belum tersentuh, 1 Juli 2025 sampai "
            "1 Oktober 2025") in text  # fmt: skip
    assert "Baru ada satu hari hitungan" not in text
    add_month(tmp_path, 3, "2025-11-01", **counts(4000))
    text = words(client_of(tmp_path).get("/tren").text)
    assert "Tetap 4.000 keluarga belum tersentuh, 1 Juli 2025 dan 1 November 2025" in text


def test_one_month_is_one_point_and_says_what_fills_it(client: FlaskClient) -> None:
    page = client.get("/tren").text
    assert "Baru ada satu hari hitungan" in words(page)
    assert len(months(page)) == 1
    drawn = page.split('id="tabel-bulan"')[0]
    assert drawn.count('<circle class="dot-mark first"') == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["definition"].update(member_counts_for_family=False),
         "apakah satu anggota cukup bagi keluarganya"),
        (lambda s: s["welfare"].update(rule="decile"), "aturan siapa yang menjadi sasaran"),
        (lambda s: s["base"].update(profile="dtsen"), "daftar sasarannya"),
        (without_pkh, "program yang dihitung"),
    ],
)  # fmt: skip
def test_what_is_asked_otherwise_is_named(tmp_path: Path, change: Change, said: str) -> None:
    add_month(tmp_path, 1, "2025-09-01", **counts(4000))
    add_month(tmp_path, 2, "2025-10-01", change=change, **counts(4000))
    assert f"Sejak 1 Oktober 2025: {said}." in words(client_of(tmp_path).get("/tren").text)


def test_programs_in_another_order_are_the_same_question(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-09-01", **counts(4000))
    add_month(tmp_path, 2, "2025-10-01", **counts(4000),
              change=lambda s: s["definition"]["programs"].reverse())  # fmt: skip
    assert "Sejak" not in words(client_of(tmp_path).get("/tren").text)


def test_the_last_run_of_a_day_counts(tmp_path: Path) -> None:
    for number, uncovered in ((1, 4000), (2, 3000), (3, 2000)):
        add_month(tmp_path, number, "2025-09-01" if number < 3 else "2025-10-01",
                  **counts(uncovered))  # fmt: skip
    cells = [row[0] for row in months(client_of(tmp_path).get("/tren").text).values()]
    assert cells == ["3.000 KK", "2.000 KK"]


def test_no_later_run_than_the_one_that_is_shown(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-09-01", **counts(4000))
    add_month(tmp_path, 2, "2025-10-01", **counts(3000))
    (tmp_path / "CURRENT").write_text(run_id(1) + "\n")
    assert len(months(client_of(tmp_path).get("/tren").text)) == 1


def test_another_place_and_invented_data_are_no_month_of_this_one(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-07-01", **counts(4000),
              change=lambda s: s["area"].update(code="36.74"))  # fmt: skip
    add_month(tmp_path, 2, "2025-08-01", change=lambda s: s.update(demo=False), **counts(4000))
    add_month(tmp_path, 3, "2025-10-01", **counts(3000))
    assert len(months(client_of(tmp_path).get("/tren").text)) == 1


@pytest.mark.parametrize("name", ["summary.json", "tables/registers.json"])
def test_a_file_that_is_not_as_published_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    add_month(tmp_path, 1, "2025-09-01", **counts(4000))
    add_month(tmp_path, 2, "2025-10-01", **counts(3000))
    file = tmp_path / run_id(1) / "shown" / "meeting" / name
    file.write_bytes(file.read_bytes().replace(b"}", b"} ", 1))
    page = client_of(tmp_path).get("/tren").text
    assert len(months(page)) == 1
    assert "1 hasil lama di arsip tidak utuh" in words(page)


def test_nothing_but_what_was_shown_is_opened(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-09-01", **counts(4000))
    add_month(tmp_path, 2, "2025-10-01", **counts(3000))
    for folder in tmp_path.glob("0*/exact"):
        (folder / "quarantine.csv").unlink()
        folder.rmdir()
    assert len(months(client_of(tmp_path).get("/tren").text)) == 2


def test_no_percentage_of_fewer_than_twenty_families() -> None:
    few = figures_of({**counts(9, 5), "extreme_poor_families": 14, "located_families": 7})
    assert [few[name].state for name in ("rate", "matched", "located")] == ["small"] * 3
    assert (few["rate"].part, few["rate"].base) == (9, 14)
    assert figures_of(counts(9, 11))["rate"].value == pytest.approx(0.45)


def test_a_withheld_count_is_withheld_in_all_that_rests_on_it() -> None:
    for held in (counts(None), counts(4000, None)):
        found = figures_of(held)
        assert {found["rate"].state, found["matched"].state} == {"withheld"}
        assert found["rate"].value is found["rate"].part is None
    assert figures_of({})["uncovered"].state == "none"


def test_changes_are_of_aid_of_the_list_or_of_data(four: Path) -> None:
    """Of the sample: +1040 new, lost withheld, −12 gone, −35 covered, a gain of data withheld."""
    page = client_of(four).get("/tren").text
    steps = page.split('class="plain-table full steps"')[1].split("</table>")[0]
    rows = [words(row) for row in steps.split("<tr>")[2:]]
    assert len(rows) == 3
    assert rows[0].endswith("kedua hasil ini tidak dibandingkan keluarga demi keluarga")
    held = "tidak ditampilkan"
    assert (
        rows[2] == f"1 September 2025 – 1 Oktober 2025 4.500 KK {held} +1.040 −12 {held} 4.000 KK"
    )


def test_official_rates_stand_apart_and_say_why(client: FlaskClient) -> None:
    page = client.get("/tren").text
    own, official = page.split('id="resmi"')
    assert "5,65\u00a0%" in official
    assert "5,65" not in own
    assert "Tidak dapat dibandingkan dengan hitungan di atas." in words(official)
    reader = ChartReader(official)
    assert len(reader.charts) == 2
    for chart in reader.charts:  # no count of families among rates of people
        assert all(value.endswith("%") for value in chart.values)


def test_rates_of_the_area_and_around_it_alone(client: FlaskClient) -> None:
    page = ChartReader(client.get("/tren").text)
    cells = " ".join(page.cells["tabel-resmi-1"] + page.cells["tabel-resmi-2"])
    assert all(name in cells for name in ("Kota Serang", "Banten", "Indonesia"))
    assert "Lebak" not in cells
    assert "Kabupaten Serang" not in cells
    assert "kemiskinan ekstrem harus menjadi 0% pada tahun 2026" in cells


def test_two_figures_for_one_period_are_not_one_line(client: FlaskClient) -> None:
    """5.65 and its misprint 3.65: the second is a hollow point."""
    page = client.get("/tren").text
    assert re.findall(r'<circle class="dot-mark other" data-value="([^"]+)"', page) == [
        "6,12\u00a0%", "3,65\u00a0%",
    ]  # fmt: skip
    assert words(page).count("; angka lain untuk masa yang sama") == 2


def test_an_area_of_no_figure_says_what_fills_it(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-10-01", **counts(3000),
              change=lambda s: s["area"].update(code="12.01"))  # fmt: skip
    page = client_of(tmp_path).get("/tren")
    assert page.status_code == 200
    assert "9,36" in page.text  # the nation's
    assert "5,65" not in page.text


def test_hostile_words_of_old_months_are_words(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-09-01", **counts(4000),
              change=lambda s: s["base"].update(profile="<img src=x>"))  # fmt: skip
    add_month(tmp_path, 2, "2025-10-01", **counts(3000))
    assert "<img" not in client_of(tmp_path).get("/tren").text


def test_history_is_in_the_order_of_runs(four: Path) -> None:
    found = list(Store(four).history(run_id(3)))
    assert [one.run_id for one in found if one] == [run_id(1), run_id(2), run_id(3)]
    by_day = [Past(run_id(2), {**found[0].summary, "as_of": "2025-10-01"}, None), found[0]] if (
        found[0]
    ) else []  # fmt: skip
    assert [month.as_of for month in months_of(by_day, by_day[0].summary)] == [
        "2025-07-01", "2025-10-01",
    ]  # fmt: skip


def test_few_families_are_counts_in_the_chart_and_the_table(tmp_path: Path) -> None:
    add_month(tmp_path, 1, "2025-09-01", **{**counts(9, 5), "extreme_poor_families": 14})
    page = ChartReader(client_of(tmp_path).get("/tren").text)
    assert page.charts[1].values == ["9 dari 14 KK"]
    assert "9 dari 14\u00a0KK" in page.cells["tabel-bulan"]
