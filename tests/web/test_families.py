"""Families by name: whose, in which order, how many, and what the log says."""

import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient

from geo_target.operations.database import Database
from tests.builders import nik
from tests.operations.world import ROOT, full_disk
from tests.web.house import House, get
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, add_names, families
from tests.web.sample import RUN_ID, write_snapshot

NUMBER = re.compile(r"CANARYNAME(\d{4})")


def page(village: str = VILLAGE, query: str = "") -> str:
    return f"/kelurahan/{village}/keluarga{query}"


def named(browser: FlaskClient, path: str) -> list[int]:
    """Numbers of the families that a page names, in its order."""
    reply = get(browser, path)
    assert reply.status_code == 200
    return [int(number) for number in NUMBER.findall(reply.text)]


def test_an_officer_sees_the_families_of_the_own_district(house: House) -> None:
    browser = house.signed_in("officer")
    assert named(browser, page()) == [1, 2]
    assert named(browser, page(query="?keadaan=belum-padan")) == [3]
    assert named(browser, page(query="?keadaan=tersentuh")) == [4, 5, 6]
    assert "Buka daftar keluarga" in get(browser, f"/kelurahan/{VILLAGE}").text


def test_a_long_list_comes_by_pages_of_25(house: House) -> None:
    browser = house.signed_in("officer")
    assert named(browser, page(SAME_DISTRICT)) == list(range(7, 32))
    assert named(browser, page(SAME_DISTRICT, "?halaman=2")) == list(range(32, 37))
    assert get(browser, page(SAME_DISTRICT, "?halaman=3")).status_code == 404


def test_numbers_are_masked_but_for_four_digits(house: House) -> None:
    text = get(house.signed_in("officer"), page()).text
    assert "•" * 12 + "7001" in text
    assert not re.search(r"\d{16}", text)


def test_two_officers_never_see_each_others_families(house: House) -> None:
    """The IDOR walk: every village and state by both officers."""
    for officer, district in (("officer", "36.73.01"), ("officer-2", "36.73.02")):
        browser = house.signed_in(officer)
        for village in (VILLAGE, SAME_DISTRICT, OTHER_DISTRICT):
            own = village.startswith(district)
            for word in ("belum", "belum-padan", "tersentuh"):
                reply = get(browser, page(village, f"?keadaan={word}"))
                assert reply.status_code == (200 if own else 404)
                assert ("CANARY" in reply.text) <= own
            assert ("/keluarga" in get(browser, f"/kelurahan/{village}").text) == own


def test_out_of_scope_looks_like_what_does_not_exist(house: House) -> None:
    browser = house.signed_in("officer")
    other, none = get(browser, page(OTHER_DISTRICT)), get(browser, page("36.73.01.9999"))
    assert other.status_code == none.status_code == 404
    assert other.data == none.data
    assert dict(other.headers).keys() == dict(none.headers).keys()


@pytest.mark.parametrize(
    "query", ["?keadaan=semua", "?halaman=0", "?halaman=-1", "?halaman=x", "?halaman=²",
              "?halaman=999999999999", "?keadaan=belum'--"],
)  # fmt: skip
def test_a_strange_question_is_not_answered(house: House, query: str) -> None:
    assert get(house.signed_in("officer"), page(query=query)).status_code == 404


def test_the_log_knows_whom_each_page_showed(house: House) -> None:
    browser = house.signed_in("officer")
    get(browser, page())
    entry = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "family.read"][-1]
    assert (entry["actor"], entry["role"], entry["scope"]) == ("officer", "officer", "36.73.01")
    assert (entry["object_id"], entry["persons"], entry["run_id"]) == (VILLAGE, 2, RUN_ID)
    first, other = families()[0], families()[-1]
    past, future = house.clock.now.replace(year=2000), house.clock.now.replace(year=2100)
    assert house.audit.who_saw(first.family_id, past, future, by=ROOT)
    assert not house.audit.who_saw(other.family_id, past, future, by=ROOT)


def test_a_refusal_is_in_the_log_too(house: House) -> None:
    get(house.signed_in("officer"), page(OTHER_DISTRICT))
    get(house.signed_in("viewer"), page())
    assert house.actions()[-4:-1] == [
        ("officer", "family.read", OTHER_DISTRICT, "denied"),
        ("viewer", "sign-in", "viewer", "ok"),
        ("viewer", "access", "families.show", "denied"),
    ]


def test_an_hour_has_its_limit(named_archive: Path, database: Database) -> None:
    house = House(named_archive, database, persons_per_hour=30)
    browser = house.signed_in("officer")
    assert len(named(browser, page(SAME_DISTRICT))) == 25
    assert len(named(browser, page(query="?keadaan=tersentuh"))) == 3
    refused = get(browser, page(SAME_DISTRICT, "?halaman=2"))
    assert refused.status_code == 429
    assert "CANARY" not in refused.text
    assert house.actions()[-2][1:] == ("family.read", SAME_DISTRICT, "denied")
    assert named(browser, page()) == [1, 2]
    house.clock.move(minutes=29)
    assert get(browser, page(SAME_DISTRICT)).status_code == 429
    house.clock.move(minutes=29)
    assert get(browser, page(SAME_DISTRICT)).status_code == 429
    house.clock.move(minutes=3)
    assert len(named(browser, page(SAME_DISTRICT))) == 25


