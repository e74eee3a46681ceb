"""Withheld counts cannot be worked out: tables a person can count, and an attack on many."""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo_target.publishing import suppression, table_shifts
from geo_target.publishing.interval_attack import (
    WHOLE_AREA,
    GateError,
    Release,
    Sum,
    Suppression,
    cells_and_sums,
    interval_attack,
    margins_of,
    release_gate,
)
from geo_target.publishing.interval_problem import _Problem, bounds_once
from geo_target.publishing.releases import walk_of
from geo_target.publishing.suppression import band, suppress
from geo_target.publishing.table_shifts import Variables

COV, UNC, UNM, ALL = "covered", "uncovered", "unmatched", "extreme_poor"
PARTS = [COV, UNC, UNM]
COLUMNS = [*PARTS, ALL]
Row = tuple[str, int, int, int]


def villages(*rows: Row) -> pd.DataFrame:
    """District, covered, uncovered, unmatched; the villages are a, b, c ..."""
    table = pd.DataFrame(
        [row[1:] for row in rows], columns=PARTS, index=list("abcdefghijklmnop"[: len(rows)])
    )
    return table.assign(**{ALL: table.sum(axis=1)}, district=[row[0] for row in rows])


def withhold(table: pd.DataFrame, smallest: int = 5, *earlier: Release) -> Suppression:
    return suppress(
        table, parts=PARTS, total=ALL, group="district", smallest=smallest, earlier=earlier
    )


def gate(*releases: Release, smallest: int = 5) -> pd.DataFrame:
    return release_gate(releases, parts=PARTS, total=ALL, group="district", smallest=smallest)


def attack(*releases: Release) -> pd.DataFrame:
    return interval_attack(*cells_and_sums(releases, parts=PARTS, total=ALL, group="district"))


