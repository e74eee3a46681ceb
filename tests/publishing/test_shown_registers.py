"""What is told of registers, lists and changes: no small count follows from it.

The attackers here try every table that fits what is told; they know the sums.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.publishing.archive import Archive
from geo_target.publishing.audiences import MEETING
from geo_target.publishing.register_tables import Combination, ListMatches
from geo_target.publishing.shown_registers import (
    publish_changes,
    publish_combinations,
    publish_matches,
    publish_registers,
    publish_sides,
    shown_summary,
)
from tests.builders import kk
from tests.publishing.test_previous import run, write

SMALLEST = MEETING.smallest
Told = Mapping[Any, int | None]


def ranges(told: Told, fits: Any, *, most: int) -> dict[Any, int]:
    """How far apart the least and the greatest value of each withheld count are.

    `fits` takes a whole table; counts are tried up to `most`.
    """
    hidden = [name for name, count in told.items() if count is None]
    tables = [
        dict(zip(hidden, values, strict=True))
        for values in itertools.product(range(most + 1), repeat=len(hidden))
        if fits({**told, **dict(zip(hidden, values, strict=True))})
    ]
    return {
        name: max(table[name] for table in tables) - min(table[name] for table in tables)
        for name in hidden
    }


def overlaps(text: str) -> dict[Combination, int]:
    """``dtks+p3ke 12`` a line, or several with commas."""
    found = (line.split() for line in text.split(","))
    return {tuple(names.split("+")): int(count) for names, count in found}


def told_overlaps(text: str) -> dict[str, int | None]:
    told = publish_combinations(overlaps(text), SMALLEST, closed=False)
    return {"+".join(names): count for names, count in told.items()}


def test_every_combination_there_could_be_is_told_those_of_most_families_first() -> None:
    told = told_overlaps("dtsen 5120, dtsen+p3ke 880")
    assert list(told.items()) == [("dtsen", 5120), ("dtsen+p3ke", 880), ("p3ke", 0)]


def test_of_two_registers_with_a_small_count_nothing_is_told() -> None:
    # Both registers and all families are known: the three of P3KE alone would follow.
    told = told_overlaps("dtsen 5120, dtsen+p3ke 877, p3ke 3")
    assert list(told.items()) == [("dtsen", None), ("dtsen+p3ke", None), ("p3ke", None)]


def test_a_small_count_takes_few_others_along() -> None:
    told = told_overlaps(
        "d 50, e 60, p 3, d+e 70, d+p 20, e+p 30, d+e+p 40, r 90, d+r 80, e+r 85, p+r 95, d+e+r 99"
    )
    hidden = [name for name, count in told.items() if count is None]
    assert "p" in hidden
    assert len(hidden) < len(told) / 2
    # The withheld stand last, by their names: no place tells of a count.
    assert hidden == sorted(hidden) == list(told)[-len(hidden) :]


def test_a_closed_table_tells_nothing() -> None:
    told = publish_combinations(overlaps("dtsen 5120, p3ke 88"), SMALLEST, closed=True)
    assert set(told.values()) == {None}
    assert publish_combinations({}, SMALLEST, closed=False) == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 7, 12, 30]), min_size=7, max_size=7))
def test_no_overlap_follows_from_the_others_and_the_registers(counts: list[int]) -> None:
    names = [c for n in (1, 2, 3) for c in itertools.combinations("dep", n)]
    exact = dict(zip(names, counts, strict=True))
    told = publish_combinations({n: c for n, c in exact.items() if c}, SMALLEST, closed=False)
    assert not [n for n, count in told.items() if count is not None and 0 < count < SMALLEST]
    if None not in told.values() or set(told.values()) == {None}:
        return
    # The pairs of registers and what is known settle the others.
    size = {r: sum(c for n, c in exact.items() if r in n) for r in "dep"}
    de, dp, ep = np.meshgrid(*[np.arange(max(size.values()) + 1)] * 3)
    twice = sum(size.values()) - sum(exact.values()) - de - dp - ep
    dep = twice // 2
    alone = size["d"] - de - dp - dep, size["e"] - de - ep - dep, size["p"] - dp - ep - dep
    tables = dict(zip(names, (*alone, de, dp, ep, dep), strict=True))
    fits = (twice % 2 == 0) & np.all([values >= 0 for values in tables.values()], axis=0)
    for name, count in told.items():
        fits &= True if count is None else tables[name] == count
    for name in (n for n, count in told.items() if count is None):
        values = tables[name][fits]
        assert exact[name] in values
        assert np.ptp(values) >= SMALLEST


def matches(*ways: int, unlinked: int, rows: int | None, closed: bool = False) -> dict[str, Any]:
    """What is told of a list; its usable rows are those by NIK, KK and name, and the unlinked."""
    linked = dict(zip(("nik", "kk", "name"), ways, strict=True))
    found = ListMatches(5, "a.csv", "Dinas Contoh", sum(ways) + unlinked, linked, unlinked)
    told = publish_matches(found, SMALLEST, rows=rows, closed=closed)
    assert (told["list"], told["agency"]) == (5, "Dinas Contoh")
    return told


#: By NIK, by KK, by name, linked to nobody; all rows; what is told of them, usable rows first.
LISTS = """
900 50 0 39  1000  989  900 50  0 39   nothing is small
900  3 0 39  1000  942    -  -  0 39   the KK, and what would tell it
900  3 2 39  1000  944    -  -  - 39
900 50 0  4  1000  954    - 50  0  -
900 50 0 47  1000    -    - 50  0 47   3 rows are unusable: 997 would tell
900 50 0 50  1000 1000  900 50  0 50   none is
900 50 0 50   300 1000  900 50  0 50   a list of flags: its rows tell nothing
900 50 0 49     -  999  900 50  0 49   rows are not shown
  2  0 0  1     3    -    -  -  -  -
  0  0 0 90    90   90    0  0  0 90
