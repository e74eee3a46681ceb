"""What an audience is shown of each program of the catalogue, of the whole area."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from geo_target.programs import Program, Rule, programs
from geo_target.publishing.audiences import TOTAL
from geo_target.publishing.coverage_columns import ENROLLED, is_judged
from geo_target.publishing.disclosure import publish_number
from geo_target.publishing.shown_columns import Shown
from geo_target.settings import Settings
from geo_target.targeting.costs import unit_cost
from geo_target.targeting.reasons import office_of

#: Of a group of families, or a village, nobody can say what one family costs.
_PRICED = {"family", "house"}


def publish_programs(
    table: pd.DataFrame,
    shown: Shown,
    settings: Settings,
    *,
    eligible: Mapping[str, int],
    current: Collection[str],
) -> list[dict[str, Any]]:
    """Show each program that is paid in the area.

    Parameters
    ----------
    table
        village_schemas.PROGRAM_VILLAGES, without the families of no village.
    eligible
        Extreme-poor families that may get a program of which anything is known, by its code.
    current
        Programs of which a list has a row that counts on the day.
    """
    return [
        {
            **one.model_dump(
                include={"code", "short_name", "name", "agency", "unit", "strategy", "funding"}
            ),
            "office": office_of(one),
            "rule": (rule := one.rule_on(settings.coverage.on)) and _rule(rule),
            **_counts(one, table[table["program"] == one.code], shown, is_current=code in current),
            "eligible_families": None
            if code not in eligible or f"enrolled {code}" in shown.sums
            else _eligible(eligible[code], shown),
            **_cost(one, rule, shown, is_current=code in current),
        }
        for code, one in programs().items()
        if not one.historic and is_paid_in(one, settings.area.code)
    ]


def told_of_programs(coverage: Mapping[str, Any]) -> list[int]:
    """Enrolled families that shown villages have, of each program of which the sum is withheld.

    Parameters
    ----------
    coverage
        See `shown_coverage.publish_coverage`.
    """
    withheld = [
        f"enrolled {one['code']}" for one in coverage["programs"]
        if one["is_carried"] and one["enrolled_families"] is None
    ]  # fmt: skip
    return [sum(row.get(name) or 0 for row in coverage["villages"].values()) for name in withheld]


def is_paid_in(program: Program, area: str) -> bool:
    """Whether a program is for an area, or for one in it."""
    place = f"{program.area}."
    return program.area is None or place.startswith(f"{area}.") or f"{area}.".startswith(place)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "source": rule.source.model_dump(),
        "confidence": rule.confidence,
        "condition": rule.condition,
        "manual": rule.manual and rule.manual.model_dump(),
        "quota": rule.quota,
    }


def _counts(one: Program, rows: pd.DataFrame, shown: Shown, *, is_current: bool) -> dict[str, Any]:
    """Families that it has, misses, or should not have; of a list of other days no miss."""
    enrolled, uncovered = f"enrolled {one.code}", f"uncovered {one.code}"
    judged = is_judged(rows[rows["is_poor"]])
    told = shown.sums.get(uncovered) if is_current else None
    excluded = "enrolled_not_eligible_families"
    return {
        "is_carried": enrolled in shown.sums,
        "is_current": is_current,
        "is_judged": judged,
        "enrolled_families": shown.sums.get(enrolled),
        "uncovered_families": told,
        "excluded_families": shown.sums.get(f"excluded {one.code}"),
        "other_families": shown.rest(enrolled, uncovered) if told is not None else None,
        "all_enrolled_families": count_of_all(rows, ENROLLED, shown, enrolled) if judged else None,
        "all_excluded_families": (
            count_of_all(rows, [excluded], shown, f"excluded {one.code}") if judged else None
        ),
    }


def count_of_all(
    rows: pd.DataFrame, columns: list[str], shown: Shown, of_the_poor: str
) -> int | None:
    """Of all families, where neither the extreme poor nor the others are few.

    Of a register of extreme-poor families alone these are all: where their sum (`of_the_poor`) is
    withheld, this one would tell it.
    """
    if shown.sums.get(of_the_poor) is None:
        return None
    parts = [int(rows.loc[rows["is_poor"] == poor, columns].to_numpy().sum()) for poor in (1, 0)]
    told = [publish_number(part, shown.audience) for part in parts]
    return None if None in told or not shown.totals[TOTAL] else sum(parts)


def _eligible(count: int, shown: Shown) -> int | None:
    """Neither are those few who are not eligible told."""
    left = (shown.totals[TOTAL] or 0) - count
    is_told = shown.totals[TOTAL] is not None and publish_number(left, shown.audience) is not None
    return publish_number(count, shown.audience) if is_told else None


def _cost(one: Program, rule: Rule | None, shown: Shown, *, is_current: bool) -> dict[str, Any]:
    """Of those whom it misses, at least: nobody counts whom nothing is known of."""
    cost = unit_cost(rule) if rule and one.unit in _PRICED else None
    uncovered = shown.sums.get(f"uncovered {one.code}") if is_current else None
    other = shown.rest(f"enrolled {one.code}", f"uncovered {one.code}") if uncovered == 0 else 0
    is_priced = cost is not None and uncovered is not None and other == 0
    return {
        "unit_rupiah": cost and cost.rupiah_per_year,
        "amount_confidence": rule.amounts[0].confidence if cost and rule else None,
        "is_once": cost and cost.is_once,
        "cost_rupiah": cost.of(uncovered or 0) if cost and is_priced else None,
    }
