"""Who is visited, who is not, and in which order."""

from datetime import date, timedelta

import pytest

from geo_target.fieldwork.outcome_codes import asking_for_a_return, confirming
from geo_target.fieldwork.selection import Selection, Wanted, select
from geo_target.fieldwork.visits import Target
from tests.fieldwork.villages import ids

TODAY = date(2023, 8, 7)
PEOPLE = [
    Target("1", "a.1", rw="001", cluster_id="rw:a.1/001", reason="no_match"),
    Target("2", "a.1", rw="002", evidence_on=date(2023, 1, 5), reason="not_proposed"),
    Target("3", "a.2", coverage_state="unmatched", evidence_on=date(2022, 6, 1)),
    Target("4", "a.2", coverage_state="covered"),
    Target("5", "b.1", cluster_id="points:7", reason="no_match"),
    Target("6", "b.1", cluster_id="points:7"),
]


def chosen(wanted: Wanted, **given: object) -> Selection:
    return select(PEOPLE, wanted, today=TODAY, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), "56123"),
        (Wanted(order="list"), "12356"),
        (Wanted(order="evidence"), "15632"),
        (Wanted(cluster_ids=["points:7"]), "56"),
        (Wanted(cluster_ids=["rw:a.1/001", "points:7"]), "561"),
        (Wanted(cluster_ids=["rw:a.1/001"], village_codes=["a.2"]), "13"),
        (Wanted(district_codes=["a"]), "123"),
        (Wanted(village_codes=["a.2"]), "3"),
        (Wanted(states=["unmatched"]), "3"),
        (Wanted(states=["covered"]), "4"),
        (Wanted(reasons=["no_match"]), "51"),
        (Wanted(evidence_before=date(2023, 1, 5)), "5613"),
        (Wanted(evidence_before=date(2023, 1, 6)), "56123"),
        (Wanted(limit=2), "56"),
        (Wanted(cluster_ids=["nothing"]), ""),
    ],
)
def test_who_is_asked_for(wanted: Wanted, found: str) -> None:
    assert "".join(ids(chosen(wanted).targets)) == found


def test_who_is_left_out_is_counted_by_reason() -> None:
    assert chosen(Wanted(limit=2)).skipped == {"state": 1, "limit": 3}
    assert chosen(Wanted(reasons=["no_match"])).skipped == {"state": 1, "reason": 3}
    assert chosen(Wanted(evidence_before=date(2023, 1, 1))).skipped == {"state": 1, "evidence": 1}
    assert chosen(Wanted(village_codes=["a.1"])).skipped == {}  # nobody else was asked for


def test_what_a_visit_is_worth_sets_the_order() -> None:
    worth = {"3": 2.0, "1": 1.0, "6": 1.0}
    assert ids(chosen(Wanted(order="value"), values=worth).targets) == ["3", "1", "6", "2", "5"]


def test_without_any_value_the_order_is_that_of_clusters() -> None:
    assert chosen(Wanted(order="value")) == chosen(Wanted(order="cluster"))


@pytest.mark.parametrize(
    ("result", "days", "why"),
    [
        ("complete", 89, "visited"), ("complete", 90, None), (None, 89, "visited"),
        ("not_found", 6, "return"), ("not_found", 7, None), ("empty", 7, None),
        ("empty_house", 7, None), ("refused", 8, None), ("moved", 8, "visited"),
    ],
)  # fmt: skip
def test_nobody_is_visited_twice_but_where_nobody_was_met(
    result: str | None, days: int, why: str | None
) -> None:
    someone = Target("1", "a.1", last_visited_on=TODAY - timedelta(days=days), last_result=result)
    assert list(select([someone], Wanted(), today=TODAY).skipped) == ([why] if why else [])


def test_a_family_is_chosen_once() -> None:
    assert len(select([*PEOPLE, *PEOPLE], Wanted(), today=TODAY).targets) == 5


def test_codes_of_outcomes_say_what_comes_next() -> None:
    assert asking_for_a_return() == {"empty_house", "empty", "refused", "not_found"}
    assert confirming() == {"found_eligible", "eligible_with_intervention"}
