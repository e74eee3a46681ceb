"""Returns on paper by keyboard, and as files: who may, what is kept, what is told."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_sheets import write_return_sheet
from geo_target.operations.visit_rows import Status
from tests.builders import nik
from tests.operations.world import ROOT
from tests.web.house import SITE, House, get
from tests.web.own_visited import BUDI, CODES, WATI, Planned, plan_visits
from tests.web.test_visits import EVERYTHING, answer, hidden, told

PAGE, BACK, FILES = "/lapangan/isi", "/lapangan/isi/batalkan", "/lapangan/unggah"


@pytest.fixture
def planned(house: House) -> Planned:
    return plan_visits(house)


@pytest.fixture
def ratna(house: House, planned: Planned) -> FlaskClient:
    """A coordinator, whose staff enter the paper of everybody."""
    return house.signed_in("coordinator")


@pytest.fixture
def siti(house: House, planned: Planned) -> FlaskClient:
    """The officer of the first district."""
    return house.signed_in("officer")


def enter(browser: FlaskClient, code: str, key: str, *, page: str = PAGE, asks: str = "text/html",
          **more: str) -> TestResponse:  # fmt: skip
    """Type a return and press Enter."""
    form = hidden(get(browser, PAGE)) | {"visit_code": code, "outcome_key": key} | more
    return browser.post(page, base_url=SITE, data=form, headers={"Accept": asks})


def found(house: House, number: int) -> str:
    """What stands of the visit to a family."""
    return house.visit_outcomes.standing()[CODES[number]].current.outcome.outcome


def is_open(house: House, number: int) -> bool:
    visit = house.visit_plans.visit(CODES[number], within=EVERYTHING)
    return visit is not None and visit.status is Status.OPEN


@pytest.mark.parametrize(
    ("key", "outcome"),
    [("1", "found_eligible"), ("4", "died"), ("9", "part_of_other"), ("0", "duplicate")],
)  # fmt: skip
def test_one_key_is_one_outcome(ratna: FlaskClient, house: House, key: str, outcome: str) -> None:
    reply = enter(ratna, CODES[1].lower(), key)
    assert reply.status_code == 200
    assert "tersimpan: " in reply.text
    assert found(house, 1) == outcome
    assert not is_open(house, 1)


def test_the_keys_are_those_of_the_paper(ratna: FlaskClient) -> None:
    keys = re.findall(r'data-key="(\w)" data-words="([^"]+)"', get(ratna, PAGE).text)
    assert [key for key, _ in keys] == [*"1234567890a"]
    assert [words for _, words in keys[:3]] == [
        "Ditemukan, layak", "Ditemukan, layak dengan intervensi", "Ditemukan, sudah mampu",
    ]  # fmt: skip


def test_a_slip_is_told_and_nothing_kept(ratna: FlaskClient, house: House) -> None:
    code = CODES[1]
    swapped = code[1] + code[0] + code[2:] if code[0] != code[1] else code[0] + code[2] + code[1]
    for wrong in (swapped, code[:-1], code + "1"):
        reply = enter(ratna, wrong, "1")
        assert reply.status_code == 422
        assert "salah ketik" in reply.text
    assert enter(ratna, code, "z").status_code == 422
    assert enter(ratna, "", "1").status_code == 422
    assert house.visit_outcomes.standing() == {}
    assert house.visit_outcomes.orphans() == []


def test_day_and_officer_stay_for_the_next_paper(ratna: FlaskClient, house: House) -> None:
    reply = enter(ratna, CODES[1], "5", visited_on="2025-09-30", officer=WATI)
    assert 'type="date" value="2025-09-30"' in reply.text
    assert f'<option value="{WATI}" selected>' in reply.text
    assert 'maxlength="12" autocapitalize="characters" spellcheck="false" ' in reply.text
    assert CODES[1] not in re.sub(r"<tbody.*</tbody>", "", reply.text, flags=re.DOTALL)
    kept = house.visit_outcomes.standing()[CODES[1]].current.outcome
    assert (str(kept.visited_on), kept.officer, kept.source) == ("2025-09-30", WATI, "keyboard")


def test_what_is_rarely_written_is_kept_too(ratna: FlaskClient, house: House) -> None:
    page = get(ratna, PAGE).text
    keys = dict(
        re.findall(
            r"<kbd>(\w)</kbd> ([^<\n]+)", page.split('id="program-list"')[1].split("</ul>")[0]
        )
    )
    pkh = next(key for key, name in keys.items() if name == "PKH")
    enter(ratna, CODES[1], "1", program_keys=pkh, corrected_rt="8", lat="-6,1", lon="111,11",
          note=f"sebelah {nik(5)}")  # fmt: skip
    kept = house.visit_outcomes.standing()[CODES[1]].current.outcome
    assert (kept.programs, dict(kept.corrected), kept.lat) == (("PKH",), {"rt": "008"}, -6.1)
    assert nik(5) not in str(kept)


def test_a_family_that_is_not_listed(ratna: FlaskClient, house: House) -> None:
    assert enter(ratna, "", "a").status_code == 422
    reply = enter(ratna, "", "a", corrected_head_name="Ibu Baru",
                  corrected_village_code="36.73.01.1001")  # fmt: skip
    assert reply.status_code == 200
    (kept,) = house.visit_outcomes.proposals()
    assert kept.outcome.corrected["head_name"] == "Ibu Baru"


def test_an_officer_enters_the_own_district_alone(siti: FlaskClient, house: House) -> None:
    assert enter(siti, CODES[1], "1").status_code == 200
    reply = enter(siti, CODES[37], "1")
    assert reply.status_code == 404
    assert [each.orphan_reason for each in house.visit_outcomes.orphans()] == ["foreign"]
    assert "disimpan terpisah" in get(siti, PAGE).text


def test_the_page_names_nobody(ratna: FlaskClient) -> None:
    enter(ratna, CODES[1], "1")
    assert "CANARY" not in get(ratna, PAGE).text


def test_a_script_is_answered_in_few_words(ratna: FlaskClient) -> None:
    reply = enter(ratna, CODES[1], "1", asks="application/json")
    assert told(reply)["state"] == "new"
    assert len(reply.data) < 200
    assert told(enter(ratna, "ABC", "1", asks="application/json"))["state"] == "unreadable"


def test_an_entry_is_changed_as_a_new_version(ratna: FlaskClient, house: House) -> None:
    enter(ratna, CODES[1], "1", submission_id="abcdefghijkl", note="ketemu")
    page = get(ratna, f"{PAGE}?ubah=abcdefghijkl")
    for words in (f'value="{CODES[1]}"', 'value="abcdefghijkl"', 'value="ketemu"'):
        assert words in page.text
    enter(ratna, CODES[1], "3", submission_id="abcdefghijkl")
    assert found(house, 1) == "better_off"
    assert len(house.visit_outcomes.versions(CODES[1])) == 2
    assert not house.visit_outcomes.standing()[CODES[1]].is_conflict


def test_a_change_that_is_changed_back_holds(ratna: FlaskClient, house: House) -> None:
    """A wrong key while changing: 'died' must not stand when the first word is typed again."""
    for key, outcome in (("1", "found_eligible"), ("4", "died"), ("1", "found_eligible")):
        assert enter(ratna, CODES[1], key, submission_id="abcdefghijkl").status_code == 200
        assert found(house, 1) == outcome
    enter(ratna, CODES[1], "1", submission_id="abcdefghijkl")
    assert len(house.visit_outcomes.versions(CODES[1])) == 3


def test_a_change_here_keeps_what_only_the_page_of_a_visit_asks(
    house: House, planned: Planned
) -> None:
    wati = house.signed_in(WATI)
    number = nik(7)
    answer(wati, 1, "found_eligible", submission_id="abcdefghijkl", sign_floor="yes",
           house_floor="tanah", respondent="istri", corrected_members="4",
           corrected_head_national_id=number, corrected_rt="7")  # fmt: skip
    assert number not in get(wati, f"{PAGE}?ubah=abcdefghijkl").text
    enter(wati, CODES[1], "3", submission_id="abcdefghijkl")
    kept = house.visit_outcomes.standing()[CODES[1]].current.outcome
    assert kept.outcome == "better_off"
    assert (dict(kept.signs), dict(kept.housing)) == ({"floor": True}, {"floor": "tanah"})
    assert kept.respondent == "istri"
    # RT has a field here, and was emptied.
    assert dict(kept.corrected) == {"members": "4", "head_national_id": number}


def test_a_field_officer_is_not_told_who_else_visits(ratna: FlaskClient, house: House) -> None:
    assert BUDI in get(ratna, PAGE).text
    page = get(house.signed_in(WATI), PAGE).text
    assert (WATI in page, BUDI in page) == (True, False)


def test_an_entry_under_a_wrong_code_is_moved(ratna: FlaskClient, house: House) -> None:
    enter(ratna, CODES[1], "1", submission_id="abcdefghijkl")
    enter(ratna, CODES[2], "1", submission_id="abcdefghijkl")
    assert (is_open(house, 1), is_open(house, 2)) == (True, False)


def test_an_entry_is_taken_back(ratna: FlaskClient, house: House) -> None:
    enter(ratna, CODES[1], "1", submission_id="abcdefghijkl")
    for _ in range(2):  # twice is once
        reply = enter(ratna, "", "", page=BACK, submission_id="abcdefghijkl")
        assert reply.status_code == 200
        assert "dibatalkan" in reply.text
    assert is_open(house, 1)
    assert house.visit_outcomes.standing() == {}
    assert house.visit_outcomes.orphans() == []  # nobody need settle it
    entries = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "outcome.take-back"]
    assert [(row["actor"], row["object_id"]) for row in entries] == [("coordinator", CODES[1])]


def test_nobody_takes_anothers_entry_back(ratna: FlaskClient, house: House) -> None:
    enter(ratna, CODES[1], "1", submission_id="abcdefghijkl")
    siti = house.signed_in("officer")
    assert CODES[1] not in get(siti, f"{PAGE}?ubah=abcdefghijkl").text
    assert enter(siti, "", "", page=BACK, submission_id="abcdefghijkl").status_code == 409
    assert enter(siti, "", "", page=BACK, submission_id="nothing-at-all").status_code == 409
    assert found(house, 1) == "found_eligible"


# ------------------------------------------------------------------------- files


def outcome(number: int, found: str = "found_eligible", **more: Any) -> Outcome:
    return Outcome(f"uuid:{number}", CODES[number], found, "odk", **more)


def upload(browser: FlaskClient, content: bytes, name: str = "hasil.csv") -> TestResponse:
    token = hidden(get(browser, FILES))["csrf_token"]
    return posted(browser, content, name=name, token=token)


def posted(browser: FlaskClient, content: bytes, *, name: str, token: str) -> TestResponse:
    """As a browser sends it; the test client's own way leaves large files open."""
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"'.encode()
        + b"\r\nContent-Type: application/octet-stream\r\n\r\n" + content,
        b"--x--\r\n",
    ]  # fmt: skip
    return browser.post(
        FILES, base_url=SITE, data=b"\r\n".join(parts), headers={"Accept": "text/html"},
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip


def test_a_file_of_odk_is_taken_once(ratna: FlaskClient, house: House) -> None:
    content = write_odk_csv([outcome(1), outcome(2, "moved")])
    for words in ("2 baris: 2 hasil baru tersimpan, 0 sudah", "0 hasil baru tersimpan, 2 sudah"):
        reply = upload(ratna, content)
        assert reply.status_code == 200
        assert words in reply.text
    assert (found(house, 1), found(house, 2)) == ("found_eligible", "moved")
    told = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "visit.import"]
    assert [row["reason"] for row in told] == ["odk-csv: outcomes=2 refused=0"] * 2


