"""What a run is told of the order of villages besides its indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from geo_target.settings import Priority
from geo_target.targeting.official_list import OfficialList, read_official_list
from geo_target.targeting.overrides import Override, read_overrides
from geo_target.targeting.priority_draws import Draws


@dataclass(frozen=True)
class Ordering:
    """How sure ranks are asked to be, how classes are cut, and what people have decided."""

    draws: Draws = field(default_factory=Draws)
    classes: Literal["share", "breaks"] = "share"
    official: OfficialList | None = None
    overrides: Sequence[Override] = ()
    families_per_day: int | None = None


def read_ordering(priority: Priority, codes: Sequence[str]) -> Ordering:
    """Read what a configuration names.

    Parameters
    ----------
    codes
        Villages of the area.

    Raises
    ------
    ConfigError
        As `read_official_list` and `read_overrides` do.
    """
    official, overrides = priority.official_list, priority.overrides
    return Ordering(
        draws=Draws(priority.draws, priority.first),
        classes=priority.classes,
        official=read_official_list(official, codes) if official else None,
        overrides=read_overrides(overrides, codes) if overrides else (),
        families_per_day=priority.families_per_day,
    )
