"""Places that people have set, on top of the computed order.

They stand in a file of the agency, which each run reads again: a place that is set stays set.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from geo_target.targeting.decided_rows import Faults, read_rows, whole
from geo_target.targeting.locked_places import final_places

_COLUMNS = ("village_code", "place", "reason", "by", "date")


@dataclass(frozen=True)
class Override:
    """What somebody has decided of a village's place, and why."""

    village_code: str
    steps: int
    """Up; below 0 down."""
    first: int | None
    """Among the first how many, in place of steps."""
    reason: str
    by: str
    day: date


def read_overrides(file: Path, codes: Sequence[str]) -> tuple[Override, ...]:
    """Read places that people have set; in TOML each is an ``[[override]]``.

    Parameters
    ----------
    file
        ``village_code``, ``place`` (``up 3``, ``down 2``, or ``first 5``: among the first five),
        ``reason``, ``by`` (a name) and ``date``. Reason and name are shown to the meeting.
    codes
        Villages of the area.

    Raises
    ------
    ConfigError
        ``E-OVERRIDE``, every row that is wrong at once: one without a reason or a name is, and
        one that holds the number of a person.
    """
    faults = Faults(file, "E-OVERRIDE")
    found: dict[str, Override] = {}
    for number, row in read_rows(faults, _COLUMNS, _COLUMNS):
        code = faults.village(number, row["village_code"], codes, found)
        day = faults.day(number, row["date"])
        if not row["reason"]:
            faults.add(number, "reason", "tulis alasannya; tanpa alasan urutan tidak diubah",
                       "write the reason; without one no rank is changed")  # fmt: skip
        if not row["by"]:
            faults.add(number, "by", "tulis nama yang memutuskan; tanpa nama urutan tidak diubah",
                       "write the name of who decided; without one no rank is changed")  # fmt: skip
        for column in ("reason", "by"):
            faults.words(number, column, row[column])
        word, _, amount = row["place"].partition(" ")
        size = whole(amount.strip())
        if word not in {"up", "down", "first"} or not size:
            faults.add(number, "place", "tulis up 3, down 2, atau first 5",
                       "write up 3, down 2, or first 5")  # fmt: skip
        steps = {"up": size, "down": -size}.get(word, 0)
        first = size if word == "first" else None
        found[code] = Override(code, steps, first, row["reason"], row["by"], day)
    faults.told()
    return tuple(found.values())


def final_ranks(ranked: pd.DataFrame, overrides: Sequence[Override]) -> pd.DataFrame:
    """Put overridden villages where somebody has set them, see `locked_places.final_places`.

    ``up`` and ``down`` count from the computed rank; ``first 5`` moves to the fifth place what is
    farther behind. A village without a rank has nothing to go up or down from: only ``first``
    places it.

    Parameters
    ----------
    ranked
        By ``village_code``, with ``priority_rank``, missing where not ranked. Overrides of
        villages that it does not have are passed over.

    Returns
    -------
    DataFrame
        On the index of `ranked`: ``priority_rank`` as computed, ``final_rank`` and its
        ``final_label`` ('3', or '=3' where several share it) beside it, ``is_locked``, and of
        each override ``override_reason``, ``override_by``, ``override_on``: of one that could not
        be followed too.
    """
    ranks = ranked["priority_rank"].astype("Int64")
    computed = {str(code): int(rank) for code, rank in ranks.dropna().items()}
    decided = {one.village_code: one for one in overrides if one.village_code in ranks}
    locked = {code: one for code, one in decided.items() if one.first or code in computed}
    last = len(computed.keys() | locked.keys())
    final = final_places(
        computed, {code: _asked(one, computed.get(code, last)) for code, one in locked.items()}
    )
    shared = Counter(final.values())
    codes = [str(code) for code in ranks.index]
    places = [final.get(code) for code in codes]
    told = [decided.get(code) for code in codes]
    return pd.DataFrame(
        {
            "priority_rank": ranks,
            "final_rank": pd.array(places, dtype="Int64"),
            "final_label": [f"{'=' * (shared[place] > 1)}{place}" if place else ""
                            for place in places],
            "is_locked": [code in locked for code in codes],
            "override_reason": [override and override.reason for override in told],
            "override_by": [override and override.by for override in told],
            "override_on": [override and override.day for override in told],
        },
        index=ranks.index,
    )  # fmt: skip


def _asked(override: Override, rank: int) -> int:
    return min(rank, override.first) if override.first else rank - override.steps
