from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake import values
from geo_target.intake.values import ValueFault


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [("400000", 400_000), ("400.000", 400_000), ("Rp 400.000,-", 400_000), ("rp400.000", 400_000),
     ("1.250.000", 1_250_000), ("400.000,50", 400_000.5), ("400,000.00", 400_000),
     ("392.087", 392_087), ("0", 0), ("400000,5", 400_000.5), ("IDR 600.000", 600_000)],
)  # fmt: skip
def test_rupiah_as_people_write_them(text: str, rupiah: float) -> None:
    assert values.parse_rupiah(text) == rupiah


@pytest.mark.parametrize(
    "text",
    ["400.5", "400rb", "0,4 juta", "-1", "1e6", "empat ratus ribu", "1.25.000", "400.000.00",
     "1000000000000", "4,0", "", "1.2.3"],
)  # fmt: skip
def test_what_is_no_clear_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueFault, match="E-MONEY"):
        values.parse_rupiah(text)


@given(st.integers(0, 10**11))
def test_every_spelling_of_an_amount_is_the_same_amount(amount: int) -> None:
    dots = f"{amount:,}".replace(",", ".")
    for text in (str(amount), dots, f"Rp {dots},-", f"{dots},00", f"{amount:,}.00"):
        if amount >= 1000 or text in {str(amount), dots, f"Rp {dots},-"}:
            assert values.parse_rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [("31/12/2025", date(2025, 12, 31)), ("1-2-1990", date(1990, 2, 1)),
     ("2025-10-01", date(2025, 10, 1)), ("2025-10-01T00:00:00", date(2025, 10, 1)),
     ("32874", date(1990, 1, 1)), ("01.02.1990", date(1990, 2, 1))],
)  # fmt: skip
def test_days(text: str, day: date) -> None:
    assert values.parse_date(text) == day


@pytest.mark.parametrize("text", ["12/31/2025", "31/02/2025", "90", "1900-01-00", "kemarin"])
def test_no_days(text: str) -> None:
    with pytest.raises(ValueFault, match="E-DATE"):
        values.parse_date(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("4", date(2025, 10, 1), date(2025, 12, 31)), ("Tahap 1", date(2025, 1, 1), date(2025, 3, 31)),
     ("TAHAP IV", date(2025, 10, 1), date(2025, 12, 31)),
     ("tahap 2 tahun 2024", date(2024, 4, 1), date(2024, 6, 30))],
)  # fmt: skip
def test_a_payment_is_valid_for_its_quarter(text: str, first: date, last: date) -> None:
    assert values.parse_quarter(text, date(2025, 12, 5)) == (first, last)


def test_a_package_is_valid_for_its_month() -> None:
    assert values.parse_month("11/09/2025") == (date(2025, 9, 1), date(2025, 9, 30))


@pytest.mark.parametrize(
    ("text", "as_of", "first"),
    [("4", date(2026, 1, 5), date(2025, 10, 1)), ("1", date(2026, 1, 5), date(2026, 1, 1)),
     ("4", date(2025, 10, 1), date(2025, 10, 1)), ("4", date(2025, 9, 30), date(2024, 10, 1))],
)  # fmt: skip
def test_a_payment_without_a_year_is_the_latest_that_has_begun(
    text: str, as_of: date, first: date
) -> None:
    assert values.parse_quarter(text, as_of)[0] == first


def test_a_payment_of_the_future_is_refused() -> None:
    with pytest.raises(ValueFault, match="E-PERIOD"):
        values.parse_quarter("Tahap 1 2026", date(2025, 12, 5))


@pytest.mark.parametrize("text", ["5", "0", "tahap", "2025"])
def test_no_quarter(text: str) -> None:
    with pytest.raises(ValueFault, match="E-PERIOD"):
        values.parse_quarter(text, date(2025, 12, 5))


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [(values.parse_degrees, "-6,12", -6.12), (values.parse_degrees, "106.15", 106.15),
     (values.parse_decile, "Desil 1", 1), (values.parse_decile, "01", 1),
     (values.parse_decile, "10", 10), (values.parse_whole, "4", 4), (values.parse_whole, "4.0", 4),
     (values.parse_count, "12.345", 12_345), (values.parse_rt_rw, "RW 5", "005"),
     (values.parse_rt_rw, "012", "012")],
)  # fmt: skip
def test_other_values(parse: values.Parser, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [(values.parse_degrees, "622000", "E-COORDINATE-UTM"),
     (values.parse_degrees, "6 S", "E-COORDINATE"),
     (values.parse_decile, "11", "E-DECILE"), (values.parse_decile, "0", "E-DECILE"),
     (values.parse_decile, "1-2", "E-DECILE"), (values.parse_whole, "0", "E-WHOLE"),
     (values.parse_whole, "2.5", "E-WHOLE"), (values.parse_whole, "145", "E-WHOLE"),
     (values.parse_rt_rw, "05-Feb", "E-RTRW"), (values.parse_rt_rw, "0", "E-RTRW")],
)  # fmt: skip
def test_what_is_no_value(parse: values.Parser, text: str, code: str) -> None:
    with pytest.raises(ValueFault) as caught:
        parse(text)
    assert caught.value.code == code


@given(st.text(max_size=30))
def test_no_text_makes_a_parser_fall(text: str) -> None:
    for parse in (values.parse_rupiah, values.parse_date, values.parse_degrees,
                  values.parse_decile, values.parse_month, values.parse_rt_rw,
                  values.parse_number, values.parse_count):  # fmt: skip
        try:
            parse(text)
        except ValueFault:
            continue
