"""The list of a village as a file: whose, for what, how many, and stamped in every row."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import python_calamine
from werkzeug.test import TestResponse

from geo_target.operations.database import Database
from tests.builders import nik
from tests.operations.world import ROOT
from tests.web.house import House, form_token, get, post
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, families

USE = "musyawarah kelurahan 3 Desember"


def taken(
    house: House, who: str = "officer", village: str = VILLAGE, *, state: str = "belum",
    use: str = USE,
) -> TestResponse:  # fmt: skip
    browser = house.signed_in(who)
    return post(browser, f"/kelurahan/{village}/keluarga.xlsx", keadaan=state, keperluan=use,
                csrf_token=form_token(browser, "/akun"))  # fmt: skip


def rows(reply: TestResponse) -> list[list[str]]:
    book = python_calamine.load_workbook(BytesIO(reply.data))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]


def test_the_own_district_stamped_in_every_row(house: House) -> None:
    reply = taken(house)
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"
    _, *found = rows(reply)
    assert [row[2] for row in found] == [one.name for one in families()[:2]]
    stamp = f"Rahasia. Untuk Ibu Officer, {USE}; hapus sesudah 8 Oktober 2025; "
    assert [row[-1][: len(stamp)] for row in found] == [stamp, stamp]
    with zipfile.ZipFile(BytesIO(reply.data)) as book:
        whole = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    assert not re.search(r"(?<!\d)\d{16}(?!\d)", whole)
    assert not [one for one in families()[2:] if one.name in whole]
    assert f"{families()[0].lon:.4f}" not in whole


def test_the_log_says_who_was_on_it_and_what_for(house: House) -> None:
    taken(house, use=f"{USE} {nik(7)}")
    (entry,) = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "family.export"]
    assert (entry["object_id"], entry["persons"]) == (VILLAGE, 2)
    assert USE in entry["reason"]
    assert nik(7) not in entry["reason"]
    past, future = house.clock.now.replace(year=2000), house.clock.now.replace(year=2100)
    assert house.audit.who_saw(families()[0].family_id, past, future, by=ROOT)


@pytest.mark.parametrize("use", ["", "rapat", " " * 30])
def test_without_a_use_there_is_no_file(house: House, use: str) -> None:
    reply = taken(house, use=use)
    assert reply.status_code == 422
    assert "Tulis keperluannya" in reply.text
    assert "family.export" not in [verb for _, verb, _, _ in house.actions()]


@pytest.mark.parametrize(
    ("who", "village", "state", "status"),
    [("officer", OTHER_DISTRICT, "belum", 404), ("officer", "36.73.01.9999", "belum", 404),
     ("officer", VILLAGE, "semua", 404), ("coordinator", VILLAGE, "belum", 403),
     ("viewer", VILLAGE, "belum", 403), ("analyst", VILLAGE, "belum", 403)],
)  # fmt: skip
def test_nobody_elses(house: House, who: str, village: str, state: str, status: int) -> None:
    reply = taken(house, who, village, state=state)
    assert reply.status_code == status
    assert "CANARY" not in reply.text


def test_it_counts_among_what_an_hour_allows(house: House) -> None:
    statuses = [taken(house, village=SAME_DISTRICT).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]  # 30 families each


def test_more_than_an_hour_allows_is_never_a_matter_of_waiting(
    named_archive: Path, database: Database
) -> None:
    reply = taken(House(named_archive, database, persons_per_hour=20), village=SAME_DISTRICT)
    assert reply.status_code == 429
    assert "Daftar ini memuat 30: minta admin menaikkan" in reply.text
    assert "Lanjutkan nanti" not in reply.text


def test_a_number_at_the_end_of_a_long_use_is_masked(house: House) -> None:
    assert taken(house, use="x" * 190 + " " + nik(7)).status_code == 200
    assert not [row for row in house.audit.entries(by=ROOT) if nik(7)[:9] in row["reason"]]


def test_only_who_may_take_it_is_offered_it(house: House) -> None:
    page = f"/kelurahan/{VILLAGE}/keluarga"
    assert "Unduh daftar ini" in get(house.signed_in("officer"), page).text
    assert "Unduh daftar ini" not in get(house.signed_in("coordinator"), page).text
