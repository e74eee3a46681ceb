"""The audit log on a page: who opened names, what was refused, and that looking is logged."""

import re

import pytest

from geo_target.errors import Fault
from geo_target.operations.audit import Actor, Entry
from geo_target.operations.refusals import AuditError
from tests.web.house import House, get, sign_in
from tests.web.named import OTHER_DISTRICT, VILLAGE

OFFICER = Actor(name="officer", role="officer", scope=("36.73.01",))


def rows(text: str, part: str) -> list[list[str]]:
    """Cells of the table below a heading, without markup."""
    table = text.split(part)[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
             for row in table.split("</tr>") if "<t" in row]  # fmt: skip
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


@pytest.mark.parametrize("who", ["auditor", "admin"])
def test_who_opened_names_and_who_was_refused(house: House, who: str) -> None:
    officer = house.signed_in("officer")
    for state in ("belum", "tersentuh"):
        get(officer, f"/kelurahan/{VILLAGE}/keluarga?keadaan={state}")
    get(officer, f"/kelurahan/{OTHER_DISTRICT}/keluarga")
    text = get(house.signed_in(who), "/jejak").text
    (found,) = rows(text, "Yang membuka nama")
    assert found[:4] == ["officer", "2", "5", "1"]
    assert "CANARY" not in text


def test_the_newest_entries_of_an_account_and_of_what_was_refused(house: House) -> None:
    get(house.signed_in("officer"), f"/kelurahan/{OTHER_DISTRICT}/keluarga")
    browser = house.signed_in("auditor")
    first = rows(get(browser, "/jejak").text, 'id="catatan"')
    assert [row[1].split()[0] for row in first[:2]] == ["auditor", "officer"]
    refused = rows(get(browser, "/jejak?hanya=ditolak").text, 'id="catatan"')
    assert [row[2:4] for row in refused] == [
        ["membuka nama keluarga family.read", f"kelurahan/desa {OTHER_DISTRICT}"]
    ]
    key = re.search(r"akun=([0-9a-f]{12})", get(browser, "/jejak").text)
    assert key
    own = rows(get(browser, f"/jejak?akun={key.group(1)}").text, 'id="catatan"')
    assert {row[1].split()[0] for row in own} == {"officer"}


def test_looking_is_logged_before_the_next_look(house: House) -> None:
    browser = house.signed_in("auditor")
    get(browser, "/jejak?hanya=nama")
    entry = [row for row in house.audit.entries(by=OFFICER) if row["verb"] == "audit.read"][-1]
    assert entry["actor"] == "auditor"
    assert entry["reason"].endswith(" names")


def test_a_log_that_cannot_be_written_is_not_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = house.signed_in("auditor")

    def full(_: object) -> None:
        raise AuditError(Fault("E-AUDIT-WRITE", id="", en=""))

    monkeypatch.setattr(house.audit, "append", full)
    assert get(browser, "/jejak").status_code == 503


def test_pages_of_fifty_and_days_back(house: House) -> None:
    for number in range(60):
        house.audit.append(Entry(actor=OFFICER, verb="x", object_type="y", object_id=f"n{number}"))
    browser = house.signed_in("auditor")
    text = get(browser, "/jejak").text
    assert len(rows(text, 'id="catatan"')) == 50
    older = re.search(r'href="([^"]+sebelum=\d+[^"]*)"', text)
    assert older
    rest = rows(get(browser, older.group(1).replace("&amp;", "&")).text, 'id="catatan"')
    assert rest[-1][3].startswith("akun")  # the account that was added first
    house.clock.move(days=8)
    later = house.signed_in("auditor")
    assert len(rows(get(later, "/jejak").text, 'id="catatan"')) == 1  # the signing in
    assert len(rows(get(later, "/jejak?hari=30").text, 'id="catatan"')) == 50


@pytest.mark.parametrize("query", ["?sebelum=x", "?hari=9999", "?akun=officer", "?hanya=semua"])
def test_a_strange_question_is_the_usual_one(house: House, query: str) -> None:
    assert get(house.signed_in("auditor"), f"/jejak{query}").status_code == 200


@pytest.mark.parametrize(("who", "first"), [("auditor", "/jejak"), ("admin", "/jejak"),
                                            ("viewer", "/")])  # fmt: skip
def test_everybody_begins_on_a_page_that_opens(house: House, who: str, first: str) -> None:
    browser = house.browser()
    reply = sign_in(browser, who)
    assert reply.location == first
    assert get(browser, first).status_code == 200
    assert get(browser, "/masuk?next=/").location == first  # a script cannot see where it is led
