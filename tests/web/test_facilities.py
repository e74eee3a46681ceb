"""How far it is, and for whom too far: the page of a type, and that of a village."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from geo_target.web.facility_table import (
    Ends,
    by_district,
    mean_of,
    minutes_of,
    outward,
    row_of,
    rows_of,
    uncovered_in,
)
from tests.web.sample import RUN_ID, villages, write_snapshot
from tests.web.test_reasons import words

CODES = sorted(villages().index)
NAMES = villages()["village_name"].to_dict()
HIDDEN = str(villages().index[villages()["uncovered_families"].isna()][0])


def served(archive: Path, change: Callable[[Any], None] | None) -> FlaskClient:
    """One laptop whose run tells other things of access; None for one that tells none."""
    folder = write_snapshot(archive)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    name = "shown/meeting/tables/access.json"
    if change is None:
        (folder / name).unlink()
        del manifest["files"][name]
    else:
        told = json.loads((folder / name).read_bytes())
        change(told)
        body = json.dumps(told).encode()
        (folder / name).write_bytes(body)
        manifest["files"][name] = {"sha256": hashlib.sha256(body).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return create_app(archive, doors=None).test_client()


def cells(page: str) -> dict[str, list[str]]:
    return {
        row[1]: [words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row[2], re.DOTALL)]
        for row in re.finditer(r'<tr data-code="([^"]+)">(.*?)</tr>', page, re.DOTALL)
    }


# ---------------------------------------------------------------- pure


def village(code: str, uncovered: int | None, **more: Any) -> dict[str, Any]:
    return {"village_code": code, "uncovered_families": uncovered, "located_families": 9, **more}


def test_beyond_comes_first_and_of_it_the_most_families() -> None:
    ways = {"A": "within", "B": "maybe", "C": "beyond", "D": "beyond", "E": "maybe", "F": None}
    counts = {"A": 90, "B": 5, "C": 7, "D": None, "E": 6, "F": 80}
    access = {"villages": {code: {"sd": {"beyond": way}} for code, way in ways.items()}}
    rows = rows_of([village(code, count) for code, count in counts.items()], access, "sd")
    assert [row.record["village_code"] for row in rows] == ["C", "D", "E", "B", "F", "A"]
    assert uncovered_in(rows[:2]) == (7, True)
    assert uncovered_in(rows[2:4]) == (11, False)


def test_a_mean_is_withheld_where_the_located_are() -> None:
    way = {"least_m": 0.0, "mean_m": None}
    assert mean_of(village("A", 1, withheld=["located_families"]), way, "mean_m", 1).state == (
        "withheld"
    )
    nobody = village("A", 1) | {"located_families": 0}
    assert mean_of(nobody, way, "mean_m", 1).state == "none"
    assert mean_of(village("A", 1), {"mean_m": None, "least_m": None}, "mean_m", 1).state == "none"
    assert mean_of(village("A", 1), way | {"mean_m": 1_500.0}, "mean_m", 1_000).value == 1.5


def test_ends_are_told_outward() -> None:
    assert outward(Ends(4.9, 30.1)) == (4, 31)
    assert outward(Ends(0.0, None)) == (0, None)
    assert outward(Ends(8.71, 15.38), 10) == (8.7, 15.4)
    assert outward(Ends(1.1 + 2.2, 0.3), 10) == (3.3, 0.3)  # no hair of a float moves an end
    assert row_of(village("A", 1), {}).minutes is None


def test_what_is_beyond_is_not_told_as_at_the_limit() -> None:
    assert minutes_of(Ends(30.4, 38.2), 30) == (30.4, 39)
    assert minutes_of(Ends(31.7, None), 30) == (31, None)
    assert minutes_of(Ends(30.0, 31.0), 30) == (30, 31)
    assert minutes_of(Ends(4.9, 30.1), 30) == (4, 31)


def test_a_mean_of_a_district_is_withheld_where_that_of_a_village_is() -> None:
    place = {"district_code": "K", "district_name": "Kasemen"}
    hidden = village("A", 1, withheld=["located_families"], **place)
    nobody = village("B", 1, **place) | {"located_families": 0}
    way = {"least_m": 0.0, "mean_m": None}
    rows = [row_of(hidden, way), row_of(nobody, way)]
    assert by_district(rows, {})[0].mean_km.state == "withheld"
    assert by_district(rows[1:], {})[0].mean_km.state == "none"
    assert by_district(rows, {"K": {"mean_m": 1_500.0}})[0].mean_km.value == 1.5


# ---------------------------------------------------------------- the page


def test_the_headline_counts_villages_and_families(client: FlaskClient) -> None:
    """The first three villages are beyond; of two more some places may be."""
    found = villages()["uncovered_families"].reindex(CODES[:3])
    assert found.notna().all()
    text = words(client.get("/akses").text)
    assert (
        "3 dari 67 kelurahan seluruhnya lebih dari 30 menit dari puskesmas terdekat, dengan "
        f"{int(found.sum())} KK belum tersentuh; 2 lagi mungkin sebagian"
    ) in text
    assert "garis lurus × 1,3 ÷ 20 km per jam" in text
    assert "6 punya titik yang dapat dipakai, dari 7" in text


def test_a_row_tells_the_interval_and_the_mean(client: FlaskClient) -> None:
    rows = cells(client.get("/akses").text)
    assert set(rows) == set(CODES[:5])
    name, minutes, _, state, _, meters, _, mean = rows[CODES[1]]
    assert name.startswith(NAMES[CODES[1]])
    assert state == "seluruhnya di luar batas"
    assert meters == "8,7–15,4 km"
    assert minutes == "34–60 menit"
    assert re.fullmatch(r"12,0 km 47 menit|tidak ditampilkan", mean)
    assert rows[CODES[4]][1] == "0–31 menit"  # 30.1 is not within 30
    assert rows[CODES[4]][3] == "mungkin sebagian di luar batas"
    whole = cells(client.get("/akses?semua=ya").text)
    assert len(whole) == 67
    assert whole[CODES[9]][3] == "seluruhnya dalam batas"


def test_a_withheld_village_has_no_mean_and_says_so(tmp_path: Path) -> None:
    def hide(told: Any) -> None:
        told["villages"][CODES[0]]["puskesmas"]["mean_m"] = None

    assert cells(served(tmp_path, hide).get("/akses").text)[CODES[0]][7] == "tidak ditampilkan"


def test_types_are_chosen_by_the_address(client: FlaskClient) -> None:
    page = client.get("/akses?jenis=sd")
    assert "Jarak ke SD/MI tidak diketahui: tidak satu pun punya titik" in words(page.text)
    assert "Lengkapi bujur dan lintang SD/MI" in words(page.text)
    assert cells(page.text) == {}
    near = words(client.get("/akses?jenis=rumah+singgah").text)
    assert "0 dari 67 kelurahan seluruhnya lebih dari 30 menit dari rumah singgah" in near
    assert "Tidak ada: setiap tempat di setiap kelurahan paling jauh 30 menit" in near
    assert client.get("/akses?jenis=candi").status_code == 404


def test_districts_and_faults_have_their_tables(client: FlaskClient) -> None:
    text = words(client.get("/akses").text)
    assert "2,5 km 10 menit, dari 4 kelurahan" in text
    assert "fasilitas.csv 203, 204 2 fasilitas sejenis di satu titik W-FACILITY-STACK" in text
    assert "3 fasilitas dari 2 jenis yang tidak dikenal tidak diukur" in text


def test_facilities_on_the_map_have_a_table_by_name(client: FlaskClient) -> None:
    page = client.get("/akses").text
    assert 'href="/#fasilitas=puskesmas"' in page
    table = page.partition('class="plain-table facility-places"')[2].partition("</table>")[0]
    names = re.findall(r'<th scope="row">(.*?)</th>', table)
    assert [words(name) for name in names] == [
        *(f"puskesmas {place}" for place in range(1, 6)), "nama tidak dicantumkan",
    ]  # fmt: skip
    assert NAMES[CODES[5]] in table
    assert "facility-places" not in client.get("/akses?jenis=sd").text
    assert f'href="/#kode={CODES[1]}&amp;fasilitas=puskesmas,lain-1"' in (
        client.get(f"/kelurahan/{CODES[1]}").text
    )


def test_roads_are_named_and_a_missing_way_has_no_end(tmp_path: Path) -> None:
    def by_road(told: Any) -> None:
        told["travel"]["roads"] = "jalan.gpkg"
        told["villages"][CODES[0]]["puskesmas"]["most_minutes"] = None

    page = served(tmp_path, by_road).get("/akses").text
    assert "menurut lapisan jalan jalan.gpkg" in words(page)
    assert cells(page)[CODES[0]][1] == "≥ 31 menit"


@pytest.mark.parametrize(
    ("state", "said"),
    [("none", "Belum ada daftar fasilitas"), ("schematic", "Pasang batas resmi"),
     ("measured", "tidak memuat satu jenis pun"), (None, "Jalankan geo-target run sekali lagi")],
)  # fmt: skip
def test_each_empty_state_says_what_fills_it(tmp_path: Path, state: str | None, said: str) -> None:
    def empty(told: Any) -> None:
        travel = told["travel"]
        told.clear()
        told |= {"state": state, "travel": travel}
        if state == "measured":
            told |= {"types": [], "villages": {}, "districts": {}, "faults": []}

    client = served(tmp_path, None if state is None else empty)
    assert said in words(client.get("/akses").text)
    of_village = client.get(f"/kelurahan/{CODES[0]}").text
    assert ("Jarak belum diukur" in of_village) == (state is not None)
    assert client.get("/akses?jenis=puskesmas").status_code == 404


def test_a_village_tells_its_way_to_each_type(client: FlaskClient) -> None:
    text = words(client.get(f"/kelurahan/{CODES[1]}").text)
    assert "Fasilitas terdekat" in text
    assert "puskesmas 8,7–15,4 km 34–60 menit seluruhnya di luar batas" in text
    assert "SD/MI tidak ada data tidak ada data tidak ada data" in text


@pytest.fixture
def english(archive: Path) -> Iterator[FlaskClient]:
    with create_app(archive, doors=None, language_default="en").test_client() as client:
        yield client


def test_the_other_language(english: FlaskClient) -> None:
    text = words(english.get("/akses").text)
    assert "more than 30 minutes from the nearest community health center" in text
    for foreign in ("puskesmas terdekat", "Belum tersentuh", "Waktu tempuh"):
        assert foreign not in text


def test_a_hostile_kind_is_text(tmp_path: Path) -> None:
    write_snapshot(tmp_path, hostile=True)
    page = create_app(tmp_path, doors=None).test_client().get("/akses?semua=ya").text
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x") >= 3
    assert RUN_ID in page


def test_rows_of_a_register_are_not_called_the_extreme_poor(client: FlaskClient) -> None:
    text = words(client.get("/akses").text)
    assert "Keluarga terdaftar P3KE" in text
    assert "Rata-rata hanya dari keluarga terdaftar P3KE yang punya titik" in text
    assert "miskin ekstrem" not in text


def test_where_all_counts_are_withheld_no_number_of_families_is_told(tmp_path: Path) -> None:
    def all_hidden(told: Any) -> None:
        for code, ways in told["villages"].items():
            ways["puskesmas"]["beyond"] = "beyond" if code == HIDDEN else "within"

    text = words(served(tmp_path, all_hidden).get("/akses").text)
    assert "1 dari 67 kelurahan seluruhnya lebih dari 30 menit dari puskesmas terdekat" in text
    assert "sedikitnya 0 KK" not in text


def test_a_type_keeps_its_capitals(client: FlaskClient) -> None:
    assert "SD/MI di daftar: " in words(client.get("/akses?jenis=sd").text)
    assert "Puskesmas di daftar: " in words(client.get("/akses").text)
