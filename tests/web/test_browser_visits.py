"""Returns by keyboard, and an officer's own visit, in a real browser that is cut off."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operations.world import GOOD
from tests.web.browsing import CHROMIUM, Watch, housed, serving
from tests.web.house import House
from tests.web.own_visited import BUDI, CODES, WATI, plan_visits

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

HERE = {"latitude": -6.1, "longitude": 111.112, "accuracy": 12}


@pytest.fixture(scope="module")
def house(named_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with housed(named_archive, tmp_path_factory.mktemp("database")) as opened:
        plan_visits(opened)
        yield opened


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


def opened(browser: Any, address: str, name: str, path: str, **more: Any) -> Any:
    """A page of somebody who has signed in."""
    page = browser.new_context(**more).new_page()
    page.goto(address + path)
    page.fill("#name", name)
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + path)
    return page


def states(page: Any) -> list[list[str]]:
    """Code, outcome and state of each entry below the form, newest first."""
    rows = page.locator("#entered tr")
    return [
        [cell.strip() for cell in rows.nth(at).locator("th, td").all_inner_texts()[:3]]
        for at in range(rows.count())
    ]


def saved(page: Any, count: int) -> None:
    """Wait until so many entries are saved."""
    page.wait_for_function(
        "(count) => Array.from(document.querySelectorAll('#entered td:nth-child(3)'))"
        ".filter((cell) => cell.textContent.includes('tersimpan: ')"
        " || cell.textContent.includes('diubah: ')).length === count",
        arg=count,
    )


def tells(page: Any, place: str, text: str) -> None:
    """Wait until it is said there; an answer to a key comes a moment after it."""
    page.wait_for_function(
        "([place, text]) => document.querySelector(place).innerText.includes(text)",
        arg=[place, text],
    )


def found(house: House, number: int) -> str | None:
    stands = house.visit_outcomes.standing().get(CODES[number])
    return stands.current.outcome.outcome if stands else None


def test_paper_after_paper_without_a_mouse(
    browser: Any,
    address: str,
    house: House,
) -> None:
    page = opened(browser, address, "coordinator", "/lapangan/isi")
    watch = Watch(page)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    page.wait_for_function("() => document.activeElement.id === 'visit_code'")
    code = CODES[37]
    page.keyboard.type(code[:7] + ("2" if code[7] != "2" else "3"))  # a slip is told at once
    tells(page, "#said", "salah ketik")
    assert page.evaluate("document.activeElement.id") == "visit_code"
    page.keyboard.press("Backspace")
    page.keyboard.type(code[7].lower() + "9")
    tells(page, "#said", "Bagian dari keluarga lain")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.keyboard.type(f"{CODES[38][:4]}-{CODES[38][4:]}3")  # no waiting for the first
    page.keyboard.press("Enter")
    saved(page, 2)
    assert (found(house, 37), found(house, 38)) == ("found_eligible", "better_off")
    tells(page, "#pace", "2 hasil")

    page.locator("#entered tr").nth(1).get_by_role("button", name="Ubah").click()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=diubah: Pindah.")
    assert found(house, 37) == "moved"
    page.locator("#entered tr").nth(1).get_by_role("button", name="Batalkan").click()
    page.wait_for_selector("#entered td:text-is('dibatalkan')")
    assert found(house, 38) is None
    assert loads == []
    assert watch.faults == []
    assert {url.split("/")[2] for url in watch.requests} == {address.split("/")[2]}
    page.context.close()


def test_an_entry_that_the_line_has_lost_goes_again(
    browser: Any,
    address: str,
    house: House,
) -> None:
    page = opened(browser, address, "officer", "/lapangan/isi")
    lost: list[str] = []

    def lose(route: Any) -> None:
        lost.append(route.request.post_data)
        route.fetch()  # it arrives, and its answer does not
        route.abort()

    page.route("**/lapangan/isi", lose, times=1)
    page.keyboard.type(f"{CODES[7]}4")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=sudah tersimpan: Semua anggota meninggal.")
    assert len(lost) == 1
    assert len(house.visit_outcomes.versions(CODES[7])) == 1
    page.context.close()


def test_an_officer_records_a_visit_with_one_tap_for_the_point(
    browser: Any,
    address: str,
    house: House,
) -> None:
    page = opened(
        browser, address, WATI, "/kunjungan", geolocation=HERE, permissions=["geolocation"],
        viewport={"width": 390, "height": 844},
    )  # fmt: skip
    watch = Watch(page)
    page.get_by_role("link", name="CANARYNAME0001").click()
    page.get_by_role("button", name="Catat lokasi saya").click()
    page.wait_for_selector("text=Titik tercatat, ketelitian 12 m.")
    page.get_by_text("Ditemukan, layak", exact=True).click()
    page.get_by_text("PKH", exact=True).click()
    page.get_by_text("Perbaikan data keluarga").click()
    page.fill("#corrected_rt", "9")
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390
    page.get_by_role("button", name="Simpan hasil").click()
    page.wait_for_selector("text=tersimpan: Ditemukan, layak.")
    kept = house.visit_outcomes.standing()[CODES[1]].current.outcome
    assert (kept.lon, kept.lat, kept.accuracy_m) == (111.112, -6.1, 12.0)
    assert (kept.programs, dict(kept.corrected)) == (("PKH",), {"rt": "009"})
    assert "CANARYNAME0001" not in page.content()
    assert page.goto(f"{address}/kunjungan/{CODES[1]}").status == 404
    assert [fault for fault in watch.faults if "404" not in fault] == []
    page.context.close()


def test_a_point_that_is_refused_may_be_typed(browser: Any, address: str) -> None:
    page = opened(browser, address, WATI, f"/kunjungan/{CODES[2]}", permissions=[])
    page.evaluate(
        "() => navigator.geolocation.getCurrentPosition ="
        " (taken, refused) => refused({ code: 1, PERMISSION_DENIED: 1 })"
    )
    page.get_by_role("button", name="Catat lokasi saya").click()
    page.wait_for_selector("text=Izin lokasi ditolak")
    assert page.locator("#lat").is_editable()
    page.context.close()


def test_without_scripts_all_of_it_works(
    browser: Any,
    address: str,
    house: House,
) -> None:
    page = opened(browser, address, WATI, f"/kunjungan/{CODES[2]}", java_script_enabled=False)
    assert not page.get_by_role("button", name="Catat lokasi saya").is_visible()
    page.get_by_text("Pindah", exact=True).click()
    page.get_by_role("button", name="Simpan hasil").click()
    page.wait_for_selector("text=tersimpan: Pindah.")
    page.goto(address + "/lapangan/isi")
    page.fill("#visit_code", CODES[3])
    page.fill("#outcome_key", "1")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=tersimpan: Ditemukan, layak.")
    assert (found(house, 2), found(house, 3)) == ("moved", "found_eligible")
    page.context.close()


def test_a_second_officer_sees_nothing_of_the_first(
    browser: Any,
    address: str,
) -> None:
    """By page, by a guess of the address, or by any byte that the browser was given."""
    page = opened(browser, address, BUDI, "/kunjungan")
    bodies: list[str] = []
    for path in ("/kunjungan", *(f"/kunjungan/{CODES[number]}" for number in (1, 2, 3, 7)),
                 "/lapangan/isi", "/kunjungan?hari=2025-10-07"):  # fmt: skip
        reply = page.goto(address + path)
        bodies.append(reply.text())
    named = set(re.findall(r"CANARYNAME(\d{4})", " ".join(bodies)))
    assert named
    assert named <= {"0037", "0038"}
    page.context.close()
