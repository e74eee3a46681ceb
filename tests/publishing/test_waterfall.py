"""From possibly untouched to uncovered: each family one cause, and the steps add up."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.errors import BalanceError
from geo_target.publishing.changes import find_changes
from geo_target.publishing.waterfall import (
    GAINS,
    LOSSES,
    REAL,
    balance_waterfall,
    find_waterfall,
    joint_counts,
)
from geo_target.registry.memory import Memory
from geo_target.schemas import COVERAGE_STATES, ENDINGS, SNAPSHOT_WATERFALL, check
from geo_target.workbench import Table, Workbench
from tests.builders import family_keys, table

COLUMNS = {"family_id": "varchar", "village_code": "varchar", "welfare_class": "varchar",
           "coverage_state": "varchar", "ended_by": "varchar", "is_state_by_visit": "boolean",
           "corrected_on": "date"}  # fmt: skip
HEAD = " ".join(COLUMNS) + "\n"
KEYS = {"register": "varchar", "register_family_id": "varchar", "family_id": "varchar"}
POOR = "V extreme_poor"
OPEN, NOBODY_KNOWS = f"{POOR} uncovered - no -", f"{POOR} unmatched - no -"
PAID, TOLD = f"{POOR} covered - no -", f"{POOR} covered - yes -"
FIXED, FIXED_LATER = (f"{POOR} covered - no 2025-0{month}-01" for month in (8, 9))


def keys(bench: Workbench, text: str) -> Table:
    return family_keys(table(bench, "register family_id register_family_id\n" + text))


def causes(bench: Workbench, before: str, now: str, memory: Memory, found: Table) -> dict[str, Any]:
    then, here = (table(bench, HEAD + text, COLUMNS) for text in (before, now))
    rows = check(find_waterfall(here, found, then, memory), SNAPSHOT_WATERFALL).rows()
    assert all(row["is_real"] == (row["cause"] in REAL) for row in rows)
    return {r["family_id"]: ("+" if r["is_gain"] else "-") + r["cause"] for r in rows}


@pytest.mark.parametrize(
    ("before", "now", "cause"),
    [
        (OPEN, PAID, "-covered"),
        (OPEN, TOLD, "-visit_covered"),
        (NOBODY_KNOWS, TOLD, "-visit_covered"),
        (OPEN, FIXED, "-re_matched"),  # its number was corrected
        (f"{POOR} uncovered - no 2025-08-01", FIXED_LATER, "-re_matched"),
        (f"{POOR} uncovered - no 2025-08-01", FIXED, "-covered"),  # long corrected, paid since
        (NOBODY_KNOWS, PAID, "-re_matched"),
        (NOBODY_KNOWS, NOBODY_KNOWS, "-unmatched"),
        (OPEN, NOBODY_KNOWS, "-unmatched"),
        *((OPEN, f"V other uncovered {why} no -", f"-{why}") for why in ENDINGS),
        (NOBODY_KNOWS, "- other covered died yes -", "-died"),
        (OPEN, "V other uncovered - no -", "-re_classified"),
        (OPEN, "- extreme_poor uncovered - no -", "-re_placed"),
        (OPEN, "", "-gone"),
        (NOBODY_KNOWS, "", "-gone"),
        ("", OPEN, "+new"),
        (PAID, OPEN, "+lost"),
        (TOLD, OPEN, "+re_matched"),  # only its own word covered it, which is too old by now
        ("V other uncovered died no -", OPEN, "+re_classified"),
        ("- extreme_poor covered - no -", OPEN, "+re_placed"),
    ],
)
def test_each_cause(bench: Workbench, before: str, now: str, cause: str) -> None:
    own = keys(bench, "p3ke F F\np3ke G G")
    other = "G V other uncovered - no -\n"  # a family that is never counted
    was, is_ = (other + (f"F {state}" if state else "") for state in (before, now))
    assert causes(bench, was, is_, Memory(own), own) == {"F": cause}


@pytest.mark.parametrize(
    ("before", "now"),
    [(OPEN, OPEN), (NOBODY_KNOWS, OPEN), ("", NOBODY_KNOWS), ("", PAID), (PAID, NOBODY_KNOWS)],
)
def test_who_is_on_the_way_from_start_to_end_is_no_step(
    bench: Workbench, before: str, now: str
) -> None:
    own = keys(bench, "p3ke F F")
    was, is_ = (f"F {state}" if state else "" for state in (before, now))
    assert causes(bench, was, is_, Memory(own), own) == {}


def test_families_that_are_one_now_are_matched_not_gone(bench: Workbench) -> None:
    apart, joined = keys(bench, "p3ke A A\ndtsen B D"), keys(bench, "p3ke A A\ndtsen A D")
    two, one = f"A {PAID}\nB {OPEN}", f"A {PAID}"
    assert causes(bench, two, one, Memory(apart), joined) == {"B": "-re_matched"}
    assert causes(bench, one, two, Memory(joined), apart) == {"B": "+re_matched"}


one = st.tuples(
    st.sampled_from(["V", "W", None]),
    st.sampled_from(["extreme_poor", "extreme_poor", "extreme_poor", "poor", "unknown"]),
    st.sampled_from(COVERAGE_STATES),
    st.sampled_from([None, None, None, *ENDINGS]),
    st.booleans(),
    st.sampled_from([None, "2025-08-01", "2025-09-01"]),
)
run_ = st.dictionaries(st.sampled_from("ABCDEFGH"), one, max_size=8)


def rows_of(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """A visit that ends a family makes its class another."""
    return [(f, v, "other" if ended else w, s, ended, by, on)
            for f, (v, w, s, ended, by, on) in found.items()]  # fmt: skip


def number(rows: list[tuple[Any, ...]], *states: str) -> int:
    return sum(
        village is not None and welfare == "extreme_poor" and state in states
        for _, village, welfare, state, *_ in rows
    )


@given(run_, run_)
@settings(max_examples=60, deadline=None)
def test_the_steps_add_up_whatever_happens(before: dict[str, Any], now: dict[str, Any]) -> None:
    was, is_ = rows_of(before), rows_of(now)
    after = number(is_, "uncovered")
    with Workbench() as bench:
        then, here = (bench.take_rows(COLUMNS, rows) for rows in (was, is_))
        own = family_keys(bench.take_rows(KEYS, [("p3ke", f, f) for f in {*before, *now}]))
        steps = check(find_waterfall(here, own, then, Memory(own)), SNAPSHOT_WATERFALL)
        books = balance_waterfall(steps, then, after)
        assert books["before"] == number(was, "uncovered", "unmatched")
        gained, lost = (sum(books[side].values()) for side in ("gains", "losses"))
        assert books["before"] + gained - lost == after
        assert (tuple(books["gains"]), tuple(books["losses"])) == (GAINS, LOSSES)
        assert gained + lost == len(steps)
        changes = find_changes(here, own, then, Memory(own))
        joint = joint_counts(changes, steps)
        for cause, count in books["losses"].items():
            named = sum(n for (_, step), n in joint.items() if step == f"losses {cause}")
            assert named == count
        with pytest.raises(BalanceError, match="E-BALANCE"):
            balance_waterfall(steps, then, after + 1)


def test_a_cause_on_the_wrong_side_is_not_published(bench: Workbench) -> None:
    before = table(bench, HEAD + f"F {OPEN}", COLUMNS)
    wrong = table(bench, "family_id is_gain cause\nF yes covered", {"is_gain": "boolean"})
    with pytest.raises(BalanceError):
        balance_waterfall(wrong, before, 2)
