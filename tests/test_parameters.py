import pytest

from geo_target.errors import ConfigError
from geo_target.parameters import check_programs, program_code_of, programs, thresholds


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


def test_each_line_says_what_it_measures() -> None:
    assert {line.measure for line in thresholds().values()} == {"income", "spending"}
    assert thresholds()["SERANG_EXTREME"].value == 400_000


def test_spellings_name_one_program_only() -> None:
    spelled = [s.casefold() for p in programs().values() for s in {p.code, *p.aliases}]
    # RUTILAHU is said of either regency's program: a list of theirs must name its code.
    assert {s for s in spelled if spelled.count(s) > 1} == {"rutilahu"}
