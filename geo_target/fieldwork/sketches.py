"""A sketch of the villages of a day: outlines, a scale, and points where a visit has one.

Equirectangular about the middle of the frame: over some kilometers no line on paper tells it
from a better projection. Families without a point are counts in words, never marks on the map.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from geo_target.fieldwork.carried_visits import CarriedVisit

Point = tuple[float, float]
Ring = Sequence[Point]

#: Meters of a degree of latitude, on the sphere of WGS 84's mean radius.
_DEGREE_M = math.radians(1) * 6_371_008.8
#: Vertices that are closer on paper are one.
_FINEST_MM = 0.25
_MARGIN_MM = 6.0
#: A day in one hamlet is not drawn larger than this: the outline would be gone.
_SMALLEST_M = 400.0
_SCALES_M = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class VillageOutline:
    """A village's outer rings and label point, in degrees (EPSG:4326)."""

    code: str
    name: str
    rings: Sequence[Ring]
    label: Point


@dataclass(frozen=True)
class DrawnVillage:
    """A village on paper: millimeters from the upper left corner of the frame."""

    name: str
    rings: list[list[Point]]
    label: Point
    visits: int
    """Of the day; 0: a neighbor, drawn so that one finds the way."""


@dataclass(frozen=True)
class Sketch:
    """What is drawn; `marks` are points of visits with their number on the list."""

    width_mm: float
    height_mm: float
    villages: list[DrawnVillage]
    marks: list[tuple[float, float, int]]
    scale_m: int
    scale_mm: float


@dataclass(frozen=True)
class _Frame:
    """West, north and middle latitude in degrees; millimeters to a meter."""

    west: float
    north: float
    latitude: float
    mm_per_m: float
    left_mm: float
    top_mm: float

    def place(self, point: Point) -> Point:
        east_m = (point[0] - self.west) * _DEGREE_M * math.cos(math.radians(self.latitude))
        south_m = (self.north - point[1]) * _DEGREE_M
        return (
            round(self.left_mm + east_m * self.mm_per_m, 2),
            round(self.top_mm + south_m * self.mm_per_m, 2),
        )


def sketch(
    outlines: Iterable[VillageOutline],
    visits: Sequence[CarriedVisit],
    *,
    width_mm: float = 178,
    height_mm: float = 84,
) -> Sketch | None:
    """The villages of `visits`, with their neighbors where the frame shows them.

    Parameters
    ----------
    outlines
        Of the villages of the visits, and of any others.
    visits
        In the order of the list: the first one's number is 1.
    width_mm, height_mm
        Of the frame.

    Returns
    -------
    Sketch
        None where no village of the visits has an outline.
    """
    drawn = list(outlines)
    counts = {outline.code: 0 for outline in drawn}
    for one in visits:
        if one.visit.target.village_code in counts:
            counts[one.visit.target.village_code] += 1
    shown = [outline for outline in drawn if counts[outline.code] and any(outline.rings)]
    if not shown:
        return None
    frame = _frame(shown, width_mm, height_mm)
    scale_m = _scale(width_mm / 4 / frame.mm_per_m)
    villages = [_drawn(outline, counts[outline.code], frame) for outline in drawn]
    return Sketch(
        width_mm,
        height_mm,
        [v for v in villages if v.visits or _is_seen(v, width_mm, height_mm)],
        _marks(visits, frame, {outline.code for outline in shown}),
        scale_m,
        round(scale_m * frame.mm_per_m, 2),
    )


def _frame(shown: Sequence[VillageOutline], width_mm: float, height_mm: float) -> _Frame:
    points = [point for outline in shown for ring in outline.rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    latitude = (south + north) / 2
    width_m = (east - west) * _DEGREE_M * math.cos(math.radians(latitude))
    height_m = (north - south) * _DEGREE_M
    wide, high = width_mm - 2 * _MARGIN_MM, height_mm - 2 * _MARGIN_MM
    mm_per_m = min(wide / max(width_m, _SMALLEST_M), high / max(height_m, _SMALLEST_M))
    return _Frame(
        west, north, latitude, mm_per_m,
        left_mm=(width_mm - width_m * mm_per_m) / 2,
        top_mm=(height_mm - height_m * mm_per_m) / 2,
    )  # fmt: skip


def _scale(longest_m: float) -> int:
    """Length of the scale's bar: the longest round one that fits."""
    return max((m for m in _SCALES_M if m <= longest_m), default=_SCALES_M[0])


def _drawn(outline: VillageOutline, visits: int, frame: _Frame) -> DrawnVillage:
    rings = [_thinned([frame.place(point) for point in ring]) for ring in outline.rings]
    return DrawnVillage(
        outline.name,
        [ring for ring in rings if len(ring) > 2],  # noqa: PLR2004  # a triangle at least
        frame.place(outline.label),
        visits,
    )


def _thinned(ring: Iterable[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in ring:
        if not kept or math.dist(point, kept[-1]) >= _FINEST_MM:
            kept.append(point)
    return kept


def _is_seen(village: DrawnVillage, width_mm: float, height_mm: float) -> bool:
    """Whether the box about a neighbor meets the frame."""
    points = [point for ring in village.rings for point in ring]
    return bool(points) and (
        min(x for x, _ in points) < width_mm
        and max(x for x, _ in points) > 0
        and min(y for _, y in points) < height_mm
        and max(y for _, y in points) > 0
    )


def _marks(
    visits: Sequence[CarriedVisit], frame: _Frame, shown: Collection[str]
) -> list[tuple[float, float, int]]:
    placed = (
        (number, one.visit.target)
        for number, one in enumerate(visits, start=1)
        if one.visit.target.village_code in shown
    )
    return [
        (*frame.place((target.lon, target.lat)), number)
        for number, target in placed
        if target.lon is not None and target.lat is not None
    ]