def test_a_sheet_of_a_kelurahan(ratna: FlaskClient, house: House) -> None:
    sheet = write_return_sheet([outcome(1, "died"), outcome(3, "refused")])
    assert "2 hasil baru tersimpan" in upload(ratna, sheet, "kelurahan.xlsx").text
    assert found(house, 1) == "died"
    assert is_open(house, 3)


def test_what_is_not_theirs_is_told_by_row(siti: FlaskClient, house: House) -> None:
    reply = upload(siti, write_odk_csv([outcome(1), outcome(37), outcome(38)]))
    assert "1 hasil baru tersimpan" in reply.text
    assert "Disimpan terpisah: 2 hasil" in reply.text
    rows = re.findall(r"<td>(\d+)</td><td>–</td><td>tidak ada kunjungan Anda", reply.text)
    assert rows == ["3", "4"]
    assert len(house.visit_outcomes.orphans()) == 2


def test_what_cannot_be_read_is_told_by_row_and_column(ratna: FlaskClient) -> None:
    content = write_odk_csv([outcome(1), outcome(2)]).replace(b"moved", b"?")
    broken = content.replace(b"found_eligible", b"mungkin", 1)
    text = upload(ratna, broken).text
    assert "1 hasil baru tersimpan" in text
    assert "<td>2</td><td>Hasil kunjungan</td><td>Hasil &#39;mungkin&#39; tidak dikenal" in text


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["hasil.csv", "kelurahan.xlsx"])
def test_half_a_file_leaves_nothing(ratna: FlaskClient, house: House, name: str) -> None:
    outcomes = [outcome(1, note='kata "pertama"'), outcome(2, note='kata "kedua"')]
    whole = write_odk_csv(outcomes) if name == "hasil.csv" else write_return_sheet(outcomes)
    cut = whole[: whole.rindex(b'""kedua')] if name == "hasil.csv" else whole[: len(whole) // 2]
    reply = upload(ratna, cut, name)
    assert reply.status_code == 422
    assert name in reply.text
    assert house.visit_outcomes.standing() == {}


@pytest.mark.parametrize("content", [b"", b"nama,nik\nA,B\n", b"\x00" * 100, b"PK\x03\x04"])
def test_what_is_no_file_of_returns_is_refused(ratna: FlaskClient, content: bytes) -> None:
    assert upload(ratna, content).status_code == 422


def test_a_file_beyond_the_limit_is_not_read(ratna: FlaskClient, siti: FlaskClient) -> None:
    assert upload(ratna, b"x" * 5_100_000).status_code == 413
    assert upload(ratna, b"x" * 4_900_000).status_code == 422


def test_whoever_may_not_record_sends_no_large_body(house: House) -> None:
    viewer = house.signed_in("viewer")
    assert posted(viewer, b"x" * 100_000, name="a.csv", token="x").status_code == 413


def test_the_name_of_a_file_hides_a_number(ratna: FlaskClient) -> None:
    text = upload(ratna, b"nama,nik\nA,B\n", f"../{nik(6)}.csv").text
    assert nik(6) not in text
    assert "../" not in text.split('role="alert"')[1].split("</p>")[0]


def test_a_field_officer_writes_a_new_family_down(house: House, planned: Planned) -> None:
    """In a village of the own visits, and in no other."""
    wati = house.signed_in(WATI)
    page = get(wati, PAGE).text
    assert 'value="36.73.01.1001"' in page
    assert 'value="36.73.02.1001"' not in page
    for village, status in (("36.73.01.1001", 200), ("36.73.02.1001", 404)):
        reply = enter(wati, "", "a", corrected_head_name="Ibu Baru",
                      corrected_village_code=village)  # fmt: skip
        assert reply.status_code == status
    assert len(house.visit_outcomes.proposals()) == 1
