"""Weights of the indicators, the run's or the reader's: read from an address, or refused."""

from collections.abc import Iterable, Mapping, Sequence

from geo_target.errors import ConfigError, Fault, GeoTargetError
from geo_target.programs import Words
from geo_target.targeting.indicators import Indicator, reweighted
from geo_target.web.figures import Record

#: Weights that differ by less are one: percentages come back rounded.
_ALIKE = 0.0006


class WeightsRefusedError(GeoTargetError):
    """Weights that nothing can be ordered by."""


def indicators_of(priority: Record) -> tuple[Indicator, ...]:
    """The indicators that a summary names."""
    return tuple(Indicator.model_validate(entry) for entry in priority["indicators"])


def with_weights(
    indicators: Sequence[Indicator], asked: Mapping[str, str]
) -> tuple[Indicator, ...]:
    """Indicators with the weights of an address, in percent; those not named keep theirs.

    Raises
    ------
    WeightsRefusedError
        ``E-PRIORITY-WEIGHT`` for a word that is no indicator, what is no number from 0 to 100,
        or where nothing is left that counts.
    """
    titles = {one.key: one.title for one in indicators}
    weights = {key: _percent(text) for key, text in asked.items()}
    for key, weight in weights.items():
        if key not in titles:
            raise WeightsRefusedError(_unknown(titles))
        if weight is None:
            raise WeightsRefusedError(_unusable(key, titles[key]))
    try:
        return reweighted(indicators, {key: weight or 0.0 for key, weight in weights.items()})
    except ConfigError as error:
        raise WeightsRefusedError(*error.faults) from None


def are_alike(one: Sequence[Indicator], other: Sequence[Indicator]) -> bool:
    """Whether weights are the same, as far as percentages tell."""
    return all(abs(a.weight - b.weight) < _ALIKE for a, b in zip(one, other, strict=True))


def _percent(text: str) -> float | None:
    """Of ``50`` or ``12,5``, as a share; None where it is no number from 0 to 100."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number / 100 if 0 <= number <= 100 else None  # noqa: PLR2004  # not NaN either


def _unknown(titles: Iterable[str]) -> Fault:
    known = ", ".join(titles)
    return Fault(
        "E-PRIORITY-WEIGHT",
        id=f"alamat ini memuat kata yang bukan indikator hasil ini; indikatornya: {known}",
        en=f"this address has a word that is no indicator of these results; they are: {known}",
    )


def _unusable(key: str, title: Words) -> Fault:
    return Fault(
        "E-PRIORITY-WEIGHT",
        id=f"bobot '{title.id}' bukan angka dari 0 sampai 100; perbaiki bobotnya",
        en=f"the weight of '{title.en}' is no number from 0 to 100; mend the weight",
        column=key,
    )
