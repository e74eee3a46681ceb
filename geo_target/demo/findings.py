"""What visits find of each listed family: the truth of August 2023, before anybody has gone.

Only the totals are published: of 8,799 listed families 3,784 were untouched when operators had
been to all of them. What the others turned out to be no source tells; the shares below are
assumptions, and so are how many are away at first, have a phone that finds its place, or give
another address than the list's.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo_target.demo.calibration import apportion
from geo_target.demo.columns import Days, Flags, Ints, Text, either, rows, subset, text, words
from geo_target.demo.points import measured
from geo_target.demo.society import World
from geo_target.demo.terrain import Terrain

#: What families that a program reaches turn out to be; the first is as the lists have it.
FATES = {
    "covered": 0.78, "better_off": 0.10, "moved": 0.05, "died": 0.02, "duplicate": 0.015,
    "part_of_other": 0.01, "empty_house": 0.012, "not_found": 0.008, "refused": 0.005,
}  # fmt: skip
#: Of those who are met, the ones whom the first visit does not meet.
FIRST_MISSED = {"": 0.87, "empty_house": 0.10, "not_found": 0.015, "refused": 0.015}
#: Codes of outcomes after which nobody of the family has been met.
MISSED = ("empty_house", "not_found", "refused")
#: Families that are met at home, and so answer for themselves.
MET = ("uncovered", "covered", "better_off")
_WITH_INTERVENTION = 0.2
_WITH_POINT, _OFF_POINT, _OFF_M = 0.92, 0.004, 5_000.0
#: Of those found eligible, the ones of whom the list has something wrong.
_CORRECTED = {"numbers": 0.08, "rt_rw": 0.15, "address": 0.05, "members": 0.06, "head": 0.02}
#: New families by listed ones; one system allows ten in a hundred.
_PROPOSED = 0.005

#: Ten working days (17 August is a day off), and the days of return, a week later or more.
FIRST_DAYS: Days = np.array(
    [f"2023-08-{day:02d}" for day in (7, 8, 9, 10, 11, 14, 15, 16, 18, 21)], "datetime64[D]"
)
RETURN_DAYS: Days = np.array(
    [f"2023-08-{day}" for day in (28, 29, 30, 31)], "datetime64[D]"
)  # fmt: skip

#: What may be corrected, in the order of fieldwork.outcomes.CORRECTABLE.
_PROGRAMS = {"PKH": "pkh", "SEMBAKO": "sembako", "PBI_JK": "pbi", "PBI_APBD": "regional"}


@dataclass(frozen=True)
class Findings:
    """What there is to find; the tables are those of truth/visits.parquet and proposals.parquet.

    Attributes
    ----------
    families
        One row a listed family, by ``family_id``: ``village_code`` (stated),
        ``true_village_code``, ``fate`` ("uncovered", or of FATES), ``outcome`` (code, at the
        latest visit), ``first_outcome`` (at the first), ``programs`` (codes parted by spaces;
        null where nobody was asked), ``lon``, ``lat`` (degrees, EPSG:4326) and ``accuracy_m``
        as a phone measured them, ``same_as`` (family that it is, or is part of),
        ``visited_on``, ``returned_on`` (null where the first visit was enough),
        ``given_head_name``, ``given_address`` (the list's), and what was corrected, null where
        nothing was: ``head_name``, ``address``, ``neighborhood``, ``rt``, ``rw``, ``members``,
        ``head_national_id``, ``family_card_number``.
    proposals
        One row a family that no list has: ``proposal_id``, ``village_code``, ``visited_on``,
        ``programs``, ``lon``, ``lat``, ``accuracy_m``, and the corrected columns of above, all
        of which it has.
    """

    families: pd.DataFrame
    proposals: pd.DataFrame


def find_out(
    rng: np.random.Generator, world: World, terrain: Terrain, *, listed: pd.DataFrame
) -> Findings:
    """Decide what visits find; the families that no program reaches are found so, all of them.

    Parameters
    ----------
    listed
        P3KE's list of families as it is sent.
    """
    fating, meeting, pointing, mending, proposing = rng.spawn(5)
    index = np.flatnonzero(world.families["is_listed"])
    mine = subset(world.families, index)
    fate, same_as = fates(fating, mine)
    found = mine["p3ke_id"].to_frame("family_id").assign(
        village_code=world.village("village_code", mine["stated"].to_numpy()),
        true_village_code=world.village("village_code", mine["village"].to_numpy()),
        fate=fate,
        **_outcomes(meeting, fate, mine),
        programs=rows(programs_by_family(world), index).where(fate.isin(MET)),
        **_points(pointing, mine, terrain, met=fate.isin(MET).to_numpy()),
        same_as=same_as,
        **_given(mine, listed),
        **_corrections(mending, world, index, eligible=fate.isin(MET[:2]).to_numpy()),
    )  # fmt: skip
    return Findings(
        found.sort_values("family_id", ignore_index=True), _proposals(proposing, world, terrain)
    )


def fates(rng: np.random.Generator, mine: pd.DataFrame) -> tuple[Text, Text]:
    """What each listed family turns out to be, and the family that it is or is part of.

    Parameters
    ----------
    mine
        Listed families: ``is_uncovered``, ``stated`` and ``p3ke_id``.
    """
    uncovered = mine["is_uncovered"].to_numpy(dtype=np.bool_)
    others = rng.permutation(np.flatnonzero(~uncovered))
    counts = apportion(list(FATES.values()), len(others))
    number = np.full(len(mine), -1)
    number[others] = np.repeat(np.arange(len(FATES)), counts)
    names = [*FATES]
    joining = np.isin(number, [names.index("duplicate"), names.index("part_of_other")])
    partner = _partners(rng, mine["stated"].to_numpy(dtype=np.int64), number, joining)
    # Whose village has nobody else to be is what the lists say it is.
    number = np.where(joining & (partner < 0), 0, number)
    fate = words(["uncovered", *names], number + 1)
    joined = rows(mine["p3ke_id"], np.maximum(partner, 0))
    return fate, joined.mask(partner < 0)


def _partners(rng: np.random.Generator, stated: Ints, number: Ints, joining: Flags) -> Ints:
    """For those who join another family, one of the same village that is met; else -1."""
    partner = np.full(len(stated), -1)
    met = np.flatnonzero(number <= 0)
    met = met[np.argsort(stated[met], kind="stable")]
    first = np.searchsorted(stated[met], stated, side="left")
    many = np.searchsorted(stated[met], stated, side="right") - first
    able = np.flatnonzero(joining & (many > 0))
    partner[able] = met[first[able] + rng.integers(0, many[able])]
    return partner


def _outcomes(rng: np.random.Generator, fate: Text, mine: pd.DataFrame) -> dict[str, Any]:
    """Codes of the first and the latest visit, and their days."""
    count = len(fate)
    helped = either(rng.random(count) < _WITH_INTERVENTION,
                    "eligible_with_intervention", "found_eligible")  # fmt: skip
    outcome = either(fate.isin(MET[:2]), helped, fate)
    kinds = [*FIRST_MISSED]
    chance = np.searchsorted(np.cumsum([*FIRST_MISSED.values()]), rng.random(count), side="right")
    missed = words(kinds, np.minimum(chance, len(kinds) - 1))
    misses = fate.isin(MET) & (missed != "")
    first = either(misses, missed, outcome)
    returns = first.isin(MISSED).to_numpy(dtype=np.bool_)
    visited = FIRST_DAYS[_turns(mine, len(FIRST_DAYS))]
    returned = np.where(
        returns, rng.choice(RETURN_DAYS, count), np.datetime64("NaT", "D")
    ).astype("datetime64[D]")  # fmt: skip
    return {
        "outcome": outcome,
        "first_outcome": first,
        "visited_on": visited.astype("datetime64[s]"),
        "returned_on": returned.astype("datetime64[s]"),
    }


def _turns(mine: pd.DataFrame, days: int) -> Ints:
    """The day on which each family's turn comes: villages at once, each by RW and RT."""
    order = np.lexsort((mine["p3ke_id"], mine["rt"], mine["rw"], mine["stated"]))
    village = mine["stated"].to_numpy(dtype=np.int64)[order]
    first = np.searchsorted(village, village, side="left")
    size = np.searchsorted(village, village, side="right") - first
    turn = np.empty(len(mine), dtype=np.int64)
    turn[order] = (np.arange(len(mine)) - first) * days // size
    return turn


def programs_by_family(world: World) -> Text:
    """Programs of each family of the world, codes parted by spaces; ``none`` of those without."""
    family = world.people["family"].to_numpy(dtype=np.int64)
    said = text(np.full(len(world.families), "", dtype=object))
    for code, name in _PROGRAMS.items():
        gets = np.zeros(len(world.families), dtype=np.bool_)
        persons = getattr(world.enrollments, name)
        gets[family[persons][family[persons] >= 0]] = True
        said = said + either(gets, f" {code}", "")
    said = said.str.strip()
    return either(said == "", "none", said)


def _points(
    rng: np.random.Generator, mine: pd.DataFrame, terrain: Terrain, *, met: Flags
) -> dict[str, Any]:
    """Places as phones measure them; a few of them kilometers off, and known to be."""
    count = len(mine)
    lon, lat = measured(rng, mine, terrain)
    has = met & (rng.random(count) < _WITH_POINT)
    is_off = has & (rng.random(count) < _OFF_POINT)
    x, y = terrain.metric(lon, lat)
    way = rng.uniform(0, 2 * np.pi, count)
    far_lon, far_lat = terrain.written(x + _OFF_M * np.cos(way), y + _OFF_M * np.sin(way))
    accuracy = np.where(is_off, _OFF_M, rng.integers(3, 16, count))
    return {
        "lon": np.where(has, np.where(is_off, far_lon, lon), np.nan),
        "lat": np.where(has, np.where(is_off, far_lat, lat), np.nan),
        "accuracy_m": np.where(has, accuracy, np.nan),
    }


def _given(mine: pd.DataFrame, listed: pd.DataFrame) -> dict[str, Text]:
    """What the list says of the head's name and the address."""
    at = pd.Index(listed["ID Keluarga P3KE"]).get_indexer(mine["p3ke_id"])
    return {
        "given_head_name": rows(listed["Nama Kepala Keluarga"], at),
        "given_address": rows(listed["Alamat"], at),
    }


def _corrections(
    rng: np.random.Generator, world: World, index: Ints, *, eligible: Flags
) -> dict[str, Text]:
    """What the list has wrong of some of the families, as it is put right at the door."""
    wrong = {
        name: eligible & (rng.random(len(index)) < share) for name, share in _CORRECTED.items()
    }
    true = _described(world, index)
    mine = subset(world.families, index)
    several = (mine["members"] > 1).to_numpy(dtype=np.bool_)
    # The head has died and the next of the family is head: numbers are of the one who was.
    head = wrong["head"] & several & ~wrong["numbers"]
    second = world.heads[index] + several
    true["head_name"] = rows(world.people["name"], second).str.upper()
    true["members"] = text(mine["members"].to_numpy(dtype=np.int64) + 1)
    reason = {
        "head_name": head, "address": wrong["address"], "neighborhood": wrong["address"],
        "rt": wrong["rt_rw"], "rw": wrong["rt_rw"], "members": wrong["members"],
        "head_national_id": wrong["numbers"], "family_card_number": wrong["numbers"],
    }  # fmt: skip
    return {name: true[name].where(flags) for name, flags in reason.items()}


def _described(world: World, index: Ints) -> dict[str, Text]:
    """True values of everything that may be corrected."""
    mine = subset(world.families, index)
    head = subset(world.people, world.heads[index])
    near = words(world.settlements["neighborhood"].tolist(), mine["near"].to_numpy())
    return {
        "head_name": head["name"].str.upper(),
        "address": "KP. " + near.str.upper(),
        "neighborhood": near,
        "rt": text(mine["rt"].to_numpy(), width=3),
        "rw": text(mine["rw"].to_numpy(), width=3),
        "members": text(mine["members"].to_numpy()),
        "head_national_id": head["nik"],
        "family_card_number": mine["card"],
    }


def _proposals(rng: np.random.Generator, world: World, terrain: Terrain) -> pd.DataFrame:
    """Families that no program reaches and no list has, met on the way."""
    listed = world.families["is_listed"].to_numpy(dtype=np.bool_)
    able = np.flatnonzero(~listed & world.families["is_uncovered"].to_numpy(dtype=np.bool_))
    count = min(len(able), max(1, round(_PROPOSED * int(listed.sum()))))
    index = np.sort(rng.permutation(able)[:count])
    mine = subset(world.families, index)
    lon, lat = measured(rng, mine, terrain)
    number = pd.Series(np.arange(len(mine)) + 1)
    return pd.DataFrame(
        {
            "proposal_id": "usulan-" + text(number.to_numpy(), width=4),
            "village_code": world.village("village_code", mine["village"].to_numpy()),
            "visited_on": rng.choice(FIRST_DAYS, len(mine)).astype("datetime64[s]"),
            "programs": rows(programs_by_family(world), index),
            "lon": lon,
            "lat": lat,
            "accuracy_m": rng.integers(3, 16, len(mine)).astype(np.float64),
            **_described(world, index),
        }
    )
