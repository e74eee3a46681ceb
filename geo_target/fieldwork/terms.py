"""On what terms visits are planned: what an office may set, each with its usual value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from geo_target.settings import Fieldwork

#: Longitude and latitude in degrees, EPSG:4326.
LonLat = tuple[float, float]
#: Minutes between all pairs of points, shape (n, n); from a road network, say.
Minutes = Callable[[Sequence[LonLat]], Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Terms:
    """Settings of a plan."""

    tolerance: float = 0.15
    """Share by which a load may differ from the mean of those who share."""
    visit_minutes: float = 30.0
    returns_after: int = 7
    """Days after which a visit that met nobody is made again, at the earliest."""
    rest_days: frozenset[int] = frozenset({5, 6})
    """Days of the week without visits; Monday is 0."""
    rupiah_per_officer_day: int | None = None
    """Transport; None: nobody has set it, so that no sum is told."""
    straight_factor: float = 1.35
    """Way over the straight line, where there is no better matrix."""
    speed_kmh: float = 25.0
    minutes: Minutes | None = None
    """Travel times of a road network, in place of the straight line."""
    minutes_basis: str = "waktu tempuh yang disediakan"
    """What the travel times of `minutes` are called on pages and paper."""
    engine: Literal["auto", "vroom", "plain"] = "auto"
    """Who orders points: 'auto' is pyvroom where it is installed, 'plain' nearest neighbor
    with 2-opt. pyvroom brings pandas into the process."""
    whole: Literal["rw", "even", "rt"] = "even"
    """What goes to one officer: an RW, come what may; an RW, but where a load would be farther
    than `tolerance` from the mean; or only an RT."""
    leave_unassigned: bool = False
    """Give nobody more than the days hold; the rest of the visits has no officer."""
    neighbors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Villages that touch a village."""
    village_points: Mapping[str, LonLat] = field(default_factory=dict)
    """A point inside each village: where somebody's day begins whose home village it is."""


def agreed_terms(agreed: Fieldwork, **more: Any) -> Terms:
    """Terms as `[fieldwork]` of the configuration has them, and what only one plan has."""
    usual: dict[str, Any] = {
        "visit_minutes": agreed.visit_minutes,
        "returns_after": agreed.returns_after_days,
        "rupiah_per_officer_day": agreed.rupiah_per_officer_day,
    }
    return Terms(**usual | more)
