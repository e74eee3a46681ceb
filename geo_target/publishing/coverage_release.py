"""Counts of coverage of a release: exact, and which of them an audience was or will be shown.

The next month is held against what this one has shown: who has seen both knows more of each. So it
is remembered beside the exact tables, as publishing/releases.py remembers the village table.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.audiences import COUNTS, GROUP, Audience
from geo_target.publishing.family_kinds import Question
from geo_target.publishing.interval_attack import WHOLE_AREA, GateError
from geo_target.publishing.releases import files_of, lost
from geo_target.settings import Coverage

#: Counts by name, a row a place.
Table = pd.DataFrame
_VILLAGE, _WITHHELD = "village_code", " withheld"
#: So large a part of the counts may have changed where a release is nearly an earlier one.
_NEARLY = 0.2


@dataclass(frozen=True)
class CoverageRelease:
    """Every count by village, and where it is withheld: of villages, districts and the area.

    Attributes
    ----------
    districts
        Of each village.
    counts
        Exact, by village and name: the four of the village table, columns, strategies, programs
        by number, reasons.
    villages, by_district, area
        True where a count is withheld; sums by district and of the area are shown elsewhere.
    """

    question: Question
    districts: "pd.Series[str]"
    counts: Table
    villages: Table
    by_district: Table
    area: "pd.Series[bool]"
    beyond: frozenset[str] = frozenset()
    """Villages of which the village table itself would tell a small count, beside last month's
    columns: nothing that is withheld of coverage helps."""
    looked: Mapping[str, int] = field(default_factory=dict)
    """Of the last look at it: ``work`` in unknowns, and ``given_up``, of how many targets the
    districts were withheld whole."""

    def with_more(
        self, villages: Table, by_district: Table, area: "pd.Series[bool]"
    ) -> "CoverageRelease":
        """Withhold these as well."""
        return replace(
            self,
            villages=self.villages | villages,
            by_district=self.by_district | by_district,
            area=self.area | area,
        )

    def with_what_they_share(self, other: "CoverageRelease") -> "CoverageRelease":
        """Withhold what another release withholds, of the counts that both have."""
        names = [name for name in self.counts.columns if name in other.counts.columns]
        none = [name for name in self.counts.columns if name not in names]
        return self.with_more(
            other.villages[names].assign(**dict.fromkeys(none, False))[[*self.counts.columns]],
            other.by_district[names].assign(**dict.fromkeys(none, False))[[*self.counts.columns]],
            other.area.reindex(self.area.index, fill_value=False),
        )

    def is_of_the_places_of(self, other: "CoverageRelease") -> bool:
        """Whether both are of the same villages, in the same districts."""
        return self.districts.sort_index().equals(other.districts.sort_index())

    def repeats(self, earlier: "CoverageRelease") -> bool:
        """Whether it counts what an earlier release of the same places did, all of it the same.

        And whether the village table beside it shows nothing that was withheld then.
        """
        names = [*self.counts.columns]
        if self.question != earlier.question or {*names} != {*earlier.counts.columns}:
            return False
        then = earlier.in_the_order_of(self)
        table = [*COUNTS]
        newly_told = (
            (then.villages[table] & ~self.villages[table]).any(axis=None)
            or (then.by_district[table] & ~self.by_district[table]).any(axis=None)
            or (then.area[table] & ~self.area[table]).any()
        )
        return not newly_told and bool((then.counts[names] == self.counts).all(axis=None))

    def keeps_some_of(self, earlier: "CoverageRelease") -> bool:
        """Whether a count of a village that an earlier release withheld is the same still."""
        names = [name for name in self.counts.columns if name in earlier.counts.columns]
        same = (self.counts[names] == earlier.counts[names]) & (earlier.counts[names] > 0)
        return bool((same & earlier.villages[names]).any(axis=None))

    def is_nearly(self, earlier: "CoverageRelease") -> bool:
        """Whether hardly a count of a village is another one than in an earlier release."""
        names = [name for name in self.counts.columns if name in earlier.counts.columns]
        counts, then = self.counts[names].to_numpy(), earlier.counts[names].to_numpy()
        some = (counts > 0) | (then > 0)
        return bool(((counts != then) & some).sum() <= _NEARLY * some.sum())

    def says_no_more_than(self, other: "CoverageRelease") -> bool:
        """Whether both count the same, and this shows nothing that the other withholds."""
        if not self.is_of_the_places_of(other) or not self.repeats(other):
            return False
        then, names = other.in_the_order_of(self), [*self.counts.columns]
        return not (
            (then.villages[names] & ~self.villages[names]).any(axis=None)
            or (then.by_district[names] & ~self.by_district[names]).any(axis=None)
            or (then.area[names] & ~self.area[names]).any()
        )

    def in_the_order_of(self, other: "CoverageRelease") -> "CoverageRelease":
        """Villages and districts in the order of another release."""
        villages, districts = other.counts.index, other.by_district.index
        return replace(
            self,
            districts=self.districts.loc[villages],
            counts=self.counts.loc[villages],
            villages=self.villages.loc[villages],
            by_district=self.by_district.loc[districts],
        )


def file_of(audience: Audience) -> str:
    """The file of a snapshot that remembers what `audience` was shown of coverage."""
    return f"exact/released_coverage_{audience.name}.parquet"


def remember_coverage(release: CoverageRelease, draft: Draft, audience: Audience) -> None:
    """Write the release into the snapshot: villages, then districts, then the area."""
    sums = release.counts.groupby(release.districts).sum().reindex(release.by_district.index)
    area = release.counts.sum().to_frame(WHOLE_AREA).T
    places = [*release.counts.index], [*release.by_district.index]
    flags = pd.concat([release.villages, release.by_district, release.area.to_frame(WHOLE_AREA).T])
    counts = pd.concat([release.counts, sums, area]).astype("int64").reset_index(drop=True)
    flags = flags[counts.columns].astype(bool).reset_index(drop=True).add_suffix(_WITHHELD)
    none = [None] * (len(places[1]) + 1)
    of = pd.DataFrame({
        _VILLAGE: pd.Series([*places[0], *none], dtype="str"),
        GROUP: [*release.districts.loc[places[0]], *places[1], WHOLE_AREA],
    })  # fmt: skip
    table = pa.Table.from_pandas(pd.concat([of, counts, flags], axis=1), preserve_index=False)
    question = {
        "carried": [*release.question.carried],
        "definitions": {
            name: one.model_dump(mode="json") for name, one in release.question.definitions.items()
        },
    }
    content = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata({"question": json.dumps(question)}), content,
        compression="zstd",
    )  # fmt: skip
    draft.write(file_of(audience), content.getvalue().to_pybytes(), rows=table.num_rows)


def recall_coverage(archive: Archive, run_id: str, audience: Audience) -> CoverageRelease:
    """Read a release back.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``: what was shown cannot be known any more.
    """
    name = f"{run_id}/{file_of(audience)}"
    try:
        table = pq.read_table(archive.folder / name)
        asked = json.loads(table.schema.metadata[b"question"])
    except (OSError, ValueError, KeyError, TypeError):
        raise GateError(lost(name)) from None
    rows = table.to_pandas()
    names = [name for name in rows.columns if f"{name}{_WITHHELD}" in rows.columns]
    flags = rows[[f"{name}{_WITHHELD}" for name in names]].set_axis(names, axis=1)
    of_village, of_area = rows[_VILLAGE].notna(), rows[GROUP] == WHOLE_AREA
    codes, districts = rows.loc[of_village, _VILLAGE], rows.loc[~of_village & ~of_area, GROUP]
    return CoverageRelease(
        Question(
            tuple(asked["carried"]),
            {name: Coverage.model_validate(one) for name, one in asked["definitions"].items()},
        ),
        pd.Series(rows.loc[of_village, GROUP].to_numpy(), [*codes], dtype="str"),
        rows.loc[of_village, names].set_axis([*codes]),
        flags[of_village].set_axis([*codes]),
        flags[~of_village & ~of_area].set_axis([*districts]),
        flags[of_area].iloc[0],
    )


def coverage_seen_by(archive: Archive, audience: Audience) -> list[CoverageRelease]:
    """What runs have shown of coverage, oldest first, the newest last; see `as_known`.

    Of two that count the same one is left out where the other tells all that it tells: of lists
    that are run again and again, one after the other, there are only so many.

    Raises
    ------
    GateError
        ``E-RELEASE-LOST``.
    """
    run_ids = archive.run_ids()
    if run_ids and (current := archive.current()):
        files_of(archive, current)  # it must be there
    listed = [run_id for run_id in run_ids if file_of(audience) in files_of(archive, run_id)]
    found: list[CoverageRelease] = []
    for one in reversed(as_known([recall_coverage(archive, one, audience) for one in listed])):
        if not any(one.says_no_more_than(other) for other in found):
            found.insert(0, one)
    return found


def as_known(releases: Sequence[CoverageRelease]) -> list[CoverageRelease]:
    """Releases without what is withheld in vain: counts told before, and the same ever since."""
    found: list[CoverageRelease] = []
    for release in releases:
        before = found[-1] if found else None
        if before is None or not before.is_of_the_places_of(release):
            found.append(release)
            continue
        then = before.in_the_order_of(release)
        names = [name for name in release.counts.columns if name in then.counts.columns]
        sums = [one.counts[names].groupby(one.districts).sum() for one in (then, release)]
        areas = [one.counts[names].sum() for one in (then, release)]
        villages, districts = release.villages.copy(), release.by_district.copy()
        villages[names] &= then.villages[names] | (then.counts[names] != release.counts[names])
        districts[names] &= then.by_district[names] | (sums[0] != sums[1]).loc[districts.index]
        area = release.area.copy()
        area[names] &= then.area[names] | (areas[0] != areas[1])
        found.append(replace(release, villages=villages, by_district=districts, area=area))
    return found
