import pandas as pd
import pytest

from geo_target.errors import BalanceError
from geo_target.intake.lists import IntakeReport
from geo_target.publishing.balance import balance_families
from geo_target.workbench import Workbench
from tests.builders import table

FAMILIES = """
family_id  village_code  location_status
F1         A             located
F2         A             unlocated
F3         -             outside
"""
VILLAGES = {
    "district_code": ["D"], "families": [2], "extreme_poor_families": [2],
    "covered_families": [1], "uncovered_families": [1], "unmatched_families": [0],
}  # fmt: skip


def test_books_that_balance(bench: Workbench) -> None:
    books = balance_families(table(bench, FAMILIES), pd.DataFrame(VILLAGES, index=["A"]))
    assert books == {
        "total": 3, "located": 1, "unlocated": 1, "outside": 1, "in_villages": 2, "unplaced": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"families": [3]}, {"uncovered_families": [2]}, {"extreme_poor_families": [1]}]
)
def test_books_that_do_not_are_never_published(
    bench: Workbench, wrong: dict[str, list[int]]
) -> None:
    with pytest.raises(BalanceError, match="E-BALANCE"):
        balance_families(table(bench, FAMILIES), pd.DataFrame({**VILLAGES, **wrong}, index=["A"]))


def test_a_list_whose_rows_do_not_add_up_is_a_fault() -> None:
    with pytest.raises(BalanceError, match="10 != 9"):
        IntakeReport("f.csv", "p", "", 1, ";", "utf-8", 10, 5, 1, 1, 2)
