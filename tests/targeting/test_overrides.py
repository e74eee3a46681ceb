from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.errors import ConfigError
from geo_target.targeting.overrides import Override, final_ranks, read_overrides
from tests.builders import nik, write_csv

CODES = ["A", "B", "C", "D", "E"]
DAY = date(2025, 9, 1)
REAL = ["36.73.01.1001", "36.73.01.1002", "36.73.01.1003"]

FILE = """
village_code  | place   | reason             | by          | date
36.73.01.1003 | first 1 | banjir bulan ini   | Siti Aminah | 2025-09-01
36.73.01.1001 | down 1  | sudah didatangi    | Siti Aminah | 2025-09-02
"""


def ranked(*ranks: int | None) -> pd.DataFrame:
    return pd.DataFrame(
        {"priority_rank": pd.array(ranks, dtype="Int64")},
        index=pd.Index(CODES[: len(ranks)], name="village_code"),
    )


def moved(code: str, *, steps: int = 0, first: int | None = None) -> Override:
    return Override(code, steps, first, "banjir", "Siti Aminah", DAY)


def order(table: pd.DataFrame) -> str:
    return "".join(table["final_rank"].dropna().sort_values(kind="stable").index)


def test_places_that_are_set_are_read(tmp_path: Path) -> None:
    first, second = read_overrides(write_csv(tmp_path / "urutan.csv", FILE), REAL)
    assert (first.village_code, first.first, first.steps) == (REAL[2], 1, 0)
    assert (first.reason, first.by, first.day) == ("banjir bulan ini", "Siti Aminah", DAY)
    assert (second.village_code, second.first, second.steps) == (REAL[0], None, -1)


def test_toml_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "urutan.toml"
    file.write_text(
        f'[[override]]\nvillage_code = "{REAL[1]}"\nplace = "up 2"\nreason = "x"\n'
        'by = "Siti Aminah"\ndate = 2025-09-01\n',
        encoding="utf-8",
    )
    (only,) = read_overrides(file, REAL)
    assert only == Override(REAL[1], 2, None, "x", "Siti Aminah", DAY)


@pytest.mark.parametrize(
    ("was", "becomes", "column"),
    [
        ("sudah didatangi", "", "reason"),
        ("sudah didatangi    | Siti Aminah", "sudah didatangi | ", "by"),
        ("down 1", "lower", "place"),
        ("down 1", "down 0", "place"),
        ("down 1", "down", "place"),
        ("2025-09-02", "kemarin", "date"),
        ("36.73.01.1001", "36.73.01.1009", "village_code"),
        ("36.73.01.1001", "36.73.01.1003", "village_code"),
        ("sudah didatangi", "x" * 201, "reason"),
        ("sudah didatangi", f"NIK {nik(1)}", "reason"),
        ("Siti Aminah | 2025-09-02", f"{nik(1)[:6]} {nik(1)[6:]} | 2025-09-02", "by"),
    ],
)
def test_without_reason_or_name_nothing_is_overridden(
    tmp_path: Path, was: str, becomes: str, column: str
) -> None:
    file = write_csv(tmp_path / "urutan.csv", FILE.replace(was, becomes))
    with pytest.raises(ConfigError) as refused:
        read_overrides(file, REAL)
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.row, fault.column) == (
        "E-OVERRIDE", "urutan.csv", 3, column,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], "ABCDE"),
        ([moved("D", first=1)], "DABCE"),
        ([moved("D", steps=2)], "ADBCE"),
        ([moved("B", steps=-2)], "ACDBE"),
        ([moved("B", steps=9)], "BACDE"),
        ([moved("B", steps=-9)], "ACDEB"),
        ([moved("A", first=3)], "ABCDE"),  # among the first three already
        ([moved("E", first=3)], "ABECD"),
        ([moved("D", first=1), moved("E", first=1)], "DEABC"),
        ([moved("E", first=1), moved("D", first=1)], "EDABC"),
        ([moved("A", steps=-9), moved("B", steps=-9)], "CDEBA"),
        ([moved("Z", first=1)], "ABCDE"),  # in no village of this table
    ],
)
def test_locked_rows_stand_and_the_others_follow(overrides: list[Override], expected: str) -> None:
    found = final_ranks(ranked(1, 2, 3, 4, 5), overrides)
    assert order(found) == expected
    assert found["priority_rank"].tolist() == [1, 2, 3, 4, 5]


def test_reason_and_name_stand_beside_the_computed_rank() -> None:
    found = final_ranks(ranked(1, 2, 3), [moved("C", first=1)])
    assert found["is_locked"].tolist() == [False, False, True]
    assert [*found.loc["C"]] == [3, 1, "1", True, "banjir", "Siti Aminah", DAY]
    assert found.loc["A", ["override_reason", "override_by", "override_on"]].isna().all()


def test_a_place_survives_the_next_run() -> None:
    overrides = [moved("E", first=2)]
    assert order(final_ranks(ranked(1, 2, 3, 4, 5), overrides)) == "AEBCD"
    assert (
        order(final_ranks(ranked(5, 4, 3, 2, 1), overrides)) == "EDCBA"
    )  # it came first by itself
    assert order(final_ranks(ranked(5, 3, 1, 2, 4), overrides)) == "CEDBA"


def test_equals_that_nobody_has_moved_stay_equals() -> None:
    assert final_ranks(ranked(1, 2, 2, 2, 5), [])["final_rank"].tolist() == [1, 2, 2, 2, 5]
    found = final_ranks(ranked(1, 2, 2, 2, 5), [moved("E", first=3)])
    assert found["final_rank"].tolist() == [1, 2, 4, 4, 3]
    assert found["final_label"].tolist() == ["1", "2", "=4", "=4", "3"]


def test_a_village_without_a_rank_is_placed_only_among_the_first() -> None:
    table = ranked(1, 2, None, None)
    found = final_ranks(table, [moved("C", steps=1), moved("D", first=1)])
    assert found["final_rank"].tolist() == [2, 3, pd.NA, 1]
    assert found["is_locked"].tolist() == [False, False, False, True]
    # That of C could not be followed; it was decided all the same.
    assert found["override_reason"].notna().tolist() == [False, False, True, True]
    assert final_ranks(table, [])["final_rank"].tolist() == [1, 2, pd.NA, pd.NA]


MOVES = st.builds(
    moved,
    st.sampled_from(CODES),
    steps=st.integers(-4, 4).filter(bool),
    first=st.none() | st.integers(1, 7),
)


@given(
    st.permutations(range(1, 6)), st.lists(MOVES, max_size=5, unique_by=lambda o: o.village_code)
)
def test_each_place_is_taken_once_and_the_unmoved_keep_their_order(
    ranks: list[int], overrides: list[Override]
) -> None:
    table = ranked(*ranks)
    found = final_ranks(table, overrides)
    assert sorted(found["final_rank"]) == [1, 2, 3, 4, 5]
    unmoved = found[~found["is_locked"]].sort_values("priority_rank")
    assert unmoved["final_rank"].is_monotonic_increasing
    reversed_ = final_ranks(table.iloc[::-1], overrides)
    pd.testing.assert_frame_equal(reversed_.sort_index(), found)