def lines(ranges: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Release, level, place, column, lower, upper."""
    bounds = ranges[["lower", "upper"]].to_numpy().tolist()
    return [(*key, *pair) for key, pair in zip(ranges.index.tolist(), bounds, strict=True)]


def named(mask: pd.DataFrame) -> set[str]:
    """Withheld cells as ``a.covered``."""
    rows = zip(mask.index, mask.to_numpy(dtype=bool), strict=True)
    return {f"{place}.{name}" for place, row in rows for name in mask.columns[row]}


def nothing(table: pd.DataFrame) -> Suppression:
    margins = margins_of(table, COLUMNS, "district")
    return Suppression(table[COLUMNS] < 0, margins < 0)


# ---- tables that a person can count


def test_nothing_small_nothing_withheld() -> None:
    found = withhold(villages(("X", 20, 10, 5), ("X", 9, 8, 0), ("Y", 7, 0, 0), ("Y", 0, 0, 0)))
    assert named(found.cells) == set()
    assert named(found.margins) == set()


def test_a_small_cell_takes_a_rectangle_with_it() -> None:
    # Without b's it would follow from the district, without covered from the row.
    found = withhold(villages(("X", 20, 3, 0), ("X", 20, 10, 0)))
    assert named(found.cells) == {"a.covered", "a.uncovered", "b.covered", "b.uncovered"}
    assert named(found.margins) == set()


def test_the_ranges_of_that_rectangle() -> None:
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0))
    ranges = attack(Release(table, withhold(table)))
    # a has 23 of covered and uncovered, the district 40 covered and 13 uncovered.
    by_cell = {f"{place}.{column}": (lo, up) for _, _, place, column, lo, up in lines(ranges)}
    assert by_cell == {
        "a.covered": (10, 23), "a.uncovered": (0, 13),
        "b.covered": (17, 30), "b.uncovered": (0, 13),
    }  # fmt: skip


def test_one_small_cell_in_a_district_of_three() -> None:
    # Unmatched are 0 all over: they cannot help. Of b and c the smaller one goes with a.
    found = withhold(villages(("X", 30, 4, 0), ("X", 30, 60, 0), ("X", 30, 9, 0)))
    assert named(found.cells) == {"a.covered", "a.uncovered", "c.covered", "c.uncovered"}


def test_two_small_cells_protect_each_other_only_if_wide_enough() -> None:
    # 1 + 1 of the district's 2 uncovered: 0 to 2 each, too narrow; the sum goes too.
    found = withhold(villages(("X", 30, 1, 0), ("X", 30, 1, 0), ("Y", 30, 40, 0)))
    assert found.margins.loc["X", UNC]
    # 4 + 4: 0 to 8 each.
    found = withhold(villages(("X", 30, 4, 0), ("X", 30, 4, 0), ("Y", 30, 40, 0)))
    assert named(found.cells) == {"a.covered", "a.uncovered", "b.covered", "b.uncovered"}
    assert named(found.margins) == set()


def test_zeros_are_shown_where_they_can_be() -> None:
    found = withhold(villages(("X", 20, 3, 0), ("X", 20, 10, 0), ("X", 0, 0, 0)))
    assert not found.cells.loc["c"].any()
    assert not found.cells[UNM].any()


def test_all_small() -> None:
    table = villages(("X", 1, 1, 0), ("X", 0, 2, 1), ("Y", 1, 0, 0), ("Y", 1, 1, 1))
    found = withhold(table)
    gate(Release(table, found))
    counts = table[COLUMNS]
    assert found.cells[(counts >= 1) & (counts < 5)].stack().all()
    assert found.margins[ALL].loc[["X", "Y"]].tolist() == [True, True]  # 5 and 4 of 9


def test_no_villages_and_nullable_counts() -> None:
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0))
    found = withhold(table.astype(dict.fromkeys(COLUMNS, "Int64")))
    pd.testing.assert_frame_equal(found.cells, withhold(table).cells)
    assert withhold(table[:0]).cells.empty


def test_a_single_family_in_the_area() -> None:
    table = villages(("X", 0, 1, 0), ("X", 0, 0, 0), ("Y", 0, 0, 0))
    found = withhold(table)  # nothing may be told but that it is withheld
    assert found.cells.loc["a", UNC]
    assert found.margins.loc[WHOLE_AREA, ALL]
    gate(Release(table, found))


def test_a_lone_village_of_a_district_takes_the_districts_sums() -> None:
    found = withhold(villages(("X", 20, 3, 0), ("Y", 20, 30, 0), ("Z", 40, 50, 7)))
    assert named(found.margins) == {"X.covered", "X.uncovered", "Y.covered", "Y.uncovered"}


def test_wrong_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        withhold(villages(("X", 1, 1, 1)).assign(extreme_poor=4))
    with pytest.raises(ValueError, match="at least 0"):
        withhold(villages(("X", -1, 1, 1)))


@pytest.mark.parametrize(
    ("count", "group", "shown"),
    [(0, 0, "0"), (0, 7, None), (1, 9, None), (9, 9, None), (10, 40, "10-24"), (24, 40, "10-24"),
     (25, 40, "25-49"), (50, 90, "50-99"), (99, 99, "50-99"), (100, 100, "100+")],
)  # fmt: skip
def test_bands(count: int, group: int, shown: str | None) -> None:
    assert band(count, group=group) == shown


def test_the_public_is_not_told_that_none_is_covered() -> None:
    table = villages(("X", 0, 60, 20), ("X", 40, 50, 20), ("X", 30, 30, 30))
    found = suppress(table, parts=PARTS, total=ALL, group="district", smallest=10, zeros=True)
    assert found.cells.loc["a", COV]
    gate(Release(table, found), smallest=10)


# ---- the attack against counting all solutions


def solutions(table: pd.DataFrame, found: Suppression, parts: list[str]) -> np.ndarray:
    """All whole tables that agree with what is shown; rows: village cells, parts only."""
    most = int(table[ALL].sum())
    count = len(table)
    grid = np.array(list(product(range(most + 1), repeat=count * len(parts))))
    cells = grid.reshape(-1, count, len(parts))
    full = np.concatenate([cells, cells.sum(axis=2, keepdims=True)], axis=2)
    columns = [*parts, ALL]
    exact, hidden = table[columns].to_numpy(), found.cells[columns].to_numpy()
    fits = ((full == exact) | hidden).all(axis=(1, 2))
    margins = margins_of(table, columns, "district")
    for place in margins.index:
        rows = (table["district"] == place).to_numpy() | (place == WHOLE_AREA)
        same = full[:, rows].sum(axis=1) == margins.loc[place].to_numpy()
        fits &= (same | found.margins.loc[place, columns].to_numpy()).all(axis=1)
    fitting: np.ndarray = full[fits]
    return fitting


def tiny(chance: np.random.Generator, parts: list[str]) -> tuple[pd.DataFrame, Suppression]:
    """Three villages with at most five families in all; any cells but the area's withheld."""
    counts = chance.multinomial(chance.integers(1, 6), [1 / 6] * 6).reshape(3, 2)
    table = pd.DataFrame(counts, columns=parts, index=list("abc"))
    table = table.assign(**{ALL: counts.sum(axis=1)}, district=["X", "X", "Y"])
    columns = [*parts, ALL]
    margins = margins_of(table, columns, "district")
    hidden = pd.DataFrame(chance.random((3, 3)) < 0.7, table.index, columns)
    sums = pd.DataFrame(chance.random((3, 3)) < 0.4, margins.index, columns)
    sums.loc[WHOLE_AREA] = False
    return table, Suppression(hidden, sums)


def test_the_bounds_are_those_of_all_solutions() -> None:
    chance = np.random.default_rng(5)
    parts = [COV, UNC]
    for _ in range(40):
        table, found = tiny(chance, parts)
        full = solutions(table, found, parts)
        cells, sums = cells_and_sums(
            [Release(table, found)], parts=parts, total=ALL, group="district"
        )
        for _, level, place, column, lower, upper in lines(interval_attack(cells, sums)):
            if level == "village":
                seen = full[:, "abc".index(place), [*parts, ALL].index(column)]
                assert (lower, upper) == (seen.min(), seen.max())


def test_the_bounds_of_two_releases_are_those_of_all_pairs() -> None:
    chance = np.random.default_rng(6)
    parts = [COV, UNC]
    for _ in range(40):
        first, found = tiny(chance, parts)
        second = first.copy()
        moved = chance.choice(first.index[first[ALL] > 0])
        second.loc[moved, parts] = first.loc[moved, parts].to_numpy()[::-1]
        _, other = tiny(chance, parts)
        one, two = solutions(first, found, parts), solutions(second, other, parts)
        exact = [t[[*parts, ALL]].to_numpy() for t in (first, second)]
        margins = [
            margins_of(t, [*parts, ALL], "district").iloc[:2].to_numpy() for t in (first, second)
        ]
        in_x = np.array([[1, 1, 0], [0, 0, 1]])
        pairs = [
            (a, b) for a in one for b in two
            if (a == b)[exact[0] == exact[1]].all()
            and (in_x @ a == in_x @ b)[margins[0] == margins[1]].all()
        ]  # fmt: skip
        cells, sums = cells_and_sums(
            [Release(first, found), Release(second, other)],
            parts=parts, total=ALL, group="district",
        )  # fmt: skip
        for number, level, place, column, lower, upper in lines(interval_attack(cells, sums)):
            if level == "village":
                at = "abc".index(place), [*parts, ALL].index(column)
                seen = [pair[number][at] for pair in pairs]
                assert (lower, upper) == (min(seen), max(seen))


def test_an_unbounded_cell_and_a_contradiction() -> None:
    keys = [("x", 0), ("y", 0), ("z", 0)]
    shown = pd.Series([np.nan, np.nan, 3.0], pd.MultiIndex.from_tuples(keys))
    ranges = interval_attack(shown, [Sum(keys[0], keys[1:])])
    assert ranges.to_numpy().tolist() == [[3, np.inf], [0, np.inf]]
    with pytest.raises(ValueError, match="contradict"):
        interval_attack(shown, [Sum(keys[2], keys[:1]), Sum(keys[0], [keys[2], keys[2]])])


def test_whole_numbers_are_looked_for_where_the_program_gives_halves() -> None:
    # Each two of three add up to at most 3: halves allow 4.5 in all, whole numbers 4.
    keys = [(name, 0) for name in "abc"]
    total, three = ("total", 0), ("three", 0)
    shown = pd.Series([np.nan] * 4 + [3.0], pd.MultiIndex.from_tuples([*keys, total, three]))
    sums = [Sum(three, pair, exact=False) for pair in (keys[:2], keys[1:], keys[::2])]
    ranges = interval_attack(shown, [*sums, Sum(total, keys)])
    assert lines(ranges)[-1] == (*total, 0, 4)


# ---- many worlds


@cache
def world(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A regency of up to 3 districts, and the next month, in which few families changed."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(4, 12))
    poor = chance.poisson(chance.gamma(1.2, float(chance.choice([4.0, 12.0, 40.0])), count))
    shares = chance.dirichlet([5.0, 3.0, 1.0], count)
    counts = [chance.multinomial(n, p) for n, p in zip(poor, shares, strict=True)]
    table = pd.DataFrame(counts, columns=PARTS, index=[f"v{i:02d}" for i in range(count)])
    district = np.sort(chance.integers(0, int(chance.integers(1, 4)), count)).astype(str)
    table = table.assign(**{ALL: table.sum(axis=1)}, district=district)
    return table, month_after(table, chance)


def month_after(table: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    later = table.copy()
    for village in chance.choice(table.index, int(chance.integers(0, 5)), replace=False):
        source, target = chance.permutation(PARTS)[:2]
        moved = min(int(chance.integers(1, 4)), int(later.loc[village, source]))
        later.loc[village, [source, target]] += [-moved, moved]
        if chance.random() < 0.4:
            later.loc[village, [target, ALL]] += 1
    return later


@cache
def two_months(seed: int) -> tuple[Release, Release]:
    table, later = world(seed)
    first = Release(table, withhold(table))
    try:
        return first, Release(later, withhold(later, 5, first))
    except GateError:
        return first, first  # nothing of the new month can be shown: last month's stays


def widths(*releases: Release, enough: float = np.inf) -> pd.Series:
    cells, sums = cells_and_sums(releases, parts=PARTS, total=ALL, group="district")
    ranges = interval_attack(cells, sums, enough=enough)
    return ranges["upper"] - ranges["lower"]


def test_asking_about_many_counts_at_once_withholds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def masks() -> list[np.ndarray]:
        return [withhold(world(seed)[0]).cells.to_numpy() for seed in range(12)]

    at_once = masks()
    monkeypatch.setattr(table_shifts, "_MANY", 0)
    of_large_areas = masks()
    monkeypatch.setattr(table_shifts, "_reach", lambda *_, **__: None)
    one_by_one = masks()
    assert all(map(np.array_equal, at_once, one_by_one))
    # Across districts what protects several is not seen at once: little more goes.
    cells = [sum(int(mask.sum()) for mask in found) for found in (of_large_areas, one_by_one)]
    assert cells[0] <= cells[1] * 1.02


def test_withheld_counts_reach_what_the_sums_between_them_leave() -> None:
    # Two districts of two villages, two columns, all withheld but the sums: 3 4 / 2 9, 1 1 / 1 1.
    values = np.array([3, 4, 2, 9, 1, 1, 1, 1, *(0,) * 8], dtype=float)
    lines = [(0, 1), (2, 3), (0, 2), (1, 3), (4, 5), (6, 7), (4, 6), (5, 7)]
    sums = table_shifts.matrix_of([(line, 8 + n) for n, line in enumerate(lines)], 16)
    groups = np.array([0] * 4 + [1] * 4 + [table_shifts.NO_GROUP] * 8)
    variables = Variables(values, groups, groups < 0, np.ones(16), sums)
    reached = np.zeros((2, 16))
    table_shifts._reach(
        reached, variables, groups >= 0, np.arange(8), groups=groups, smallest=5
    )  # fmt: skip
    # The 3 goes up by the 2 below it, and down to 0; of the ones each goes up or down by one.
    assert reached.T[:8].tolist() == [[2, 3], [3, 2], [3, 2], [2, 3], *([[1, 1]] * 4)]


def test_a_sweep_leaves_the_verdict_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(12):
        table, _ = world(seed)
        columns = [*PARTS, ALL]
        margins = margins_of(table, columns, "district")
        small = Suppression(*((t >= 1) & (t < 5) for t in (table[columns], margins)))
        swept = widths(Release(table, small), enough=5)
        with monkeypatch.context() as patch:
            patch.setattr(_Problem, "sweep", lambda *_: None)
            asked = widths(Release(table, small), enough=5)
        assert ((swept < 5) == (asked < 5)).all()
        assert swept[swept < 5].equals(asked[asked < 5])


@pytest.mark.parametrize("seeds", [range(n, n + 50) for n in (0, 50, 100, 150)], ids=str)
def test_no_withheld_count_can_be_narrowed(seeds: range) -> None:
    refused = 0
    for seed in seeds:
        first, second = two_months(seed)
        refused += first is second
        # Exact ranges of some, and of all as much of them as the rule needs. Who knows both
        # months knows more of the first than who knows that alone.
        enough = np.inf if seed % 10 == 0 else 5
        assert (widths(first, second, enough=enough) >= 5).all(), seed
        for release in (first, second):
            counts = release.table[COLUMNS]
            small = (counts >= 1) & (counts < 5)
            assert (release.suppression.cells >= small).all(axis=None)
    assert refused <= 2


def test_the_public_sees_no_cell_that_the_meeting_does_not() -> None:
    for seed in range(15):
        first = two_months(seed)
        second: list[Release] = []
        for meeting in first:
            found = suppress(
                meeting.table, parts=PARTS, total=ALL, group="district", smallest=10,
                zeros=True, keep=meeting.suppression, earlier=second,
            )  # fmt: skip
            second.append(Release(meeting.table, found))
        for meeting, public in zip(first, second, strict=True):
            assert (public.suppression.cells >= meeting.suppression.cells).all(axis=None)
            assert (public.suppression.margins >= meeting.suppression.margins).all(axis=None)
        assert (widths(*second, enough=10) >= 10).all(), seed


def test_one_month_by_itself_needs_no_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Any] = []

    def judge(*releases: Any, **options: Any) -> None:
        judged.append(releases)
        release_gate(*releases, **options)

    monkeypatch.setattr(suppression, "release_gate", judge)
    for seed in range(20):
        withhold(world(seed)[0])
    assert len(judged) == 20  # what the search found passed at once


def test_shown_counts_are_the_exact_ones() -> None:
    table, _ = world(3)
    cells, sums = cells_and_sums(
        [Release(table, withhold(table))], parts=PARTS, total=ALL, group="district"
    )
    margins = margins_of(table, COLUMNS, "district")
    shown = cells.dropna()
    for (_, level, place, column), count in zip(shown.index.tolist(), shown, strict=True):
        assert count == (table if level == "village" else margins).loc[place, column]
    assert 0 < len(shown) < len(cells)
    assert {key for one in sums for key in (one.whole, *one.parts)} == set(cells.index)


def test_the_same_table_gives_the_same_mask_in_any_order_of_calls() -> None:
    table, later = world(8)
    first = withhold(table)
    withhold(later)
    again = withhold(table.copy())
    pd.testing.assert_frame_equal(first.cells, again.cells)
    pd.testing.assert_frame_equal(first.margins, again.margins)


def test_little_is_withheld_of_a_city() -> None:
    # 67 villages in 6 districts, 3,784 families: like Kota Serang.
    chance = np.random.default_rng(36)
    poor = chance.multinomial(3784, chance.dirichlet([2.0] * 67))
    counts = [chance.multinomial(n, chance.dirichlet([9.0, 5.0, 1.5])) for n in poor]
    table = pd.DataFrame(counts, columns=PARTS, index=[f"v{i:02d}" for i in range(67)])
    table = table.assign(**{ALL: table.sum(axis=1)}, district=[f"d{i % 6}" for i in range(67)])
    found = withhold(table)
    small = ((table[COLUMNS] >= 1) & (table[COLUMNS] < 5)).to_numpy().mean()
    withheld = found.cells.to_numpy().mean()
    assert 0.02 < small < 0.2
    assert withheld < 2.0 * small + 0.02, (small, withheld)
    assert not found.margins.to_numpy().any()


# ---- planted faults


def shown_anyway(release: Release, *cells: tuple[str, str], margin: bool = False) -> Release:
    frame = release.suppression.margins if margin else release.suppression.cells
    frame = frame.copy()
    for place, column in cells:
        assert frame.loc[place, column]
        frame.loc[place, column] = False
    name = "margins" if margin else "cells"
    return replace(release, suppression=replace(release.suppression, **{name: frame}))


def test_the_gate_sees_a_complementary_cell_that_is_shown() -> None:
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0), ("Y", 30, 30, 30))
    release = Release(table, withhold(table))
    gate(release)
    for cell in (("a", COV), ("b", COV), ("b", UNC)):
        with pytest.raises(GateError, match="E-GATE"):
            gate(shown_anyway(release, cell))