"""


@pytest.mark.parametrize("line", LISTS.strip().splitlines())
def test_small_numbers_of_a_list(line: str) -> None:
    numbers = [None if word == "-" else int(word) for word in line.split()[:10]]
    nik, kk, name, unlinked = (number or 0 for number in numbers[:4])
    told = matches(nik, kk, name, unlinked=unlinked, rows=numbers[4])
    assert [told["enrollments"], *told["ways"].values(), told["unlinked"]] == numbers[5:]
    tells = None not in (told["enrollments"], told["unlinked"])
    assert told["linked"] == (nik + kk + name if tells else None)


def test_a_closed_list_tells_nothing() -> None:
    told = matches(900, 50, 0, unlinked=39, rows=1000, closed=True)
    assert {told[name] for name in ("enrollments", "linked", "unlinked")} == {None}
    assert set(told["ways"].values()) == {None}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=4), st.sampled_from([None, 0, 1, 4, 6, 40]))
def test_no_number_of_a_list_follows_from_the_others(
    counts: list[int], unusable: int | None
) -> None:
    *ways, unlinked = counts
    enrollments = sum(counts)
    rows = None if unusable is None else enrollments + unusable
    told = matches(*ways, unlinked=unlinked, rows=rows)
    cells = {**told["ways"], "unlinked": told["unlinked"]}
    usable = told["enrollments"]
    assert not [n for n in (usable, *cells.values()) if n is not None and 0 < n < SMALLEST]
    if usable is None and rows is not None and 0 < rows - enrollments < SMALLEST:
        assert None in cells.values()
    if set(cells.values()) == {None}:
        return  # nothing is told but how many rows there are
    most = enrollments if rows is None else rows

    def fits(table: Mapping[str, int]) -> bool:
        found = sum(table.values())
        linked = found - table["unlinked"]
        return told["linked"] in (None, linked) and (
            found <= most if usable is None else found == usable
        )

    widths = ranges(cells, fits, most=most)
    assert not [name for name, width in widths.items() if width < SMALLEST]


def change(
    before: int, gains: dict[str, int], losses: dict[str, int], *, told: int | None = None,
    after: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What is told of a change, where both figures are shown unless `told` or `after` differ."""
    now = before + sum(gains.values()) - sum(losses.values())
    changes = {"previous": "1", "same_question": True, "before": before, "after": now,
               "gains": gains, "losses": losses}  # fmt: skip
    previous = {"as_of": "2025-09-01", "totals": {"uncovered_families": told or before}}
    return publish_changes(changes, MEETING, previous=previous, after=after or now)


