"""Benchmarks of fieldwork on worlds that a person can count."""

import pytest

from benchmarks import next_visit_value
from benchmarks.next_visit_value import (
    A_DAY,
    TRIALS,
    Worked,
    World,
    anywhere,
    bootstrap,
    by_list,
    by_lot,
    by_value,
    is_confirmed,
    own_villages,
    result,
    tried,
)
from benchmarks.results import markdown
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visits import Target

NEAR, FAR = "36.73.01.1001", "36.73.01.1002"


def outcome(family: str, code: str, programs: tuple[str, ...] | None = ()) -> Outcome:
    return Outcome(family, family, code, "odk", programs=programs)


@pytest.mark.parametrize(
    ("code", "programs", "counts"),
    [
        ("found_eligible", (), True),
        ("eligible_with_intervention", ("PBI_APBD",), True),
        ("found_eligible", ("PKH",), False),
        ("found_eligible", None, False),
        ("better_off", (), False),
        ("not_found", None, False),
    ],
)
def test_who_is_confirmed(code: str, programs: tuple[str, ...] | None, *, counts: bool) -> None:
    assert is_confirmed(outcome("A", code, programs)) is counts


def world(*, rich: str, poor: str, each: int) -> World:
    """Two villages of as many families: in one everybody is reached, in the other nobody."""
    targets = [
        Target(f"{village}-{number:03d}", village, rw="001", rt="001", coverage_state="unmatched")
        for village in (rich, poor)
        for number in range(each)
    ]
    outcomes = {
        one.family_id: outcome(
            one.family_id, "found_eligible", ("PKH",) if one.village_code == rich else ()
        )
        for one in targets
    }
    return World(targets, outcomes, {one.family_id: (106.15, -6.12) for one in targets})


def test_operators_stay_in_their_village_and_facilitators_do_not() -> None:
    targets = world(rich=NEAR, poor=FAR, each=30).targets

    own = own_villages(targets)
    assert [(len(day), {one.village_code for one in day}) for day in own] == [
        (A_DAY, {NEAR}), (A_DAY, {FAR}),
    ]  # fmt: skip
    days = anywhere(targets)
    assert [len(day) for day in days] == [12, 12, 12, 12, 12]
    assert {one.family_id for day in days for one in day} == {one.family_id for one in targets}


def test_the_first_days_are_not_counted_and_a_day_is_hours() -> None:
    """Of 60 families a village 36 are visited first; a day of 12 visits is 6 hours."""
    worked = tried(world(rich=NEAR, poor=FAR, each=60), by_list, trial=TRIALS[0], days=1)

    assert worked == Worked(confirmed=12, visits=24, hours=12.0)
    assert worked.an_hour == 1


def test_who_goes_anywhere_goes_to_where_more_has_been_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(next_visit_value, "FACILITATORS", 2)
    both = world(rich=NEAR, poor=FAR, each=120)

    listed, lot, value = (
        tried(both, rule, trial=TRIALS[1], days=1) for rule in (by_list, by_lot, by_value)
    )

    assert (listed.confirmed, value.confirmed) == (0, 24)
    assert 0 < lot.confirmed < 24


def test_the_interval_holds_the_mean_and_narrows_with_worlds() -> None:
    mean, low, high = bootstrap([1.0, 1.2] * 5)
    assert mean == pytest.approx(1.1)
    assert 1.0 <= low < mean < high <= 1.2
    _, lower, higher = bootstrap([1.0, 1.2] * 50)
    assert higher - lower < high - low
    assert bootstrap([1.5, 1.5]) == (1.5, 1.5, 1.5)


def test_a_result_names_ratio_and_interval() -> None:
    rules = {
        "list": [Worked(10, 24, 10.0), Worked(10, 24, 10.0)],
        "lot": [Worked(10, 24, 10.0), Worked(20, 24, 10.0)],
        "value": [Worked(20, 24, 10.0), Worked(30, 24, 10.0)],
    }
    text = markdown(result(dict.fromkeys(TRIALS, rules), command="python -m"))
    assert "| facilitators anywhere | list | 2.5 | 2 | 3 | 2 | 2 |" in text
    assert "| facilitators anywhere | lot | 1.75 | 1.5 | 2 | 2 | 2 |" in text
