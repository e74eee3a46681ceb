from pathlib import Path

import pandas as pd
import pytest

from geo_target.errors import ConfigError, Fault
from geo_target.targeting.official_list import compare_lists, read_official_list
from tests.builders import write_csv

CODES = ["36.73.01.1001", "36.73.01.1002", "36.73.01.1003", "36.73.01.1004"]
A, B, C, D = CODES

DECREE = """
sk_number      | date       | village_code  | order | reason
050/12-Bappeda | 2025-02-01 | 36.73.01.1002 | 2     | usul kecamatan
050/12-Bappeda | 2025-02-01 | 3673011001    | 1     |
"""


def faults_of(file: Path) -> list[Fault]:
    with pytest.raises(ConfigError) as refused:
        read_official_list(file, CODES)
    assert {fault.code for fault in refused.value.faults} == {"E-OFFICIAL-LIST"}
    assert all(fault.id != fault.en for fault in refused.value.faults)
    return list(refused.value.faults)


def test_a_decree_is_read(tmp_path: Path) -> None:
    found = read_official_list(write_csv(tmp_path / "sk.csv", DECREE), CODES)
    assert (found.number, found.day.isoformat()) == ("050/12-Bappeda", "2025-02-01")
    assert [(v.village_code, v.order, v.reason) for v in found.villages] == [
        (B, 2, "usul kecamatan"), (A, 1, ""),
    ]  # fmt: skip
    assert found.ranks([A, B, C]) == [1, 2, 0]


def test_of_toml_the_number_stands_once(tmp_path: Path) -> None:
    file = tmp_path / "sk.toml"
    file.write_text(
        f'sk_number = "1"\ndate = 2025-02-01\n[[village]]\nvillage_code = "{A}"\n'
        f'[[village]]\nvillage_code = "{C}"\nreason = "banjir"\n',
        encoding="utf-8",
    )
    found = read_official_list(file, CODES)
    assert found.number == "1"
    assert [(v.village_code, v.order) for v in found.villages] == [(A, None), (C, None)]
    assert found.ranks([A, B, C]) == [1, 0, 1]


@pytest.mark.parametrize(
    ("was", "becomes", "row", "column"),
    [
        ("3673011001", "36.99.01.1001", 3, "village_code"),
        ("3673011001", B, 3, "village_code"),
        ("01 | 3673", "30-99 | 3673", 3, "date"),
        ("| 1     |", "|       |", 3, "order"),
        ("| 1     |", "| satu  |", 3, "order"),
    ],
)
def test_a_wrong_row_is_told(tmp_path: Path, was: str, becomes: str, row: int, column: str) -> None:
    faults = faults_of(write_csv(tmp_path / "sk.csv", DECREE.replace(was, becomes)))
    assert (faults[0].file, faults[0].row, faults[0].column) == ("sk.csv", row, column)


def test_what_is_wrong_with_the_whole(tmp_path: Path) -> None:
    def told(text: str) -> list[tuple[int | None, str]]:
        return [(f.row, f.column) for f in faults_of(write_csv(tmp_path / "sk.csv", text))]

    assert told(DECREE.replace("050/12-Bappeda | 2025-02-01 | 3673", " | 2025-02-01 | 3673")) == [
        (3, "sk_number"), (None, "sk_number"),
    ]  # fmt: skip
    assert told(DECREE.replace("| 1     |", "| 2     |")) == [(2, "order"), (3, "order")]
    assert told(DECREE.replace("village_code ", "kode ")) == [(None, "village_code")]
    assert told("sk_number | date | village_code") == [(None, "")]
    assert told(DECREE.replace("usul kecamatan", "usul | kecamatan")) == [(2, "")]
    assert [f.column for f in faults_of(tmp_path / "nothing.csv")] == [""]
    broken = tmp_path / "sk.toml"
    broken.write_text("village = 3\n", encoding="utf-8")
    assert len(faults_of(broken)) == 1


def ranked() -> pd.DataFrame:
    return pd.DataFrame(
        {"priority_rank": pd.array([1, 2, 3, None], dtype="Int64"),
         "uncovered_families": pd.array([90, 50, 20, None], dtype="Int64")},
        index=pd.Index(CODES, name="village_code"),
    )  # fmt: skip


def test_both_lists_beside_each_other_with_reasons(tmp_path: Path) -> None:
    text = DECREE.replace("3673011001", C)
    found = compare_lists(read_official_list(write_csv(tmp_path / "sk.csv", text), CODES), ranked())
    assert found[["on", "why"]].to_dict("index") == {
        A: {"on": "computed", "why": "not_named"},
        B: {"on": "both", "why": "agreed"},
        C: {"on": "official", "why": "ranked_lower"},
    }
    assert found["uncovered_families"].tolist() == [90, 50, 20]
    assert found["official_order"].tolist() == [pd.NA, 2, 1]
    assert found.loc[B, "official_reason"] == "usul kecamatan"


def test_a_village_whose_count_is_not_shown_is_on_the_decree_alone(tmp_path: Path) -> None:
    text = DECREE.replace("3673011001", D)
    decree = read_official_list(write_csv(tmp_path / "sk.csv", text), CODES)
    found = compare_lists(decree, ranked(), first=1)
    assert found["why"].to_dict() == {A: "not_named", B: "ranked_lower", D: "not_ranked"}
    assert found.loc[D, ["priority_rank", "uncovered_families"]].isna().all()


def test_equals_of_the_last_place_are_all_held_against_the_decree(tmp_path: Path) -> None:
    decree = read_official_list(write_csv(tmp_path / "sk.csv", DECREE), CODES)
    equals = ranked().assign(priority_rank=pd.array([1, 2, 2, None], dtype="Int64"))
    assert compare_lists(decree, equals)["on"].to_dict() == {A: "both", B: "both", C: "computed"}
