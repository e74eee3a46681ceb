"""What people write in a field that the auditor reads holds no number of anybody."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.operations.audit import Entry
from geo_target.operations.database import Database
from geo_target.operations.numbers import said_line
from geo_target.resources import resource_dir
from tests.builders import nik
from tests.operations.world import ROOT
from tests.web.house import House, get
from tests.web.test_deliveries import Desk
from tests.web.test_fieldwork import sent
from tests.web.test_name_files import taken
from tests.web.test_pairs import PAGE, say
from tests.web.test_reveal import asked, keys, sealed_house
from tests.web.visited import add_plan

#: Fields of reasons, by name; boxes that are ticked are none.
SAID = re.compile(
    r"<(?:input|textarea)(?![^>]*checkbox)[^>]*"
    r'name="(?:alasan|reason|note|keperluan|catatan)"[^>]*>'
)
WARNED = re.compile(r"no_names\(|[Tt]anpa nama|Jangan menulis (?:NIK, nomor KK, atau )?nama")
NUMBER = nik(7)
#: As people type it, and as somebody might who does not want it masked.
WRITTEN = (
    NUMBER,
    f"{NUMBER[:6]}.{NUMBER[6:12]}.{NUMBER[12:]}",
    " ".join(NUMBER),
    f"{NUMBER[:8]}\u200b{NUMBER[8:]}",
    f"{NUMBER[:8]}\u2060{NUMBER[8:]}",
    f"{NUMBER[:8]}\r\n{NUMBER[8:]}",
    f"{NUMBER[:8]}\x00{NUMBER[8:]}",
    "".join(chr(0xFF10 + int(digit)) for digit in NUMBER),
)


def digits(text: str) -> str:
    return "".join(str(int(each)) for each in text if each.isdecimal())


def told(house: House) -> str:
    """Digits of all reasons in the log."""
    return digits(" ".join(row["reason"] for row in house.audit.entries(by=ROOT)))


def test_every_field_of_a_reason_says_so() -> None:
    found = {}
    for path in resource_dir("templates").rglob("*.html"):
        text = path.read_text("utf-8")
        if SAID.search(text):
            found[f"{path.parent.name}/{path.name}"] = bool(WARNED.search(text))
    # What is said of a visit stays with it: its long numbers are masked, see test_visits.
    assert [name for name, is_warned in found.items() if not is_warned] in (
        [], ["visits/_form.html"], ["meetings/show.html"],
    )  # fmt: skip
    assert len(found) >= 6


@given(st.text(max_size=40), st.sampled_from(WRITTEN), st.text(max_size=40), st.integers(0, 90))
def test_no_digit_but_the_last_four_is_kept(
    before: str, written: str, after: str, longest: int
) -> None:
    kept = said_line(f"{before} cek {written} cek {after}", longest)
    assert len(kept) <= longest
    assert NUMBER[:12] not in digits(kept)
    assert NUMBER[2:10] not in digits(kept)


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_the_log_masks_before_it_cuts(house: House) -> None:
    for length in range(1980, 2001):
        reason = f"{'a' * length} {NUMBER} b"
        house.audit.append(Entry(actor=ROOT, verb="x", object_type="x", reason=reason))
    assert NUMBER[:5] not in told(house)


def test_of_a_withdrawn_visit(house: House) -> None:
    number, visits = add_plan(house)
    path, browser = f"/lapangan/rencana/{number}", house.signed_in("coordinator")
    said = [f"{pad} {written}" for written in WRITTEN for pad in ("", "x" * 290)]
    for visit, reason in zip(visits, said, strict=False):
        form = {"kode": visit.code, "action": "withdraw", "alasan": reason}
        assert sent(browser, f"{path}/tangan", path, **form).status_code == 303
    verbs = [verb for _, verb, _, _ in house.actions()]
    assert verbs.count("visit.withdraw") == len(said)
    assert NUMBER[:6] not in told(house)


def test_of_a_list_taken_away(house: House) -> None:
    for written in WRITTEN:
        assert taken(house, use=f"rapat kecamatan {written}").status_code == 200
    assert NUMBER[:6] not in told(house)


def test_of_a_number_that_is_revealed(tmp_path: Path, database: Database) -> None:
    pytest.importorskip("cryptography")
    office = sealed_house(tmp_path / "sealed", database)
    key = keys(office)[0]
    for written in WRITTEN:
        reply = asked(office, key, why=f"kartu rusak {written}")
        assert reply.status_code == 200
        assert NUMBER[:6] not in digits(reply.text.split("Alasan: ")[1].split("<", 1)[0])
    assert NUMBER[:6] not in told(office)


def test_of_a_run_that_is_accepted(house: House) -> None:
    desk = Desk(house, "operator")
    for written in WRITTEN:
        for pad in ("benar", "x" * 290):
            reply = desk.post("/jalankan", on="2025-11-15", reason=f"{pad} {written}")
            assert reply.status_code == 422
            assert "tanpa NIK" in reply.text
    assert NUMBER[:6] not in told(house)


def test_of_a_pair_that_is_settled(house: House) -> None:
    browser = house.signed_in("coordinator")
    for written in WRITTEN:
        refused = say(browser, get(browser, PAGE), "same", note=f"NIK {written}")
        assert refused.status_code == 422
    assert house.settlements.standing() == {}
