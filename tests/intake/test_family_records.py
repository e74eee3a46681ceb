"""What P3KE says of its records: the civil registry's word, their day, flags of programs."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import ConfigError
from geo_target.intake.days import parse_record_day
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named, profiles
from geo_target.intake.values import ValueFault
from geo_target.resources import use_profiles
from geo_target.workbench import Workbench
from tests.builders import write_csv


def read(
    bench: Workbench, folder: Path, headers: str, *cells: str, profile: str = "p3ke-family"
) -> AgencyList:
    lines = [f"K{i} | 3673021007 | {line}" for i, line in enumerate(cells)]
    named = profile_named(profile)
    needed = [named.columns[name][0] for name in ("family_id", "village_code")]
    file = write_csv(folder / "list.csv", "\n".join([" | ".join([*needed, headers]), *lines]))
    return read_list(bench, file, profile=named, as_of=date(2025, 9, 1))


def column(listed: AgencyList, name: str) -> list[Any]:
    return [row[name] for row in sorted(listed.table.rows(), key=lambda row: row["row"])]


# ------------------------------------------------------------------------- the civil registry


@pytest.mark.parametrize("header", ["NIK Kepala Keluarga Padan Kemdagri", "Padan Dukcapil"])
def test_the_words_of_the_civil_registry(tmp_path: Path, bench: Workbench, header: str) -> None:
    said = ["PADAN", "Tidak Padan", "KOSONG", "YA", "TIDAK", "", "mungkin"]
    listed = read(bench, tmp_path, header, *said)
    assert column(listed, "civil_registry") == [
        "matched", "unmatched", "missing", "matched", "unmatched", None, None]  # fmt: skip
    assert [(f["row"], f["column"], f["code"]) for f in listed.faults.rows()] == [
        (8, "civil_registry", "E-CIVIL-REGISTRY")]  # fmt: skip
    assert listed.report.accepted == 7  # the row stays


def test_the_canonical_layout_has_it_too(tmp_path: Path, bench: Workbench) -> None:
    head = "civil_registry | flagged_programs | as_of"
    listed = read(
        bench, tmp_path, head, "matched | PKH+BST | 2024", "missing | |", profile="families"
    )
    assert column(listed, "civil_registry") == ["matched", "missing"]
    assert column(listed, "flagged_programs") == ["PKH+BST", None]
    assert column(listed, "as_of") == [date(2024, 12, 31), None]


# ------------------------------------------------------------------------ the day of the record


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2023", date(2023, 12, 31)),  # the youngest that it can be
        ("Tahun 2023", date(2023, 12, 31)),
        ("2025", date(2025, 9, 1)),  # not after the list
        ("15/03/2024", date(2024, 3, 15)),
        ("2026", "E-DATE-FUTURE"),
        ("02/09/2025", "E-DATE-FUTURE"),
        ("1899", "E-DATE"),
        ("23", "E-DATE"),
        ("tahun lalu", "E-DATE"),
    ],
)
def test_a_year_alone_becomes_its_last_day(said: str, expected: date | str) -> None:
    if isinstance(expected, date):
        assert parse_record_day(said, date(2025, 9, 1)) == expected
    else:
        with pytest.raises(ValueFault, match=expected):
            parse_record_day(said, date(2025, 9, 1))


def test_a_family_is_as_old_as_its_own_record(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, tmp_path, "Dimuktakhirkan Tahun", "2023", "2025", "", "2026")
    assert column(listed, "as_of") == [date(2023, 12, 31), date(2025, 9, 1), None, None]
    assert listed.report.set_aside == {"E-DATE-FUTURE": 1}
    assert listed.report.accepted == 4


# --------------------------------------------------------------------------- flags of programs


def test_flags_of_a_family_are_kept_in_the_order_of_the_catalogue(
    tmp_path: Path, bench: Workbench
) -> None:
    listed = read(
        bench, tmp_path, "Penerima BST | Penerima SEMBAKO | Penerima PKH | Penerima KUR",
        "Ya | Ya | Ya | Tidak", "Tidak | Tidak | Ya | Tidak", "Tidak | tidak | 0 | 2",
        "KOSONG | | Ya | ", "KOSONG | | |", "KOSONG | - | Tidak |",
    )  # fmt: skip
    assert column(listed, "flagged_programs") == ["PKH+SEMBAKO+BST", "PKH", "", "PKH", None, ""]
    assert (listed.report.profile, listed.report.set_aside) == ("p3ke-family", {})
    assert listed.profile.role == "families"  # a row a family: no flag is an enrollment
    assert (listed.report.rows, len(listed.table)) == (6, 6)
    assert "Penerima PKH" in listed.report.columns.values()


def test_a_program_of_two_names_is_one(tmp_path: Path, bench: Workbench) -> None:
    listed = read(
        bench, tmp_path, "Penerima SEMBAKO | Penerima BPNT",
        "Ya | Ya", "Ya | Tidak", "Tidak | Ya", " | Ya", "Tidak | ",
    )  # fmt: skip
    assert column(listed, "flagged_programs") == [*["SEMBAKO"] * 4, ""]


def test_the_misspelling_of_2022_is_read(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, tmp_path, "Penerima BNPT", "Ya", "Tidak")
    assert column(listed, "flagged_programs") == ["SEMBAKO", ""]


def test_a_flag_that_cannot_be_read_is_no_flag(tmp_path: Path, bench: Workbench) -> None:
    listed = read(
        bench, tmp_path, "Penerima PKH | Penerima BST", "mungkin | Ya", "mungkin | ", "Ya | 9"
    )
    assert column(listed, "flagged_programs") == ["BST", None, "PKH"]
    assert sorted((f["row"], f["column"], f["code"]) for f in listed.faults.rows()) == [
        (2, "flag_0", "E-FLAG"), (3, "flag_0", "E-FLAG"), (4, "flag_5", "E-FLAG")]  # fmt: skip
    assert listed.report.columns["flag_5"] == "Penerima BST"
    assert (listed.report.accepted, listed.report.set_aside) == (3, {"E-FLAG": 3})


def test_a_list_without_flags_says_nothing_of_programs(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, tmp_path, "Desil", "1")
    assert column(listed, "flagged_programs") == [None]


LAYOUT = """
name = "own"
register = "own"
role = "families"
[title]
id = "a"
en = "a"
[columns]
family_id = ["ID"]
village_code = ["KODE"]
[[flag]]
program = "PKH"
header = ["PKH"]
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", ""),
        ('header = ["PKH"]', 'header = ["PKH"]\nperiod = ["TAHAP"]', "period"),
        ('"families"', '"enrollments"', "period"),
        ('"families"', '"points"', "[[flag]]"),
        ('"PKH"\nheader', '"PKHX"\nheader', "PKHX"),
    ],
)
def test_flags_of_a_layout_of_ones_own(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "own.toml").write_text(LAYOUT.replace(old, new), "utf-8")
    use_profiles(tmp_path)
    try:
        if words:
            with pytest.raises(ConfigError, match="E-PROFILE-FILE") as caught:
                profiles()
            assert words in caught.value.faults[0].text()
        else:
            assert profiles()["own"].flag[0].period == ()
    finally:
        use_profiles(None)
