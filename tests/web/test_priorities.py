"""Where to go first: the order under the run's weights and under the reader's own."""

import hashlib
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.targeting.indicators import read_indicators, reweighted
from geo_target.web.app import create_app
from geo_target.web.priority_paragraph import explained
from geo_target.web.priority_table import Ordered, leaders, order, stacked
from geo_target.web.priority_weights import are_alike
from tests.quickness import fastest
from tests.web.sample import write_snapshot
from tests.web.test_reasons import words

OURS = read_indicators()
#: Only the uncovered families count.
BURDEN = reweighted(OURS, {one.key: float(one.key == "burden") for one in OURS})
KEYS = [one.key for one in OURS]

Change = Callable[[Any], None]


def served(
    archive: Path,
    *,
    villages: Change | None = None,
    summary: Change | None = None,
    without: str = "",
) -> FlaskClient:
    """One laptop whose snapshot is other than the sample's; `without` is a file it lacks."""
    folder = write_snapshot(archive)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name, change in (("tables/villages.json", villages), ("summary.json", summary)):
        file = folder / "shown" / "meeting" / name
        told = json.loads(file.read_bytes())
        if change:
            change(told)
        body = json.dumps(told).encode()
        file.write_bytes(body)
        manifest["files"][f"shown/meeting/{name}"] = {"sha256": hashlib.sha256(body).hexdigest()}
    manifest["files"].pop(f"shown/meeting/{without}", None)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return create_app(archive, doors=None).test_client()


@pytest.fixture(scope="module")
def told(archive: Path) -> list[dict[str, Any]]:
    """The village table as the meeting gets it."""
    file = next(archive.glob("*/shown/meeting/tables/villages.json"))
    found: list[dict[str, Any]] = json.loads(file.read_bytes())
    return found


def rows_of(page: str) -> dict[str, list[str]]:
    """The words of each cell of the table of order, by village."""
    found = re.search(r'<table class="[^"]*\border".*?</table>', page, re.DOTALL)
    assert found
    return {
        row[1]: [words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row[2], re.DOTALL)]
        for row in re.finditer(r'<tr data-code="([^"]+)">(.*?)</tr>', found[0], re.DOTALL)
    }


def village(code: str, uncovered: int | None, covered: int | None = 10) -> dict[str, Any]:
    return {"village_code": code, "uncovered_families": uncovered, "covered_families": covered}


def ranks(found: Ordered) -> dict[str, str]:
    return {str(row.record["village_code"]): f"{'=' * row.is_tied}{row.rank or '-'}"
            for row in found.rows}  # fmt: skip


# ---------------------------------------------------------------- pure


def test_a_village_without_its_number_is_last_and_moves_nobody() -> None:
    some = [village("A", 5), village("B", 40), village("C", 20), village("D", 20)]
    found = order([village("0", None), *some], BURDEN)
    assert ranks(found) == {"B": "1", "C": "=2", "D": "=2", "A": "4", "0": "-"}
    alone = order(some, BURDEN)
    assert [row for row in found.rows if row.rank] == list(alone.rows)
    assert (found.ranked, found.shown) == (4, 4)
    assert found.curves == alone.curves
    assert found.rows[-1].score is None
    assert found.rows[-1].parts == ()


def test_classes_hold_four_fifths_and_nineteen_twentieths() -> None:
    found = order([village("A", 80), village("B", 15), village("C", 4), village("D", 1)], BURDEN)
    assert [row.held_class for row in found.rows] == ["I", "II", "III", "III"]
    assert found.families_in("I") == 80
    assert found.families_in("I", "II", "III") == 100
    assert [len(found.of_class(name)) for name in ("I", "II", "III")] == [1, 1, 2]


def test_a_quarter_of_the_villages_in_three_orders() -> None:
    """8 villages: two of them are a quarter."""
    by_code = [village(str(n), count) for n, count in enumerate((10, 0, 30, 5, 5, 20, 0, 30))]
    found = order(by_code, BURDEN)
    assert found.curves["ahead"].reached[1] == pytest.approx(60 / 100)
    assert found.curves["random"].reached[1] == pytest.approx(0.25)
    assert found.curves["perfect"].reached[1] == pytest.approx(60 / 100)
    points = found.curves["ahead"].points
    assert [points[0], points[-1]] == [(0.0, 0.0), (1.0, 1.0)]


