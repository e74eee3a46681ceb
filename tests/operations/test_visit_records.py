"""What is kept of officers, visits and outcomes comes back as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visits import Target
from geo_target.operations.visit_records import content_hash, plain, read

FULL = Outcome(
    "uuid:1", "K7Q2M4A", "found_eligible", "kobo",
    visited_on=date(2025, 10, 6), officer="wati", device_at=datetime(1970, 1, 1, tzinfo=UTC),
    lon=106.15, lat=-6.12, accuracy_m=4.5, programs=("PKH",), given={"rt": "5"},
    corrected={"rt": "6"}, signs={"food": True}, housing={"floor": "tanah"},
    duplicate_of="F-2", respondent="istri", note="atap bocor", warnings=("W-CLOCK",),
)  # fmt: skip
TARGET = Target("F-1", "36.73.01.1001", "002", "005", "Kubang", "unmatched", "no_list", "c1",
                date(2025, 1, 1), "list", 106.1, -6.1, date(2025, 8, 1), "empty_house")  # fmt: skip


def test_a_whole_outcome_and_a_whole_target_come_back() -> None:
    assert read(Outcome, plain(FULL)) == FULL
    assert read(Target, plain(TARGET)) == TARGET


def test_only_what_was_said_is_kept() -> None:
    assert plain(Outcome("1", "A", "moved", "odk")) == {
        "submission_id": "1", "visit_code": "A", "outcome": "moved", "source": "odk",
    }  # fmt: skip


def test_asked_and_none_is_not_the_same_as_not_asked() -> None:
    asked = Outcome("1", "A", "moved", "odk", programs=())
    assert read(Outcome, plain(asked)).programs == ()
    assert read(Outcome, plain(replace(asked, programs=None))).programs is None


def test_a_field_that_there_is_no_more_is_left_out() -> None:
    assert read(Outcome, plain(FULL) | {"photo": "x"}) == FULL


def test_the_sum_is_of_what_is_said_not_of_how_it_came() -> None:
    sent = replace(FULL, submission_id="uuid:2", source="odk", warnings=())
    sums = [content_hash(plain(one)) for one in (FULL, sent, replace(FULL, note="atap"))]
    assert sums[0] == sums[1] != sums[2]


texts = st.text(max_size=8)
outcomes = st.builds(
    Outcome,
    texts, texts, texts, texts,
    visited_on=st.none() | st.dates(),
    device_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    lon=st.none() | st.floats(allow_nan=False),
    programs=st.none() | st.lists(texts, max_size=3).map(tuple),
    corrected=st.dictionaries(texts, texts, max_size=3),
    signs=st.dictionaries(texts, st.booleans(), max_size=3),
    note=st.none() | texts,
)  # fmt: skip


@given(outcomes)
def test_any_outcome_comes_back(outcome: Outcome) -> None:
    assert read(Outcome, plain(outcome)) == outcome
