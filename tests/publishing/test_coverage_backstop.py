"""The last look at counts of coverage: tables that a person can count."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo_target.programs import programs
from geo_target.publishing import coverage_backstop
from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.audiences import MEETING
from geo_target.publishing.coverage_backstop import withhold_more
from geo_target.publishing.coverage_release import (
    CoverageRelease,
    coverage_seen_by,
    recall_coverage,
    remember_coverage,
)
from geo_target.publishing.coverage_shifts import Neighborhood
from geo_target.publishing.family_kinds import Question, family_kinds
from geo_target.publishing.interval_attack import GateError
from geo_target.settings import Coverage
from tests.publishing.coverage_worlds import ON

PKH, PBI = "enrolled PKH", "enrolled PBI_JK"
FOUR = ("covered_families", "uncovered_families", "unmatched_families", "extreme_poor_families")


def release(
    columns: Mapping[str, Sequence[int]],
    *,
    poor: Sequence[int],
    hidden: Mapping[str, str] | None = None,
    districts: str = "",
) -> CoverageRelease:
    """Villages a, b, c ...; PKH is what covers, and `hidden` says of which a column is withheld."""
    names = [*"abcdefgh"[: len(poor)]]
    covered = np.array(columns[PKH])
    uncovered = np.array(poor) - covered
    counts = pd.DataFrame(
        dict(zip(FOUR, (covered, uncovered, 0 * covered, np.array(poor)), strict=True))
        | {name: np.array(values) for name, values in columns.items()}, names,
    )  # fmt: skip
    places = pd.Series([*(districts or "X" * len(poor))], names, dtype="str")
    shown = pd.DataFrame(np.zeros(counts.shape, dtype=bool), names, counts.columns)
    for column, villages in (hidden or {}).items():
        shown.loc[[*villages], column] = True
    by_district = pd.DataFrame(
        np.ones((places.nunique(), counts.shape[1]), dtype=bool), sorted(set(places)),
        counts.columns,
    )  # fmt: skip
    by_district[[*FOUR]] = False
    return CoverageRelease(
        Question(
            tuple(name.removeprefix("enrolled ") for name in columns if name.startswith("enr")),
            {"own": Coverage(programs=("PKH",), on=ON)},
        ),
        places, counts, shown, by_district, by_district.iloc[0] & False,
    )  # fmt: skip


def withheld(found: CoverageRelease) -> set[str]:
    rows = found.villages.to_numpy()
    return {
        f"{found.villages.index[row]} {found.villages.columns[column]}"
        for row, column in zip(*np.nonzero(rows), strict=True)
    }


def test_what_tells_nothing_is_left_as_it_is() -> None:
    one = release({PKH: [20, 30], PBI: [0, 9]}, poor=[40, 60])
    found = withhold_more(one, None, 5)
    assert withheld(found) == set()
    assert not found.area.any()


def test_a_lone_withheld_count_takes_another_with_it() -> None:
    # 42 in all, 30 and 9 elsewhere: the 3 of a would follow.
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "a"})
    assert withheld(withhold_more(one, None, 5)) == {f"a {PBI}", f"c {PBI}"}


@pytest.mark.parametrize("hidden", ["", "a", "b", "c"])
def test_a_planted_fault_is_mended(hidden: str) -> None:
    # Of a and c, which are to be withheld, one or both are shown: the 3 of a is withheld again,
    # and another count with it.
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: hidden})
    found = withheld(withhold_more(one, None, 5))
    assert f"a {PBI}" in found
    assert len(found) > 1


def test_what_is_protected_stays_as_it_is() -> None:
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "ac"})
    assert withheld(withhold_more(one, None, 5)) == {f"a {PBI}", f"c {PBI}"}


def test_a_small_count_that_is_shown_is_withheld() -> None:
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50])
    assert f"a {PBI}" in withheld(withhold_more(one, None, 5))


def test_families_in_one_program_alone_are_not_few() -> None:
    # a: 20 have PKH, 23 PKH or PBI, 10 PBI: 7 have both. b: 3 of 40 have PBI alone.
    wider = Coverage(programs=("PKH", "PBI_JK"), on=ON)
    one = release({PKH: [20, 37, 30], PBI: [15, 20, 20], "covered wider": [30, 40, 40]},
                  poor=[50, 50, 50])  # fmt: skip
    question = replace(one.question, definitions={**one.question.definitions, "wider": wider})
    found = withheld(withhold_more(replace(one, question=question), None, 5))
    assert {of[0] for of in found} >= {"b"}
    assert len(found) > 1


def test_what_was_withheld_last_month_is_not_told_by_this_one() -> None:
    # b was withheld for a's sake, and has not changed; a has 6 by now. Were b shown, so were a's 3.
    before = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50], hidden={PBI: "ab"})
    now = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50])
    assert withheld(withhold_more(now, None, 5)) == set()
    assert f"b {PBI}" in withheld(withhold_more(now, before, 5))


def test_a_run_that_is_repeated_tells_no_more_than_it_did() -> None:
    # What the last run has withheld for the sake of the one before it stays so.
    before = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50], hidden={PBI: "ab"})
    now = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50])
    first = withhold_more(now, before, 5)
    assert withheld(withhold_more(now, first, 5)) == withheld(first) != set()


def test_a_run_is_not_repeated_if_it_shows_more_of_the_village_table() -> None:
    one = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50])
    less = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50],
                   hidden={"covered_families": "a"})  # fmt: skip
    other = release({PKH: [20, 60, 20], PBI: [6, 9, 31]}, poor=[50, 90, 50])
    assert one.repeats(one)
    assert less.repeats(one)
    assert not one.repeats(less)
    assert not one.repeats(other)


def test_flags_of_one_kind_may_be_withheld_more() -> None:
    # As a release that is read back has them: pandas lends out such a table to be read only.
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "a"})
    flags = [
        pd.DataFrame(part.to_numpy(dtype=bool, copy=True), part.index, part.columns)
        for part in (one.villages, one.by_district)
    ]
    one = replace(one, villages=flags[0], by_district=flags[1])
    assert withheld(withhold_more(one, None, 5)) == {f"a {PBI}", f"c {PBI}"}


def test_what_last_month_told_does_not_close_this_one() -> None:
    # An older version told the 3 of a.
    before = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50], hidden={PBI: "a"})
    now = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50])
    assert withheld(withhold_more(now, before, 5)) == set()


def test_a_month_of_other_districts_is_passed_over() -> None:
    before = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50], hidden={PBI: "ab"})
    now = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50], districts="XXY")
    assert withheld(withhold_more(now, before, 5)) == set()


def test_where_no_way_is_found_a_district_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Neighborhood, "look", lambda *_: None)
    monkeypatch.setattr(Neighborhood, "escape", lambda *_: None)
    one = release({PKH: [20, 60, 20, 30], PBI: [3, 30, 9, 30]}, poor=[50, 90, 50, 60],
                  hidden={PBI: "ac"}, districts="XXYY")  # fmt: skip
    found = withhold_more(one, None, 5)
    assert {f"{of} {name}" for of in "ab" for name in (PKH, PBI)} <= withheld(found)
    assert found.area[[PKH, PBI]].all()
    assert not found.villages[[*FOUR]].any(axis=None)


def test_the_same_is_withheld_every_time() -> None:
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "a"})
    first, second = (withhold_more(one, None, 5) for _ in range(2))
    pd.testing.assert_frame_equal(first.villages, second.villages)


def test_blocks_of_villages_hold_together(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {PKH: [20, 60, 20, 30], PBI: [3, 30, 9, 30]}
    one = release(columns, poor=[50, 90, 50, 60], hidden={PBI: "a"}, districts="XXYY")
    at_once = withheld(withhold_more(one, None, 5))
    monkeypatch.setattr(coverage_backstop, "_TOGETHER", 1)
    assert withheld(withhold_more(one, None, 5)) == at_once


def test_kinds_of_families_are_counted_once() -> None:
    one = release({PKH: [20], PBI: [3]}, poor=[50])
    kinds = family_kinds(one.question, [*one.counts.columns])
    # PKH covers: with PBI or without; who has none of it is uncovered or unmatched.
    assert kinds.counts["extreme_poor_families"].tolist() == [1.0] * 6
    assert kinds.counts[PKH].sum() == 2
    assert kinds.counts[PBI].sum() == 3


def test_a_program_that_all_members_must_have_makes_three_kinds() -> None:
    strict = Coverage(programs=("PBI_JK",), on=ON, member_counts_for_family=False)
    question = Question(("PBI_JK",), {"own": Coverage(programs=("PBI_JK",), on=ON),
                                      "strict": strict})  # fmt: skip
    kinds = family_kinds(question, [*FOUR, PBI, "covered strict"])
    # All members, some of them, none and compared, none and not compared.
    assert kinds.counts[PBI].tolist() == [0, 0, 1, 1]
    assert kinds.counts["covered strict"].tolist() == [0, 0, 0, 1]


def test_of_very_many_programs_not_every_set_is_a_kind() -> None:
    codes = [*programs()][:16]
    question = Question(tuple(codes), {"own": Coverage(programs=("PKH",), on=ON)})
    kinds = family_kinds(question, [*FOUR, *(f"enrolled {code}" for code in codes)])
    assert len(kinds.counts[PKH]) < 1000  # in place of 98,304
    of = {code: kinds.counts[f"enrolled {code}"] > 0 for code in codes}
    for one, other in combinations(codes, 2):
        assert (of[one] & of[other]).any()
    assert np.array([*of.values()]).all(axis=0).any()  # all of them


def test_of_very_many_programs_a_small_count_is_protected_all_the_same() -> None:
    others = {f"enrolled {code}": [20, 30, 25] for code in [*programs()][3:14]}
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9], **others}, poor=[50, 90, 50],
                  hidden={PBI: "a"})  # fmt: skip
    found = withheld(withhold_more(one, None, 5))
    assert {f"a {PBI}", f"c {PBI}"} <= found
    assert not {of for of in found if PKH in of}


def test_a_release_is_read_back_as_it_was(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    one = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "ac"},
                  districts="XXY")  # fmt: skip
    draft = Draft(archive, "000001-20261001T000000Z", None)
    remember_coverage(one, draft, MEETING)
    draft.folder.rename(tmp_path / draft.run_id)
    again = recall_coverage(archive, draft.run_id, MEETING)
    assert again.question == one.question
    assert again.is_of_the_places_of(one)
    for name in ("counts", "villages", "by_district"):
        left, right = getattr(again, name), getattr(one, name)
        assert [*left.index] == [*right.index]
        assert (left[right.columns] == right).all(axis=None)
    assert (again.area[one.area.index] == one.area).all()


def test_no_run_has_shown_nothing(tmp_path: Path) -> None:
    assert coverage_seen_by(Archive(tmp_path), MEETING) == []


def test_a_lost_release_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        recall_coverage(Archive(tmp_path), "000001-20261001T000000Z", MEETING)


def three_months() -> tuple[CoverageRelease, CoverageRelease, CoverageRelease]:
    """In the first b protects the 3 of a; then a has 6, and in the third c one family more."""
    first = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50], hidden={PBI: "ab"})
    second = release({PKH: [20, 60, 20], PBI: [6, 9, 30]}, poor=[50, 90, 50])
    third = release({PKH: [20, 60, 20], PBI: [6, 9, 31]}, poor=[50, 90, 50])
    return first, withhold_more(second, first, 5), third


def test_what_protected_a_count_two_months_ago_is_not_told_now() -> None:
    first, second, third = three_months()
    # Neither b's 9 nor a's 6 is small by now: the last month alone does not keep them.
    assert f"b {PBI}" not in withheld(withhold_more(third, second, 5))
    found = withhold_more(third, second, 5, [first])
    assert f"b {PBI}" in withheld(found)
    # Nor does b follow from the sum of the area.
    assert f"a {PBI}" in withheld(found) or found.area[PBI]


def test_a_month_that_comes_again_says_what_it_said() -> None:
    first, second, _ = three_months()
    again = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50])
    assert withheld(withhold_more(again, second, 5, [first])) == withheld(first)


def test_of_months_that_say_the_same_one_is_remembered() -> None:
    first, second, third = three_months()
    assert first.says_no_more_than(first)
    less = release({PKH: [20, 60, 20], PBI: [3, 9, 30]}, poor=[50, 90, 50], hidden={PBI: "abc"})
    assert less.says_no_more_than(first)
    assert not first.says_no_more_than(less)
    assert not second.says_no_more_than(third)
