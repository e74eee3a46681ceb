"""The catalogue of programs: ours, a user's own, and what is wrong with one, by its line."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import ConfigError
from geo_target.programs import (
    Program,
    check_programs,
    program_code_of,
    programs,
    read_programs,
)
from geo_target.resources import use_profiles

OCTOBER = date(2025, 10, 15)


@pytest.mark.parametrize(
    ("written", "code"),
    [("pkh", "PKH"), ("BPNT", "SEMBAKO"), ("BNPT", "SEMBAKO"), ("PBI JKN", "PBI_JK"),
     ("pbi_pemda", "PBI_APBD"), ("mystery", None)],
)  # fmt: skip
def test_agencies_spellings_of_a_program(written: str, code: str | None) -> None:
    assert program_code_of(written) == code


def test_an_unknown_program_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(ConfigError) as caught:
        check_programs(("PKH", "SEMBKO"))
    assert [fault.code for fault in caught.value.faults] == ["E-PROGRAM-UNKNOWN"]
    assert "SEMBAKO" in caught.value.text("en")


def test_old_aid_is_never_coverage() -> None:
    with pytest.raises(ConfigError, match="E-PROGRAM-HISTORIC"):
        check_programs(("BST",))


def test_spellings_name_one_program_only() -> None:
    spelled = [s.casefold() for p in programs().values() for s in {p.code, *p.aliases}]
    # RUTILAHU is said of either regency's program: a list of theirs must name its code.
    assert {s for s in spelled if spelled.count(s) > 1} == {"rutilahu"}


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("SEMBAKO", "decile <= 5"),
        ("PBI_JK", "(in_dtsen) and decile <= 5"),
        ("BLT_DD", "(welfare_class == 'extreme_poor') and village_kind == 'desa'"),
        ("KUBE", None),  # nobody has published who may get it
        ("KUR", None),
    ],
)
def test_who_may_get_a_program_in_october(code: str, condition: str | None) -> None:
    rule = programs()[code].rule_on(OCTOBER)
    assert (rule and rule.condition) == condition


def test_a_rule_holds_from_its_day_on() -> None:
    pkh = programs()["PKH"]
    assert pkh.rule_on(date(2025, 4, 30)) is None
    assert pkh.rule_on(date(2025, 5, 1)) is not None
    packages = programs()["SEMBAKO_KOTA_SERANG"]
    assert packages.rule_on(date(2025, 12, 31)) is not None
    assert packages.rule_on(date(2026, 1, 1)) is None


def test_published_amounts() -> None:
    (package,) = programs()["SEMBAKO_KOTA_SERANG"].rules
    assert package.quota == 5_611
    assert package.amounts[0].rupiah == round(2_200_000_000 / 5_611) == 392_087
    (premium,) = programs()["BPU_JKK_JKM"].rules[0].amounts
    assert (premium.rupiah, premium.per) == (16_800, "month")
    assert 15_000 * premium.rupiah * 12 == 3_024_000_000
    # What nobody has published is not there.
    assert programs()["UEP"].rules[0].amounts == ()


def test_each_program_says_whose_money_it_is_and_where_its_rule_was_read() -> None:
    for program in programs().values():
        assert program.funding, program.code
        assert all(rule.source for rule in program.rules), program.code


# ---------------------------------------------------------------------------- a user's own

LOCAL = """[[program]]
code = "BANTUAN_LANSIA_SERANG"
aliases = ["Kartu Lansia"]
name = "Bantuan lansia Kota Serang"
short_name = "Kartu Lansia"
agency = "Dinas Sosial Kota Serang"
level = "kabkota"
unit = "family"
strategy = 1
funding = ["apbd-regency"]
area = "36.73"
[[program.rules]]
first_day = 2025-01-01
eligible = "elderly > 0 and decile <= 3"
confidence = "seen"
source = "Perwal"
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A file of own programs beside a configuration."""
    file = tmp_path / "profiles" / "programs" / "local.toml"
    file.parent.mkdir(parents=True)
    file.write_text(LOCAL, "utf-8")
    use_profiles(tmp_path / "profiles")
    yield file
    use_profiles(None)


def test_a_local_program_needs_no_code(own: Path) -> None:
    assert own.exists()
    assert program_code_of("kartu lansia") == "BANTUAN_LANSIA_SERANG"
    check_programs(("PKH", "BANTUAN_LANSIA_SERANG"))
    assert list(programs())[-1] == "BANTUAN_LANSIA_SERANG"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("elderly > 0", "lansia > 0", 14, "unknown: lansia"),
        ('decile <= 3"', "decile <= 'x'\"", 14, "a number and a word"),
        ('unit = "family"', 'unit = "rumah"', 8, "unit"),
        ("strategy = 1", "strategy = 4", 9, "strategy"),
        ("first_day = 2025-01-01", 'first_day = "besok"', 13, "first_day"),
        ('source = "Perwal"', 'sumber = "Perwal"', 12, "source"),
        ('code = "BANTUAN_LANSIA_SERANG"', 'code = "PKH"', 2, "PKH: known already"),
        ('"Kartu Lansia"]', '"BPNT"]', 2, "BANTUAN_LANSIA_SERANG: known already"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    own: Path, old: str, new: str, line: int, said: str
) -> None:
    own.write_text(LOCAL.replace(old, new), "utf-8")
    with pytest.raises(ConfigError) as caught:
        programs()
    (fault,) = caught.value.faults
    assert fault.code == "E-PROGRAM-FILE"
    assert fault.file == "programs/local.toml"
    assert said in fault.en
    assert fault.row == line


@pytest.mark.parametrize("text", ["", "[program]\ncode = 1\n", "x = [", "[[programs]]\n"])
def test_what_is_no_catalogue(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="E-PROGRAM-FILE"):
        read_programs(file)


def test_two_rules_never_hold_on_one_day() -> None:
    entry = {**programs()["UEP"].model_dump(), "rules": [
        {"first_day": "2025-01-01", "confidence": "seen", "source": "a"},
        {"first_day": "2025-06-01", "confidence": "seen", "source": "b"},
    ]}  # fmt: skip
    with pytest.raises(ValueError, match="two rules hold on one day"):
        Program.model_validate(entry)
