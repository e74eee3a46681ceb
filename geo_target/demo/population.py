"""The population list: residents by village, which the city publishes."""

from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.calibration import PERSONS_PER_FAMILY, Plan
from geo_target.demo.columns import text
from geo_target.demo.files import SentList

POPULATION_DAY = date(2025, 6, 30)


def population_list(plan: Plan) -> SentList:
    """Residents and families of each village; the regencies' sums are the published ones."""
    villages = plan.villages
    persons = villages["population_persons"].to_numpy(dtype=np.int64)
    table = pd.DataFrame(
        {
            "KODE": villages["village_code"].astype("str"),
            "KECAMATAN": villages["district_name"].str.upper(),
            "KELURAHAN": villages["village_name"].str.upper(),
            "PENDUDUK": text(persons),
            "KELUARGA": text(np.round(persons / PERSONS_PER_FAMILY).astype(np.int64)),
        }
    )
    return SentList(
        "penduduk", "population", table, POPULATION_DAY, "csv",
        "penduduk per kelurahan/desa (jumlah per kabupaten/kota menurut Kemendagri)",
        code_system="kemendagri",
    )  # fmt: skip
