"""Who is shown the figures, and the table of counts that is withheld from as a whole."""

from dataclasses import dataclass

#: Parts of the extreme-poor families of a village: they add up to the total.
PARTS = ("covered_families", "uncovered_families", "unmatched_families")
TOTAL = "extreme_poor_families"
COUNTS = (*PARTS, TOTAL)
#: Sums are shown by it, and of the whole area.
GROUP = "district_code"


@dataclass(frozen=True)
class Audience:
    """Who is shown a table; counts from 1 to ``smallest - 1`` are withheld from them.

    `zeros` are parts whose 0 of some families is withheld as well, since it tells of all of
    them. That none is unmatched tells of nobody's aid.
    """

    name: str
    smallest: int
    zeros: tuple[str, ...] = ()


MEETING = Audience("meeting", smallest=5)
PUBLIC = Audience("public", smallest=10, zeros=("covered_families", "uncovered_families"))
