"""DTSEN as SIKS-NG shows it: families and members as CSV with semicolons, BPS codes."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo_target.demo.addresses import street_addresses
from geo_target.demo.columns import Ints, Text, either, pick, rows, subset, text, words
from geo_target.demo.families import second_ids
from geo_target.demo.family_mistakes import FamilyMistakes
from geo_target.demo.files import SentList
from geo_target.demo.misspellings import mistyped_names
from geo_target.demo.mistakes import MISTYPED_IN_DTSEN
from geo_target.demo.names import upper
from geo_target.demo.people import HEAD, WORK, WORK_WEIGHTS, ages, relation_names
from geo_target.demo.society import World
from geo_target.demo.spoiling import spoil_numbers

DTSEN_DAY = date(2025, 9, 20)
#: Families of the nation (BPS, 20 February 2025).
NATION_FAMILIES = 93_025_360


def dtsen_lists(
    rng: np.random.Generator,
    world: World,
    mistakes: FamilyMistakes,
    *,
    spoiling: np.random.Generator,
) -> tuple[SentList, SentList]:
    """The DTSEN files of families and of members, as SIKS-NG shows them.

    Parameters
    ----------
    spoiling
        What spoils the numbers of keyless families in both: it leaves all else as it is.
    """
    order = world.sorted_by_place(np.arange(len(world.families)))
    people = world.members(order)
    # DTSEN knows the NIK of heads that P3KE lacks; small children have none anywhere.
    unknown = people["lacks_nik"].to_numpy() & (people["position"] > 0).to_numpy()
    # Spellings have numbers of their own: they leave all else in the lists as it is.
    (spelling,) = rng.spawn(1)
    name = mistyped_names(spelling, upper(people["name"]), share=MISTYPED_IN_DTSEN)
    family = people["family"].to_numpy()
    nik = either(unknown, "", people["nik"])
    nik = spoil_numbers(spoiling, nik, where=mistakes.keyless[family])
    members = people.assign(nik=nik, name=name)
    card = spoil_numbers(spoiling, world.families["card"], where=mistakes.keyless)
    second = rows(mistakes.second_card, family)
    leaves = (second != "").to_numpy() & (people["position"] == 1).to_numpy()
    cards = either(leaves, second, rows(card, family))
    is_head = (people["position"] == 0).to_numpy() | leaves
    heads = np.flatnonzero(is_head)
    head = subset(members, heads).assign(card=rows(cards, heads), is_second=leaves[heads])
    relation = either(
        (people["relation"] == HEAD).to_numpy() | leaves, "Kepala Keluarga",
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
            "dtsen_keluarga", "dtsen", _dtsen_families(rng, world, head), DTSEN_DAY, "csv",
            "DTSEN menurut SIKS-NG, keluarga; id_wilayah memakai kode BPS", separator=";",
            code_system="bps",
        ),
        SentList(
            "dtsen_anggota", "dtsen-person", persons, DTSEN_DAY, "csv",
            "DTSEN menurut SIKS-NG, anggota keluarga", separator=";",
        ),
    )  # fmt: skip


def _dtsen_families(rng: np.random.Generator, world: World, head: pd.DataFrame) -> pd.DataFrame:
    """A row a head: those of the second KK of a family under an id of their own."""
    mine = subset(world.families, head["family"].to_numpy())
    own_id = mine["dtsen_id"]
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
            "id_keluarga": either(head["is_second"], second_ids(own_id), own_id),
            "id_wilayah": world.village("bps_village_code", stated),
            "nama_kepala_keluarga": head["name"],
            "no_kk": head["card"],
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
