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


def blocks_of(
    visits: Sequence[Visit],
    *,
    loads: Mapping[str, float],
    piece: int,
    whole: Literal["rw", "rt"] = "rw",
) -> list[Block]:
    """All visits in blocks, by place.

    Parameters
    ----------
    loads
        The most that one officer is given, by village code. An RW that is larger is split into
        its RT; an RT that is larger, into pieces.
    piece
        Families without an RW (or, of a split RW, without an RT) are nobody's neighbors as far
        as the list tells: they come in pieces of at most so many, lingkungan by lingkungan.
    whole
        'rt' splits every RW into its RT.
    """
    ordered = sorted(visits, key=lambda v: by_place(v.target))
    found: list[Block] = []
    for (village, rw), group in groupby(
        ordered, key=lambda v: (v.target.village_code, v.target.rw)
    ):
        theirs, most = list(group), loads[village]
        if rw is None:
            found += _pieces(village, None, None, theirs, piece)
        elif whole == "rw" and len(theirs) <= most:
            found.append(Block(village, rw, None, theirs))
        else:
            found += _by_rt(village, rw, theirs, most, piece)
    return found


def _by_rt(village: str, rw: str, visits: Sequence[Visit], most: float, piece: int) -> list[Block]:
    found: list[Block] = []
    for rt, group in groupby(visits, key=lambda v: v.target.rt):
        theirs = list(group)
        if rt is None:
            found += _pieces(village, rw, None, theirs, piece)
        else:
            found += _pieces(village, rw, rt, theirs, piece if len(theirs) > most else len(theirs))
    return found


def _pieces(
    village: str, rw: str | None, rt: str | None, visits: Sequence[Visit], most: int
) -> list[Block]:
    """Parts of at most so many visits, as equal as can be."""
    number = -(-len(visits) // max(1, most))
    cuts = [len(visits) * n // number for n in range(number + 1)]
    return [Block(village, rw, rt, visits[a:b]) for a, b in pairwise(cuts)]
