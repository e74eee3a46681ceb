"""Counts of coverage that are chosen to be shown; the same as a release to be attacked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from geo_target.publishing.audiences import COUNTS, GROUP, PARTS, TOTAL
from geo_target.publishing.coverage_columns import carried_programs, coverage_columns
from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.family_kinds import Question
from geo_target.publishing.interval_attack import Release, Suppression
from geo_target.publishing.shown_convergence import Convergence
from geo_target.settings import Settings

_Tables = TypeVar("_Tables")


@dataclass(frozen=True)
class Chosen:
    """Columns by village, reasons and strategies by district, each with its sums.

    Columns of `reasons` are a reason and its office. <NA>, or None, where withheld.
    """

    columns: pd.DataFrame
    sums: Mapping[str, int | None]
    reasons: pd.DataFrame
    reason_sums: "pd.Series[int]"
    convergence: Convergence

    def without(self, release: CoverageRelease) -> "Chosen":
        """Less what a release of it withholds."""
        columns, area = [*self.columns.columns], release.area
        reasons = [reason_name(pair) for pair in self.reasons.columns]
        parts = [f"strategies {part}" for part in self.convergence.strategies.columns]
        districts = release.by_district
        told = self.convergence
        return Chosen(
            self.columns.mask(release.villages.loc[self.columns.index, columns]),
            {name: None if area[name] else count for name, count in self.sums.items()},
            self.reasons.mask(
                districts.loc[self.reasons.index, reasons].set_axis(self.reasons.columns, axis=1)
            ),
            self.reason_sums.mask(area[reasons].set_axis(self.reason_sums.index).astype(bool)),
            replace(
                told,
                strategies=told.strategies.mask(
                    districts.loc[told.strategies.index, parts].set_axis(
                        told.strategies.columns, axis=1
                    )
                ),
                sums=told.sums.mask(area[parts].set_axis(told.sums.index).astype(bool)),
                programs={number: None if area[f"programs {number}"] else count
                          for number, count in told.programs.items()},
            ),
        )  # fmt: skip


def settle(
    show_table: Callable[[Suppression | None], tuple[_Tables, Release]],
    show_coverage: Callable[[_Tables], tuple[dict[str, Any], CoverageRelease]],
) -> tuple[_Tables, dict[str, Any], CoverageRelease]:
    """Show the village table and what is counted beside it so that neither tells of the other.

    Where the table, beside what was shown of coverage a month before, would tell a small count,
    the four counts of these villages and every sum are withheld; if that does not help, all.

    Parameters
    ----------
    show_table
        Shows the village table, without what it is given.
    show_coverage
        Shows coverage beside it.
    """
    keep = None
    for is_last in (False, True, True):
        tables, release = show_table(keep)
        told, covered = show_coverage(tables)
        if not covered.beyond:
            break
        cells = release.suppression.cells[[*COUNTS]].copy()
        cells.loc[[*cells.index] if is_last else sorted(covered.beyond)] = True
        keep = Suppression(cells, release.suppression.margins[[*COUNTS]] | True)
    return tables, told, covered


def reason_name(pair: Any) -> str:
    """What a reason and its office are called among other counts."""
    return f"reason {pair[0]}/{pair[1]}"


def release_of(
    chosen: Chosen,
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    *,
    villages: pd.DataFrame,
    districts: pd.DataFrame,
    totals: Mapping[str, Any],
) -> CoverageRelease:
    """Everything that is counted of coverage, and what of it is withheld.

    Parameters
    ----------
    tables
        See `coverage_columns.coverage_columns`.
    villages, districts, totals
        The village table as it is shown, and its sums; <NA> or None where withheld.
    """
    index = villages.index
    counts = pd.DataFrame(dict(_exact(tables, settings)), index=index).fillna(0).astype("int64")
    names = [*counts.columns]
    hidden = pd.DataFrame(np.ones((len(index), len(names)), dtype=bool), index, names)
    hidden[[*COUNTS]] = villages[[*COUNTS]].isna()
    own = [*chosen.columns.columns]
    hidden[own] = chosen.columns.isna()
    by_district = pd.DataFrame(
        np.ones((len(districts), len(names)), dtype=bool), districts.index, names
    )
    by_district[[*COUNTS]] = districts[[*COUNTS]].isna()
    area = pd.Series(np.ones(len(names), dtype=bool), names)
    for name in COUNTS:
        area[name] = totals[name] is None
    for name, count in chosen.sums.items():
        area[name] = count is None
    told = chosen.convergence
    crosstabs = (
        (chosen.reasons, chosen.reason_sums, reason_name),
        (told.strategies, told.sums, "strategies {}".format),
    )
    for cells, sums, called in crosstabs:
        for part in cells.columns:
            by_district[called(part)] = cells[part].isna().reindex(by_district.index)
            area[called(part)] = pd.isna(sums[part])
    for number, count in told.programs.items():
        area[f"programs {number}"] = count is None
    return CoverageRelease(
        Question(tuple(carried_programs(tables)), settings.definitions),
        villages[GROUP].astype(str), counts, hidden, by_district, area.astype(bool),
    )  # fmt: skip


def _exact(
    tables: Mapping[str, pd.DataFrame], settings: Settings
) -> Iterator[tuple[str, "pd.Series[int]"]]:
    definition = tables["definition"]
    own = definition[definition["definition"] == settings.coverage.name].set_index("village_code")
    for part in PARTS:
        yield part, own[part]
    yield TOTAL, own[list(PARTS)].sum(axis=1)
    for column in coverage_columns(tables, settings):
        yield column.name, column.values
    reasons = tables["reason"]
    for pair, rows in reasons.groupby(["reason", "office"], sort=True):
        yield reason_name(pair), rows.groupby("village_code")["families"].sum()
    rows = tables["convergence"]
    for part in sorted({*rows["strategies"], ""}):
        yield f"strategies {part}", _of(rows, rows["strategies"] == part)
    for number in range(4):
        yield f"programs {number}", _of(rows, rows["programs"] == number)


def _of(rows: pd.DataFrame, wanted: "pd.Series[bool]") -> "pd.Series[int]":
    return rows[wanted].groupby("village_code")["families"].sum()
