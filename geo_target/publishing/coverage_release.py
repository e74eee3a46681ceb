"""Counts of coverage of a release: exact, and which of them an audience was or will be shown."""

from dataclasses import dataclass, replace

import pandas as pd

from geo_target.publishing.family_kinds import Question

#: Counts by name, a row a place.
Table = pd.DataFrame


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

    def sums(self) -> Table:
        """Exact sums by district, in their order."""
        return self.counts.groupby(self.districts).sum().loc[self.by_district.index]

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