def test_a_full_disk_stops_names_and_nothing_else(named_archive: Path, database: Database) -> None:
    house = House(named_archive, database, persons_per_hour=10_000)
    browser = house.signed_in("officer")
    with full_disk(house.database):
        replies = [get(browser, page()) for _ in range(60)]  # until the last free bytes are gone
        refused = replies[-1]
        assert refused.status_code == 503
        assert "CANARY" not in refused.text
        assert "Jejak audit tidak dapat ditulis" in refused.text
        for path in ("/", f"/kelurahan/{VILLAGE}", "/tentang-angka", "/akun", "/health"):
            assert get(browser, path).status_code == 200
    assert named(browser, page()) == [1, 2]


@pytest.mark.parametrize("until", ["2025-01-31", date.min.isoformat()])
def test_names_close_when_a_paper_runs_out(tmp_path: Path, database: Database, until: str) -> None:
    add_names(write_snapshot(tmp_path), until=until)
    browser = House(tmp_path, database).signed_in("officer")
    refused = get(browser, page())
    assert refused.status_code == 503
    assert "CANARY" not in refused.text
    assert get(browser, "/").status_code == 200


def test_names_that_were_purged_or_changed_are_not_shown(
    tmp_path: Path, database: Database
) -> None:
    folder = write_snapshot(tmp_path)
    add_names(folder)
    house = House(tmp_path, database)
    file = folder / "exact" / "identities.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    changed = get(house.signed_in("officer"), page())
    assert changed.status_code == 503
    assert "rusak atau berubah" in changed.text
    file.unlink()
    assert get(house.signed_in("officer"), page()).status_code == 503


def test_a_page_of_names_is_kept_nowhere(house: House) -> None:
    for path in (page(), "/akun"):
        reply = get(house.signed_in("officer"), path)
        assert reply.headers["Cache-Control"] == "no-store"
        assert "ETag" not in reply.headers


def test_many_requests_at_once_do_not_slip_under_the_limit(
    named_archive: Path, database: Database
) -> None:
    house = House(named_archive, database, persons_per_hour=30)
    browsers = [house.signed_in("officer") for _ in range(6)]
    barrier = threading.Barrier(len(browsers))

    def ask(browser: FlaskClient) -> int:
        barrier.wait()
        return get(browser, page(SAME_DISTRICT)).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = sorted(pool.map(ask, browsers))
    assert answers == [200, *[429] * 5]
    shown = [row["persons"] for row in house.audit.entries(by=ROOT) if row["result"] == "ok"]
    assert sum(shown) == 25


def test_names_that_are_damaged_after_somebody_has_seen_them(
    tmp_path: Path, database: Database
) -> None:
    folder = write_snapshot(tmp_path)
    add_names(folder)
    browser = House(tmp_path, database).signed_in("officer")
    assert named(browser, page()) == [1, 2]
    file = folder / "exact" / "identities.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    assert get(browser, page()).status_code == 503
    file.unlink()
    assert get(browser, page()).status_code == 503
    file.write_bytes(whole)
    assert named(browser, page()) == [1, 2]


def test_another_language_keeps_the_question(house: House) -> None:
    browser = house.signed_in("officer")
    here = page(SAME_DISTRICT, "?keadaan=belum&halaman=2")
    assert "?keadaan=belum&amp;halaman=2&amp;lang=en" in get(browser, here).text
    turned = get(browser, f"{here}&lang=en")
    assert turned.location.endswith("/keluarga?keadaan=belum&halaman=2")
    assert named(browser, turned.location) == list(range(32, 37))


def test_an_uncovered_family_says_why_and_whose_it_is(house: House) -> None:
    browser = house.signed_in("officer")
    shown = get(browser, page()).text
    assert "Sebab dan kantornya" in shown
    assert shown.count('Layak, belum terdaftar<span class="beneath">Dinas Sosial</span>') == 2
    assert "Sebab dan kantornya" not in get(browser, page(query="?keadaan=tersentuh")).text


def test_a_run_of_an_older_version_tells_no_reason(tmp_path: Path, database: Database) -> None:
    folder = write_snapshot(tmp_path)
    add_names(folder)
    file, manifest = folder / "exact" / "families.parquet", folder / "manifest.json"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    table = pq.read_table(file)
    pq.write_table(table.drop_columns(["reason", "reason_office"]), file)
    after = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text("utf-8").replace(before, after), encoding="utf-8")
    browser = House(tmp_path, database).signed_in("officer")
    assert named(browser, page()) == [1, 2]
    assert "Sebab dan kantornya" not in get(browser, page()).text


def test_names_leave_the_screen_when_the_session_has_run_out(house: House) -> None:
    """The browser asks again a minute after that; whoever is still signed in comes back."""
    browser = house.signed_in("officer")
    asked = get(browser, page(query="?keadaan=tersentuh")).headers["Refresh"]
    after, _, following = asked.partition("; url=")
    assert int(after) == 31 * 60
    back = get(browser, following)
    assert back.location == page(query="?keadaan=tersentuh")
    house.clock.move(minutes=31)
    assert "CANARY" not in get(browser, following).text
    for path in ("/akun", "/", f"/kelurahan/{VILLAGE}"):
        assert "Refresh" not in get(house.signed_in("officer"), path).headers


def test_a_refusal_of_what_may_be_a_number_is_logged_without_it(house: House) -> None:
    """Whoever tries NIK in addresses is seen to."""
    browser = house.signed_in("coordinator")
    assert get(browser, f"/lapangan/rencana/{nik(7)}").status_code == 404
    refused = [row for row in house.audit.entries(by=ROOT) if row["result"] == "denied"]
    assert [row["object_id"][-4:] for row in refused] == [nik(7)[-4:]]
    assert nik(7)[:9] not in str([dict(row) for row in refused])
