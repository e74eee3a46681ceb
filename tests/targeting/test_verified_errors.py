"""Who is left out and who is wrongly in, of families that were visited."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from geo_target.targeting.verified_errors import find_errors, wilson_interval
from geo_target.workbench import Workbench
from tests.builders import table, workbench

A, B, C = "36.73.01.1001", "36.73.01.1002", "36.73.02.1001"
JUDGED = f"""
family_id village_code coverage_state
K1        {A}          uncovered
K2        {A}          uncovered
K3        {A}          covered
K4        {A}          covered
K5        {A}          unmatched
K6        {B}          covered
K7        {B}          uncovered
K8        {C}          uncovered
K9        -            covered
"""
# K8's visit found nobody; nobody went to K7.
VISITS = """
family_id completed_verdict
K1        fit
K2        unfit
K3        fit_with_intervention
K4        unfit
K5        fit
K6        unfit
K8        -
K9        unfit
"""


def errors(bench: Workbench) -> dict[Any, dict[str, Any]]:
    rows = find_errors(table(bench, JUDGED), table(bench, VISITS)).rows()
    return {(row.pop("level"), row.pop("code")): row for row in rows}


@pytest.mark.parametrize(
    ("place", "counts", "exclusion", "inclusion"),
    [
        (("village", A), (4, 2, 1, 2, 1), 1 / 2, 1 / 2),
        (("village", B), (1, 0, 0, 1, 1), None, 1.0),
        (("village", C), (0, 0, 0, 0, 0), None, None),
        (("district", "36.73.01"), (5, 2, 1, 3, 2), 1 / 2, 2 / 3),
        (("district", "36.73.02"), (0, 0, 0, 0, 0), None, None),
        (("area", None), (6, 2, 1, 4, 3), 1 / 2, 3 / 4),
    ],
)
def test_errors_of_a_small_area(
    bench: Workbench, place: Any, counts: Any, exclusion: float | None, inclusion: float | None
) -> None:
    row = errors(bench)[place]
    assert tuple(row.values())[:5] == counts
    assert (row["exclusion_error"], row["inclusion_error"]) == (exclusion, inclusion)
    for error, rate in (("exclusion_error", exclusion), ("inclusion_error", inclusion)):
        low, high = row[f"{error}_low"], row[f"{error}_high"]
        assert (low is None and high is None) if rate is None else low <= rate <= high


def test_every_place_has_a_row_and_no_other(bench: Workbench) -> None:
    assert set(errors(bench)) == {
        ("village", A), ("village", B), ("village", C),
        ("district", "36.73.01"), ("district", "36.73.02"), ("area", None),
    }  # fmt: skip


@settings(deadline=None)
@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_wilsons(case: tuple[int, int]) -> None:
    hits, cases = case
    expected = binomtest(hits, cases).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(hits, cases) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_of_no_case_there_is_no_interval() -> None:
    assert wilson_interval(0, 0) == (None, None)


VERDICTS = st.sampled_from([None, "fit", "fit_with_intervention", "unfit"])
CASES = st.lists(
    st.tuples(st.sampled_from([A, B, C, None]),
              st.sampled_from(["covered", "uncovered", "unmatched"]), VERDICTS),
    min_size=1, max_size=15,  # a run has families
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(CASES)
def test_errors_as_a_person_would_count_them(
    cases: Sequence[tuple[str | None, str, str | None]],
) -> None:
    with workbench() as bench:
        text = dict.fromkeys(("family_id", "village_code", "coverage_state"), "varchar")
        judged = bench.take_rows(text, [(f"K{i}", *c[:2]) for i, c in enumerate(cases)])
        told = [(f"K{i}", c[2]) for i, c in enumerate(cases) if c[2]]
        visits = bench.take_rows({"family_id": "varchar", "completed_verdict": "varchar"}, told)
        rows = find_errors(judged, visits).rows()
    assert [row["level"] for row in rows].count("area") == 1
    for row in rows:
        here = [
            (state, verdict) for village, state, verdict in cases
            if row["level"] == "area" or (village or "").startswith(row["code"])
        ]  # fmt: skip
        seen = [(s, v) for s, v in here if v is not None and s != "unmatched"]
        fit = [s for s, v in seen if v != "unfit"]
        covered = [v for s, v in seen if s == "covered"]
        assert tuple(row.values())[2:7] == (
            len(seen), len(fit), fit.count("uncovered"), len(covered), covered.count("unfit")
        )  # fmt: skip
        assert row["exclusion_error"] == (fit.count("uncovered") / len(fit) if fit else None)
        assert row["inclusion_error"] == (
            covered.count("unfit") / len(covered) if covered else None
        )  # fmt: skip