def test_where_nobody_is_uncovered_there_is_no_curve() -> None:
    assert order([village("A", 0), village("B", None)], BURDEN).curves == {}
    assert order([], BURDEN).rows == []


def test_pieces_of_a_bar_lie_end_to_end() -> None:
    assert stacked([0.25, 0.0, 0.5]) == [(0, 0.0, 0.25), (2, 0.25, 0.5)]
    assert stacked(()) == []


def test_an_indicator_leads_where_it_gives_most() -> None:
    found = order([village("A", 5), village("B", 40), village("C", None)], BURDEN)
    assert leaders(found.rows, BURDEN) == [1, 0, 0, 0, 0, 0]  # A has the least: a score of 0


def test_weights_are_alike_as_far_as_percentages_tell() -> None:
    assert are_alike(OURS, reweighted(OURS, {"burden": 0.5003}))
    assert not are_alike(OURS, reweighted(OURS, {"burden": 0.505}))


# ---------------------------------------------------------------- the page


def test_the_page_ranks_as_the_run_did(client: FlaskClient, told: list[dict[str, Any]]) -> None:
    shown = rows_of(client.get("/prioritas?semua=ya").text)
    assert list(shown) == [row["village_code"] for row in told]
    for row in told:
        cells = shown[row["village_code"]]
        assert cells[0] == (row["rank_label"] or "–")
        assert cells[2] == (row["priority_class"] or "–")
        if row["priority_score"] is not None:
            assert cells[7] == f"{row['priority_score']:.2f}".replace(".", ",")
            low, high = row["rank_low"], row["rank_high"]
            assert cells[8].endswith(f"urutan {low}" if low == high else f"urutan {low}–{high}")


def test_the_headline_counts_class_one_and_so_does_the_overview(
    client: FlaskClient, told: list[dict[str, Any]]
) -> None:
    one = [row["uncovered_families"] for row in told if row["priority_class"] == "I"]
    all_of_them = sum(row["uncovered_families"] for row in told if row["priority_class"])
    ranked = sum(row["priority_rank"] is not None for row in told)
    text = words(client.get("/prioritas").text)
    assert f"{len(one)} dari 67 kelurahan memuat 80 % keluarga belum tersentuh" in text
    assert (f"{sum(one):,} dari {all_of_them:,} KK".replace(",", ".")) in text
    assert f"{len(one)} dari 67 kelurahan memuat 80 %-nya" in words(client.get("/").text)
    # whatever the order is
    assert f"{len(one)} dari 67" in words(client.get("/prioritas?burden=0&density=90").text)
    assert f"{67 - ranked} dari 67 kelurahan tidak diurutkan" in text


def test_withheld_zero_and_no_data_are_three_things(
    client: FlaskClient, told: list[dict[str, Any]]
) -> None:
    page = client.get("/prioritas?semua=ya").text
    shown = rows_of(page)
    withheld = [row for row in told if "uncovered_families" in row["withheld"]]
    assert len(withheld) == 2
    for row in withheld:
        cells = shown[row["village_code"]]
        assert cells[3] == cells[4] == cells[5] == "tidak ditampilkan"
        assert not re.search(r"\d", " ".join(cells[2:]))
    assert page.count("tidak diurutkan: angkanya tidak ditampilkan") == 2
    empty = next(row for row in told if not row["extreme_poor_families"])
    assert shown[empty["village_code"]][4] == "tidak ada data"
    assert "tidak diurutkan: tidak ada angkanya" in page
    zero = next(row for row in told if row["uncovered_families"] == 0 and row["priority_rank"])
    assert shown[zero["village_code"]][3] == "0 KK"


def test_a_share_of_few_families_is_counts(client: FlaskClient, told: list[dict[str, Any]]) -> None:
    tiny = next(row for row in told if row["extreme_poor_families"] == 14)
    cells = rows_of(client.get("/prioritas?semua=ya").text)[tiny["village_code"]]
    assert cells[4] == "6 dari 14 KK"
    page = words(client.get(f"/kelurahan/{tiny['village_code']}").text)
    assert "% dari yang padan" not in page


