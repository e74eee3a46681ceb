"""Who is reached by what: the figures of each definition, what is withheld, what is not asked."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.reach import (
    LISTED,
    area_of,
    cell_of,
    lens_column,
    records_of,
    unmatched_of,
    view_of,
)
from tests.web.covered import NARROWER, OWN, UNKNOWN, WIDER, coverage_of
from tests.web.house import House, get
from tests.web.sample import HOSTILE_NAMES, villages, write_snapshot
from tests.web.test_registers import _replace, words

TABLE = villages()
TOTALS = {
    name: int(TABLE[name].sum())
    for name in ("extreme_poor_families", "covered_families", "uncovered_families",
                 "unmatched_families")
}  # fmt: skip
TOLD = coverage_of(TABLE, TOTALS)
WITHHELD = "tidak ditampilkan"


def asked(client: FlaskClient, **question: str) -> str:
    reply = client.get("/cakupan", query_string=question)
    assert reply.status_code == 200
    return reply.text


def rows(page: str, table: str) -> list[list[str]]:
    """The words of each cell of each row of the body of a table."""
    found = re.search(rf'<table class="[^"]*{table}".*?</table>', page, re.DOTALL)
    assert found
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
             for row in re.findall(r"<tr.*?</tr>", found.group(), re.DOTALL)]  # fmt: skip
    return [[words(cell).strip() for cell in row] for row in cells]


def row_of(page: str, name: str) -> list[str]:
    return next(row for row in rows(page, "matrix") if row[0].split(" ›")[0] == name)


def token_of(page: str, code: str) -> str:
    found = re.search(rf'data-code="{re.escape(code)}" data-token="(\w+)"', page)
    assert found
    return found[1]


def test_the_headline_says_how_many_under_this_definition(client: FlaskClient) -> None:
    text = words(asked(client))
    assert (
        "9.384 keluarga terdaftar P3KE: 3.934 belum tersentuh menurut definisi ini, "
        "hingga 4.188 bila yang belum padan dihitung."
    ) in text
    assert "Tersentuh = terdaftar di PKH, Sembako, PBI-JK pada 1 Oktober 2025." in text
    wider = words(asked(client, definisi=WIDER))
    assert "3.174 belum tersentuh menurut definisi ini, hingga 3.834" in wider
    assert "Tersentuh = terdaftar di PKH, Sembako, PBI-JK, PBI daerah pada" in wider


def test_a_withheld_definition_has_no_number_in_its_headline(client: FlaskClient) -> None:
    page = asked(client, definisi=NARROWER)
    headline = re.search(r"<h1>.*?</h1>", page, re.DOTALL)
    assert headline
    assert "tidak ditampilkan, agar angka kecil tidak terbuka" in headline[0]
    assert not re.search(r"\d", headline[0].split(">", 1)[1].rsplit("<", 1)[0])


def test_definitions_stand_beside_each_other_whichever_is_chosen(client: FlaskClient) -> None:
    expected = [
        ["PKH, Sembako, PBI-JK dipakai hasil ini pada 1 Oktober 2025", "4.790", "3.934", "254"],
        ["Dengan jaminan daerah PKH, Sembako, PBI-JK, PBI daerah; pada 1 Oktober 2025",
         "5.550", "3.174", "660"],
        ["PKH pada 1 Oktober 2025", WITHHELD, WITHHELD, WITHHELD],
    ]  # fmt: skip
    for name in (OWN, WIDER, NARROWER):
        assert rows(asked(client, definisi=name), "definitions-table")[1:] == expected


def test_a_row_has_the_counts_of_its_village(client: FlaskClient) -> None:
    code = str(TABLE.sort_index().index[4])
    village, told = TABLE.loc[code], TOLD["villages"][code]
    own = row_of(asked(client), str(village["village_name"]))
    assert own[1:] == [
        f"{count}"
        for count in (village["extreme_poor_families"], village["covered_families"],
                      village["uncovered_families"], village["unmatched_families"],
                      told["enrolled PKH"],
                      told["enrolled SEMBAKO"], told["enrolled PBI_JK"], told["enrolled PBI_APBD"])
    ]  # fmt: skip
    wider = row_of(asked(client, definisi=WIDER), str(village["village_name"]))
    assert wider[2:4] == [str(told[f"covered {WIDER}"]), str(told[f"uncovered {WIDER}"])]
    assert int(wider[4]) == int(own[1]) - int(wider[2]) - int(wider[3])
    assert wider[5:] == own[5:]
    eligible = row_of(asked(client, ukuran="uncovered"), str(village["village_name"]))
    assert eligible[5:] == [str(told[f"uncovered {code}"])
                            for code in ("PKH", "SEMBAKO", "PBI_JK", "PBI_APBD")]  # fmt: skip
    groups = row_of(asked(client, ukuran="female_head"), str(village["village_name"]))
    assert groups[5:] == [
        str(told[lens]) if lens != UNKNOWN else "tidak ada data"
        for lens in ("female_head", "elderly_alone", UNKNOWN, "small_children", "fishers_laborers")
    ]


def test_the_whole_area_stands_above_its_villages(client: FlaskClient) -> None:
    enrolled = [one["enrolled_families"] for one in TOLD["programs"] if one["is_carried"]]
    numbers = [9384, 4790, 3934, 254, *enrolled]
    assert row_of(asked(client), "Seluruh wilayah")[1:] == [
        f"{n:,}".replace(",", ".") for n in numbers
    ]


def test_withheld_is_neither_zero_nor_no_data(client: FlaskClient) -> None:
    page = asked(client)
    hidden = TABLE[TABLE["uncovered_families"].isna()]
    for code, village in hidden.iterrows():
        assert row_of(page, str(village["village_name"]))[2:] == [WITHHELD] * 7
        assert token_of(page, str(code)) == "withheld"
    third = str(TABLE.sort_index().index[2])
    assert row_of(page, str(TABLE.loc[third, "village_name"]))[5] == WITHHELD
    assert token_of(asked(client, ukuran="enrolled", program="PKH"), third) == "withheld"
    assert token_of(page, third) != "withheld"


def test_few_families_have_no_bar_and_no_class(client: FlaskClient) -> None:
    page = asked(client)
    small = TABLE[TABLE["extreme_poor_families"] == 14].iloc[0]
    row = re.search(rf'<tr data-code="{re.escape(str(small.name))}".*?</tr>', page, re.DOTALL)
    assert row
    assert 'data-token="small"' in row[0]
    assert 'data-said="6 dari 14 KK"' in row[0]
    assert "cell-bar" not in row[0]


@pytest.mark.parametrize("measure", ["definition", "enrolled", "uncovered", "small_children"])
def test_the_legend_counts_the_villages_as_they_are_painted(
    client: FlaskClient, measure: str
) -> None:
    page = asked(client, ukuran=measure)
    legend = re.search(r'<section class="legend".*?</section>', page, re.DOTALL)
    assert legend
    counted = dict(
        re.findall(r'class="swatch (?:\w+ )?(\w+)"></span></td><th.*?<td>(\d+)</td>', legend[0])
    )
    tokens = re.findall(r'data-code="[\d.]+" data-token="(\w+)"', page)
    shown = {token: int(count) for token, count in counted.items() if token != "stale"}
    assert shown == {token: tokens.count(token) for token in shown}
    assert sum(shown.values()) == len(tokens) == 67


def test_a_definition_has_the_shares_of_the_overview() -> None:
    """Of the compared families; those not matched yet are in neither."""
    view = view_of(TOLD, {"definisi": WIDER})
    assert view
    village = {f"covered {WIDER}": 30, f"uncovered {WIDER}": 10, LISTED: 50, "withheld": ()}
    assert cell_of(village, view.shown).share.value == 0.25
    assert unmatched_of(village, view.definition).value == 10
    for hidden in (LISTED, f"covered {WIDER}"):
        assert unmatched_of({**village, "withheld": (hidden,)}, view.definition).state == "withheld"
    assert unmatched_of({"withheld": ()}, view.definition).state == "none"


@pytest.mark.parametrize("measure", ["definition", "enrolled", "uncovered", "female_head"])
def test_a_village_whose_families_are_all_unmatched_is_in_no_class(measure: str) -> None:
    """Nobody of them can be found on a list: none is left out is no good news."""
    view = view_of(TOLD, {"ukuran": measure})
    assert view
    village = {
        LISTED: 40, "unmatched_families": 40, "covered_families": 0, "uncovered_families": 0,
        "enrolled PKH": 0, "uncovered PKH": 0, "female_head": 0, "all female_head": 25,
        "withheld": (),
    }  # fmt: skip
    assert cell_of(village, view.shown).share.state == "none"
    compared = {**village, "unmatched_families": 10, "covered_families": 30}
    assert cell_of(compared, view.shown).share.state == "zero"


@pytest.mark.parametrize(
    ("changed", "measure", "said"),
    [
        ({"is_current": False}, "enrolled", "daftarnya tidak berlaku pada 1 Oktober 2025"),
        ({"is_current": False}, "uncovered", "daftarnya tidak berlaku pada 1 Oktober 2025"),
        ({"is_judged": False}, "uncovered", "siapa yang layak tidak diketahui"),
    ],
    ids=["enrolled", "uncovered", "judged"],
)
def test_a_column_that_cannot_be_counted_says_so(
    tmp_path: Path, changed: dict[str, bool], measure: str, said: str
) -> None:
    programs = [{**one, **changed} if one["code"] == "PKH" else one for one in TOLD["programs"]]
    page = with_coverage(tmp_path, {"ukuran": measure}, programs=programs)
    head, area = rows(page, "matrix")[1:3]
    assert head == ["Tersentuh", "Belum tersentuh", "Belum padan", f"PKH {said}", "Sembako",
                    "PBI-JK", "PBI daerah"]  # fmt: skip
    assert area[5] == "tidak ada data"
    assert area[6] != "tidak ada data"
    assert set(re.findall(r'data-code="[\d.]+" data-token="(\w+)"', page)) == {"none"}


def test_a_list_counts_its_enrolled_though_its_rule_judges_nobody() -> None:
    programs = [{**one, "is_judged": False} for one in TOLD["programs"]]
    view = view_of({**TOLD, "programs": programs}, {"ukuran": "enrolled"})
    assert view
    assert not view.shown.lacks


def test_groups_say_of_how_many_nobody_has_said(client: FlaskClient) -> None:
    head, *groups = rows(asked(client), "lenses")
    assert head[-1] == "Belum diketahui (KK)"
    assert [row[-1] for row in groups] == ["120", "120", "9.384", "120", "120"]
    assert groups[2][1:4] == ["tidak ada data"] * 3


def test_a_definition_of_all_members_says_so(tmp_path: Path) -> None:
    definitions = [{**one, "member_counts_for_family": False} for one in TOLD["definitions"]]
    text = words(with_coverage(tmp_path, definitions=definitions))
    assert "program perorangan: semua anggota harus terdaftar" in text


def test_classes_are_fixed_shares_of_the_listed() -> None:
    view = view_of(TOLD, {"ukuran": "enrolled", "program": "SEMBAKO"})
    assert view
    cell = cell_of(
        {"enrolled SEMBAKO": 21, "extreme_poor_families": 84, "withheld": ()}, view.shown
    )
    assert cell.share.value == 0.25
    group = cell_of({"female_head": 21, "all female_head": 42, "withheld": ()},
                    lens_column("female_head"))  # fmt: skip
    assert group.share.value == 0.5


@pytest.mark.parametrize(
    ("measure", "tone"), [("definition", "uncovered"), ("enrolled", "enrolled")]
)
def test_what_reaches_has_other_colors(client: FlaskClient, measure: str, tone: str) -> None:
    assert f'data-tone="{tone}"' in asked(client, ukuran=measure)


def test_what_no_list_says_is_no_data_and_not_withheld(client: FlaskClient) -> None:
    table = {row[0]: row[1:] for row in rows(asked(client, ukuran=UNKNOWN), "matrix") if row}
    assert table["Seluruh wilayah"][6] == "tidak ada data"
    area = area_of(TOTALS, TOLD, TOLD["definitions"][0])
    assert cell_of(area, lens_column(UNKNOWN)).share.state == "none"


@pytest.mark.parametrize(
    "question",
    ["definisi=lain", "definisi=", "ukuran=lain", "ukuran=", "program=KUBE", "program=",
     "ukuran=enrolled&program=<b>", "ukuran=covered_families", "program=pkh"],
)  # fmt: skip
def test_an_unknown_word_is_no_page(client: FlaskClient, question: str) -> None:
    assert client.get(f"/cakupan?{question}").status_code == 404
    assert client.get("/cakupan").status_code == 200


def test_a_run_without_recipient_lists_has_states_and_groups_only() -> None:
    told = {**TOLD, "programs": [one for one in TOLD["programs"] if not one["is_carried"]]}
    view = view_of(told, {})
    assert view
    assert [column.name for column in view.columns] == ["covered_families", "uncovered_families"]
    assert view_of(told, {"ukuran": "female_head"})
    for strange in ({"ukuran": "enrolled"}, {"ukuran": "uncovered"}, {"program": "KUBE"}):
        assert view_of(told, strange) is None


def test_old_evidence_is_marked_where_it_is(client: FlaskClient) -> None:
    page = asked(client)
    codes = re.findall(r'data-code="([\d.]+)" [^>]*data-stale>', page)
    expected = {code for code, row in TOLD["villages"].items() if row["is_stale"]}
    assert set(codes) == expected
    assert page.count('<span class="badge">bukti usang</span>') == len(expected)
    assert 'id="stale" checked' in page
    assert "11 dari 67 kelurahan ditandai bukti usang" in words(page)


def test_where_all_evidence_is_old_it_is_said_once(tmp_path: Path) -> None:
    page = with_coverage(
        tmp_path,
        villages={code: {**row, "is_stale": True} for code, row in TOLD["villages"].items()},
    )
    assert '<span class="badge">bukti usang</span>' not in page
    assert "Bukti usang : semua kelurahan" in words(page)
    assert 'id="stale">' in page


def test_own_flags_stand_apart_with_their_years(client: FlaskClient) -> None:
    page = asked(client)
    text = words(page)
    assert "Tanda lama di P3KE, bukan cakupan" in text
    assert "PKH 2022–2023 2.971 2.201" in text
    assert f"BST 2022 140 {WITHHELD}" in text
    assert "Tidak ada daftar: KUBE." in text


def test_english_keeps_the_question(archive: Path) -> None:
    client = create_app(archive, doors=None, language_default="en").test_client()
    text = words(asked(client, definisi=WIDER, ukuran="uncovered"))
    assert "9,384 families listed in P3KE: 3,174 not reached by this definition" in text
    assert "Eligible, not enrolled" in text
    switch = re.search(r'href="([^"]+)" lang="id"', asked(client, definisi=WIDER, program="PKH"))
    assert switch
    back = client.get("/cakupan" + switch[1].replace("&amp;", "&"))
    assert back.headers["Location"] == f"/cakupan?definisi={WIDER}&program=PKH"


def with_coverage(
    archive: Path, question: Mapping[str, str] | None = None, **changed: object
) -> str:
    """The page where coverage.json is other than in the sample."""
    folder = write_snapshot(archive)
    file = folder / "shown/meeting/tables/coverage.json"
    told = json.loads(file.read_bytes()) | changed
    _replace(file, folder / "manifest.json", json.dumps(told).encode())
    return asked(create_app(archive, doors=None).test_client(), **(question or {}))


def test_a_run_of_an_older_version_says_what_fills_the_page(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["files"]["shown/meeting/tables/coverage.json"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    page = asked(create_app(tmp_path, doors=None).test_client())
    assert "Jalankan geo-target run sekali lagi untuk mengisinya." in page


def test_titles_and_names_are_text(hostile_archive: Path) -> None:
    page = asked(create_app(hostile_archive, doors=None).test_client(), definisi=WIDER)
    assert page.count("&lt;img src=x") >= 3
    assert not [name for name in HOSTILE_NAMES[:1] if name in page]


def test_records_keep_what_the_village_table_withholds() -> None:
    village = {"village_code": "1", "withheld": ["uncovered_families"], "covered_families": 3}
    record = records_of({"1": village}, {"villages": {"1": {"enrolled PKH": None, "stale": 4}}})[
        "1"
    ]
    assert {*record["withheld"]} == {"uncovered_families", "enrolled PKH"}
    assert records_of({"1": village}, {"villages": {}})["1"]["covered_families"] == 3


def links(page: str) -> list[str]:
    menu = re.search(r'<details class="menu".*?</details>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', menu[0]) if menu else []


FIGURES = ["/", "/prioritas", "/klaster", "/cakupan", "/alasan", "/program", "/banding", "/tren",
           "/perubahan", "/akses", "/lembaga", "/mutu-data", "/register", "/buku-angka", "/unduh",
           "/tentang-angka"]  # fmt: skip
MEETING = [*FIGURES, "/rapat"]


@pytest.mark.parametrize(
    ("who", "leads"),
    [
        ("viewer", [*MEETING, "/akun"]),
        ("operator", [*MEETING, "/bulan-baru", "/akun"]),
        ("coordinator", [*MEETING, "/lapangan", "/lapangan/isi", "/pasangan", "/akun"]),
        ("officer", [*MEETING, "/lapangan", "/lapangan/isi", "/akun"]),
        ("field-officer", [*MEETING, "/kunjungan", "/lapangan/isi", "/akun"]),
        ("auditor", ["/jejak", "/akun"]),
        ("admin", ["/pengguna", "/jejak", "/akun"]),
    ],
)
def test_the_menu_leads_where_the_visitor_may_go(house: House, who: str, leads: list[str]) -> None:
    browser = house.signed_in(who)
    assert links(get(browser, "/akun").text) == leads
    for path in leads:
        assert get(browser, path).status_code == 200


def test_the_menu_of_one_laptop_and_of_nobody(client: FlaskClient, house: House) -> None:
    assert links(client.get("/").text) == FIGURES
    assert links(client.get("/nothing").text) == []
    assert links(get(house.browser(), "/masuk").text) == []


def test_the_page_that_one_is_on_is_marked(client: FlaskClient) -> None:
    marked = r'href="([^"]+)" aria-current="page"'
    assert set(re.findall(marked, asked(client))) == {"/cakupan"}
    assert set(re.findall(marked, client.get("/register").text)) == {"/register"}
