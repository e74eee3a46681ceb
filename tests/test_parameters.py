from geo_target.parameters import thresholds


def test_each_line_says_what_it_measures() -> None:
    assert {line.measure for line in thresholds().values()} == {"income", "spending"}
    assert thresholds()["SERANG_EXTREME"].value == 400_000
