"""The month of visits by its commands: what the second run says is what is true."""

import re

import pandas as pd
import pytest

from benchmarks.field_month import Month, expected, lived, plan_rows, result
from geo_target.web.app import create_app
from tests.demo.runs import Ran

#: Causes of the waterfall by what the truth calls them; `covered` is told by two.
CAUSES = {"better_off": "better_off", "died": "died", "moved": "moved", "duplicate": "duplicate",
          "part_of_other": "merged", "unmatched": "unmatched"}  # fmt: skip


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """Cipocok Jaya: some 500 families in 10 kelurahan, all of whom are visited."""
    pytest.importorskip("typst")
    folder = tmp_path_factory.mktemp("bulan") / "cipocok"
    return lived(folder, "--area", "36.73.04", "--families", "3000", "--lists", "parquet")


def numbers(line: str) -> list[int]:
    return [int(number.replace(".", "")) for number in re.findall(r"\d[\d.]*", line)]


def test_before_the_visits_nobody_can_be_told_to_be_reached(month: Month) -> None:
    families = month.before["families"]
    assert families["unmatched"] == families["extreme_poor"] == families["total"] > 400
    assert families["covered"] == families["uncovered"] == 0


def test_everybody_is_visited_once_and_again_where_nobody_was_met(month: Month) -> None:
    visits = pd.DataFrame(plan_rows(month))
    first = visits[visits["return_of"] == ""]
    again = visits[visits["return_of"] != ""]

    assert first["family_id"].is_unique
    assert len(first) == month.before["families"]["total"]
    truth = pd.read_parquet(month.folder / "truth" / "visits.parquet").set_index("family_id")
    missed = truth[truth["first_outcome"].isin(["empty_house", "not_found", "refused"])]
    assert set(again["family_id"]) == set(missed.index)


def test_a_kelurahan_is_typed_in_and_none_of_it_is_in_a_file(month: Month) -> None:
    typed = int(month.printed["typing"])
    given = sum(
        numbers(line)[0]
        for step in ("import", "import returns")
        for line in month.printed[step].splitlines()
        if line.count(" baru ")
    )
    assert typed > 20
    assert given + typed >= len(plan_rows(month))


def test_four_shapes_come_back_as_files_and_none_of_them_twice(month: Month) -> None:
    first, again = (month.printed[step].splitlines() for step in ("import", "import again"))

    kinds = {line.partition(":")[0].partition("-")[0] for line in first if " baris = " in line}
    assert kinds == {"odk.csv", "kobo.csv", "kobo.json", "lembar"}
    (taken,) = [numbers(line) for line in first if line.count(" baru ")]
    given, new, known, versions, orphans = taken
    assert (given, known, versions, orphans) == (new + 2, 0, 0, 2)
    (repeated,) = [numbers(line) for line in again if line.count(" baru ")]
    assert repeated == [given, 0, new, 0, orphans]


def test_answers_that_differed_are_all_decided(month: Month) -> None:
    assert month.printed["conflicts"].count('"stands": true') > 0
    assert "W-VISITS-UNDECIDED" not in month.printed["export"]
    assert month.printed["export"].count("[[source]]") == 3


def test_the_second_run_finds_each_family_as_it_is(month: Month) -> None:
    true, families = expected(month.folder), month.after["families"]
    found = {state: families[state] for state in ("covered", "uncovered", "unmatched")}
    assert found == {state: true[state] for state in found}
    assert found["uncovered"] > found["unmatched"] > 0

    fate = pd.read_parquet(month.folder / "truth" / "visits.parquet").set_index("family_id").fate
    after = Ran(month.folder, month.after).exact("families").set_index("family_id")
    uncovered = after.query("coverage_state == 'uncovered' and welfare_class == 'extreme_poor'")
    assert set(uncovered.index) == set(fate.index[fate == "uncovered"])


def test_the_steps_between_both_runs_sum_and_have_the_causes_of_the_truth(month: Month) -> None:
    true, steps = expected(month.folder), month.after["waterfall"]

    losses: dict[str, int] = dict(steps["losses"])
    assert steps["before"] - sum(losses.values()) + sum(steps["gains"].values()) == steps["after"]
    assert {cause: losses[cause] for cause in CAUSES.values()} == {
        cause: true[fate] for fate, cause in CAUSES.items()
    }
    # Of those reached a list shows some, for their NIK was put right.
    assert losses["visit_covered"] + losses["re_matched"] == true["covered"]
    assert losses["covered"] == 0


def test_order_and_map_of_the_villages_are_others(month: Month) -> None:
    assert sorted(month.before["priority"]) == sorted(month.after["priority"])
    assert month.before["priority"] != month.after["priority"]

    before, after = (Ran(month.folder, each) for each in (month.before, month.after))
    assert before.shown("tables/villages.json") != after.shown("tables/villages.json")
    truth = pd.read_parquet(month.folder / "truth" / "visits.parquet")
    untouched = truth[truth["fate"] == "uncovered"].groupby("village_code").size()
    villages = after.exact("villages").set_index("village_code")["uncovered_families"]
    assert villages[villages > 0].to_dict() == untouched.to_dict()


def test_families_can_be_named_and_visited_again_afterwards(month: Month) -> None:
    words = ("plan", "make", month.config, "--title", "Berikutnya", "--start", "2031-03-04")
    told = month.by_command("next plan", *words, "--dry-run", signed=True)
    # Who met nobody twice is still to be visited by the first plan.
    assert numbers(told.splitlines()[0])[0] == month.after["families"]["uncovered"]


def test_the_page_of_changes_says_the_figures(month: Month) -> None:
    browser = create_app(month.folder / "archive", doors=None).test_client()
    page = " ".join(re.sub(r"<[^>]+>", " ", browser.get("/perubahan").text).split())

    steps = month.after["waterfall"]
    assert (
        f"Dari {steps['before']} keluarga yang mungkin belum tersentuh menjadi "
        f"{steps['after']} yang belum tersentuh" in page
    )
    assert f"menerima bantuan menurut kunjungan: −{steps['losses']['visit_covered']}" in page


def test_the_benchmark_tells_both_runs_beside_the_truth(month: Month) -> None:
    _, families, steps = result(month, command="").tables
    assert all(after == true for _, _, after, true in families.rows)
    told = [int(count) for _, count in steps.rows if count is not None]
    assert told[0] + sum(told[1:-1]) == told[-1]