def test_the_gate_sees_a_sum_that_is_shown() -> None:
    table = villages(("X", 20, 3, 0), ("Y", 20, 30, 0), ("Z", 40, 50, 7))
    release = Release(table, withhold(table))
    with pytest.raises(GateError):
        gate(shown_anyway(release, ("X", UNC), margin=True))


def test_the_gate_sees_a_small_count_that_is_shown() -> None:
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0))
    with pytest.raises(GateError):
        gate(Release(table, nothing(table)))


def test_the_same_question_is_solved_once_and_a_changed_one_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solved: list[int] = []
    solve = _Problem.questions

    def count(problem: _Problem, enough: float) -> list[tuple[int, int]]:
        solved.append(1)
        return solve(problem, enough)

    monkeypatch.setattr(_Problem, "questions", count)
    bounds_once.cache_clear()  # of other tests
    table = villages(("X", 21, 3, 0), ("X", 20, 10, 0), ("X", 33, 31, 30))
    release = Release(table, withhold(table))
    assert solved
    solved.clear()
    gate(replace(release, table=table.copy()))
    assert not solved
    # One more cell shown, one more family, another smallest count: each is judged.
    for cell in (("a", COV), ("b", COV), ("b", UNC)):
        with pytest.raises(GateError):
            gate(shown_anyway(release, cell))
        assert solved, cell
        solved.clear()
    more = villages(("X", 22, 3, 0), ("X", 20, 10, 0), ("X", 33, 31, 30))
    gate(Release(more, release.suppression))
    assert solved
    solved.clear()
    gate(release, smallest=4)
    assert solved


