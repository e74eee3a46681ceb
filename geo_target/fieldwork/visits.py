"""Who is visited, by whom and when: what plans, papers, forms and tables agree on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class OfficerKind(StrEnum):
    """What somebody who visits is to the visits."""

    OPERATOR = "operator"
    """Of a kelurahan: keeps its own villages."""
    FACILITATOR = "facilitator"
    """PKH facilitator, TKSK or PSM: goes wherever the load is too high."""


@dataclass(frozen=True)
class Officer:
    """Somebody who visits, under the name of their account."""

    name: str
    display_name: str
    kind: OfficerKind = OfficerKind.OPERATOR
    villages: Sequence[str] = ()
    """Codes (Kemendagri, dots) of the villages that an operator keeps."""
    home_village_code: str | None = None
    visits_per_day: int = 12
    days_off: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Target:
    """A family that may be visited, as a snapshot knows it; without its name.

    `lon`, `lat` (degrees, EPSG:4326) are of `location_level` list or visit, else null.
    """

    family_id: str
    village_code: str
    rw: str | None = None
    rt: str | None = None
    neighborhood: str | None = None
    coverage_state: str = "uncovered"
    reason: str | None = None
    cluster_id: str | None = None
    evidence_on: date | None = None
    location_level: str = "village"
    lon: float | None = None
    lat: float | None = None
    last_visited_on: date | None = None
    last_result: str | None = None

    @property
    def district_code(self) -> str:
        """The district of the village."""
        return self.village_code.rpartition(".")[0]

    def as_visited(self, last: tuple[date, str] | None) -> "Target":
        """The same with day and outcome code of its last visit; None: there was none."""
        return self if last is None else replace(self, last_visited_on=last[0], last_result=last[1])


@dataclass(frozen=True)
class Visit:
    """One visit of a plan. `code` is what paper and forms name it by; it tells nothing."""

    code: str
    target: Target
    officer: str | None = None
    """Account name; None: nobody has been given it."""
    day: date | None = None
    position: int | None = None
    """From 1, in the order of the officer's day."""
    is_locked: bool = False
    """Somebody has assigned it by hand: planning anew leaves its officer."""
    return_of: str | None = None
    """Code of the earlier visit that met nobody."""


@dataclass(frozen=True)
class Plan:
    """Visits with their officers and days."""

    run_id: str
    starts_on: date
    visits: Sequence[Visit]
    notices: Sequence[str] = ()
    """Codes of what the coordinator is told, see docs/codes.md (N-PLAN-...)."""
    settings: Mapping[str, object] = field(default_factory=dict)