def test_forty_villages_come_first_and_the_others_on_demand(client: FlaskClient) -> None:
    page = client.get("/prioritas").text
    assert len(rows_of(page)) == 40
    assert "Tampilkan semua 67 kelurahan" in page
    assert 'href="/prioritas?semua=ya#urutan"' in page
    whole = client.get("/prioritas?semua=ya").text
    assert len(rows_of(whole)) == 67
    assert "Tampilkan semua" not in whole
    changed = client.get("/prioritas?burden=10").text
    assert "semua=ya&amp;burden=10#urutan" in changed


def test_other_weights_are_another_order(client: FlaskClient, told: list[dict[str, Any]]) -> None:
    """Held against sorting by hand: where only the count counts, the count is the order."""
    asked = {key: "100" if key == "burden" else "0" for key in KEYS}
    page = client.get("/prioritas", query_string={**asked, "semua": "ya"}).text
    counts = {row["village_code"]: row["uncovered_families"] for row in told
              if row["uncovered_families"] is not None}  # fmt: skip
    for code, cells in rows_of(page).items():
        if code in counts:
            place = 1 + sum(other > counts[code] for other in counts.values())
            is_tied = list(counts.values()).count(counts[code]) > 1
            assert cells[0].split(" ")[0] == f"{'=' * is_tied}{place}"
    assert "semula" in words(page)


def test_how_sure_is_not_said_of_other_weights(client: FlaskClient) -> None:
    page = client.get("/prioritas?burden=10").text
    assert "besar pada" not in page
    assert "Seberapa pasti" not in page
    assert "dihitung untuk bobot semula, jadi di sini tidak ditampilkan" in page
    assert 'href="/prioritas?burden=10">Tautan tetap bobot ini</a>' in page
    assert 'href="/prioritas">Kembali ke bobot semula' in page
    for same in ("/prioritas", "/prioritas?burden=50&missed=30", "/prioritas?burden=50,0"):
        page = client.get(same).text
        assert "di 10 besar pada" in page
        assert "Tautan tetap" not in page


def test_the_form_says_the_weights_in_use(client: FlaskClient) -> None:
    page = client.get("/prioritas?burden=30&missed=30&per_family=20&density=20").text
    found = dict(re.findall(r'name="(\w+)" min="0"[^>]*value="([^"]+)"', page))
    assert found == {"burden": "30", "missed": "30", "per_family": "20", "density": "20",
                     "doubt": "0"}  # fmt: skip
    assert 'name="access"' not in page  # no village has it
    assert "tidak ada datanya" in page


@pytest.mark.parametrize(
    "asked",
    ["burden=-1", "burden=x", "burden=101", "burden=nan", "burden=inf", "burden=", "burden=1e999",
     "umpan=1", "burden=50&umpan=1", "burden=0&missed=0&per_family=0"],
)  # fmt: skip
def test_weights_that_mean_nothing_are_refused(client: FlaskClient, asked: str) -> None:
    reply = client.get(f"/prioritas?{asked}")
    assert reply.status_code == 400
    assert "Bobot tidak dapat dipakai" in reply.text
    assert "The weights cannot be used" in reply.text
    assert "umpan" not in "".join(re.findall(r"<p.*?</p>", reply.text))


def test_only_an_indicator_without_data_orders_nobody(client: FlaskClient) -> None:
    page = words(client.get("/prioritas?burden=0&missed=0&per_family=0&access=100").text)
    assert "Tidak ada kelurahan yang dapat diurutkan" in page
    assert "67 dari 67 kelurahan tidak diurutkan" in page


def test_each_village_is_in_one_field(client: FlaskClient, told: list[dict[str, Any]]) -> None:
    page = client.get("/prioritas?semua=ya").text
    fields = re.findall(r'class="field-of (\w+)".*?</section>', page, re.DOTALL)
    assert fields == ["many_low", "many_high", "few_low", "few_high"]
    for name in fields:
        part = re.search(rf'class="field-of {name}".*?</section>', page, re.DOTALL)
        assert part
        links = re.findall(r'href="/kelurahan/([\d.]+)"', part[0])
        assert links == [row["village_code"] for row in told if row["quadrant"] == name]
        assert f"{len(links)} kelurahan" in words(part[0])
        places = [row["priority_rank"] for row in told if row["quadrant"] == name]
        assert re.findall(r'<li value="(\d+)">', part[0]) == [str(place) for place in places]


