"""Places that people have set, on top of the computed order.

They stand in a file of the agency, which each run reads again: a place that is set stays set.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from geo_target.targeting.decided_rows import Faults, read_rows, whole
from geo_target.targeting.priority import visiting_order

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
        ``reason``, ``by`` (a name) and ``date``.
    codes
        Villages of the area.

    Raises
    ------
    ConfigError
        ``E-OVERRIDE``, every row that is wrong at once: one without a reason or a name is.
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
    """Put overridden villages where somebody has set them; all others follow as computed.

    ``up`` and ``down`` count from the computed rank, and stop at both ends; ``first 5`` moves to
    the fifth place what is farther behind. Of two that ask for one place, the earlier row of the
    file has it, the other the next free one. A village without a rank has nothing to go up or
    down from: only ``first`` places it. Villages that nobody has moved, and that are equals next
    to each other, stay equals.

    Parameters
    ----------
    ranked
        By ``village_code``, with ``priority_rank``, missing where not ranked. Overrides of
        villages that it does not have are passed over.

    Returns
    -------
    DataFrame
        On the index of `ranked`: ``priority_rank`` as computed, ``final_rank`` beside it, and of
        locked villages ``is_locked``, ``override_reason``, ``override_by``, ``override_on``.
    """
    ranks = ranked["priority_rank"].astype("Int64")
    computed = {str(code): int(rank) for code, rank in ranks.dropna().items()}
    locked = {
        override.village_code: override
        for override in overrides
        if override.village_code in computed or (override.first and override.village_code in ranks)
    }
    others = [code for code in visiting_order(ranked) if code in computed and code not in locked]
    final = _final(others, computed, _places(locked.values(), computed, len(others) + len(locked)))
    told = [locked.get(str(code)) for code in ranks.index]
    return pd.DataFrame(
        {
            "priority_rank": ranks,
            "final_rank": pd.array([final.get(str(code)) for code in ranks.index], dtype="Int64"),
            "is_locked": [override is not None for override in told],
            "override_reason": [override and override.reason for override in told],
            "override_by": [override and override.by for override in told],
            "override_on": [override and override.day for override in told],
        },
        index=ranks.index,
    )


def _places(locked: Iterable[Override], computed: Mapping[str, int], last: int) -> dict[int, str]:
    """Who is locked to which place, of 1 to `last`."""
    places: dict[int, str] = {}
    for override in locked:
        rank = computed.get(override.village_code, last)
        asked = min(rank, override.first) if override.first else rank - override.steps
        asked = min(max(asked, 1), last)
        behind_then_ahead = [*range(asked, last + 1), *range(asked - 1, 0, -1)]
        free = next(place for place in behind_then_ahead if place not in places)
        places[free] = override.village_code
    return places


def _final(
    others: Sequence[str], computed: Mapping[str, int], places: Mapping[int, str]
) -> dict[str, int]:
    """Ranks of all: locked ones at their places, `others` between them."""
    final: dict[str, int] = {}
    waiting, before = iter(others), None
    for place in range(1, len(others) + len(places) + 1):
        if (locked := places.get(place)) is not None:
            final[locked], before = place, None
            continue
        code = next(waiting)
        equals = before is not None and computed[before] == computed[code]
        final[code] = final[before] if before is not None and equals else place
        before = code
    return final
