"""Doubtful pairs in a real browser: to the end of the list without a script, on a phone too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operations.world import GOOD
from tests.web.browsing import CHROMIUM, housed, serving
from tests.web.house import House

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture
def house(named_archive: Path, tmp_path: Path) -> Iterator[House]:
    with housed(named_archive, tmp_path) as opened:
        yield opened


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


def test_three_pairs_on_a_phone_without_scripts(
    browser: Any,
    address: str,
    house: House,
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/pasangan")
    page.fill("#name", "coordinator")
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    for number, button in enumerate(("Keluarga yang sama", "Lewati", "Bukan keluarga yang sama")):
        page.wait_for_selector(f"text={number + 1} dari 3")
        choices = page.locator(".verdicts > *")
        boxes = [choices.nth(at).bounding_box() for at in range(3)]
        assert all(box["height"] >= 44 and box["x"] + box["width"] <= 390 for box in boxes)
        assert boxes[0]["y"] + boxes[0]["height"] <= 844  # in sight without scrolling
        role = "link" if button == "Lewati" else "button"
        page.get_by_role(role, name=button, exact=True).click()
    page.wait_for_selector("text=2 dari 3 pasangan sudah diputuskan; 1 dilewati.")
    page.get_by_role("button", name="Batalkan").click()
    page.wait_for_selector("text=3 dari 3")
    assert [made.verdict for made in house.settlements.standing().values()] == ["same"]
    page.get_by_role("link", name="Keputusan yang tersimpan: 1").click()
    button = page.get_by_role("button", name="Batalkan keputusan")
    box = button.bounding_box()
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 390
    button.click()
    page.wait_for_selector("text=Keputusan dibatalkan.")
    context.close()
    assert house.settlements.standing() == {}
