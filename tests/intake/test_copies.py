"""Rows that differ only in a column that nobody reads are no copies."""

from pathlib import Path

import pytest

from geo_target.intake import copies
from geo_target.workbench import Workbench
from tests.builders import nik
from tests.intake.test_lists import books, csv_file, read


def test_rows_that_differ_in_an_unread_column_are_no_copies(
    tmp_path: Path, bench: Workbench
) -> None:
    text = f"no;nik;ket\n1;{nik(1)};Januari\n2;{nik(1)};Februari\n3;{nik(1)};Februari\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments")
    assert books(listed) == (3, 2, 0, 1, 0)


@pytest.mark.parametrize("most_compared", [0, 100_000])
def test_rows_alike_in_all_that_tells_people_apart_are_compared_whole(
    tmp_path: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch, most_compared: int
) -> None:
    """Amounts are no part of what is looked at first: of many such rows all columns are."""
    monkeypatch.setattr(copies, "_MOST_COMPARED", most_compared)
    row = f"{nik(1)};SITI;PKH"
    text = f"nik;nama;program;nilai\n{row};1\n{row};2\n{row};1\n{row};3\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments")
    assert books(listed) == (4, 3, 0, 1, 0)