def test_a_forgotten_release_is_seen() -> None:
    # a's fourth family is covered: in the next month nothing is small by itself.
    table = villages(("X", 20, 4, 0), ("X", 20, 10, 0), ("X", 30, 30, 6))
    later = villages(("X", 20, 5, 0), ("X", 20, 10, 0), ("X", 30, 30, 6))
    first = Release(table, withhold(table))
    forgetful = Release(later, withhold(later))
    assert named(forgetful.suppression.cells) == set()
    gate(forgetful)
    with pytest.raises(GateError):
        gate(first, forgetful)
    gate(first, Release(later, withhold(later, 5, first)))


def test_forgotten_releases_are_seen_in_many_worlds() -> None:
    seen = 0
    for seed in range(30):
        first, second = two_months(seed)
        alone = Release(second.table, withhold(second.table))
        narrowed = (widths(first, alone, enough=5) < 5).any()
        if narrowed:
            seen += 1
            with pytest.raises(GateError):
                gate(first, alone)
        else:
            gate(first, alone)
    assert seen > 5


def test_what_was_withheld_and_did_not_change_stays_withheld() -> None:
    for seed in range(30):
        first, second = two_months(seed)
        same = first.table[COLUMNS] == second.table[COLUMNS]
        assert (second.suppression.cells >= (first.suppression.cells & same)).all(axis=None)


