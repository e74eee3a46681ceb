"""What it costs to reach somebody: by what is published, and unknown where nobody has said."""

from datetime import date

import pytest

from geo_target.programs import Amount, Rule, Words, programs
from geo_target.targeting.costs import UnitCost, unit_cost

OCTOBER = date(2025, 10, 15)


def cost_of(code: str) -> UnitCost | None:
    rule = programs()[code].rule_on(OCTOBER)
    assert rule is not None
    return unit_cost(rule)


def rule_of(*amounts: Amount) -> Rule:
    return Rule(
        first_day=OCTOBER,
        amounts=amounts,
        confidence="seen",
        source=Words(id="a test", en="a test"),
    )


def test_a_package_of_kota_serang_is_paid_once() -> None:
    package = cost_of("SEMBAKO_KOTA_SERANG")
    assert package == UnitCost(392_087, is_once=True)
    assert round(package.of(5_611) / 1e9, 1) == 2.2


def test_fifteen_thousand_workers_insured_for_a_year() -> None:
    premium = cost_of("BPU_JKK_JKM")
    assert premium == UnitCost(16_800 * 12, is_once=False)
    assert premium.of(15_000) == 3_024_000_000


@pytest.mark.parametrize(
    ("per", "a_year"), [("month", 1_200), ("quarter", 400), ("year", 100), ("once", 100)]
)
def test_a_year_of_an_amount(per: str, a_year: int) -> None:
    amount = Amount.model_validate({"rupiah": 100, "per": per})
    assert unit_cost(rule_of(amount)) == UnitCost(a_year, is_once=per == "once")


@pytest.mark.parametrize(
    "code",
    [
        "PKH",  # by component: nobody knows how many of a family are at school
        "UEP",  # no amount was found
        "SEKOLAH_RAKYAT",
    ],
)
def test_what_nobody_has_said_is_not_guessed(code: str) -> None:
    assert cost_of(code) is None


def test_one_component_is_not_the_whole() -> None:
    whole, part = (
        Amount(rupiah=100, per="year"),
        Amount(component="sd", rupiah=100, per="year"),
    )
    assert unit_cost(rule_of(part)) is None
    assert unit_cost(rule_of(whole, part)) is None
    assert unit_cost(rule_of(whole, whole)) is None
