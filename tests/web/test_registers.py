"""Registers, lists and changes: what the meeting reads, who sees exact counts, and families."""

import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_target.operations.database import Database
from geo_target.publishing.register_tables import JOINT
from geo_target.registry import overlaps
from geo_target.web.app import create_app
from geo_target.web.store import BrokenSnapshotError, read_snapshot
from tests.operations.world import ROOT
from tests.web.house import House, get
from tests.web.listed import UNNAMED, add_registers
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, add_names, families
from tests.web.sample import write_snapshot

NUMBER = re.compile(r"CANARYNAME(\d{4})")


def words(text: str) -> str:
    """A page's text without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def listed(village: str = VILLAGE, query: str = "?gabungan=p3ke") -> str:
    return f"/kelurahan/{village}/register/keluarga{query}"


def rows(page: str, table: str) -> list[str]:
    """The words of each row of the body of a table."""
    found = re.search(rf'<table class="plain-table[^"]*{table}".*?</table>', page, re.DOTALL)
    assert found
    return [words(row).strip() for row in re.findall(r"<tr.*?</tr>", found.group(), re.DOTALL)]


def test_the_change_reads_aloud(client: FlaskClient) -> None:
    page = client.get("/register").text
    assert "2.784 → 3.784 KK belum tersentuh: 1.047 bertambah, 47 berkurang." in words(page)
    assert rows(page, "changes")[1:] == [
        "Sebelumnya keadaan 1 September 2025 2.784",
        "baru terdaftar + 1.040",
        "tidak lagi menerima bantuan tidak ditampilkan",
        "kelurahannya kini diketahui tidak ditampilkan",
        "kini menerima bantuan − 35",
        "tidak terdaftar lagi − 12",
        "Sekarang keadaan 1 Oktober 2025 3.784",
    ]
    assert "Nol keluarga: padanannya kini jelas: belum tersentuh; kini termasuk" in words(page)
    assert "juga berubah sejak hasil sebelumnya" not in words(page)


def with_changes(archive: Path, **changed: object) -> str:
    """The page's words where the changes are other than in the sample."""
    folder = write_snapshot(archive)
    file, manifest = folder / "shown/meeting/tables/registers.json", folder / "manifest.json"
    told = json.loads(file.read_bytes())
    told["changes"] = {**told["changes"], **changed} if changed else None
    _replace(file, manifest, json.dumps(told).encode())
    return words(create_app(archive, doors=None).test_client().get("/register").text)


def _replace(file: Path, manifest: Path, body: bytes) -> None:
    old, new = (hashlib.sha256(each).hexdigest() for each in (file.read_bytes(), body))
    file.write_bytes(body)
    manifest.write_text(manifest.read_text("utf-8").replace(old, new), encoding="utf-8")


def sides(value: int | None) -> dict[str, object]:
    """Gains and losses that all are the same."""
    both = ("re_matched", "re_classified", "re_placed", "all")
    return {
        "gains": dict.fromkeys(["new", "lost", *both], value),
        "losses": dict.fromkeys(["gone", "covered", *both], value),
    }


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "Belum ada hasil sebelumnya untuk dibandingkan"),
        ({"same_question": False}, "Aturan, program, register atau wilayahnya juga berubah"),
        ({"before": None, **sides(None)}, "Salah satu dari kedua angka tidak ditampilkan"),
        (sides(None), "hanya sedikit keluarga yang berubah"),
        (sides(0), "keluarga yang sama seperti sebelumnya"),
    ],
    ids=["first-run", "other-rules", "withheld", "few", "none"],
)
def test_what_is_said_where_there_is_no_change_to_tell(
    tmp_path: Path, changed: dict[str, object], says: str
) -> None:
    assert says in with_changes(tmp_path, **changed)


def test_registers_as_dots_with_counts(client: FlaskClient) -> None:
    page = client.get("/register").text
    assert rows(page, "combinations") == [
        "DTKS DTSEN P3KE Keluarga Bagian",
        "tidak ada ada tidak ada 51.200 KK",
        "tidak ada ada ada 8.500 KK",
        "ada ada tidak ada tidak ditampilkan",
        "ada tidak ada ada tidak ditampilkan",
        "tidak ada tidak ada ada tidak ditampilkan",
        "ada ada ada tidak ditampilkan",
        "Semua 60.000 KK",
    ]
    assert "1 gabungan lain tidak memuat satu keluarga pun." in words(page)


