"""What an audience is shown of registers, recipient lists and changes, of the whole area only.

Each table is withheld from by itself, and its sums are taken to be known: all families that have
a village, and those of each register; all rows of a list; the uncovered of this run and of the
one before. By village nothing is shown: a combination of registers would have to be
held against the sums of districts, of registers and of the villages' families at once.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo_target.publishing.archive import Archive
from geo_target.publishing.audiences import TOTAL, Audience
from geo_target.publishing.interval_attack import Key, Release, Sum, interval_attack
from geo_target.publishing.register_tables import (
    Combination,
    ListMatches,
    families_by_combination,
    matches_by_list,
    sum_of_villages,
)
from geo_target.publishing.shown_files import folder_of
from geo_target.publishing.shown_waterfall import Waterfall, publish_waterfall
from geo_target.publishing.table_shifts import NO_GROUP, Variables, matrix_of, shift_cost, widen
from geo_target.publishing.village_steps import Steps, steps_tell

Shown = dict[str, int | None]


def publish_registers(
    exact: Path,
    audience: Audience,
    *,
    summary: Mapping[str, Any],
    changes: Mapping[str, Any] | None,
    previous: Mapping[str, Any],
    waterfall: Waterfall | None = None,
    tables: tuple[Release, Release] | None = None,
    told: Sequence[int] = (),
) -> dict[str, Any]:
    """Show how registers overlap, how lists match, and what has changed.

    Parameters
    ----------
    exact
        The folder exact/ of the snapshot.
    summary, previous
        What the audience is shown above the map of this run, and was of the run before (see
        `shown_summary`).
    changes
        As the manifest has them.
    waterfall
        The steps from the run before; None where there is none of the same question.
    tables
        What is shown of the villages of the run before, and of this one; None where nothing of
        them is known.
    told
        Enrolled families of the villages that are shown, of each program whose sum is withheld.

    Returns
    -------
    dict
        ``changes`` (None where there is no run before), ``waterfall`` (None likewise),
        ``overlaps`` and ``matches``; what is withheld is None.
    """
    by_village = families_by_combination(exact)
    counts = sum_of_villages(by_village, [code for code in by_village if code])
    totals, lists = summary["totals"], matches_by_list(exact)
    # All families that have a village, and so all combinations, would tell what is withheld.
    closed = summary["balance"]["in_villages"] is None
    combinations_ = publish_combinations(counts, audience.smallest, closed=closed)
    # Each of the covered has a row that is linked: where these are few they are a bound.
    linked = sum(sum(matches.linked.values()) for matches in lists)
    bounds = totals["covered_families"] is None and linked < (totals[TOTAL] or np.inf)
    return {
        **_publish_steps(
            audience,
            changes=changes,
            waterfall=waterfall,
            previous=previous,
            totals=totals,
            tables=tables,
        ),
        "overlaps": {
            "registers": registers_of(counts),
            "families": None if closed else sum(counts.values()),
            "combinations": [
                {"registers": list(names), "families": count}
                for names, count in combinations_.items()
            ],
        },
        "matches": [
            publish_matches(
                matches,
                audience.smallest,
                rows=summary["sources"][matches.number - 1]["rows"],
                closed=bounds or _is_bound(matches, told, audience.smallest),
            )
            for matches in lists
        ],
    }


def _is_bound(matches: ListMatches, told: Sequence[int], smallest: int) -> bool:
    """Whether a list may be the only one of a program, and leaves few to the withheld villages.

    Each family that is enrolled has a row that is linked: rows less the shown are the most.
    """
    linked = sum(matches.linked.values())
    return any(0 <= linked - shown < 2 * smallest for shown in told)


def _publish_steps(
    audience: Audience,
    *,
    changes: Mapping[str, Any] | None,
    waterfall: Waterfall | None,
    previous: Mapping[str, Any],
    totals: Mapping[str, Any],
    tables: tuple[Release, Release] | None,
) -> dict[str, Any]:
    """Changes, and the waterfall beside them, where neither tells of a village."""
    if not changes:
        return {"changes": None, "waterfall": None}
    known: list[Steps] = []

    def is_closed(before: Sequence[str], sides: Mapping[str, Any]) -> bool:
        if tables is None or None in (sides["gains"]["all"], sides["losses"]["all"]):
            return False
        steps = Steps(before, sides["gains"]["all"], sides["losses"]["all"])
        if steps_tell([*known, steps], *tables, audience.smallest):
            return True
        known.append(steps)
        return False

    after = totals["uncovered_families"]
    changed = publish_changes(changes, audience, previous=previous, after=after)
    if is_closed(["uncovered_families"], changed):
        changed |= {side: dict.fromkeys(changed[side]) for side in ("gains", "losses")}
    fell = waterfall and publish_waterfall(
        waterfall, audience, changes=changed, previous=previous, totals=totals
    )
    if fell and is_closed(["uncovered_families", "unmatched_families"], fell):
        fell |= {side: dict.fromkeys(fell[side]) for side in ("gains", "losses")}
    return {"changes": changed, "waterfall": fell}


def registers_of(counts: Mapping[Combination, int]) -> list[str]:
    """Registers that list any family, in the order of the alphabet."""
    return sorted({name for names in counts for name in names})


def publish_combinations(
    counts: Mapping[Combination, int], smallest: int, *, closed: bool
) -> dict[Combination, int | None]:
    """Show families by combination of registers; every one that there could be is there.

    Who knows how many families all registers list, and how many each of them, works no small
    count out. Where only telling nothing helps (always so with two registers), nothing is told.

    Returns
    -------
    dict
        Those of most families first, then those of none, at last the withheld ones as None:
        their place tells nothing.
    """
    registers = registers_of(counts)
    possible = [
        names for size in range(1, len(registers) + 1) for names in combinations(registers, size)
    ]
    exact = {names: counts.get(names, 0) for names in sorted(possible)}
    nothing: dict[Combination, int | None] = dict.fromkeys(exact)
    if closed:
        return nothing
    sums = [
        [i for i, names in enumerate(exact) if register is None or register in names]
        for register in (None, *registers)
    ]
    cells = np.array([*exact.values()], dtype=float)
    wholes = np.array([cells[parts].sum() for parts in sums])
    values = np.concatenate([cells, wholes])
    is_sum = np.arange(len(values)) >= len(cells)
    withheld = (values >= 1) & (values < smallest) & ~is_sum
    joined = [(parts, len(cells) + number) for number, parts in enumerate(sums)]
    variables = Variables(
        values=values,
        groups=np.full(len(values), NO_GROUP),
        fixed=is_sum,
        costs=np.array(
            [shift_cost(v, is_sum=False, is_whole_area=False, is_total=False) for v in values]
        ),
        sums=matrix_of(joined, len(values)),
    )
    found = widen(variables, withheld, smallest)
    keys: list[Key] = [(number,) for number in range(len(values))]
    ranges = interval_attack(
        pd.Series(np.where(found, np.nan, values), pd.Index(keys, tupleize_cols=False)),
        [Sum(keys[whole], [keys[part] for part in parts]) for parts, whole in joined],
        enough=smallest,
    )
    if (ranges["upper"] - ranges["lower"] < smallest).any():
        return nothing
    shown = {
        names: None if is_hidden else count
        for (names, count), is_hidden in zip(exact.items(), found[: len(cells)], strict=True)
    }
    return dict(sorted(shown.items(), key=_place))


def publish_matches(
    matches: ListMatches, smallest: int, *, rows: int | None, closed: bool
) -> dict[str, Any]:
    """Show how many rows of a list are families, and by what key.

    Parameters
    ----------
    rows
        All rows of the list, where they are shown: they are the usable ones and the others.
    closed
        Nothing of it.
    """
    unusable = (rows or 0) - matches.enrollments
    # A list of flags has several enrollments a row: rows tell nothing of their number.
    others = {"unusable": unusable} if unusable > 0 else {}
    parts = {**matches.linked, "unlinked": matches.unlinked, **others}
    hidden = {name for name, count in parts.items() if closed or 0 < count < smallest}
    if hidden and not closed:
        # The largest can be most things, and the rows that are linked to nobody stay shown.
        left = [name for name in parts if name not in hidden]
        hidden |= {max(left, key=parts.__getitem__)} if left else set()
        if sum(parts[name] for name in hidden) < smallest:
            hidden = set(parts)
    shown = {name: None if name in hidden else count for name, count in parts.items()}
    is_small = 0 < matches.enrollments < smallest
    is_told = not (closed or is_small) and shown.get("unusable", 0) is not None
    enrollments = matches.enrollments if is_told else None
    unlinked = shown["unlinked"]
    return {
        "list": matches.number,
        "agency": matches.agency,
        "enrollments": enrollments,
        "ways": {way: shown[way] for way in matches.linked},
        "linked": None if None in (enrollments, unlinked) else sum(matches.linked.values()),
        "unlinked": unlinked,
    }


def publish_changes(
    changes: Mapping[str, Any],
    audience: Audience,
    *,
    previous: Mapping[str, Any],
    after: int | None,
) -> dict[str, Any]:
    """Show gains and losses by cause, where both figures are shown that they lie between."""
    before = previous.get("totals", {}).get("uncovered_families")
    sides = publish_sides(
        {name: changes[name] for name in ("gains", "losses")},
        audience.smallest,
        closed=(before, after) != (changes["before"], changes["after"]),
    )
    return {
        "previous": changes["previous"],
        "previous_as_of": previous.get("as_of"),
        "same_question": changes["same_question"],
        "before": before,
        "after": after,
        "gains": sides["gains"],
        "losses": sides["losses"],
    }


def publish_sides(
    sides: Mapping[str, Mapping[str, int]], smallest: int, *, closed: bool
) -> dict[str, Shown]:
    """Show two sides with their parts, whose sum or difference is known.

    Returns
    -------
    dict
        Of each side its parts and ``all``, their sum. Where the sum of a side is small, nothing
        of either is told; else small parts are withheld, and others until what is left for the
        withheld is no small count.
    """
    wholes = {name: sum(parts.values()) for name, parts in sides.items()}
    if closed or any(0 < whole < smallest for whole in wholes.values()):
        return {name: dict.fromkeys([*parts, "all"]) for name, parts in sides.items()}
    return {
        name: {**_publish_parts(parts, smallest), "all": wholes[name]}
        for name, parts in sides.items()
    }


def shown_summary(archive: Archive, run_id: str, audience: Audience) -> Mapping[str, Any]:
    """What a run has shown to an audience above the map; empty where that is gone."""
    file = archive.folder / run_id / folder_of(audience) / "summary.json"
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _publish_parts(parts: Mapping[str, int], smallest: int) -> Shown:
    """Parts whose sum is known, and is not small."""
    order = sorted((name for name in parts if parts[name]), key=lambda name: parts[name])
    hidden = [name for name in order if parts[name] < smallest]
    if hidden:
        while len(hidden) == 1 or sum(parts[name] for name in hidden) < smallest:
            hidden.append(order[len(hidden)])
    return {name: None if name in hidden else count for name, count in parts.items()}


def _place(told: tuple[Combination, int | None]) -> tuple[bool, int, Combination]:
    names, count = told
    return count is None, -(count or 0), names
