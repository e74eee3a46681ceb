import pytest

from geo_target.errors import ConfigError
from geo_target.settings import Welfare
from geo_target.targeting.welfare import classify_welfare, rule_words
from geo_target.workbench import Table, Workbench
from tests.builders import rows_by, table

FAMILIES = """
family_id  in_base  decile  income_rupiah_per_month  members
A          yes      1       399999                   1
B          yes      2       400000                   2
C          no       -       1200000                  4
D          no       5       -                        3
"""
TYPES = {
    "in_base": "boolean", "decile": "bigint", "income_rupiah_per_month": "double",
    "members": "bigint",
}  # fmt: skip


def classes(families: Table, rule: Welfare) -> dict[str, str]:
    return rows_by(classify_welfare(families, rule), "family_id", "welfare_class")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Welfare(), ["extreme_poor", "extreme_poor", "unknown", "unknown"]),
        (Welfare(rule="decile", max_decile=1), ["extreme_poor", "other", "unknown", "other"]),
        (
            Welfare(rule="income", threshold="SERANG_EXTREME", basis="per-family"),
            ["extreme_poor", "other", "other", "unknown"],  # the line itself is not below it
        ),
        (
            Welfare(rule="income", threshold="SERANG_EXTREME", basis="per-capita"),
            ["extreme_poor", "extreme_poor", "extreme_poor", "unknown"],
        ),
    ],
)
def test_each_rule(bench: Workbench, rule: Welfare, expected: list[str]) -> None:
    found = classes(table(bench, FAMILIES, TYPES), rule)
    assert list(found.values()) == expected


def test_a_higher_line_never_holds_fewer(bench: Workbench) -> None:
    families = table(bench, FAMILIES, TYPES)
    lines = ("SERANG_EXTREME", "SERANG_POOR")
    held = [
        {f for f, c in classes(families, Welfare(rule="income", threshold=line,
                                                 basis="per-family")).items()
         if c == "extreme_poor"}
        for line in lines
    ]  # fmt: skip
    assert held[0] < held[1]


def test_a_rule_whose_column_is_empty_is_refused_and_the_possible_ones_named(
    bench: Workbench,
) -> None:
    bare = "family_id  in_base  decile  income_rupiah_per_month  members\nA  yes  1  -  3"
    with pytest.raises(ConfigError) as caught:
        classes(
            table(bench, bare, TYPES),
            Welfare(rule="income", threshold="SERANG_EXTREME", basis="per-family"),
        )
    assert caught.value.faults[0].code == "E-RULE-EMPTY"
    assert "listed, decile" in caught.value.text("id")
    assert "income (" not in caught.value.text("id")


@pytest.mark.parametrize("line", ["NOBODYS_LINE", "EXTREME_2024"])
def test_an_income_is_never_held_to_a_line_of_spending(bench: Workbench, line: str) -> None:
    with pytest.raises(ConfigError, match="E-THRESHOLD"):
        classes(
            table(bench, FAMILIES, TYPES),
            Welfare(rule="income", threshold=line, basis="per-capita"),
        )


def test_the_rule_is_said_in_words() -> None:
    words = rule_words(
        Welfare(rule="income", threshold="SERANG_EXTREME", basis="per-capita"),
        {"id": "P3KE", "en": "P3KE"},
    )
    assert words["id"].startswith("penghasilan di bawah Rp400.000 per jiwa per bulan")
    assert words["en"].startswith("income below Rp400.000 per person a month")
