"""Doubtful pairs: from the first to the last on one page, each settled once."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.audit import Actor
from geo_target.operations.database import Database
from geo_target.operations.settlements import Question, Verdict
from tests.builders import nik
from tests.operations.world import ROOT, full_disk
from tests.web.house import House, get, post
from tests.web.named import add_names, families
from tests.web.paired import add_pairs
from tests.web.sample import RUN_ID, write_snapshot

PAGE, UNDO = "/pasangan", "/pasangan/batalkan"
NAME = re.compile(r"CANARYNAME(\d{4})")
FIELD = re.compile(r'name="(csrf_token|pair|fingerprint|decision)" value="([^"]*)"')
SARI = Actor(name="sari", role="coordinator")


@pytest.fixture
def archive(named_archive: Path, tmp_path: Path) -> Path:
    """An archive of a test's own, with three doubtful pairs."""
    return Path(shutil.copytree(named_archive, tmp_path / "archive"))


@pytest.fixture
def own_house(archive: Path, database: Database) -> House:
    return House(archive, database)


@pytest.fixture
def ratna(own_house: House) -> FlaskClient:
    return own_house.signed_in("coordinator")


def shown(page: TestResponse) -> tuple[int, ...]:
    """Numbers of the families that a page names."""
    return tuple(dict.fromkeys(int(number) for number in NAME.findall(page.text)))


def form_of(page: TestResponse, action: str) -> dict[str, str]:
    """Hidden fields of the form that is sent to `action`."""
    form = page.text.split(f'action="{action}"')[1].split("</form>")[0]
    return dict(FIELD.findall(form))


def say(browser: FlaskClient, page: TestResponse, verdict: str, note: str = "") -> TestResponse:
    return post(browser, PAGE, verdict=verdict, note=note, **form_of(page, PAGE))


def next_run(archive: Path, number: int, data: str) -> Path:
    """Another run with the same pairs, of these data."""
    folder = write_snapshot(archive, f"00000{number}-20251122T040000Z")
    add_names(folder)
    add_pairs(folder, data=data)
    return folder


def verdicts(house: House) -> dict[str, str]:
    """What stands, by the P3KE id of the pair."""
    return {pair[3]: made.verdict.value for pair, made in house.settlements.standing().items()}


def test_from_the_first_to_the_last(ratna: FlaskClient, own_house: House) -> None:
    page = get(ratna, PAGE)
    seen = []
    for verdict in ("same", "different", "same"):
        seen.append((shown(page), re.findall(r"\d dari 3", page.text)[0]))
        reply = say(ratna, page, verdict)
        assert reply.status_code == 303
        page = get(ratna, reply.location)
    assert seen == [((1, 7), "1 dari 3"), ((2, 8), "2 dari 3"), ((3, 9), "3 dari 3")]
    assert "Semua pasangan sudah diputuskan" in page.text
    assert shown(page) == ()
    assert verdicts(own_house) == {"P1": "same", "P2": "different", "P3": "same"}


def test_what_is_skipped_comes_again(ratna: FlaskClient) -> None:
    page = say(ratna, get(ratna, f"{PAGE}?sesudah=1"), "same")
    end = get(ratna, f"{PAGE}?sesudah=3")
    assert page.location.endswith("sesudah=2")
    assert "1 dari 3 pasangan sudah diputuskan; 2 dilewati." in end.text
    assert shown(get(ratna, PAGE)) == (1, 7)
    assert shown(get(ratna, f"{PAGE}?sesudah=1")) == (3, 9)


def test_what_was_just_said_is_taken_back(ratna: FlaskClient, own_house: House) -> None:
    page = get(ratna, say(ratna, get(ratna, PAGE), "same").location)
    assert "Pasangan 1 tersimpan: keluarga yang sama." in page.text
    reply = post(ratna, UNDO, **form_of(page, UNDO))
    assert shown(get(ratna, reply.location)) == (1, 7)
    assert verdicts(own_house) == {}
    said = [
        row["fields"] for row in own_house.audit.entries(by=ROOT) if row["verb"] == "pair.settle"
    ]
    assert said == ["same", "open"]


