"""Reading many answers is measured, at a small size."""

import pytest

from benchmarks import outcome_import


def test_every_kind_of_file_is_read_as_it_was_written() -> None:
    result = outcome_import.parse(20, "python -m benchmarks.outcome_import")
    (table,) = result.tables
    assert [row[0] for row in table.rows] == ["ODK Central, CSV", "Kobo, CSV", "Kobo, JSON"]
    assert all(isinstance(cell, float) and cell > 0 for row in table.rows for cell in row[1:])


def test_the_same_answers_are_made_each_time() -> None:
    first, again = (list(outcome_import.answers(50)) for _ in range(2))
    assert first == again
    assert len({one.submission_id for one in first}) == 50


def test_a_file_that_says_something_else_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = list(outcome_import.answers(2))
    monkeypatch.setitem(
        outcome_import._WRITERS, "Kobo, JSON", ("kobo", lambda _: b'{"results": []}')
    )
    with pytest.raises(AssertionError, match="is not what was written"):
        outcome_import.measure("Kobo, JSON", sent)
