"""Visits to families of the base: what operators of the villages brought back."""

from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.columns import day_text, either, pick
from geo_target.demo.files import SentList
from geo_target.demo.society import World

VISITS_DAY = date(2025, 10, 10)
_FIRST_DAY = np.datetime64("2025-08-04", "D")
_DAYS = 60
#: What visits end in. That one family in eight is not at home, and one in ten of those met is
#: not poor, are assumptions: no source tells it of the city.
_RESULTS = {
    "Selesai dicacah": 0.78, "Rumah tangga tidak ditemukan": 0.12, "Rumah tangga pindah": 0.05,
    "Responden menolak": 0.04, "meninggal": 0.01,
}  # fmt: skip
_VERDICTS = {"Layak": 0.72, "Layak dengan intervensi": 0.18, "Tidak layak": 0.10}


def visits_list(rng: np.random.Generator, world: World, *, share: float) -> SentList:
    """The list of visits: so large a share of the listed families, each once."""
    listed = np.flatnonzero(world.families["is_listed"])
    chosen = np.sort(rng.choice(listed, round(share * len(listed)), replace=False))
    count = len(chosen)
    result = pick(rng, tuple(_RESULTS), count, tuple(_RESULTS.values()))
    verdict = pick(rng, tuple(_VERDICTS), count, tuple(_VERDICTS.values()))
    table = pd.DataFrame(
        {
            "id_keluarga_p3ke": world.families["p3ke_id"].to_numpy()[chosen],
            "tanggal kunjungan": day_text(_FIRST_DAY + rng.integers(0, _DAYS, count)),
            "hasil kunjungan": result,
            "kelayakan": either((result == "Selesai dicacah").to_numpy(), verdict, ""),
        }
    )
    return SentList(
        "kunjungan", "visits", table, VISITS_DAY, "csv", "hasil kunjungan operator kelurahan"
    )
