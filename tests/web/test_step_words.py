"""The page of what has changed: every step explained, the sum exact, nothing small."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.publishing.waterfall import GAINS, LOSSES
from geo_target.web.app import create_app
from geo_target.web.step_words import steps_of
from tests.web.sample import write_snapshot
from tests.web.test_registers import words
from tests.web.with_changes import changed


def page(folder: Path, change: Any = None, language: str = "id") -> str:
    snapshot = write_snapshot(folder)
    if change:
        changed(snapshot, "tables/registers.json", change)
    client = create_app(folder, doors=None, language_default=language).test_client()
    return str(client.get("/perubahan").text)


def rows(text: str) -> list[list[str]]:
    found = re.search(r'<table class="plain-table full steps".*?</table>', text, re.DOTALL)
    assert found
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
             for row in re.findall(r"<tr.*?</tr>", found.group(), re.DOTALL)]  # fmt: skip
    return [[words(cell).strip() for cell in row] for row in cells][1:]


def number(cell: str) -> int:
    return int(cell.replace(".", "").replace("−", "-"))


def test_the_headline_and_the_steps_add_up(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert "Dari 8.799 keluarga yang mungkin belum tersentuh menjadi 3.784" in words(text)
    told = [row for row in rows(text) if len(row) == 2]
    first, *between, last = [number(row[1]) for row in told]
    assert (first, last) == (8799, 3784)
    assert first + sum(between) == last


def test_real_change_stands_apart_from_data(tmp_path: Path) -> None:
    told = rows(page(tmp_path))
    heads = [row[0] for row in told if len(row) == 1]
    assert [head.split(":")[0] for head in heads] == [
        "Perubahan nyata", "Perubahan data", "Yang belum diketahui atau tidak ditampilkan"
    ]  # fmt: skip
    names = [row[0] for row in told]
    real = names[names.index(heads[0]) + 1 : names.index(heads[1])]
    assert [name.split(" sebelumnya ")[0] for name in real] == [
        "kini menerima bantuan", "tidak lagi menerima bantuan"
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_step_has_a_sentence(tmp_path: Path, language: str) -> None:
    found = re.findall(r'<span class="beneath">(.*?)</span>', page(tmp_path, language=language))
    assert len(found) >= 13
    assert all(len(words(one).split()) >= 2 for one in found)


def test_what_happened_to_nobody_is_a_line_below(tmp_path: Path) -> None:
    def nothing_real(told: Any) -> None:
        losses = told["waterfall"]["losses"]
        losses["unmatched"] += losses["covered"]
        losses["covered"] = 0

    text = page(tmp_path, nothing_real)
    assert "Nol keluarga: " in words(text)
    assert "kelurahannya kini diketahui" in words(text).split("Nol keluarga: ")[1]
    assert "0" in [row[1] for row in rows(text) if len(row) == 2]  # of what is real it is told


def test_what_is_withheld_is_told_as_one(tmp_path: Path) -> None:
    held = next(row for row in rows(page(tmp_path)) if "berkurang, sebab lain" in row[0])
    assert held[1] == "−566"


@pytest.mark.parametrize("side", ["before", "after"])
def test_without_a_figure_no_step_is_told(tmp_path: Path, side: str) -> None:
    def close(told: Any) -> None:
        told["waterfall"][side] = None
        for one in ("gains", "losses"):
            told["waterfall"][one] = dict.fromkeys(told["waterfall"][one])

    text = page(tmp_path, close)
    assert "<table" not in text
    assert "Sebab perubahannya tidak ditampilkan" in words(text)
    assert "8.799" not in words(text) or side == "after"


@pytest.mark.parametrize("old", [True, False])
def test_a_first_run_and_an_old_one_say_what_fills_the_page(tmp_path: Path, *, old: bool) -> None:
    def without(told: Any) -> None:
        if old:
            del told["waterfall"]
        else:
            told["waterfall"] = None

    assert "Halaman ini terisi pada hasil berikutnya." in words(page(tmp_path, without))


def test_the_page_knows_every_cause(client: FlaskClient) -> None:
    counts = {"gains": dict.fromkeys(GAINS, 7), "losses": dict.fromkeys(LOSSES, 7)}
    found = {side: {**parts, "all": sum(parts.values())} for side, parts in counts.items()}
    with client.application.test_request_context():
        steps = steps_of(found)
    assert len({step.label for step in steps}) == len(GAINS) + len(LOSSES)
    assert sum(step.value for step in steps) == 7 * (len(GAINS) - len(LOSSES))
