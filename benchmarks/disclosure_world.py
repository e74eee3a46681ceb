"""Extreme-poor families of Banten, made up, and the tables that a run counts of them.

No lists and no linkage: what is shown of a run rests on counts by village alone, which are made
here in seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_target.crs import WGS84
from geo_target.places.gazetteer import villages_of
from geo_target.programs import programs
from geo_target.publishing.audiences import PARTS, TOTAL
from geo_target.settings import Coverage, Definition, Settings
from geo_target.targeting.program_states import STATES

AREA, ON = "36", date(2025, 10, 15)
#: Of the families whom some program reaches, and of the others.
_ENROLLED = {
    "PKH": (0.52, 0.0), "SEMBAKO": (0.70, 0.0), "PBI_JK": (0.60, 0.0), "PBI_APBD": (0.02, 0.06),
    "BPU_JKK_JKM": (0.014, 0.012), "PIP": (0.30, 0.0),
}  # fmt: skip
_OWN = ("PKH", "SEMBAKO", "PBI_JK")
_LENSES = {"elderly_alone": 0.017, "female_head": 0.167, "fishers_laborers": 0.34,
           "small_children": 0.2}  # fmt: skip
#: Old aid: of all, and of those who had it the part that is covered today.
_FLAGS = {"BPUM": 0.05, "BST": 0.25, "KUR": 0.01, "PKH": 0.3, "PRAKERJA": 0.022, "SEMBAKO": 0.54}
_REASONS = (
    ("eligible_not_enrolled", "Dinas Sosial", 0.9), ("enrolled_inactive", "Dinas Sosial", 0.03),
    ("enrolled_inactive", "BPJS Kesehatan", 0.02), ("not_in_civil_registry", "Disdukcapil", 0.05),
)  # fmt: skip


@dataclass(frozen=True)
class Shares:
    """What a world is like: mean families of a village, and shares of all families."""

    poor: float = 148
    covered: float = 0.57
    compared: float = 1.0


@dataclass(frozen=True)
class Families:
    """A row a family.

    Attributes
    ----------
    rows
        ``village_code``, ``rw``, ``coverage_state``, lenses, flags, ``is_stale``, ``reason``,
        ``office``, and ``eligible`` of each program (prefix ``may ``).
    has
        A column a program: 0 nobody of the family, 1 some, 2 all members.
    """

    rows: pd.DataFrame
    has: pd.DataFrame


def make_families(
    shares: Shares, seed: int, *, area: str = AREA, villages: int | None = None
) -> Families:
    """Draw the families of an area, or of its first villages; the same seed gives the same."""
    chance = np.random.default_rng(seed)
    codes = villages_of(area).index[:villages]
    many = chance.poisson(chance.gamma(1.5, shares.poor / 1.5, len(codes)))
    of = np.repeat(np.arange(len(codes)), many)
    # Whom a program reaches, another reaches too; and villages differ.
    level = np.clip(chance.normal(shares.covered, 0.12, len(codes)), 0.02, 0.98)[of]
    is_reached = chance.random(len(of)) < level
    has = pd.DataFrame({
        code: np.where(chance.random(len(of)) < np.where(is_reached, yes, no), 2, 0)
        for code, (yes, no) in _ENROLLED.items()
    })  # fmt: skip
    for code in has:
        if programs()[str(code)].unit == "person":
            has[code] -= (has[code] > 0) & (chance.random(len(of)) < 0.3)
    rows = pd.DataFrame({
        "village_code": codes[of], "rw": (1 + (chance.random(len(of)) * 8).astype(int)).astype(str),
        "is_compared": chance.random(len(of)) < shares.compared,
        "is_stale": chance.random(len(of)) < 0.9,
        **{name: chance.random(len(of)) < share for name, share in _LENSES.items()},
        **{f"flag {name}": chance.random(len(of)) < share for name, share in _FLAGS.items()},
        **{f"may {name}": chance.random(len(of)) < 0.7 for name in has},
    })  # fmt: skip
    picked = chance.choice(len(_REASONS), len(of), p=[share for *_, share in _REASONS])
    rows["reason"] = np.array([reason for reason, *_ in _REASONS])[picked]
    rows["office"] = np.array([office for _, office, _ in _REASONS])[picked]
    return Families(rows, has)


def next_month(families: Families, seed: int, share: float = 0.02) -> Families:
    """In some villages one family or a few get a program that they had not, or lose it."""
    chance = np.random.default_rng(seed)
    codes = families.rows["village_code"].unique()
    changing = codes[chance.random(len(codes)) < share]
    has = families.has.copy()
    for code in changing:
        own = np.flatnonzero(families.rows["village_code"] == code)
        some = chance.choice(own, min(len(own), int(chance.integers(1, 4))), replace=False)
        program = str(chance.choice([*_OWN, "BPU_JKK_JKM"]))
        has.loc[some, program] = 2 - 2 * (has.loc[some, program] > 0)
    return replace(families, has=has)


def settings_of(area: str = AREA) -> Settings:
    """The four definitions of the demo."""
    own = Coverage(programs=_OWN, on=ON)
    others = {
        "tanpa-pbi": Coverage(programs=_OWN[:2], on=ON),
        "dengan-daerah": Coverage(programs=(*_OWN, "PBI_APBD"), on=ON),
        "seluruh-anggota": Coverage(programs=_OWN, on=ON, member_counts_for_family=False),
    }
    return Settings.model_construct(
        coverage=own.model_copy(update={"name": "utama"}),
        definition=[Definition(**{**one.model_dump(), "name": name})
                    for name, one in others.items()],
        area=type("Area", (), {"code": area}),
    )  # fmt: skip


def states_of(families: Families, definition: Coverage) -> "pd.Series[str]":
    """Covered, uncovered or unmatched, by a definition."""
    least = [
        1 if definition.member_counts_for_family or programs()[code].unit != "person" else 2
        for code in definition.programs
    ]
    is_covered = (families.has[[*definition.programs]] >= least).any(axis=1)
    compared = np.where(families.rows["is_compared"], "uncovered", "unmatched")
    return pd.Series(np.where(is_covered, "covered", compared), families.rows.index)


def village_table(
    families: Families, area: str, codes: "Sequence[str] | pd.Index[str]"
) -> gpd.GeoDataFrame:
    """The exact village table: schemas.SNAPSHOT_VILLAGES as far as it is shown."""
    places = villages_of(area).loc[[*codes]]
    states = states_of(families, settings_of(area).coverage)
    counts = pd.crosstab(families.rows["village_code"], states)
    counts = counts.reindex(index=places.index, columns=[name.split("_")[0] for name in PARTS])
    found = counts.fillna(0).astype("int64").set_axis([*PARTS], axis=1)
    found[TOTAL] = found.sum(axis=1)
    compared = found["covered_families"] + found["uncovered_families"]
    found["families"] = 7 * found[TOTAL] + 20
    found["located_families"] = (0.6 * found[TOTAL]).astype("int64")
    found["located_uncovered_families"] = (0.6 * found["uncovered_families"]).astype("int64")
    found["population_families"] = 2 * found["families"]
    found["population_persons"] = 7 * found["families"]
    found["matched_share"] = compared / found[TOTAL]
    found["exclusion_error"] = found["uncovered_families"] / compared
    found["smoothed_exclusion_error"] = found["exclusion_error"]
    at = gpd.points_from_xy(places["lon"], places["lat"], crs=WGS84)
    return gpd.GeoDataFrame(places.drop(columns=["lon", "lat"]).join(found), geometry=at)


def poor_of(families: Families, area: str = AREA) -> pd.DataFrame:
    """What `Targets.poor` says of them, as far as rows of RW need it."""
    states = states_of(families, settings_of(area).coverage)
    return families.rows[["village_code", "rw"]].assign(coverage_state=states, neighborhood=None)


def write_tables(families: Families, folder: Path, settings: Settings) -> None:
    """Write the tables by village of a snapshot's exact/, those that `publish_coverage` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in _tables(families, settings):
        table.to_parquet(folder / f"{name}.parquet", index=False)


