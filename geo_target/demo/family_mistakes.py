"""What registers get wrong of whole families: spoiled keys, two KK, two listings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo_target.demo.columns import Flags, Ints, Text, either
from geo_target.demo.families import regency_numbers
from geo_target.demo.people import BORN_BY, family_cards
from geo_target.demo.society import World
from geo_target.demo.spoiling import choose_unmatched

#: Second KK of a family are issued before this day.
SPLIT_BY = np.datetime64("2025-06-01", "D")
#: How P3KE lists a family again, a third of them each: the head's name misspelled; the head's
#: NIK spoiled; under another KK in another village. All else is the same.
MISSPELLED, WITHOUT_NIK, MOVED = 1, 2, 3


@dataclass(frozen=True)
class FamilyMistakes:
    """By row of ``World.families``; a family has one of them at most.

    Attributes
    ----------
    keyless
        No register has a usable NIK or KK of the family.
    base_spoiled
        P3KE alone has none: DTSEN still knows the family.
    second_card
        KK number that its second member has alone in DTSEN; blank if it has one KK.
    relisted
        How P3KE lists it again (MISSPELLED, WITHOUT_NIK, MOVED); 0 if it does not.
    """

    keyless: Flags
    base_spoiled: Flags
    second_card: Text
    relisted: Ints

    @property
    def spoiled_in_base(self) -> Flags:
        """Families of whose keys P3KE has none."""
        return self.keyless | self.base_spoiled


def choose_mistakes(
    streams: Sequence[np.random.Generator],
    world: World,
    *,
    unmatched: float,
    spoiled_base: float,
    split: float,
    relisted: float,
) -> FamilyMistakes:
    """Choose families by shares of the listed ones; fewer where too few are left.

    Parameters
    ----------
    streams
        A generator for each share, in their order: a share of none draws nothing of another.
    """
    spoiling, mistyping, splitting, listing = streams
    is_listed = world.families["is_listed"].to_numpy(dtype=np.bool_)
    listed = int(is_listed.sum())
    keyless = choose_unmatched(spoiling, is_listed, unmatched)
    base_spoiled = np.zeros(len(is_listed), dtype=np.bool_)
    base_spoiled[_some(mistyping, is_listed & ~keyless, round(spoiled_base * listed))] = True
    is_whole = is_listed & ~keyless & ~base_spoiled
    second_card = _second_cards(splitting, world, is_whole, round(split * listed))
    is_whole &= (second_card == "").to_numpy(dtype=np.bool_) & _knows_head(world)
    again = _some(listing, is_whole, round(relisted * listed))
    how = np.zeros(len(is_listed), dtype=np.int64)
    how[again] = np.arange(len(again)) % 3 + 1
    return FamilyMistakes(keyless, base_spoiled, second_card, how)


def _some(rng: np.random.Generator, able: Flags, count: int) -> Ints:
    return rng.permutation(np.flatnonzero(able))[:count]


def _knows_head(world: World) -> Flags:
    """Families of which P3KE has the NIK of the head."""
    lacks = world.people["lacks_nik"].to_numpy(dtype=np.bool_)
    return ~lacks[world.heads]


def _second_cards(rng: np.random.Generator, world: World, able: Flags, count: int) -> Text:
    """KK numbers of the second member of `count` of the `able`, blank for all others.

    So one family stands in a register as two. Both halves share a NIK with its record in
    P3KE, and somebody beside the two heads has one too: what is true of it stays as it is.
    """
    people = world.people
    others = (people["position"] > 1) & ~people["lacks_nik"] & (people["family"] >= 0)
    third = np.zeros(len(able), dtype=np.bool_)
    third[people["family"].to_numpy()[others.to_numpy()]] = True
    is_split = np.zeros(len(able), dtype=np.bool_)
    is_split[_some(rng, able & third, count)] = True
    regency = regency_numbers(world.plan)[world.families["village"]]
    return either(is_split, family_cards(rng, regency, since=BORN_BY, until=SPLIT_BY), "")