def test_the_curve_has_its_table_and_says_who_is_left_out(client: FlaskClient) -> None:
    page = client.get("/prioritas").text
    assert page.count("<polyline") == 4  # with that of the decree
    text = words(page)
    assert "Dari 65 kelurahan yang angkanya ditampilkan; 2 lainnya tidak ikut dihitung." in text
    assert "25 % (16)" in text


def test_what_a_thousand_families_are_of_is_said(client: FlaskClient, tmp_path: Path) -> None:
    assert "dari keluarga menurut daftar penduduk" in client.get("/prioritas").text

    def of_registers(summary: Any) -> None:
        summary["priority"]["denominator"] = "families"

    other = served(tmp_path, summary=of_registers)
    assert "dari keluarga menurut semua register" in other.get("/prioritas").text


def test_nearly_all_draws_are_not_all(tmp_path: Path) -> None:
    def nearly(rows: Any) -> None:
        rows[0]["first_share"], rows[1]["first_share"] = 0.999, 1.0

    shown = list(rows_of(served(tmp_path, villages=nearly).get("/prioritas").text).values())
    assert "pada > 99 %" in shown[0][8]
    assert "pada 100 %" in shown[1][8]


def test_hot_spots_have_their_p_value(tmp_path: Path) -> None:
    def hot(rows: Any) -> None:
        rows[0] |= {"hot_spot": "hot", "hot_spot_p": 0.0004}
        rows[1] |= {"hot_spot": "cold", "hot_spot_p": 0.002}

    def few(summary: Any) -> None:
        summary["priority"]["hot_spots"] |= {"hot_spot_threshold": None, "morans_i": None}

    page = served(tmp_path, villages=hot, summary=few).get("/prioritas").text
    shown = list(rows_of(page).values())
    assert shown[0][9] == "titik panas: terlewat lebih sering, bersama sekitarnya p < 0,001"
    assert shown[1][9] == "titik dingin: terlewat lebih jarang, bersama sekitarnya p = 0,002"
    assert "Dibanding sekitarnya tidak dihitung" in page


def test_both_languages(client: FlaskClient) -> None:
    page = client.get("/prioritas?burden=10").text
    assert "?burden=10&amp;lang=en" in page
    client.get("/prioritas?burden=10&lang=en")
    text = words(client.get("/prioritas?burden=10").text)
    assert "These are not the weights of the run" in text
    assert "Uncovered families" in text
    assert "Belum" not in text


# ---------------------------------------------------------------- other pages


def test_the_overview_shows_equals_and_who_is_not_ranked(tmp_path: Path) -> None:
    def tie(rows: Any) -> None:
        rows[1] |= {"final_rank": 1, "final_label": "=1"}
        rows[0] |= {"final_label": "=1"}

    client = served(tmp_path, villages=tie)
    page = client.get("/").text
    cells = re.findall(r'<td class="rank">(.*?)</td>', page)
    assert cells[:3] == ["=1", "=1", "3"]
    unranked = [html.unescape(cell) for cell in cells if "<abbr" in cell]
    assert sorted(words(cell) for cell in unranked) == ["–"] * 3
    assert sum("angkanya tidak ditampilkan" in cell for cell in unranked) == 2


def linked(page: str) -> Iterator[tuple[str, str]]:
    found = re.search(r'<p class="paragraph">(.*?)</p>', page, re.DOTALL)
    assert found
    yield from re.findall(r'<a href="#([\w-]+)">([^<]*)</a>', found[1])


def test_each_number_of_the_paragraph_leads_to_its_row(
    client: FlaskClient, told: list[dict[str, Any]]
) -> None:
    page = client.get(f"/kelurahan/{told[2]['village_code']}").text
    links = dict(linked(page))
    assert links["urutan"] == "64"  # the last one: of how many
    assert links["belum-tersentuh"] == str(told[2]["uncovered_families"])
    assert {"kelas", "terlewat", "dihaluskan", "skor", "skor-burden", "kepastian"} <= set(links)
    for anchor in links:
        assert page.count(f'id="{anchor}"') == 1
    found = re.search(r'<p class="paragraph">(.*?)</p>', page, re.DOTALL)
    assert found
    outside = re.sub(r"<a .*?</a>|P3KE", "", found[1])
    assert not re.search(r"\d", outside)


