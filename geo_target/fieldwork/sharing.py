"""How many visits fall to each officer: operators keep their villages, facilitators level out.

As water finds its level: every officer works to the same share of what their days hold, except
where an operator's villages have less than that. What operators cannot hold at that level goes
to the facilitators.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geo_target.fieldwork.visits import Officer, OfficerKind

#: Who share their load with the facilitators; other groups are those of a few villages.
POOL = "pool"

_STEPS = 60


@dataclass(frozen=True)
class Share:
    """What falls to an officer, by the group that shares."""

    group: str
    visits: float


@dataclass(frozen=True)
class Ward:
    """Villages that the same operators keep, and these operators; they may be nobody."""

    villages: Sequence[str]
    operators: Sequence[str]


def wards(villages: Sequence[str], officers: Sequence[Officer]) -> list[Ward]:
    """Each village in one ward; operators that keep two villages tie them together."""
    found = [Ward([village], []) for village in villages]
    for officer in officers:
        if officer.kind is OfficerKind.OPERATOR:
            found = _joined(found, officer)
    return found


def _joined(found: list[Ward], officer: Officer) -> list[Ward]:
    theirs = [w for w in found if set(officer.villages) & set(w.villages)]
    if not theirs:
        return found
    whole = Ward(
        [village for ward in theirs for village in ward.villages],
        [*(name for ward in theirs for name in ward.operators), officer.name],
    )
    return [w for w in found if w not in theirs] + [whole]


def fair_shares(
    visits: Mapping[str, int],
    officers: Sequence[Officer],
    *,
    capacity: Mapping[str, int],
    held: Mapping[str, int],
) -> dict[str, Share]:
    """What should fall to each officer, what they hold included.

    Parameters
    ----------
    visits
        By village code; without those that are held.
    capacity
        Visits that the days of an officer hold, by name.
    held
        Visits that an officer has in any case, by name.

    Returns
    -------
    dict
        By name. Officers without a share of anything are absent: operators whose villages have
        no visit, and whoever has no working day.
    """
    able = [o for o in officers if capacity[o.name] > 0]
    pool = [o.name for o in able if o.kind is OfficerKind.FACILITATOR]
    parts = wards(list(visits), able)
    counts = [sum(visits[v] for v in part.villages) for part in parts]
    level = _level(parts, counts, pool, capacity, held) if pool else float("inf")
    shares = {name: Share(POOL, level * capacity[name]) for name in pool}
    for number, (part, count) in enumerate(zip(parts, counts, strict=True)):
        own = _own_level(part, count, capacity, held)
        group = POOL if own > level else f"ward-{number}"
        for name in part.operators:
            shares[name] = Share(group, min(own, level) * capacity[name])
    return shares


def level_of(
    visits: Mapping[str, int],
    officers: Sequence[Officer],
    *,
    capacity: Mapping[str, int],
    held: Mapping[str, int],
) -> float:
    """The greatest share of their days that somebody needs; above 1 the days do not hold all."""
    shares = fair_shares(visits, officers, capacity=capacity, held=held)
    return max((s.visits / capacity[name] for name, s in shares.items()), default=0.0)


def _room(
    names: Sequence[str], level: float, capacity: Mapping[str, int], held: Mapping[str, int]
) -> float:
    return sum(max(0.0, level * capacity[name] - held.get(name, 0)) for name in names)


def _own_level(
    part: Ward, count: int, capacity: Mapping[str, int], held: Mapping[str, int]
) -> float:
    """The level at which a ward's operators hold all of it by themselves."""
    if not part.operators:
        return float("inf")

    def is_enough(level: float) -> bool:
        return _room(part.operators, level, capacity, held) >= count

    return _least(is_enough)


def _level(
    parts: Sequence[Ward],
    counts: Sequence[int],
    pool: Sequence[str],
    capacity: Mapping[str, int],
    held: Mapping[str, int],
) -> float:
    """The level at which facilitators hold what the operators do not."""

    def is_enough(level: float) -> bool:
        beyond = sum(
            max(0.0, count - _room(part.operators, level, capacity, held))
            for part, count in zip(parts, counts, strict=True)
        )
        return _room(pool, level, capacity, held) >= beyond

    return _least(is_enough)


def _least(is_enough: Callable[[float], bool]) -> float:
    """By halving; what is enough stays enough above."""
    high = 1.0
    while not is_enough(high):
        high *= 2
    low = 0.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
