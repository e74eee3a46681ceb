"""Days on which there are visits."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from geo_target.fieldwork.holidays import read_holidays, working_days


def easter(year: int) -> date:
    """Gregorian, by Meeus/Jones/Butcher: days of the list that can be computed."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_days_that_can_be_computed_are_right(year: int) -> None:
    days = {day: name for day, name in read_holidays().names if day.year == year}
    sunday = easter(year)
    assert "Paskah" in days[sunday]
    assert "Wafat" in days[sunday - timedelta(days=2)]
    assert "Kenaikan" in days[sunday + timedelta(days=39)]
    fixed = [date(year, 1, 1), date(year, 5, 1), date(year, 6, 1), date(year, 8, 17),
             date(year, 12, 25)]  # fmt: skip
    assert set(fixed) <= set(days)


def test_a_year_counts_as_known_only_with_its_decree() -> None:
    assert read_holidays().known_years == {2025, 2026}


def test_each_decreed_year_has_seventeen_holidays_and_more_days_off() -> None:
    """SKB 3 Menteri: 17 days in 2025 and 2026; cuti bersama 11 (with 18 August) and 8."""
    names = read_holidays().names
    for year, together in ((2025, 11), (2026, 8)):
        shared = [name for day, name in names if day.year == year and name.startswith("Cuti")]
        others = [name for day, name in names if day.year == year and name not in shared]
        assert (len(others), len(shared)) == (17, together)


def test_no_day_twice_and_none_of_cuti_bersama_on_a_weekend() -> None:
    names = read_holidays().names
    assert len({day for day, _ in names}) == len(names)
    assert [day for day, name in names if name.startswith("Cuti") and day.weekday() > 4] == []


def test_working_days_leave_out_weekends_and_holidays() -> None:
    found = working_days(date(2026, 8, 14), days=4, holidays=read_holidays())
    assert [day.day for day in found] == [14, 18, 19, 20]  # Friday; Monday is the 17th
    assert (
        working_days(date(2026, 8, 15), ends_on=date(2026, 8, 17), holidays=read_holidays()) == []
    )


def test_days_end_with_what_comes_first() -> None:
    monday = date(2026, 11, 23)
    assert len(working_days(monday, days=9, ends_on=date(2026, 11, 27))) == 5
    assert len(working_days(monday, days=3, ends_on=date(2026, 11, 27))) == 3
    assert len(working_days(monday, days=7, rest_days=())) == 7
    assert len(working_days(monday)) == 523


def test_an_office_may_bring_its_own_days(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("day,name,basis\n2026-11-24,HUT Kota,Perwal\n2028-01-01,x,sementara\n", "utf-8")
    found = read_holidays(own)
    assert date(2026, 11, 24) in found
    assert found.known_years == {2026}
