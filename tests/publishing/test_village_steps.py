"""Few families that came or went tell of no village what its table withholds."""

from typing import Any

import pandas as pd
import pytest

from geo_target.publishing.audiences import COUNTS, GROUP, MEETING
from geo_target.publishing.interval_attack import Release, Suppression, margins_of
from geo_target.publishing.releases import is_all_withheld
from geo_target.publishing.shown_registers import _publish_steps
from geo_target.publishing.shown_waterfall import Waterfall
from geo_target.publishing.village_steps import Steps, steps_tell
from geo_target.publishing.waterfall import GAINS, LOSSES

UNCOVERED = ["uncovered_families"]


def release(*rows: tuple[int, int], hidden: str = "", index: str = "abcdefgh") -> Release:
    """Covered and uncovered of villages a, b, c ...; both are withheld of the hidden ones."""
    table = pd.DataFrame(
        [(covered, uncovered, 0, covered + uncovered) for covered, uncovered in rows],
        [*index[: len(rows)]], [*COUNTS],
    ).assign(**{GROUP: "X"})  # fmt: skip
    cells = pd.DataFrame(data=False, index=table.index, columns=[*COUNTS])
    cells.loc[[*hidden], [*COUNTS[:2]]] = True
    sums = margins_of(table, COUNTS, GROUP) < 0
    return Release(table, Suppression(cells, sums))


BEFORE = release((20, 10), (20, 6), (30, 30), (40, 40))
#: One of a, two of b and two of d went, five came to c: of the 5 that went a and b had 3.
NOW = release((21, 9), (22, 4), (25, 35), (42, 38), hidden="ab")


def tells(gains: int, losses: int, before: Release = BEFORE, now: Release = NOW) -> bool:
    return steps_tell([Steps(UNCOVERED, gains, losses)], before, now, MEETING.smallest)


def test_where_few_went_no_village_had_more_of_them() -> None:
    # a had 10 and has 7 to 10, b had 6 and has 3 to 6; their sum alone leaves b 0 to 13.
    assert tells(5, 5)
    assert not tells(25, 25)


@pytest.mark.parametrize("more", [0, 1, 2, 3])
def test_what_is_told_is_what_counting_finds(more: int) -> None:
    # a and b have 13 in all. Of c 5 came at least, of d 2 went at least.
    found = [
        a for a in range(14)
        if max(10 - a, 0) + max(6 - (13 - a), 0) <= 3 + more
        and max(a - 10, 0) + max(13 - a - 6, 0) <= more
    ]  # fmt: skip
    assert tells(5 + more, 5 + more) == (max(found) - min(found) < MEETING.smallest)


def test_where_nothing_is_withheld_nothing_is_told() -> None:
    open_ = release((21, 9), (22, 4), (25, 35), (42, 38))
    assert not tells(5, 5, now=open_)


def test_of_other_villages_nobody_has_asked() -> None:
    assert tells(25, 25, now=release((21, 9), index="e"))


def test_a_table_that_tells_nothing_is_told_nothing_of() -> None:
    everything = Suppression(~(NOW.suppression.cells & False), ~(NOW.suppression.margins & False))
    silent = Release(NOW.table, everything)
    assert is_all_withheld(silent)
    assert not tells(25, 25, now=silent)


def steps(went: int, tables: Any) -> dict[str, Any]:
    """Five came and five went as a list says; between one of the two tables and the other."""
    sides = {"gains": dict.fromkeys(GAINS, 0) | {"new": went},
             "losses": dict.fromkeys(LOSSES, 0) | {"covered": went}}  # fmt: skip
    changes = {"previous": "1", "same_question": True, "before": 86, "after": 86, **sides}
    joint = {("gains new", "gains new"): went, ("losses covered", "losses covered"): went}
    totals = {"uncovered_families": 86, "unmatched_families": 0}
    return _publish_steps(
        MEETING, changes=changes, waterfall=Waterfall(changes, joint), totals=totals,
        previous={"as_of": "2025-09-01", "totals": totals}, tables=tables,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["changes", "waterfall"])
def test_steps_that_would_tell_are_not_shown(name: str) -> None:
    alone, beside, many = steps(5, None), steps(5, (BEFORE, NOW)), steps(25, (BEFORE, NOW))
    for side in ("gains", "losses"):
        assert alone[name][side]["all"] == 5
        assert {*beside[name][side].values()} == {None}
        assert many[name][side]["all"] == 25
    assert (beside[name]["before"], beside[name]["after"]) == (86, 86)
