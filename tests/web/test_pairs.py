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
from geo_target.operations.settlements import Question, Verdict, pair_id
from geo_target.web import reviews
from tests.builders import nik
from tests.operations.world import ROOT, full_disk
from tests.web.house import KEY, House, get, post
from tests.web.named import add_names, families
from tests.web.paired import add_pairs
from tests.web.sample import RUN_ID, write_snapshot

PAGE, UNDO = "/pasangan", "/pasangan/batalkan"
NAME = re.compile(r"CANARYNAME(\d{4})")
FIELD = re.compile(r'name="(csrf_token|pair|fingerprint|decision|listed)" value="([^"]*)"')
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


LIST = f"{PAGE}/keputusan"
ROW = re.compile(r'<tr><th scope="row">(.*?)</tr>', re.DOTALL)


def rows(page: TestResponse) -> list[str]:
    """Rows of the list of decisions, as text."""
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in ROW.findall(page.text)]


def decide_all(house: House, count: int, *, by: Actor = SARI) -> None:
    """Settle so many pairs that no run knows."""
    for number in range(1, count + 1):
        pair = ("dtks", f"K{number}", "p3ke", f"Q{number}")
        question = Question(pair, pair_id(pair, KEY), "f" * 64, "000000")
        house.settlements.decide(question, Verdict.SAME, by=by, note=f"note {number}.")


def test_what_stands_is_listed_the_newest_first(ratna: FlaskClient, own_house: House) -> None:
    decide_all(own_house, 1)
    say(ratna, get(ratna, PAGE), "different", note="satu <b>rumah</b>")
    assert "Keputusan yang tersimpan: 2" in get(ratna, PAGE).text
    page = get(ratna, LIST)
    first, second = rows(page)
    assert re.fullmatch(
        r"DTSEN: CANARYNAME0007 P3KE: CANARYNAME0001 [0-9a-f]{12} bukan keluarga yang sama "
        r"coordinator, .* satu &lt;b&gt;rumah&lt;/b&gt; Batalkan", first,
    )  # fmt: skip
    assert re.fullmatch(
        r"DTKS P3KE [0-9a-f]{12} keluarga yang sama sari, .* note 1\. Batalkan", second
    )
    for hidden in (">P1<", ">Q1<", "CANARYFAMILY"):
        assert hidden not in page.text


def test_the_log_knows_whom_the_list_named(ratna: FlaskClient, own_house: House) -> None:
    decide_all(own_house, 1)
    get(ratna, LIST)  # names nobody
    say(ratna, get(ratna, PAGE), "same")
    get(ratna, LIST)
    reads = [row for row in own_house.audit.entries(by=ROOT) if row["verb"] == "family.read"]
    assert [row["persons"] for row in reads] == [2, 2]
    assert (reads[1]["object_id"], reads[1]["fields"]) == ("decisions", "name")


@pytest.mark.parametrize(
    ("asked", "first", "count"),
    [("1", "note 30.", 25), ("2", "note 5.", 5), ("3", "note 5.", 5), ("0", "note 30.", 25)],
)
def test_twenty_five_a_page(
    ratna: FlaskClient, own_house: House, asked: str, first: str, count: int
) -> None:
    decide_all(own_house, 30)
    found = rows(get(ratna, f"{LIST}?halaman={asked}"))
    assert len(found) == count
    assert first in found[0]
    assert get(ratna, f"{LIST}?halaman=x").status_code == 404


def test_a_decision_of_a_pair_that_no_run_asks_about_is_taken_back(
    ratna: FlaskClient, own_house: House
) -> None:
    decide_all(own_house, 26)
    form = form_of(get(ratna, f"{LIST}?halaman=2"), UNDO)
    reply = post(ratna, UNDO, **form)
    page = get(ratna, reply.location)  # of the second page nothing is left
    assert "Keputusan dibatalkan." in page.text
    assert [len(rows(page)), "note 26." in rows(page)[0]] == [25, True]
    assert "Q1" not in verdicts(own_house)
    again = post(ratna, UNDO, **form)
    assert again.status_code == 409
    assert "tidak berlaku lagi" in again.text
    assert len(verdicts(own_house)) == 25


def test_a_settled_pair_that_contradicts_others_is_found_in_the_next_run(
    ratna: FlaskClient, archive: Path, own_house: House
) -> None:
    """1 is 7 and 1 is 8, but 7 is not 8: of that pair no page of the run tells."""
    for _ in range(2):
        say(ratna, get(ratna, PAGE), "same")
    apart = ("dtsen", "D7", "dtsen", "D8")
    question = Question(apart, pair_id(apart, KEY), "f" * 64, RUN_ID)
    own_house.settlements.decide(question, Verdict.DIFFERENT, by=SARI)
    add_pairs(next_run(archive, 2, "a"), matched_by="decision")
    page = get(ratna, LIST)
    assert "DTSEN: CANARYNAME0007 DTSEN: CANARYNAME0008" in rows(page)[0]
    post(ratna, UNDO, **form_of(page, UNDO))
    assert set(own_house.settlements.standing()) == {
        ("dtsen", "D7", "p3ke", "P1"), ("dtsen", "D8", "p3ke", "P2"),
    }  # fmt: skip


def test_a_decision_is_taken_back_by_its_number_and_pair(
    ratna: FlaskClient, own_house: House
) -> None:
    decide_all(own_house, 2)
    newest, oldest = (FIELD.findall(row) for row in ROW.findall(get(ratna, LIST).text))
    mixed = dict(newest) | {"decision": dict(oldest)["decision"]}
    assert post(ratna, UNDO, **mixed).status_code == 409
    assert post(ratna, UNDO, **dict(newest) | {"decision": "x"}).status_code == 400
    assert len(verdicts(own_house)) == 2


def test_without_decisions_the_list_says_so(ratna: FlaskClient) -> None:
    assert "Belum ada keputusan tentang pasangan." in get(ratna, LIST).text


def calls(monkeypatch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """First arguments of the calls of a function that `reviews` uses, from now on."""
    function, seen = getattr(reviews, name), []

    def watched(first: Any, *more: Any) -> Any:
        seen.append(first)
        return function(first, *more)

    monkeypatch.setattr(reviews, name, watched)
    return seen


def test_pairs_are_read_once_a_run_and_keyed_when_shown(
    ratna: FlaskClient, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = calls(monkeypatch, "doubtful_pairs")
    keyed = calls(monkeypatch, "pair_id")
    for _ in range(3):
        assert shown(get(ratna, PAGE)) == (1, 7)
    assert read == [archive / RUN_ID / "exact"]
    assert keyed == [("dtsen", "D7", "p3ke", "P1")] * 3
    say(ratna, get(ratna, PAGE), "same")
    keyed.clear()
    get(ratna, PAGE)
    assert keyed == [("dtsen", "D8", "p3ke", "P2")]
    following = next_run(archive, 2, "b")
    assert shown(get(ratna, PAGE)) == (1, 7)
    assert read[1:] == [following / "exact"]
    assert reviews._pairs_of.cache_info().currsize == 1  # no person of the run before


def test_when_names_close_none_stays_in_memory(archive: Path, ratna: FlaskClient) -> None:
    get(ratna, PAGE)
    assert reviews._pairs_of.cache_info().currsize == 1
    file = archive / RUN_ID / "exact" / "pair_sides.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    assert get(ratna, PAGE).status_code == 503
    assert reviews._pairs_of.cache_info().currsize == 0


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
