"""An outsider reads the files as they are written, and can narrow no withheld count.

The attack here is fed with nothing but JSON, and with which counts have not changed since the
month before: the worst reader knows that.
"""

import json
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from shapely import box

from geo_target.crs import WGS84
from geo_target.publishing import disclosure, shown, small_areas
from geo_target.publishing.audiences import COUNTS, PARTS, TOTAL
from geo_target.publishing.interval_attack import (
    GateError,
    Key,
    Release,
    Sum,
    Suppression,
    interval_attack,
)
from geo_target.publishing.layers import village_layer
from geo_target.publishing.releases import is_all_withheld
from geo_target.publishing.results import Targets
from geo_target.publishing.shown import MeetingTables, meeting_tables
from geo_target.publishing.shown_files import records
from geo_target.publishing.shown_public import PublicTables, public_tables
from geo_target.settings import Clusters
from geo_target.targeting.clusters import find_clusters
from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.indicators import read_indicators
from geo_target.targeting.priority_classes import leading_villages
from geo_target.targeting.rates import smoothed_rates
from tests.builders import UTM_48S
from tests.publishing.test_suppression import world

UNCOVERED, LOCATED, LOCATED_UNCOVERED = PARTS[1], "located_families", "located_uncovered_families"
Files = dict[str, Any]


def targets_of(counts: pd.DataFrame, seed: int, *, located: float = 0.4) -> Targets:
    """Villages with these counts, their families in three RW, some with a point."""
    chance = np.random.default_rng(seed)
    names = {"covered": PARTS[0], "uncovered": PARTS[1], "unmatched": PARTS[2]}
    table = counts.rename(columns={**names, "extreme_poor": TOTAL, "district": "district_code"})
    families = [
        (str(code), state)
        for code, *row in counts[list(names)].itertuples()
        for state, count in zip(names, row, strict=True)
        for _ in range(count)
    ]
    poor = pd.DataFrame(families, columns=["village_code", "coverage_state"], dtype="str")
    poor["rw"] = chance.choice(["001", "002", "003"], len(poor), p=[0.6, 0.3, 0.1])
    poor["has_point"] = chance.random(len(poor)) < located
    poor = poor.assign(neighborhood=None, lon=np.nan, lat=np.nan)
    poor.index = poor.index.astype(str).rename("family_id")
    villages = village_table(table, poor, others=chance.choice([0, 2, 300], len(table)))
    crs = pyproj.CRS(UTM_48S)
    clusters, members = find_clusters(poor.assign(has_point=False), villages, Clusters(), crs)
    return Targets(
        villages, poor, clusters, members, crs, find_contiguity(villages), read_indicators()
    )


def village_table(table: pd.DataFrame, poor: pd.DataFrame, *, others: Any) -> gpd.GeoDataFrame:
    """The exact table; `others` of the registers are not extreme poor."""
    point = poor[poor["has_point"]]
    uncovered = point[point["coverage_state"] == "uncovered"]
    compared = table[PARTS[0]] + table[UNCOVERED]
    counts = {
        LOCATED: point.groupby("village_code").size().reindex(table.index, fill_value=0),
        LOCATED_UNCOVERED: uncovered.groupby("village_code")
        .size()
        .reindex(table.index, fill_value=0),
        "families": table[TOTAL] + others,
        "population_persons": 4000,
        "population_families": 1000,
        "matched_share": (compared / table[TOTAL]).where(table[TOTAL] > 0),
        "exclusion_error": (table[UNCOVERED] / compared).where(compared > 0),
        "smoothed_exclusion_error": smoothed_rates(table[UNCOVERED], compared),
    }
    names = {
        "bps_village_code": None, "village_kind": "desa", "regency_code": "R",
        "regency_name": "R", "district_name": table["district_code"],
        "village_name": [f"Desa {code}" for code in table.index],
    }  # fmt: skip
    squares = [box(106 + 0.01 * n, -6.1, 106.01 + 0.01 * n, -6.09) for n in range(len(table))]
    frame = table.assign(**counts, **names).rename_axis("village_code")
    return gpd.GeoDataFrame(frame, geometry=squares, crs=WGS84)


def files_of(meeting: MeetingTables) -> Files:
    """What the meeting's files hold, through JSON and back."""
    content = {
        "villages": records(meeting.villages), "rw": records(meeting.rw),
        "clusters": records(meeting.clusters), "totals": meeting.totals,
        "districts": meeting.districts,
    }  # fmt: skip
    read: Files = json.loads(json.dumps(content, allow_nan=False))
    return read


def public_files_of(public: PublicTables) -> Files:
    content = {"villages": records(public.villages), "totals": public.totals,
               "districts": public.districts}  # fmt: skip
    read: Files = json.loads(json.dumps(content, allow_nan=False))
    return read


