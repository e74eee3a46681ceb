"""What makes an answer doubtful though it can be read: the codes of its warnings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

CLOCK = "W-OUTCOME-CLOCK"
ACCURACY = "W-OUTCOME-ACCURACY"
MOCK = "W-OUTCOME-MOCK"
PLACE = "W-OUTCOME-PLACE"
MASKED = "W-OUTCOME-MASKED"

#: A phone that says an earlier year has lost its clock.
_FIRST_YEAR = 2020
#: How far the device's clock may be from the server's.
_DAY = timedelta(days=1)
#: A point that is known no better tells the village, not the house.
_WORST_ACCURACY_M = 100.0
#: Beyond this and the accuracy a point and its village disagree, as in a run.
_OFF_M = 150.0
#: ODK Collect, and Kobo's program that is made of it, write 0 for a mocked location.
_SOURCES_THAT_TELL = frozenset({"odk", "kobo"})

#: Meters between a point (lon, lat) and a village (code); 0 inside, None where nobody knows it.
VillageOf = Callable[[float, float, str], float | None]


@dataclass(frozen=True)
class Point:
    """Where somebody stood, in degrees (EPSG:4326), and how well the phone knew it."""

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None


def is_clock_wrong(device: datetime, now: datetime) -> bool:
    """Whether a device's time cannot be believed beside the server's."""
    return device.year < _FIRST_YEAR or abs(device - now) > _DAY


def is_day_possible(visited: date, today: date) -> bool:
    """Whether a visit may have been on that day."""
    return date(_FIRST_YEAR, 1, 1) <= visited <= today + _DAY


def point_doubts(
    point: Point, *, source: str, is_mocked: bool, village: str, village_of: VillageOf | None
) -> Iterator[str]:
    """Codes of what makes a point doubtful; an empty `village` is compared with nothing."""
    accuracy = point.accuracy_m
    if accuracy is not None and accuracy > _WORST_ACCURACY_M:
        yield ACCURACY
    if is_mocked or (accuracy == 0 and source in _SOURCES_THAT_TELL):
        yield MOCK
    if point.lon is None or point.lat is None or village_of is None or not village:
        return
    off = village_of(point.lon, point.lat, village)
    if off is not None and off > _OFF_M + (accuracy or 0.0):
        yield PLACE
