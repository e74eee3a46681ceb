"""Several answers to one visit."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from geo_target.fieldwork.conflicts import Decided, Received, standing
from geo_target.fieldwork.outcome_codes import codes
from tests.fieldwork.answers import NOW, found

#: A row: submission, code, hour of the server.
Row = tuple[str, str, int]


def came(row: Row, **changed: object) -> Received:
    name, code, hour = row
    outcome = found(submission_id=name, outcome=code, submitted_at=None, **changed)
    return Received(outcome, NOW + timedelta(hours=hour))


@pytest.mark.parametrize(
    ("rows", "current", "is_conflict"),
    [
        # one answer
        ([("a", "found_eligible", 1)], "a", False),
        # the same twice, by two people
        ([("a", "died", 1), ("b", "died", 2)], "b", False),
        # two that differ: the newest stands until somebody decides
        ([("a", "found_eligible", 1), ("b", "better_off", 2)], "b", True),
        # a return visit after nobody was met
        ([("a", "empty_house", 1), ("b", "found_eligible", 2)], "b", False),
        ([("a", "not_found", 1), ("b", "refused", 2)], "b", False),
        ([("a", "refused", 1), ("b", "refused", 2), ("c", "died", 3)], "c", False),
        # nobody met after somebody was: they differ, and the completed one stands
        ([("a", "found_eligible", 1), ("b", "not_found", 2)], "a", True),
        ([("a", "not_found", 1), ("b", "died", 2), ("c", "moved", 3)], "c", True),
        # an edit of one submission is no second answer
        ([("a", "found_eligible", 1), ("a", "better_off", 2)], "a", False),
        ([("a", "found_eligible", 1), ("b", "died", 2), ("a", "died", 3)], "b", False),
        ([("a", "died", 1), ("b", "died", 2), ("a", "moved", 3)], "b", True),
    ],
)
def test_which_answer_stands(rows: list[Row], current: str, is_conflict: bool) -> None:  # noqa: FBT001
    for order in permutations(rows):
        now = standing([came(row) for row in order])
        assert now.current is not None
        assert now.current.outcome.submission_id == current
        assert now.is_conflict is is_conflict
        assert [(v.outcome.submission_id, v.outcome.outcome) for v in now.versions] == [
            (name, code) for name, code, _ in rows
        ]


def test_no_answer_is_no_answer() -> None:
    now = standing([])
    assert (now.current, now.versions, now.is_conflict) == (None, [], False)
    assert not now.ends_eligibility


def test_what_an_answer_says_is_more_than_its_code() -> None:
    first = came(("a", "found_eligible", 1))
    alike: dict[str, object] = {"note": "lain", "lon": 1.0, "signs": {}, "housing": {}}
    for part, value in alike.items():
        other = came(("b", "found_eligible", 2), **{part: value})
        assert not standing([first, other]).is_conflict, part
    unlike: dict[str, object] = {"programs": (), "corrected": {"rt": "1"}, "duplicate_of": "X"}
    for part, value in unlike.items():
        other = came(("b", "found_eligible", 2), **{part: value})
        assert standing([first, other]).is_conflict, part
    order = [came(("a", "died", 1), programs=("PKH", "SEMBAKO")),
             came(("b", "died", 2), programs=("SEMBAKO", "PKH"))]  # fmt: skip
    assert not standing(order).is_conflict


def test_answers_that_came_in_one_file_are_parted_by_their_forms_server_or_their_day() -> None:
    by_server = [
        Received(found(submission_id="b", outcome="empty_house", submitted_at=NOW), NOW),
        Received(found(submission_id="a", submitted_at=NOW - timedelta(days=1)), NOW),
    ]
    assert standing(by_server).is_conflict  # somebody was met, and nobody afterwards
    by_day = [
        Received(found(submission_id="b", outcome="empty_house", submitted_at=None,
                       visited_on=date(2026, 11, 20)), NOW),
        Received(found(submission_id="a", submitted_at=None, visited_on=date(2026, 11, 21)), NOW),
    ]  # fmt: skip
    assert not standing(by_day).is_conflict
    # Nobody is later than the day on which we had it.
    late = Received(found(submission_id="z", submitted_at=NOW + timedelta(days=900)), NOW)
    later = Received(found(submission_id="a", submitted_at=None), NOW + timedelta(hours=1))
    assert standing([late, later]).current == later


@pytest.mark.parametrize(
    ("rows", "current", "is_conflict"),
    [
        ([], "a", False),
        # what says the same changes nothing; what differs asks again, and the choice stands
        ([("c", "found_eligible", 6)], "a", False),
        ([("c", "moved", 6)], "a", True),
        ([("b", "moved", 6)], "a", True),
        # an edit of what was chosen undoes the choice
        ([("a", "moved", 6)], "b", True),
    ],
)
def test_what_was_decided_stands_until_there_is_news(
    rows: list[Row],
    current: str,
    is_conflict: bool,  # noqa: FBT001
) -> None:
    first: list[Row] = [("a", "found_eligible", 1), ("b", "better_off", 2)]
    decided = Decided("a", NOW + timedelta(hours=5))
    now = standing([came(row) for row in first + rows], decided=decided)
    assert now.current is not None
    assert now.current.outcome.submission_id == current
    assert now.is_conflict is is_conflict
    assert len(now.versions) == 2 + len(rows)


def test_a_choice_of_nobody_met_gives_way_to_a_return_visit() -> None:
    rows: list[Row] = [("a", "refused", 1), ("b", "refused", 2), ("c", "moved", 6)]
    decided = Decided("a", NOW + timedelta(hours=5))
    now = standing([came(row) for row in rows], decided=decided)
    assert now.current == came(rows[2])
    assert not now.is_conflict
    both = standing([came(row) for row in [*rows, ("d", "died", 7)]], decided=decided)
    assert both.is_conflict


def test_that_nobody_was_found_ends_nothing() -> None:
    ending = {code for code in codes() if standing([came(("a", code, 1))]).ends_eligibility}
    assert ending == {"better_off", "died", "moved", "part_of_other", "duplicate"}
    coming_back = {code for code, its in codes().items() if its.returns}
    assert coming_back == {"empty_house", "refused", "not_found"}
    disagreeing = [came(("a", "found_eligible", 1)), came(("b", "died", 2))]
    assert not standing(disagreeing).ends_eligibility
