"""Tables and layers to carry away: the figures of the pages, whence they are, and no others."""

import csv
import io
import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from geo_target.errors import Fault
from geo_target.operations.refusals import AuditError
from geo_target.web.app import create_app
from geo_target.web.takeaway_files import SOURCE, Origin, to_csv, to_xlsx
from geo_target.web.takeaway_tables import NAMES, VILLAGES, WITHHELD, Column, Kind, Table
from tests.web.by_district import write_by_district
from tests.web.house import SITE, House, get
from tests.web.sample import RUN_ID, write_snapshot

Record = dict[str, Any]
SHAPED = ("kelurahan", "kecamatan", "klaster")
KEYS = {"kelurahan": ["village_code"], "kecamatan": ["district_code"], "klaster": ["cluster_id"],
        "rw": ["village_code", "rw", "neighborhood"]}  # fmt: skip
WORDS = {"columns": "Arti kolom", "about": "Keterangan", "name": "Nama", "title": "Arti",
         "unit": "Satuan", "source": "Sumber"}  # fmt: skip
TINY = Table(
    "kecil", "Tabel kecil",
    (Column("code", "Kode", Kind.TEXT), Column("families", "Keluarga"),
     Column("share", "Bagian", Kind.SHARE), Column(WITHHELD, "Ditahan", Kind.TEXT)),
    [("36.73.01.1001", 12, 0.25, None), ("=HYPERLINK(1)", None, None, "families share")],
)  # fmt: skip
ORIGIN = Origin("Kota Serang, unduhan 1a2b", [("Isi", "Tabel kecil")])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by_district")
    write_by_district(folder)
    return folder


@pytest.fixture(scope="module")
def laptop(archive: Path) -> FlaskClient:
    return create_app(archive, doors=None).test_client()


def path(name: str, kind: str, run_id: str = RUN_ID) -> str:
    return f"/unduh/{run_id}/{name}.{kind}"


def shown(archive: Path, name: str) -> list[Record]:
    """The records that the pages are made of."""
    folder = archive / RUN_ID / "shown" / "meeting"
    if name == "kecamatan":
        return list(json.loads((folder / "summary.json").read_bytes())["districts"])
    file = {"kelurahan": "villages", "klaster": "clusters", "rw": "rw"}[name]
    found = json.loads((folder / f"tables/{file}.json").read_bytes())
    if name == "rw":
        return [{"village_code": code, **row} for code, rows in found.items() for row in rows]
    return list(found)


def keyed(name: str, rows: list[Record]) -> dict[tuple[str, ...], Record]:
    return {tuple(str(row.get(key) or "") for key in KEYS[name]): row for row in rows}


def read_csv(client: FlaskClient, name: str) -> list[Record]:
    text = client.get(path(name, "csv")).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_is_that_of_the_page_in_every_form(
    laptop: FlaskClient, archive: Path, name: str
) -> None:
    """CSV, XLSX and GeoJSON against the records that pages are made of, cell by cell."""
    records = keyed(name, shown(archive, name))
    lines = keyed(name, read_csv(laptop, name))
    assert lines.keys() == records.keys()
    table = next(iter(sheets(laptop.get(path(name, "xlsx")).data).values()))
    known = {name for record in records.values() for name in record} | {"village_name"}
    # What files make of them: test_same_figure.py.
    columns = [one for one in next(iter(lines.values())) if one in known - {WITHHELD, SOURCE}]
    assert len(columns) >= 6
    for row, (key, line) in zip(table[1:], lines.items(), strict=True):
        for place, column in enumerate(columns):
            value = records[key].get(column)
            if name == "rw" and column == "village_name":
                continue
            told = " ".join(value) if isinstance(value, list) else value
            assert line[column] == ("" if told is None else str(told))
            assert row[place] == ("" if told is None else pytest.approx(told))
    if name in SHAPED:
        features = json.loads(laptop.get(path(name, "geojson")).data)["features"]
        for feature in features:
            told = feature["properties"]
            record = records[tuple(str(told[key]) for key in KEYS[name])]
            assert {k: told[k] for k in columns if not isinstance(record.get(k), list)} == {
                k: record.get(k) for k in columns if not isinstance(record.get(k), list)
            }


