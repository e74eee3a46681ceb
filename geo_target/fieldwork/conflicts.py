"""Answers to one visit: which one stands, which are kept beside it, and whether they disagree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from geo_target.fieldwork.outcome_codes import OutcomeCode, codes
from geo_target.fieldwork.outcomes import Outcome


@dataclass(frozen=True)
class Received:
    """An answer as it came in; `received_at` is the server's time.

    `number` grows with each that is kept: it parts what came in one moment.
    """

    outcome: Outcome
    received_at: datetime
    number: int = 0


@dataclass(frozen=True)
class Decided:
    """Somebody has said which submission stands, knowing all that had come by then."""

    submission_id: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """What is known of a visit.

    Attributes
    ----------
    current
        The answer that stands; None where there is none yet.
    versions
        All answers, oldest first; none is ever left out.
    is_conflict
        Two submissions say different things and nobody has decided between them.
    """

    current: Received | None
    versions: Sequence[Received]
    is_conflict: bool

    @property
    def ends_eligibility(self) -> bool:
        """Whether the family is fit no more; never while answers disagree."""
        if self.current is None or self.is_conflict:
            return False
        return _code(self.current).ends_eligibility


def standing(received: Iterable[Received], *, decided: Decided | None = None) -> Standing:
    """Which of the answers to one visit stands.

    Of one submission the newest version counts: an edit is no second answer. Two submissions
    that say different things are a conflict, unless the earlier one met nobody (its code
    `returns`) and the later one is the return visit. Until somebody decides, a completed answer
    stands before one that met nobody, then the newest by the server's time. What was decided
    stands; a later answer that differs is a conflict again, and an edit of the chosen one undoes
    the choice, which was of other words.

    Parameters
    ----------
    received
        Answers with one visit code, in any order.
    decided
        The choice of a person, if any.
    """
    versions = sorted(received, key=lambda one: (one.received_at, one.number, *_age(one)))
    newest = {one.outcome.submission_id: one for one in versions}
    first = {one.outcome.submission_id: _age(one) for one in reversed(versions)}
    # An edit does not make a visit later than it was.
    last = sorted(newest.values(), key=lambda one: first[one.outcome.submission_id])
    if not last:
        return Standing(None, versions, is_conflict=False)
    chosen = newest.get(decided.submission_id) if decided else None
    if decided and chosen and chosen.received_at <= decided.at:
        later = (one for one in last if one is not chosen and one.received_at > decided.at)
        last = [chosen, *later]
        current = chosen if _code(chosen).is_completed else _best(last)
    else:
        current = _best(last)
    is_conflict = any(_disagree(earlier, later) for earlier, later in combinations(last, 2))
    return Standing(current, versions, is_conflict)


def statement_of(outcome: Outcome) -> tuple[object, ...]:
    """What of an answer changes what a run says of the family.

    Words, point and times may differ, and so may signs and house: two people may judge a wall
    differently without anybody having to decide between them.
    """
    programs = None if outcome.programs is None else frozenset(outcome.programs)
    corrected = frozenset(outcome.corrected.items())
    return outcome.outcome, programs, outcome.duplicate_of, corrected


def _disagree(earlier: Received, later: Received) -> bool:
    is_return = _code(earlier).returns
    return not is_return and statement_of(earlier.outcome) != statement_of(later.outcome)


def _best(answers: Sequence[Received]) -> Received:
    """The last of those that were completed, else the last; `answers` are oldest first."""
    completed = [one for one in answers if _code(one).is_completed]
    return (completed or list(answers))[-1]


def _age(one: Received) -> tuple[datetime, date, int, str]:
    """When a server first had it; of a sheet, whose rows came at once, the days part them."""
    first = min(one.outcome.submitted_at or one.received_at, one.received_at)
    day = one.outcome.visited_on or date.min
    return first, day, one.number, one.outcome.submission_id


def _code(one: Received) -> OutcomeCode:
    return codes()[one.outcome.outcome]
