"""Visits: the newest of each family tells, and nobody at home tells nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from geo_target import pipeline
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.registry.visits import Visits, latest_visits
from geo_target.workbench import Workbench
from tests.builders import kk, nik, table, write_csv

# The base lists K3 twice; DTSEN calls K1 X1, and has a family that is in no base, whose own K2 is
# another than the base's.
KEYS = """
register  register_family_id  family_id
p3ke      K1                  K1
p3ke      K2                  K2
p3ke      K3                  K3
p3ke      K4                  K3
dtsen     X1                  K1
dtsen     K2                  dtsen:K2
"""
HEAD = "family_id | visited_on | result | verdict"


def visits(bench: Workbench, folder: Path, *texts: str) -> list[AgencyList]:
    return [
        read_list(
            bench, write_csv(folder / f"visits{i}.csv", f"{HEAD}\n{text}"),
            profile=profile_named("visits"), as_of=date(2025, 10, 1),
        )
        for i, text in enumerate(texts)
    ]  # fmt: skip


def latest(bench: Workbench, lists: list[AgencyList]) -> Visits:
    return latest_visits(lists, table(bench, KEYS), base="p3ke")


def newest(bench: Workbench, folder: Path, *texts: str) -> Any:
    """Newest visit of K1, and its newest completed one."""
    (row,) = latest(bench, visits(bench, folder, *texts)).latest.rows()
    assert row.pop("family_id") == "K1"
    return tuple(str(value) if isinstance(value, date) else value for value in row.values())


def test_the_newest_visit_of_a_family_counts(tmp_path: Path, bench: Workbench) -> None:
    text = """
        K1 | 2025-03-01 | 1 | layak
        K1 | 2025-09-01 | 3 | tidak layak
        K1 | 2025-06-01 | 6 |
        """
    assert newest(bench, tmp_path, text) == (
        "2025-09-01", "moved", "unfit", "2025-03-01", "fit")  # fmt: skip


def test_a_family_that_was_not_found_stays_verified(tmp_path: Path, bench: Workbench) -> None:
    text = """
        K1 | 2025-03-01 | selesai         | layak dengan intervensi
        K1 | 2025-09-01 | tidak ditemukan | tidak layak
        """
    assert newest(bench, tmp_path, text) == (
        "2025-09-01", "not_found", "unfit", "2025-03-01", "fit_with_intervention")  # fmt: skip


def test_a_newest_visit_without_a_verdict_has_none(tmp_path: Path, bench: Workbench) -> None:
    text = "K1 | 2025-03-01 | 1 | layak\nK1 | 2025-09-01 | 1 |"
    assert newest(bench, tmp_path, text) == ("2025-09-01", "complete", None, "2025-09-01", None)


ORDER = ["complete", "dead", "moved", "merged", "duplicate", "refused", "not_found"]


@pytest.mark.parametrize("number", range(len(ORDER) - 1))
def test_of_two_on_one_day_the_one_that_tells_more_counts(
    tmp_path: Path, bench: Workbench, number: int
) -> None:
    more, less = ORDER[number], ORDER[number + 1]
    lines = f"K1 | 2025-09-01 | {more} |", f"K1 | 2025-09-01 | {less} | layak"
    assert newest(bench, tmp_path, "\n".join(lines))[1] == more
    assert newest(bench, tmp_path, "\n".join(reversed(lines)))[1] == more


def test_of_two_that_say_the_same_the_later_one_counts(tmp_path: Path, bench: Workbench) -> None:
    fit, unfit, none = (f"K1 | 2025-09-01 | 1 | {word}" for word in ("layak", "tidak layak", ""))
    assert newest(bench, tmp_path, f"{fit}\n{unfit}")[2] == "unfit"
    assert newest(bench, tmp_path, unfit, fit)[2] == "fit"
    assert newest(bench, tmp_path, fit, none)[2] == "fit"  # one that has a verdict, before all


def of_months(bench: Workbench, folder: Path, *texts: str) -> list[AgencyList]:
    """Lists of October, November, ..., whose rows begin with the visit's code."""
    return [
        read_list(
            bench, write_csv(folder / f"month{i}.csv", f"visit_code | {HEAD}\n{text}"),
            profile=profile_named("visits"), as_of=date(2025, 10 + i, 1),
        )
        for i, text in enumerate(texts)
    ]  # fmt: skip


