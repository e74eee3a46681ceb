"""Numbers that know their unit, so that families and people are never subtracted or divided."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from geo_target.errors import Fault, GeoTargetError, Language

Unit = Literal["family", "person", "package", "recipient", "house", "percent", "rupiah"]
Words = Mapping[Language, str]

#: What stands behind a number; rupiah stand before it.
UNIT_WORDS: Mapping[Unit, Words] = {
    "family": {"id": "KK", "en": "families"},
    "person": {"id": "jiwa", "en": "people"},
    "package": {"id": "paket", "en": "packages"},
    "recipient": {"id": "penerima", "en": "recipients"},
    "house": {"id": "rumah", "en": "houses"},
    "percent": {"id": "%", "en": "%"},
    "rupiah": {"id": "Rp", "en": "Rp"},
}


class UnitError(GeoTargetError):
    """Figures of different units were to be subtracted or divided."""


@dataclass(frozen=True)
class Quantity:
    """A number with its unit."""

    value: Decimal
    unit: Unit

    def text(self, language: Language, *, signed: bool = False) -> str:
        """As it is written: ``3.784 KK``, ``6,20 %``, ``Rp392.087``; signed ``+12 KK``."""
        number = f"{abs(self.value):,}"
        if language == "id":
            number = number.translate(str.maketrans(",.", ".,"))
        sign = "−" if self.value < 0 else "+" if signed and self.value else ""
        unit = UNIT_WORDS[self.unit][language]
        return f"{sign}{unit}{number}" if self.unit == "rupiah" else f"{sign}{number}\u00a0{unit}"


def difference(one: Quantity, other: Quantity) -> Quantity:
    """`one` less `other`.

    Raises
    ------
    UnitError
        ``E-UNIT`` if their units are not the same.
    """
    if one.unit != other.unit:
        raise _refused(one, other)
    return Quantity(one.value - other.value, one.unit)


def ratio(one: Quantity, other: Quantity) -> Decimal:
    """`one` by `other`: a share, or what each cost where `one` is rupiah and `other` a count.

    Raises
    ------
    UnitError
        ``E-UNIT`` if their units are not the same: so many people are no share of families.
    """
    is_price = one.unit == "rupiah" and other.unit != "percent"
    if one.unit != other.unit and not is_price:
        raise _refused(one, other)
    return one.value / other.value


def _refused(one: Quantity, other: Quantity) -> UnitError:
    units = one.unit, other.unit
    indonesian, english = (
        " / ".join(UNIT_WORDS[unit][language] for unit in units) for language in ("id", "en")
    )
    return UnitError(
        Fault(
            "E-UNIT",
            id=f"beda satuan ({indonesian}): tidak dapat dikurangkan atau dibagi; pakai dua angka "
            "bersatuan sama",
            en=f"other unit ({english}): they cannot be subtracted or divided; take two figures "
            "of the same unit",
        )
    )