def test_a_village_that_is_not_ranked_says_so_and_nothing_more(
    client: FlaskClient, told: list[dict[str, Any]]
) -> None:
    code = next(row["village_code"] for row in told if "uncovered_families" in row["withheld"])
    text = words(client.get(f"/kelurahan/{code}").text)
    assert "tidak diurutkan: angkanya tidak ditampilkan" in text
    section = text[text.index("Mengapa di urutan ini") : text.index("Semua urutan, dan")]
    section = re.sub(r"SK 050/12-Bappeda tanggal 1 Februari 2025,? \D*\d+|P3KE", "", section)
    numbers = [row for row in re.findall(r"\d+", section) if row not in {"1", "000"}]
    unmatched = next(row["unmatched_families"] for row in told if row["village_code"] == code)
    assert set(numbers) <= {str(unmatched)}
    assert "besar pada" not in section


def test_a_withheld_number_is_in_no_paragraph(told: list[dict[str, Any]], archive: Path) -> None:
    file = next(archive.glob("*/shown/meeting/summary.json"))
    priority = json.loads(file.read_bytes())["priority"]
    first = told[0]
    for hidden in ("uncovered_families", "unmatched_families"):
        row = {**first, "withheld": [hidden]}  # its number is still there, by mistake
        said = "".join(text for text, _ in explained(row, priority, 64, "id"))
        assert "tidak ditampilkan" in said
        if first[hidden]:
            assert str(first[hidden]) not in re.findall(r"\d+", said)


def test_a_run_of_an_older_version(tmp_path: Path) -> None:
    new = {"rank_label", "priority_score", "first_share", "contributions", "priority_class",
           "quadrant", "hot_spot", "hot_spot_p", "local_moran", "local_moran_p", "rank_low",
           "rank_high", "exclusion_error_low", "exclusion_error_high", "final_rank",
           "final_label", "is_locked", "override_reason", "override_by", "override_on"}  # fmt: skip

    def forget(rows: Any) -> None:
        for place, row in enumerate(rows, start=1):
            for name in new:
                del row[name]
            row["priority_rank"] = place

    client = served(tmp_path, villages=forget, summary=lambda summary: summary.pop("priority"))
    page = client.get("/prioritas")
    assert page.status_code == 200
    assert "Jalankan geo-target run sekali lagi" in page.text
    assert "<table" not in page.text
    assert client.get("/prioritas?burden=5").status_code == 404
    assert '<td class="rank">67</td>' in client.get("/").text
    code = json.loads(next(tmp_path.glob("*/shown/meeting/tables/villages.json")).read_bytes())[0][
        "village_code"
    ]
    text = words(client.get(f"/kelurahan/{code}").text)
    assert "1 dari 67" in text
    assert "Mengapa di urutan ini" not in text


# ---------------------------------------------------------------- speed and weight


def test_changed_weights_are_answered_fast(tmp_path: Path) -> None:
    """A province of 1,552 villages: 0.1 s, and five times that on a machine that is busy."""

    def multiply(rows: Any) -> None:
        rows[:] = [
            {**rows[n % 67], "village_code": f"36.73.{n // 1000:02}.{1000 + n % 1000}"}
            for n in range(1552)
        ]

    client = served(tmp_path, villages=multiply)
    client.get("/prioritas?burden=1")  # loads NumPy
    others = iter(range(40, 43))  # never the same twice: none is remembered
    assert fastest(lambda: client.get(f"/prioritas?burden={next(others)}&missed=35")) < 0.5
    page = client.get("/prioritas?burden=43&missed=35").text
    assert "Tampilkan semua 1.552 kelurahan" in page


def test_the_web_process_loads_numpy_only_when_asked(archive: Path) -> None:
    heavy = ("pandas", "geopandas", "shapely", "scipy", "sklearn", "esda", "libpysal", "duckdb")
    code = (
        "import sys; from pathlib import Path; from geo_target.web.app import create_app\n"
        f"client = create_app(Path({str(archive)!r}), doors=None).test_client()\n"
        "assert client.get('/').status_code == 200\n"
        "assert 'numpy' not in sys.modules\n"
        "assert client.get('/prioritas?burden=10').status_code == 200\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
