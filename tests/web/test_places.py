"""Districts and regencies: figures that follow from what is shown, and the way down to each."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.districts import district_records
from geo_target.web.figures import Figure, State
from geo_target.web.locator import close_up_of, district_plan, village_plan
from geo_target.web.places import (
    DISTRICT,
    REGENCY,
    VILLAGE,
    matched_of,
    parts_of,
    regency_record,
    sum_over,
    trail,
)
from geo_target.web.store import Snapshot, read_snapshot
from geo_target.web.views.districts import leading
from tests.web.house import House, get
from tests.web.province import OTHER, OTHER_DISTRICTS, OTHER_NAME, rewrite, write_province
from tests.web.sample import RUN_ID, clusters, villages, write_snapshot
from tests.web.test_pages import row_of, words

KASEMEN, WITHHELD = "36.73.02", "tidak ditampilkan"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("province")
    write_province(archive)
    return archive


@pytest.fixture(scope="module")
def banten(province: Path) -> FlaskClient:
    return create_app(province, doors=None).test_client()


def village(uncovered: int | None, covered: int = 10, *, withheld: bool = False) -> dict[str, Any]:
    return {"uncovered_families": uncovered, "covered_families": covered,
            "withheld": ["uncovered_families"] if withheld else []}  # fmt: skip


# ---------------------------------------------------------------- pure


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([village(5), village(7)], Figure(State.VALUE, 12)),
        ([village(0), village(0)], Figure(State.ZERO, 0)),
        ([village(5), village(None, withheld=True)], Figure(State.WITHHELD)),
        ([village(5), village(None)], Figure(State.NO_DATA)),
        ([village(None), village(None, withheld=True)], Figure(State.WITHHELD)),
    ],
)
def test_a_sum_is_told_only_where_each_part_is(rows: list[Any], expected: Figure) -> None:
    assert sum_over(rows, "uncovered_families") == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([50, 30, 10, 10], 2),  # 80 of 100
        ([40, 30, 20, 10], 3),  # 70 are too few
        ([25, 25, 25, 25], 4),
        ([9, None, 1], None),
        ([0, 0], None),
    ],
)
def test_how_few_hold_most(counts: list[int | None], expected: int | None) -> None:
    figures = [Figure(State.WITHHELD) if one is None else Figure(State.VALUE, one)
               for one in counts]  # fmt: skip
    assert leading(figures) == expected


def test_a_district_is_the_sum_of_its_villages(tmp_path: Path) -> None:
    write_snapshot(tmp_path)  # of an older version: its summary tells of no district
    records = district_records(read_snapshot(tmp_path / RUN_ID))
    table = villages()
    for code, own in table.groupby("district_code"):
        found = records[str(code)]
        for name in ("uncovered_families", "families", "located_families"):
            is_told = bool(own[name].notna().all())
            assert found[name] == (int(own[name].sum()) if is_told else None)
            assert (name in found["withheld"]) == (not is_told)
    hidden = [record for record in records.values() if "uncovered_families" in record["withheld"]]
    assert 0 < len(hidden) < len(records)
    for record in hidden:
        assert record["exclusion_error"] is None
        assert "exclusion_error" in record["withheld"]
        assert matched_of(record).state is State.WITHHELD


def test_what_a_run_tells_of_a_district_stands_before_a_sum(tmp_path: Path) -> None:
    """The margin of a district may be shown where a village of it is not."""
    folder = write_province(tmp_path)

    def tell(summary: Any) -> Any:
        for row in summary["districts"]:
            row.update(covered_families=600, uncovered_families=400, unmatched_families=0,
                       extreme_poor_families=1000, withheld=[])  # fmt: skip
        return summary

    rewrite(folder, "summary.json", tell)
    records = district_records(read_snapshot(folder))
    assert {record["uncovered_families"] for record in records.values()} == {400}
    assert {record["exclusion_error"] for record in records.values()} == {0.4}
    assert matched_of(records[KASEMEN]).value == 1


def test_a_regency_is_told_where_all_its_districts_are() -> None:
    told = {"district_code": "1", "district_name": "A", "regency_code": "1", "regency_name": "B",
            "extreme_poor_families": 100, "covered_families": 60, "uncovered_families": 30,
            "unmatched_families": 10, "families": 500, "located_families": 50,
            "withheld": []}  # fmt: skip
    whole = regency_record([told, told])
    assert (whole["uncovered_families"], whole["exclusion_error"]) == (60, 60 / 180)
    assert matched_of(whole).value == 0.9
    hidden = {**told, "uncovered_families": None, "withheld": ["uncovered_families"]}
    part = regency_record([told, hidden])
    assert part["uncovered_families"] is None
    assert {"uncovered_families", "exclusion_error"} <= {*part["withheld"]}
    assert part["extreme_poor_families"] == 200


def test_parts_of_districts_are_told_together_or_not_at_all() -> None:
    a, b = {"reason": "a"}, {"reason": "b"}
    told = {"reasons": {"rows": [a, b],
                        "districts": {"1": [5, None], "2": [7, 9], "3": [0, 0]}}}  # fmt: skip
    assert parts_of(told, "reasons", "rows", ["1"]) == [
        (a, Figure(State.VALUE, 5)), (b, Figure(State.WITHHELD))]  # fmt: skip
    assert [figure.value for _, figure in parts_of(told, "reasons", "rows", ["1", "2"])] == [
        12, None]  # fmt: skip
    assert parts_of(told, "reasons", "rows", ["3"])[0][1] == Figure(State.ZERO, 0)
    assert parts_of(told, "reasons", "rows", ["1", "9"]) == []
    assert parts_of(None, "reasons", "rows", ["1"]) == []


PLACE = {
    "regency_code": "36.73", "regency_name": "Kota Serang", "district_code": KASEMEN,
    "district_name": "Kasemen", "village_code": "36.73.02.1001", "village_name": "Sawah Luhur",
}  # fmt: skip


@pytest.mark.parametrize(
    ("area", "level", "expected"),
    [
        ("36", REGENCY, "36 / > Kota Serang"),
        ("36", DISTRICT, "36 / > Kota Serang /kabupaten/36.73 > Kasemen"),
        ("36", VILLAGE, "36 / > Kota Serang /kabupaten/36.73 > "
         "Kasemen /kecamatan/36.73.02 > Sawah Luhur"),
        ("36.73", DISTRICT, "36.73 / > Kasemen"),
        ("36.73", VILLAGE, "36.73 / > Kasemen /kecamatan/36.73.02 > Sawah Luhur"),
        ("36.73.02", DISTRICT, "36.73.02 / > Kasemen"),
        ("36.73.02", VILLAGE, "36.73.02 / > Sawah Luhur"),
    ],
)  # fmt: skip
def test_the_way_down(
    client: FlaskClient, snapshot: Snapshot, area: str, level: int, expected: str
) -> None:
    summary = {**snapshot.summary, "area": {"code": area, "name": area}}
    other = Snapshot(**{**vars(snapshot), "summary": summary})
    with client.application.test_request_context("/"):
        steps = trail(other, PLACE, level)
        below = trail(other, PLACE, level, here="Kartu")
    assert " > ".join(f"{s.words} {s.address or ''}".strip() for s in steps) == expected
    assert below[-1].words == "Kartu"
    assert [step.words for step in below[:-1]] == [step.words for step in steps]
    assert all(step.address for step in below[:-1])


@pytest.fixture(scope="module")
def snapshot(archive: Path) -> Snapshot:
    return read_snapshot(archive / RUN_ID)


def test_a_plan_holds_each_village_of_its_district_once(snapshot: Snapshot, province: Path) -> None:
    own = {str(code) for code in villages().index if str(code).startswith(KASEMEN)}
    whole, fine = village_plan(snapshot, KASEMEN), village_plan(
        read_snapshot(province / RUN_ID), KASEMEN)  # fmt: skip
    for plan in (whole, fine):
        assert {*plan.parts} == own
        assert all(path.startswith("M") and path.endswith("Z") for path in plan.parts.values())
        for x, y in plan.labels.values():
            assert 0 <= x <= plan.width
            assert 0 <= y <= plan.height
    assert {*district_plan(snapshot, OTHER_DISTRICTS).parts} == {*OTHER_DISTRICTS}


def test_the_neighbors_of_an_area_are_drawn_as_land(snapshot: Snapshot) -> None:
    alone = replace(snapshot, layers={k: v for k, v in snapshot.layers.items() if k != "neighbors"})
    for draw in (
        lambda one: village_plan(one, KASEMEN),
        lambda one: district_plan(one, [KASEMEN]),
        lambda one: close_up_of(one, [f"{KASEMEN}.1001"], ""),
    ):
        beyond = {*draw(snapshot).around} - {*draw(alone).around}
        assert beyond, "white or sea would lie where other regencies are"


# ---------------------------------------------------------------- a district


def test_the_page_of_a_district_lists_its_villages_in_order(client: FlaskClient) -> None:
    page = client.get(f"/kecamatan/{KASEMEN}").text
    table = villages()
    own = [str(code) for code in table.index if str(code).startswith(KASEMEN)]
    assert re.findall(r'<tr data-code="([^"]+)"', page) == own
    for code in own:
        row, record = row_of(page, code), table.loc[code]
        assert f'href="/kelurahan/{code}"' in row
        assert f'href="/kelurahan/{code}/kartu"' in row
        is_told = pd.notna(record["uncovered_families"])
        expected = f"{record['uncovered_families']} KK" if is_told else WITHHELD
        assert expected in words(row).replace("\xa0", " ")
    found = clusters(villages())
    for cluster in found["cluster_id"][found["village_codes"].str[0].isin(own)]:
        assert f'href="/klaster/{cluster}"' in page


def test_the_sentence_of_a_district(client: FlaskClient) -> None:
    table = villages()
    for code, own in table.groupby("district_code")["uncovered_families"]:
        text = words(client.get(f"/kecamatan/{code}").text)
        if own.isna().any():
            assert "jumlah keluarga yang belum tersentuh tidak ditampilkan" in text
        else:
            assert f"{own.sum()} keluarga terdaftar P3KE belum tersentuh" in text.replace(".", "")


def test_the_order_and_the_color_are_in_the_address(client: FlaskClient) -> None:
    def order(asked: str) -> list[str]:
        page = client.get(f"/kecamatan/{KASEMEN}?{asked}").text
        return re.findall(r'<tr data-code="([^"]+)"', page)

    table = villages()
    own = table[table["district_code"] == KASEMEN]
    shown = own["uncovered_families"].dropna().sort_values(ascending=False, kind="stable")
    found = order("urut=belum-tersentuh")
    assert found[: len(shown)] == [str(code) for code in shown.index]
    assert {*found} == {*order("")}
    page = client.get(f"/kecamatan/{KASEMEN}?urut=terlewat&peta=missed-PKH").text
    assert "urut=belum-padan&amp;peta=missed-PKH" in page
    assert '<option value="missed-PKH" selected>' in page
    assert '<optgroup label="Program">' in page
    assert "PKH: layak, belum terdaftar" in words(page)
    assert "urut=terlewat&amp;peta=missed-PKH&amp;lang=en" in page


@pytest.mark.parametrize("asked", ["uncovered", "exclusion", "located", "missed-PKH.rate"])
def test_the_drawing_has_the_classes_that_the_legend_counts(
    client: FlaskClient, asked: str
) -> None:
    page = client.get(f"/kecamatan/{KASEMEN}?peta={asked}").text
    drawn = re.findall(r'<path class="village [a-z]+ ([a-z0-9]+)"', page)
    legend = re.search(r"<figcaption.*?</figcaption>", page, re.DOTALL)
    assert legend
    counts = re.findall(r'class="swatch [a-z]*? ?([a-z0-9]+)".*?<td>(\d+)</td>', legend[0])
    assert len(drawn) == sum(villages()["district_code"] == KASEMEN)
    assert {token: int(count) for token, count in counts if int(count)} == {
        token: drawn.count(token) for token in drawn
    }


@pytest.mark.parametrize(
    "path",
    [
        "/kecamatan/36.73.99", "/kecamatan/36.73", f"/kecamatan/{KASEMEN}?urut=nama",
        f"/kecamatan/{KASEMEN}?peta=x", "/kabupaten/36.99", "/kabupaten/36", "/kelurahan/kartu",
        "/kelurahan/kartu?kec=36.73.99", "/kelurahan/36.73.99.1001/kartu",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_everybody_in_the_meeting_sees_each_district_and_names_are_for_their_officer(
    house: House,
) -> None:
    for who, named in (("officer", ["36.73.01"]), ("viewer", []),
                       ("coordinator", ["36.73.01", KASEMEN])):  # fmt: skip
        browser = house.signed_in(who)
        pages = {code: get(browser, f"/kecamatan/{code}") for code in ("36.73.01", KASEMEN)}
        assert {page.status_code for page in pages.values()} == {200}
        assert [code for code, page in pages.items() if "/keluarga" in page.text] == named


def test_a_cluster_lies_where_all_of_it_lies(client: FlaskClient) -> None:
    cluster = clusters(villages()).iloc[0]
    page = client.get(f"/klaster/{cluster['cluster_id']}").text
    steps = re.search(r'<nav class="crumbs".*?</nav>', page, re.DOTALL)
    assert steps
    assert f'href="/kelurahan/{cluster["village_codes"][0]}"' in steps[0]
    assert cluster["name"] in words(steps[0])


# ---------------------------------------------------------------- a regency


def test_in_a_run_of_one_city_the_overview_is_its_page(client: FlaskClient) -> None:
    reply = client.get("/kabupaten/36.73")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert "/kabupaten/" not in client.get(f"/kecamatan/{KASEMEN}").text


def test_a_regency_of_a_province_lists_its_districts(banten: FlaskClient) -> None:
    page = banten.get(f"/kabupaten/{OTHER}").text
    assert {*re.findall(r'<tr data-code="([^"]+)"', page)} == {*OTHER_DISTRICTS}
    for code in OTHER_DISTRICTS:
        assert f'href="/kecamatan/{code}"' in row_of(page, code)
    assert OTHER_NAME in words(page)
    assert '<a href="/">Banten</a>' in page
    other = banten.get("/kabupaten/36.73").text
    assert not {*re.findall(r'<tr data-code="([^"]+)"', other)} & {*OTHER_DISTRICTS}


def test_what_a_regency_does_not_tell_it_tells_at_least(banten: FlaskClient) -> None:
    """Of its districts that are told; withheld ones are in no sum."""
    records = district_records(read_snapshot(_of(banten)))
    for code in ("36.73", OTHER):
        own = [r for r in records.values() if r["regency_code"] == code]
        told = [r["uncovered_families"] for r in own if r["uncovered_families"] is not None]
        text = words(banten.get(f"/kabupaten/{code}").text)
        if len(told) < len(own):
            assert (
                f"sedikitnya {sum(told):,} KK, di {len(told)} dari {len(own)}".replace(
                    ",", "."
                ).replace("KK.", "KK,")
                in text
            )
        else:
            assert f"{sum(told)} keluarga terdaftar" in text.replace(".", "")
    assert any(record["uncovered_families"] is None for record in records.values())


def _of(client: FlaskClient) -> Path:
    found: Path = client.application.extensions["geo_target.store"].current().snapshot.folder
    return found


# ---------------------------------------------------------------- a village, and its card


def test_a_village_leads_to_those_beside_it_in_order(client: FlaskClient) -> None:
    ranked = [str(code) for code in villages()["priority_rank"].dropna().index]
    pages = [client.get(f"/kelurahan/{code}").text for code in ranked[:3]]
    assert 'rel="prev"' not in pages[0]
    assert f'rel="next" href="/kelurahan/{ranked[1]}"' in pages[0]
    assert f'rel="prev" href="/kelurahan/{ranked[0]}"' in pages[1]
    last = client.get(f"/kelurahan/{ranked[-1]}").text
    assert 'rel="next"' not in last
    hidden = str(villages().index[villages()["uncovered_families"].isna()][0])
    assert 'rel="' not in re.sub(r"<head>.*?</head>", "", client.get(f"/kelurahan/{hidden}").text,
                                 flags=re.DOTALL)  # fmt: skip


def numbers(text: str) -> set[str]:
    return {*re.findall(r"\d[\d.,]*\d|\d", text)}


def test_a_card_tells_nothing_that_the_page_of_its_village_does_not(client: FlaskClient) -> None:
    """Every number of the sheet is on the page; but how many rows it leaves out, and of A4."""
    for code in map(str, villages().index[[0, 3, 9, 30, 40, 66]]):
        page = client.get(f"/kelurahan/{code}").text
        card = re.search(r"<article.*</article>", client.get(f"/kelurahan/{code}/kartu").text,
                         re.DOTALL)  # fmt: skip
        assert card
        left_out = re.sub(r"\d+ (RW|klaster|program|sebab) lagi", "", words(card[0]))
        assert numbers(left_out) - numbers(words(page)) == set()


def test_the_rows_of_a_card_begin_with_the_most_burdened(client: FlaskClient) -> None:
    code = str(villages().index[0])
    card = client.get(f"/kelurahan/{code}/kartu").text
    table = re.search(r"Menurut RW, terbanyak dahulu</caption>.*?</table>", card, re.DOTALL)
    assert table
    rows = [words(row).strip() for row in re.findall(r"<tr>.*?</tr>", table[0], re.DOTALL)][1:]
    assert len(rows) == 5
    assert WITHHELD in rows[-1]  # what is not told comes last, not as none
    counts = [int(re.findall(r"(\d+)\s*KK$", row.replace("\xa0", " "))[0]) for row in rows[:-1]]
    assert counts == sorted(counts, reverse=True)


def test_all_cards_of_a_district_are_one_page(client: FlaskClient) -> None:
    page = client.get(f"/kelurahan/kartu?kec={KASEMEN}").text
    own = [str(code) for code in villages().index if str(code).startswith(KASEMEN)]
    assert re.findall(r'<article class="sheet" aria-labelledby="name-([^"]+)"', page) == own
    assert page.count("<h1") == 1
    assert page.count('id="plan"') == 1
