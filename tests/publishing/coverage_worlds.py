"""Small worlds of families, and what of them the meeting is shown."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from geo_target.programs import programs
from geo_target.publishing.audiences import COUNTS, MEETING, PARTS, TOTAL
from geo_target.publishing.coverage_chosen import settle
from geo_target.publishing.coverage_release import CoverageRelease, as_known
from geo_target.publishing.disclosure import (
    publish_districts,
    suppress_villages,
    withhold_everything,
)
from geo_target.publishing.interval_attack import (
    WHOLE_AREA,
    GateError,
    Release,
    Suppression,
    margins_of,
)
from geo_target.publishing.shown_coverage import publish_coverage
from geo_target.settings import Coverage, Definition, Settings
from geo_target.targeting.program_states import STATES

ON = date(2025, 10, 15)
LENS, FLAG = "female_head", "BST"


@dataclass(frozen=True)
class Family:
    """An extreme-poor family.

    Attributes
    ----------
    programs
        Programs that it has; of those in `whole` every member has it.
    may
        Programs that it may get by their rules.
    is_compared
        Whether a miss proves anything.
    """

    village: str
    programs: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    is_compared: bool = True
    reason: str = "never_verified"
    is_in_lens: bool = False
    is_verified: bool = False
    is_stale: bool = False
    is_flagged: bool = False

    def state(self, definition: Coverage) -> str:
        """By a definition: covered, uncovered, unmatched."""
        if any(self._has(code, definition) for code in definition.programs):
            return "covered"
        return "uncovered" if self.is_compared else "unmatched"

    def _has(self, code: str, definition: Coverage) -> bool:
        one = definition.member_counts_for_family or programs()[code].unit != "person"
        return code in (self.programs if one else self.whole)

    def program_state(self, code: str) -> str:
        """What a program is to it, see targeting/program_states.py."""
        if code in self.programs:
            return "covered" if code in self.may else "enrolled_not_eligible"
        if code not in self.may:
            return "not_eligible"
        return "uncovered" if self.is_compared else "unmatched"

    @property
    def strategies(self) -> str:
        """As convergence_villages has them."""
        return "+".join(sorted({str(programs()[code].strategy) for code in self.programs}))


@dataclass(frozen=True)
class World:
    """Families, villages by district, programs that a list has, and definitions, own first."""

    families: Sequence[Family]
    districts: Mapping[str, str]
    carried: Sequence[str]
    definitions: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        (own, first), *others = self.definitions.items()
        return Settings.model_construct(
            coverage=first.model_copy(update={"name": own}),
            definition=[Definition(**{**one.model_dump(), "name": name}) for name, one in others],
            area=type("Area", (), {"code": "99"}),
        )

    def villages(self) -> pd.DataFrame:
        """The village table, exact."""
        (own, *_) = self.definitions.values()
        rows = [(one.village, f"{one.state(own)}_families") for one in self.families]
        counts = pd.DataFrame(rows, columns=["village_code", "count"])
        found = pd.crosstab(counts["village_code"], counts["count"])
        found = found.reindex(index=list(self.districts), columns=list(PARTS), fill_value=0)
        found[TOTAL] = found.sum(axis=1)
        found["district_code"] = found["district_name"] = list(self.districts.values())
        return found.rename_axis("village_code")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by village, as exact/ has them."""
        own = next(iter(self.definitions.values()))
        uncovered = [one for one in self.families if one.state(own) == "uncovered"]
        return {
            "program_villages": _counted(
                ((one.village, code, True, one.program_state(code))
                 for one in self.families for code in self.carried),
                ["village_code", "program", "is_poor"], STATES, "families"),
            "definition_villages": _counted(
                ((one.village, name, one.state(definition)) for one in self.families
                 for name, definition in self.definitions.items()),
                ["village_code", "definition"], ("covered", "uncovered", "unmatched"), "families"),
            "reason_villages": _counted(
                ((one.village, one.reason, "office", None) for one in uncovered),
                ["village_code", "reason", "office"], (), "families"),
            "lens_villages": _counted(
                ((one.village, LENS, one.state(own)) for one in self.families if one.is_in_lens),
                ["village_code", "lens"], ("covered", "uncovered", "unmatched"), "families",
            ).assign(unknown_families=0, extreme_poor_families=1),
            "convergence_villages": _counted(
                ((one.village, one.strategies, min(len(one.programs), 3), None)
                 for one in self.families),
                ["village_code", "strategies", "programs"], (), "families"),
            "evidence_villages": _counted(
                ((one.village, "verified" if one.is_verified else "stale" if one.is_stale
                  else "other") for one in self.families),
                ["village_code"], ("verified", "stale", "other"), "families",
            ).assign(oldest_on=ON, newest_on=ON, is_stale=False),
            "flag_villages": _counted(
                ((one.village, FLAG, 2020, one.state(own))
                 for one in self.families if one.is_flagged),
                ["village_code", "program", "year"], ("covered", "uncovered", "unmatched"),
                "families",
            ).rename(columns=lambda name: name if "_" not in name or name == "village_code"
                     else f"flagged_{name}").rename(columns={"families": "flagged_families"}),
            "double_aid": pd.DataFrame({"family_id": pd.Series(dtype=str)}),
            "verified_errors": pd.DataFrame({"level": pd.Series(dtype=str)}),
        }  # fmt: skip


