"""What the codes of outcomes mean for the next visit, as geodata/outcomes.toml has them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from geo_target.resources import resource_dir

_FIT = ("fit", "fit_with_intervention")


@cache
def outcome_codes() -> Mapping[str, Mapping[str, Any]]:
    """Entries of geodata/outcomes.toml by code."""
    return tomllib.loads((resource_dir("geodata") / "outcomes.toml").read_text("utf-8"))


@cache
def asking_for_a_return() -> frozenset[str]:
    """Outcomes after which somebody goes again, by their own code and by their result."""
    again = {code: entry for code, entry in outcome_codes().items() if entry.get("returns")}
    return frozenset(again) | {str(entry["result"]) for entry in again.values()}


@cache
def confirming() -> frozenset[str]:
    """Outcomes that found the family, and found it eligible."""
    return frozenset(c for c, entry in outcome_codes().items() if entry.get("verdict") in _FIT)
