"""The benchmark of what officers carry, of a few visits."""

import pytest

from benchmarks import visit_cards
from benchmarks.results import markdown
from benchmarks.visit_cards import Spent


@pytest.mark.parametrize("paper", visit_cards.PAPERS)
def test_each_paper_is_made(paper: str) -> None:
    found = visit_cards.spent(paper, 3)
    assert found.seconds > 0
    assert found.size > 1000


def test_the_goal_is_of_the_slowest_run_and_told_as_met_or_missed() -> None:
    def page(slowest: float) -> str:
        measured = {
            paper: [Spent(0.5, 0.3, 2048), Spent(slowest, 0.5, 2048)]
            for paper in visit_cards.PAPERS
        }
        return markdown(
            visit_cards.result(measured, 200, command="python -m benchmarks.visit_cards")
        )

    assert "| cards, one page a visit | 1.9 | 2 | met |" in page(1.9)
    assert "| cards, one page a visit | 2.1 | 2 | **missed** |" in page(2.1)
    assert "| GeoPackage | 1 | 0.5 | 1.5 | 0.4 | 2 |" in page(1.5)
