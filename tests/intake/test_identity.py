from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_target.intake.identity import bare_number, identity_fault, masked
from geo_target.workbench import Workbench
from tests.builders import kk, nik

Kind = Literal["NIK", "KK"]
REGION = "3673" + "98"


def judged(
    bench: Workbench, text: str | None, *, kind: Kind = "NIK", number: str = "false"
) -> object:
    bare = bare_number("x")
    fault = identity_fault("b", kind=kind, number_cell=number)
    sql = f"select {fault} from (select {bare} as b from (select $1::varchar as x))"
    return bench.execute(sql, [text])[0][0]


@pytest.mark.parametrize(
    "text",
    [nik(1), f"'{nik(1)}", f" {nik(1)} ", nik(1).replace("98", "98.", 1), f"{nik(1)}\u00a0",
     REGION + "410190" + "0001", REGION + "710190" + "0001", REGION + "290200" + "0007"],
)  # fmt: skip
def test_usable_numbers(bench: Workbench, text: str) -> None:
    assert judged(bench, text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("3,67398E+15", "E-NIK-SCI"), ("3.67E+15", "E-NIK-SCI"), ("3.67398E15", "E-NIK-SCI"),
     (nik(1)[:15], "E-NIK-LEN"), (nik(1) + "1", "E-NIK-LEN"), ("0", "E-NIK-LEN"),
     (nik(1).replace("0", "O", 1), "E-NIK-CHAR"), ("1" * 16, "E-NIK-FAKE"),
     ("1234567890" + "123456", "E-NIK-FAKE"), (REGION + "320190" + "0001", "E-NIK-DATE"),
     (REGION + "000190" + "0001", "E-NIK-DATE"), (REGION + "720190" + "0001", "E-NIK-DATE"),
     (REGION + "011390" + "0001", "E-NIK-DATE"), (REGION + "300290" + "0001", "E-NIK-DATE"),
     (REGION + "310490" + "0001", "E-NIK-DATE"), (REGION + "010190" + "0000", "E-NIK-SERIAL")],
)  # fmt: skip
def test_unusable_numbers(bench: Workbench, text: str, code: str) -> None:
    assert judged(bench, text) == code


def test_an_empty_cell_is_no_fault(bench: Workbench) -> None:
    assert judged(bench, None) is None
    assert judged(bench, "  ") is None


def test_a_number_cell_that_ends_in_0_has_lost_a_digit(bench: Workbench) -> None:
    assert judged(bench, nik(10), number="true") == "E-NIK-15D"
    assert judged(bench, nik(11), number="true") is None
    assert judged(bench, nik(10)) is None


def test_a_family_card_is_judged_by_its_length_not_by_a_birth_date(bench: Workbench) -> None:
    assert judged(bench, REGION + "990190" + "0001", kind="KK") is None
    assert judged(bench, "12345", kind="KK") == "E-KK-LEN"


def test_only_four_digits_are_ever_shown(bench: Workbench) -> None:
    shown = bench.execute(f"select {masked('$1')}", [nik(42)])[0][0]
    assert shown == "••••••••••••0042"


#: One workbench serves all examples: nothing is left on it.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
NEAR_NUMBERS = st.text(alphabet="0123456789 .-'eE+Oolx\u00a0٣", max_size=24)


@SHARED
@given(st.one_of(st.text(max_size=30), NEAR_NUMBERS))
def test_a_mask_never_shows_more_than_four_digits(bench: Workbench, text: str) -> None:
    shown = bench.execute(f"select {masked('$1::varchar')}", [text])[0][0]
    assert sum(sign.isdigit() for sign in shown) <= 4
    assert not any(sign.isalpha() and sign != "x" for sign in shown)


@SHARED
@given(NEAR_NUMBERS)
def test_what_is_usable_is_16_digits(bench: Workbench, text: str) -> None:
    bare = bench.execute(f"select {bare_number('$1::varchar')}", [text])[0][0]
    for kind in ("NIK", "KK"):
        code = judged(bench, text, kind=kind)
        usable = bare is not None and code is None
        assert not usable or (len(bare) == 16 and bare.isascii() and bare.isdigit())
        assert code is None or str(code).startswith(f"E-{kind}-")


@SHARED
@given(st.integers(1, 9999), st.sampled_from(["{}", " {}", "'{}", "{}.0", "{}\u00a0"]))
def test_every_spelling_of_a_number_is_the_same_number(
    bench: Workbench, serial: int, spelling: str
) -> None:
    for number, kind in ((nik(serial), "NIK"), (kk(serial), "KK")):
        text = spelling.format(number)
        assert bench.execute(f"select {bare_number('$1::varchar')}", [text])[0][0] == number
        assert judged(bench, text, kind=kind) is None  # type: ignore[arg-type]


def test_a_number_cell_above_2_to_the_53_has_lost_its_last_digit(bench: Workbench) -> None:
    papua = "9203" + "98010190" + "0123"
    assert judged(bench, papua, number="true") == "E-NIK-15D"
    assert judged(bench, papua) is None
