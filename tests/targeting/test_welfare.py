import pytest

from geo_target.errors import ConfigError
from geo_target.settings import Welfare
from geo_target.targeting.welfare import classify_welfare, needed_columns, rule_words
from geo_target.workbench import Table, Workbench
from tests.builders import rows_by, table

FAMILIES = """
family_id  in_base  decile  income_rupiah_per_month  spending_rupiah_per_month  members
A          yes      1       399999                   390999                     1
B          yes      2       400000                   1218320                    2
C          no       -       1200000                  1563999                    4
D          no       5       -                        -                          3
"""
TYPES = {
    "in_base": "boolean", "decile": "bigint", "income_rupiah_per_month": "double",
    "spending_rupiah_per_month": "double", "members": "bigint",
}  # fmt: skip
TITLE = {"id": "P3KE", "en": "P3KE"}
#: One line of the extreme poor and one of the poor, each of what the rule measures.
INCOME = {"rule": "income", "threshold": "SERANG_EXTREME", "poor_threshold": "SERANG_POOR"}
SPENDING = {"rule": "spending", "threshold": "EXTREME_2024",
            "poor_threshold": "POVERTY_2025_03", "basis": "per-capita"}  # fmt: skip


def classes(families: Table, rule: Welfare) -> dict[str, str]:
    return rows_by(classify_welfare(families, rule), "family_id", "welfare_class")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, "extreme_poor extreme_poor unknown unknown"),
        ({"rule": "decile", "max_decile": 1}, "extreme_poor other unknown other"),
        ({"rule": "decile", "max_decile": 1, "poor_max_decile": 4},
         "extreme_poor poor unknown other"),
        ({"rule": "decile", "max_decile": 2, "poor_max_decile": 2},
         "extreme_poor extreme_poor unknown other"),
        # The line itself is not below it.
        ({**INCOME, "basis": "per-family"}, "extreme_poor poor other unknown"),
        ({**INCOME, "basis": "per-capita"}, "extreme_poor extreme_poor extreme_poor unknown"),
        ({"rule": "income", "threshold": "SERANG_EXTREME", "basis": "per-family"},
         "extreme_poor other other unknown"),
        # 390.999, 609.160 and 390.999,75 a person.
        (SPENDING, "extreme_poor other extreme_poor unknown"),
        ({**SPENDING, "threshold": "EXTREME_2022"}, "poor other poor unknown"),
    ],
    ids=["listed", "decile", "decile-poor", "decile-same", "income-family", "income-person",
         "income-one-line", "spending", "spending-lower"],
)  # fmt: skip
def test_each_rule(bench: Workbench, rule: dict[str, str | int], expected: str) -> None:
    found = classes(table(bench, FAMILIES, TYPES), Welfare.model_validate(rule))
    assert list(found.values()) == expected.split()


def test_a_rule_whose_column_is_empty_is_refused_and_the_possible_ones_named(
    bench: Workbench,
) -> None:
    bare = "family_id  in_base  decile  income_rupiah_per_month  members\nA  yes  1  -  3"
    for rule in (Welfare.model_validate({**INCOME, "basis": "per-family"}),
                 Welfare.model_validate(SPENDING),
                 Welfare(rule="signs", least_signs=1, extreme_signs=1)):  # fmt: skip
        with pytest.raises(ConfigError) as caught:
            classes(table(bench, bare, TYPES), rule)
        assert caught.value.faults[0].code == "E-RULE-EMPTY"
        assert caught.value.text("id").endswith("listed, decile [E-RULE-EMPTY]")


def test_every_rule_that_some_family_has_the_value_for_is_possible(bench: Workbench) -> None:
    lacking = table(bench, FAMILIES.replace("decile", "desil"), TYPES)
    with pytest.raises(ConfigError) as caught:
        classes(lacking, Welfare(rule="decile", max_decile=1))
    assert caught.value.text("en").endswith(
        "listed, income (per-family), income (per-capita), spending (per-family), "
        "spending (per-capita) [E-RULE-EMPTY]"
    )


