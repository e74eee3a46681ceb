"""What ODK, Kobo and a sheet write of an answer is read as that answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.fieldwork.kobo_csv import write_kobo_csv
from geo_target.fieldwork.kobo_json import write_kobo_json
from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_sheets import write_return_sheet
from geo_target.fieldwork.returns import read_returns
from tests.fieldwork.answers import NOW, found, outcomes

Write = Callable[[Sequence[Outcome]], bytes]
FORMS: dict[str, tuple[str, Write]] = {
    "odk-csv": ("odk", write_odk_csv),
    "kobo-csv": ("kobo", write_kobo_csv),
    "kobo-json": ("kobo", write_kobo_json),
}


@pytest.mark.parametrize("kind", FORMS)
def test_an_answer_with_everything_comes_back(kind: str) -> None:
    source, write = FORMS[kind]
    sent = [found(source=source), found(source=source, submission_id="second", note=None)]
    back = read_returns(write(sent), name="berkas", received_at=NOW)
    assert (back.kind, back.rows, back.refused, back.faults) == (kind, 2, 0, [])
    assert back.outcomes == sent


@pytest.mark.parametrize("kind", FORMS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_answer_comes_back(kind: str, data: st.DataObject) -> None:
    source, write = FORMS[kind]
    sent = data.draw(st.lists(outcomes(source), max_size=3))
    back = read_returns(write(sent), name="berkas", received_at=NOW)
    assert back.faults == []
    assert back.outcomes == sent


@settings(max_examples=25, deadline=None)
@given(sent=st.lists(outcomes("xlsx"), min_size=1, max_size=3))
def test_any_row_of_a_sheet_comes_back(sent: list[Outcome]) -> None:
    content = write_return_sheet(sent)
    back = read_returns(content, name="berkas", received_at=NOW)
    assert back.faults == []
    assert [replace(one, submission_id="") for one in back.outcomes] == [
        replace(one, submission_id="") for one in sent
    ]
    again = read_returns(content, name="lain.xlsx", received_at=NOW)
    assert again.outcomes == back.outcomes
