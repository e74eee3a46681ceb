"""What the demo world is scaled to: published figures of Kota Serang, with their sources.

Nothing else in the project knows these numbers. For other areas the same shares hold by
population: they are a plausible guess there, not a published figure.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo_target.demo.columns import Floats, Ints
from geo_target.errors import ConfigError, Fault
from geo_target.places.gazetteer import read_gazetteer, villages_of

KOTA_SERANG = "36.73"

#: Residents by regency and city: Kemendagri, Data Kependudukan Bersih 2025.
POPULATION_PERSONS = {
    "36.01": 1_437_046,
    "36.02": 1_531_564,
    "36.03": 3_459_706,
    "36.04": 1_791_795,
    "36.71": 1_957_349,
    "36.72": 480_378,
    "36.73": 759_929,
    "36.74": 1_463_607,
}
#: Residents of a regency that the table above does not have.
OTHER_POPULATION_PERSONS = 1_000_000

#: The gazetteer lists villages, and so names no province.
PROVINCE_NAMES = {"36": "BANTEN"}

#: The register of the poor in the city: 202,406 fakir miskin as first told (bantenintens
#: 2025-03-21 prints 202,460). That they are 60,000 families is an assumption: 3.4 persons each.
REGISTERED_FAMILIES = 60_000
REGISTERED_PERSONS = 202_406

#: P3KE families of the city (Kemenko PMK, August 2023; indeksnews 2023-08-25), and those
#: that no aid had reached when 67 ward operators had verified them (bantenintens 2023-12-18).
LISTED_FAMILIES = 8_799
UNCOVERED_FAMILIES = 3_784

#: P3KE families by district, rounded (Antara, September 2023): they add up to 8,600.
LISTED_BY_DISTRICT = {
    "36.73.01": 1_300,  # Serang
    "36.73.02": 1_600,  # Kasemen
    "36.73.03": 1_200,  # Walantaka
    "36.73.04": 1_500,  # Curug
    "36.73.05": 1_000,  # Cipocok Jaya
    "36.73.06": 2_000,  # Taktakan
}
#: Kasemen and Taktakan have most uncovered families (bantenintens 2023-12-18). How much
#: more likely a family is uncovered there is not published: an assumption.
UNCOVERED_LEAN = {"36.73.02": 1.2, "36.73.06": 1.2}

#: Food packages of the city in 2025 (serangkota.go.id; by district tangerangekspres 2025):
#: 5,611 for 2.2 billion rupiah, that is 392,087 each.
#: Serang and Curug have 1,811 between them; how they share these is an assumption.
PACKAGES_BY_DISTRICT = {
    "36.73.01": 950,
    "36.73.02": 1_300,
    "36.73.03": 700,
    "36.73.04": 861,
    "36.73.05": 800,
    "36.73.06": 1_000,
}
PACKAGES = sum(PACKAGES_BY_DISTRICT.values())
PACKAGE_RUPIAH = "392.087"

#: RW of the city, as this project was told; no published source was found.
RW_COUNT = 618

#: Persons a family in the whole population: an assumption, for the population list only.
PERSONS_PER_FAMILY = 3.6


@dataclass(frozen=True)
class Plan:
    """How large a world is, village by village.

    `villages` has one row a village of the area in the order of codes: the gazetteer's
    columns and ``village_code``, ``population_persons``, ``rw_count``, and the weights
    ``listed_weight``, ``uncovered_weight`` and ``package_weight``, which are the expected
    numbers at the default scale. The other fields are exact totals of the area.
    """

    area: str
    villages: pd.DataFrame
    families: int
    persons: int
    listed_families: int
    uncovered_families: int
    packages: int
    strangers: int

    def by_district(self, weight: str, total: int) -> dict[str, int]:
        """Share out `total` to districts by the sums of the column `weight`."""
        sums = self.villages.groupby("district_code")[weight].sum()
        shares = apportion(sums.to_numpy(dtype=np.float64), total)
        return dict(zip(sums.index.astype(str), shares.tolist(), strict=True))


def plan_world(area: str, *, families: int | None = None) -> Plan:
    """Scale the published figures to an area.

    Parameters
    ----------
    area
        Kemendagri code of a province, regency/city or district.
    families
        Families of the register; all but population and RW scale with them. By default
        as many by population as Kota Serang has.

    Raises
    ------
    ConfigError
        If the area is unknown, or so few families would have no listed one.
    """
    chosen = villages_of(area).index
    gazetteer = read_gazetteer(area[:2])
    regencies = gazetteer[gazetteer["regency_code"].isin({code[:5] for code in chosen})]
    weighted = pd.concat(
        [_weighted_villages(str(code), rows) for code, rows in regencies.groupby("regency_code")]
    )
    villages = weighted.loc[chosen].reset_index()
    by_population = villages["population_persons"].sum() / POPULATION_PERSONS[KOTA_SERANG]
    default = round(REGISTERED_FAMILIES * by_population)
    count = default if families is None else families
    scale = count / default
    listed = round(scale * villages["listed_weight"].sum())
    if listed < 1:
        raise _too_few(count)
    return Plan(
        area=area,
        villages=villages,
        families=count,
        persons=round(count * REGISTERED_PERSONS / REGISTERED_FAMILIES),
        listed_families=listed,
        uncovered_families=min(listed, round(scale * villages["uncovered_weight"].sum())),
        packages=min(count, round(scale * villages["package_weight"].sum())),
        strangers=round(count / 40),
    )


def apportion(weights: npt.ArrayLike, total: int) -> Ints:
    """Share out a whole number in proportion to weights, by largest remainder.

    Ties go to the first, so that the result is the same everywhere.
    """
    weight = np.asarray(weights, dtype=np.float64)
    if weight.sum() <= 0:
        weight = np.ones_like(weight)
    exact = weight / weight.sum() * total
    shares = np.floor(exact + 1e-9).astype(np.int64)
    left = total - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:left]] += 1
    return np.asarray(shares, dtype=np.int64)


def _too_few(families: int) -> ConfigError:
    least = math.ceil(REGISTERED_FAMILIES / LISTED_FAMILIES)
    return ConfigError(
        Fault(
            "E-DEMO-FAMILIES",
            id=f"{families} keluarga terlalu sedikit; pakai paling sedikit {least}",
            en=f"{families} families are too few; use at least {least}",
        )
    )


def _weighted_villages(regency: str, gazetteer: pd.DataFrame) -> pd.DataFrame:
    """All villages of one regency with its figures shared out to them."""
    persons = POPULATION_PERSONS.get(regency, OTHER_POPULATION_PERSONS)
    # No list of residents by village may be shipped, so they are made up: a village of
    # four times the area has not even twice the people.
    population = apportion(gazetteer["area_km2"].to_numpy(dtype=np.float64) ** 0.4, persons)
    size = persons / POPULATION_PERSONS[KOTA_SERANG]
    district = gazetteer["district_code"]
    listed = _shared(population, district, LISTED_BY_DISTRICT, LISTED_FAMILIES * size)
    lean = listed * district.map(UNCOVERED_LEAN).fillna(1.0).to_numpy(dtype=np.float64)
    rw_count = 2 + apportion(
        population.astype(np.float64), max(0, round(RW_COUNT * size) - 2 * len(gazetteer))
    )
    return gazetteer.assign(
        population_persons=population,
        rw_count=rw_count,
        listed_weight=listed,
        uncovered_weight=lean / lean.sum() * UNCOVERED_FAMILIES * size,
        package_weight=_shared(population, district, PACKAGES_BY_DISTRICT, PACKAGES * size),
    )


def _shared(
    population: Ints, district: "pd.Series[str]", published: dict[str, int], total: float
) -> Floats:
    """Share out `total` to villages by population, and to districts as published if so."""
    weight = population.astype(np.float64)
    known = district.map(published).to_numpy(dtype=np.float64)
    if not np.isnan(known).any():
        residents = pd.Series(weight).groupby(district.to_numpy()).transform("sum")
        weight = weight / residents.to_numpy(dtype=np.float64) * known
    return np.asarray(weight / weight.sum() * total, dtype=np.float64)
