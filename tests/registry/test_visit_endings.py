"""What ends a family: the newest visit that tells, and never a family as its own double."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.registry.visit_endings import stays_of_circles
from geo_target.registry.visits import Visits, latest_visits
from geo_target.workbench import Workbench
from tests.builders import table, write_csv

#: K3 and K4 are two rows of one family.
KEYS = """
register  register_family_id  family_id
p3ke      K1                  K1
p3ke      K2                  K2
p3ke      K3                  K3
p3ke      K4                  K3
p3ke      K5                  K5
"""
HEAD = "family_id | visited_on | result | verdict | same_as | programs | lon | lat | submitted_at"


def found(bench: Workbench, folder: Path, text: str) -> Visits:
    lines = [line.strip() for line in text.strip().splitlines()]
    wide = [line + " |" * (HEAD.count("|") - line.count("|")) for line in lines]
    file = write_csv(folder / "visits.csv", "\n".join([HEAD, *wide]))
    listed = read_list(bench, file, profile=profile_named("visits"), as_of=date(2025, 10, 1))
    assert listed.report.set_aside == {}
    return latest_visits([listed], table(bench, KEYS), base="p3ke")


def endings(bench: Workbench, folder: Path, text: str) -> dict[str, Any]:
    return {row["family_id"]: row["ended_by"] for row in found(bench, folder, text).endings.rows()}


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ("meninggal |", "died"), ("pindah |", "moved"), ("ganda |", "duplicate"),
        ("merged |", "merged"), ("selesai | tidak layak", "better_off"),
        ("selesai | layak", None), ("selesai | layak dengan intervensi", None), ("selesai |", None),
        ("tidak ditemukan |", None), ("menolak |", None), ("rumah kosong |", None),
        # without an answer of the family a verdict rests on nothing
        ("tidak ditemukan | tidak layak", None), ("menolak | tidak layak", None),
    ],
)  # fmt: skip
def test_what_ends_a_family(bench: Workbench, tmp_path: Path, said: str, ended: str | None) -> None:
    assert endings(bench, tmp_path, f"K1 | 2025-09-01 | {said}").get("K1") == ended


@pytest.mark.parametrize("later", ["not_found", "refused", "empty"])
def test_a_later_visit_that_met_nobody_undoes_nothing(
    bench: Workbench, tmp_path: Path, later: str
) -> None:
    text = f"K1 | 2025-03-01 | dead |\nK1 | 2025-09-01 | {later} |"
    assert endings(bench, tmp_path, text) == {"K1": "died"}


@pytest.mark.parametrize("first", ["dead |", "moved |", "duplicate |", "complete | unfit"])
def test_a_later_fit_visit_undoes_it(bench: Workbench, tmp_path: Path, first: str) -> None:
    text = f"K1 | 2025-03-01 | {first}\nK1 | 2025-09-01 | complete | fit"
    assert endings(bench, tmp_path, text) == {}
    assert endings(bench, tmp_path, "\n".join(reversed(text.splitlines()))) == {}


@pytest.mark.parametrize("other", ["K3", "K4", ""])
def test_a_family_is_not_ended_as_its_own_double(
    bench: Workbench, tmp_path: Path, other: str
) -> None:
    """Both rows are one family by now, which must stay."""
    assert endings(bench, tmp_path, f"K4 | 2025-09-01 | duplicate | | {other}") == {}


def test_what_a_visit_to_the_other_row_found_still_counts(bench: Workbench, tmp_path: Path) -> None:
    text = "K3 | 2025-03-01 | dead |\nK4 | 2025-09-01 | duplicate | | K3"
    assert endings(bench, tmp_path, text) == {"K3": "died"}


def test_of_two_that_are_called_each_others_double_one_stays(
    bench: Workbench, tmp_path: Path
) -> None:
    text = "K1 | 2025-09-01 | duplicate | | K2\nK2 | 2025-09-01 | duplicate | | K1"
    assert endings(bench, tmp_path, text) == {"K2": "duplicate"}


@pytest.mark.parametrize("other", ["", "nobody"])
def test_who_is_named_as_the_other_row_stays_if_it_is_the_double_of_nobody(
    bench: Workbench, tmp_path: Path, other: str
) -> None:
    """'Listed twice' was ticked on both papers, and who the other is on one: a row must stay."""
    text = f"K1 | 2025-09-01 | duplicate | | K2\nK2 | 2025-09-01 | duplicate | | {other}"
    assert endings(bench, tmp_path, text) == {"K1": "duplicate"}
    died = f"K1 | 2025-09-01 | duplicate | | K2\nK2 | 2025-09-01 | dead | | {other}"
    assert endings(bench, tmp_path, died) == {"K1": "duplicate", "K2": "died"}


def test_who_is_a_double_of_a_family_that_stays_ends(bench: Workbench, tmp_path: Path) -> None:
    text = "K1 | 2025-09-01 | duplicate | | K2\nK5 | 2025-09-01 | merged | | nobody"
    assert endings(bench, tmp_path, text) == {"K1": "duplicate", "K5": "merged"}


pointers = st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEFG"), max_size=6)


@given(pointers)
def test_somebody_of_every_circle_stays_and_nobody_else(same_as: dict[str, str]) -> None:
    stay = stays_of_circles(same_as)

    def circle(one: str) -> list[str] | None:
        path = [one]
        while path[-1] in same_as and len(path) < 8:
            path.append(same_as[path[-1]])
            if path[-1] == one:
                return path
        return None

    on_circles = {one for one in same_as if circle(one)}
    assert stay <= on_circles
    for one in on_circles:
        around = circle(one)
        assert around
        assert stay & {*around} == {min(around)}


def test_the_newest_answer_counts_and_none_is_an_answer(bench: Workbench, tmp_path: Path) -> None:
    text = """
        K1 | 2025-03-01 | complete | fit | | PKH SEMBAKO
        K2 | 2025-03-01 | complete | fit | | PKH
        K2 | 2025-09-01 | complete | fit | | tidak ada
        K3 | 2025-09-01 | complete | fit | |
        K5 | 2025-09-01 | refused  |     | | PKH
        """
    rows = found(bench, tmp_path, text).answers.rows()
    assert {row["family_id"]: row["programs"] for row in rows} == {
        "K1": ["PKH", "SEMBAKO"], "K2": []
    }  # fmt: skip


def test_of_two_answers_of_a_day_the_one_that_came_in_later_counts(
    bench: Workbench, tmp_path: Path
) -> None:
    text = """
        K1 | 2025-09-01 | complete | fit | | PKH     | | | 2025-09-02T08:00:00Z
        K1 | 2025-09-01 | complete | fit | | SEMBAKO | | | 2025-09-01T08:00:00Z
        """
    (row,) = found(bench, tmp_path, text).answers.rows()
    assert row["programs"] == ["PKH"]


def test_the_newest_point_of_a_home_counts(bench: Workbench, tmp_path: Path) -> None:
    text = """
        K1 | 2025-03-01 | complete  | fit | | | 106.1 | -6.1
        K1 | 2025-09-01 | empty     |     | | | 106.2 | -6.2
        K2 | 2025-09-01 | not_found |     | | | 106.3 | -6.3
        K3 | 2025-09-01 | complete  | fit | | | 0     | 0
        """
    rows = found(bench, tmp_path, text).points.rows()
    assert [(row["family_id"], row["lon"], row["row"]) for row in rows] == [("K1", 106.2, 3)]


def test_a_point_that_is_known_no_better_than_its_village_is_none(
    bench: Workbench, tmp_path: Path
) -> None:
    head = "family_id | visited_on | result | lon | lat | accuracy_m"
    lines = [f"K{n} | 2025-09-01 | complete | 106.1 | -6.1 | {accuracy}"
             for n, accuracy in ((1, "5000"), (2, "100"), (3, ""))]  # fmt: skip
    file = write_csv(tmp_path / "v.csv", "\n".join([head, *lines]))
    listed = read_list(bench, file, profile=profile_named("visits"), as_of=date(2025, 10, 1))
    points = latest_visits([listed], table(bench, KEYS), base="p3ke").points.rows()
    assert {row["family_id"] for row in points} == {"K2", "K3"}


def test_a_program_that_nobody_knows_is_no_answer(bench: Workbench, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "v.csv", f"{HEAD}\nK1 | 2025-09-01 | 1 | | | BANTUANKU | | |")
    listed = read_list(bench, file, profile=profile_named("visits"), as_of=date(2025, 10, 1))
    assert listed.report.set_aside == {"E-PROGRAM": 1}
    assert len(latest_visits([listed], table(bench, KEYS), base="p3ke").answers) == 0