def number_of(value: Any) -> float:
    """A band is taken for the count that it stands for: more than the reader knows."""
    return np.nan if value is None else float(str(value).split("-")[0].rstrip("+"))


class Reader:
    """Collects what the files tell."""

    def __init__(self) -> None:
        self.shown: dict[Key, float] = {}
        self.sums: list[Sum] = []
        self.helpers: set[Key] = set()

    def read(self, number: int, files: Files) -> None:
        members: dict[str, list[str]] = {}
        places = [("village", row["village_code"], row) for row in files["villages"]]
        places += [("district", row["district_code"], row) for row in files["districts"]]
        places += [("area", "*", files["totals"])]
        for level, place, row in places:
            for name in COUNTS:
                self.shown[number, level, place, name] = number_of(row[name])
            keys = [(number, level, place, name) for name in COUNTS]
            self.sums.append(Sum(keys[-1], keys[:-1]))
        for row in files["villages"]:
            members.setdefault(row["district_code"], []).append(row["village_code"])
        for name in COUNTS:
            for district, codes in members.items():
                inside = [(number, "village", code, name) for code in codes]
                self.sums.append(Sum((number, "district", district, name), inside))
            over = [(number, "district", district, name) for district in members]
            self.sums.append(Sum((number, "area", "*", name), over))

    def read_more(self, number: int, files: Files) -> None:
        """Located families, all families, RW, clusters: the meeting's alone."""
        villages = {row["village_code"]: row for row in files["villages"]}
        for code, row in villages.items():
            self._read_located(number, code, row)
        for name in (LOCATED, LOCATED_UNCOVERED):
            whole = (number, "area", "*", name)
            self.shown[whole] = number_of(files["totals"][name])
            self.sums.append(Sum(whole, [(number, "village", code, name) for code in villages]))
            if np.isnan(self.shown[whole]):
                self.helpers.add(whole)  # it is the sum of cells that are judged themselves
        rows: dict[str, list[tuple[Key, Key]]] = {}
        by_rw: dict[tuple[str, str], tuple[Key, Key]] = {}
        for row in files["rw"]:
            place = (row["village_code"], row["rw"])
            keys = (number, "rw", place, TOTAL), (number, "rw", place, UNCOVERED)
            self.shown.update(zip(keys, (number_of(row[k[-1]]) for k in keys), strict=True))
            self._split(keys[0], keys[1], self._helper(number, place, "others"))
            rows.setdefault(row["village_code"], []).append(keys)
            by_rw[place] = keys
        for code, of_village in rows.items():
            for column, name in enumerate((TOTAL, UNCOVERED)):
                village = (number, "village", code, name)
                self.sums.append(Sum(village, [keys[column] for keys in of_village], exact=False))
            rest = self._helper(number, code, "not uncovered")
            self._split(
                (number, "village", code, TOTAL), (number, "village", code, UNCOVERED), rest
            )
            inside = [(number, "helper", keys[0][2], "others") for keys in of_village]
            self.sums.append(Sum(rest, inside, exact=False))
        for row in files["clusters"]:
            (code,) = row["village_codes"]
            rw = by_rw[code, row["name"].split(",")[0].removeprefix("RW ")]
            assert self.shown[rw[1]] == row["uncovered_families"]
            if row["compared_families"] is not None:
                covered = self._helper(number, rw[0][2], "covered")
                self.shown[covered] = row["compared_families"] - row["uncovered_families"]
                others = (number, "helper", rw[0][2], "others")
                self.sums.append(Sum(others, [covered], exact=False))
                self.sums.append(Sum((number, "village", code, PARTS[0]), [covered], exact=False))

    def _read_located(self, number: int, code: str, row: dict[str, Any]) -> None:
        keys = {name: (number, "village", code, name) for name in (*COUNTS, LOCATED,
                LOCATED_UNCOVERED, "families")}  # fmt: skip
        for name in (LOCATED, LOCATED_UNCOVERED, "families"):
            self.shown[keys[name]] = number_of(row[name])
        of = {name: self._helper(number, code, name) for name in "abcd"}
        self._split(keys[UNCOVERED], keys[LOCATED_UNCOVERED], of["a"])
        self._split(keys[LOCATED], keys[LOCATED_UNCOVERED], of["b"])
        self.sums.append(Sum(keys[TOTAL], [keys[UNCOVERED], of["b"], of["c"]]))
        self._split(keys["families"], keys[TOTAL], of["d"])

    def _split(self, whole: Key, *parts: Key) -> None:
        self.sums.append(Sum(whole, parts))

    def _helper(self, number: int, place: Any, name: str) -> Key:
        key = (number, "helper", place, name)
        self.shown.setdefault(key, np.nan)
        self.helpers.add(key)
        return key

    def unchanged(self, before: pd.DataFrame, after: pd.DataFrame) -> None:
        """Counts of months 0 and 1 that are the same: the reader is told so."""
        sums = [frame.groupby("district_code")[list(COUNTS)].sum() for frame in (before, after)]
        area = [frame[list(COUNTS)].sum().to_frame("*").T for frame in (before, after)]
        levels = {"village": (before, after), "district": tuple(sums), "area": tuple(area)}
        for level, (old, new) in levels.items():
            for place in old.index.intersection(new.index):
                for name in COUNTS:
                    if old.loc[place, name] == new.loc[place, name]:
                        key = (level, place, name)
                        self.sums.append(Sum((1, *key), [(0, *key)]))

    def narrowest(self, smallest: int) -> dict[Key, float]:
        """Withheld cells that could be worked out, and how far."""
        index = pd.MultiIndex.from_tuples(list(self.shown))
        shown = pd.Series(list(self.shown.values()), index, dtype=float)
        ranges = interval_attack(shown, self.sums, enough=smallest)
        widths = ranges["upper"] - ranges["lower"]
        found = dict(zip(ranges.index.tolist(), widths, strict=True))
        return {k: w for k, w in found.items() if w < smallest and k not in self.helpers}


