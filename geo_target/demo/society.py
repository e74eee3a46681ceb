"""A whole world: who lives where, in which family, and what reaches them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo_target.demo.calibration import PROVINCE_NAMES, Plan
from geo_target.demo.columns import Flags, Ints, Text, subset, words
from geo_target.demo.enrollments import Enrollments, enroll
from geo_target.demo.families import (
    choose_uncovered,
    draw_families,
    identify,
    regency_numbers,
    state_villages,
)
from geo_target.demo.people import draw_people, family_cards
from geo_target.demo.settlements import (
    build_settlements,
    listed_by_village,
    place_families,
)
from geo_target.demo.terrain import Terrain


@dataclass(frozen=True)
class World:
    """Everything that is true: what the lists are made of.

    `families` has the columns that the functions of families.py add, and ``card`` (KK
    number), ``in_pkh`` and ``in_sembako``; its rows are what other tables point at.
    """

    plan: Plan
    settlements: pd.DataFrame
    families: pd.DataFrame
    people: pd.DataFrame
    enrollments: Enrollments

    def village(self, column: str, index: Ints) -> Text:
        """A column of villages by row, as text."""
        return words(self.plan.villages[column].tolist(), index)

    def place(self, stated: Ints, names: tuple[str, str, str, str]) -> dict[str, Text]:
        """Province, regency, district and village as lists print them, under `names`."""
        province = PROVINCE_NAMES.get(self.plan.area[:2], "")
        return {
            names[0]: pd.Series([province], dtype="str").repeat(len(stated)).reset_index(drop=True),
            names[1]: self.village("regency_name", stated).str.upper(),
            names[2]: self.village("district_name", stated).str.upper(),
            names[3]: self.village("village_name", stated).str.upper(),
        }

    @property
    def heads(self) -> Ints:
        """Row of `people` of each family's head."""
        members = self.families["members"].to_numpy(dtype=np.int64)
        return np.asarray(np.cumsum(members) - members, dtype=np.int64)

    @property
    def strangers(self) -> Ints:
        """Rows of `people` whom no register knows."""
        return np.flatnonzero(self.people["family"] < 0)

    def sorted_by_place(self, index: Ints) -> Ints:
        """Rows of families in the order of the villages that they state."""
        stated = self.families["stated"].to_numpy(dtype=np.int64)[index]
        return index[np.argsort(stated, kind="stable")]

    def members(self, families: Ints) -> pd.DataFrame:
        """Persons of `families`, in the order of these, heads first."""
        size = self.families["members"].to_numpy(dtype=np.int64)[families]
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        return subset(self.people, np.repeat(self.heads[families], size) + within)


def build_world(rng: np.random.Generator, plan: Plan, terrain: Terrain) -> World:
    """Make the world of a plan on the villages of `terrain`.

    Each part has random numbers of its own, so that a change in one leaves the others.
    """
    land, homes, uncovered, names, life = rng.spawn(5)
    listed = listed_by_village(land, plan)
    settlements = build_settlements(land, plan, listed, terrain)
    families = draw_families(homes, plan, listed, settlements)
    families = place_families(homes, families, settlements, terrain)
    families = identify(names, state_villages(homes, families, plan), plan)
    regency = regency_numbers(plan)
    families = families.assign(
        card=family_cards(names, regency[families["village"]]),
        is_uncovered=choose_uncovered(uncovered, families, settlements, plan),
    )
    strangers = names.integers(0, len(plan.villages), plan.strangers)
    people = draw_people(names, families, regency, strangers=strangers)
    enrollments = enroll(life, families, people, plan)
    return World(
        plan=plan,
        settlements=settlements,
        families=families.assign(
            in_pkh=_has_any(people, enrollments.pkh, len(families)),
            in_sembako=_has_any(people, enrollments.sembako, len(families)),
        ),
        people=people,
        enrollments=enrollments,
    )


def _has_any(people: pd.DataFrame, chosen: Ints, families: int) -> Flags:
    has = np.zeros(families, dtype=np.bool_)
    has[people["family"].to_numpy()[chosen]] = True
    return has
