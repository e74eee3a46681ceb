"""Answers to the visits of a plan: what is true, and what goes wrong on the way."""

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo_target.demo.answers import STRAY_CODES, simulate_returns
from geo_target.demo.findings import MET, MISSED, Findings
from geo_target.demo.month import read_findings
from geo_target.demo.planned_visits import read_visits
from geo_target.errors import DataRefusedError
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.outcomes import CORRECTABLE, PROPOSED, Outcome
from geo_target.fieldwork.visit_codes import read_code
from geo_target.fieldwork.visits import Target, Visit
from tests.demo.worlds import small

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def findings() -> Findings:
    return read_findings(small(families=3_000, before_visits=True))


def visits_to(families: pd.DataFrame, *, returns: bool = False) -> list[Visit]:
    mine = zip(families.family_id.tolist(), families.village_code.tolist(), strict=True)
    return [
        Visit(
            f"{'R' if returns else 'V'}{family}",
            Target(family, village),
            officer="operator",
            day=DAY,
            position=1,
            return_of=f"V{family}" if returns else None,
        )
        for family, village in mine
    ]


def standing(answers: list[Outcome]) -> dict[str, Outcome]:
    """The last answer to each visit."""
    return {one.visit_code: one for one in answers}


def test_first_visits_find_what_there_is_at_first_and_returns_what_there_is(
    findings: Findings,
) -> None:
    families = findings.families

    first = standing(simulate_returns(findings, visits_to(families)))
    again = families[families.returned_on.notna()]
    last = first | standing(simulate_returns(findings, visits_to(again, returns=True)))

    told = families.set_index("family_id")
    assert {code[1:]: one.outcome for code, one in first.items() if code.startswith("V")} == (
        told.first_outcome.to_dict()
    )
    assert {code[1:]: one.outcome for code, one in last.items() if code.startswith("R")} == (
        told.outcome[told.returned_on.notna()].to_dict()
    )
    eligible = {
        code for code, about in codes().items() if about.verdict in {"fit", "fit_with_intervention"}
    }
    asked = [one for code, one in last.items() if code[:1] in "VR" and code not in STRAY_CODES]
    untouched = [
        one for one in asked
        if one.outcome in eligible and not {*(one.programs or ())} & {"PKH", "SEMBAKO", "PBI_JK"}
    ]  # fmt: skip
    assert len(untouched) == (families.fate == "uncovered").sum() == 189


def test_answers_of_families_that_were_met_say_what_the_list_had_and_what_is_true(
    findings: Findings,
) -> None:
    families = findings.families
    mine = families[families.rt.notna() & families.returned_on.isna()].head(1)
    truth = mine.iloc[0]

    (answer, *_) = simulate_returns(findings, visits_to(mine))

    assert answer.given == {
        "head_name": truth.given_head_name, "address": truth.given_address,
    }  # fmt: skip
    assert (answer.corrected["rt"], answer.corrected["rw"]) == (truth.rt, truth.rw)
    assert {*answer.corrected} <= {*CORRECTABLE}
    assert (answer.visited_on, answer.officer) == (DAY, "operator")
    assert " ".join(answer.programs or ["none"]) == truth.programs


def test_nobody_is_asked_where_nobody_is_met(findings: Findings) -> None:
    families = findings.families
    away = families[~families.fate.isin(MET) | families.first_outcome.isin(MISSED)]

    answers = [
        one for one in simulate_returns(findings, visits_to(away)) if one.outcome != "new_family"
    ]

    assert {one.programs for one in answers} == {None}
    assert all(one.lon is None and not one.corrected for one in answers)
    joined = {one.duplicate_of for one in answers if one.outcome in {"duplicate", "part_of_other"}}
    assert joined == {*away.same_as.dropna()}


