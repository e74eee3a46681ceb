from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake import coordinates, days, values
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
    ("parse", "text", "value"),
    [(values.parse_decile, "Desil 1", 1), (values.parse_decile, "01", 1),
     (values.parse_decile, "10", 10), (values.parse_whole, "4", 4), (values.parse_whole, "4.0", 4),
     (values.parse_count, "12.345", 12_345), (values.parse_count, "12,345", 12_345),
     (values.parse_number, "5,5", 5.5), (values.parse_rt_rw, "RW 5", "005"),
     (values.parse_rt_rw, "012", "012"), (values.parse_yes_no, "Sudah", True),
     (values.parse_yes_no, "sdh.", True), (values.parse_yes_no, "✓", True),
     (values.parse_yes_no, "1.0", True), (values.parse_yes_no, "TIDAK ADA", False),
     (values.parse_yes_no, "-", False), (values.parse_yes_no, "2", False),
     (values.parse_programs, "PKH, BPNT", ("PKH", "SEMBAKO")),
     (values.parse_programs, "PKH;pkh", ("PKH",)),
     (values.parse_programs, "Program Keluarga Harapan & BPNT", ("PKH", "SEMBAKO"))],
)  # fmt: skip
def test_other_values(parse: values.Parser, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [(values.parse_decile, "11", "E-DECILE"), (values.parse_decile, "0", "E-DECILE"),
     (values.parse_decile, "1-2", "E-DECILE"), (values.parse_whole, "0", "E-WHOLE"),
     (values.parse_whole, "2.5", "E-WHOLE"), (values.parse_whole, "31", "E-WHOLE"),
     (values.parse_count, "1.2345", "E-WHOLE"), (values.parse_count, "1,234.567", "E-WHOLE"),
     (values.parse_rt_rw, "05-Feb", "E-RTRW"), (values.parse_rt_rw, "RT", "E-RTRW"),
     (values.parse_number, "-1", "E-NUMBER"), (values.parse_yes_no, "mungkin", "E-YESNO"),
     (values.parse_yes_no, "", "E-YESNO"), (values.parse_programs, "PKH, entah", "E-PROGRAM"),
     (values.parse_programs, "PKH,,BPNT", "E-PROGRAM"), (values.parse_programs, "", "E-PROGRAM")],
)  # fmt: skip
def test_what_is_no_value(parse: values.Parser, text: str, code: str) -> None:
    with pytest.raises(ValueFault) as caught:
        parse(text)
    assert caught.value.code == code


# -------------------------------------------------------------------------------- coordinates


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [("106.15", 106.15, 106.15), ("-6,12", -6.12, -6.12), ("6°07'12\" S", None, -6.12),
     ("6° 07’ 12” LS", None, -6.12), ("6 S", None, -6.0), ("106º9′ BT", 106.15, None),
     ("106,15° E", 106.15, None), ("-6.12,106.15", 106.15, -6.12), ("106.15 -6.12", 106.15, -6.12),
     ("-6,12; 106,15", 106.15, -6.12), ("(-6.12, 106.15)", 106.15, -6.12),
     ("6.12S 106.15E", 106.15, -6.12), ("6°07'12\"S / 106°09'00\"E", 106.15, -6.12)],
)  # fmt: skip
def test_coordinates(text: str, lon: float | None, lat: float | None) -> None:
    for parse, value in ((coordinates.parse_longitude, lon), (coordinates.parse_latitude, lat)):
        if value is not None:
            assert parse(text) == pytest.approx(value)
            continue
        with pytest.raises(ValueFault, match=r"^E-COORDINATE$"):
            parse(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("622000", "E-COORDINATE-UTM"), ("9.322.000", "E-COORDINATE-UTM"),
     ("622.000,5", "E-COORDINATE-UTM"), ("622000 9322000", "E-COORDINATE-UTM"),
     ("200", "E-COORDINATE"), ("106150000", "E-COORDINATE"), ("NaN", "E-COORDINATE"),
     ("inf", "E-COORDINATE"), ("1e2", "E-COORDINATE"), ("-6 S", "E-COORDINATE"),
     ("6°61'00\"S", "E-COORDINATE"), ("6.5°30'S", "E-COORDINATE"), ("91 S", "E-COORDINATE"),
     ("-6.12 7.1", "E-COORDINATE"), ("106.1 107.2", "E-COORDINATE"), ("6 S, 7 S", "E-COORDINATE"),
     ("-6.120.345", "E-COORDINATE"), ("-612", "E-COORDINATE"),
     ("-6,12,106,15", "E-COORDINATE")],
)  # fmt: skip
def test_no_coordinates(text: str, code: str) -> None:
    for parse in (coordinates.parse_longitude, coordinates.parse_latitude):
        with pytest.raises(ValueFault) as caught:
            parse(text)
        assert caught.value.code == code


