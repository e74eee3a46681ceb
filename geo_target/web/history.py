"""The months of an archive, as each was shown: what they count, and where the question changed.

Only what the audience was shown of each month is read; a month is the last kept run of its day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo_target.web.figures import Figure, Record, State, share_of
from geo_target.web.store import Past


@dataclass(frozen=True)
class Month:
    """One month: its figures by name, and what is asked otherwise than in the month before.

    Attributes
    ----------
    changed
        Of ``list``, ``target``, ``programs``, ``members``; none for the first month.
    changes
        Gains and losses since the month before; None where the run was held to another one.
    """

    run_id: str
    as_of: str
    figures: Mapping[str, Figure]
    changed: Sequence[str]
    changes: Record | None


def months_of(past: Iterable[Past | None], summary: Record) -> list[Month]:
    """Months of the area of `summary`, by their day; broken runs and other places are left out."""
    same = (summary["area"]["code"], summary["demo"])
    by_day = {
        str(one.summary["as_of"]): one
        for one in past
        if one is not None and (one.summary["area"]["code"], one.summary["demo"]) == same
    }
    found: list[Month] = []
    before: Past | None = None
    for day, one in sorted(by_day.items()):
        found.append(
            Month(
                one.run_id, day, figures_of(one.summary["totals"]),
                _changed(before, one) if before else (), _changes(before, one) if before else None,
            )
        )  # fmt: skip
        before = one
    return found


def figures_of(totals: Record) -> dict[str, Figure]:
    """Figures of the whole area: ``uncovered``, ``unmatched``, ``rate``, ``matched``, ``located``.

    A share of fewer than twenty families is none, see `figures.share_of`.
    """
    uncovered, covered, all_of_them = (
        _count(totals, f"{name}_families") for name in ("uncovered", "covered", "extreme_poor")
    )
    compared = _sum(covered, uncovered)
    return {
        "uncovered": uncovered,
        "unmatched": _count(totals, "unmatched_families"),
        "rate": share_of(uncovered, compared),
        "matched": share_of(compared, all_of_them),
        "located": share_of(_count(totals, "located_families"), all_of_them),
    }


def _count(totals: Record, name: str) -> Figure:
    if name not in totals:
        return Figure(State.NO_DATA)
    value = totals[name]
    if value is None:
        return Figure(State.WITHHELD)
    return Figure(State.VALUE if value else State.ZERO, value)


def _sum(one: Figure, other: Figure) -> Figure:
    if one.value is None or other.value is None:
        held = State.WITHHELD in (one.state, other.state)
        return Figure(State.WITHHELD if held else State.NO_DATA)
    return Figure(State.VALUE, one.value + other.value)


def question_of(summary: Record) -> dict[str, Any]:
    """Which families a run counts, by which definition: ``list``, ``target`` ..., see `Month`."""
    definition = summary["definition"]
    return {
        "list": summary["base"]["profile"],
        "target": summary["welfare"],
        "programs": sorted(program["code"] for program in definition["programs"]),
        "members": definition["member_counts_for_family"],
    }


def _changed(before: Past, one: Past) -> tuple[str, ...]:
    then, now = question_of(before.summary), question_of(one.summary)
    return tuple(name for name in now if now[name] != then[name])


def _changes(before: Past, one: Past) -> Record | None:
    changes: Record | None = (one.registers or {}).get("changes")
    return changes if changes and changes["previous"] == before.run_id else None
