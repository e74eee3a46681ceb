"""Tables by village are held to the families themselves: a fault in any of them stops the run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import pandas as pd
import pytest

from geo_target.errors import BalanceError
from geo_target.publishing.balance import balance_assessment, balance_villages
from geo_target.targeting.assessment import Assessment
from geo_target.targeting.program_states import STATES
from geo_target.workbench import Table, Workbench
from tests.builders import table

# F5 is of no village; F6 is not extreme poor.
FAMILIES = """
family_id  village_code  welfare_class  coverage_state
F1         A             extreme_poor   covered
F2         A             extreme_poor   uncovered
F3         B             extreme_poor   uncovered
F4         B             extreme_poor   unmatched
F5         -             extreme_poor   uncovered
F6         B             other          uncovered
"""
VILLAGES = pd.DataFrame(
    [[2, 2, 1, 1, 0], [3, 2, 0, 1, 1], [0, 0, 0, 0, 0]],
    index=["A", "B", "C"],
    columns=["families", "extreme_poor_families", "covered_families", "uncovered_families",
             "unmatched_families"],
)  # fmt: skip
STATE = ["covered_families", "uncovered_families", "unmatched_families"]
PLACES = ["A", "B", None]
BY_STATE = [[1, 1, 0], [0, 1, 1], [0, 1, 0]]


@dataclass
class Books:
    """The tables by village of these families, as frames that a test can spoil."""

    bench: Workbench
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def balance(self, villages: pd.DataFrame = VILLAGES) -> None:
        by_village = {name: self.bench.take(frame) for name, frame in self.tables.items()}
        profiles = by_village.pop("profiles")
        found = cast("Assessment", _Assessed(profiles, by_village))
        balance_assessment(table(self.bench, FAMILIES), villages, found, own="utama")


@dataclass(frozen=True)
class _Assessed:
    profiles: Table
    by_village: dict[str, Table]


@pytest.fixture
def books(bench: Workbench) -> Books:
    states = pd.DataFrame(BY_STATE, columns=STATE).assign(village_code=pd.Series(PLACES))
    programs = pd.DataFrame(
        [("A", True, 2), ("B", True, 2), ("B", False, 1), (None, True, 1)],
        columns=["village_code", "is_poor", "families"],
    ).assign(program="PKH", **{f"{state}_families": 0 for state in STATES})
    programs["uncovered_families"] = programs["families"]
    poor = states.assign(families=[2, 2, 1])[["village_code", "families"]]
    tables = {
        "program_villages": programs,
        "program_persons": programs.rename(columns=lambda one: one.replace("families", "persons")),
        "definition_villages": pd.concat([
            states.assign(definition="utama", families=[2, 2, 1]),
            poor.assign(definition="lain", covered_families=poor["families"],
                        uncovered_families=0, unmatched_families=0),
        ]),
        "reason_villages": poor.assign(
            families=1, reason="unexplained", office=["BPS", "Dinas Sosial", "BPS"]
        ),
        "lens_villages": states.assign(
            lens="female_head", families=[2, 2, 1], extreme_poor_families=[2, 2, 1],
            unknown_families=0),
        "convergence_villages": poor,
        "evidence_villages": poor,
        "flag_villages": poor,
        "verified_errors": pd.DataFrame({"code": ["A"]}),
        "profiles": pd.DataFrame({"reason_office": ["BPS", "BPS", "Dinas Sosial", None]}),
    }  # fmt: skip
    return Books(bench, tables)


def test_books_that_balance(books: Books) -> None:
    books.balance()


def one_more(name: str, column: str, row: int = 0) -> Callable[[Books], None]:
    def spoil(books: Books) -> None:
        frame = books.tables[name].reset_index(drop=True)
        counts = frame[column] + (frame.index == row)
        books.tables[name] = frame.assign(**{column: counts})

    return spoil


def moved(name: str) -> Callable[[Books], None]:
    """Counts of A and B are told of each other: all of them are right."""

    def spoil(books: Books) -> None:
        places = {"A": "B", "B": "A"}
        frame = books.tables[name]
        books.tables[name] = frame.assign(
            village_code=frame["village_code"].map(lambda code: places.get(code, code))
        )

    return spoil


def of_another_office(books: Books) -> None:
    books.tables["profiles"]["reason_office"] = ["BPS", "BPS", "BPS", None]


def states_swapped(books: Books) -> None:
    frame = books.tables["definition_villages"]
    books.tables["definition_villages"] = frame.rename(
        columns={"covered_families": "uncovered_families",
                 "uncovered_families": "covered_families"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (one_more("program_villages", "covered_families"), r"covered_families \+ .* \(A\)"),
        (one_more("program_persons", "covered_persons"), r"covered_persons \+ .* \(A\)"),
        (moved("program_villages"), r"program PKH \((A|B)\)"),
        (one_more("definition_villages", "covered_families"), r"covered_families \+ .* \(A\)"),
        (one_more("definition_villages", "families", 2), r"covered_families \+ .* \(-\)"),
        (states_swapped, "definition utama, covered_families"),
        (one_more("reason_villages", "families"), r"reasons \(A\) = 2"),
        (of_another_office, r"office \(BPS\) = 2"),
        (one_more("lens_villages", "covered_families"), r"covered_families \+ .* \(A\)"),
        (one_more("lens_villages", "extreme_poor_families"), r"lens female_head \(A\)"),
        (one_more("convergence_villages", "families"), r"convergence \(A\)"),
        (one_more("evidence_villages", "families", 2), r"evidence \(-\)"),
    ],
    ids=lambda value: "" if callable(value) else value,
)
def test_a_fault_in_any_table_is_found(
    books: Books, spoil: Callable[[Books], None], says: str
) -> None:
    spoil(books)
    with pytest.raises(BalanceError, match=says) as caught:
        books.balance()
    assert caught.value.faults[0].code == "E-BALANCE"


def test_a_village_of_the_village_table_is_held_to_its_families(books: Books) -> None:
    villages = VILLAGES.assign(covered_families=[0, 1, 0])  # of all as many
    with pytest.raises(BalanceError, match=r"covered_families \(A\) = 0"):
        books.balance(villages)


def test_a_village_that_has_no_row_is_missed(books: Books) -> None:
    with pytest.raises(BalanceError, match=r"families \(B\) = 0"):
        books.balance(VILLAGES.drop(index="B"))


@pytest.mark.parametrize("told", [["A", "B"], ["A", "B", "C", "D"], ["A", "B", "C", "C"]])
def test_the_village_table_has_the_villages_of_the_area(told: list[str]) -> None:
    balance_villages(["A", "B", "C"], VILLAGES)
    with pytest.raises(BalanceError, match=r"villages \([CD]\)"):
        balance_villages(["A", "B", "C"], pd.DataFrame(index=told))
