"""What officers have to do, what their days hold, and how even it is."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo_target.fieldwork.visits import Officer, Visit


@dataclass(frozen=True)
class Load:
    """What an officer has to do."""

    officer: str
    visits: int
    capacity: int
    """Visits that the officer's working days hold."""
    group: str | None
    """Who share have the same group; None: the officer has no part in any."""

    @property
    def share(self) -> float:
        """Visits of those that the days hold."""
        return self.visits / self.capacity if self.capacity else 0.0


def imbalance_of(loads: Sequence[Load]) -> float:
    """Over groups of two officers or more; 0 where nobody shares.

    The mean of a group is its visits over what its days hold, so that days off count.
    """
    worst = 0.0
    for group in {load.group for load in loads if load.group}:
        theirs = [load for load in loads if load.group == group]
        holds = sum(load.capacity for load in theirs)
        mean = sum(load.visits for load in theirs) / holds if holds else 0.0
        if len(theirs) > 1 and mean:
            worst = max(worst, *(abs(load.share / mean - 1) for load in theirs))
    return worst


def capacity_of(officer: Officer, working: Collection[date]) -> int:
    """Visits that an officer's days hold."""
    return officer.visits_per_day * len(set(working) - officer.days_off)


def loads_of(
    visits: Sequence[Visit],
    capacity: Mapping[str, int],
    held: Mapping[str, int],
    groups: Mapping[str, str],
) -> list[Load]:
    """Load of each who has days, with what they hold besides these visits."""
    counts = Counter(held) + Counter(v.officer for v in visits if v.officer)
    return [Load(name, counts[name], holds, groups.get(name)) for name, holds in capacity.items()]
