"""Families and officers of a city for the benchmarks of field visits: synthetic, by village."""

import csv
import random
from collections.abc import Sequence
from math import cos, radians

from geo_target.fieldwork.terms import LonLat
from geo_target.fieldwork.visits import Officer, OfficerKind, Target
from geo_target.resources import resource_dir

#: Of families: some lists name no RW, or no RT.
_NO_RW, _NO_RT = 0.04, 0.03
#: How far homes lie from their RW, and RW from the inner point of their village, km.
_RW_KM, _VILLAGE_KM = 0.15, 0.7
_KM_PER_DEGREE = 111.2


def villages(area: str) -> dict[str, LonLat]:
    """Inner points of the villages of an area, by code."""
    file = resource_dir("geodata") / "places" / area[:2] / "villages.csv"
    with file.open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["village_code"].startswith(f"{area}.")]
    return {row["village_code"]: (float(row["lon"]), float(row["lat"])) for row in rows}


def families(places: dict[str, LonLat], number: int, *, seed: int, located: bool) -> list[Target]:
    """So many families; a few villages hold many, and RW differ as well."""
    chance = random.Random(seed)
    weights = [chance.gammavariate(2.0, 1.0) for _ in places]
    rws = {code: _rws(point, chance) for code, point in places.items()}
    where = chance.choices(list(places), weights, k=number)
    return [_family(n, code, rws[code], chance, located) for n, code in enumerate(where)]


def officers(places: dict[str, LonLat], facilitators: int, *, seed: int) -> list[Officer]:
    """An operator for each village, and facilitators who live in one of them."""
    chance = random.Random(seed)
    operators = [
        Officer(f"op-{code}", code, villages=(code,), home_village_code=code) for code in places
    ]
    homes = chance.choices(list(places), k=facilitators)
    return operators + [
        Officer(f"pkh-{n}", f"PKH {n}", OfficerKind.FACILITATOR, home_village_code=home)
        for n, home in enumerate(homes)
    ]


def near(point: LonLat, km: float, chance: random.Random) -> LonLat:
    """A point about so far from another."""
    lon, lat = point
    north, east = chance.gauss(0, km), chance.gauss(0, km)
    return lon + east / (_KM_PER_DEGREE * cos(radians(lat))), lat + north / _KM_PER_DEGREE


def _rws(point: LonLat, chance: random.Random) -> Sequence[tuple[str, int, float, LonLat]]:
    """RW of a village: number, RT, weight and place."""
    return [
        (f"{n:03d}", chance.randint(2, 6), chance.gammavariate(2.0, 1.0),
         near(point, _VILLAGE_KM, chance))
        for n in range(1, chance.randint(5, 13))
    ]  # fmt: skip


def _family(
    number: int,
    code: str,
    rws: Sequence[tuple[str, int, float, LonLat]],
    chance: random.Random,
    located: bool,  # noqa: FBT001
) -> Target:
    (chosen,) = chance.choices(rws, [weight for _, _, weight, _ in rws])
    rw, rts, _, place = chosen
    rt = f"{chance.randint(1, rts):03d}"
    lon, lat = near(place, _RW_KM, chance) if located else (None, None)
    return Target(
        f"f{number}", code, rw=None if chance.random() < _NO_RW else rw,
        rt=None if chance.random() < _NO_RT else rt,
        coverage_state="uncovered" if chance.random() < 0.8 else "unmatched",
        location_level="list" if located else "rt", lon=lon, lat=lat,
    )  # fmt: skip
