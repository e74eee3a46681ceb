"""What a meeting is shown of the steps tells of no few families, nor does what else it is shown."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo_target.publishing.audiences import MEETING
from geo_target.publishing.shown_registers import publish_changes
from geo_target.publishing.shown_waterfall import Waterfall, publish_waterfall
from geo_target.publishing.waterfall import GAINS, LOSSES

C_GAINS = ("new", "lost", "re_matched", "re_classified", "re_placed")
C_LOSSES = ("gone", "covered", "re_matched", "re_classified", "re_placed")
#: Steps that a family may have in both tables, as (changes, waterfall).
PAIRS = [
    ("losses covered", "losses covered"), ("losses covered", "losses visit_covered"),
    ("losses covered", "losses re_matched"), ("losses re_classified", "losses died"),
    ("losses re_classified", "losses better_off"), ("losses gone", "losses gone"),
    ("losses re_matched", "losses unmatched"), ("", "losses visit_covered"),
    ("", "losses died"), ("", "losses gone"), ("", "losses unmatched"),
    ("gains re_matched", ""), ("gains new", "gains new"), ("gains lost", "gains lost"),
]  # fmt: skip


def told(
    joint: Mapping[tuple[str, str], int], *, new_unmatched: int = 20, shown_before: bool = True
) -> tuple[dict[str, Any], dict[str, Any], Waterfall]:
    """What is shown of families by their steps, where 5,000 were possibly untouched, 900 of them
    unmatched."""
    counts: dict[str, dict[str, int]] = {
        side: {c: sum(n for (_, step), n in joint.items() if step == f"{side} {c}") for c in causes}
        for side, causes in (("gains", GAINS), ("losses", LOSSES))
    }
    changed = {
        side: {c: sum(n for (step, _), n in joint.items() if step == f"{side} {c}") for c in causes}
        for side, causes in (("gains", C_GAINS), ("losses", C_LOSSES))
    }
    after = 5000 + sum(counts["gains"].values()) - sum(counts["losses"].values())
    # A made world: the books of both tables are each right by themselves.
    first = after - sum(changed["gains"].values()) + sum(changed["losses"].values())
    totals = {"uncovered_families": after,
              "unmatched_families": counts["losses"]["unmatched"] + new_unmatched}  # fmt: skip
    before = {"uncovered_families": first, "unmatched_families": 5000 - first}
    previous = {"totals": before, "as_of": "2025-09-01"} if shown_before else {}
    both = {"previous": "r1", "same_question": True, "before": first, "after": after, **changed}
    shown = publish_changes(both, MEETING, previous=previous, after=after)
    found = Waterfall({"previous": "r1", "before": 5000, "after": after, **counts}, joint)
    return (
        publish_waterfall(found, MEETING, changes=shown, previous=previous, totals=totals),
        shown,
        found,
    )


def large(value: int = 50) -> dict[tuple[str, str], int]:
    return dict.fromkeys(PAIRS, value)


def test_large_steps_are_told_and_add_up() -> None:
    shown, _, found = told(large())
    assert {side: shown[side] for side in ("gains", "losses")} == {
        side: {**found.counts[side], "all": sum(found.counts[side].values())}
        for side in ("gains", "losses")
    }
    assert (shown["before"], shown["previous_as_of"]) == (5000, "2025-09-01")


def test_a_small_step_is_withheld_and_so_is_what_would_tell_it() -> None:
    shown, _, _ = told(
        large() | {("", "losses died"): 3, ("losses re_classified", "losses died"): 0}
    )
    losses = shown["losses"]
    assert losses["died"] is None
    assert sum(value is None for value in losses.values()) > 1


def test_three_whom_only_the_two_tables_together_would_tell_are_not_told() -> None:
    """100 were covered by the one table and 97 of them by a list: the other three by their word."""
    joint = large() | {("losses covered", "losses visit_covered"): 3,
                       ("losses covered", "losses re_matched"): 0}  # fmt: skip
    shown, changes, _ = told(joint)
    assert changes["losses"]["covered"] is not None
    assert shown["losses"]["covered"] is None


def test_few_who_are_newly_unmatched_are_not_told_by_the_headline() -> None:
    assert told(large(), new_unmatched=20)[0]["losses"]["unmatched"] == 100
    assert told(large(), new_unmatched=2)[0]["losses"]["unmatched"] is None


def test_without_the_figure_before_nothing_is_told() -> None:
    shown, _, _ = told(large(), shown_before=False)
    assert shown["before"] is None
    assert {*shown["gains"].values(), *shown["losses"].values()} == {None}


def test_few_gains_in_all_close_the_table() -> None:
    joint = {pair: n for pair, n in large().items() if not pair[1].startswith("gains")}
    shown, _, _ = told(joint | {("gains new", "gains new"): 3})
    assert {*shown["losses"].values()} == {None}


@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7, 60]), min_size=14, max_size=14),
       st.sampled_from([0, 2, 9]))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_no_few_families_follow_from_what_is_shown(numbers: list[int], others: int) -> None:
    """Whoever solves for the families by both steps cannot tell few of them nearly."""
    joint = {pair: n for pair, n in zip(PAIRS, numbers, strict=True) if n}
    shown, changes, found = told(joint, new_unmatched=others)
    for side in ("gains", "losses"):
        for cause, value in shown[side].items():
            if cause != "all" and value is not None:
                assert value == found.counts[side][cause]
                assert value == 0 or value >= MEETING.smallest
    few = [n for n, pair in enumerate(PAIRS) if 0 < joint.get(pair, 0) < MEETING.smallest]
    if shown["losses"]["all"] is None:
        return  # nothing is told besides the other table
    unmatched = found.counts["losses"]["unmatched"] + others
    rows, sums = equations(changes, shown, unmatched)
    if 0 < others < MEETING.smallest:
        few.append(len(PAIRS))
    for place in few:
        least, most = (
            linprog(sign * np.eye(len(PAIRS) + 1)[place], A_eq=rows, b_eq=sums) for sign in (1, -1)
        )
        assert least.status == 0
        is_endless = most.status == 3
        assert is_endless or -most.fun - least.fun >= MEETING.smallest - 1e-6


def equations(
    changes: Mapping[str, Any], shown: Mapping[str, Any], unmatched: int
) -> tuple[list[list[int]], list[int]]:
    """All that is shown, over the families by both steps and those who are newly unmatched."""
    rows, sums = [], []
    for i, table in enumerate((changes, shown)):
        for side in ("gains", "losses"):
            for cause, value in table[side].items():
                if value is not None:
                    whole = side if cause == "all" else f"{side} {cause}"
                    rows.append(
                        [*(int(f"{pair[i]} ".startswith(f"{whole} ")) for pair in PAIRS), 0]
                    )
                    sums.append(value)
    rows.append([*(int(pair[1] == "losses unmatched") for pair in PAIRS), 1])
    signs = {"gains": 1, "losses": -1, "": 0}
    rows.append([*(signs[pair[0].split(" ")[0]] for pair in PAIRS), 0])
    return rows, [*sums, unmatched, changes["after"] - changes["before"]]


@pytest.mark.parametrize("small", [*product([3], range(14))])
def test_any_small_cell_alone_is_hidden(small: tuple[int, int]) -> None:
    value, place = small
    joint = large() | {PAIRS[place]: value}
    shown, _, found = told(joint)
    for side in ("gains", "losses"):
        for cause, count in found.counts[side].items():
            assert not 0 < count < 5 or shown[side][cause] is None
