"""Rows that differ only in a column that nobody reads are no copies."""

from pathlib import Path

from geo_target.workbench import Workbench
from tests.builders import nik
from tests.intake.test_lists import books, csv_file, read


def test_rows_that_differ_in_an_unread_column_are_no_copies(
    tmp_path: Path, bench: Workbench
) -> None:
    text = f"no;nik;ket\n1;{nik(1)};Januari\n2;{nik(1)};Februari\n3;{nik(1)};Februari\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments")
    assert books(listed) == (3, 2, 0, 1, 0)
