"""Visits that one officer makes together: an RW, or its RT where the RW is more than a load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from geo_target.fieldwork.selection import by_place
from geo_target.fieldwork.visits import Visit


@dataclass(frozen=True)
class Block:
    """Visits of one village that go to one officer."""

    village_code: str
    rw: str | None
    rt: str | None
    """None: of the whole RW, or of families without an RT."""
    visits: Sequence[Visit]

    @property
    def size(self) -> int:
        """Number of visits."""
        return len(self.visits)


@dataclass(frozen=True)
class Limits:
    """What stays whole in a village."""

    rw: float
    """Visits of an RW up to which it does."""
    rt: float
    """The same of an RT."""
    piece: int
    """Visits at most of what is broken up: an RT, or families without one."""


def blocks_of(
    visits: Sequence[Visit],
    *,
    limits: Mapping[str, Limits],
    whole: Literal["rw", "even", "rt"] = "rw",
) -> list[Block]:
    """All visits in blocks, by place.

    Parameters
    ----------
    limits
        By village code. An RW beyond them is split into its RT; an RT beyond them into pieces.
        Families without an RW (or, of a split RW, without an RT) are nobody's neighbors as far
        as the list tells: they come in pieces, lingkungan by lingkungan.
    whole
        'rt' splits every RW into its RT.
    """
    ordered = sorted(visits, key=lambda v: by_place(v.target))
    found: list[Block] = []
    for (village, rw), group in groupby(
        ordered, key=lambda v: (v.target.village_code, v.target.rw)
    ):
        theirs, most = list(group), limits[village]
        if rw is None:
            found += _pieces(village, None, None, theirs, most.piece)
        elif whole != "rt" and len(theirs) <= most.rw:
            found.append(Block(village, rw, None, theirs))
        else:
            found += _by_rt(village, rw, theirs, most)
    return found


def parts_of(block: Block, limits: Limits) -> list[Block]:
    """An RW as its RT, each as `blocks_of` has them; one block where there is one RT or none."""
    if block.rw is None or block.rt is not None:
        return [block]
    return _by_rt(block.village_code, block.rw, block.visits, limits)


def _by_rt(village: str, rw: str, visits: Sequence[Visit], limits: Limits) -> list[Block]:
    found: list[Block] = []
    for rt, group in groupby(visits, key=lambda v: v.target.rt):
        theirs = list(group)
        is_whole = rt is not None and len(theirs) <= limits.rt
        found += _pieces(village, rw, rt, theirs, len(theirs) if is_whole else limits.piece)
    return found


def _pieces(
    village: str, rw: str | None, rt: str | None, visits: Sequence[Visit], most: int
) -> list[Block]:
    """Parts of at most so many visits, as equal as can be."""
    number = -(-len(visits) // max(1, most))
    cuts = [len(visits) * n // number for n in range(number + 1)]
    return [Block(village, rw, rt, visits[a:b]) for a, b in pairwise(cuts)]
