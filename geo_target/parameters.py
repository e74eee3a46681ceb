"""Dated thresholds, from geodata/."""

import tomllib
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from geo_target.resources import resource_dir

Measure = Literal["income", "spending"]
LineBasis = Literal["per-family", "per-capita"]


class Threshold(BaseModel):
    """A welfare line: rupiah a month, with what it measures, where and when, and who said it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    kind: Literal["extreme", "poor"]
    value: Annotated[float, Field(gt=0)] | None = None
    """Rupiah a month; None where the source gives no single amount: no rule can use it."""
    measure: Measure
    basis: LineBasis | None = None
    """None where the source does not say it."""
    period: Annotated[str, Field(pattern=r"^20\d\d(-(0[1-9]|1[0-2]))?$")]
    """A year, or a month of it."""
    area: str
    area_code: Annotated[str, Field(pattern=r"^\d{2}(\.\d{2})?$")] | None = None
    """Kemendagri code with dots; None means the nation."""
    confidence: Literal["seen", "memory"]
    """Whether a page was read that says it."""
    source: str


@cache
def thresholds() -> dict[str, Threshold]:
    """Welfare lines by code."""
    raw = tomllib.loads((resource_dir("geodata") / "thresholds.toml").read_text("utf-8"))
    return {line["code"]: Threshold.model_validate(line) for line in raw["line"]}
