"""One NIK for a reason: whose, how many an hour, and what the log knows."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from geo_target.operations.database import Database
from geo_target.sealed_numbers import FILE, sealed
from tests.builders import nik
from tests.operations.world import ROOT, full_disk
from tests.web.house import KEY, House, form_token, get, post
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, add_names, families
from tests.web.sample import write_snapshot

pytest.importorskip("cryptography")
WHY = "kartunya rusak, dicocokkan di kantor"


@pytest.fixture
def office(tmp_path: Path, database: Database) -> House:
    """A house whose run has kept the NIK of the heads."""
    return sealed_house(tmp_path, database)


def sealed_house(tmp_path: Path, database: Database, *, key: bytes = KEY) -> House:
    folder = write_snapshot(tmp_path)
    add_names(folder)
    numbers: dict[str, dict[str, str]] = {}
    for one in families():
        numbers.setdefault(one.village_code, {})[one.family_id] = nik(one.number)
    (folder / FILE).write_bytes(sealed(numbers, key))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    told = {"sha256": hashlib.sha256((folder / FILE).read_bytes()).hexdigest()}
    manifest["files"][FILE] = told
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return House(tmp_path, database)


def keys(house: House, village: str = VILLAGE) -> list[str]:
    """What stands for the families that an officer's page offers."""
    who = "officer-2" if village == OTHER_DISTRICT else "officer"
    text = get(house.signed_in(who), f"/kelurahan/{village}/keluarga").text
    return re.findall(r'name="keluarga" value="([0-9a-f]{16})"', text)


def asked(
    house: House, key: str, who: str = "officer", *, village: str = VILLAGE, why: str = WHY
) -> TestResponse:
    browser = house.signed_in(who)
    return post(browser, f"/kelurahan/{village}/keluarga/nik", keluarga=key, alasan=why,
                csrf_token=form_token(browser, "/akun"))  # fmt: skip


def test_one_number_and_no_other(office: House) -> None:
    first, _ = keys(office)
    reply = asked(office, first)
    assert reply.status_code == 200
    assert nik(1) in reply.text
    assert not [n for n in range(2, 39) if nik(n) in reply.text]
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_log_knows_before_it_is_shown(office: House) -> None:
    asked(office, keys(office)[0], why=f"{WHY} {nik(7)}")
    (entry,) = [row for row in office.audit.entries(by=ROOT)
                if row["verb"] == "national-id.reveal"]  # fmt: skip
    assert (entry["object_id"], entry["persons"], entry["fields"]) == (VILLAGE, 1, "national_id")
    assert WHY in entry["reason"]
    assert nik(7) not in entry["reason"]
    past, future = office.clock.now.replace(year=2000), office.clock.now.replace(year=2100)
    seen = office.audit.who_saw(families()[0].family_id, past, future, by=ROOT)
    assert "national-id.reveal" in [row["verb"] for row in seen]


def test_a_full_disk_shows_none(office: House) -> None:
    first, _ = keys(office)
    browser = office.signed_in("officer")
    token = form_token(browser, "/akun")
    with full_disk(office.database):
        for _ in range(30):  # the 31st would be one too many in an hour
            reply = post(browser, f"/kelurahan/{VILLAGE}/keluarga/nik", keluarga=first,
                         alasan=WHY, csrf_token=token)  # fmt: skip
            if reply.status_code != 200:
                break
    assert reply.status_code == 503
    assert nik(1) not in reply.text


@pytest.mark.parametrize("why", ["", "rapat", " " * 40])
def test_without_a_reason_there_is_none(office: House, why: str) -> None:
    first = keys(office)[0]
    before = len(office.actions())
    reply = asked(office, first, why=why)
    assert reply.status_code == 422
    assert nik(1) not in reply.text
    # Nor a name: nothing has been written down.
    assert "family.read" not in [verb for _, verb, _, _ in office.actions()[before:]]
    assert "national-id.reveal" not in [verb for _, verb, _, _ in office.actions()]
    assert families()[0].name not in reply.text


def test_a_number_at_the_end_of_a_long_reason_is_masked(office: House) -> None:
    """However much of it fits."""
    why = "x" * 190 + " " + nik(7)
    assert asked(office, keys(office)[0], why=why).status_code == 200
    assert not [row for row in office.audit.entries(by=ROOT) if nik(7)[:9] in row["reason"]]


def test_thirty_an_hour(office: House) -> None:
    first, _ = keys(office)
    replies = [asked(office, first) for _ in range(31)]
    assert [reply.status_code for reply in replies] == [200] * 30 + [429]
    assert "paling banyak 30 NIK utuh" in replies[-1].text
    assert get(office.signed_in("officer"), f"/kelurahan/{VILLAGE}/keluarga").status_code == 200
    office.clock.move(minutes=61)
    assert asked(office, first).status_code == 200


def test_nobody_elses_and_nobodys(office: House) -> None:
    theirs, own = keys(office, OTHER_DISTRICT)[0], keys(office)[0]
    for key, village in ((theirs, OTHER_DISTRICT), (theirs, VILLAGE), (own, SAME_DISTRICT),
                         ("0" * 16, VILLAGE), ("", VILLAGE)):  # fmt: skip
        reply = asked(office, key, village=village)
        assert reply.status_code == 404
        assert not re.search(r"(?<!\d)\d{16}(?!\d)", reply.text)
    for who in ("coordinator", "analyst", "admin", "field-officer"):
        assert asked(office, own, who).status_code == 403


def test_a_run_that_kept_none_offers_none(house: House) -> None:
    assert keys(house) == []
    assert asked(house, "0" * 16).status_code == 404
    assert (
        "Buka NIK utuh"
        not in get(house.signed_in("officer"), f"/kelurahan/{VILLAGE}/keluarga").text
    )


def test_what_another_key_has_sealed_is_said_so(tmp_path: Path, database: Database) -> None:
    office = sealed_house(tmp_path, database, key=b"o" * 32)
    reply = asked(office, keys(office)[0])
    assert reply.status_code == 503
    assert "tersegel" in reply.text
    assert nik(1) not in reply.text
