from geo_target.settings import Welfare
from geo_target.workbench import Workbench
from tests.builders import table
from tests.targeting.test_welfare import FAMILIES, TYPES, classes


def test_an_income_shared_by_nobody_is_unknown(bench: Workbench) -> None:
    rule = Welfare(rule="income", threshold="SERANG_EXTREME", basis="per-capita")
    empty = FAMILIES + "Z  yes  1  500000  500000  0\n"
    assert classes(table(bench, empty, TYPES), rule)["Z"] == "unknown"
