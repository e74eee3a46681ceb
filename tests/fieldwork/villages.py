"""Families and officers that a reader can count."""

from collections.abc import Sequence
from typing import Any

from geo_target.fieldwork.visits import Officer, OfficerKind, Target

#: Kecamatan a has the villages a.1, a.2 ...: any text with dots is a code.
HOME = "a.1"


def families(text: str, **known: Any) -> list[Target]:
    """Rows ``village rw rt count``, - is none; ids run on: ``a.1/001/002-3``."""
    found = []
    for line in filter(None, map(str.strip, text.strip().splitlines())):
        village, rw, rt, count = line.split()
        parts = [None if part == "-" else part for part in (rw, rt)]
        found += [
            Target(f"{village}/{rw}/{rt}-{n}", village, rw=parts[0], rt=parts[1], **known)
            for n in range(1, int(count) + 1)
        ]
    return found


def operator(name: str, *villages: str, **known: Any) -> Officer:
    return Officer(name, name.title(), villages=villages, **known)


def facilitator(name: str, home: str | None = HOME, **known: Any) -> Officer:
    return Officer(
        name, name.title(), kind=OfficerKind.FACILITATOR, home_village_code=home, **known
    )


def ids(targets: Sequence[Target]) -> list[str]:
    return [t.family_id for t in targets]
