"""'Bulan baru': files in pieces, whose rows to mend, what keeps a run from starting, the log."""

import errno
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.deliveries.records import mark_used
from geo_target.deliveries.running import RunState, RunStatus
from geo_target.deliveries.uploads import Uploads
from geo_target.operations.audit import Entry
from geo_target.operations.database import Database
from geo_target.operations.refusals import AuditError
from geo_target.web.language import SECURE_COOKIE
from geo_target.web.month import Choices, Month
from geo_target.web.requests import PIECE
from tests.builders import kk, nik
from tests.deliveries.month import NOW, TODAY, recipients
from tests.operations.world import ROOT, full_disk
from tests.web.house import SITE, House, form_token, get

pytestmark = pytest.mark.usefixtures("quick_children")

PAGE = "/bulan-baru"
LIST = recipients("PKH", nik(1), nik(2), nik(3))
#: One good row, one that Excel has spoiled.
FAULTY = recipients("PKH", nik(1), "3,67E+15")
NAME = "penerima_pkh_nov_2025.csv"
AS_OF = {"as_of": "2025-11-01"}


@pytest.fixture
def office(house: House) -> House:
    """The house in December, with two operators."""
    house.clock.now = NOW
    house.add("operator-2", "operator")
    return house


class Desk:
    """A browser of somebody who has signed in, and the token of its forms."""

    def __init__(self, house: House, name: str) -> None:
        self.house = house
        self.browser: FlaskClient = house.signed_in(name)
        self.token = form_token(self.browser, "/akun")

    def post(self, path: str, **form: str) -> TestResponse:
        form["csrf_token"] = self.token
        return self.browser.post(PAGE + path, base_url=SITE, data=form)

    def piece(self, address: str, offset: int, body: bytes, **other: Any) -> TestResponse:
        given = {"content_type": "application/octet-stream", **other}
        headers = {"X-CSRFToken": self.token}
        return self.browser.post(
            f"{address}?dari={offset}", base_url=SITE, data=body, headers=headers, **given
        )

    def begin(self, name: str, size: int) -> str:
        reply = self.post("/berkas", name=name, size=str(size))
        assert reply.status_code == 200, reply.text
        return str(reply.json["upload"])  # type: ignore[index]

    def hand_in(self, name: str = NAME, content: bytes = LIST) -> str:
        reply = self.piece(self.begin(name, len(content)), 0, content)
        assert reply.status_code == 200, reply.text
        return str(reply.json["id"])  # type: ignore[index]

    def read(self, name: str = NAME, content: bytes = LIST) -> str:
        """Hand a file in, and wait until the queue has read it."""
        id = self.hand_in(name, content)
        self.wait()
        return id

    def wait(self) -> None:
        """Wait until nothing is read and nothing runs."""
        for _ in range(3000):
            if not get(self.browser, PAGE + "/keadaan").json["busy"]:  # type: ignore[index]
                return
            time.sleep(0.1)
        raise AssertionError("it never ended")

    @property
    def page(self) -> str:
        return get(self.browser, PAGE).text


@pytest.fixture
def desk(office: House) -> Desk:
    return Desk(office, "operator")


def told(house: House, *verbs: str) -> list[tuple[str, str, str]]:
    """Verb, object and result of the entries of these verbs."""
    rows = house.audit.entries(by=ROOT)
    return [(r["verb"], r["object_id"], r["result"]) for r in rows if r["verb"] in verbs]


# ---------------------------------------------------------------- handing in


def test_a_file_comes_in_pieces_and_its_report_stands_on_the_page(desk: Desk) -> None:
    content = FAULTY
    address = desk.begin(NAME, len(content))
    assert desk.piece(address, 0, content[:10]).json == {"offset": 10}
    assert NAME not in desk.page  # not before it is whole
    id = desk.piece(address, 10, content[10:]).json["id"]  # type: ignore[index]
    assert desk.read(NAME, content) == id  # the same bytes are the same file
    page = desk.page
    assert page.count('<article class="delivery') == 1
    assert "2 baris = 2 diterima + 0 karantina + 0 ganda + 0 kosong" in page
    assert "ditulis Excel sebagai bilangan" in page
    assert "E-NIK-SCI" in page
    assert 'value="2025-11-01"' in page  # the day that the name tells
    assert re.search(r'<option value="siks-recipients\|PKH" selected', page)
    assert 'class="badge">usulan' in page

    desk.browser.set_cookie(SECURE_COOKIE, "en", domain="geo.example", secure=True)
    page = desk.page
    assert "2 rows = 2 accepted" in page
    assert "written by Excel as a number" in page
    assert "Right, use it" in page


