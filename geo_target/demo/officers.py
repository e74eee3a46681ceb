"""Who visits: an operator of each village, and facilitators who help where there is too much."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from geo_target.demo.calibration import KOTA_SERANG, POPULATION_PERSONS, Plan
from geo_target.demo.findings import FIRST_DAYS
from geo_target.demo.names import person_names
from geo_target.fieldwork.visits import Officer, OfficerKind

OFFICERS_FILE = "petugas.csv"
#: Facilitators of Kota Serang: an assumption, no source tells how many there are.
FACILITATORS = 20
#: Who is away on a day of the visits: an assumption as well.
_AWAY = 0.15


def draw_officers(rng: np.random.Generator, plan: Plan) -> list[Officer]:
    """An operator a village, in the order of codes, and then the facilitators.

    Facilitators live in villages of the area, more of them where more people do.
    """
    codes = plan.villages["village_code"].astype(str).tolist()
    persons = plan.villages["population_persons"].to_numpy(dtype=np.float64)
    size = persons.sum() / POPULATION_PERSONS[KOTA_SERANG]
    homes = rng.choice(len(codes), max(1, round(FACILITATORS * size)), p=persons / persons.sum())
    count = len(codes) + len(homes)
    names = person_names(rng, rng.random(count) < 0.5).tolist()
    away = [
        frozenset({day.item()}) if is_away else frozenset[date]()
        for day, is_away in zip(
            rng.choice(FIRST_DAYS, count), rng.random(count) < _AWAY, strict=True
        )
    ]
    operators = [
        Officer(
            f"operator-{code}", names[row], villages=(code,), home_village_code=code,
            days_off=away[row],
        )
        for row, code in enumerate(codes)
    ]  # fmt: skip
    facilitators = [
        Officer(
            f"pkh-{number:02d}", names[row], OfficerKind.FACILITATOR,
            home_village_code=codes[home], days_off=away[row],
        )
        for number, (row, home) in enumerate(enumerate(homes.tolist(), start=len(codes)), start=1)
    ]  # fmt: skip
    return [*operators, *facilitators]


def write_officers(file: Path, officers: Sequence[Officer]) -> None:
    """Write a row an officer: the fields of fieldwork.visits.Officer, several parted by spaces."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(
            ["name", "display_name", "kind", "villages", "home_village_code", "visits_per_day",
             "days_off"]
        )  # fmt: skip
        writer.writerows(
            [one.name, one.display_name, one.kind, " ".join(one.villages),
             one.home_village_code, one.visits_per_day,
             " ".join(str(day) for day in sorted(one.days_off))]
            for one in officers
        )  # fmt: skip
