import math
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.programs import Words
from geo_target.targeting.composite import score, standings
from geo_target.targeting.indicators import Indicator, read_indicators, reweighted
from geo_target.targeting.priority import columns_of, score_villages, visiting_order
from geo_target.targeting.rates import smoothed_rates
from tests.quickness import fastest

WORDS = Words(id="-", en="-")


def indicator(column: str, weight: float, **more: str) -> Indicator:
    return Indicator.model_validate(
        {"key": column, "column": column, "title": WORDS, "unit": WORDS, "weight": weight, **more}
    )


BURDEN = indicator("uncovered_families", 0.75)
RATE = indicator("exclusion_error", 0.25)


def villages(**columns: Sequence[float | None]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    index = pd.Index(["A", "B", "C", "D", "E", "F"][:size], name="village_code")
    return pd.DataFrame(columns, index=index, dtype="Float64")


def test_each_indicator_goes_from_0_to_its_weight_and_they_add_up() -> None:
    table = villages(uncovered_families=[10, 30, 50], exclusion_error=[0.6, 0.2, 0.4])
    found = score_villages(table, [BURDEN, RATE])
    assert found["contribution_uncovered_families"].tolist() == [0, 0.375, 0.75]
    assert found["contribution_exclusion_error"].tolist() == pytest.approx([0.25, 0, 0.125])
    assert found["priority_score"].tolist() == pytest.approx([0.25, 0.375, 0.875])
    assert found["priority_rank"].tolist() == [3, 2, 1]


def test_the_low_end_may_go_first() -> None:
    table = villages(uncovered_families=[10, 30, 50])
    found = score_villages(table, [indicator("uncovered_families", 1, direction="low")])
    assert found["priority_score"].tolist() == [1, 0.5, 0]


def test_a_log_brings_the_far_ahead_nearer() -> None:
    table = villages(uncovered_families=[0, 9, 99])
    found = score_villages(table, [indicator("uncovered_families", 1, transform="log")])
    assert found["priority_score"].tolist() == pytest.approx([0, 0.5, 1])


def test_of_ranks_only_the_order_counts_and_equals_get_one_place() -> None:
    table = villages(uncovered_families=[1, 700, 700, 900, 9_000])
    found = score_villages(table, [indicator("uncovered_families", 1, transform="rank")])
    assert found["priority_score"].tolist() == pytest.approx([0, 0.375, 0.375, 0.75, 1])


def test_where_all_are_equal_an_indicator_says_nothing() -> None:
    table = villages(uncovered_families=[7, 7], exclusion_error=[0.1, 0.2])
    for direction in ("high", "low"):
        found = score_villages(
            table, [indicator("uncovered_families", 0.5, direction=direction), RATE]
        )
        assert found["contribution_uncovered_families"].tolist() == [0, 0]


def test_ties_are_shown_as_ties() -> None:
    table = villages(uncovered_families=[5, 9, 5, 1, 5 + 1e-10])
    found = score_villages(table, [indicator("uncovered_families", 1)])
    assert found["priority_rank"].tolist() == [2, 1, 2, 5, 2]
    assert found["rank_label"].tolist() == ["=2", "1", "=2", "5", "=2"]
    assert visiting_order(found) == ["B", "A", "C", "E", "D"]


def test_a_village_without_a_number_comes_last_and_moves_nobody() -> None:
    table = villages(uncovered_families=[10, None, 50, 30], exclusion_error=[0.6, 1.0, 0.4, None])
    found = score_villages(table, [BURDEN, RATE])
    assert visiting_order(found) == ["C", "A", "B", "D"]
    assert found["priority_rank"].isna().tolist() == [False, True, False, True]
    assert found["rank_label"].tolist() == ["2", "", "1", ""]
    assert found.loc[["B", "D"]].drop(columns="rank_label").isna().all(axis=None)
    alone = score_villages(table.loc[["A", "C"]], [BURDEN, RATE])
    pd.testing.assert_frame_equal(found.loc[["A", "C"]], alone)


def test_what_does_not_count_may_be_missing() -> None:
    table = villages(uncovered_families=[10, 50], unmatched_families=[None, 3])
    found = score_villages(table, [BURDEN, indicator("unmatched_families", 0)])
    assert found["priority_rank"].tolist() == [2, 1]
    assert found["contribution_unmatched_families"].tolist() == [0, 0]


def test_an_indicator_that_no_village_has_leaves_its_weight_to_the_others() -> None:
    table = villages(uncovered_families=[10, 50], exclusion_error=[None, None])
    for given_ in (table, table[["uncovered_families"]]):
        found = score(columns_of(given_, ["uncovered_families", "exclusion_error"]), [BURDEN, RATE])
        assert found.weights.tolist() == [1, 0]
        assert found.score.tolist() == [0, 1]


def test_two_of_three_do_not_lead() -> None:
    events, base = pd.Series([2.0, 90, 60, 20]), pd.Series([3.0, 200, 150, 90])
    table = villages(uncovered_families=events.tolist()).assign(
        smoothed_exclusion_error=smoothed_rates(events, base).to_numpy(),
        exclusion_error=(events / base).to_numpy(),
    )
    assert table["exclusion_error"].idxmax() == "A"
    ours = read_indicators()
    assert score_villages(table, ours)["priority_rank"]["A"] > 1
    only_rates = reweighted(ours, {"burden": 0, "per_family": 0})
    assert score_villages(table, only_rates)["priority_rank"]["A"] > 1


def test_nobody_at_all() -> None:
    found = score_villages(villages(uncovered_families=[]), [BURDEN])
    assert found.empty
    found = score_villages(villages(uncovered_families=[None, None]), [BURDEN])
    assert found["priority_rank"].isna().all()


COUNTS = st.none() | st.integers(0, 40)
ROWS = st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=12)
KINDS = st.tuples(
    st.sampled_from(["high", "low"]), st.sampled_from(["none", "log", "rank"]), st.integers(1, 9)
)