@pytest.mark.parametrize("is_reversed", [False, True])
def test_of_a_visit_that_was_told_before_the_last_list_counts(
    tmp_path: Path, bench: Workbench, *, is_reversed: bool
) -> None:
    """October's list said that K1 was better off: a slip, of a visit that met nobody."""
    lists = of_months(
        bench,
        tmp_path,
        "AAAA | K1 | 2025-09-01 | 1 | tidak layak\nBBBB | K2 | 2025-09-01 | 6 |",
        "AAAA | K1 | 2025-09-01 | tidak ditemukan |",
    )
    found = latest(bench, lists[::-1] if is_reversed else lists)
    results = {row["family_id"]: row["result"] for row in found.latest.rows()}
    assert results == {"K1": "not_found", "K2": "duplicate"}
    assert [row["family_id"] for row in found.endings.rows()] == ["K2"]


def test_visits_without_a_code_are_all_told(tmp_path: Path, bench: Workbench) -> None:
    first, last = " | K1 | 2025-09-01 | 1 | tidak layak", " | K1 | 2025-09-01 | 2 |"
    found = latest(bench, of_months(bench, tmp_path, first, last))
    assert [row["ended_by"] for row in found.endings.rows()] == ["better_off"]


def test_a_visit_to_nobody_is_counted_apart(tmp_path: Path, bench: Workbench) -> None:
    lists = visits(bench, tmp_path, "K1 | 2025-09-01 | 1 |\nX9 | 2025-09-01 | 1 |")
    found = latest(bench, lists)
    assert [row["family_id"] for row in found.latest.rows()] == ["K1"]
    assert found.unlinked == 1


@pytest.mark.parametrize(
    ("said", "family"),
    [("K2", "K2"), ("K3", "K3"), ("K4", "K3"), ("dtsen:K2", "dtsen:K2"), ("X1", None)],
)
def test_a_visit_names_a_row_of_the_base(
    tmp_path: Path, bench: Workbench, said: str, family: str | None
) -> None:
    found = latest(bench, visits(bench, tmp_path, f"{said} | 2025-09-01 | 1 | layak"))
    assert [row["family_id"] for row in found.latest.rows()] == ([family] if family else [])
    assert found.unlinked == (0 if family else 1)


def test_of_visits_to_both_rows_of_a_family_the_newest_counts(
    tmp_path: Path, bench: Workbench
) -> None:
    text = "K3 | 2025-03-01 | 1 | layak\nK4 | 2025-09-01 | 1 | tidak layak"
    (row,) = latest(bench, visits(bench, tmp_path, text)).latest.rows()
    assert (row["family_id"], row["verdict"]) == ("K3", "unfit")


CONFIG = """
[area]
code = "36.73.02"
[registry]
base = "families"
[[source]]
file = "families.csv"
profile = "families"
as_of = 2025-09-01
code_system = "kemendagri"
[[source]]
file = "recipients.csv"
profile = "enrollments"
as_of = 2025-10-01
[[source]]
file = "visits.csv"
profile = "visits"
as_of = 2025-10-01
[coverage]
programs = ["PKH"]
on = 2025-10-01
"""


