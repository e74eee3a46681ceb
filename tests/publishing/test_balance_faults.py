import pandas as pd
import pytest

from geo_target.errors import BalanceError
from geo_target.publishing.balance import balance_families
from geo_target.workbench import Workbench
from tests.builders import table
from tests.publishing.test_balance import FAMILIES, VILLAGES


def test_a_family_of_no_kind_of_place_is_missed(bench: Workbench) -> None:
    families = table(bench, FAMILIES.replace("outside", "somewhere"))
    with pytest.raises(BalanceError, match="located"):
        balance_families(families, pd.DataFrame(VILLAGES, index=["A"]))


def test_a_village_of_no_district_is_missed(bench: Workbench) -> None:
    villages = pd.DataFrame({**VILLAGES, "district_code": [None]}, index=["A"])
    with pytest.raises(BalanceError, match="districts"):
        balance_families(table(bench, FAMILIES), villages)
