"""The last look: what will really be written, read as an outsider reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo_target.publishing.audiences import COUNTS, GROUP, PARTS, TOTAL, Audience
from geo_target.publishing.interval_attack import (
    WHOLE_AREA,
    Release,
    Sum,
    Suppression,
    release_gate,
)


def written_release(
    table: pd.DataFrame,
    villages: pd.DataFrame,
    districts: Sequence[Mapping[str, Any]],
    totals: Mapping[str, Any],
) -> Release:
    """The release that the tables tell, whatever was meant to be withheld.

    Parameters
    ----------
    table
        Exact counts, by ``village_code``.
    villages, districts, totals
        As they will be written: null where withheld.
    """
    counts = list(COUNTS)
    cells = villages.loc[table.index, counts].isna()
    sums = {**{row[GROUP]: row for row in districts}, WHOLE_AREA: totals}
    margins = pd.DataFrame(
        [[row[name] is None for name in counts] for row in sums.values()], list(sums), counts
    )
    return Release(table, Suppression(cells, margins))


def judge(
    releases: Sequence[Release],
    audience: Audience,
    *,
    also_shown: pd.Series | None = None,
    also_sums: Sequence[Sum] = (),
) -> None:
    """Hold all that an audience has, and will have, to `release_gate`.

    Raises
    ------
    GateError
        ``E-GATE``.
    """
    release_gate(
        releases, parts=PARTS, total=TOTAL, group=GROUP, smallest=audience.smallest,
        also_shown=also_shown, also_sums=also_sums,
    )  # fmt: skip


def is_within(inner: Suppression, outer: Suppression) -> bool:
    """Whether all that `inner` withholds is withheld by `outer` too."""
    counts = list(COUNTS)
    cells = inner.cells[counts] & ~outer.cells.loc[inner.cells.index, counts]
    margins = inner.margins[counts] & ~outer.margins.loc[inner.margins.index, counts]
    return not (cells.to_numpy().any() or margins.to_numpy().any())
