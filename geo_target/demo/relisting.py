"""Families that P3KE lists a second time, further down and under another id."""

from dataclasses import replace

import numpy as np
import pandas as pd

from geo_target.demo.columns import Flags, Ints, Text, either, rows, subset, words
from geo_target.demo.families import neighbors, regency_numbers, second_ids
from geo_target.demo.family_mistakes import MOVED, SPLIT_BY, WITHOUT_NIK, FamilyMistakes
from geo_target.demo.files import SentList
from geo_target.demo.folder import CARD_HEADER
from geo_target.demo.misspellings import mistyped_names
from geo_target.demo.people import family_cards
from geo_target.demo.society import World
from geo_target.demo.spoiling import spoil_numbers

_ID = "ID Keluarga P3KE"
_NO_LATER_CARD = np.datetime64("2025-09-01", "D")


def list_again(
    rng: np.random.Generator,
    world: World,
    mistakes: FamilyMistakes,
    lists: tuple[SentList, SentList],
) -> tuple[SentList, SentList]:
    """P3KE's lists of families and persons with the second listings at their end.

    A family that is listed again has all its members there again. Without such families the
    lists stay as they are; with them the list of families has a column of KK numbers.
    """
    if not mistakes.relisted.any():
        return lists
    families, persons = lists
    mine = world.sorted_by_place(np.flatnonzero(world.families["is_listed"]))
    cards = spoil_numbers(rng, world.families["card"], where=mistakes.spoiled_in_base)
    first = families.table.assign(**{CARD_HEADER: rows(cards, mine)})
    again = np.flatnonzero(mistakes.relisted[mine])
    second = _again(rng, world, subset(first, again), mine[again], mistakes.relisted[mine[again]])
    return (
        replace(families, table=pd.concat([first, second], ignore_index=True)),
        replace(persons, table=_with_members_again(persons.table, first, again, second)),
    )


def _again(
    rng: np.random.Generator, world: World, first: pd.DataFrame, family: Ints, how: Ints
) -> pd.DataFrame:
    """The second rows of families, each with its mistake."""
    mine = subset(world.families, family)
    name = first["Nama Kepala Keluarga"]
    is_woman = (first["Jenis Kelamin Kepala Keluarga"] == "PEREMPUAN").to_numpy()
    # A title leaves a name alike: with its KK it is all that tells a family without a NIK.
    titled = either(is_woman, "HJ. ", "H. ") + name
    renamed = either(how == WITHOUT_NIK, titled, mistyped_names(rng, name, share=1))
    matched = first["NIK Kepala Keluarga Padan Kemdagri"]
    regency = regency_numbers(world.plan)[mine["village"]]
    other = family_cards(rng, regency, since=SPLIT_BY, until=_NO_LATER_CARD)
    return first.assign(
        **{
            _ID: second_ids(first[_ID]),
            **_moved(rng, world, first, mine["stated"].to_numpy(), how == MOVED),
            "Nama Kepala Keluarga": either(how == MOVED, name, renamed),
            "NIK Kepala Keluarga": spoil_numbers(
                rng, first["NIK Kepala Keluarga"], where=how == WITHOUT_NIK
            ),
            "NIK Kepala Keluarga Padan Kemdagri": either(
                how == WITHOUT_NIK, "TIDAK PADAN", matched
            ),
            CARD_HEADER: either(how == MOVED, other, first[CARD_HEADER]),
        }
    )


def _moved(
    rng: np.random.Generator, world: World, first: pd.DataFrame, stated: Ints, moved: Flags
) -> dict[str, Text]:
    """Columns of the place; of those who moved, a village near by in the same district."""
    near = neighbors(world.plan)
    new = near[stated, rng.integers(0, near.shape[1], len(stated))]
    settlement = np.searchsorted(world.settlements["village"].to_numpy(), new)
    named = words(world.settlements["neighborhood"].tolist(), settlement)
    place = {
        **world.place(new, ("Provinsi", "Kabupaten/Kota", "Kecamatan", "Desa/Kelurahan")),
        "Kode Kemdagri": world.village("village_code", new).str.replace(".", "", regex=False),
        "Alamat": "KP. " + named.str.upper(),
    }
    return {column: either(moved, text, first[column]) for column, text in place.items()}


def _with_members_again(
    persons: pd.DataFrame, first: pd.DataFrame, again: Ints, second: pd.DataFrame
) -> pd.DataFrame:
    """All persons, and once more those of the families at `again` under the second id."""
    family = pd.Index(first[_ID]).get_indexer(persons[_ID])
    of_second = np.full(len(first), -1)
    of_second[again] = np.arange(len(again))
    members = np.flatnonzero(of_second[family] >= 0)
    which = of_second[family[members]]
    added = subset(persons, members)
    shared = (_ID, "Kecamatan", "Desa/Kelurahan", "Kode Kemdagri", "Alamat")
    added = added.assign(**{column: rows(second[column], which) for column in shared})
    is_head = added["Hubungan dengan Kepala Keluarga"] == "KEPALA KELUARGA"
    nik = either(is_head, rows(second["NIK Kepala Keluarga"], which), added["NIK"])
    added["Padan Dukcapil"] = either(nik == added["NIK"], added["Padan Dukcapil"], "TIDAK PADAN")
    added["NIK"] = nik
    added["Nama"] = either(is_head, rows(second["Nama Kepala Keluarga"], which), added["Nama"])
    # Numbers of persons have nine digits after the I, and begin with a 1.
    added["ID Individu"] = "I2" + added["ID Individu"].str.slice(2)
    return pd.concat([persons, added], ignore_index=True)
