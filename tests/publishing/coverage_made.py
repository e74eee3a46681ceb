"""Worlds by lot: villages in which programs and definitions differ by few families."""

import random
from collections.abc import Sequence
from dataclasses import replace

from geo_target.settings import Coverage
from tests.publishing.coverage_worlds import ON, Family, World

_CODES = ("PKH", "PBI_JK", "KUBE", "SEMBAKO")
_REASONS = ("no_national_id", "above_decile", "never_verified")


def make_world(seed: int) -> World:
    """Of two to five villages in one or two districts."""
    lot = random.Random(seed)
    carried = sorted(lot.sample(_CODES, lot.randint(1, 3)))
    districts = {f"v{n}": f"d{lot.randint(1, 2)}" for n in range(lot.randint(2, 5))}
    definitions = {"own": _definition(lot, carried, loose=True)}
    for number in range(lot.randint(0, 3)):
        definitions[f"more-{number}"] = _definition(lot, carried, loose=lot.random() < 0.7)
    families = [one for village in districts for one in _village(lot, village, carried)]
    families = families or [Family("v0")]
    return World(families, districts, carried, definitions)


def make_next(world: World, seed: int) -> World:
    """A month later: of a village or two some families have something else, or are gone."""
    lot = random.Random(seed)
    families = [*world.families]
    for _ in range(lot.randint(1, 3)):
        one = lot.choice(families)
        alike = [number for number, each in enumerate(families) if each == one]
        for number in alike[: lot.randint(1, 4)]:
            code = lot.choice(world.carried)
            has = one.programs ^ {code}
            families[number] = replace(one, programs=has, whole=has & one.whole)
    return replace(world, families=families)


def make_nearly(world: World, seed: int) -> World:
    """The same month again, but for one family that has something else."""
    lot = random.Random(seed)
    families = [*world.families]
    number, code = lot.randrange(len(families)), lot.choice(world.carried)
    has = families[number].programs ^ {code}
    families[number] = replace(families[number], programs=has, whole=has & families[number].whole)
    return replace(world, families=families)


def _definition(lot: random.Random, carried: Sequence[str], *, loose: bool) -> Coverage:
    codes = tuple(lot.sample(carried, lot.randint(1, len(carried))))
    return Coverage(programs=codes, on=ON, member_counts_for_family=loose)


def _village(lot: random.Random, village: str, carried: Sequence[str]) -> list[Family]:
    """Some kinds of families, most of them many or few."""
    families: list[Family] = []
    for _ in range(lot.randint(0, 4)):
        has = frozenset(code for code in carried if lot.random() < 0.4)
        one = {"whole": frozenset(code for code in has if lot.random() < 0.6),
               "may": frozenset(code for code in carried if lot.random() < 0.5),
               "is_compared": lot.random() < 0.8, "reason": lot.choice(_REASONS),
               "is_in_lens": lot.random() < 0.4, "is_flagged": lot.random() < 0.4,
               "is_verified": False, "is_stale": lot.random() < 0.4}  # fmt: skip
        if not one["is_stale"]:
            one["is_verified"] = lot.random() < 0.5
        many = lot.choice((1, 2, 3, 4, 5, 6, 8, 11, 17))
        families += [Family(village, has, **one)] * many  # type: ignore[arg-type]
    return families