def test_what_is_withheld_is_empty_and_named(laptop: FlaskClient, archive: Path) -> None:
    withheld = {row["village_code"]: row["withheld"] for row in shown(archive, "kelurahan")
                if row["withheld"]}  # fmt: skip
    assert withheld
    lines = {line["village_code"]: line for line in read_csv(laptop, "kelurahan")}
    for code, names in withheld.items():
        told = set(lines[code][WITHHELD].split())
        own = {column.name for column in VILLAGES}
        assert told & own == set(names) & lines[code].keys()
        assert {lines[code][name] for name in told} == {""}
    none = next(code for code in lines if code not in withheld)
    assert lines[none][WITHHELD] == ""


@pytest.mark.parametrize("name", SHAPED)
def test_a_layer_has_the_shapes_of_the_map(laptop: FlaskClient, archive: Path, name: str) -> None:
    features = json.loads(laptop.get(path(name, "geojson")).data)["features"]
    codes = [feature["properties"][KEYS[name][0]] for feature in features]
    known = {row[KEYS[name][0]]: row for row in shown(archive, name)}
    assert codes
    if name == "klaster":  # an RW has no outline
        assert set(codes) <= {code for code, row in known.items() if row["kind"] == "points"}
    else:
        assert sorted(codes) == sorted(known)
    assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_every_row_says_whence_it_is(laptop: FlaskClient, kind: str) -> None:
    reply = laptop.get(path("kelurahan", kind))
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
        told = {row[SOURCE] for row in rows}
    elif kind == "xlsx":
        told = {row[-1] for row in next(iter(sheets(reply.data).values()))[1:]}
    else:
        told = {one["properties"][SOURCE] for one in json.loads(reply.data)["features"]}
    (line,) = told
    for word in ("Kota Serang", "1 Oktober 2025", RUN_ID):
        assert word in line
    again = laptop.get(path("kelurahan", "csv")).data.decode("utf-8-sig")
    assert line not in again  # each download has a code of its own
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Disposition"].endswith(f'-2025-10-01.{kind}"')


def test_a_table_of_text_and_numbers() -> None:
    lines = to_csv(TINY, ORIGIN).decode("utf-8-sig").split("\r\n")
    assert lines == [
        "code,families,share,withheld,source",
        '36.73.01.1001,12,0.25,,"Kota Serang, unduhan 1a2b"',
        '\'=HYPERLINK(1),,,families share,"Kota Serang, unduhan 1a2b"',
        "",
    ]
    found = sheets(to_xlsx(TINY, ORIGIN, words=WORDS))
    assert found == {
        "Tabel kecil": [
            ["Kode", "Keluarga", "Bagian", "Ditahan", "Sumber"],
            ["36.73.01.1001", 12, 0.25, "", "Kota Serang, unduhan 1a2b"],
            ["=HYPERLINK(1)", "", "", "families share", "Kota Serang, unduhan 1a2b"],
        ],
        "Arti kolom": [
            ["Nama", "Arti", "Satuan"],
            ["code", "Kode", ""], ["families", "Keluarga", ""], ["share", "Bagian", ""],
            ["withheld", "Ditahan", ""],
        ],
        "Keterangan": [["Isi", "Tabel kecil"]],
    }  # fmt: skip


def test_hostile_names_are_text(tmp_path: Path) -> None:
    write_snapshot(tmp_path, hostile=True)
    client = create_app(tmp_path, doors=None).test_client()
    content = client.get(path("kelurahan", "xlsx")).data
    names = [row[1] for row in next(iter(sheets(content).values()))[1:]]
    assert "<img src=x onerror=alert(1)>" in names
    assert b"onerror" not in client.get("/unduh").data


@pytest.mark.parametrize(
    "address",
    [path("keluarga", "csv"), path("rw", "geojson"), path("kelurahan", "gpkg"),
     path("kelurahan", "csv", "000009-20250101T000000Z")],
)  # fmt: skip
def test_there_are_no_other_files(laptop: FlaskClient, address: str) -> None:
    assert laptop.get(address).status_code == 404


