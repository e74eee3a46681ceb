"""Targets for shares of poor people, as plans and instructions name them: geodata/targets.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from geo_target.publishing.figure_ledger import NATION
from geo_target.publishing.quantities import Words
from geo_target.resources import resource_dir


@dataclass(frozen=True)
class PovertyTarget:
    """What a share of people is to be, in percent from `low` to `high`; they may be one.

    `indicator` is what is shared, as the definition of a published figure begins; `at` the period
    by which it is to be reached, ``2029`` or ``2026-12``; `words` are those of the source.
    """

    id: str
    area: str
    indicator: str
    low: Decimal
    high: Decimal
    at: str
    plan: Words
    words: str
    source: str
    confidence: str


@cache
def poverty_targets() -> tuple[PovertyTarget, ...]:
    """All targets that we know of."""
    file = resource_dir("geodata") / "targets.toml"
    raw = tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
    return tuple(_target(entry) for entry in raw["target"])


def targets_for(area: str, indicator: str) -> Sequence[PovertyTarget]:
    """Those that hold for an area: its own, those of what it lies in, and the nation's."""
    return [
        target
        for target in poverty_targets()
        if target.indicator == indicator and holds_for(target.area, area)
    ]


def holds_for(one: str, area: str) -> bool:
    """Whether `one` is an area, or one that it lies in."""
    return one == NATION or f"{area}.".startswith(f"{one}.")


def _target(entry: Mapping[str, Any]) -> PovertyTarget:
    value = entry.get("value")
    return PovertyTarget(
        low=Decimal(entry["value_low"] if value is None else value),
        high=Decimal(entry["value_high"] if value is None else value),
        **{name: entry[name] for name in
           ("id", "area", "indicator", "at", "plan", "words", "source", "confidence")},
    )  # fmt: skip
