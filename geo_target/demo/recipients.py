"""Recipient lists of programs, as SIKS-NG, BPJS and the city send them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.calibration import PACKAGE_RUPIAH
from geo_target.demo.columns import Ints, Text, day_text, either, pick, subset, text, words
from geo_target.demo.files import SentList
from geo_target.demo.misspellings import mistyped_names
from geo_target.demo.mistakes import MISTYPED_RECIPIENTS
from geo_target.demo.names import upper
from geo_target.demo.society import World
from geo_target.demo.spoiling import listed_again, litter, spoil_numbers

#: The quarter that counts, and the days of the lists; all before the day of the run.
QUARTER = 4
SIKS_DAY = date(2025, 10, 5)
BPJS_DAY = date(2025, 10, 1)
PACKAGES_DAY = date(2025, 9, 30)

#: Recipients whose NIK came through a spreadsheet.
_SPOILED = 0.3


def recipient_lists(rng: np.random.Generator, world: World) -> list[SentList]:
    """All recipient lists; strangers, whom no register knows, are shared out to them."""
    pkh, sembako, pbi, bpu = np.array_split(world.strangers, 4)
    enrolled = world.enrollments
    return [
        SentList(
            "siks_pkh", "siks-recipients",
            _siks(rng, world, enrolled.pkh, enrolled.expired_pkh, pkh, names=("PKH",)),
            SIKS_DAY, "xlsx", "SIKS-NG, penerima PKH; TAHAP ialah triwulan",
        ),
        SentList(
            "siks_sembako", "siks-recipients",
            _siks(rng, world, enrolled.sembako, enrolled.expired_sembako, sembako,
                  names=("SEMBAKO", "SEMBAKO", "SEMBAKO", "BPNT")),
            SIKS_DAY, "xlsx", "SIKS-NG, penerima Sembako (BPNT)",
        ),
        SentList(
            "bpjs_pbi", "bpjs-pbi", _pbi(rng, world, pbi), BPJS_DAY, "csv",
            "BPJS Kesehatan, peserta PBI APBN dan PBPU Pemda",
        ),
        SentList(
            "bpjs_bpu", "bpjs-bpu", _bpu(rng, world, np.r_[enrolled.informal, bpu]), BPJS_DAY,
            "csv", "BPJS Ketenagakerjaan, pekerja bukan penerima upah",
        ),
        SentList(
            "paket_sembako", "packages", _packages(rng, world), PACKAGES_DAY, "xlsx",
            "paket sembako pemerintah kota/kabupaten",
        ),
    ]  # fmt: skip


def _siks(
    rng: np.random.Generator,
    world: World,
    now: Ints,
    expired: Ints,
    strangers: Ints,
    *,
    names: Sequence[str],
) -> pd.DataFrame:
    persons = np.r_[now, expired, strangers]
    quarter = np.full(len(persons), QUARTER)
    quarter[len(now) : len(now) + len(expired)] -= rng.integers(1, 3, len(expired))
    order = rng.permutation(len(persons))
    persons, quarter = persons[order], quarter[order]
    people = subset(world.people, persons)
    village, near = _homes(world, people)
    count = len(people)
    place = world.place(village, ("NM PROV", "NM KAB", "NM KEC", "NM KEL"))
    table = pd.DataFrame(
        {
            "No": text(np.arange(count) + 1),
            "NAMA PENERIMA": _written_names(rng, people),
            "NIK KTP": _numbers(rng, people),
            "TAHAP": text(quarter),
            "BANSOS": pick(rng, tuple(names), count),
            "IDSEMESTA": people["person_id"],
            "NO KEL": text(rng.permutation(count) + 1),
            **place,
            "ALAMAT": "KP. " + words(world.settlements["neighborhood"].tolist(), near).str.upper(),
        }
    )
    (again,) = rng.spawn(1)
    table = listed_again(
        again, table, name="NAMA PENERIMA", nik="NIK KTP", taken=world.people["nik"]
    )
    return litter(rng, table, total="NAMA PENERIMA")


def _homes(world: World, people: pd.DataFrame) -> tuple[Ints, Ints]:
    """Village that each person's list states, and the settlement near which they live."""
    family = people["family"].to_numpy(dtype=np.int64)
    known = family >= 0
    village = people["village"].to_numpy(dtype=np.int64).copy()
    village[known] = world.families["stated"].to_numpy()[family[known]]
    near = np.searchsorted(world.settlements["village"].to_numpy(), village)
    near[known] = world.families["near"].to_numpy()[family[known]]
    return village, near


