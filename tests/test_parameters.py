import tomllib

from geo_target.parameters import thresholds
from geo_target.resources import resource_dir


def test_each_line_says_what_it_measures() -> None:
    assert {line.measure for line in thresholds().values()} == {"income", "spending"}
    assert thresholds()["SERANG_EXTREME"].value == 400_000


#: As they were read: rupiah, what it measures, when, where (None: the nation), how sure.
READ = """
EXTREME_2021                322170  spending  per-capita  2021     -      seen
EXTREME_2022                358233  spending  per-capita  2022     -      memory
EXTREME_2024                391000  spending  per-capita  2024     -      seen
EXTREME_2025                -       spending  per-capita  2025     -      seen
SERANG_EXTREME              400000  income    -           2025-03  36.73  seen
SERANG_POOR                 600000  income    -           2025-03  36.73  seen
POVERTY_2025_03             609160  spending  per-capita  2025-03  -      seen
POVERTY_BANTEN_2021_09      547483  spending  per-capita  2021-09  36     seen
POVERTY_BANTEN_2022_03      570368  spending  per-capita  2022-03  36     seen
POVERTY_BANTEN_2023_03      618721  spending  per-capita  2023-03  36     seen
POVERTY_BANTEN_2024_03      654213  spending  per-capita  2024-03  36     seen
POVERTY_BANTEN_2024_09      667403  spending  per-capita  2024-09  36     seen
POVERTY_BANTEN_2025_03      684232  spending  per-capita  2025-03  36     seen
POVERTY_BANTEN_2025_09      715288  spending  per-capita  2025-09  36     seen
POVERTY_PANDEGLANG_2024_03  479886  spending  per-capita  2024-03  36.01  seen
POVERTY_LEBAK_2024_03       440705  spending  per-capita  2024-03  36.02  seen
POVERTY_CILEGON_2024_03     663533  spending  per-capita  2024-03  36.72  seen
"""


def test_lines_are_as_they_were_read() -> None:
    lines = [
        [line.code, line.value and f"{line.value:.0f}", line.measure, line.basis, line.period,
         line.area_code, line.confidence]
        for line in thresholds().values()
    ]  # fmt: skip
    assert [[cell or "-" for cell in line] for line in lines] == [
        line.split() for line in READ.strip().splitlines()
    ]


def test_no_line_is_there_twice() -> None:
    raw = tomllib.loads((resource_dir("geodata") / "thresholds.toml").read_text("utf-8"))["line"]
    assert len(raw) == len(thresholds())


def test_kota_serang_has_no_poverty_line_that_anybody_has_read() -> None:
    of_city = [line for line in thresholds().values() if line.area_code == "36.73"]
    assert {line.measure for line in of_city} == {"income"}