@pytest.mark.parametrize("seed", [8, 12])
def test_who_looks_at_all_months_knows_more_than_of_any_two(seed: int) -> None:
    tables = [world(seed)[0]]
    for month in range(1, 4):
        tables.append(month_after(tables[-1], np.random.default_rng(seed * 100 + month)))
    of_two: list[Release] = []
    of_all: list[Release] = []
    for table in tables:
        of_two.append(Release(table, withhold(table, 5, *of_two[-1:])))
        of_all.append(Release(table, withhold(table, 5, *of_all)))
    for before, now in pairwise(of_two):
        gate(before, now)
    with pytest.raises(GateError):
        gate(*of_two)
    gate(*of_all)


def test_what_was_told_before_cannot_be_withheld_now() -> None:
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0))
    with pytest.raises(GateError):
        withhold(table, 5, Release(table, nothing(table)))


def test_a_fault_names_the_district_and_no_value() -> None:
    table = villages(("X", 20, 3, 0), ("X", 77, 88, 0), ("Y", 30, 30, 30))
    with pytest.raises(GateError) as caught:
        gate(shown_anyway(Release(table, withhold(table)), ("b", UNC)))
    (fault,) = caught.value.faults
    assert fault.code == "E-GATE"
    assert fault.en.startswith("district X: 3 withheld")
    assert "kecamatan X" in fault.id
    assert not any(value in fault.id + fault.en for value in ("20", "77", "88"))