def test_a_piece_that_does_not_follow_is_told_where_to_go_on(desk: Desk) -> None:
    address = desk.begin(NAME, len(LIST))
    desk.piece(address, 0, LIST[:20])
    for offset in (0, 19, 21, 99_999):
        reply = desk.piece(address, offset, LIST[offset : offset + 5])
        assert (reply.status_code, reply.json) == (409, {"offset": 20})
    assert "id" in desk.piece(address, 20, LIST[20:]).json  # type: ignore[operator]
    assert "id" in desk.piece(address, 20, LIST[20:]).json  # type: ignore[operator]  # its answer was lost


def test_whose_upload_it_is(desk: Desk, office: House) -> None:
    address = desk.begin(NAME, len(LIST))
    assert Desk(office, "operator-2").piece(address, 0, LIST).status_code == 404
    assert desk.piece(address, 0, LIST).status_code == 200
    assert desk.piece("/bulan-baru/unggahan/" + "0" * 32, 0, LIST).status_code == 404
    assert desk.piece("/bulan-baru/unggahan/..%2f..", 0, LIST).status_code == 404


@pytest.mark.parametrize(
    ("name", "size"),
    [("virus.exe", "10"), (NAME, "0"), (NAME, "-1"), (NAME, "x"), (NAME, "9" * 13)],
)
def test_what_is_no_list_is_refused_with_words(desk: Desk, name: str, size: str) -> None:
    reply = desk.post("/berkas", name=name, size=size)
    assert reply.status_code == 422
    assert "berkas" in reply.json["message"].casefold()  # type: ignore[index]
    assert not list((desk.house.room.deliveries.folder / "partial").glob("*"))


