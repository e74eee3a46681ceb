"""Families that are counted in one of two runs only, each with one cause."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.errors import BalanceError
from geo_target.publishing.changes import (
    GAINS,
    LOSSES,
    balance_changes,
    find_changes,
    is_same_question,
)
from geo_target.registry.memory import Memory
from geo_target.schemas import COVERAGE_STATES, SNAPSHOT_CHANGES, check
from geo_target.workbench import Table, Workbench
from tests.builders import family_keys, table

HEAD = "family_id village_code welfare_class coverage_state\n"
COUNTED = "V extreme_poor uncovered"


def keys(bench: Workbench, text: str) -> Table:
    return family_keys(table(bench, "register family_id register_family_id\n" + text))


def causes(bench: Workbench, before: str, now: str, memory: Memory, found: Table) -> dict[str, Any]:
    changes = find_changes(table(bench, HEAD + now), found, table(bench, HEAD + before), memory)
    rows = check(changes, SNAPSHOT_CHANGES).rows()
    return {r["family_id"]: ("+" if r["is_gain"] else "-", r["cause"]) for r in rows}


def change(bench: Workbench, before: str, now: str) -> dict[str, Any]:
    """Of family F, whose row is the same in both runs."""
    own = keys(bench, "p3ke F F\np3ke G G")
    other = "G V other uncovered\n"  # a family that is never counted
    was, is_ = (other + (f"F {state}" if state else "") for state in (before, now))
    return causes(bench, was, is_, Memory(own), own)


@pytest.mark.parametrize(
    ("before", "now", "gained", "lost"),
    [
        ("", COUNTED, "new", "gone"),
        ("V extreme_poor covered", COUNTED, "lost", "covered"),
        ("V extreme_poor unmatched", COUNTED, "re_matched", "re_matched"),
        ("V other uncovered", COUNTED, "re_classified", "re_classified"),
        ("V unknown covered", COUNTED, "re_classified", "re_classified"),
        ("- extreme_poor uncovered", COUNTED, "re_placed", "re_placed"),
        ("- extreme_poor unmatched", COUNTED, "re_placed", "re_placed"),
        ("- other covered", COUNTED, "re_classified", "re_classified"),  # the first that is true
    ],
)
def test_each_cause(bench: Workbench, before: str, now: str, gained: str, lost: str) -> None:
    assert change(bench, before, now) == {"F": ("+", gained)}
    assert change(bench, now, before) == {"F": ("-", lost)}


@pytest.mark.parametrize(
    ("before", "now"),
    [(COUNTED, COUNTED), (COUNTED, "W extreme_poor uncovered"), ("", "V poor uncovered"),
     ("V extreme_poor covered", "V extreme_poor unmatched")],
)  # fmt: skip
def test_who_is_counted_in_both_or_neither_has_no_cause(
    bench: Workbench, before: str, now: str
) -> None:
    assert change(bench, before, now) == {}


def test_families_that_are_one_now_are_matched_not_gone(bench: Workbench) -> None:
    apart, joined = keys(bench, "p3ke A A\ndtsen B D"), keys(bench, "p3ke A A\ndtsen A D")
    two, one = f"A V extreme_poor covered\nB {COUNTED}", "A V extreme_poor covered"
    assert causes(bench, two, one, Memory(apart), joined) == {"B": ("-", "re_matched")}
    assert causes(bench, one, two, Memory(joined), apart) == {"B": ("+", "re_matched")}


def test_row_two_of_another_file_is_no_family_of_last_month(bench: Workbench) -> None:
    then, now = keys(bench, "dtks A a.csv#2"), keys(bench, "dtks B a.csv#2")
    memory = Memory(then, frozenset({"a.csv"}))
    found = causes(bench, f"A {COUNTED}", f"B {COUNTED}", memory, now)
    assert found == {"A": ("-", "gone"), "B": ("+", "new")}
    same = replace(memory, unchanged=frozenset({"a.csv"}))
    assert causes(bench, f"A {COUNTED}", f"B {COUNTED}", same, now) == {
        "A": ("-", "re_matched"), "B": ("+", "re_matched"),
    }  # fmt: skip


one = st.tuples(
    st.sampled_from(["V", "W", None]),
    st.sampled_from(["extreme_poor", "extreme_poor", "poor", "other", "unknown"]),
    st.sampled_from(COVERAGE_STATES),
)
run_ = st.dictionaries(st.sampled_from("ABCDEF"), one, max_size=6)


@given(run_, run_)
@settings(max_examples=60, deadline=None)
def test_before_and_gains_less_losses_is_after(before: dict[str, Any], now: dict[str, Any]) -> None:
    kinds = dict.fromkeys(HEAD.split(), "varchar")

    def number(found: dict[str, Any]) -> int:
        return sum(
            village is not None and (welfare, state) == ("extreme_poor", "uncovered")
            for village, welfare, state in found.values()
        )

    with Workbench() as bench:
        then, here = (
            bench.take_rows(kinds, [(f, *v) for f, v in r.items()]) for r in (before, now)
        )
        own = family_keys(bench.take_rows(
            dict.fromkeys(("register", "register_family_id", "family_id"), "varchar"),
            [("p3ke", f, f) for f in {*before, *now}],
        ))  # fmt: skip
        changes = check(find_changes(here, own, then, Memory(own)), SNAPSHOT_CHANGES)
        books = balance_changes(changes, then, number(now))
        assert books["before"] == number(before)
        assert (
            books["before"] + sum(books["gains"].values()) - sum(books["losses"].values())
            == (books["after"])
        )
        assert tuple(books["gains"]) == GAINS
        assert tuple(books["losses"]) == LOSSES
        assert sum(books["gains"].values()) + sum(books["losses"].values()) == len(changes)
        with pytest.raises(BalanceError, match="E-BALANCE"):
            balance_changes(changes, then, number(now) + 1)


def test_a_cause_on_the_wrong_side_is_not_published(bench: Workbench) -> None:
    before = table(bench, HEAD + f"F {COUNTED}")
    wrong = table(bench, "family_id is_gain cause\nF yes gone\nG no new", {"is_gain": "boolean"})
    with pytest.raises(BalanceError):
        balance_changes(wrong, before, 1)


SETTINGS: dict[str, Any] = {
    "area": {"code": "36.73"}, "registry": {"base": "p3ke-family"}, "welfare": {"rule": "listed"},
    "coverage": {"programs": ["PKH"], "on": "2025-09-01", "member_counts_for_family": True},
}  # fmt: skip


@pytest.mark.parametrize(
    ("section", "key", "value", "is_same"),
    [("coverage", "on", "2025-10-01", True), ("coverage", "programs", ["PKH", "PBI_JK"], False),
     ("welfare", "rule", "decile", False), ("area", "code", "36.04", False),
     ("registry", "base", "dtsen", False)],
)  # fmt: skip
def test_only_another_day_asks_the_same(
    section: str, key: str, value: Any, *, is_same: bool
) -> None:
    other = {**SETTINGS, section: {**SETTINGS[section], key: value}}
    assert is_same_question(other, SETTINGS) == is_same