def test_a_change_is_told_with_its_causes() -> None:
    told = change(3784, {"new": 40, "lost": 24}, {"covered": 35, "gone": 12})
    assert told == {
        "previous": "1", "previous_as_of": "2025-09-01", "same_question": True,
        "before": 3784, "after": 3801,
        "gains": {"new": 40, "lost": 24, "all": 64},
        "losses": {"covered": 35, "gone": 12, "all": 47},
    }  # fmt: skip


def test_a_small_cause_takes_the_smallest_other_along() -> None:
    told = change(3784, {"new": 40, "lost": 3, "re_placed": 24}, {"covered": 35, "gone": 0})
    assert told["gains"] == {"new": 40, "lost": None, "re_placed": None, "all": 67}
    assert told["losses"] == {"covered": 35, "gone": 0, "all": 35}


def test_few_families_on_one_side_close_both() -> None:
    # 35 losses, and 32 fewer: the three gains would follow.
    told = change(3784, {"new": 3, "lost": 0}, {"covered": 35, "gone": 0})
    assert set(told["gains"].values()) == set(told["losses"].values()) == {None}
    assert (told["before"], told["after"]) == (3784, 3752)


@pytest.mark.parametrize("shown", [{"told": 3780}, {"after": 1}])
def test_causes_between_figures_that_are_not_shown_are_not_told(shown: dict[str, int]) -> None:
    told = change(3784, {"new": 40}, {"covered": 35}, **shown)
    assert set(told["gains"].values()) == set(told["losses"].values()) == {None}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
)
def test_no_cause_follows_from_the_others_and_both_figures(
    gained: list[int], lost: list[int]
) -> None:
    sides = {"gains": dict(enumerate(gained)), "losses": dict(enumerate(lost))}
    told = publish_sides(sides, SMALLEST, closed=False)  # type: ignore[arg-type]
    flat = {(side, name): n for side, parts in told.items() for name, n in parts.items()}
    assert not [place for place, count in flat.items() if count and count < SMALLEST]
    if None in (told["gains"]["all"], told["losses"]["all"]):
        # Their difference alone is known: any number of families may have come and gone.
        assert set(flat.values()) == {None}
        return
    for side, parts in told.items():
        cells = {name: count for name, count in parts.items() if name != "all"}
        whole = sum(sides[side].values())
        widths = ranges(cells, lambda table, whole=whole: sum(table.values()) == whole, most=whole)
        assert not [name for name, width in widths.items() if width < SMALLEST]


