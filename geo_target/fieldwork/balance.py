"""Blocks of visits dealt out so that each officer comes near to a fair share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from geo_target.fieldwork.blocks import Block
from geo_target.fieldwork.sharing import Share

#: Blocks of an officer of which pairs are looked at, too.
_FEW = 12
_ROUNDING = 1e-9

#: How dear it is that an officer goes to a village: less is nearer.
Farness = Callable[[str, str], float]


class Dealing:
    """Blocks and who holds them, while they are dealt out and moved.

    Parameters
    ----------
    takers
        Who may be given a visit of a village, by its code.
    shares
        What should fall to an officer, by name; only who has one is given anything.
    held
        Visits that an officer has in any case.
    capacity
        Visits that the days of an officer hold.
    farness
        Of an officer, by name, and a village.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        *,
        takers: Mapping[str, Sequence[str]],
        shares: Mapping[str, Share],
        held: Mapping[str, int],
        capacity: Mapping[str, int],
        farness: Farness,
    ) -> None:
        self.blocks = list(blocks)
        self.takers = {v: [n for n in names if n in shares] for v, names in takers.items()}
        self.shares = shares
        self.capacity = capacity
        self.farness = farness
        self.load = {name: held.get(name, 0) for name in shares}
        self.holder: list[str | None] = [None] * len(blocks)
        self._theirs: dict[str, set[int]] = {name: set() for name in shares}

    def deal(self) -> None:
        """Give each block to somebody near who has room for it, the largest blocks first."""
        order = sorted(range(len(self.blocks)), key=lambda n: (-self.blocks[n].size, n))
        for number in order:
            block = self.blocks[number]
            names = self.takers[block.village_code]
            roomy = [n for n in names if self._left(n) >= block.size / 2]
            if roomy:
                near = min(roomy, key=lambda n: (self._cost(n, block), -self._left(n), n))
                self._give(number, near)
            elif names:
                self._give(number, max(names, key=self._left))

    def level(self, tolerance: float) -> None:
        """Move or exchange blocks while that brings somebody nearer to their share.

        Only who is farther than `tolerance` from it is looked at, the farthest first, and who has
        more than their days hold: a plan that is even enough keeps everybody near home.
        """
        stuck: set[str] = set()
        while True:
            far = [n for n in self.shares if n not in stuck and self._is_far(n, tolerance)]
            if not far:
                return
            name = max(far, key=lambda n: (self._off(n), n))
            if self._mend(name, at_once=1) or self._mend(name, at_once=2):
                stuck.clear()
            else:
                stuck.add(name)

    def split(self, tolerance: float, parts: Callable[[Block], Sequence[Block]]) -> None:
        """Break up blocks, one by one, while somebody is too far from their share for all that.

        Of who has too much the largest block is broken, of who has too little the largest that
        they might have a part of; then loads are brought together again.
        """
        while True:
            far = [n for n in self.shares if self._is_far(n, tolerance)]
            for name in sorted(far, key=lambda n: (-self._off(n), n)):
                if self._break_one(name, parts):
                    break
            else:
                return
            self.level(tolerance)

    def _break_one(self, name: str, parts: Callable[[Block], Sequence[Block]]) -> bool:
        if self._left(name) < 0:
            mine = self._theirs[name]
        else:
            mine = {n for o in self.shares if o != name for n in self._may_pass(o, name)}
        for number in sorted(mine, key=lambda n: (-self.blocks[n].size, n)):
            broken, holder = parts(self.blocks[number]), self.holder[number]
            if len(broken) > 1 and holder is not None:
                first = len(self.blocks)
                self.blocks[number] = broken[0]
                self.blocks += broken[1:]
                self.holder += [holder] * (len(broken) - 1)
                self._theirs[holder].update(range(first, len(self.blocks)))
                return True
        return False

    def _is_far(self, name: str, tolerance: float) -> bool:
        holds = self.capacity[name]
        is_over = self.load[name] > holds >= self.shares[name].visits
        return is_over or self._off(name) > tolerance

    def _mend(self, name: str, *, at_once: int) -> bool:
        """Make the best change for one officer; False where none helps."""
        best, change = -_ROUNDING, None
        for give, take, other in self._changes(name, at_once):
            moved = sum(self.blocks[n].size for n in take) - sum(self.blocks[n].size for n in give)
            gain = self._badness(name, moved) + self._badness(other, -moved)
            if gain < best:
                best, change = gain, (give, take, other)
        if change is None:
            return False
        give, take, other = change
        for number in give:
            self._give(number, other)
        for number in take:
            self._give(number, name)
        return True

    def _changes(
        self, name: str, at_once: int
    ) -> Iterator[tuple[Sequence[int], Sequence[int], str]]:
        """What `name` may give to another, take from them, or exchange with them."""
        for other in self.shares:
            if other != name:
                gives = _some_of(self._may_pass(name, other), at_once)
                takes = _some_of(self._may_pass(other, name), at_once)
                yield from ((give, take, other) for give in gives for take in takes)

    def _may_pass(self, giver: str, taker: str) -> list[int]:
        return sorted(
            n for n in self._theirs[giver] if taker in self.takers[self.blocks[n].village_code]
        )

    def _give(self, number: int, name: str) -> None:
        before, size = self.holder[number], self.blocks[number].size
        if before is not None:
            self.load[before] -= size
            self._theirs[before].discard(number)
        self.holder[number] = name
        self.load[name] += size
        self._theirs[name].add(number)

    def _left(self, name: str) -> float:
        return self.shares[name].visits - self.load[name]

    def _off(self, name: str) -> float:
        """Distance from the fair share, as a share of it."""
        fair = self.shares[name].visits
        return abs(self._left(name)) / fair if fair else 0.0

    def _badness(self, name: str, moved: int) -> float:
        """By how much the squared distance from the fair share grows with so many visits more."""
        fair = self.shares[name].visits or 1.0
        left = self._left(name)
        return ((left - moved) ** 2 - left**2) / fair

    def _cost(self, name: str, block: Block) -> float:
        """Farness; somebody who is in the village anyhow is nearer than who is not."""
        known = any(self.blocks[n].village_code == block.village_code for n in self._theirs[name])
        return self.farness(name, block.village_code) - known / 2


def _some_of(numbers: Sequence[int], at_once: int) -> list[tuple[int, ...]]:
    """None, each, and up to so many together; of many blocks each is small, and goes alone."""
    most = at_once if len(numbers) <= _FEW else 1
    return [some for size in range(most + 1) for some in combinations(numbers, size)]
