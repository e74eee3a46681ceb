"""'Bulan baru' with a real browser: from files let go on the page to the new map, no stub."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.deliveries.month import NOW, ran_office
from tests.operations.world import GOOD, ROOT
from tests.web.browsing import CHROMIUM, Watch, housed, serving
from tests.web.house import House

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

SLOW_MS = 600_000  # a file is read by a process of its own; a run takes its time


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of which last month's run is shown."""
    return ran_office(tmp_path_factory.mktemp("month") / "office")


@pytest.fixture(scope="module")
def sent(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What agencies send for November: a workbook cut short, a CSV, and a file that is broken."""
    folder = tmp_path_factory.mktemp("sent")
    lists = world.parent / "lists"
    packages = pd.read_csv(lists / "paket_sembako.csv", dtype=str)
    packages.head(40).to_excel(
        folder / "paket_sembako_2025-11-20.xlsx", index=False, engine="xlsxwriter"
    )
    pbi = pd.read_csv(lists / "bpjs_pbi.csv", dtype=str).query("NIK.str.fullmatch(r'\\d{16}')")
    pbi.loc[pbi.index[7], "NIK"] = "3,67399E+15"  # as a spreadsheet spoils it
    pbi.to_csv(folder / "bpjs_pbi_2025-11-01.csv", index=False)
    (folder / "rusak.xlsx").write_bytes(b"PK\x03\x04 bukan buku kerja")
    return folder


@pytest.fixture(scope="module")
def house(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("database")
    with housed(world.parent / "archive", folder, config=world) as opened:
        opened.clock.now = NOW
        yield opened


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page as the operator opens it."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(SLOW_MS)
    opened = context.new_page()
    opened.goto(address + "/bulan-baru")
    opened.fill("#name", "operator")
    opened.fill("#password", GOOD)
    opened.keyboard.press("Enter")
    opened.wait_for_url(address + "/bulan-baru")
    yield opened
    context.close()


def card(page: Any, name: str) -> Any:
    return page.locator(f"article:has(h3:text-is('{name}'))")


def let_go(page: Any, files: list[Path]) -> None:
    """Let files go over the zone, as a hand would that drags them there."""
    data = page.evaluate_handle("new DataTransfer()")
    for file in files:
        page.evaluate(
            "([data, name, bytes]) => data.items.add(new File([new Uint8Array(bytes)], name))",
            [data, file.name, list(file.read_bytes())],
        )
    page.dispatch_event("#drop", "drop", {"dataTransfer": data})


def test_from_files_let_go_to_the_new_map(page: Any, house: House, sent: Path) -> None:
    watch = Watch(page)
    let_go(page, sorted(sent.iterdir()))
    for name, state in (("bpjs_pbi_2025-11-01.csv", "read"), ("rusak.xlsx", "refused"),
                        ("paket_sembako_2025-11-20.xlsx", "read")):  # fmt: skip
        page.wait_for_selector(f"article.{state}:has(h3:text-is('{name}'))", timeout=SLOW_MS)
    pbi, packages = (
        card(page, "bpjs_pbi_2025-11-01.csv"),
        card(page, "paket_sembako_2025-11-20.xlsx"),
    )
    assert "diterima" in packages.locator(".balance-line").inner_text()
    assert "E-NIK-SCI" in pbi.locator(".reasons").inner_text()
    assert pbi.locator("input[name=as_of]").input_value() == "2025-11-01"
    assert pbi.locator("select[name=replaces]").input_value() == "bpjs-pbi"
    assert page.locator("#start").is_disabled()

    with page.expect_download() as downloaded:
        pbi.get_by_role("link", name="Unduh baris untuk diperbaiki").click()
    mended = pd.read_excel(downloaded.value.path(), dtype=str, engine="calamine")
    assert len(mended) == 1  # the row that a spreadsheet has spoiled

    card(page, "rusak.xlsx").get_by_role("button", name="Keluarkan").click()
    card(page, "rusak.xlsx").wait_for(state="detached")
    for each in (pbi, packages):
        each.get_by_role("button", name="Benar, pakai").click()
        each.locator(".answers-told").wait_for()
    assert page.locator("#on").input_value() == "2025-11-20"
    page.locator("#start:not([disabled])").click()
    page.wait_for_selector("[data-run=running]")
    page.wait_for_selector("[data-run=held]", timeout=SLOW_MS)
    assert "menjadi 40" in page.locator(".held").inner_text()
    page.fill("#reason", "paket tahap kedua belum dibagikan")
    page.click("#start")
    page.wait_for_selector("[data-run=running]")
    page.wait_for_selector("[data-run=done]", timeout=SLOW_MS)
    assert page.locator("article").count() == 0

    run_id = house.room.runner.status().run_id
    assert run_id is not None
    assert run_id.startswith("000002-")
    assert [
        row["reason"] for row in house.audit.entries(by=ROOT) if row["verb"] == "run.start"
    ] == [
        "",
        "paket tahap kedua belum dibagikan",
    ]
    # the same bytes once more: its line says why nothing comes of it
    page.set_input_files("#files", str(sent / "bpjs_pbi_2025-11-01.csv"))
    line = page.locator("#uploads li")
    line.locator("progress").wait_for(state="detached", timeout=SLOW_MS)
    assert f"daftar yang sudah dipakai hasil {run_id}" in line.inner_text()
    assert page.locator("article").count() == 0
    page.get_by_role("link", name="Buka peta").click()
    page.wait_for_url("**/")
    assert page.locator(f"script[src*='{run_id}']").count() == 1
    assert "20 November 2025" in page.locator(".basis").inner_text()
    assert [fault for fault in watch.faults if "perbaikan" not in fault] == []


def test_a_broken_line_is_taken_up_where_it_broke(page: Any, house: House, tmp_path: Path) -> None:
    large = tmp_path / "besar.csv"
    large.write_bytes(b"NIK KTP;NAMA PENERIMA;TAHAP;BANSOS\n" + b"x;y;4;PKH\n" * 150_000)
    asked: list[str] = []

    def break_once(route: Any) -> None:
        asked.append(route.request.url.rpartition("=")[2])
        if len(asked) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/unggahan/**", break_once)
    page.set_input_files("#files", str(large))
    card(page, "besar.csv").wait_for(timeout=SLOW_MS)
    assert asked == ["0", "524288", "524288", "1048576"]
    (file,) = (file for file in house.room.deliveries.files() if file.name == "besar.csv")
    assert file.path.read_bytes() == large.read_bytes()
    page.unroute("**/unggahan/**")


def test_a_form_that_somebody_fills_in_stays(page: Any, sent: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "satu.xlsx", tmp_path / "dua.xlsx"
    for file in (first, second):
        file.write_bytes((sent / "rusak.xlsx").read_bytes() + file.name.encode())
    page.set_input_files("#files", str(first))
    page.wait_for_selector("article.refused:has(h3:text-is('satu.xlsx'))", timeout=SLOW_MS)
    card(page, "satu.xlsx").locator("summary").first.click()
    day = card(page, "satu.xlsx").locator("input[name=as_of]")
    day.fill("2025-10-09")
    page.set_input_files("#files", str(second))
    page.wait_for_selector("article.refused:has(h3:text-is('dua.xlsx'))", timeout=SLOW_MS)
    assert day.input_value() == "2025-10-09"
    for name in ("satu.xlsx", "dua.xlsx"):
        card(page, name).get_by_role("button", name="Keluarkan").click()
        card(page, name).wait_for(state="detached")
