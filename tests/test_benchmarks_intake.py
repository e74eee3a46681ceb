"""Intake's measurements at a small size: the files are read, and the bombs are bombs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import intake, intake_files

SHARE = 0.0005
LISTS = list(intake_files.ROWS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def test_the_lists_are_read_and_nearly_all_rows_accepted(folder: Path) -> None:
    paths = intake.make("lists", folder, SHARE)
    found = intake.measure("lists", paths)
    assert found["rows"] == sum(int(rows * SHARE) for rows in intake_files.ROWS.values())
    assert found["accepted"] > 0.99 * found["rows"]
    assert {f"{name} s" for name in LISTS} < set(found)
    assert found["seconds"] > 0


def test_a_part_is_measured_in_a_process_of_its_own(folder: Path) -> None:
    intake.make("workbook", folder, SHARE)
    found = intake.in_own_process("workbook", folder, SHARE)
    assert (found["rows"], found["refused"]) == (100, [])


def test_files_are_made_once(folder: Path) -> None:
    made: list[Callable[[], Path]] = [
        lambda: intake_files.list_file(folder, "bpu", share=SHARE),
        lambda: intake_files.workbook_file(folder, rows=5),
        lambda: intake_files.bomb_file(folder, "many-cells.xlsx"),
    ]
    for make in made:
        assert make().stat().st_mtime_ns == make().stat().st_mtime_ns


def test_numbers_are_nobodys(folder: Path) -> None:
    lines = intake_files.list_file(folder, "packages", share=0.001).read_text("utf-8").splitlines()
    cells = [line.split(";") for line in lines[1:]]
    numbers = [row[1].lstrip("'") for row in cells]
    assert len(numbers) > 100
    assert {number[4:6] for number in numbers if number != "KOSONG"} == {"98"}
    assert {row[2][4:6] for row in cells} == {"99"}


@pytest.mark.parametrize("name", ["many-cells.xlsx", "padded.xlsx"])
def test_a_bomb_is_small_and_refused(folder: Path, name: str) -> None:
    file = intake_files.bomb_file(folder, name)
    assert file.stat().st_size < 1_000_000
    assert intake.measure(name, [file])["refused"] == ["E-SIZE"]
