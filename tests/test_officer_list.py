"""Officers as an office lists them."""

from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import ConfigError
from geo_target.fieldwork.visits import Officer, OfficerKind
from geo_target.officer_list import read_officers

_CODES = ["36.73.01.1001", "36.73.01.1002", "36.73.02.1001"]
_HEADER = "name,display_name,kind,villages,home_village_code,visits_per_day,days_off\n"


def _read(tmp_path: Path, rows: str, header: str = _HEADER) -> list[Officer]:
    file = tmp_path / "petugas.csv"
    file.write_text(header + rows, "utf-8")
    return read_officers(file, _CODES)


def test_operators_and_facilitators_are_read(tmp_path: Path) -> None:
    rows = (
        "op.cipare,Siti Aminah,operator,36.73.01.1001 3673011002,,,\n"
        "pkh-01,Udin,Pendamping PKH,,36.73.02.1001,10,2026-12-24 2026-12-26\n"
    )
    operator, facilitator = _read(tmp_path, rows)
    assert operator == Officer(
        "op.cipare", "Siti Aminah", OfficerKind.OPERATOR, ("36.73.01.1001", "36.73.01.1002"),
        "36.73.01.1001", 12,
    )  # fmt: skip
    assert facilitator.kind is OfficerKind.FACILITATOR
    assert (facilitator.visits_per_day, len(facilitator.days_off)) == (10, 2)
    assert date(2026, 12, 24) in facilitator.days_off


def test_a_short_list_has_names_alone(tmp_path: Path) -> None:
    (only,) = _read(tmp_path, "op.cipare,Siti\n", header="name,display_name\n")
    assert (only.kind, only.villages, only.visits_per_day) == (OfficerKind.OPERATOR, (), 12)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Siti Aminah,Siti,,,,,", "name"),
        ("op.cipare,,,,,,", "display_name"),
        ("op.cipare,Siti,raja,,,,", "kind"),
        ("op.cipare,Siti,,36.73.09.1001,,,", "villages"),
        ("op.cipare,Siti,,,36.73.09.1001,,", "home_village_code"),
        ("op.cipare,Siti,,,,0,", "visits_per_day"),
        ("op.cipare,Siti,,,,99,", "visits_per_day"),
        ("op.cipare,Siti,,,,,besok", "days_off"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, f"op.baik,Baik,,,,,\n{row}\n")
    (fault,) = caught.value.faults
    assert (fault.code, fault.row, fault.column) == ("E-OFFICER", 3, column)


def test_one_name_is_one_officer(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, "op.a,A,,,,,\nOP.A,B,,,,,\n")
    assert [fault.row for fault in caught.value.faults] == [3]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, "x,,raja,,,0,besok\n")
    assert len(caught.value.faults) == 5