def test_whoever_comes_later_sees_that_it_is_settled(ratna: FlaskClient, own_house: House) -> None:
    page = get(ratna, PAGE)
    form = form_of(page, PAGE)
    question = Question(("dtsen", "D7", "p3ke", "P1"), form["pair"], form["fingerprint"], RUN_ID)
    own_house.settlements.decide(question, Verdict.SAME, by=SARI)
    after = get(ratna, say(ratna, page, "different").location)
    assert "Pasangan 1 sudah lebih dahulu diputuskan sari: keluarga yang sama." in after.text
    assert 'value="' + form["pair"] not in after.text  # no undo of what another one said
    assert verdicts(own_house) == {"P1": "same"}


def test_data_that_have_changed_meanwhile_are_looked_at_again(
    ratna: FlaskClient, own_house: House, archive: Path
) -> None:
    page = get(ratna, PAGE)
    next_run(archive, 2, "b")
    reply = say(ratna, page, "same")
    assert reply.status_code == 409
    assert "sudah berubah" in reply.text
    assert shown(reply) == (1, 7)
    assert verdicts(own_house) == {}


def test_a_decision_holds_for_the_next_run_with_the_same_data(
    ratna: FlaskClient, archive: Path
) -> None:
    say(ratna, get(ratna, PAGE), "same")
    for number, data, first in ((2, "a", (2, 8)), (3, "b", (1, 7))):
        next_run(archive, number, data)
        assert shown(get(ratna, PAGE)) == first


def test_a_word_that_contradicts_others_is_asked_about_again(
    ratna: FlaskClient, archive: Path, own_house: House
) -> None:
    """The next run is in doubt all the same: what was said can be taken back, and said anew."""
    say(ratna, get(ratna, PAGE), "same")
    add_pairs(next_run(archive, 2, "a"), matched_by="decision")
    page = get(ratna, PAGE)
    assert shown(page) == (1, 7)
    assert "coordinator memutuskan: keluarga yang sama." in page.text
    assert 'name="verdict"' not in page.text  # first it is taken back
    page = get(ratna, post(ratna, UNDO, **form_of(page, UNDO)).location)
    assert shown(page) == (1, 7)
    assert "memutuskan:" not in page.text
    assert shown(get(ratna, say(ratna, page, "different").location)) == (2, 8)
    assert verdicts(own_house) == {"P1": "different"}


def test_why_and_how_far_each_field_agrees(ratna: FlaskClient) -> None:
    text = get(ratna, PAGE).text
    assert "Hanya sedikit data yang cocok." in text
    assert "40\xa0%" in text
    marks = {name: kind for kind, name in
             re.findall(r'<tr class="(\w+)"><th scope="row">([\w/ ]+?) <', text)}  # fmt: skip
    assert marks == {
        "Kepala keluarga": "different", "Tanggal lahir": "same", "Jenis kelamin": "same",
        "NIK": "different", "KK": "different", "Kelurahan/desa": "same", "RT/RW": "same",
        "Lingkungan": "unknown", "Alamat": "different", "Anggota": "same",
    }  # fmt: skip
    for word in ("≠ beda", "= sama", "tidak lengkap"):
        assert word in text


