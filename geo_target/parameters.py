"""Dated thresholds, from geodata/."""

import tomllib
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from geo_target.resources import resource_dir


class Threshold(BaseModel):
    """A welfare line: rupiah a month, with what it measures and who said it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    kind: Literal["extreme", "poor"]
    value: float
    measure: Literal["income", "spending"]
    basis: Literal["per-family", "per-capita"] | None = None
    year: int
    source: str


@cache
def thresholds() -> dict[str, Threshold]:
    """Welfare lines by code."""
    raw = tomllib.loads((resource_dir("geodata") / "thresholds.toml").read_text("utf-8"))
    return {line["code"]: Threshold.model_validate(line) for line in raw["line"]}
