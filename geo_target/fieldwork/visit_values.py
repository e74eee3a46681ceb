"""What the next visit is worth: uncovered families that it is expected to confirm, an hour."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from geo_target.fieldwork.confirmation_rates import Learned, Met, learn, rate_of
from geo_target.fieldwork.outcome_codes import confirming
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.selection import by_place
from geo_target.fieldwork.visits import Target, Visit

__all__ = ["Learned", "Met", "by_value", "learn", "met_of", "most_valuable", "value_of"]

#: Nothing is learned yet: every visit is worth the same, and the order is that of clusters.
NOTHING_LEARNED = "N-PLAN-NO-VALUE"


@dataclass(frozen=True)
class Pace:
    """Minutes that a visit takes."""

    visit_minutes: float = 30.0
    walk_minutes: float = 5.0
    """From door to door within an RW."""
    reach_minutes: float = 20.0
    """To an RW and back: shared by the families that are visited there."""


@dataclass(frozen=True)
class Value:
    """Expected confirmations of one visit, an hour."""

    family_id: str
    chance: float
    """That the visit finds the family, eligible and without a program."""
    minutes: float
    per_hour: float
    low: float
    """95 % credible interval of `per_hour`; the minutes are taken as they are."""
    high: float


def met_of(
    outcomes: Iterable[Outcome],
    visits: Iterable[Visit],
    *,
    programs: Collection[str] | None = None,
) -> list[Met]:
    """Answers with the family that each was about; those of unknown visits tell nothing.

    Where a visit has several answers the last one in the order given counts.

    Parameters
    ----------
    programs
        See `is_confirmed`.
    """
    targets = {visit.code: visit.target for visit in visits}
    last = {o.visit_code: o for o in outcomes if o.visit_code in targets}
    return [Met(targets[code], is_confirmed(outcome, programs)) for code, outcome in last.items()]


def is_confirmed(outcome: Outcome, programs: Collection[str] | None = None) -> bool:
    """Whether a family was found that is eligible and, as far as it was asked, uncovered.

    Parameters
    ----------
    programs
        Codes of those that the run's definition counts; None: any program covers.
    """
    gets = outcome.programs or ()
    covers = gets if programs is None else [code for code in gets if code in programs]
    return outcome.outcome in confirming() and not covers


def value_of(
    targets: Sequence[Target], learned: Learned, *, pace: Pace | None = None
) -> list[Value]:
    """The worth of a visit to each of the targets, in their order.

    Parameters
    ----------
    targets
        Who may be visited: the way to an RW is shared by those of them who live there.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - heavy, and only here

    pace = pace or Pace()
    together = Counter((t.village_code, t.rw) for t in targets)
    rates = [rate_of(target, learned) for target in targets]
    heads = [rate.mean * rate.visits for rate in rates]
    tails = [(1 - rate.mean) * rate.visits for rate in rates]
    lows, highs = betaincinv(heads, tails, 0.025), betaincinv(heads, tails, 0.975)
    found = []
    for target, rate, low, high in zip(targets, rates, lows, highs, strict=True):
        minutes = _minutes(together[target.village_code, target.rw], pace)
        an_hour = 60 / minutes
        found.append(
            Value(target.family_id, rate.mean, minutes, rate.mean * an_hour,
                  float(low) * an_hour, float(high) * an_hour)
        )  # fmt: skip
    return found


def by_value(values: Iterable[Value]) -> dict[str, float]:
    """Confirmations an hour by family id, for `select` and `make_plan`."""
    return {value.family_id: value.per_hour for value in values}


def most_valuable(
    targets: Sequence[Target], learned: Learned, *, pace: Pace | None = None
) -> list[Target]:
    """Targets by what a visit is worth; equals by place, and all of them if nothing is learned."""
    worth = by_value(value_of(targets, learned, pace=pace)) if learned.visits else {}
    return sorted(targets, key=lambda t: (-worth.get(t.family_id, 0.0), by_place(t)))


def _minutes(together: int, pace: Pace) -> float:
    return pace.visit_minutes + pace.walk_minutes + pace.reach_minutes / together
