"""How many uncovered families an order of visiting reaches, and how soon.

A unit is a village, a cluster, or whatever is visited whole. Its cost is 1, or its days of a team.
Capture curves and recall at a budget are how lists of priority are compared where the truth is
known: cumulative gains, Provost and Fawcett (2013), Data Science for Business, chapter 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geo_target.targeting.composite import Floats

#: The share of all costs at which orders are compared.
BUDGET = 0.25


@dataclass(frozen=True)
class Curve:
    """What is reached after each unit, from none to all."""

    spent: Floats
    """``(n + 1,)``: of all costs, 0 to 1."""
    reached: Floats
    """``(n + 1,)``: of all uncovered families, 0 to 1; all 0 where there are none."""

    def recall(self, budget: float = BUDGET) -> float:
        """Share of uncovered families that whole units within a share of all costs reach."""
        fits = np.flatnonzero(self.spent <= budget + 1e-9)
        return float(self.reached[fits[-1]])


def team_days(families: Floats, per_day: int) -> Floats:
    """Days of a team for so many families a day: whole ones, since villages lie apart."""
    return np.asarray(np.ceil(families / per_day), dtype=np.float64)


def capture_curves(
    uncovered: Floats, orders: Mapping[str, Floats], costs: Floats | None = None
) -> dict[str, Curve]:
    """Curves of several orders over the same units.

    Units of one rank are visited in any order, and the curve is the mean of all of them: after
    each, what they reach and cost on average. So an official list without an order, and the
    units that it does not name, are straight pieces. A unit whose number is missing is in no
    curve, and neither in the whole of which shares are taken.

    Parameters
    ----------
    uncovered
        ``(n,)`` families to reach.
    orders
        By name, ``(n,)`` ranks each, 1 first; NaN or 0 comes after all others.
    costs
        ``(n,)``, none below 0; None counts each unit as 1.

    Returns
    -------
    dict
        Of `orders`, and of ``perfect`` (the most families for the cost first, which no order
        beats after any of its units) and ``random`` (the mean of all orders, a straight line).
    """
    costs = np.ones(uncovered.shape) if costs is None else costs
    shown = ~(np.isnan(uncovered) | np.isnan(costs))
    gains, costs = uncovered[shown], costs[shown]
    ratio = np.divide(gains, costs, out=np.full(gains.shape, np.inf), where=costs > 0)
    ranks = {
        **{name: _with_the_rest(order[shown]) for name, order in orders.items()},
        "perfect": -ratio,
        "random": np.zeros(gains.shape),
    }
    return {name: _curve(gains, costs, order) for name, order in ranks.items()}


def _with_the_rest(ranks: Floats) -> Floats:
    return np.where(ranks > 0, ranks, np.inf)


def _curve(gains: Floats, costs: Floats, ranks: Floats) -> Curve:
    _, group, size = np.unique(ranks, return_inverse=True, return_counts=True)

    def shares(numbers: Floats) -> Floats:
        means = np.bincount(group, weights=numbers, minlength=len(size)) / size
        whole = numbers.sum() or 1.0
        added = np.cumsum(np.repeat(means, size)) / whole
        return np.concatenate([[0.0], np.minimum(added, 1.0)])

    return Curve(spent=shares(costs), reached=shares(gains))
