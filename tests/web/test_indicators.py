"""Classes and states of small tables that a reader can check by eye."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from geo_target.web.app import create_app
from geo_target.web.figures import Figure, State, count_of, exclusion_of, located_of
from geo_target.web.indicators import (
    INDICATORS,
    Indicator,
    Measure,
    indicator_named,
    indicators_of,
    legend_of,
    told_villages,
)
from geo_target.web.reach import cell_of, view_of
from geo_target.web.store import Snapshot, read_snapshot
from geo_target.web.wording import village_kind
from tests.web.covered import CARRIED, WIDER
from tests.web.sample import write_snapshot

OWN_COUNT, OWN_RATE, _ = INDICATORS


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return read_snapshot(write_snapshot(tmp_path_factory.mktemp("archive")))


def village(uncovered: int | None, covered: int | None = 50, **more: Any) -> dict[str, Any]:
    known = uncovered is not None and covered is not None and uncovered + covered > 0
    share = uncovered / (uncovered + covered) if known and uncovered is not None else None  # type: ignore[operator]
    return {
        "uncovered_families": uncovered,
        "covered_families": covered,
        "exclusion_error": share,
        "extreme_poor_families": 100,
        "located_families": 40,
        "withheld": [],
        **more,
    }


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (village(7), State.VALUE),
        (village(0), State.ZERO),
        (village(None, withheld=["uncovered_families"]), State.WITHHELD),
        (village(None), State.NO_DATA),
    ],
)
def test_a_count_is_in_one_of_four_states(record: dict[str, Any], state: State) -> None:
    assert count_of(record, "uncovered_families").state is state


def test_a_share_of_few_keeps_its_counts_and_loses_its_percentage() -> None:
    assert exclusion_of(village(9, 10)) == Figure(State.SMALL, None, 9, 19)
    assert exclusion_of(village(10, 10)) == Figure(State.VALUE, 0.5, 10, 20)


def test_a_share_follows_its_counts_into_hiding() -> None:
    hidden = village(40, withheld=["located_families"], located_families=None)
    assert located_of(hidden).state is State.WITHHELD
    assert located_of(village(40, extreme_poor_families=0)).state is State.NO_DATA


def test_classes_hold_every_village_once() -> None:
    villages = {f"v{n}": village(n) for n in (0, 6, 19, 20, 49, 50, 118, 199, 200, 900)}
    villages["hidden"] = village(None, withheld=["uncovered_families"])
    villages["unknown"] = village(None)
    legend = legend_of(OWN_COUNT, villages)
    assert [(c.low, c.high, c.villages) for c in legend.classes] == [
        (0, 20, 2), (20, 50, 2), (50, 100, 1), (100, 200, 2), (200, None, 2),
    ]  # fmt: skip
    assert legend.others == {
        State.VALUE: 0, State.ZERO: 1, State.WITHHELD: 1, State.NO_DATA: 1, State.SMALL: 0,
    }  # fmt: skip
    assert legend.tokens["v118"] == "c4"


def test_breaks_of_shares_are_fifths() -> None:
    legend = legend_of(OWN_RATE, {"a": village(20, 80), "b": village(50, 50), "c": village(9, 10)})
    assert [c.low for c in legend.classes] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert legend.tokens == {"a": "c2", "b": "c3", "c": "small"}


@pytest.mark.parametrize("counts", [[], [0, 0], [9], [9, 9, 9]])
def test_a_table_with_little_in_it_has_a_legend(counts: list[int]) -> None:
    legend = legend_of(OWN_COUNT, {f"v{i}": village(n) for i, n in enumerate(counts)})
    assert sum(c.villages for c in legend.classes) == sum(n > 0 for n in counts)


def test_the_fourth_part_of_a_code_says_kelurahan_or_desa() -> None:
    assert village_kind(["36.73.01.1001"]) == "kelurahan"
    assert village_kind(["36.04.01.2001"]) == "desa"
    assert village_kind(["36.04.01.2001", "36.73.01.1001"]) == "kelurahan/desa"


def test_a_run_offers_its_subjects_by_each_measure_once(snapshot: Snapshot) -> None:
    keys = [one.key for one in indicators_of(snapshot)]
    assert len(set(keys)) == len(keys)
    assert [keys[0], keys[1]] == ["uncovered", "exclusion"]
    counted = ["uncovered", f"definition-{WIDER}", "lens-female_head", "enrolled-PKH", "missed-PKH"]
    for key in counted:
        of = [one for one in indicators_of(snapshot) if one.subject.key == key]
        assert [one.measure for one in of] == [
            Measure.COUNT, Measure.RATE, Measure.KM2, Measure.PER_1000,
        ]  # fmt: skip
    assert {"located", "matched", "stale"} <= {*keys}
    assert "lens-disability" not in keys  # no list says it
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", key) for key in keys)


def test_an_older_run_offers_what_it_has(snapshot: Snapshot) -> None:
    bare = [{k: v for k, v in one.items() if k not in ("area_km2", "population_families")}
            for one in snapshot.villages.values()]  # fmt: skip
    older = replace(
        snapshot, coverage=None, villages={str(one["village_code"]): one for one in bare}
    )
    assert [one.key for one in indicators_of(older)] == [
        "uncovered", "exclusion", "located", "matched",
    ]  # fmt: skip
    assert set(told_villages(older)) == set(snapshot.villages)


def test_edges_stay_when_the_month_or_the_program_changes(snapshot: Snapshot) -> None:
    """Twice the families, half of the programs: the same legends."""
    more = {
        code: {**one, "uncovered_families": (one["uncovered_families"] or 0) * 2}
        for code, one in snapshot.villages.items()
    }
    other = replace(snapshot, villages=more, summary={**snapshot.summary, "as_of": "2026-01-01"})
    found: dict[Measure, set[tuple[float | None, ...]]] = {}
    for shown in (snapshot, other):
        told = told_villages(shown)
        for one in indicators_of(shown):
            edges = tuple(c.high for c in legend_of(one, told).classes)
            found.setdefault(one.measure, set()).add(edges)
    assert {measure: len(edges) for measure, edges in found.items()} == dict.fromkeys(Measure, 1)


def test_figures_are_those_of_the_village_table(snapshot: Snapshot) -> None:
    """By hand, of each village: what the table has in a column of its own."""
    told = told_villages(snapshot)
    columns = {
        "uncovered": "uncovered_families", "exclusion": "exclusion_error",
        "matched": "matched_share", "uncovered.km2": "uncovered_per_km2",
        "uncovered.per1000": "uncovered_per_1000_families",
    }  # fmt: skip
    for key, column in columns.items():
        one = indicator_named(snapshot, key)
        assert one is not None
        for code, village in snapshot.villages.items():
            figure = one.figure(told[code])
            if figure.state in (State.VALUE, State.ZERO):
                assert figure.value == pytest.approx(village[column], rel=1e-12), (key, code)
            elif figure.state is State.WITHHELD:
                assert village[column] is None


def test_rates_are_those_of_the_page_of_coverage(snapshot: Snapshot) -> None:
    told = told_villages(snapshot)
    assert snapshot.coverage is not None
    for word, start in (("enrolled", "enrolled"), ("uncovered", "missed")):
        for code in CARRIED:
            view = view_of(snapshot.coverage, {"ukuran": word, "program": code})
            one = indicator_named(snapshot, f"{start}-{code}.rate")
            assert view is not None
            assert one is not None
            for record in told.values():
                assert one.figure(record) == cell_of(record, view.shown).share


@pytest.mark.parametrize(
    ("measure", "expected"),
    [(Measure.COUNT, 30), (Measure.RATE, 0.375), (Measure.KM2, 12.0), (Measure.PER_1000, 15.0)],
)
def test_a_village_that_a_person_can_count(measure: Measure, expected: float) -> None:
    """30 uncovered of 80 compared, on 2.5 km2, among 2,000 families."""
    record = village(30, area_km2=2.5, population_families=2000)
    bases = {Measure.RATE: OWN_RATE.base, Measure.KM2: ("area_km2",),
             Measure.PER_1000: ("population_families",)}  # fmt: skip
    one = Indicator("one", OWN_COUNT.subject, measure, bases.get(measure, ()))
    assert one.figure(record).value == expected
    for column in (*OWN_COUNT.subject.part, *one.base):
        assert one.figure({**record, column: None, "withheld": [column]}).state is State.WITHHELD


def test_nobody_enrolled_is_no_rate_where_nobody_was_compared(snapshot: Snapshot) -> None:
    one = indicator_named(snapshot, "enrolled-PKH.rate")
    assert one is not None
    lone = village(0, 0, unmatched_families=100, **{"enrolled PKH": 0})
    assert one.figure(lone).state is State.NO_DATA
    assert one.figure({**lone, "unmatched_families": 99}).state is State.ZERO
    both = {"unmatched_families": None, "extreme_poor_families": None}
    untold = {**lone, **both, "withheld": [*both]}
    assert one.figure(untold).state is State.WITHHELD  # nobody says that they are as many


def test_a_title_with_words_of_the_data_is_escaped(tmp_path: Path) -> None:
    """A lazy string would pass through every template as markup."""
    shown = read_snapshot(write_snapshot(tmp_path, hostile=True))
    with create_app(tmp_path, doors=None).test_request_context("/"):
        titles = [one.title for one in indicators_of(shown)]
        assert any("<" in title for title in titles)
        assert not any("<" in escape(title) for title in titles)
