"""Doubtful pairs of the run that is shown, and what stands of them, for whoever settles them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo_target.operations.roles import Verb
from geo_target.operations.settlements import Pair, Question, Settlement, pair_id, settled
from geo_target.operations.visibility import visible
from geo_target.publishing.review import FILES, DoubtfulPair, Side, doubtful_pairs
from geo_target.web import visitors
from geo_target.web.names import NamesRefusedError, names_of
from geo_target.web.pages import store
from geo_target.web.store import Served


@dataclass(frozen=True)
class Review:
    """The doubtful pairs of a run that somebody may see, and what was said of them.

    Pairs have numbers from 1, the same for everybody until the next run.
    """

    served: Served
    pairs: Sequence[DoubtfulPair]
    standing: Mapping[Pair, Settlement]
    """By pair; of this run or not."""

    def settled(self, number: int) -> Settlement | None:
        """What stands of a pair; None while it is open, and of a pair that is not there."""
        if not 1 <= number <= len(self.pairs):
            return None
        pair = self.pairs[number - 1]
        return self._stands(pair, was_decided=pair.was_decided)

    def contradicted(self, number: int) -> Settlement | None:
        """What was said of an open pair before, and contradicts what was said of others."""
        return self._stands(self.pairs[number - 1])

    def open_numbers(self) -> list[int]:
        """Numbers of the pairs that nobody has settled."""
        return [
            number for number, pair in enumerate(self.pairs, start=1)
            if self._stands(pair, was_decided=pair.was_decided) is None
        ]  # fmt: skip

    def question(self, number: int) -> Question:
        """A pair as it is asked about."""
        pair, run_id = self.pairs[number - 1], self.served.snapshot.run_id
        return Question(pair.key, pair_id(pair.key, _key()), pair.fingerprint, run_id)

    def number_of(self, asked: str, fingerprint: str) -> int | None:
        """Number of the pair that a form is about; None if its data are others by now."""
        key = _key()
        numbered = enumerate(self.pairs, start=1)
        return next((number for number, pair in numbered
                     if pair.fingerprint == fingerprint and pair_id(pair.key, key) == asked),
                    None)  # fmt: skip

    def decision(self, asked: str, number: int) -> Settlement | None:
        """What stands under this number of the pair that a form names; None: not any more."""
        made = next((each for each in self.standing.values() if each.number == number), None)
        return made if made and pair_id(made.pair, _key()) == asked else None

    def newest(self) -> list[Settlement]:
        """What stands, the newest first."""
        return sorted(self.standing.values(), key=lambda made: -made.number)

    def sides(self, decisions: Iterable[Settlement]) -> dict[tuple[str, str], tuple[Side, str]]:
        """What the run says of the sides of decisions, and their ids in this archive.

        By register and id; of a side that is in no doubtful pair the run says nothing.
        """
        wanted = {end for made in decisions for end in (made.pair[:2], made.pair[2:])}
        return {
            end: (side, family_id)
            for pair in self.pairs
            for side, family_id in zip((pair.one, pair.other), pair.family_ids, strict=True)
            if (end := (side.register, side.register_family_id)) in wanted
        }

    def _stands(self, pair: DoubtfulPair, *, was_decided: bool = False) -> Settlement | None:
        run_id = self.served.snapshot.run_id
        return settled(self.standing, pair.key, pair.fingerprint, run_id, was_decided=was_decided)


def current_review() -> Review:
    """What this request's user may see and settle.

    Raises
    ------
    NamesRefusedError
        As `names_of`: then no name stays in memory either.
    """
    served, theirs = store().current(), visible(visitors.user(), Verb.SETTLE_PAIRS)
    try:
        exact = names_of(served.snapshot, more=FILES)
    except NamesRefusedError:
        _pairs_of.cache_clear()
        raise
    files = served.snapshot.manifest["files"]
    has_pairs = set(FILES) <= set(files)
    pairs = _pairs_of(exact, tuple(files[name]["sha256"] for name in FILES)) if has_pairs else ()
    standing = visitors.doors().settlements.standing()
    if not theirs.everywhere:
        pairs = tuple(
            pair for pair in pairs
            if all(theirs.holds((code or "").rpartition(".")[0]) for code in pair.village_codes)
        )  # fmt: skip
        known = {pair.key for pair in pairs}  # of other pairs nobody knows the village
        standing = {pair: made for pair, made in standing.items() if pair in known}
    return Review(served, pairs, standing)


@lru_cache(maxsize=1)
def _pairs_of(exact: Path, _sums: tuple[str, ...]) -> tuple[DoubtfulPair, ...]:
    """Read once a run; no more than one is kept, so that no person outstays the next run."""
    return tuple(doubtful_pairs(exact))


def _key() -> bytes:
    return visitors.doors().key
