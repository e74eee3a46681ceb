"""What is carried: whose it is, what is in it, and that the log knows of it first."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_target.operations.audit import Entry
from geo_target.operations.roles import Verb
from geo_target.operations.visit_rows import Status
from tests.operations.world import ROOT
from tests.web.house import House, get
from tests.web.named import OTHER_DISTRICT, VILLAGE, families
from tests.web.test_fieldwork import key, sent
from tests.web.visited import COORDINATOR, add_plan, answer

pytest.importorskip("typst", reason="typst is not installed")
DAY = "2025-11-24"


def path(house: House, number: int, name: str, rest: str) -> str:
    return f"/lapangan/rencana/{number}/bekal/{key(house, name)}/{rest}"


def carried(house: House) -> list[dict[str, object]]:
    return [dict(row) for row in house.audit.entries(by=ROOT) if row["verb"] == "visit.carry"]


def test_the_page_offers_what_there_is(house: House) -> None:
    number, _ = add_plan(house)
    text = get(house.signed_in("coordinator"), f"/lapangan/rencana/{number}/bekal").text
    assert "Siti Lapangan" in text
    assert f"/{DAY}.pdf" in text
    assert f"/bekal/kelurahan/{VILLAGE}.xlsx" in text
    assert "berada di luar negeri" in text  # beside the button of Kobo
    assert "CANARY" not in text


def test_a_pack_holds_the_officers_families_and_the_log_knows(house: House) -> None:
    number, visits = add_plan(house)
    browser = house.signed_in("coordinator")
    reply = get(browser, path(house, number, "field-officer", f"{DAY}.pdf"))
    assert reply.status_code == 200
    assert reply.data.startswith(b"%PDF")
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Disposition"] == (
        f'attachment; filename="kunjungan-{number}-field-officer-{DAY}.pdf"'
    )
    (entry,) = carried(house)
    assert entry["persons"] == 12
    assert "name" in str(entry["fields"])
    assert visits[0].target.family_id not in reply.request.path


@pytest.mark.parametrize(("kind", "start"), [("gpx", b"<?xml"), ("kml", b"<?xml"),
                                             ("gpkg", b"SQLite format 3")])  # fmt: skip
def test_maps_name_nobody(house: House, kind: str, start: bytes) -> None:
    number, _ = add_plan(house)
    reply = get(house.signed_in("officer"), path(house, number, "field-officer", f"semua.{kind}"))
    assert reply.status_code == 200
    assert reply.data.startswith(start)
    assert b"CANARYNAME" not in reply.data
    assert carried(house)[0]["persons"] == 33


def test_a_day_of_all_officers(house: House) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    reply = get(browser, f"/lapangan/rencana/{number}/bekal/hari/2025-11-25.zip")
    with zipfile.ZipFile(io.BytesIO(reply.data)) as packed:
        assert packed.namelist() == ["budi.pdf", "field-officer.pdf"]
    # a thousand families of a day do not use up what an hour allows to be read
    house.audit.append(
        Entry(actor=COORDINATOR, verb=Verb.CARRY_VISITS, object_type="visits", persons=1044)
    )
    assert get(browser, f"/kelurahan/{VILLAGE}/keluarga").status_code == 200


def test_sheets_and_packages(house: House) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    base = f"/lapangan/rencana/{number}/bekal"
    sheet = get(browser, f"{base}/kelurahan/{VILLAGE}.xlsx")
    with zipfile.ZipFile(io.BytesIO(sheet.data)) as book:
        words = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    assert "CANARYNAME" not in words
    for name, is_named in (("odk", True), ("kobo", False)):
        with zipfile.ZipFile(io.BytesIO(get(browser, f"{base}/{name}.zip").data)) as packed:
            assert "form.xlsx" in packed.namelist()
            lists = [packed.read(file) for file in packed.namelist() if file.endswith(".csv")]
        assert any(b"CANARYNAME" in each for each in lists) is is_named
    assert [entry["persons"] for entry in carried(house)] == [3, 35, 35]


def test_the_package_of_an_officer_holds_no_visit_of_another(house: House) -> None:
    number, visits = add_plan(house)
    mine = house.signed_in("field-officer")
    reply = get(mine, path(house, number, "field-officer", "semua.zip"))
    with zipfile.ZipFile(io.BytesIO(reply.data)) as packed:
        text = packed.read("kunjungan.csv").decode()
    theirs = {each.code for each in visits if each.officer == "field-officer"}
    assert {each.code for each in visits if each.code in text} == theirs
    assert "budi" not in text
    assert "name" in str(carried(house)[0]["fields"])
    assert get(mine, path(house, number, "budi", "semua.zip")).status_code == 404


def test_what_is_closed_is_not_carried(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits)
    assert house.visit_plans.plans()[0].counts[Status.OPEN] == 0
    browser = house.signed_in("coordinator")
    assert get(browser, path(house, number, "budi", "semua.pdf")).status_code == 404
    assert "Tidak ada kunjungan terbuka" in get(browser, f"/lapangan/rencana/{number}/bekal").text


def test_only_the_own(house: House) -> None:
    """By page, file or guess: another's visits are like none."""
    number, _ = add_plan(house)
    own, other = path(house, number, "field-officer", ""), path(house, number, "budi", "")
    mine: FlaskClient = house.signed_in("field-officer")
    assert get(mine, f"{own}{DAY}.pdf").status_code == 200
    assert get(mine, f"{other}semua.pdf").status_code == 404
    assert get(mine, f"{own}{DAY}.gpx").status_code == 200
    for rest in ("", "/hari/2025-11-24.zip", f"/kelurahan/{VILLAGE}.xlsx", "/odk.zip"):
        assert get(mine, f"/lapangan/rencana/{number}/bekal{rest}").status_code == 403
    second = house.signed_in("officer-2")  # of the other district
    assert get(second, f"{other}semua.pdf").status_code == 200
    assert get(second, f"{own}semua.pdf").status_code == 404
    base = f"/lapangan/rencana/{number}/bekal"
    assert get(second, f"{base}/kelurahan/{VILLAGE}.xlsx").status_code == 404
    with zipfile.ZipFile(io.BytesIO(get(second, f"{base}/odk.zip").data)) as packed:
        text = b"".join(packed.read(name) for name in packed.namelist() if name.endswith(".csv"))
    names = {each.name for each in families() if each.name.encode() in text}
    assert names == {e.name for e in families() if e.village_code == OTHER_DISTRICT}
    denied = [row for row in carried(house) if row["result"] == "denied"]
    assert len(denied) == 3
    assert get(house.signed_in("viewer"), f"{own}semua.pdf").status_code == 403