def test_a_run_counts_a_visit_to_the_second_row_of_a_family(tmp_path: Path) -> None:
    """K1 and K2 have one head and are one family; nobody is X9."""
    write_csv(
        tmp_path / "families.csv",
        f"""family_id | nik | no kk | village_code
        K1 | {nik(1)} | {kk(1)} | 36.73.02.1001
        K2 | {nik(1)} | {kk(2)} | 36.73.02.1001
        K3 | {nik(3)} | {kk(3)} | 36.73.02.1001""",
    )
    write_csv(tmp_path / "recipients.csv", f"program | no kk\nPKH | {kk(1)}")
    write_csv(
        tmp_path / "visits.csv",
        f"{HEAD}\nK2 | 2025-09-01 | 1 | tidak layak\nX9 | 2025-09-01 | 1 | layak",
    )
    config = tmp_path / "geo-target.toml"
    config.write_text(CONFIG, encoding="utf-8")
    report = pipeline.run(config).report
    assert (report["families"]["twice_listed"], report["families"]["visits_unlinked"]) == (1, 1)
    errors = pq.read_table(Path(report["snapshot"]) / "exact/verified_errors.parquet").to_pylist()
    (area,) = [row for row in errors if row["level"] == "area"]
    assert (area["visited_families"], area["covered_unfit_families"]) == (1, 1)


def test_without_visits_nobody_was_visited(bench: Workbench) -> None:
    found = latest(bench, [])
    assert (len(found.latest), found.unlinked) == (0, 0)
    assert found.latest.columns == [
        "family_id", "visited_on", "result", "verdict", "completed_on", "completed_verdict"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("K1 | 2025-09-01 | 7       | layak", {"E-VISIT-RESULT": 1}),
        ("K1 | 2025-09-01 | mungkin | layak", {"E-VISIT-RESULT": 1}),
        ("K1 | 2025-10-02 | 1       | layak", {"E-DATE-FUTURE": 1}),
        ("K1 | 2025       | 1       | layak", {"E-DATE": 1}),
        ("K1 | 31/13/2025 | 9       | layak", {"E-DATE": 1, "E-VISIT-RESULT": 1}),
        ("K1 |            | 1       | layak", {}),
        ("K1 | 2025-09-01 |         | layak", {}),
    ],
)
def test_a_visit_that_cannot_be_read_tells_nothing(
    tmp_path: Path, bench: Workbench, line: str, codes: dict[str, int]
) -> None:
    (listed,) = visits(bench, tmp_path, line)
    assert (listed.report.accepted, listed.report.set_aside) == (1, codes)
    found = latest(bench, [listed])
    assert (len(found.latest), found.unlinked) == (0, 0)


def test_a_verdict_that_cannot_be_read_leaves_the_visit(tmp_path: Path, bench: Workbench) -> None:
    lists = visits(bench, tmp_path, "K1 | 2025-09-01 | 1 | mampu")
    assert lists[0].report.set_aside == {"E-VISIT-VERDICT": 1}
    (row,) = latest(bench, lists).latest.rows()
    assert (row["result"], row["verdict"]) == ("complete", None)


def test_a_row_twice_is_one_visit_and_one_without_a_family_is_none(
    tmp_path: Path, bench: Workbench
) -> None:
    text = "K1 | 2025-09-01 | 1 | layak\nK1 | 2025-09-01 | 1 | layak\n | 2025-09-01 | 1 | layak"
    (listed,) = visits(bench, tmp_path, text)
    report = listed.report
    assert (report.rows, report.accepted, report.duplicates) == (3, 1, 1)
    assert report.reasons == {"E-NOTHING": 1}


@pytest.mark.parametrize(
    ("said", "result"),
    [("1", "complete"), ("Selesai dicacah", "complete"), ("2", "not_found"),
     ("RUMAH TANGGA TIDAK DITEMUKAN", "not_found"), ("3", "moved"),
     ("Rumah tangga pindah / bangunan sudah tidak ada", "moved"), ("4", "merged"),
     ("Bagian dari rumah tangga di dokumen", "merged"), ("5", "refused"),
     ("Responden menolak", "refused"), ("6", "duplicate"), ("Data ganda", "duplicate"),
     ("meninggal", "dead"), ("Dead", "dead")],
)  # fmt: skip
def test_results_in_codes_and_words(
    tmp_path: Path, bench: Workbench, said: str, result: str
) -> None:
    assert newest(bench, tmp_path, f"K1 | 2025-09-01 | {said} |")[1] == result
