"""Searches that leave unknowns out: what they find is a table like any other."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import LinearConstraint

from geo_target.publishing import coverage_backstop, coverage_searches
from geo_target.publishing.coverage_backstop import withhold_more
from geo_target.publishing.coverage_models import Narrowed
from geo_target.publishing.coverage_months import Month, Target, month_of, truth_of
from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.coverage_searches import Searches
from geo_target.publishing.coverage_shifts import Neighborhood
from tests.publishing.test_coverage_backstop import PBI, PKH, release, withheld

ALL = np.array([0, 1, 2])
#: c's PBI is one more in the second month; of a and b nothing has changed.
THEN = release({PKH: [20, 60, 20], PBI: [3, 30, 8]}, poor=[50, 90, 50], hidden={PBI: "abc"})
NOW = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "abc"})


def near_of(*releases: CoverageRelease) -> tuple[Neighborhood, list[Month]]:
    months = [month_of(one) for one in releases]
    table = [month.exact[: month.villages] for month in months]
    return Neighborhood(months, ALL, 5, table=table), months


def small(months: list[Month]) -> Target:
    """The 3 of a that have PBI, in the last month."""
    row = months[-1].kinds.known_by.index(((PBI,), ()))
    return Target(len(months) - 1, 0, row)


def agrees(near: Neighborhood, found: np.ndarray) -> bool:
    """Whether a table is whole and keeps every rule, every shown count and every link."""
    values = near.forms @ found
    kept = bool(np.allclose(values[~near.hidden()], near.right[~near.hidden()]))
    rules = [*near.rules, LinearConstraint(near.links, near.linked, near.linked)]
    for rule in rules if near.links.shape[0] else near.rules:
        much = rule.A @ found
        kept &= bool((much <= rule.ub + 1e-6).all() and (much >= rule.lb - 1e-6).all())
    return kept and bool((found >= 0).all() and (found == np.round(found)).all())


def test_a_table_of_few_kinds_agrees_with_all_that_is_shown() -> None:
    near, months = near_of(NOW)
    searches, goal = Searches(months), np.ones(near.many)
    first = searches.look(near, goal)
    assert first is not None
    second = near.look(goal, Narrowed(used=np.tile(searches.used[0], 3)))
    assert second is not None
    assert agrees(near, first)
    assert agrees(near, second)
    assert not second[~np.tile(searches.used[0], 3)].any()


def test_villages_that_have_not_changed_hold_the_same_families() -> None:
    near, months = near_of(THEN, NOW)
    found = near.look(np.zeros(near.many), Narrowed(is_alike=True))
    assert found is not None
    assert agrees(near, found)
    then, now = near.tables(found)
    assert (then[:2] == now[:2]).all()
    assert (then[2] @ months[0].counts.T != now[2] @ months[1].counts.T).any()


def test_of_other_questions_no_village_is_alike() -> None:
    other = replace(NOW, question=replace(NOW.question, carried=("PKH", "PBI_JK", "SEMBAKO")))
    assert near_of(THEN, NOW)[0].alike is not None
    assert near_of(THEN, other)[0].alike is None
    assert near_of(NOW)[0].alike is None


def test_a_count_that_is_protected_is_found_to_be_so() -> None:
    near, months = near_of(NOW)
    target, known = small(months), truth_of(months[0])[:3]
    found = near.quiet(target, known)
    assert found is not None
    assert agrees(near, found)
    many = float((near.row_of(target) @ found)[0])
    assert many == 0 or many >= 5


def test_a_count_that_is_told_is_not_found_to_be_protected() -> None:
    alone = release({PKH: [20, 60, 20], PBI: [3, 30, 9]}, poor=[50, 90, 50], hidden={PBI: "a"})
    near, months = near_of(alone)
    target, known = small(months), truth_of(months[0])[:3]
    assert near.quiet(target, known) is None
    assert Searches(months).quiet(near, target, known, [np.zeros(near.many)] * 2) is None


def test_where_the_kinds_that_were_of_use_do_not_do_all_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near, months = near_of(NOW)
    searches = Searches(months)
    monkeypatch.setattr(coverage_searches, "_LEARNING", 0)  # and none was of use
    found = searches.look(near, np.zeros(near.many))
    assert found is not None
    assert searches.used[0].any()


def test_the_same_is_withheld_by_all_kinds_and_by_few(monkeypatch: pytest.MonkeyPatch) -> None:
    one = release({PKH: [20, 60, 20, 30], PBI: [3, 30, 9, 30]}, poor=[50, 90, 50, 60],
                  hidden={PBI: "a"}, districts="XXYY")  # fmt: skip
    monkeypatch.setattr(coverage_backstop, "_TOGETHER", 1)
    by_all = withheld(withhold_more(one, None, 5))
    monkeypatch.setattr(coverage_searches, "_LEARNING", 1)
    assert withheld(withhold_more(one, None, 5)) == by_all


def test_when_the_work_is_more_than_is_allowed_districts_tell_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = release({PKH: [20, 60, 20, 30], PBI: [3, 30, 9, 30]}, poor=[50, 90, 50, 60],
                  hidden={PBI: "a"}, districts="XXYY")  # fmt: skip
    in_time = withhold_more(one, None, 5)
    monkeypatch.setattr(coverage_backstop, "_MOST_WORK", 0)
    found = withhold_more(one, None, 5)
    assert {f"{of} {name}" for of in "ab" for name in (PKH, PBI)} <= withheld(found)
    assert found.area[[PKH, PBI]].all()
    assert withheld(in_time) == {f"a {PBI}", f"c {PBI}"}
    assert (in_time.looked["given_up"], found.looked["given_up"]) == (0, 1)