def _counted(
    rows: Iterable[tuple[Any, ...]], keys: list[str], states: Sequence[str], whole: str
) -> pd.DataFrame:
    frame = pd.DataFrame([*rows], columns=[*keys, "state"])
    found = frame.groupby(keys).size().rename(whole).to_frame()
    for state in states:
        found[f"{state}_{whole}"] = frame[frame["state"] == state].groupby(keys).size()
    return found.fillna(0).astype("int64").reset_index()


@dataclass(frozen=True)
class Told:
    """What the meeting sees of a world.

    `villages`, `districts` and `area` are the four counts; withheld ones are None or <NA>.
    """

    villages: pd.DataFrame
    districts: Sequence[Mapping[str, Any]]
    area: Mapping[str, Any]
    coverage: Mapping[str, Any]
    table: Release
    release: CoverageRelease


@dataclass(frozen=True)
class _Table:
    villages: pd.DataFrame
    districts: Sequence[Mapping[str, Any]]
    area: Mapping[str, Any]
    release: Release


def tell(
    world: World,
    folder: Path,
    before: Told | None = None,
    *,
    forgets_coverage: bool = False,
    older: Sequence[Told] = (),
) -> Told:
    """Show a world to the meeting, who has seen another one before, and `older` ones.

    `folder` takes its exact tables.
    """
    for name, table in world.tables().items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    exact = world.villages()
    months = [] if before is None or forgets_coverage else [*older, before]
    seen = as_known([one.release for one in months])

    def show_table(keep: Suppression | None) -> tuple[_Table, Release]:
        try:
            release = suppress_villages(
                exact, MEETING, keep=keep,
                earlier=[*(one.table for one in older), before.table] if before else [],
            )  # fmt: skip
        except GateError:
            release = withhold_everything(exact)
        shown = exact.astype(dict.fromkeys(COUNTS, "Int64"))
        shown[[*COUNTS]] = shown[[*COUNTS]].mask(release.suppression.cells[[*COUNTS]])
        margins = margins_of(exact, COUNTS, "district_code").loc[WHOLE_AREA]
        hidden = release.suppression.margins.loc[WHOLE_AREA]
        area = {name: None if hidden[name] else int(margins.to_dict()[name]) for name in COUNTS}
        return _Table(shown, publish_districts(exact, release.suppression), area, release), release

    def show_coverage(table: _Table) -> tuple[dict[str, Any], CoverageRelease]:
        return publish_coverage(
            folder, MEETING, world.settings, villages=table.villages, totals=table.area,
            districts=table.districts, eligible={}, current=programs(),
            earlier=seen[-1] if seen else None, older=seen[:-1],
        )  # fmt: skip

    found, coverage, covered = settle(show_table, show_coverage)
    return Told(
        found.villages, found.districts, found.area, json.loads(json.dumps(coverage)),
        found.release, covered,
    )  # fmt: skip