def _tables(families: Families, settings: Settings) -> Iterator[tuple[str, pd.DataFrame]]:
    rows, has = families.rows, families.has
    village, own = rows["village_code"], states_of(families, settings.coverage)
    of_one = {"village_code": village, "state": own}
    parts = ("covered", "uncovered", "unmatched")
    yield "program_villages", pd.concat([
        _counted({**of_one, "state": _program_states(families, str(code))}, STATES)
        .assign(program=code, is_poor=True) for code in has
    ], ignore_index=True)  # fmt: skip
    yield "definition_villages", pd.concat([
        _counted({**of_one, "state": states_of(families, one)}, parts).assign(definition=name)
        for name, one in settings.definitions.items()
    ], ignore_index=True)  # fmt: skip
    missed = rows[own == "uncovered"]
    yield (
        "reason_villages",
        (
            missed.groupby(["village_code", "reason", "office"])
            .size()
            .rename("families")
            .reset_index()
        ),
    )
    yield "lens_villages", pd.concat([
        _counted(of_one, parts, rows[lens]).assign(
            lens=lens, unknown_families=0, extreme_poor_families=1)
        for lens in _LENSES
    ], ignore_index=True)  # fmt: skip
    strategy = {code: str(programs()[str(code)].strategy) for code in has}
    strategies = pd.Series("", rows.index)
    for one in sorted({*strategy.values()}):
        is_some = (has[[code for code in has if strategy[code] == one]] > 0).any(axis=1)
        strategies += np.where(is_some, np.where(strategies == "", one, "+" + one), "")
    number = (has > 0).sum(axis=1).clip(upper=3).rename("programs")
    yield "convergence_villages", (
        pd.DataFrame({"village_code": village, "strategies": strategies, "programs": number})
        .value_counts(sort=False).rename("families").reset_index()
    )  # fmt: skip
    evidence = {**of_one, "state": pd.Series(np.where(rows["is_stale"], "stale", "verified"))}
    yield (
        "evidence_villages",
        _counted(evidence, ("verified", "stale")).assign(
            oldest_on=ON, newest_on=ON, is_stale=False
        ),
    )
    yield "flag_villages", pd.concat([
        _counted(of_one, parts, rows[f"flag {flag}"]).add_prefix("flagged_")
        .rename(columns={"flagged_village_code": "village_code"}).assign(program=flag, year=2020)
        for flag in _FLAGS
    ], ignore_index=True)  # fmt: skip
    yield "double_aid", pd.DataFrame({"family_id": pd.Series(dtype=str)})
    yield "verified_errors", pd.DataFrame({"level": pd.Series(dtype=str)})


def _program_states(families: Families, code: str) -> "pd.Series[str]":
    has, may = families.has[code] > 0, families.rows[f"may {code}"]
    missed = families.rows["is_compared"].map({True: "uncovered", False: "unmatched"})
    found = missed.where(may, "not_eligible")
    return found.where(~has, may.map({True: "covered", False: "enrolled_not_eligible"}))


def _counted(
    columns: Mapping[str, "pd.Series[str]"],
    states: Sequence[str],
    wanted: "pd.Series[bool] | None" = None,
) -> pd.DataFrame:
    """Families by village and state, ``families`` and ``STATE_families``."""
    frame = pd.DataFrame({**columns})
    found = pd.crosstab((frame if wanted is None else frame[wanted])["village_code"],
                        frame["state"])  # fmt: skip
    found = found.reindex(index=frame["village_code"].unique(), columns=[*states]).fillna(0)
    found = found.astype("int64").add_suffix("_families")
    return found.assign(families=found.sum(axis=1)).reset_index()
