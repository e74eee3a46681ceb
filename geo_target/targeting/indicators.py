"""What the order of villages rests on: the indicators of a composite, from TOML.

Ours is geodata/priority.toml, which says what each word means. Nothing heavy is imported here:
the web process reads it to answer changed weights.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo_target.errors import ConfigError, Fault
from geo_target.programs import Words
from geo_target.resources import resource_dir

Column = Literal[
    "extreme_poor_families", "uncovered_families", "unmatched_families", "matched_share",
    "exclusion_error", "smoothed_exclusion_error", "spatial_exclusion_error",
    "uncovered_per_km2", "uncovered_per_1000_families", "access_minutes",
    "population_persons", "population_families",
]  # fmt: skip
#: Columns of the village table that may be an indicator: numbers, none of them below 0.
COLUMNS: Sequence[str] = get_args(Column)


class Indicator(BaseModel):
    """One column of the village table, and how it counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    column: Column
    title: Words
    unit: Words
    direction: Literal["high", "low"] = "high"
    """Which end goes first."""
    transform: Literal["none", "log", "rank"] = "none"
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]


def read_indicators(file: Path | None = None) -> tuple[Indicator, ...]:
    """Indicators of a file, or ours; their weights add up to 1, whatever the file's sum is.

    Raises
    ------
    ConfigError
        ``E-PRIORITY-FILE`` with the line, for everything that is wrong at once: no TOML, an
        unknown word or column, a negative weight, a key that is there twice, no weight at all.
    """
    file = file or resource_dir("geodata") / "priority.toml"
    try:
        text = file.read_text("utf-8")
        raw = tomllib.loads(text)
        entries = raw.pop("indicator")
        if raw or not isinstance(entries, list):
            raise ValueError(f"only [[indicator]] is known here, not {', '.join(raw)}")
    except KeyError:
        raise ConfigError(_unusable(file, "there is no [[indicator]]")) from None
    except (OSError, ValueError) as error:
        raise ConfigError(_unusable(file, str(error))) from None
    found: dict[str, Indicator] = {}
    faults = []
    for entry, line in zip(entries, _lines_of(text), strict=False):
        indicator = _indicator(entry)
        if isinstance(indicator, str):
            faults.append(_unusable(file, indicator, line))
        elif found.setdefault(indicator.key, indicator) is not indicator:
            faults.append(_unusable(file, f"{indicator.key}: known already", line))
    if not faults and not any(indicator.weight for indicator in found.values()):
        faults.append(_unusable(file, "all weights are 0"))
    if faults:
        raise ConfigError(*faults)
    return _adding_up(found)


def reweighted(
    indicators: Sequence[Indicator], weights: Mapping[str, float]
) -> tuple[Indicator, ...]:
    """`indicators` with other weights by key; those not named keep theirs, before all add up to 1.

    Raises
    ------
    ConfigError
        ``E-PRIORITY-WEIGHT``, for a key that is no indicator's, a weight below 0 or no number,
        or if nothing is left that counts.
    """
    found = {indicator.key: indicator for indicator in indicators}
    faults = [_unweighable(key) for key in weights if key not in found]
    for key, weight in weights.items():
        if key in found:
            if not (math.isfinite(weight) and weight >= 0):
                faults.append(_unweighable(key, weight))
            found[key] = found[key].model_copy(update={"weight": weight})
    if not faults and not any(indicator.weight for indicator in found.values()):
        faults.append(_unweighable(", ".join(found), 0))
    if faults:
        raise ConfigError(*faults)
    return _adding_up(found)


def _adding_up(found: Mapping[str, Indicator]) -> tuple[Indicator, ...]:
    whole = math.fsum(indicator.weight for indicator in found.values())
    return tuple(
        indicator.model_copy(update={"weight": indicator.weight / whole})
        for indicator in found.values()
    )


def _indicator(entry: Any) -> Indicator | str:
    """The indicator, or what is wrong with it."""
    try:
        return Indicator.model_validate(entry)
    except ValidationError as error:
        key = entry.get("key", "?") if isinstance(entry, Mapping) else "?"
        wrong = (
            f"{'.'.join([str(key), *map(str, one['loc'])])}: {one['msg']}" for one in error.errors()
        )
        return "; ".join(wrong)


def _lines_of(text: str) -> list[int | None]:
    """The line (from 1) on which each indicator begins, then as many blanks as are asked for."""
    lines = text.splitlines()
    found: list[int | None] = [
        number for number, line in enumerate(lines, start=1) if line.strip() == "[[indicator]]"
    ]
    return found + [None] * len(lines)  # indicators written in one line: [{...}, {...}]


def _unusable(file: Path, wrong: str, line: int | None = None) -> Fault:
    return Fault(
        "E-PRIORITY-FILE",
        id=f"indikator prioritas tidak dapat dipakai ({wrong}); perbaiki menurut "
        "keterangan di awal geodata/priority.toml",
        en=f"the indicators of priority cannot be used ({wrong}); mend them as the first lines "
        "of geodata/priority.toml say",
        file=file.name,
        row=line,
    )


def _unweighable(key: str, weight: float | None = None) -> Fault:
    wrong = "?" if weight is None else f"{weight:g}"
    return Fault(
        "E-PRIORITY-WEIGHT",
        id=f"bobot {key} = {wrong} tidak dapat dipakai; beri bobot 0 atau lebih kepada indikator "
        "yang ada, dan paling sedikit satu di atas 0",
        en=f"the weight {key} = {wrong} cannot be used; give indicators that there are a weight "
        "of 0 or more, and at least one more than 0",
        column=key,
    )
