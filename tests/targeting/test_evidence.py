"""How old what is known of families is, and what a visit changes of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.settings import Evidence
from geo_target.targeting.evidence import find_evidence, summarize_evidence
from geo_target.workbench import Workbench
from tests.builders import rows_by, table, workbench

DATES = {"recorded_on": "date", "completed_on": "date"}
ON, LISTED = date(2025, 10, 1), date(2025, 9, 1)

FAMILIES = """
family_id recorded_on
old       2023-12-31
fresh     2025-08-01
undated   -
visited   2023-12-31
long_ago  -
not_found -
at_bound  2024-10-01
beyond    2024-09-30
tomorrow  -
"""
VISITS = """
family_id completed_on
visited   2025-01-01
long_ago  2023-01-01
not_found -
fresh     2024-01-01
tomorrow  2025-10-02
"""


def found(bench: Workbench) -> Any:
    return find_evidence(
        table(bench, FAMILIES, DATES), table(bench, VISITS, DATES), Evidence(),
        on=ON, listed_on=LISTED,
    )  # fmt: skip


def test_evidence_is_the_newest_of_record_and_visit(bench: Workbench) -> None:
    assert rows_by(found(bench), "family_id", "evidence_on") == {
        "old": date(2023, 12, 31),
        "fresh": date(2025, 8, 1),
        "undated": LISTED,
        "visited": date(2025, 1, 1),
        "long_ago": date(2023, 1, 1),  # known: the list only repeats it
        "not_found": LISTED,  # no proof of anything
        "at_bound": date(2024, 10, 1),
        "beyond": date(2024, 9, 30),
        "tomorrow": date(2025, 10, 2),
    }


def test_age_is_counted_on_the_day_of_the_run(bench: Workbench) -> None:
    ages = rows_by(found(bench), "family_id", "age_days")
    assert (ages["undated"], ages["fresh"], ages["at_bound"]) == (30, 61, 365)
    assert ages["tomorrow"] == 0


def test_only_a_recent_completed_visit_verifies(bench: Workbench) -> None:
    verified = rows_by(found(bench), "family_id", "is_verified")
    assert {name for name, is_verified in verified.items() if is_verified} == {
        "visited", "tomorrow"}  # fmt: skip


def test_stale_is_older_than_the_bound(bench: Workbench) -> None:
    stale = rows_by(found(bench), "family_id", "is_stale")
    assert {name for name, is_stale in stale.items() if is_stale} == {"old", "long_ago", "beyond"}


JUDGED = """
family_id village_code welfare_class
old       V1           extreme_poor
fresh     V1           extreme_poor
visited   V2           extreme_poor
beyond    V2           extreme_poor
long_ago  V2           extreme_poor
undated   V2           other
at_bound  V3           other
not_found -            extreme_poor
"""


def test_each_village_says_how_old_its_evidence_is(bench: Workbench) -> None:
    summary = summarize_evidence(table(bench, JUDGED), found(bench), Evidence())
    rows = [tuple(row.values()) for row in summary.rows()]
    assert rows == [
        ("V1", 2, 0, 1, 350.5, date(2023, 12, 31), date(2025, 8, 1), False),  # half, not more
        ("V2", 3, 1, 2, 366.0, date(2023, 1, 1), date(2025, 1, 1), True),
        (None, 1, 0, 0, 30.0, LISTED, LISTED, False),
    ]
    assert summary.columns == [
        "village_code", "families", "verified_families", "stale_families", "median_age_days",
        "oldest_on", "newest_on", "is_stale",
    ]  # fmt: skip


DAYS = st.none() | st.integers(-900, 10).map(lambda n: ON + timedelta(days=n))
CASES = st.lists(
    st.tuples(st.sampled_from(["V1", "V2", None]), st.sampled_from(["extreme_poor", "other"]),
              DAYS, DAYS),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(CASES, st.integers(1, 900), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_evidence_as_a_person_would_count_it(
    cases: Sequence[tuple[str | None, str, date | None, date | None]],
    days: int,
    share: float,
) -> None:
    rule = Evidence(stale_after_days=days, stale_share=share)
    with workbench() as bench:
        text = {"family_id": "varchar", "village_code": "varchar", "welfare_class": "varchar"}
        recorded_on = [(f"K{i}", c[2]) for i, c in enumerate(cases)]
        completed_on = [(f"K{i}", c[3]) for i, c in enumerate(cases) if c[3] or i % 2]
        families = bench.take_rows({"family_id": "varchar", "recorded_on": "date"}, recorded_on)
        visits = bench.take_rows({"family_id": "varchar", "completed_on": "date"}, completed_on)
        judged = bench.take_rows(text, [(f"K{i}", *c[:2]) for i, c in enumerate(cases)])
        evidence = find_evidence(families, visits, rule, on=ON, listed_on=LISTED)
        summary = summarize_evidence(judged, evidence, rule).rows()
    expected: dict[str | None, list[tuple[date, int, bool]]] = {}
    for village, welfare, recorded, completed in cases:
        known = max([day for day in (recorded, completed) if day] or [LISTED])
        is_verified = completed is not None and (ON - completed).days <= days
        if welfare == "extreme_poor":
            one = (known, max((ON - known).days, 0), is_verified)
            expected.setdefault(village, []).append(one)
    assert {row["village_code"]: tuple(row.values())[1:] for row in summary} == {
        village: (
            len(rows), sum(v for _, _, v in rows), (stale := sum(a > days for _, a, _ in rows)),
            median(a for _, a, _ in rows), min(d for d, _, _ in rows), max(d for d, _, _ in rows),
            stale > share * len(rows),
        )
        for village, rows in expected.items()
    }  # fmt: skip
