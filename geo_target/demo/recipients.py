"""Recipient lists of programs, as SIKS-NG, BPJS and the city send them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from geo_target.demo.calibration import PACKAGE_RUPIAH
from geo_target.demo.columns import Flags, Ints, Text, day_text, either, pick, subset, text, words
from geo_target.demo.files import SentList
from geo_target.demo.misspellings import mistyped_names
from geo_target.demo.mistakes import MISTYPED_RECIPIENTS
from geo_target.demo.names import upper
from geo_target.demo.society import World
from geo_target.demo.spoiling import listed_again, litter, spoil_numbers
from geo_target.demo.strangers import name_words, unmistakable
from geo_target.registry.names import folded_name

#: The quarter that counts, and the days of the lists; all before the day of the run.
QUARTER = 4
SIKS_DAY = date(2025, 10, 5)
BPJS_DAY = date(2025, 10, 1)
PACKAGES_DAY = date(2025, 9, 30)

#: Strangers, and recipients of PKH whom Sembako reaches too, whose NIK came through a
#: spreadsheet; of those whose name nobody else in the village has.
_SPOILED, _SPOILED_KNOWN = 0.4, 0.04

#: Families by village and folded word of a name.
_Borne = Counter[tuple[int, str]]


def recipient_lists(rng: np.random.Generator, world: World, *, keyless: Flags) -> list[SentList]:
    """All recipient lists; strangers, whom no register knows, are shared out to them.

    Parameters
    ----------
    keyless
        Families (rows of the world) of whose numbers no register has any. Lists leave out
        whom a run would take for somebody else by theirs.
    """
    sure = unmistakable(world, keyless=keyless)
    pkh, sembako, pbi, bpu = np.array_split(world.strangers[sure[world.strangers]], 4)
    world = replace(world, enrollments=world.enrollments.of_persons(sure))
    enrolled = world.enrollments
    borne = _borne_words(world)
    return [
        SentList(
            "siks_pkh", "siks-recipients",
            _siks(rng, world, enrolled.pkh, enrolled.expired_pkh, pkh, borne=borne,
                  names=("PKH",)),
            SIKS_DAY, "xlsx", "SIKS-NG, penerima PKH; TAHAP ialah triwulan",
        ),
        SentList(
            "siks_sembako", "siks-recipients",
            _siks(rng, world, enrolled.sembako, enrolled.expired_sembako, sembako, borne=borne,
                  names=("SEMBAKO", "SEMBAKO", "SEMBAKO", "BPNT")),
            SIKS_DAY, "xlsx", "SIKS-NG, penerima Sembako (BPNT)",
        ),
        SentList(
            "bpjs_pbi", "bpjs-pbi", _pbi(rng, world, borne, pbi), BPJS_DAY, "csv",
            "BPJS Kesehatan, peserta PBI APBN dan PBPU Pemda",
        ),
        SentList(
            "bpjs_bpu", "bpjs-bpu", _bpu(rng, world, borne, np.r_[enrolled.informal, bpu]),
            BPJS_DAY, "csv", "BPJS Ketenagakerjaan, pekerja bukan penerima upah",
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
    borne: _Borne,
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
    written = _written_names(rng, people)
    known = _is_found_elsewhere(world, people) if names == ("PKH",) else None
    table = pd.DataFrame(
        {
            "No": text(np.arange(count) + 1),
            "NAMA PENERIMA": written,
            "NIK KTP": _numbers(rng, borne, people, written, village, known=known),
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


def _numbers(
    rng: np.random.Generator,
    borne: _Borne,
    people: pd.DataFrame,
    written: Text,
    village: Ints,
    *,
    known: Flags | None = None,
) -> Text:
    """NIK of recipients, some of them spoiled, which changes no family.

    Strangers are spoiled, and who is `known` by another row; in either case only where the
    name has two words, and one that is nobody else's in the village. A run that looks for them
    by name would else doubt about the family of a namesake, whose state the truth knows.
    """
    chance = rng.random(len(people))
    spoiled = (people["family"] < 0).to_numpy() & (chance < _SPOILED)
    if known is not None:
        spoiled |= known & (chance < _SPOILED_KNOWN)
    chosen = np.flatnonzero(spoiled)
    own = people["family"].to_numpy() >= 0
    for row in chosen:
        # Words of the true name that are left in the written one.
        kept = name_words(people["name"].iloc[row]) & {*folded_name(written.iloc[row]).split()}
        is_rare = any(borne[village[row], word] <= own[row] for word in kept)
        spoiled[row] = is_rare and len(kept) > 1
    return spoil_numbers(rng, people["nik"], where=spoiled)


def _is_found_elsewhere(world: World, people: pd.DataFrame) -> Flags:
    """Whose family Sembako reaches, and no register lists without its keys."""
    family = people["family"].to_numpy(dtype=np.int64)
    sure = (world.families["in_sembako"] & ~world.families["is_listed"]).to_numpy(dtype=np.bool_)
    return np.asarray((family >= 0) & sure[family])


def _borne_words(world: World) -> _Borne:
    """Families by village and folded word of a name that a member bears."""
    family = world.people["family"].to_numpy(dtype=np.int64)
    known = np.flatnonzero(family >= 0)
    village = world.families["stated"].to_numpy(dtype=np.int64)[family[known]]
    names = world.people["name"].iloc[known]
    homes = zip(village.tolist(), family[known].tolist(), names, strict=True)
    return Counter(
        place for place, _ in {
            ((village, word), number)
            for village, number, name in homes for word in name_words(name)
        }
    )  # fmt: skip


def _written_names(rng: np.random.Generator, people: pd.DataFrame) -> Text:
    """Names as the office of this list spelled them."""
    # Spellings have numbers of their own: they leave all else in the lists as it is.
    (spelling,) = rng.spawn(1)
    return mistyped_names(spelling, upper(people["name"]), share=MISTYPED_RECIPIENTS)


def _pbi(rng: np.random.Generator, world: World, borne: _Borne, strangers: Ints) -> pd.DataFrame:
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
    written = _written_names(rng, people)
    table = pd.DataFrame(
        {
            "NIK": _numbers(rng, borne, people, written, village),
            "NOKA": card,
            "NAMA": written,
            "SEGMEN": words(("PBI APBN", "PBPU PEMDA"), segment[order]),
            "STATUS": either(ended[order], "NONAKTIF", "AKTIF"),
            "TMT": day_text(first, pattern="%d/%m/%Y"),
            "KELURAHAN": place["KELURAHAN"],
            "KECAMATAN": place["KECAMATAN"],
        }
    )
    return litter(rng, table, share=0.001)


def _bpu(rng: np.random.Generator, world: World, borne: _Borne, persons: Ints) -> pd.DataFrame:
    people = subset(world.people, rng.permutation(persons))
    village, _ = _homes(world, people)
    written = _written_names(rng, people)
    count = len(people)
    table = pd.DataFrame(
        {
            "NIK": _numbers(rng, borne, people, written, village),
            "KPJ": text(10**10 + rng.permutation(count) * 17),
            "NAMA": written,
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
