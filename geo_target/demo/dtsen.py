"""DTSEN as SIKS-NG shows it: families and members as CSV with semicolons, BPS codes."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo_target.demo.addresses import street_addresses
from geo_target.demo.columns import Ints, Text, either, pick, rows, subset, text, words
from geo_target.demo.files import SentList
from geo_target.demo.people import HEAD, WORK, WORK_WEIGHTS, ages, relation_names
from geo_target.demo.society import World

DTSEN_DAY = date(2025, 9, 20)
#: Families of the nation (BPS, 20 February 2025).
NATION_FAMILIES = 93_025_360


def dtsen_lists(rng: np.random.Generator, world: World) -> tuple[SentList, SentList]:
    """The DTSEN files of families and of members, as SIKS-NG shows them."""
    order = world.sorted_by_place(np.arange(len(world.families)))
    people = world.members(order)
    # DTSEN knows the NIK of heads that P3KE lacks; small children have none anywhere.
    unknown = people["lacks_nik"].to_numpy() & (people["position"] > 0).to_numpy()
    members = people.assign(nik=either(unknown, "", people["nik"]), name=people["name"].str.upper())
    cards = rows(world.families["card"], people["family"].to_numpy())
    head = members[people["position"] == 0].reset_index(drop=True)
    relation = either(
        people["relation"] == HEAD, "Kepala Keluarga",
        relation_names(people["relation"].to_numpy()).str.capitalize(),
    )  # fmt: skip
    age = ages(people)
    work = pick(rng, WORK, len(people), WORK_WEIGHTS).str.capitalize()
    persons = pd.DataFrame(
        {
            "hub_kepala_keluarga": relation,
            "idsemesta": members["person_id"],
            "nama": members["name"],
            "nik": members["nik"],
            "no_kk": cards,
            "pekerjaan_utama": either(age < 17, "", work),
        }
    )
    return (
        SentList(
            "dtsen_keluarga", "dtsen", _dtsen_families(rng, world, order, head), DTSEN_DAY, "csv",
            "DTSEN menurut SIKS-NG, keluarga; id_wilayah memakai kode BPS", separator=";",
            code_system="bps",
        ),
        SentList(
            "dtsen_anggota", "dtsen-person", persons, DTSEN_DAY, "csv",
            "DTSEN menurut SIKS-NG, anggota keluarga", separator=";",
        ),
    )  # fmt: skip


def _dtsen_families(
    rng: np.random.Generator, world: World, order: Ints, head: pd.DataFrame
) -> pd.DataFrame:
    mine = subset(world.families, order)
    stated = mine["stated"].to_numpy()
    count = len(mine)
    percentile = (mine["decile"].to_numpy() - 1) * 10 + rng.integers(1, 11, count)
    rank = ((percentile - rng.random(count)) / 100 * NATION_FAMILIES).astype(np.int64) + 1
    regency = world.plan.villages["regency_code"].to_numpy()[stated]
    place = world.place(stated, ("provinsi", "kabupaten", "kecamatan", "kelurahan"))
    known = rng.random(count) < 0.96
    return pd.DataFrame(
        {
            "alamat": street_addresses(
                rng, words(world.settlements["neighborhood"].tolist(), mine["near"].to_numpy())
            ),
            "desil_nasional": text(mine["decile"].to_numpy()),
            "id_keluarga": mine["dtsen_id"],
            "id_wilayah": world.village("bps_village_code", stated),
            "nama_kepala_keluarga": head["name"],
            "no_kk": mine["card"],
            "nik": head["nik"],
            "peringkat_nasional": text(rank),
            "percentile_nasional": text(percentile),
            "peringkat_provinsi": _ranks(rank, np.zeros(count)),
            "peringkat_kab_kota": _ranks(rank, regency),
            **place,
            "rt": either(known, text(mine["rt"].to_numpy(), width=3), ""),
            "rw": either(known, text(mine["rw"].to_numpy(), width=3), ""),
        }
    )


def _ranks(rank: Ints, group: npt.NDArray[Any]) -> Text:
    """Rank among the families of the same group, the poorest first."""
    order = pd.Series(rank).groupby(group).rank(method="first")
    return text(order.to_numpy(dtype=np.int64))