def test_hostile_words_are_text(archive: Path, ratna: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>\u202eITIS =1+1"
    words: dict[str, Any] = dict.fromkeys(("head_name", "address", "neighborhood", "sex"), hostile)
    add_pairs(archive / RUN_ID, **words)
    page = get(ratna, PAGE)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;\u202eITIS =1+1</bdi>" in page.text


def test_numbers_are_masked_and_ids_are_not_shown(ratna: FlaskClient) -> None:
    text = get(ratna, PAGE).text
    assert ">•••• 7001<" in text
    assert not re.search(r"(?<![0-9a-f])\d{16}(?![0-9a-f])", text)
    assert "CANARYFAMILY" not in text
    assert ">P1<" not in text


@pytest.mark.parametrize("form", [{"verdict": "open"}, {"verdict": ""}, {"verdict": "sama"}])
def test_a_strange_verdict_is_not_taken(
    ratna: FlaskClient, own_house: House, form: dict[str, str]
) -> None:
    fields = form_of(get(ratna, PAGE), PAGE)
    assert post(ratna, PAGE, **fields, **form).status_code == 400
    assert verdicts(own_house) == {}


@pytest.mark.parametrize("query", ["-1", "01", "x", "²", "99999999", "1'--"])
def test_a_strange_question_is_not_answered(ratna: FlaskClient, query: str) -> None:
    assert get(ratna, f"{PAGE}?sesudah={query}").status_code == 404


def test_a_note_with_a_number_is_refused_and_not_repeated(
    ratna: FlaskClient, own_house: House
) -> None:
    refused = say(ratna, get(ratna, PAGE), "same", note=f"NIK {nik(1)}")
    assert refused.status_code == 422
    assert "tanpa nomor" in refused.text
    assert nik(1) not in refused.text
    assert shown(refused) == (1, 7)
    say(ratna, get(ratna, PAGE), "same", note=" satu\r\n rumah ")
    (stands,) = own_house.settlements.standing().values()
    assert stands.note == "satu rumah"


def test_the_log_knows_whom_the_page_showed(ratna: FlaskClient, own_house: House) -> None:
    get(ratna, PAGE)
    entry = [row for row in own_house.audit.entries(by=ROOT) if row["verb"] == "family.read"][-1]
    assert (entry["object_type"], entry["persons"], entry["run_id"]) == ("pair", 2, RUN_ID)
    past, future = own_house.clock.now.replace(year=2000), own_house.clock.now.replace(year=2100)
    for at, seen in ((0, True), (6, True), (1, False)):
        family = families()[at].family_id
        assert bool(own_house.audit.who_saw(family, past, future, by=ROOT)) == seen


def test_an_hour_has_its_limit(archive: Path, database: Database) -> None:
    house = House(archive, database, persons_per_hour=4)
    browser = house.signed_in("coordinator")
    assert [get(browser, PAGE).status_code for _ in range(3)] == [200, 200, 429]
    assert house.actions()[-2][1::2] == ("family.read", "denied")


def test_a_full_disk_shows_and_settles_nothing(own_house: House, ratna: FlaskClient) -> None:
    form = form_of(get(ratna, PAGE), PAGE)
    with full_disk(own_house.database):
        replies = [get(ratna, PAGE) for _ in range(60)]
        assert replies[-1].status_code == 503
        assert "CANARY" not in replies[-1].text
        assert post(ratna, PAGE, verdict="same", **form).status_code == 503
    assert verdicts(own_house) == {}


def test_names_must_be_allowed_and_whole(archive: Path, own_house: House) -> None:
    file = archive / RUN_ID / "exact" / "pair_sides.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    refused = get(own_house.signed_in("coordinator"), PAGE)
    assert refused.status_code == 503
    assert "rusak atau berubah" in refused.text


def test_names_close_when_a_paper_runs_out(archive: Path, ratna: FlaskClient) -> None:
    add_names(archive / RUN_ID, until="2025-01-31")
    refused = get(ratna, PAGE)
    assert refused.status_code == 503
    assert "CANARY" not in refused.text


def test_a_run_without_pairs_says_so(tmp_path: Path, database: Database) -> None:
    add_names(write_snapshot(tmp_path))
    page = get(House(tmp_path, database).signed_in("coordinator"), PAGE)
    assert page.status_code == 200
    assert "Tidak ada pasangan yang meragukan" in page.text


def test_only_whoever_may_finds_the_link(own_house: House) -> None:
    """The page of the map is kept for all who see the same: who settles is not among them."""
    for name, has_link in (("viewer", False), ("coordinator", True), ("officer", False)):
        assert (f'href="{PAGE}"' in get(own_house.signed_in(name), "/").text) == has_link


def test_in_english(ratna: FlaskClient) -> None:
    get(ratna, f"{PAGE}?lang=en")
    text = get(ratna, PAGE).text
    for words in ("Is this the same family?", "Little of the data fits.", "≠ different", "Skip"):
        assert words in text
