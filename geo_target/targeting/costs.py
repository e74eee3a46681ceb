"""What it would cost to reach who is eligible and not enrolled, where anybody has said."""

from dataclasses import dataclass

from geo_target.programs import Rule

#: How often a year an amount is paid.
_TIMES = {"month": 12, "quarter": 4, "year": 1, "once": 1}


@dataclass(frozen=True)
class UnitCost:
    """Rupiah for one family or person in a year; paid once only where `is_once`."""

    rupiah_per_year: int
    is_once: bool

    def of(self, number: int) -> int:
        """Rupiah for so many families or persons."""
        return number * self.rupiah_per_year


def unit_cost(rule: Rule) -> UnitCost | None:
    """What a program pays for one; None where that depends on components, or nobody has said."""
    if len(rule.amounts) != 1 or rule.amounts[0].component is not None:
        return None
    (amount,) = rule.amounts
    return UnitCost(amount.rupiah * _TIMES[amount.per], amount.per == "once")