def test_only_a_piece_may_be_large(desk: Desk) -> None:
    address = desk.begin(NAME, 2 * PIECE)
    form = "application/x-www-form-urlencoded"
    assert desk.piece(address, 0, b"x" * (PIECE + 1)).status_code == 413
    assert desk.piece(address, 0, b"x" * (16 * 1024 + 1), content_type=form).status_code == 413
    assert desk.piece(address, 0, b"x=1", content_type=form).status_code == 415
    for path in ("/berkas", "/jalankan"):
        reply = desk.piece(PAGE + path, 0, b"x" * (16 * 1024 + 1))
        assert reply.status_code == 413, path
    assert desk.piece(address, 0, b"x" * PIECE).json == {"offset": PIECE}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_broken_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The page asks again and again whatever is answered by 500 and more."""
    address = desk.begin(NAME, len(LIST))

    def full(*_: object) -> None:
        raise OSError(number, "")

    monkeypatch.setattr(Uploads, "add", full)
    reply = desk.piece(address, 0, LIST)
    assert reply.status_code == 422
    assert "Ruang cakram" in reply.json["message"]  # type: ignore[index]


def test_a_list_that_is_in_use_already_is_said_to_be(desk: Desk) -> None:
    id = desk.read()
    room = desk.house.room
    file = room.deliveries.file(id)
    mark_used(file.path.parent, "000002-20251101T000000Z")
    inside = file.path.relative_to(room.config.parent).as_posix()
    text = room.config.read_text("utf-8")
    room.config.write_text(text.replace("lists/penerima_pkh_okt.csv", inside), "utf-8")
    reply = desk.piece(desk.begin("des.csv", len(LIST)), 0, LIST).json
    assert reply is not None
    assert reply["id"] == id
    assert "hasil 000002-20251101T000000Z, keadaan per 2025-11-01" in reply["message"]
    assert "<article" not in desk.page
    fresh = desk.piece(desk.begin("lain.csv", len(FAULTY)), 0, FAULTY).json
    assert fresh is not None
    assert "message" not in fresh


def test_a_refusal_says_which_answer_the_page_wants(desk: Desk) -> None:
    desk.read("tanpa judul.csv", b"a;b;c\n1;2;3\n")
    assert "E-LAYOUT" in desk.page
    assert "pilih jenisnya (atau lembar dan sistem kodenya), lalu tekan Baca lagi" in desk.page
    assert re.search(r'<details class="answers-fold" id="again-\w+" open>', desk.page)
    assert "--profile" not in desk.page
    desk.browser.set_cookie(SECURE_COOKIE, "en", domain="geo.example", secure=True)
    assert "choose its kind (or its sheet and code system), then press Read again" in desk.page


def test_a_file_that_is_broken_wants_no_answer(desk: Desk) -> None:
    desk.read("rusak.xlsx", b"PK\x03\x04 bukan buku kerja")
    assert "Ditolak" in desk.page
    assert "pilih jenisnya" not in desk.page
    assert 'class="answers-fold" id' in desk.page


def test_what_is_held_is_told_by_the_words_for_its_list() -> None:
    found = "turun 32 %, dari 4.689 menjadi 3.189; periksa dengan geo-target check"
    month = Month(
        cards=[], kept=[], choices=Choices({"siks-recipients": "Penerima SIKS-NG"}, {}, {}),
        on=TODAY, today=TODAY, obstacles={}, run=RunStatus(RunState.HELD), version="",
        is_busy=False,
        messages=[f"siks-recipients PKH: {found}", f"siks-recipients: {found}", f"x.csv: {found}"],
    )  # fmt: skip
    assert [line.partition(": ")[0] for line in month.findings] == [
        "Penerima SIKS-NG, PKH", "Penerima SIKS-NG", "x.csv",
    ]  # fmt: skip
    assert month.findings[0].endswith("menjadi 3.189")


# ---------------------------------------------------------------- who may

POSTS = ("/berkas", "/unggahan/" + "0" * 32, "/berkas/" + "0" * 12 + "/jawaban",
         "/berkas/" + "0" * 12 + "/hapus", "/jalankan")  # fmt: skip
GETS = ("", "/keadaan", "/berkas/" + "0" * 12 + "/perbaikan.xlsx")
OTHERS = ("viewer", "analyst", "approver", "officer", "coordinator", "admin", "auditor")


@pytest.mark.parametrize("who", OTHERS)
def test_other_roles_neither_see_nor_change_anything(office: House, who: str) -> None:
    desk = Desk(office, who)
    for path in GETS:
        assert get(desk.browser, PAGE + path).status_code == 403, path
    for path in POSTS:
        assert desk.post(path).status_code == 403, path
    assert office.room.runner.status().state is RunState.NONE


def test_nobody_is_asked_for_bytes_before_signing_in(office: House) -> None:
    browser = office.browser()
    headers = {"X-CSRFToken": form_token(browser, "/masuk"), "Sec-Fetch-Dest": "empty"}
    for path in GETS:
        assert get(browser, PAGE + path, **headers).status_code == 401, path
    for path in POSTS:
        reply = browser.post(
            PAGE + path, base_url=SITE, data=b"x" * 1000, headers=headers,
            content_type="application/octet-stream",
        )  # fmt: skip
        assert reply.status_code == 401, path
    large = browser.post(
        PAGE + POSTS[1] + "?dari=0", base_url=SITE, data=b"x" * PIECE, headers=headers,
        content_type="application/octet-stream",
    )  # fmt: skip
    assert large.status_code == 401


def test_without_its_token_nothing_is_taken(desk: Desk) -> None:
    address = desk.begin(NAME, len(LIST))
    desk.token = "x"
    assert desk.piece(address, 0, LIST).status_code == 400
    assert [desk.post(path).status_code for path in POSTS] == [400] * len(POSTS)


def test_the_link_stands_on_shared_pages_for_operators_alone(office: House) -> None:
    for who, has_link in (("operator", True), ("viewer", False), ("operator", True)):
        browser = office.signed_in(who)
        for path in ("/", "/tentang-angka", "/akun"):
            assert ('href="/bulan-baru"' in get(browser, path).text) is has_link, (who, path)


def test_a_configuration_that_is_broken_is_said_so(desk: Desk) -> None:
    desk.house.room.config.write_text("[area", "utf-8")
    reply = get(desk.browser, PAGE)
    assert reply.status_code == 503
    assert "geo-target.toml: bukan TOML yang sah" in reply.text
    assert str(desk.house.room.config.parent) not in reply.text


def test_without_a_configuration_there_is_no_such_page(
    named_archive: Path, database: Database
) -> None:
    house = House(named_archive, database)
    browser = house.signed_in("operator")
    assert get(browser, PAGE).status_code == 404
    assert "/bulan-baru" not in get(browser, "/").text


def test_one_laptop_has_no_such_page(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 404
    assert "bulan-baru" not in client.get("/").text


# ---------------------------------------------------------------- rows to mend


def test_rows_to_mend_are_for_whoever_handed_the_file_in(desk: Desk, office: House) -> None:
    id = desk.read(content=FAULTY)
    path = f"{PAGE}/berkas/{id}/perbaikan.xlsx"
    other = Desk(office, "operator-2")
    assert path in desk.page
    assert path not in other.page
    refused, none = get(other.browser, path), get(other.browser, path.replace(id, "0" * 12))
    assert (refused.status_code, none.status_code) == (404, 404)
    assert refused.data == none.data

    reply = get(desk.browser, path)
    assert reply.status_code == 200
    assert reply.data[:2] == b"PK"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Disposition"] == f"attachment; filename=perbaikan-{id}.xlsx"
    reply.close()
    row = [r for r in office.audit.entries(by=ROOT) if r["verb"] == "quarantine.own.read"][-1]
    assert (row["actor"], row["object_id"], row["persons"]) == ("operator", id, 1)
    assert told(office, "quarantine.own.read") == [
        ("quarantine.own.read", id, "denied"), ("quarantine.own.read", id, "ok"),
    ]  # fmt: skip


def test_a_good_file_has_no_rows_to_mend(desk: Desk) -> None:
    id = desk.read()
    assert "perbaikan.xlsx" not in desk.page
    assert get(desk.browser, f"{PAGE}/berkas/{id}/perbaikan.xlsx").status_code == 404


# ---------------------------------------------------------------- answers and the run


def test_a_run_waits_until_every_file_is_read_confirmed_and_usable(desk: Desk) -> None:
    run = desk.house.room.runner
    start = 'id="start" disabled'

    def cannot_run(*, because: str) -> None:
        page = desk.page
        assert start in page or "Unggah dahulu" in page
        assert because in page
        assert desk.post("/jalankan", on="2025-11-15").status_code == 422
        assert run.status().state is RunState.NONE

    cannot_run(because="Unggah dahulu daftar bulan ini.")
    id = desk.read()
    cannot_run(because="1 berkas masih berisi usulan")
    broken = desk.read("rusak.xlsx", b"PK\x03\x04 bukan buku kerja")
    cannot_run(because="1 berkas ditolak")
    assert desk.post(f"/berkas/{broken}/hapus").status_code == 303
    assert "rusak.xlsx" not in desk.page
    answers = {"profile": "siks-recipients", "program": "PKH", "replaces": "siks-recipients|PKH"}
    assert desk.post(f"/berkas/{id}/jawaban", **AS_OF, **answers).status_code == 303
    assert start not in desk.page
    second = desk.read("pkh_lagi.csv", FAULTY)
    assert desk.post(f"/berkas/{second}/jawaban", **AS_OF, **answers).status_code == 303
    desk.wait()  # another day: it is read again, and looked at again
    cannot_run(because="1 berkas masih berisi usulan")
    assert desk.post(f"/berkas/{second}/jawaban", **AS_OF, **answers).status_code == 303
    cannot_run(because="2 berkas menggantikan daftar yang sama")


def test_answers_are_kept_and_those_that_nobody_can_mean_are_refused(desk: Desk) -> None:
    id = desk.read()
    path = f"/berkas/{id}/jawaban"
    for wrong in ({"as_of": "kemarin"}, {"as_of": "2125-01-01"}, {**AS_OF, "profile": "x"},
                  {**AS_OF, "replaces": "x"}, {**AS_OF, "code_system": "x"},
                  {**AS_OF, "sheet": nik(1)}):  # fmt: skip
        reply = desk.post(path, **wrong)
        assert reply.status_code == 422
        assert 'role="alert"' in reply.text
        assert not desk.house.room.deliveries.file(id).confirmed
    said = {**AS_OF, "profile": "siks-recipients", "program": "SEMBAKO"}
    assert desk.post(path, **said).status_code == 303
    desk.wait()
    assert not desk.house.room.deliveries.file(id).confirmed  # its new report is not seen yet
    assert desk.post(path, **said).status_code == 303
    kept = desk.house.room.deliveries.file(id)
    assert kept.confirmed
    assert (kept.answers.program, kept.answers.replaces) == ("SEMBAKO", None)
    assert desk.post("/berkas/" + "0" * 12 + "/jawaban", **AS_OF).status_code == 404


def test_a_number_in_the_reason_is_refused_and_kept_nowhere(desk: Desk) -> None:
    reply = desk.post("/jalankan", on="2025-11-15", reason=f"benar, kata {nik(7)}")
    assert reply.status_code == 422
    assert "tanpa NIK atau nomor KK" in reply.text
    assert nik(7) not in reply.text
    assert told(desk.house, "run.start") == []
    assert desk.post("/jalankan", on="besok").status_code == 422


# ---------------------------------------------------------------- hostile names, the log


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.csv", "../../x.csv", "C:\\temp\\..\\y.csv",
             f"daftar {nik(5)}.csv", f"{kk(5)[:4]} {kk(5)[4:8]} {kk(5)[8:12]} {kk(5)[12:]}.csv",
             '"><script>alert(1)</script>.csv', "a\r\nX-Header: b.csv"],
)  # fmt: skip
def test_a_hostile_name_is_text_and_leads_nowhere(desk: Desk, name: str) -> None:
    desk.house.room.queue.stop()  # its name alone is looked at
    desk.hand_in(name)
    room = desk.house.room.deliveries
    page = desk.page
    article = page[page.index("<article") : page.index("</article>")]
    assert "<img" not in article
    assert "<script" not in article
    assert "onerror=alert(1)>" not in article
    assert not re.search(r"\d{16}", re.sub(r"[^\w]", "", article.split("</h3>")[0]))
    (file,) = room.files()
    assert file.path.resolve().is_relative_to(room.folder.resolve() / file.id)


def test_every_step_is_in_the_log_and_a_refused_run_says_why(desk: Desk) -> None:
    """The office of these tests lacks the other lists that its configuration names."""
    id = desk.read()
    desk.post(f"/berkas/{id}/jawaban", **AS_OF, profile="siks-recipients", program="PKH",
              replaces="siks-recipients|PKH")  # fmt: skip
    assert desk.post("/jalankan", on="2025-11-15").status_code == 303
    assert 'data-run="running"' in desk.page
    desk.wait()
    page = desk.page
    assert 'data-run="refused"' in page
    assert "tidak ada yang diterbitkan, peta masih yang lama" in page
    assert "families_okt.csv" in page
    assert f"file-{id}" in page  # it waits for another run
    desk.post(f"/berkas/{id}/hapus")
    assert told(desk.house, "list.upload", "list.answer", "list.remove", "run.start") == [
        ("list.upload", "", "ok"), ("list.upload", id, "ok"), ("list.answer", id, "ok"),
        ("run.start", "2025-11-15", "ok"), ("list.remove", id, "ok"),
    ]  # fmt: skip
    words = " ".join(str(value) for row in desk.house.audit.entries(by=ROOT)
                     for value in dict(row).values())  # fmt: skip
    assert NAME not in words  # a name may hold a person's


@pytest.fixture
def sated(desk: Desk) -> Iterator[tuple[Desk, str]]:
    """A file that was read, and a log that takes no entry any more."""
    id = desk.read(content=FAULTY)
    with full_disk(desk.house.database):
        with suppress(AuditError):  # until the last page that is there is full
            for _ in range(1000):
                desk.house.audit.append(Entry(actor=ROOT, verb="x", object_type="x"))
        yield desk, id


def test_where_the_log_cannot_be_written_nothing_happens(sated: tuple[Desk, str]) -> None:
    desk, id = sated
    room = desk.house.room
    upload = room.deliveries.begin_upload("lain.csv", len(LIST), by="operator")
    whole = desk.piece(f"{PAGE}/unggahan/{upload}", 0, LIST)
    replies = [
        whole,
        desk.post("/berkas", name=NAME, size="10"),
        desk.post(f"/berkas/{id}/jawaban", **AS_OF, profile="siks-recipients"),
        desk.post(f"/berkas/{id}/hapus"),
        get(desk.browser, f"{PAGE}/berkas/{id}/perbaikan.xlsx"),
    ]
    assert [reply.status_code for reply in replies] == [503] * len(replies)
    assert b"PK" not in replies[-1].data[:2]
    (file,) = room.deliveries.files()
    assert (file.id, file.confirmed) == (id, False)
    room.deliveries.answer(id, file.answers)
    room.deliveries.read_waiting()
    assert desk.post("/jalankan", on="2025-11-15").status_code == 503
    assert room.runner.status().state is RunState.NONE