def test_other_tables_of_the_release_are_attacked_with_it() -> None:
    # b has 0 to 13 uncovered as far as the villages tell. An RW of b with 9 tells: 9 to 13.
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0))
    release = Release(table, withhold(table))
    village, rw = (0, "village", "b", UNC), (0, "rw", "b", "001")

    def gate_with(count: float) -> None:
        release_gate(
            [release], parts=PARTS, total=ALL, group="district", smallest=5,
            also_shown=pd.Series([count], pd.MultiIndex.from_tuples([rw])),
            also_sums=[Sum(village, [rw], exact=False)],
        )  # fmt: skip

    gate_with(6.0)
    with pytest.raises(GateError, match="district X"):
        gate_with(9.0)


# ---- runs that come again and again


def alternating(*turns: int) -> list[Release]:
    """Tables 0, 1 and 2 in some order, each held against all that the archive remembers."""
    tables = [
        villages(("X", 20, 3, 0), ("X", 20, 10, 0), ("X", 30, 30, 6)),
        villages(("X", 20, 7, 0), ("X", 20, 10, 0), ("X", 30, 30, 6)),
        villages(("X", 20, 7, 0), ("X", 20, 10, 0), ("X", 30, 31, 6)),
    ]
    seen: list[Release] = []
    for turn in turns:
        release = Release(tables[turn], withhold(tables[turn], 5, *walk_of(seen)))
        seen.append(release)
    return seen


def numbers(releases: list[Release]) -> list[int]:
    """Uncovered of the first village and of the third: which table it is."""
    return [{(3, 30): 0, (7, 30): 1, (7, 31): 2}[tuple(one.table[UNC].iloc[[0, 2]])]
            for one in releases]  # fmt: skip


def test_runs_that_come_again_and_again_do_not_pile_up() -> None:
    assert numbers(walk_of(alternating(0, 1, 0, 1, 0, 1, 0, 1))) == [0, 1]


def test_no_pair_of_runs_in_a_row_is_forgotten() -> None:
    # After 0 1 0 1 comes 2, and then 0: each pair is told in a row, once.
    seen = alternating(0, 1, 0, 1, 2, 1, 0, 2)
    assert numbers(walk_of(seen)) == [0, 1, 2, 1, 0, 2]
    gate(*walk_of(seen))


def test_a_run_that_tells_more_of_the_same_table_is_another_one() -> None:
    table = villages(("X", 20, 3, 0), ("X", 20, 10, 0), ("X", 30, 30, 6))
    less = Release(table, withhold(table))
    more = Release(table, nothing(table))
    assert walk_of([more, less, less]) == [more]
    assert walk_of([less, more, less]) == [less, more]