def by_hand(rows: Sequence[tuple[int | None, ...]], kinds: Sequence[tuple[str, str, int]]) -> (
    list[float | None]
):  # fmt: skip
    """The same, village by village, in plain Python."""
    known = {place for place in range(len(kinds)) if any(row[place] is not None for row in rows)}
    usable = [row for row in rows if all(row[place] is not None for place in known)]
    whole = sum(kinds[place][2] for place in known)
    scores: list[float | None] = []
    for row in rows:
        if row not in usable or not known:
            scores.append(None)
            continue
        total = 0.0
        for place in known:
            direction, transform, weight = kinds[place]
            all_values = [float(other[place] or 0) for other in usable]

            def changed(value: float, values: list[float], transform: str) -> float:
                if transform == "log":
                    return math.log(1 + value)
                if transform == "rank":
                    behind = sum(other < value for other in values)
                    return behind + sum(other == value for other in values) / 2
                return value

            values = [changed(value, all_values, transform) for value in all_values]
            least, most = min(values), max(values)
            value = changed(float(row[place] or 0), all_values, transform)
            share = (value - least) / (most - least) if most > least else 0.0
            if most > least and direction == "low":
                share = 1 - share
            total += weight / whole * share
        scores.append(total)
    return scores


@given(ROWS, st.tuples(KINDS, KINDS))
def test_equals_the_same_written_out(
    rows: list[tuple[int | None, int | None]], kinds: tuple[tuple[str, str, int], ...]
) -> None:
    names = ["uncovered_families", "unmatched_families"]
    indicators = [
        indicator(name, weight, direction=direction, transform=transform)
        for name, (direction, transform, weight) in zip(names, kinds, strict=True)
    ]
    table = pd.DataFrame(rows, columns=names, dtype="Int64")
    found = score(columns_of(table, names), indicators)
    expected = by_hand(rows, kinds)
    for one, other in zip(found.score.tolist(), expected, strict=True):
        assert (math.isnan(one) and other is None) or one == pytest.approx(other)
        assert math.isnan(one) or 0 <= one <= 1
    assert np.nansum(found.contributions, axis=0) == pytest.approx(np.nan_to_num(found.score))
    ranked = found.score[found.rank > 0]
    assert found.rank[found.rank > 0].tolist() == [
        1 + sum(other > one + 1e-9 for other in ranked) for one in ranked
    ]


@given(ROWS)
def test_the_order_of_rows_changes_nothing(
    rows: list[tuple[int | None, int | None]],
) -> None:
    names = ["uncovered_families", "unmatched_families"]
    indicators = [indicator(names[0], 0.3), indicator(names[1], 0.7, transform="log")]
    table = pd.DataFrame(rows, columns=names, dtype="Int64")
    shuffled = table.iloc[::-1]
    one, other = (score_villages(t, indicators).sort_index() for t in (table, shuffled))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@given(
    # Both are known of somebody, or it is no indicator at all.
    ROWS.map(lambda rows: [*rows, (7, 9)]),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_a_withheld_count_moves_nothing(
    rows: list[tuple[int | None, int | None]], one: int, other: int
) -> None:
    # What is true of the withheld village is not in the table; all else that is changes nothing.
    names = ["uncovered_families", "exclusion_error"]
    tables = [
        pd.DataFrame([*rows, (None, count)], columns=names, dtype="Int64") for count in (one, other)
    ]
    indicators = [BURDEN, RATE]
    first, second = (score_villages(table, indicators).iloc[:-1] for table in tables)
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    without = score_villages(pd.DataFrame(rows, columns=names, dtype="Int64"), indicators)
    pd.testing.assert_frame_equal(first, without, check_exact=True)


def test_standings_share_the_first_rank_in_every_row() -> None:
    scores = np.array([[1.0, 3, 3, 2], [5, 5, 5, 5]])
    assert standings(scores).tolist() == [[4, 1, 1, 3], [1, 1, 1, 1]]


def test_changed_weights_of_a_province_are_answered_at_once() -> None:
    generator = np.random.default_rng(1)
    columns = {
        name: generator.integers(0, 300, 1_552).astype(float)
        for name in ("uncovered_families", "smoothed_exclusion_error", "unmatched_families")
    }
    indicators = read_indicators()
    weights = reweighted(indicators, {"burden": 0.1, "doubt": 0.2})
    assert fastest(lambda: score(columns, weights)) < 0.1


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; import geo_target.targeting.composite, geo_target.targeting.capture, "
        "geo_target.targeting.priority_classes; "
        "print([m for m in ('pandas', 'geopandas', 'duckdb', 'esda', 'sklearn', 'scipy') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
