"""Who goes where: operators keep their kelurahan, facilitators go where the load is too high."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo_target.fieldwork.balance import Dealing, Farness
from geo_target.fieldwork.blocks import Block, Limits, blocks_of, parts_of
from geo_target.fieldwork.loads import Load, capacity_of, imbalance_of, loads_of
from geo_target.fieldwork.sharing import Share, fair_shares
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Officer, OfficerKind, Visit

#: A load is farther from the mean of those who share than `Terms.tolerance`.
UNEVEN = "N-PLAN-UNEVEN"
#: RW have more than one officer: they are more than a load, or loads would not be even.
SPLIT = "N-PLAN-SPLIT"
#: Visits have no officer: there is none, or none with a working day.
NOBODY = "N-PLAN-NOBODY"
#: Operators help out in villages that are not theirs: nobody keeps those, and no facilitator is
#: there.
BEYOND = "N-PLAN-BEYOND"
#: Somebody had assigned visits to an officer who is not there; others have them now.
LOCK_LOST = "N-PLAN-LOCK-LOST"


@dataclass(frozen=True)
class Assigned:
    """Visits with their officers, and how even it came out."""

    visits: Sequence[Visit]
    """In the order in which they came."""
    loads: Sequence[Load]
    notices: Sequence[str]
    split_rws: int
    """RW that more than one officer goes to, by hand or since they exceed a load."""

    @property
    def imbalance(self) -> float:
        """The farthest load from the mean of those who share, as a share of that mean."""
        return imbalance_of(self.loads)


def assign(
    visits: Sequence[Visit],
    officers: Sequence[Officer],
    *,
    working: Collection[date],
    terms: Terms | None = None,
    held: Mapping[str, int] | None = None,
) -> Assigned:
    """Give visits to officers.

    An RW goes to one officer; where it alone is more than a load it is split by RT, and an RT
    only where it is more than anybody's days hold. Among those who share, loads are brought within
    `Terms.tolerance` of the mean by moving and exchanging RW; where that is not enough, as few
    RW as possible are split (`Terms.whole`), and ``N-PLAN-SPLIT`` says so. Where not even RT let
    loads be even, ``N-PLAN-UNEVEN`` does. A village that nobody keeps is the facilitators';
    without any, other operators help out, near ones first, and ``N-PLAN-BEYOND`` says so.

    Parameters
    ----------
    visits
        Locked ones stay with their officer if there is such an officer.
    working
        Days on which visits are made; an officer's days off lower what they hold.
    held
        Visits of officers besides these, by name: an older plan's.
    """
    terms = terms or Terms()
    known = {officer.name: officer for officer in officers}
    fixed = {v.code: v.officer for v in visits if v.is_locked and v.officer in known}
    free = [replace(v, officer=None) for v in visits if v.code not in fixed]
    capacity = {o.name: capacity_of(o, working) for o in officers}
    before = Counter(held or {}) + Counter(name for name in fixed.values() if name)
    shares = fair_shares(
        Counter(v.target.village_code for v in free), officers, capacity=capacity, held=before
    )
    given = _dealt(free, officers, shares, held=before, capacity=capacity, terms=terms)
    orphans = [v for v in free if v.code not in given]
    beyond, groups = _beyond(orphans, officers, capacity, before + Counter(given.values()), terms)
    found = [
        replace(v, officer=fixed.get(v.code) or given.get(v.code) or beyond.get(v.code))
        for v in visits
    ]
    if terms.leave_unassigned:
        found = _within(found, capacity, before=Counter(held or {}))
    groups = {name: share.group for name, share in shares.items()} | groups
    loads = loads_of(found, capacity, Counter(held or {}), groups)
    split = _split(found)
    told = {
        UNEVEN: imbalance_of(loads) > terms.tolerance,
        SPLIT: split > 0,
        NOBODY: any(v.officer is None for v in found) and not terms.leave_unassigned,
        BEYOND: bool(beyond),
        LOCK_LOST: any(v.is_locked and v.code not in fixed for v in visits),
    }
    return Assigned(found, loads, [code for code, is_so in told.items() if is_so], split)


def _beyond(
    orphans: Sequence[Visit],
    officers: Sequence[Officer],
    capacity: Mapping[str, int],
    held: Mapping[str, int],
    terms: Terms,
) -> tuple[dict[str, str], dict[str, str]]:
    """Officer by visit code, and group by name: operators help out where nobody else can."""
    helpers = [
        replace(o, kind=OfficerKind.FACILITATOR,
                home_village_code=o.home_village_code or next(iter(o.villages), None))
        for o in officers
    ]  # fmt: skip
    counts = Counter(v.target.village_code for v in orphans)
    shares = fair_shares(counts, helpers, capacity=capacity, held=held) if orphans else {}
    sharing = {name: s for name, s in shares.items() if s.visits > held.get(name, 0)}
    given = _dealt(orphans, helpers, sharing, held=held, capacity=capacity, terms=terms)
    return given, {name: share.group for name, share in sharing.items()}


def _dealt(
    visits: Sequence[Visit],
    officers: Sequence[Officer],
    shares: Mapping[str, Share],
    *,
    held: Mapping[str, int],
    capacity: Mapping[str, int],
    terms: Terms,
) -> dict[str, str]:
    """Officer by visit code."""
    takers = {
        village: [o.name for o in officers if o.name in shares and _may_go(o, village)]
        for village in {v.target.village_code for v in visits}
    }
    limits = {
        village: _limits([(shares[name].visits, capacity[name]) for name in names], shares, terms)
        for village, names in takers.items()
    }
    dealing = Dealing(
        blocks_of(visits, limits=limits, whole=terms.whole),
        takers=takers, shares=shares, held=held, capacity=capacity,
        farness=_farness(officers, terms),
    )  # fmt: skip
    dealing.deal()
    dealing.level(terms.tolerance)
    if terms.whole == "even":
        dealing.split(terms.tolerance, lambda block: parts_of(block, limits[block.village_code]))
    return _by_code(dealing.blocks, dealing.holder)


def _limits(
    loads: Sequence[tuple[float, int]], shares: Mapping[str, Share], terms: Terms
) -> Limits:
    """An RW stays whole up to what somebody's load may be, an RT up to what days hold.

    Parameters
    ----------
    loads
        What falls to each who may go there, and what their days hold.
    """
    near = [(fair * (1 + terms.tolerance), fair, holds) for fair, holds in loads]
    rw = max((min(most, holds) if fair <= holds else most for most, fair, holds in near), default=0)
    rt = max((max(most, holds) for most, _, holds in near), default=0)
    least = min((share.visits for share in shares.values() if share.visits), default=1.0)
    return Limits(rw, rt, max(1, int(least * terms.tolerance)))


def _by_code(blocks: Sequence[Block], holder: Sequence[str | None]) -> dict[str, str]:
    return {
        visit.code: name
        for block, name in zip(blocks, holder, strict=True)
        for visit in block.visits
        if name
    }


def _may_go(officer: Officer, village: str) -> bool:
    return officer.kind is OfficerKind.FACILITATOR or village in officer.villages


def _farness(officers: Sequence[Officer], terms: Terms) -> Farness:
    """An operator's village, then home, the same district, next to home, regency, beyond."""
    homes = {o.name: o.home_village_code for o in officers if o.kind is OfficerKind.FACILITATOR}

    def farness(name: str, village: str) -> float:
        home = homes.get(name)
        if name not in homes:
            return 0.0
        if not home:
            return 4.0
        if home == village:
            return 0.5
        if _parent(home) == _parent(village):
            return 1.0
        if village in terms.neighbors.get(home, ()):
            return 2.0
        return 3.0 if _parent(_parent(home)) == _parent(_parent(village)) else 4.0

    return farness


def _parent(code: str) -> str:
    return code.rpartition(".")[0]


def _within(
    visits: Sequence[Visit], capacity: Mapping[str, int], before: Mapping[str, int]
) -> list[Visit]:
    """Visits beyond what the days hold lose their officer, the last in order first."""
    left = {name: holds - before.get(name, 0) for name, holds in capacity.items()}
    for visit in visits:
        if visit.is_locked and visit.officer:
            left[visit.officer] -= 1
    found = []
    for visit in visits:
        if visit.officer and not visit.is_locked:
            left[visit.officer] -= 1
            if left[visit.officer] < 0:
                visit = replace(visit, officer=None)  # noqa: PLW2901 - the visit as it is kept
        found.append(visit)
    return found


def _split(visits: Sequence[Visit]) -> int:
    """RW that more than one officer goes to."""
    seen = {(v.target.village_code, v.target.rw, v.officer) for v in visits if v.target.rw}
    officers = Counter((village, rw) for village, rw, _ in seen)
    return sum(number > 1 for number in officers.values())