def test_lists_by_the_key_that_found_a_family(client: FlaskClient) -> None:
    text = words(client.get("/register").text)
    assert (
        "SIKS-NG penerima b.xlsx Kementerian Sosial, per 5 Oktober 2025 "
        "8.990 91 % 8.100 40 0 50 800"
    ) in text


def test_english_has_its_own_numbers(archive: Path) -> None:
    client = create_app(archive, doors=None, language_default="en").test_client()
    text = words(client.get("/register").text)
    assert "2,784 → 3,784 families not reached: 1,047 came in, 47 went out." in text


def test_the_headline_leads_to_the_change(client: FlaskClient, tmp_path: Path) -> None:
    assert '/register#perubahan">Mengapa angka ini berubah?' in client.get("/").text
    with_changes(tmp_path)
    page = create_app(tmp_path, doors=None).test_client().get("/").text
    assert "Mengapa angka ini berubah?" not in page


def test_a_run_of_an_older_version_has_no_comparison(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["files"]["shown/meeting/tables/registers.json"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    client = create_app(tmp_path, doors=None).test_client()
    assert "Jalankan geo-target run sekali lagi" in client.get("/register").text
    assert "Mengapa angka ini berubah?" not in client.get("/").text


@pytest.mark.parametrize("body", [b"{}", b"[", b"7"])
def test_a_table_that_is_none_breaks_the_snapshot(tmp_path: Path, body: bytes) -> None:
    folder = write_snapshot(tmp_path)
    file = folder / "shown/meeting/tables/registers.json"
    _replace(file, folder / "manifest.json", body)
    with pytest.raises(BrokenSnapshotError):
        read_snapshot(folder)


def test_only_who_sees_exact_counts_is_led_to_them(house: House) -> None:
    for who, leads in (("viewer", False), ("operator", False), ("officer", True),
                       ("analyst", True), ("coordinator", True)):  # fmt: skip
        page = get(house.signed_in(who), "/register").text
        assert ('href="/register/kelurahan"' in page) == leads
        assert ("hanya tampak bagi petugas" in page) != leads


def test_an_officer_counts_the_own_district_and_others_all(house: House) -> None:
    own = get(house.signed_in("officer"), "/register/kelurahan").text
    assert rows(own, "combinations")[1:] == [
        "tidak ada tidak ada ada 33 KK",
        "tidak ada ada tidak ada 6 KK",
        "tidak ada ada ada 3 KK",
        "ada tidak ada tidak ada 1 KK",
        "Semua 43 KK",
    ]
    assert OTHER_DISTRICT not in own
    assert "46 91 % 36 4 0 2 4" in words(own)

    whole = get(house.signed_in("analyst"), "/register/kelurahan").text
    assert "Semua 45 KK" in words(whole)
    assert "3 KK tanpa kelurahan tidak termasuk." in words(whole)
    assert OTHER_DISTRICT in whole
    assert "167 56 % 86 4 1 2 74" in words(whole)


def test_two_officers_never_see_each_others_counts(house: House) -> None:
    for officer, district in (("officer", "36.73.01"), ("officer-2", "36.73.02")):
        browser = house.signed_in(officer)
        for village in (VILLAGE, SAME_DISTRICT, OTHER_DISTRICT):
            own = village.startswith(district)
            for path in (f"/kelurahan/{village}/register", listed(village)):
                assert get(browser, path).status_code == (200 if own else 404)
        assert get(browser, "/kelurahan/36.73.01.9999/register").status_code == 404


def test_a_village_without_rows_says_so(house: House) -> None:
    text = words(get(house.signed_in("analyst"), "/kelurahan/36.73.03.1001/register").text)
    assert "Tidak ada register yang memuat keluarga." in text
    assert "Tidak ada baris daftar penerima di sini." in text


def test_few_rows_have_no_percentage(house: House) -> None:
    text = words(get(house.signed_in("analyst"), f"/kelurahan/{SAME_DISTRICT}/register").text)
    assert "6 6 dari 6 6 0 0 0 0" in text


def test_counts_lead_to_families_where_names_do(house: House) -> None:
    path = f"/kelurahan/{VILLAGE}/register"
    link = 'keluarga?gabungan=dtsen%2Bp3ke"'
    assert link in get(house.signed_in("officer"), path).text
    assert link not in get(house.signed_in("analyst"), path).text


def named(browser: FlaskClient, query: str) -> list[int]:
    reply = get(browser, listed(query=query))
    assert reply.status_code == 200
    return [int(number) for number in NUMBER.findall(reply.text)]


def test_a_combination_is_these_registers_and_no_other(house: House) -> None:
    browser = house.signed_in("officer")
    assert named(browser, "?gabungan=p3ke") == [1, 2, 3]  # 1 is in DTSEN no more
    assert named(browser, "?gabungan=dtsen%2Bp3ke") == [4, 5, 6]
    assert named(browser, "?gabungan=p3ke%2Bdtsen") == [4, 5, 6]
    assert overlaps.JOINT == JOINT


def test_who_has_no_name_appears_by_a_masked_number(house: House) -> None:
    text = get(house.signed_in("officer"), listed(query="?gabungan=dtsen")).text
    assert "•" * 12 + UNNAMED[-4:] in text
    assert UNNAMED not in text


@pytest.mark.parametrize(
    "query",
    ["", "?gabungan=", "?gabungan=dtks", "?gabungan=p3ke%2Bdtks", "?gabungan=p3ke&halaman=2",
     "?gabungan=p3ke&halaman=0", "?gabungan=p3ke&halaman=x"],
)  # fmt: skip
def test_a_strange_question_is_not_answered(house: House, query: str) -> None:
    assert get(house.signed_in("officer"), listed(query=query)).status_code == 404


def test_the_log_knows_whom_the_list_showed(house: House) -> None:
    get(house.signed_in("officer"), listed())
    get(house.signed_in("officer"), listed(OTHER_DISTRICT))
    entries = [
        (row["object_id"], row["persons"], row["result"])
        for row in house.audit.entries(by=ROOT)
        if row["verb"] == "family.read"
    ]
    assert entries == [(VILLAGE, 3, "ok"), (OTHER_DISTRICT, 0, "denied")]
    past, future = house.clock.now.replace(year=2000), house.clock.now.replace(year=2100)
    assert house.audit.who_saw(families()[0].family_id, past, future, by=ROOT)


def test_an_hour_has_its_limit(named_archive: Path, database: Database) -> None:
    house = House(named_archive, database, persons_per_hour=5)
    browser = house.signed_in("officer")
    assert get(browser, listed()).status_code == 200
    refused = get(browser, listed(query="?gabungan=dtsen%2Bp3ke"))
    assert refused.status_code == 429
    assert "CANARY" not in refused.text


def test_names_close_when_a_paper_runs_out_and_counts_do_not(
    tmp_path: Path, database: Database
) -> None:
    folder = write_snapshot(tmp_path)
    add_names(folder, until="2025-01-31")
    add_registers(folder)
    browser = House(tmp_path, database).signed_in("officer")
    assert get(browser, listed()).status_code == 503
    assert get(browser, f"/kelurahan/{VILLAGE}/register").status_code == 200


@pytest.mark.parametrize("name", ["overlaps", "match_rates", "family_keys"])
def test_tables_that_were_purged_or_changed_are_not_shown(
    tmp_path: Path, database: Database, name: str
) -> None:
    folder = write_snapshot(tmp_path)
    add_names(folder)
    add_registers(folder)
    path = listed() if name == "family_keys" else f"/kelurahan/{VILLAGE}/register"
    file = folder / "exact" / f"{name}.parquet"
    browser = House(tmp_path, database).signed_in("officer")
    assert get(browser, path).status_code == 200
    file.write_bytes(file.read_bytes() + b"x")
    assert get(browser, path).status_code == 503
    file.unlink()
    assert get(browser, path).status_code == 503


def test_names_of_registers_are_text(hostile_archive: Path, house: House) -> None:
    shown = create_app(hostile_archive, doors=None).test_client().get("/register").text
    browser = house.signed_in("officer")
    query = "?gabungan=%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E"
    pages = [
        shown,
        get(browser, "/register/kelurahan").text,
        get(browser, listed(query=query)).text,
    ]
    for page in pages:
        assert "&lt;img src=x" in page
        assert "<img" not in page


def test_exact_counts_are_kept_nowhere(house: House) -> None:
    for path in ("/register/kelurahan", f"/kelurahan/{VILLAGE}/register", listed()):
        reply = get(house.signed_in("officer"), path)
        assert reply.headers["Cache-Control"] == "no-store"
        assert "ETag" not in reply.headers