@pytest.mark.parametrize(
    ("rule", "code", "named"),
    [
        ({**INCOME, "threshold": "NOBODYS_LINE"}, "E-THRESHOLD",
         ["NOBODYS_LINE", "SERANG_EXTREME, SERANG_POOR"]),
        # Both are named: what the line measures, and the rule.
        ({**INCOME, "threshold": "EXTREME_2024"}, "E-THRESHOLD",
         ["EXTREME_2024", "spending per person", "income per person"]),
        ({**INCOME, "poor_threshold": "POVERTY_2025_03"}, "E-THRESHOLD",
         ["POVERTY_2025_03", "spending per person", "income per person", "SERANG_EXTREME"]),
        ({**SPENDING, "poor_threshold": "SERANG_POOR"}, "E-THRESHOLD",
         ["SERANG_POOR", "measures income", "spending per person", "EXTREME_2024"]),
        ({**SPENDING, "basis": "per-family"}, "E-THRESHOLD-BASIS",
         ["EXTREME_2024", "spending per person", "spending per family"]),
        ({**SPENDING, "threshold": "EXTREME_2025"}, "E-THRESHOLD-VALUE",
         ["EXTREME_2025", "Rp12.000 to Rp13.000 a day"]),
        ({**SPENDING, "threshold": "POVERTY_BANTEN_2025_09"}, "E-THRESHOLD-ORDER",
         ["POVERTY_BANTEN_2025_09", "Rp715.288", "POVERTY_2025_03", "Rp609.160"]),
    ],
    ids=["unknown", "measure", "measure-of-two", "measure-of-two-the-other-way", "basis",
         "no-amount", "order"],
)  # fmt: skip
def test_a_line_that_does_not_fit_is_refused(
    bench: Workbench, rule: dict[str, str], code: str, named: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        classes(
            table(bench, FAMILIES, TYPES),
            Welfare.model_validate({"basis": "per-capita", **rule}),
        )
    assert caught.value.faults[0].code == code
    assert all(word in caught.value.text("en") for word in named)


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "decile"},
        {"rule": "decile", "max_decile": 3, "poor_max_decile": 2},
        {"rule": "spending", "threshold": "EXTREME_2024"},
        {"rule": "signs", "least_signs": 3},
        {"rule": "signs", "extreme_signs": 3},
        {"rule": "signs", "least_signs": 4, "extreme_signs": 3},
        {"rule": "signs", "least_signs": 0, "extreme_signs": 3},
        {"rule": "signs", "least_signs": 3, "extreme_signs": 9},
    ],
    ids=range(8),
)
def test_a_rule_that_lacks_a_figure_or_turns_them_round_is_refused(
    rule: dict[str, str | int],
) -> None:
    with pytest.raises(ValueError, match=r"needs|less than|greater than"):
        Welfare.model_validate(rule)


def test_columns_beyond_those_of_every_run() -> None:
    assert needed_columns(Welfare()) == ()
    assert needed_columns(Welfare(rule="decile", max_decile=1)) == ()
    assert needed_columns(Welfare.model_validate(SPENDING)) == ("spending_rupiah_per_month",)
    assert needed_columns(Welfare(rule="signs", least_signs=3, extreme_signs=5)) == (
        "has_shelter", "head_works", "food_insecure", "food_above_half", "bought_clothes",
        "floor", "wall", "toilet", "power", "lighting",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "indonesian", "english"),
    [
        ({}, "semua keluarga dalam daftar P3KE", "all families on the P3KE list"),
        ({"rule": "decile", "max_decile": 1}, "keluarga desil 1 sampai 1",
         "families of decile 1 to 1"),
        ({"rule": "decile", "max_decile": 1, "poor_max_decile": 4},
         "keluarga desil 1 sampai 1: miskin ekstrem; sampai 4: miskin",
         "families of decile 1 to 1: extreme poor; to 4: poor"),
        ({"rule": "income", "threshold": "SERANG_EXTREME", "basis": "per-family"},
         "penghasilan di bawah Rp400.000 per keluarga per bulan: miskin ekstrem (garis miskin "
         "ekstrem SERANG_EXTREME, Kota Serang 2025-03; Dinsos Kota Serang, March 2025 "
         "(bantenintens)); per keluarga adalah pilihan proses ini: sumber SERANG_EXTREME tidak "
         "menyebutnya",
         "income below Rp400.000 per family a month: extreme poor (extreme poverty line "
         "SERANG_EXTREME, Kota Serang 2025-03; Dinsos Kota Serang, March 2025 (bantenintens)); "
         "per family is the run's choice: the source of SERANG_EXTREME does not say"),
        ({**SPENDING, "threshold": "EXTREME_2022"},
         "pengeluaran di bawah Rp358.233 per jiwa per bulan: miskin ekstrem (garis miskin "
         "ekstrem EXTREME_2022, Indonesia 2022; USD 1.9 PPP 2011 (Rp11.941 a day); belum "
         "diperiksa); di bawah Rp609.160: miskin (garis kemiskinan POVERTY_2025_03, Indonesia "
         "2025-03; BPS national poverty line, March 2025 (merahputih))",
         "spending below Rp358.233 per person a month: extreme poor (extreme poverty line "
         "EXTREME_2022, Indonesia 2022; USD 1.9 PPP 2011 (Rp11.941 a day); not checked); below "
         "Rp609.160: poor (poverty line POVERTY_2025_03, Indonesia 2025-03; BPS national "
         "poverty line, March 2025 (merahputih))"),
    ],
    ids=["listed", "decile", "decile-poor", "income", "spending"],
)  # fmt: skip
def test_the_rule_is_said_in_words_with_every_figure(
    rule: dict[str, str | int], indonesian: str, english: str
) -> None:
    words = rule_words(Welfare.model_validate(rule), TITLE)
    assert words == {"id": indonesian, "en": english}


def test_signs_are_said_one_by_one_and_that_their_number_is_the_regions() -> None:
    words = rule_words(Welfare(rule="signs", least_signs=3, extreme_signs=5), TITLE)
    assert "sedikitnya 5 dari 8 tanda: miskin ekstrem; sedikitnya 3: miskin" in words["id"]
    assert "keputusan daerah" in words["id"]
    assert "at least 5 of 8 signs: extreme poor; at least 3: poor" in words["en"]
    assert "the decree as it was read does not say" in words["en"]
    for language in ("id", "en"):
        assert all(f"({number}) " in words[language] for number in range(1, 9))