# ------------------------------------------------------------------- what holds of any text


@given(st.integers(-90 * 3600, 90 * 3600), st.integers(91 * 3600, 180 * 3600))
def test_a_place_in_every_spelling_is_the_same_place(south_north: int, east: int) -> None:
    lat, lon = south_north / 3600, east / 3600
    letter = "S" if south_north < 0 else "N"
    dms = _dms(south_north) + letter
    assert coordinates.parse_latitude(dms) == pytest.approx(lat)
    assert coordinates.parse_longitude(_dms(east) + " BT") == pytest.approx(lon)
    for pair in (f"{lat:.6f},{lon:.6f}", f"{lon:.6f} {lat:.6f}", f"{dms} {_dms(east)}E"):
        assert coordinates.parse_latitude(pair) == pytest.approx(lat, abs=1e-6)
        assert coordinates.parse_longitude(pair) == pytest.approx(lon, abs=1e-6)


def _dms(seconds: int) -> str:
    minutes, seconds = divmod(abs(seconds), 60)
    return f"{minutes // 60}°{minutes % 60:02d}'{seconds:02d}\""


@given(st.integers(1, 999), st.integers(1, 10), st.integers(1, 30), st.integers(0, 10**9))
def test_small_numbers_come_back(rt: int, decile: int, members: int, count: int) -> None:
    assert {values.parse_rt_rw(t) for t in (str(rt), f"{rt:03d}", f"RT {rt}")} == {f"{rt:03d}"}
    assert {values.parse_decile(t) for t in (str(decile), f"Desil {decile}")} == {decile}
    assert {values.parse_whole(t) for t in (str(members), f"{members}.0")} == {members}
    dots = f"{count:,}".replace(",", ".")
    assert {values.parse_count(t) for t in (str(count), dots, f"{count:,}")} == {count}


@given(st.lists(st.sampled_from(["PKH", "SEMBAKO", "PIP", "KUR"]), min_size=1, unique=True),
       st.sampled_from([", ", "/", ";", " ", " dan ", " & "]))  # fmt: skip
def test_a_list_of_programs_comes_back(codes: list[str], between: str) -> None:
    assert values.parse_programs(between.join(codes)) == tuple(codes)


@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="0123456789.,-+°'\"NSEWTBLU /;eE٣²", max_size=40),
        st.integers(4000, 6000).map("9".__mul__),
    )
)
def test_no_text_makes_a_parser_fall(text: str) -> None:
    for parse in (
        values.parse_rupiah, days.parse_date, values.parse_decile, days.parse_month,
        values.parse_rt_rw, values.parse_number, values.parse_count, values.parse_whole,
        values.parse_yes_no, values.parse_programs, values.style_of,
        lambda t: days.parse_past_day(t, date(2025, 10, 1)),
        lambda t: days.parse_quarter(t, date(2025, 10, 1)),
        coordinates.parse_longitude, coordinates.parse_latitude,
    ):  # fmt: skip
        try:
            parse(text)
        except ValueFault:
            continue