def test_the_page_links_every_file(laptop: FlaskClient) -> None:
    page = laptop.get("/unduh").text
    for name in NAMES:
        for kind in ("csv", "xlsx", "geojson"):
            assert (path(name, kind) in page) == (kind != "geojson" or name in SHAPED)


def test_a_download_is_written_down_with_its_code(house: House) -> None:
    browser = house.signed_in("viewer")
    reply = get(browser, path("kelurahan", "csv"))
    (entry,) = [row for row in house.actions() if row[1] == "table.export"]
    assert entry[0] == "viewer"
    assert f"unduhan {entry[2]}" in reply.data.decode("utf-8-sig")


def test_where_it_cannot_be_written_down_the_log_of_the_service_tells_of_a_table_without_names(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = house.signed_in("viewer")

    def full(_: object) -> None:
        raise AuditError(Fault("E-AUDIT", id="penuh", en="full"))

    monkeypatch.setattr(house.audit, "append", full)
    reply = get(browser, path("kelurahan", "csv"))
    assert reply.status_code == 200
    (told,) = [text for text in caplog.messages if text.startswith("not in the audit log")]
    code = re.findall(r"unduhan ([0-9a-f]{8})", reply.data.decode("utf-8-sig"))[0]
    assert f"table.export kelurahan.csv {RUN_ID} {code} by viewer" in told


def test_a_picture_is_written_down_before_its_code_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = house.signed_in("viewer")
    headers = {"X-CSRFToken": json.loads(get(browser, "/unduh/izin").data)["token"]}
    address = f"/unduh/{RUN_ID}/gambar"
    reply = browser.post(address, base_url=SITE, headers=headers)
    assert reply.headers["Cache-Control"] == "no-store"
    told = json.loads(reply.data)
    (entry,) = [row for row in house.actions() if row[1] == "table.export"]
    assert entry[:3] == ("viewer", "table.export", told["code"])
    facts = " ".join(told["facts"])
    for word in (RUN_ID, told["code"], "1 Oktober 2025", "P3KE keluarga", "rapat, jangan",
                 "Oleh: viewer"):  # fmt: skip
        assert word in facts
    assert browser.post(address, base_url=SITE).status_code == 400  # no token

    def full(_: object) -> None:
        raise AuditError(Fault("E-AUDIT", id="penuh", en="full"))

    monkeypatch.setattr(house.audit, "append", full)
    code = json.loads(browser.post(address, base_url=SITE, headers=headers).data)["code"]
    (told,) = [text for text in caplog.messages if text.startswith("not in the audit log")]
    assert f" {code} by viewer" in told


def test_a_carried_file_has_all_that_it_needs_inside(laptop: FlaskClient) -> None:
    """No address but those within itself, and nothing runs that its own head does not name."""
    page = laptop.get("/unduh/bekal-rapat.html").text
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r'\b(?:src|href|action)="(?!#)', markup)
    named = set(re.findall(r"'(sha256-[^']+)'", unescape(page.partition("<title>")[0])))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    found = {f"sha256-{b64encode(sha256(one.encode()).digest()).decode()}" for one in scripts}
    assert len(scripts) == 9
    assert markup.count("data-unit=") == markup.count("<h1") == 3
    assert found == named


def test_the_public_is_given_what_is_published(laptop: FlaskClient, tmp_path: Path) -> None:
    page = laptop.get("/unduh/bekal-publik.html").text
    assert "10–24" in page
    assert page.count("data-part=") == 1
    assert laptop.get("/unduh/bekal-rapat.html").text.count("data-part=") == 3
    write_snapshot(tmp_path)
    unpublished = create_app(tmp_path, doors=None).test_client()
    assert unpublished.get("/unduh/bekal-publik.html").status_code == 404
    assert "/unduh/bekal-publik.html" not in unpublished.get("/unduh").text
    assert unpublished.get("/unduh/bekal-orang.html").status_code == 404


def test_the_page_knows_at_once_what_is_published_or_withdrawn(tmp_path: Path) -> None:
    write_by_district(tmp_path)
    client = create_app(tmp_path, doors=None).test_client()
    link = "/unduh/bekal-publik.html"
    assert link in client.get("/unduh").text
    (tmp_path / "PUBLIC").unlink()
    assert link not in client.get("/unduh").text