@cache
def two_months(seed: int) -> tuple[tuple[Targets, MeetingTables], ...]:
    months = [targets_of(counts, seed + 1000 * n) for n, counts in enumerate(world(seed))]
    first = meeting_tables(months[0], [])
    return (months[0], first), (months[1], meeting_tables(months[1], [first.release]))


@pytest.mark.parametrize("seeds", [range(0, 100, 10), range(100, 200, 10)], ids=str)
def test_no_withheld_count_of_the_meeting_can_be_narrowed(seeds: range) -> None:
    silent = 0
    for seed in seeds:
        (old, first), (new, second) = two_months(seed)
        for number, tables in enumerate((first, second)):
            reader = Reader()
            reader.read(0, files_of(tables))
            reader.read_more(0, files_of(tables))
            assert reader.narrowest(5) == {}, (seed, number)
        if is_all_withheld(second.release):
            silent += 1  # what is known of last month is known of this one
            continue
        reader = Reader()
        for number, tables in enumerate((first, second)):
            reader.read(number, files_of(tables))
        reader.unchanged(old.villages, new.villages)
        assert reader.narrowest(5) == {}, seed
    assert silent <= 2


def test_no_withheld_count_of_the_public_can_be_narrowed() -> None:
    refused = 0
    for seed in range(0, 200, 20):
        earlier: list[Release] = []
        months = two_months(seed)
        reader = Reader()
        for targets, meeting in months:
            try:
                public = public_tables(targets.villages, meeting.release, earlier)
            except GateError:
                refused += 1
                break
            # Bands are read as exact counts: the reader may know them from the meeting.
            exact = public.villages.assign(
                **{name: targets.villages[name].where(public.villages[name].notna()).astype("Int64")
                   for name in COUNTS}
            )  # fmt: skip
            tables = PublicTables(public.release, exact, public.districts, public.totals)
            reader.read(len(earlier), public_files_of(tables))
            earlier.append(public.release)
        if len(earlier) > 1:
            reader.unchanged(months[0][0].villages, months[1][0].villages)
        assert reader.narrowest(10) == {}, seed
    assert refused <= 3


def test_what_is_written_depends_on_nothing_that_is_withheld() -> None:
    """Small or only protecting: the same bytes, whichever of two tables is the true one."""
    written = []
    for rows in ([(20, 3), (20, 10), (30, 30)], [(12, 11), (28, 2), (30, 30)]):
        counts = pd.DataFrame(rows, index=list("abc"), columns=["covered", "uncovered"])
        counts = counts.assign(unmatched=0, extreme_poor=counts.sum(axis=1), district="X")
        targets = targets_of(counts, 1, located=0.0)
        meeting = meeting_tables(targets, [])
        public = public_tables(targets.villages, meeting.release, [])
        hidden = meeting.villages[[PARTS[0], UNCOVERED]].isna()
        assert hidden.to_numpy().tolist() == [[True] * 2, [True] * 2, [False] * 2]
        layer = village_layer(meeting.villages)
        written.append(json.dumps([files_of(meeting), public_files_of(public), layer]))
    assert written[0] == written[1]


def test_null_and_the_list_of_withheld_say_the_same() -> None:
    for seed in range(0, 200, 20):
        for _, meeting in two_months(seed):
            for row in [*files_of(meeting)["villages"], *files_of(meeting)["districts"]]:
                hidden = [name for name in COUNTS if row[name] is None]
                assert [name for name in COUNTS if name in row["withheld"]] == hidden


