"""A register of very many made-up people, quickly: what linkage by name is measured on."""

import numpy as np
import pandas as pd

from geo_target.demo.calibration import PERSONS_PER_FAMILY, apportion, plan_world
from geo_target.demo.columns import Floats, Ints, Text, either, rows, text, words
from geo_target.demo.families import family_sizes, regency_numbers
from geo_target.demo.names import neighborhood_names, person_names, upper
from geo_target.demo.people import birth_days, family_cards, relate, relation_names

_RT_OF_RW = 6
#: Birth dates that the register itself has only as a year.
_JANUARY = 0.03


def people_for_linkage(
    rng: np.random.Generator, families: int, *, per_family: float = 1, area: str = "36"
) -> pd.DataFrame:
    """Draw a register of `families` in the villages of an area, by their population.

    Parameters
    ----------
    families
        Families; each has one KK number and lives in one RT.
    per_family
        1 draws the heads alone; another number (3.6 in the population) all members.
    area
        Kemendagri code of a province, regency/city or district.

    Returns
    -------
    DataFrame
        A row a person, families in the order of villages and heads first: ``person_id``,
        ``family_id``, ``name`` (capitals), ``birth_date``, ``sex`` (L, P), ``relation``,
        ``family_card_number``, ``rt``, ``rw`` (3 digits), ``neighborhood``,
        ``village_code``, ``village_name``, ``district_name``.
    """
    plan = plan_world(area)
    villages = plan.villages
    population = villages["population_persons"].to_numpy(dtype=np.float64)
    village = np.repeat(np.arange(len(villages)), apportion(population, families))
    heads_only = per_family == 1
    mean = PERSONS_PER_FAMILY if heads_only else per_family
    members = family_sizes(rng, families, round(families * mean))
    listed = np.ones(families, dtype=np.int64) if heads_only else members
    family = np.repeat(np.arange(families), listed)
    position = np.arange(len(family)) - np.repeat(np.cumsum(listed) - listed, listed)
    relation, is_woman = relate(rng, family, position, members)
    born = birth_days(rng, family, position, relation)
    born = np.where(rng.random(len(born)) < _JANUARY, born.astype("datetime64[Y]"), born)
    rw, rt = _places(rng, villages["rw_count"].to_numpy(dtype=np.float64)[village])
    card = family_cards(rng, regency_numbers(plan)[village])

    def of(column: str) -> Text:
        return words(villages[column].tolist(), village[family])

    return pd.DataFrame(
        {
            "person_id": "p" + text(np.arange(len(family)) + 1),
            "family_id": "f" + text(family + 1),
            "name": upper(person_names(rng, is_woman)),
            "birth_date": born.astype("datetime64[s]"),
            "sex": either(is_woman, "P", "L"),
            "relation": relation_names(relation),
            "family_card_number": rows(card, family),
            "rt": text(rt[family], width=3),
            "rw": text(rw[family], width=3),
            "neighborhood": rows(upper(neighborhood_names(rng, village, rw)), family),
            "village_code": of("village_code"),
            "village_name": of("village_name"),
            "district_name": of("district_name"),
        }
    )


def _places(rng: np.random.Generator, rw_count: Floats) -> tuple[Ints, Ints]:
    """RW and RT of each family, all of a village alike."""
    rw = 1 + (rng.random(len(rw_count)) * rw_count).astype(np.int64)
    return rw, rng.integers(1, _RT_OF_RW + 1, len(rw_count))
