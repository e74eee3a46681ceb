"""Made-up facilities: schools, health centers and offices, two of them with a slip."""

from datetime import date

import numpy as np
import pandas as pd
import shapely

from geo_target.demo.calibration import Plan
from geo_target.demo.columns import Ints, text
from geo_target.demo.files import SentList
from geo_target.demo.points import degrees_text
from geo_target.demo.terrain import Terrain, scatter_within

FACILITIES_DAY = date(2025, 8, 31)
#: Kind as the list writes it, what it serves, and how many each of these has. The numbers are
#: nobody's figure: they make a plausible town.
_KINDS = (
    ("Kantor Desa/Kelurahan", "village", 1),
    ("SD Negeri", "village", 2),
    ("Posyandu", "village", 3),
    ("SMP Negeri", "district", 2),
    ("Puskesmas", "two districts", 1),  # so that somebody lives far away
    ("RSUD", "regency", 1),
)


def facilities_list(rng: np.random.Generator, plan: Plan, terrain: Terrain) -> SentList:
    """Facilities by kind; the axes of one school are swapped, the point of one post is copied."""
    villages = plan.villages
    kinds, where = [], []
    for kind, serves, count in _KINDS:
        seats = _seats(villages, serves)
        kinds += [kind] * count * len(seats)
        where.append(np.repeat(seats, count))
    village = np.concatenate(where)
    inner = shapely.point_on_surface(terrain.meters)
    lon, lat = terrain.written(*scatter_within(rng, terrain.meters, village, inner))
    names = pd.Series(kinds)
    school, posts = kinds.index("SD Negeri"), np.flatnonzero(names == "Posyandu")
    lon[posts[1]], lat[posts[1]] = lon[posts[0]], lat[posts[0]]
    lon[school], lat[school] = lat[school], lon[school]
    number = text(names.groupby(names).cumcount().to_numpy() + 1)
    table = pd.DataFrame(
        {
            "NAMA FASILITAS": names.str.upper().astype("str") + " " + number,
            "JENIS": names.astype("str"),
            "KODE KELURAHAN": villages["village_code"].astype("str").to_numpy()[village],
            "BUJUR": degrees_text(lon),
            "LINTANG": degrees_text(lat),
        }
    )
    return SentList(
        "fasilitas", "facilities", table, FACILITIES_DAY, "csv",
        "fasilitas umum (buatan; satu titik tertukar, satu disalin)", code_system="kemendagri",
    )  # fmt: skip


def _seats(villages: pd.DataFrame, serves: str) -> Ints:
    """Rows of villages: each, or the one with most residents of each area that is served."""
    codes = villages["village_code"].astype("str")
    district, regency = codes.str[:8].to_numpy(), codes.str[:5].to_numpy()
    pair = pd.factorize(district)[0] // 2
    area = {"village": codes.to_numpy(), "district": district, "two districts": pair,
            "regency": regency}[serves]  # fmt: skip
    return np.sort(villages["population_persons"].groupby(area).idxmax().to_numpy())
