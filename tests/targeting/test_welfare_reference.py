"""Every rule against plain Python on random small tables; classes nest and are monotone."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.parameters import thresholds
from geo_target.settings import Welfare
from geo_target.targeting.welfare import classify_welfare
from geo_target.workbench import Workbench
from tests.builders import rows_by, table

Row = Mapping[str, Any]

COLUMNS = {
    "family_id": "varchar", "in_base": "boolean", "decile": "bigint",
    "income_rupiah_per_month": "double", "spending_rupiah_per_month": "double",
    "members": "bigint", "has_shelter": "boolean", "head_works": "boolean",
    "food_insecure": "boolean", "food_above_half": "boolean", "bought_clothes": "boolean",
    "floor": "varchar", "wall": "varchar", "toilet": "varchar", "power": "varchar",
    "lighting": "varchar",
}  # fmt: skip
#: One for all examples: to open one takes longer than to judge a small table.
BENCH = Workbench()
#: Words with what they say of the sign.
WORDS: dict[str, dict[str | None, bool | None]] = {
    "floor": {"tanah": True, "SEMEN": True, "keramik": False, "semen/bata merah": None},
    "wall": {"anyaman  bambu": True, "Seng": True, "tembok": None, "tembok diplester": False},
    "toilet": {"MCK umum": True, "MILIK SENDIRI": False, "LAINNYA": None},
    "power": {"450 watt": True, "1.300 watt": False, "=< 900 WATT": None},
    "lighting": {"bukan listrik": True, "LISTRIK PLN": None},
}
ANSWERS = {"head_works": False, "food_insecure": True, "food_above_half": True,
           "bought_clothes": False}  # fmt: skip


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


AMOUNTS = st.sampled_from([0, 390_999, 391_000, 399_999, 400_000, 600_000, 609_160, 2_000_000])
ROWS = st.lists(
    st.fixed_dictionaries({
        "in_base": st.booleans(), "decile": maybe(st.integers(1, 10)),
        "income_rupiah_per_month": maybe(AMOUNTS), "spending_rupiah_per_month": maybe(AMOUNTS),
        "members": maybe(st.integers(0, 5)), "has_shelter": maybe(st.booleans()),
        **{column: maybe(st.booleans()) for column in ANSWERS},
        **{column: maybe(st.sampled_from(list(words))) for column, words in WORDS.items()},
    }),
    min_size=1, max_size=6,
)  # fmt: skip
#: A family of which everything is known: no rule is refused as empty.
KNOWN = {
    "in_base": True, "decile": 9, "income_rupiah_per_month": 9e6,
    "spending_rupiah_per_month": 9e6, "members": 3, "has_shelter": True, "head_works": True,
    "food_insecure": False, "food_above_half": False, "bought_clothes": True,
    "floor": "keramik", "wall": "tembok diplester", "toilet": "milik sendiri",
    "power": "2.200 watt", "lighting": "listrik PLN dengan meteran",
}  # fmt: skip
STEPS = st.lists(st.integers(1, 8), min_size=2, max_size=2).map(sorted)
BASES = st.sampled_from(["per-family", "per-capita"])


def classes(rows: Sequence[Row], **rule: Any) -> list[str]:
    numbered = [{**row, "family_id": str(i)} for i, row in enumerate([*rows, KNOWN])]
    families = BENCH.take_rows(COLUMNS, [[row[column] for column in COLUMNS] for row in numbered])
    judged = classify_welfare(families, Welfare.model_validate(rule))
    found = rows_by(judged, "family_id", "welfare_class")
    BENCH.drop(families, judged)
    return [found[row["family_id"]] for row in numbered][:-1]


def amount(row: Row, measure: str, basis: str) -> float | None:
    rupiah: float | None = row[f"{measure}_rupiah_per_month"]
    if basis == "per-family" or rupiah is None:
        return rupiah
    return rupiah / row["members"] if row["members"] else None


def stepped(value: float | None, *, extreme: bool, poor: bool) -> str:
    if value is None:
        return "unknown"
    return "extreme_poor" if extreme else "poor" if poor else "other"


def signs_of(row: Row) -> list[bool | None]:
    """The eight, the last from two columns."""
    of_answers = [None if row[c] is None else row[c] == told for c, told in ANSWERS.items()]
    of_words = {c: words.get(row[c]) if row[c] else None for c, words in WORDS.items()}
    power = [of_words.pop("power"), of_words.pop("lighting")]
    electric = True if True in power else False if False in power else None
    return [*of_answers, *of_words.values(), electric]


def by_signs(row: Row, least: int, extreme: int) -> str:
    signs = signs_of(row)
    if row["has_shelter"] is False or signs.count(True) >= extreme:
        return "extreme_poor"
    if signs.count(True) >= least:
        return "poor"
    lives_somewhere = row["has_shelter"] or row["wall"] or row["floor"]
    at_most = signs.count(True) + signs.count(None)
    return "other" if at_most < least and lives_somewhere else "unknown"


@settings(max_examples=15, deadline=None)
@given(ROWS, st.lists(st.integers(1, 10), min_size=2, max_size=2).map(sorted))
def test_deciles(rows: list[Row], steps: list[int]) -> None:
    first, second = steps
    found = classes(rows, rule="decile", max_decile=first, poor_max_decile=second)
    assert found == [
        stepped(r["decile"], extreme=(r["decile"] or 0) <= first, poor=(r["decile"] or 0) <= second)
        for r in rows
    ]


@settings(max_examples=15, deadline=None)
@given(ROWS, BASES)
def test_income(rows: list[Row], basis: str) -> None:
    found = classes(rows, rule="income", threshold="SERANG_EXTREME",
                    poor_threshold="SERANG_POOR", basis=basis)  # fmt: skip
    values = [amount(row, "income", basis) for row in rows]
    assert found == [
        stepped(v, extreme=(v or 0) < 400_000, poor=(v or 0) < 600_000) for v in values
    ]


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_spending(rows: list[Row]) -> None:
    found = classes(rows, rule="spending", threshold="EXTREME_2024",
                    poor_threshold="POVERTY_2025_03", basis="per-capita")  # fmt: skip
    values = [amount(row, "spending", "per-capita") for row in rows]
    assert found == [
        stepped(v, extreme=(v or 0) < 391_000, poor=(v or 0) < 609_160) for v in values
    ]


@settings(max_examples=15, deadline=None)
@given(ROWS, STEPS)
def test_signs(rows: list[Row], steps: list[int]) -> None:
    least, extreme = steps
    found = classes(rows, rule="signs", least_signs=least, extreme_signs=extreme)
    assert found == [by_signs(row, least, extreme) for row in rows]


def held(rows: Sequence[Row], *names: str, **rule: Any) -> set[int]:
    return {i for i, found in enumerate(classes(rows, **rule)) if found in names}


# One table of rupiah per person, held to 391.000, to 400.000 and to 609.160: the lines measure
# two things, so the same amounts stand in both columns.
PER_PERSON = """
family_id  in_base  income_rupiah_per_month  spending_rupiah_per_month  members
A          yes      350000                   350000                     1
B          yes      782000                   782000                     2
C          yes      395000                   395000                     1
D          yes      800000                   800000                     2
E          yes      1800000                  1800000                    3
F          yes      609160                   609160                     1
G          yes      9000000                  9000000                    4
H          yes      -                        -                          4
"""


def test_the_higher_the_line_the_more_families() -> None:
    types = {name: kind for name, kind in COLUMNS.items() if name in PER_PERSON}
    lines = [("spending", "EXTREME_2024"), ("income", "SERANG_EXTREME"),
             ("spending", "POVERTY_2025_03")]  # fmt: skip
    found = []
    families = table(BENCH, PER_PERSON, types)
    for measure, line in lines:
        rule = Welfare.model_validate({"rule": measure, "threshold": line, "basis": "per-capita"})
        judged = rows_by(classify_welfare(families, rule), "family_id", "welfare_class")
        found.append({family for family, name in judged.items() if name == "extreme_poor"})
    assert [thresholds()[line].value for _, line in lines] == [391_000, 400_000, 609_160]
    # A; B has the line itself, and is below the next; D has that one.
    assert found == [{"A"}, {"A", "B", "C"}, {"A", "B", "C", "D", "E"}]


@settings(max_examples=15, deadline=None)
@given(ROWS, BASES)
def test_a_higher_line_holds_every_family_of_the_lower(rows: list[Row], basis: str) -> None:
    alike = [{**r, "spending_rupiah_per_month": r["income_rupiah_per_month"]} for r in rows]
    income = {"rule": "income", "basis": basis}
    low = held(alike, "extreme_poor", **income, threshold="SERANG_EXTREME")
    high = held(alike, "extreme_poor", **income, threshold="SERANG_POOR")
    assert low <= high
    both = {**income, "threshold": "SERANG_EXTREME", "poor_threshold": "SERANG_POOR"}
    assert held(alike, "extreme_poor", **both) == low
    assert held(alike, "extreme_poor", "poor", **both) == high
    if basis == "per-capita":
        spent = [
            held(alike, "extreme_poor", rule="spending", threshold=line, basis=basis)
            for line in ("EXTREME_2024", "POVERTY_2025_03")
        ]
        assert spent[0] <= low <= high <= spent[1]


@settings(max_examples=15, deadline=None)
@given(ROWS, st.integers(1, 8), STEPS)
def test_the_more_signs_are_asked_for_the_fewer_families(
    rows: list[Row], least: int, extremes: list[int]
) -> None:
    fewer, more = (max(least, extreme) for extreme in extremes)
    rules = [{"rule": "signs", "least_signs": least, "extreme_signs": e} for e in (fewer, more)]
    assert held(rows, "extreme_poor", **rules[1]) <= held(rows, "extreme_poor", **rules[0])
    poor = [held(rows, "extreme_poor", "poor", **rule) for rule in rules]
    assert poor[0] == poor[1]  # who is poor at least does not hang on who is extremely so
    lower = {**rules[1], "least_signs": 1}
    assert poor[1] <= held(rows, "extreme_poor", "poor", **lower)


@settings(max_examples=15, deadline=None)
@given(ROWS, st.integers(0, 5), STEPS)
def test_an_answer_more_never_takes_back_a_class_that_was_known(
    rows: list[Row], which: int, steps: list[int]
) -> None:
    least, extreme = steps
    answered = [{**row, **{c: KNOWN[c] for c in list(COLUMNS)[6 + which : 8 + which]
                           if row[c] is None}} for row in rows]  # fmt: skip
    rule = {"rule": "signs", "least_signs": least, "extreme_signs": extreme}
    before, after = classes(rows, **rule), classes(answered, **rule)
    assert all(b in {"unknown", a} for b, a in zip(before, after, strict=True))