@pytest.mark.parametrize("rest", ["2025-02-30.pdf", "besok.pdf", "semua.docx", "2025-11-30.pdf"])
def test_what_is_no_day_or_kind_is_not_there(house: House, rest: str) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    assert get(browser, path(house, number, "budi", rest)).status_code == 404


def test_without_papers_nothing_is_carried(house: House, tmp_path: Path) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    get(browser, "/")
    snapshot = house.app.extensions["geo_target.store"].current().snapshot
    kept = json.loads(json.dumps(snapshot.manifest["names"]))
    snapshot.manifest["names"].update(allowed=False, until=None)
    try:
        reply = get(browser, path(house, number, "budi", "semua.pdf"))
        page = get(browser, f"/lapangan/rencana/{number}/bekal").text
    finally:
        snapshot.manifest["names"].update(kept)
    assert reply.status_code == 503
    assert "Bekal tidak dibuat" in page
    assert carried(house) == []


def test_moving_by_hand_moves_what_is_carried(house: House) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    plan = f"/lapangan/rencana/{number}"
    form = {"bagian": VILLAGE, "petugas_baru": key(house, "budi"), "action": "assign"}
    assert sent(browser, f"{plan}/tangan", plan, **form).status_code == 303
    get(browser, path(house, number, "budi", "semua.gpkg"))
    assert carried(house)[0]["persons"] == 5
