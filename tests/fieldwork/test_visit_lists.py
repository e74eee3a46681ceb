"""What visits found, as the next run reads it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visit_codes import new_codes, printed
from geo_target.fieldwork.visit_lists import (
    PROPOSAL_COLUMNS,
    VISIT_COLUMNS,
    Finding,
    write_proposals,
    write_visits,
)
from geo_target.intake.profiles import profile_named

_CAME = datetime(2025, 10, 14, 5, 0, tzinfo=UTC)
_MET = Outcome(
    "s-1", "AAAA", "found_eligible", "odk", visited_on=date(2025, 10, 13), programs=(),
    lon=106.15, lat=-6.12, accuracy_m=8.0, given={"rt": "001"}, corrected={"rt": "002"},
)  # fmt: skip


def _finding(outcome: Outcome = _MET, **changes: Any) -> Finding:
    return Finding(replace(outcome, **changes), f"K-{outcome.visit_code}", _CAME)


def _rows(*findings: Finding, ids: dict[str, str] | None = None) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    write_visits(findings, out, ids=ids or {})
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_a_visit_has_what_was_found_and_no_value_of_the_list() -> None:
    (row,) = _rows(_finding())
    told = {name: cell for name, cell in row.items() if cell}
    assert told == {
        "visit_code": "AAAA", "family_id": "K-AAAA", "visited_on": "2025-10-13",
        "result": "complete", "verdict": "fit", "programs": "none", "lon": "106.15",
        "lat": "-6.12", "accuracy_m": "8.0", "rt": "002",
        "submitted_at": "2025-10-14T05:00:00+00:00",
    }  # fmt: skip
    assert tuple(row) == VISIT_COLUMNS


def test_a_place_that_the_phone_made_up_is_no_point() -> None:
    (row,) = _rows(_finding(warnings=("W-OUTCOME-MOCK",)))
    assert (row["lon"], row["lat"], row["rt"]) == ("", "", "002")


def test_the_other_family_may_be_named_as_paper_shows_its_visit() -> None:
    (code,) = new_codes(1, taken=())
    said = [code, printed(code), printed(code).lower()]
    twice = [replace(_MET, outcome="duplicate", duplicate_of=one) for one in said]
    rows = _rows(*map(_finding, twice), ids={code: "K-7"})
    assert [row["same_as"] for row in rows] == ["K-7"] * 3


def test_not_asked_is_another_thing_than_receiving_none() -> None:
    found = [_finding(programs=programs) for programs in (None, (), ("PKH", "SEMBAKO"))]
    assert [row["programs"] for row in _rows(*found)] == ["", "none", "PKH SEMBAKO"]


def test_a_visit_was_not_after_its_answer_came() -> None:
    days = [None, date(2025, 10, 12), date(2027, 1, 1)]
    rows = _rows(*(_finding(visited_on=day) for day in days))
    came = _CAME.astimezone().date().isoformat()
    assert [row["visited_on"] for row in rows] == [came, "2025-10-12", came]


def test_whom_a_family_is_part_of_goes_by_the_register_s_id() -> None:
    merged = _finding(outcome=replace(_MET, outcome="part_of_other", duplicate_of="BBBB"))
    stranger = _finding(outcome=replace(_MET, outcome="duplicate", duplicate_of="nobody"))
    rows = _rows(merged, stranger, ids={"BBBB": "K-7"})
    assert [(row["result"], row["same_as"]) for row in rows] == [
        ("merged", "K-7"), ("duplicate", ""),
    ]  # fmt: skip


def test_formulas_stay_text() -> None:
    (row,) = _rows(_finding(corrected={"head_name": "=1+1"}))
    assert row["head_name"] == "'=1+1"


def test_a_new_family_is_a_proposal_and_no_visit() -> None:
    new = _finding(
        Outcome("s-9", "", "new_family", "xlsx", corrected={"head_name": "Siti", "rw": "003"})
    )
    out = io.StringIO(newline="")
    assert write_proposals([new, _finding()], out) == 1
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert tuple(row) == PROPOSAL_COLUMNS
    assert (row["proposal_id"], row["head_name"], row["rw"]) == ("s-9", "Siti", "003")
    assert len(_rows(new, _finding())) == 1


@pytest.mark.parametrize(
    ("name", "columns"), [("visits", VISIT_COLUMNS), ("proposals", PROPOSAL_COLUMNS)]
)
def test_a_run_knows_every_column(name: str, columns: tuple[str, ...]) -> None:
    known = [header for headers in profile_named(name).columns.values() for header in headers]
    assert {*columns} <= {*known}