# ---- planted faults: the gate is asked about what will be written


def four() -> Targets:
    """a's 3 uncovered, the rectangle that protects them, and villages that show all."""
    rows = [("X", 20, 3), ("X", 20, 10), ("Y", 90, 60), ("Y", 80, 70)]
    counts = pd.DataFrame(rows, index=list("abcd"), columns=["district", "covered", "uncovered"])
    counts = counts.assign(unmatched=0)
    return targets_of(counts.assign(extreme_poor=counts["covered"] + counts["uncovered"]), 1)


def test_the_gate_sees_a_protecting_count_that_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    publish = disclosure.publish_villages
    for village, name in (("a", PARTS[0]), ("b", PARTS[0]), ("b", UNCOVERED), ("a", UNCOVERED)):

        def unhide(
            villages: Any, *rest: Any, village: str = village, name: str = name
        ) -> gpd.GeoDataFrame:
            told = publish(villages, *rest)
            assert told[name].isna()[village]
            told.loc[village, name] = villages.loc[village, name]
            return told

        monkeypatch.setattr(shown, "publish_villages", unhide)
        with pytest.raises(GateError, match="E-GATE"):
            meeting_tables(four(), [])


def test_the_gate_sees_a_sum_that_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("X", 20, 3), ("Y", 20, 30), ("Z", 40, 50)]  # X and Y are one village each
    counts = pd.DataFrame(rows, index=list("abc"), columns=["district", "covered", "uncovered"])
    counts = counts.assign(unmatched=0, extreme_poor=counts["covered"] + counts["uncovered"])
    targets = targets_of(counts, 1)
    publish = disclosure.publish_districts

    def unhide(villages: Any, suppression: Any) -> list[dict[str, Any]]:
        districts = publish(villages, suppression)
        assert districts[0][UNCOVERED] is None
        districts[0][UNCOVERED] = 3
        return districts

    meeting_tables(targets, [])
    monkeypatch.setattr(shown, "publish_districts", unhide)
    with pytest.raises(GateError, match="E-GATE"):
        meeting_tables(targets, [])


def test_the_gate_sees_the_sum_of_the_area_that_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = pd.DataFrame(
        {"district": ["X", "X"], "covered": [2, 0], "uncovered": [1, 0], "unmatched": [0, 0],
         "extreme_poor": [3, 0]}, index=list("ab"),
    )  # fmt: skip
    targets = targets_of(counts, 1)
    publish = disclosure.publish_totals

    def unhide(*given: Any) -> dict[str, int | None]:
        totals = publish(*given)
        assert totals[TOTAL] is None
        return {**totals, TOTAL: 3}

    monkeypatch.setattr(shown, "publish_totals", unhide)
    with pytest.raises(GateError, match="E-GATE"):
        meeting_tables(targets, [])


def test_the_gate_sees_an_rw_of_a_withheld_village(monkeypatch: pytest.MonkeyPatch) -> None:
    publish = small_areas.publish_rw
    # b has 0 to 13 uncovered: an RW with 9 of them narrows that to 9 to 13.
    row = {"village_code": ["b"], "rw": ["001"], "neighborhood": [None],
           TOTAL: pd.array([20], dtype="Int64"), UNCOVERED: pd.array([9], dtype="Int64"),
           "withheld": [[]]}  # fmt: skip

    def planted(*given: Any, **named: Any) -> pd.DataFrame:
        return pd.concat([publish(*given, **named), pd.DataFrame(row)], ignore_index=True)

    meeting_tables(four(), [])
    monkeypatch.setattr(shown, "publish_rw", planted)
    with pytest.raises(GateError, match="E-GATE"):
        meeting_tables(four(), [])


def test_where_last_month_tells_too_much_nothing_is_told() -> None:
    targets = four()
    told = meeting_tables(targets, [])
    nothing = told.release.suppression
    everything = Release(told.release.table, Suppression(~(nothing.cells | True),
                                                         ~(nothing.margins | True)))  # fmt: skip
    silent = meeting_tables(targets, [everything])
    assert is_all_withheld(silent.release)
    files = files_of(silent)
    assert {row[name] for row in files["villages"] for name in COUNTS} == {None}
    assert {files["totals"][name] for name in (*COUNTS, LOCATED)} == {None}
    assert (files["rw"], files["clusters"]) == ([], [])


def test_the_headline_is_of_what_is_shown() -> None:
    uncovered = np.array([50, np.nan, 30, 20])
    assert leading_villages(uncovered, 100) == 2
    assert leading_villages(uncovered, 120) == 3
    assert leading_villages(uncovered, 200) is None  # those that are withheld may hold most
    assert leading_villages(uncovered, None) is None
    assert leading_villages(np.zeros(2), 0) == 0