def test_what_was_shown_before_may_be_gone_or_broken(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert shown_summary(archive, "000001-20251001T000000Z", MEETING) == {}
    file = tmp_path / "000001-20251001T000000Z" / "shown" / "meeting" / "summary.json"
    file.parent.mkdir(parents=True)
    for text, found in (("{", {}), ("7", {}), ('{"as_of": "2025-10-01"}', {"as_of": "2025-10-01"})):
        file.write_text(text, encoding="utf-8")
        assert shown_summary(archive, "000001-20251001T000000Z", MEETING) == found


def test_two_months_of_an_area(tmp_path: Path) -> None:
    """60 families of the base, 10 of them in P3KE, which lists 6 more; PKH goes by card."""
    base = [(f"F{n:02}", n, n) for n in range(1, 61)]
    p3ke = [(f"P{n:02}", n) for n in (*range(1, 11), *range(71, 77))]
    archive = Archive(tmp_path / "archive")
    told = []
    for cards in (range(1, 21), range(11, 36)):
        run(write(tmp_path, base, p3ke, [*cards], []))
        file = archive.folder / str(archive.current()) / "shown/meeting/tables/registers.json"
        told.append(json.loads(file.read_bytes()))
    first, second = told
    assert first["changes"] is None
    assert second["overlaps"] == first["overlaps"]
    assert second["overlaps"]["families"] == 66
    assert {"+".join(each["registers"]): each["families"]
            for each in second["overlaps"]["combinations"]} == {
        "families": 50, "families+p3ke": 10, "p3ke": 6,
    }  # fmt: skip
    changes = second["changes"]
    assert (changes["before"], changes["after"], changes["same_question"]) == (40, 35, True)
    assert (changes["gains"]["lost"], changes["losses"]["covered"]) == (10, 15)
    (paid,) = second["matches"]
    assert (paid["list"], paid["enrollments"], paid["ways"]["kk"], paid["unlinked"]) == (
        3,
        25,
        25,
        0,
    )


def test_the_unlinked_of_all_lists_do_not_tell_those_of_one(tmp_path: Path) -> None:
    """Of PKH 3 rows are linked to nobody, of Sembako 20: of both 23."""
    base = [(f"F{n:02}", n, n) for n in range(1, 61)]
    config = write(tmp_path, base, [("P01", 1)], [*range(1, 21), 101, 102, 103], [])
    rows = [f"SEMBAKO;{kk(k)}" for k in (*range(21, 36), *range(111, 131))]
    (tmp_path / "more.csv").write_text("\n".join(["program;no kk", *rows]) + "\n", "utf-8")
    text = config.read_text("utf-8").replace('["PKH"]', '["PKH", "SEMBAKO"]')
    source = '[[source]]\nfile = "more.csv"\nprofile = "enrollments"\nas_of = 2025-09-01\n'
    config.write_text(text.replace("[coverage]", source + "[coverage]"), "utf-8")
    run(config)
    archive = Archive(tmp_path / "archive")
    shown = archive.folder / str(archive.current()) / "shown/meeting"
    lists = json.loads((shown / "tables/registers.json").read_bytes())["matches"]
    assert [each["unlinked"] for each in lists] == [None, 20]
    assert (
        json.loads((shown / "summary.json").read_bytes())["totals"]["unlinked_enrollments"] is None
    )


def told_of(exact: Path, told: Sequence[int] = (), **known: int | None) -> dict[str, Any]:
    """What is told of 60 families in a village, and of 50 rows that all are linked."""
    totals = {"covered_families": 40, "uncovered_families": 20, "extreme_poor_families": 60}
    tables = {
        "overlaps": {"village_code": "V", "registers": "p3ke", "families": 60},
        "match_rates": {
            "list": 1, "file": "a.csv", "agency": None, "village_code": "V", "enrollments": 50,
            "nik_enrollments": 50, "unlinked_enrollments": 0,
        },
    }  # fmt: skip
    for name, row in tables.items():
        pq.write_table(pa.Table.from_pylist([row]), exact / f"{name}.parquet")
    summary = {
        "totals": totals | {name: known[name] for name in totals if name in known},
        "balance": {"in_villages": known.get("in_villages", 60)},
        "sources": [{"rows": 50}],
    }
    return publish_registers(exact, MEETING, summary=summary, changes=None, previous={}, told=told)


@pytest.mark.parametrize(
    ("known", "families", "linked"),
    [
        ({}, 60, 50),
        ({"in_villages": None}, None, 50),  # all combinations would tell it
        ({"covered_families": None}, 60, None),  # no more than 50 can be covered
        ({"covered_families": None, "extreme_poor_families": None}, 60, None),
        ({"covered_families": None, "extreme_poor_families": 50}, 60, 50),  # known already
    ],
    ids=["open", "unplaced", "bound", "all", "no-bound"],
)
def test_what_would_tell_of_the_villages_is_closed(
    tmp_path: Path, known: dict[str, int | None], families: int | None, linked: int | None
) -> None:
    told = told_of(tmp_path, (), **known)
    assert told["overlaps"]["families"] == families
    assert told["overlaps"]["combinations"] == [{"registers": ["p3ke"], "families": families}]
    assert told["matches"][0]["linked"] == linked
    assert told["changes"] is None


@pytest.mark.parametrize(("told", "linked"), [((), 50), ((47,), None), ((30,), 50), ((51,), 50)])
def test_a_list_leaves_no_few_to_the_withheld_villages_of_a_program(
    tmp_path: Path, told: tuple[int, ...], linked: int | None
) -> None:
    # 50 rows are linked: where shown villages have 47 families of the program, three are left.
    assert told_of(tmp_path, told=told)["matches"][0]["linked"] == linked