def test_what_goes_wrong_on_the_way_changes_nobodys_state(findings: Findings) -> None:
    """Sent twice, a clock of 1970, two officers, strays: each is there."""
    answers = simulate_returns(findings, visits_to(findings.families), seed=4)

    sent = Counter(one.submission_id for one in answers)
    assert 0 < sum(count == 2 for count in sent.values()) < 20
    assert max(sent.values()) == 2
    years = Counter(one.device_at.year for one in answers if one.device_at)
    assert 0 < years[1970] < 20
    of_a_visit: dict[str, set[str]] = {}
    for one in answers:
        of_a_visit.setdefault(one.visit_code, set()).add(one.submission_id)
    disputed = {code for code, ids in of_a_visit.items() if len(ids) > 1 and code}
    by_visit = standing(answers)
    assert disputed
    assert {by_visit[code].outcome for code in disputed} == {"better_off"}
    assert all(
        {*(by_visit[code].programs or ())} & {"PKH", "SEMBAKO", "PBI_JK"} for code in disputed
    )
    assert {*STRAY_CODES} <= by_visit.keys()


def test_strays_are_a_code_of_another_plan_and_one_with_a_slip() -> None:
    assert [read_code(code) is not None for code in STRAY_CODES] == [True, False]


def test_a_visit_is_answered_the_same_whatever_the_others_are(findings: Findings) -> None:
    visits = visits_to(findings.families)

    whole = standing(simulate_returns(findings, visits))
    part = standing(simulate_returns(findings, visits[100:120]))

    own = {code: one for code, one in part.items() if code and code not in STRAY_CODES}
    assert len(own) == 20
    assert all(whole[code] == one for code, one in own.items())


def test_new_families_are_met_where_somebody_goes(findings: Findings) -> None:
    village = findings.proposals.village_code.iloc[0]
    near = findings.families[findings.families.village_code == village]

    found = [
        one for one in simulate_returns(findings, visits_to(near)) if one.outcome == "new_family"
    ]

    assert len(found) == (findings.proposals.village_code == village).sum()
    assert all(one.visit_code == "" and {*one.corrected} == {*PROPOSED} for one in found)
    again = simulate_returns(findings, visits_to(near, returns=True))
    assert "new_family" not in {one.outcome for one in again}


def test_a_family_of_another_world_is_refused(findings: Findings) -> None:
    with pytest.raises(DataRefusedError, match="E-DEMO-VISITS"):
        simulate_returns(findings, [Visit("VISIT", Target("1", "36.73.01.1001"))])


def written(folder: Path, text: str) -> Path:
    (folder / "rencana.csv").write_text(text, "utf-8")
    return folder / "rencana.csv"


def test_a_plan_is_read_from_its_file(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "visit_code;family_id;village_code;officer;day;position;return_of\n"
        "A1;7;36.73.01.1001;siti;2026-11-23;2;\nB2;8;36.73.01.1001;;;;A1\n",
    )

    one, two = read_visits(file)

    assert (one.code, one.officer, one.day, one.position) == ("A1", "siti", DAY, 2)
    assert (one.target.family_id, one.target.village_code) == ("7", "36.73.01.1001")
    assert (two.officer, two.day, two.position, two.return_of) == (None, None, None, "A1")


@pytest.mark.parametrize(
    ("text", "said", "row"),
    [
        ("visit_code,family_id\nA,1\n", "lacks the columns village_code", None),
        ("visit_code,family_id,village_code\nA,,36.73.01.1001\n", "family_id is empty", 2),
        ("visit_code,family_id,village_code,day\nA,1,36.73.01.1001,besok\n", "no date", 2),
        ("", "lacks the columns", None),
    ],
)
def test_a_file_that_is_no_plan_is_refused(
    tmp_path: Path, text: str, said: str, row: int | None
) -> None:
    with pytest.raises(DataRefusedError, match=f"E-DEMO-PLAN .*{said}") as refused:
        read_visits(written(tmp_path, text))
    assert [fault.row for fault in refused.value.faults] == [row]
