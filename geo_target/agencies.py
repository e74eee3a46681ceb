"""Agencies at the table of a meeting and what is theirs to mend, from geodata/agencies.toml."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from geo_target.programs import Words
from geo_target.resources import resource_dir

#: What is of no office, list or group: villages of the first class, old evidence, definitions
#: that disagree, clusters, the decree; families paid twice; families without a point, without a
#: village, with a point outside; villages without a code of BPS, or without official boundaries;
#: families that nothing could be compared of; faults of lists of facilities.
Check = Literal[
    "priority", "stale", "definitions", "pockets", "official", "double_aid",
    "unlocated", "unplaced", "outside", "codes", "boundaries", "unmatched", "facilities",
]  # fmt: skip


class Agency(BaseModel):
    """An agency; what is empty, it has none of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Words
    task: Words
    offices: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    lenses: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


def agencies() -> Mapping[str, Agency]:
    """Agencies by slug, in the order of the file."""
    return _agencies(resource_dir("geodata") / "agencies.toml")


@cache
def _agencies(file: Path) -> Mapping[str, Agency]:
    return read_agencies(tomllib.loads(file.read_text("utf-8")))


def read_agencies(raw: Mapping[str, Any]) -> Mapping[str, Agency]:
    """Understand the file.

    Raises
    ------
    ValueError
        If an entry is not one, or two agencies have a slug, office or list in common: then it
        would not say whose it is.
    """
    found = [Agency.model_validate(entry) for entry in raw["agency"]]
    for what, words in (
        ("slug", [one.slug for one in found]),
        ("office", [office for one in found for office in one.offices]),
        ("profile", [profile for one in found for profile in one.profiles]),
        ("lens", [lens for one in found for lens in one.lenses]),
        ("check", [check for one in found for check in one.checks]),
    ):
        if twice := _twice(words):
            raise ValueError(f"{what} of two agencies: {', '.join(twice)}")
    return {one.slug: one for one in found}


def _twice(words: Iterable[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]
