"""What an audience is shown of the steps from possibly untouched to uncovered, of the whole area.

The same families are in the steps of `publish_changes`, and in the unmatched of the headline, so
what is shown of both is held together: a family's steps in both tables are one hidden cell, whose
sums are the steps that are shown. Steps are withheld until no few families can be worked out
of these sums; where that fails, nothing of the waterfall is told. By district or village nothing
is shown, for the reason that shown_registers.py gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo_target.publishing.audiences import Audience
from geo_target.publishing.interval_attack import Key, Sum, interval_attack
from geo_target.publishing.table_shifts import NO_GROUP, Variables, matrix_of, shift_cost, widen

SIDES = ("gains", "losses")
#: A cell that no audience sees: withholding it costs nobody anything.
_FREE = 1e-3


@dataclass(frozen=True)
class Waterfall:
    """The steps of a run, exactly.

    Attributes
    ----------
    counts
        See `waterfall.balance_waterfall`, with ``previous``.
    joint
        See `waterfall.joint_counts`.
    """

    counts: Mapping[str, Any]
    joint: Mapping[tuple[str, str], int]


def publish_waterfall(
    found: Waterfall,
    audience: Audience,
    *,
    changes: Mapping[str, Any],
    previous: Mapping[str, Any],
    totals: Mapping[str, Any],
) -> dict[str, Any]:
    """Show the steps, where both figures are shown that they lie between.

    Parameters
    ----------
    changes
        As `shown_registers.publish_changes` shows them.
    previous
        What the audience was shown above the map of the run before; empty where that is gone.
    totals
        Of this run, as shown.

    Returns
    -------
    dict
        ``previous``, ``previous_as_of``, ``before``, ``after``, and ``gains`` and ``losses`` with
        their causes and ``all``; what is withheld is None.
    """
    counts = found.counts
    then = previous.get("totals", {})
    parts = [then.get("uncovered_families"), then.get("unmatched_families")]
    before = None if None in parts else sum(parts)
    after = totals["uncovered_families"]
    is_open = (before, after) == (counts["before"], counts["after"])
    is_open = is_open and None not in (totals["unmatched_families"], changes["before"])
    hidden = _hidden(found, changes, totals, audience.smallest) if is_open else None
    shown = {
        side: {
            cause: None if hidden is None or f"{side} {cause}" in hidden else number
            for cause, number in counts[side].items()
        }
        | {"all": None if hidden is None else sum(counts[side].values())}
        for side in SIDES
    }
    return {
        "previous": counts["previous"], "previous_as_of": previous.get("as_of"),
        "before": before, "after": after, **shown,
    }  # fmt: skip


def _hidden(
    found: Waterfall, changes: Mapping[str, Any], totals: Mapping[str, Any], smallest: int
) -> set[str] | None:
    """Steps that are withheld; None where nothing can be told."""
    counts = found.counts
    if any(0 < sum(counts[side].values()) < smallest for side in SIDES):
        return None
    table = _table(found, changes, totals)
    withheld = table.withheld | (table.values >= 1) & (table.values < smallest) & ~table.fixed
    needs = (table.values >= 1) & (table.values < smallest) & ~table.fixed
    variables = Variables(
        values=table.values,
        groups=np.full(len(table.values), NO_GROUP),
        fixed=table.fixed,
        costs=table.costs,
        sums=matrix_of(table.sums, len(table.values)),
    )
    hidden = widen(variables, withheld, smallest)
    keys: list[Key] = [(number,) for number in range(len(table.values))]
    ranges = interval_attack(
        pd.Series(np.where(hidden, np.nan, table.values), pd.Index(keys, tupleize_cols=False)),
        [Sum(keys[whole], [keys[part] for part in parts]) for parts, whole in table.sums],
        enough=smallest,
    )
    wide = (ranges["upper"] - ranges["lower"]).to_dict()
    if any(wide.get(keys[n], 0) < smallest for n in np.flatnonzero(needs)):
        return None
    return {name for name, number in table.steps.items() if hidden[number]}


@dataclass(frozen=True)
class _Table:
    """Counts and their sums; `steps` says which count a step of the waterfall is."""

    values: "np.ndarray[Any, Any]"
    withheld: "np.ndarray[Any, Any]"
    fixed: "np.ndarray[Any, Any]"
    costs: "np.ndarray[Any, Any]"
    sums: Sequence[tuple[Sequence[int], int]]
    steps: Mapping[str, int]


def _table(found: Waterfall, changes: Mapping[str, Any], totals: Mapping[str, Any]) -> _Table:
    rows: list[tuple[float, bool, bool, float]] = []  # value, withheld, fixed, cost
    sums: list[tuple[Sequence[int], int]] = []

    def add(value: float, *, withheld: bool = False, fixed: bool = False, cost: float) -> int:
        rows.append((value, withheld, fixed, cost))
        return len(rows) - 1

    joint = {pair: add(n, cost=_FREE) for pair, n in found.joint.items() if any(pair)}
    steps: dict[str, int] = {}
    for side in SIDES:
        for cause, n in found.counts[side].items():
            if n:
                cost = shift_cost(n, is_sum=False, is_whole_area=False, is_total=False)
                number = steps[f"{side} {cause}"] = add(n, cost=cost)
                sums.append(([joint[p] for p in joint if p[1] == f"{side} {cause}"], number))
        own = [number for name, number in steps.items() if name.startswith(side)]
        if own:
            whole = add(sum(found.counts[side].values()), fixed=True, cost=1.0)
            sums.append((own, whole))
    net: list[int] = []
    for side in SIDES:
        causes = [c for c in changes[side] if c != "all"]
        own = []
        for cause in causes:
            cells = [joint[p] for p in joint if p[0] == f"{side} {cause}"]
            if cells:
                is_told = changes[side][cause] is not None
                value = sum(rows[cell][0] for cell in cells)
                own.append(add(value, withheld=not is_told, fixed=is_told, cost=_FREE))
                sums.append((cells, own[-1]))
        is_told = changes[side]["all"] is not None or not own
        whole = add(sum(rows[n][0] for n in own), withheld=not is_told, fixed=is_told, cost=_FREE)
        if own:
            sums.append((own, whole))
        net.append(whole)
    # What both sides differ by is known: before + gains = after + losses.
    both = add(changes["before"] + rows[net[0]][0], withheld=True, cost=_FREE)
    sums += [
        ([whole, add(changes[end], fixed=True, cost=1.0)], both)
        for whole, end in zip(net, ("before", "after"), strict=True)
    ]
    unmatched = found.counts["losses"]["unmatched"]
    others = add(totals["unmatched_families"] - unmatched, cost=_FREE)
    whole = add(totals["unmatched_families"], fixed=True, cost=1.0)
    known = [steps["losses unmatched"]] if unmatched else []
    sums.append(([*known, others], whole))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return _Table(
        columns[0].astype(float), columns[1].astype(bool), columns[2].astype(bool),
        columns[3].astype(float), sums, steps,
    )  # fmt: skip
