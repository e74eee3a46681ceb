from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake import days
from geo_target.intake.values import ValueFault


@pytest.mark.parametrize(
    ("text", "day"),
    [("31/12/2025", date(2025, 12, 31)), ("1-2-1990", date(1990, 2, 1)),
     ("2025-10-01", date(2025, 10, 1)), ("2025-10-01T00:00:00", date(2025, 10, 1)),
     ("32874", date(1990, 1, 1)), ("01.02.1990", date(1990, 2, 1)),
     ("1 Januari 1990", date(1990, 1, 1)), ("31-Des-2025", date(2025, 12, 31)),
     ("17  AGUSTUS 1945", date(1945, 8, 17)), ("02-May-1990", date(1990, 5, 2)),
     ("5 Nopember 2025", date(2025, 11, 5)), ("01 Jan. 1990", date(1990, 1, 1))],
)  # fmt: skip
def test_days(text: str, day: date) -> None:
    assert days.parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2025",
        "13/13/2025",
        "90",
        "1900-01-00",
        "kemarin",
        "01-Jan-90",
        "31 Februari 2025",
        "1 Janu 1990",
        "Januari 1990",
        "1 Januari",
        "0 Mei 1990",
        "1 Januari 1990 lahir",
    ],
)
def test_no_days(text: str) -> None:
    with pytest.raises(ValueFault, match="E-DATE"):
        days.parse_date(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("4", date(2025, 10, 1), date(2025, 12, 31)), ("Tahap 1", date(2025, 1, 1), date(2025, 3, 31)),
     ("TAHAP IV", date(2025, 10, 1), date(2025, 12, 31)),
     ("tahap 2 tahun 2024", date(2024, 4, 1), date(2024, 6, 30))],
)  # fmt: skip
def test_a_payment_is_valid_for_its_quarter(text: str, first: date, last: date) -> None:
    assert days.parse_quarter(text, date(2025, 12, 5)) == (first, last)


def test_a_package_is_valid_for_its_month() -> None:
    assert days.parse_month("11/09/2025") == (date(2025, 9, 1), date(2025, 9, 30))


@pytest.mark.parametrize(
    ("text", "as_of", "first"),
    [("4", date(2026, 1, 5), date(2025, 10, 1)), ("1", date(2026, 1, 5), date(2026, 1, 1)),
     ("4", date(2025, 10, 1), date(2025, 10, 1)), ("4", date(2025, 9, 30), date(2024, 10, 1))],
)  # fmt: skip
def test_a_payment_without_a_year_is_the_latest_that_has_begun(
    text: str, as_of: date, first: date
) -> None:
    assert days.parse_quarter(text, as_of)[0] == first


def test_a_payment_of_the_future_is_refused() -> None:
    with pytest.raises(ValueFault, match="E-PERIOD"):
        days.parse_quarter("Tahap 1 2026", date(2025, 12, 5))


@pytest.mark.parametrize("text", ["5", "0", "tahap", "2025"])
def test_no_quarter(text: str) -> None:
    with pytest.raises(ValueFault, match="E-PERIOD"):
        days.parse_quarter(text, date(2025, 12, 5))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_spelling_of_a_day_is_the_same_day(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}",
                 f"{day}T00:00:00"):  # fmt: skip
        assert days.parse_date(text) == day
    if date(1950, 1, 1) <= day < date(2064, 1, 1):
        assert days.parse_date(str((day - date(1899, 12, 30)).days)) == day