def _numbers(rng: np.random.Generator, people: pd.DataFrame) -> Text:
    """NIK of recipients; those of some strangers are spoiled, which changes no family."""
    spoiled = (people["family"] < 0).to_numpy() & (rng.random(len(people)) < _SPOILED)
    return spoil_numbers(rng, people["nik"], where=spoiled)


def _written_names(rng: np.random.Generator, people: pd.DataFrame) -> Text:
    """Names as the office of this list spelled them."""
    # Spellings have numbers of their own: they leave all else in the lists as it is.
    (spelling,) = rng.spawn(1)
    return mistyped_names(spelling, upper(people["name"]), share=MISTYPED_RECIPIENTS)


def _pbi(rng: np.random.Generator, world: World, strangers: Ints) -> pd.DataFrame:
    enrolled = world.enrollments
    groups = (enrolled.pbi, enrolled.inactive, enrolled.regional, strangers)
    segment = np.repeat([0, 0, 1, 0], [len(group) for group in groups])
    ended = np.repeat([False, True, False, False], [len(group) for group in groups])
    persons = np.concatenate(groups)
    order = rng.permutation(len(persons))
    people = subset(world.people, persons[order])
    village, _ = _homes(world, people)
    place = world.place(village, ("", "", "KECAMATAN", "KELURAHAN"))
    first = np.datetime64("2024-01-01", "D") + rng.integers(0, 20, len(people)) * 30
    # Cards are dealt in the order of enrollment, and say nothing of the holder.
    card = "0" + text(10**11 + rng.permutation(len(people)) * 13)
    table = pd.DataFrame(
        {
            "NIK": _numbers(rng, people),
            "NOKA": card,
            "NAMA": _written_names(rng, people),
            "SEGMEN": words(("PBI APBN", "PBPU PEMDA"), segment[order]),
            "STATUS": either(ended[order], "NONAKTIF", "AKTIF"),
            "TMT": day_text(first, pattern="%d/%m/%Y"),
            "KELURAHAN": place["KELURAHAN"],
            "KECAMATAN": place["KECAMATAN"],
        }
    )
    return litter(rng, table, share=0.001)


def _bpu(rng: np.random.Generator, world: World, persons: Ints) -> pd.DataFrame:
    people = subset(world.people, rng.permutation(persons))
    count = len(people)
    table = pd.DataFrame(
        {
            "NIK": _numbers(rng, people),
            "KPJ": text(10**10 + rng.permutation(count) * 17),
            "NAMA": _written_names(rng, people),
            "SEGMEN": "BPU",
            "PROGRAM": "JKK,JKM",
            "STATUS": either(rng.random(count) < 0.9, "AKTIF", "NONAKTIF"),
            "BULAN AKTIF": pick(rng, ("2025-08", "2025-09"), count),
        }
    )
    return litter(rng, table)


def _packages(rng: np.random.Generator, world: World) -> pd.DataFrame:
    families = world.sorted_by_place(world.enrollments.packages)
    mine = subset(world.families, families)
    people = world.members(families)
    head = people[people["position"] == 0].reset_index(drop=True)
    count = len(mine)
    place = world.place(mine["stated"].to_numpy(), ("", "", "KECAMATAN", "KELURAHAN"))
    near = mine["near"].to_numpy()
    given = np.datetime64("2025-09-01", "D") + rng.integers(0, 28, count)
    return pd.DataFrame(
        {
            "No": text(np.arange(count) + 1),
            "NIK": either(head["lacks_nik"], "", head["nik"]),
            "NO KK": mine["card"],
            "NAMA": _written_names(rng, head),
            "ALAMAT": "LINK. "
            + words(world.settlements["neighborhood"].tolist(), near).str.upper(),
            "RT": text(mine["rt"].to_numpy(), width=3),
            "RW": text(mine["rw"].to_numpy(), width=3),
            "KELURAHAN": place["KELURAHAN"],
            "KECAMATAN": place["KECAMATAN"],
            "TANGGAL": day_text(given),
            "NILAI": PACKAGE_RUPIAH,
        }
    )
