"""Villages of a plan on a drawing, by the share of their visits that is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo_target.fieldwork.progress import Pace, Progress
from geo_target.web.locator import drawing_of
from geo_target.web.store import Snapshot

#: Least share of each class besides none and all.
_CLASSES = (0.75, 0.5, 0.25)


@dataclass(frozen=True)
class MapVillage:
    """A village: its path of SVG, its class, and whether it lags."""

    code: str
    path: str
    token: str
    is_late: bool


@dataclass(frozen=True)
class ProgressMap:
    """Paths of the area; villages that the plan does not visit are pale."""

    width: int
    height: int
    districts: tuple[str, ...]
    around: tuple[str, ...]
    villages: tuple[MapVillage, ...]
    counts: Mapping[str, int]
    """Villages by class."""


def progress_map(snapshot: Snapshot, by_village: Mapping[str, Progress]) -> ProgressMap:
    """Draw the area of a snapshot."""
    drawing = drawing_of(snapshot)
    villages = tuple(
        MapVillage(code, drawing.villages[code], token_of(progress), progress.pace is Pace.BEHIND)
        for code, progress in by_village.items()
        if code in drawing.villages
    )
    counts: dict[str, int] = {}
    for one in by_village.values():
        counts[token_of(one)] = counts.get(token_of(one), 0) + 1
    return ProgressMap(
        width=drawing.width,
        height=drawing.height,
        districts=drawing.districts,
        around=tuple(path for code, path in drawing.villages.items() if code not in by_village),
        villages=tuple(sorted(villages, key=lambda one: one.is_late)),  # their outline on top
        counts=counts,
    )


def token_of(progress: Progress) -> str:
    """Class of a village: ``p0`` for none done to ``p5`` for all of it."""
    share = progress.share or 0.0
    if share in (0.0, 1.0):
        return "p5" if share else "p0"
    return f"p{4 - next((at for at, least in enumerate(_CLASSES) if share >= least), 3)}"
