"""A coordinator plans in a real browser: from the first officer to the first progress."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo_target.fieldwork.outcomes import Outcome
from tests.operations.world import GOOD
from tests.web.browsing import CHROMIUM, Watch, housed, serving
from tests.web.house import House
from tests.web.named import SAME_DISTRICT, VILLAGE
from tests.web.visited import COORDINATOR, add_plan

pytest.importorskip("typst", reason="typst is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture
def house(named_archive: Path, tmp_path: Path) -> Iterator[House]:
    with housed(named_archive, tmp_path) as opened:
        yield opened


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


def test_from_officers_to_progress(
    browser: Any,
    address: str,
    house: House,
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    _sign_in(page, f"{address}/lapangan")
    page.wait_for_selector("text=belum ada petugas: mulai dari sini")
    page.wait_for_load_state()
    watch = Watch(page)

    # officers: an operator with an account, and a facilitator on paper
    page.wait_for_load_state()
    page.get_by_role("link", name="Daftarkan petugas").first.click()
    page.wait_for_load_state()
    _add_officer(page, "field-officer", "Siti Lapangan", villages=(VILLAGE, SAME_DISTRICT))
    _add_officer(page, "budi", "Budi Pendamping", kind="facilitator")

    # a plan: one village, seen before it is kept
    page.get_by_role("link", name="Kunjungan lapangan").first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name="Buat rencana").first.click()
    page.wait_for_load_state()
    village = page.locator(f"input[name=kelurahan][value='{SAME_DISTRICT}']")
    village.check()
    page.locator(f"input[name=kelurahan][value='{VILLAGE}']").check()
    page.get_by_role("button", name="Lihat rencananya").click()
    assert page.locator("#preview-visits").inner_text() == "33"
    page.fill("#judul", "Rencana peramban")
    page.get_by_role("button", name="Simpan rencana").click()
    page.wait_for_selector("#loads")
    assert "Siti Lapangan" in page.locator("#loads").inner_text()

    # by hand: a village to the facilitator, locked; planning anew leaves it there
    page.select_option("#bagian", VILLAGE)
    page.select_option("#petugas_baru", label="Budi Pendamping")
    page.get_by_role("button", name="Tugaskan dan kunci").click()
    page.wait_for_selector("text=3 kunjungan ditugaskan dan dikunci.")
    page.get_by_label("semua yang belum dikunci").check()
    page.get_by_role("button", name="Susun ulang").click()
    page.wait_for_selector("text=Rencana disusun ulang; yang dikunci tetap.")
    plan = house.visit_plans.plans()[0].plan_id
    locked = [each.visit for each in house.visit_plans.visits(plan_id=plan)
              if each.visit.is_locked]  # fmt: skip
    assert {(one.officer, one.target.village_code) for one in locked} == {("budi", VILLAGE)}
    assert len(locked) == 3

    # the pack of an officer
    page.wait_for_load_state()
    page.get_by_role("link", name="Bekal").click()
    page.wait_for_load_state()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="PDF, Budi Pendamping").first.click()
    assert Path(downloaded.value.path()).read_bytes().startswith(b"%PDF")

    # progress after the first outcomes
    visits = [each.visit for each in house.visit_plans.visits(plan_id=plan)]
    found = [Outcome(f"s-{one.code}", one.code, "found_eligible", "keyboard", programs=())
             for one in visits[:10]]  # fmt: skip
    house.visit_outcomes.take(found, by=COORDINATOR)
    page.get_by_role("link", name="Kemajuan").click()
    page.wait_for_selector("text=10 dari 33 kunjungan selesai")
    assert page.locator(".progress-map svg path[class^=p]").count() == 2

    assert [url for url in watch.requests if not url.startswith((address, "data:", "blob:"))] == []
    assert watch.faults == []
    context.close()


def _sign_in(page: Any, url: str) -> None:
    page.goto(url)
    page.fill("#name", "coordinator")
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")


def _add_officer(
    page: Any, name: str, display: str, *, kind: str = "operator", villages: tuple[str, ...] = ()
) -> None:
    page.fill("#nama", name)
    page.fill("#nama_lengkap", display)
    page.select_option("#jenis", kind)
    if villages:
        page.get_by_text("yang dipegang").click()
    for code in villages:
        page.locator(f"input[name=kelurahan][value='{code}']").check()
    page.get_by_role("button", name="Simpan petugas").click()
    page.wait_for_selector("text=Petugas disimpan.")
    page.wait_for_load_state()


def test_a_table_wider_than_a_phone_says_so_and_keeps_its_names(
    browser: Any,
    address: str,
    house: House,
) -> None:
    number, _ = add_plan(house)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    _sign_in(page, f"{address}/lapangan/rencana/{number}/kunjungan")
    page.wait_for_selector(".wide.wider")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    box = page.locator(".wide")
    hint = box.evaluate("e => getComputedStyle(e, '::before').content")
    assert "Geser tabel ke samping" in hint
    assert box.get_attribute("role") == "region"
    assert box.get_attribute("aria-label")
    assert not box.evaluate("e => e.classList.contains('begun')")
    name = page.locator(".wide tbody th").first
    head = page.locator(".wide thead th").first
    before = [each.bounding_box()["x"] for each in (name, head)]
    box.focus()
    page.keyboard.press("End")  # nothing sideways
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.wide').matches('.begun.ended')")
    assert [each.bounding_box()["x"] for each in (name, head)] == pytest.approx(before, abs=1)
    # where there is room, there is nothing to say
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_function("() => !document.querySelector('.wide').matches('.wider, [tabindex]')")
    assert box.evaluate("e => getComputedStyle(e, '::before').content") in ("none", "normal")
    context.close()
