"""A release of coverage by numbers: counts, where they are withheld, and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, eye_array, vstack

from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.family_kinds import Kinds, family_kinds

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Month:
    """A release by numbers: rows are villages, then districts, then the area; columns are names."""

    release: CoverageRelease
    kinds: Kinds
    names: Sequence[str]
    counts: Floats  # names by unknowns of a village
    places: csr_array  # villages, districts, area by villages
    exact: Floats  # places by names
    hidden: Flags

    @property
    def villages(self) -> int:
        """How many there are."""
        return int(self.places.shape[1])

    def villages_of(self, place: int) -> Numbers:
        """Those of a village, a district or the area."""
        return np.flatnonzero(self.places[[place]].toarray()[0])

    def of_districts(self, villages: Numbers) -> Numbers:
        """All villages of their districts."""
        districts = self.release.districts.to_numpy()
        return np.flatnonzero(np.isin(districts, districts[villages]))

    @property
    def unknowns(self) -> int:
        """Of each village."""
        return int(self.counts.shape[1])


def month_of(release: CoverageRelease) -> Month:
    """Read a release into numbers."""
    names = [str(name) for name in release.counts.columns]
    kinds = family_kinds(release.question, names)
    exact = release.counts.to_numpy(dtype=float)
    districts = [*release.by_district.index]
    at = pd.Index(districts).get_indexer(release.districts.loc[release.counts.index])
    many = len(exact)
    of_districts = csr_array((np.ones(many), (at, np.arange(many))), (len(districts), many))
    places = vstack([eye_array(many), of_districts, np.ones((1, many))], format="csr")
    hidden = pd.concat([release.villages, release.by_district, release.area.to_frame().T])
    return Month(
        release, kinds, names, np.array([kinds.counts[name] for name in names]), places,
        places @ exact, hidden[names].to_numpy(dtype=bool, copy=True),
    )  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A count of families that nobody shall know to be small: its month, place and row."""

    month: int
    place: int
    row: int


def truth_of(month: Month) -> Floats:
    """Targets as they are, by place; NaN where no names tell them."""
    found = np.full((len(month.exact), len(month.kinds.asked)), np.nan)
    for row, known in enumerate(month.kinds.known_by):
        if known is not None:
            added, taken = ([month.names.index(name) for name in side] for side in known)
            found[:, row] = month.exact[:, added].sum(axis=1) - month.exact[:, taken].sum(axis=1)
    return found
