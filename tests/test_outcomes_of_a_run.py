"""What visits found changes the next run: a before, an after, and a while later."""

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo_target import pipeline
from geo_target.places.gazetteer import villages_of
from tests.builders import kk, nik, write_csv

AREA = "36.73.02"
HERE, THERE = sorted(villages_of(AREA).index)[:2]
CONFIG = f"""
[area]
code = "{AREA}"
synthetic = true
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
[coverage]
programs = ["PKH"]
on = 2025-10-15
"""
VISITED = """
[[source]]
file = "proposals.csv"
profile = "proposals"
as_of = 2025-10-12
[[source]]
file = "visits.csv"
profile = "visits"
as_of = 2025-10-12
"""

#: Each lives in the village HERE, but for L1 to L11. F05, F06, F07 and N1 to N3 have no number at
#: all, and cannot be compared with any list. C1 to C6 are always paid.
NAMED = ("F01", "F02", "F03", "F04", "F08", "F09", "F10", "F11", "F12", "F13", "F14", "F15", "F16",
         "F17", "F18", "F19", *(f"L{n}" for n in range(1, 12)),
         *(f"C{n}" for n in range(1, 7)))  # fmt: skip
UNNAMED = ("F05", "F06", "F07", "N1", "N2", "N3")

VISITS = f"""
visit_code | family_id | tanggal kunjungan | result    | verdict     | programs  | same_as | nik yang benar | no kk yang benar | alamat yang benar | lon | lat | accuracy_m
a1         | F01       | 2025-10-08        | complete  | layak       | tidak ada |         |                |                  |                   |     |     |
a2         | F02       | 2025-10-08        | complete  | layak       | PKH       |         |                |                  |                   | 106.15 | -6.1 | 12
a3         | F05       | 2025-10-08        | complete  | layak       | none      |         |                |                  |                   |     |     |
a4         | F06       | 2025-10-08        | complete  | layak       |           |         |                |                  |                   |     |     |
a5         | F08       | 2025-10-08        | meninggal |             |           |         |                |                  |                   |     |     |
a6         | F09       | 2025-10-08        | moved     |             |           |         |                |                  |                   |     |     |
a7         | F10       | 2025-10-08        | duplicate |             |           | F01     |                |                  |                   |     |     |
a8         | F11       | 2025-10-08        | merged    |             |           | F02     |                |                  |                   |     |     |
a9         | F12       | 2025-10-08        | complete  | tidak layak |           |         |                |                  |                   |     |     |
a10        | F13       | 2025-10-08        | not_found |             |           |         |                |                  |                   |     |     |
a11        | F14       | 2025-10-08        | refused   |             |           |         |                |                  |                   |     |     |
a12        | F15       | 2025-10-08        | empty     |             |           |         |                |                  |                   |     |     |
a13        | F16       | 2025-10-08        | complete  | layak       |           |         |                | {kk(90)}         | KP BARU RT 07/03  |     |     |
a14        | F07       | 2025-10-08        | complete  | layak       |           |         | 36739801       |                  |                   |     |     |
a15        | F17       | 2023-10-08        | complete  | layak       | PKH       |         |                |                  |                   |     |     |
"""  # noqa: E501  # a table that is read as one
LATER = """
a16        | F08       | 2025-10-11        | not_found |             |           |         |                |                  |                   |     |     |
a17        | F12       | 2025-10-11        | complete  | layak       |           |         |                |                  |                   |     |     |
"""  # noqa: E501


def write(folder: Path, *, paid: tuple[str, ...], families: tuple[str, ...] = NAMED) -> Path:
    """Families by their names, whose numbers are those of their cards; and who is paid."""
    rows = [
        f"{name} | {nik(number(name))} | {kk(number(name))} | 001 | 002 | "
        f"{THERE if name.startswith('L') else HERE} |  | "
        for name in families
    ]
    rows += [f"{name} | | | 001 | 002 | {HERE} | 106.16 | -6.11" for name in UNNAMED]
    head = "family_id | nik | no kk | rt | rw | village_code | lon | lat"
    write_csv(folder / "families.csv", "\n".join([head, *rows]))
    paid = (*paid, *(name for name in families if name.startswith("C")))
    cards = [f"PKH | {kk(90 if name == 'F16' else number(name))}" for name in paid]
    write_csv(folder / "recipients.csv", "\n".join(["program | no kk", *cards]))
    config = folder / "geo-target.toml"
    config.write_text(CONFIG, "utf-8")
    return config


def number(name: str) -> int:
    return int(name[1:]) + {"F": 0, "L": 100, "C": 200}[name[0]]


@dataclass(frozen=True)
class Ran:
    """A run, and its report."""

    report: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        return Path(self.report["snapshot"])

    def exact(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "exact" / f"{name}.parquet")

    def family(self, name: str) -> Any:
        return self.exact("families").set_index("family_id").loc[name]

    def shown(self, name: str) -> Any:
        return json.loads((self.folder / "shown" / "meeting" / name).read_text("utf-8"))

    def steps(self) -> dict[str, str]:
        steps = self.exact("waterfall")
        return {
            row["family_id"]: ("+" if row["is_gain"] else "-") + row["cause"]
            for row in steps.to_dict("records")
        }


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Nobody was visited. F01 and F18 are paid; F16 is, under a card that no list has."""
    folder = tmp_path_factory.mktemp("outcomes")
    return Ran(pipeline.run(write(folder, paid=("F01", "F16", "F18"))).report)


@pytest.fixture(scope="module")
def after(before: Ran, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All were visited. F04 is paid now and F18 no longer; F03 is gone and F20 is listed."""
    folder = tmp_path_factory.mktemp("after")
    shutil.copytree(before.folder.parents[1], folder, dirs_exist_ok=True)
    families = (*[name for name in NAMED if name != "F03"], "F20")
    config = write(folder, paid=("F01", "F04", "F16"), families=families)
    config.write_text(CONFIG + VISITED, "utf-8")
    write_csv(folder / "visits.csv", VISITS)
    write_csv(
        folder / "proposals.csv",
        f"proposal_id | head_name | nik | village_code | rt | rw\nU1 | BARU | {nik(80)} | {HERE} "
        f"| 001 | 002\nU2 | LAMA | {nik(19)} | {HERE} | 001 | 002",
    )
    return Ran(pipeline.run(config).report)


@pytest.fixture(scope="module")
def later(after: Ran, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The visits of last month once more, and two that came after."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(after.folder.parents[1], folder, dirs_exist_ok=True)
    write_csv(folder / "visits.csv", VISITS.rstrip() + LATER)
    return Ran(pipeline.run(folder / "geo-target.toml").report)


def test_before_anybody_is_visited(before: Ran) -> None:
    states = before.exact("families")["coverage_state"]
    assert Counter(states) == {"covered": 8, "unmatched": 6, "uncovered": 25}
    assert before.report["visits"] is None
    assert before.report["waterfall"] is None
    assert before.exact("families")["ended_by"].isna().all()
    assert not before.exact("families")["is_state_by_visit"].any()


@pytest.mark.parametrize(
    ("name", "why"),
    [("F08", "died"), ("F09", "moved"), ("F10", "duplicate"), ("F11", "merged"),
     ("F12", "better_off")],
)  # fmt: skip
def test_who_is_gone_or_better_off_is_no_extreme_poor_any_more(
    before: Ran, after: Ran, name: str, why: str
) -> None:
    assert before.family(name)["welfare_class"] == "extreme_poor"
    found = after.family(name)
    assert (found["welfare_class"], found["ended_by"]) == ("other", why)
    assert pd.isna(found["reason"])


@pytest.mark.parametrize("name", ["F13", "F14", "F15"])
def test_a_visit_that_met_nobody_ends_nothing(after: Ran, name: str) -> None:
    found = after.family(name)
    assert (found["welfare_class"], found["coverage_state"]) == ("extreme_poor", "uncovered")
    assert pd.isna(found["ended_by"])


def test_who_names_a_program_at_the_door_is_covered(before: Ran, after: Ran) -> None:
    assert before.family("F02")["coverage_state"] == "uncovered"
    found = after.family("F02")
    assert (found["coverage_state"], found["is_state_by_visit"]) == ("covered", True)
    rows = after.exact("coverage").query("family_id == 'F02'").to_dict("records")
    assert [(row["program"], row["matched_by"]) for row in rows] == [("PKH", "visit")]


def test_who_could_not_be_compared_and_receives_none_is_uncovered(before: Ran, after: Ran) -> None:
    assert before.family("F05")["coverage_state"] == "unmatched"
    found = after.family("F05")
    assert (found["coverage_state"], found["is_state_by_visit"]) == ("uncovered", True)


def test_who_was_not_asked_stays_unmatched(after: Ran) -> None:
    assert after.family("F06")["coverage_state"] == "unmatched"


def test_a_list_is_not_overruled_by_a_no(after: Ran) -> None:
    found = after.family("F01")
    assert (found["coverage_state"], found["is_state_by_visit"]) == ("covered", False)
    assert after.report["visits"]["visit_disagreements"] == 1


def test_an_old_answer_does_not_count(after: Ran) -> None:
    assert after.family("F17")["coverage_state"] == "uncovered"


def test_the_point_of_a_visit_is_the_place_of_the_home(before: Ran, after: Ran) -> None:
    assert before.family("F02")["location_level"] == "rt"
    found = after.family("F02")
    assert (found["location_level"], found["lon"], found["lat"]) == ("visit", 106.15, -6.1)
    assert after.family("F05")["location_level"] == "list"


def test_a_corrected_card_is_compared_with_the_lists(before: Ran, after: Ran) -> None:
    assert before.family("F16")["coverage_state"] == "uncovered"
    found = after.family("F16")
    assert (found["coverage_state"], found["is_state_by_visit"]) == ("covered", False)
    assert (found["rt"], found["rw"]) == ("007", "003")
    assert str(found["corrected_on"])[:10] == "2025-10-08"
    assert after.report["visits"]["corrections"] == {
        "head_name": 0, "address": 1, "neighborhood": 1, "rt": 1, "rw": 1, "members": 0,
        "head_national_id": 0, "family_card_number": 1,
    }  # fmt: skip


def test_a_corrected_number_that_is_none_is_set_aside(after: Ran) -> None:
    assert after.family("F07")["coverage_state"] == "unmatched"
    visits = next(one for one in after.report["intake"] if one["profile"] == "visits")
    assert visits["set_aside"] == {"E-NIK-LEN": 1}
    assert visits["accepted"] == 15


def test_a_proposed_family_becomes_one_or_is_one_already(after: Ran) -> None:
    found = after.family("usulan:U1")
    assert (found["welfare_class"], found["village_code"]) == ("unknown", HERE)
    keys = after.exact("family_keys").set_index(["register", "register_family_id"])
    assert keys.loc[("usulan", "U2"), "family_id"] == "F19"


def test_every_family_of_the_waterfall_has_its_cause(after: Ran) -> None:
    assert after.steps() == {
        "F02": "-visit_covered", "F03": "-gone", "F04": "-covered", "F06": "-unmatched",
        "F07": "-unmatched", "F08": "-died", "F09": "-moved", "F10": "-duplicate",
        "F11": "-merged", "F12": "-better_off", "F16": "-re_matched", "F18": "+lost",
        "F20": "+new", "N1": "-unmatched", "N2": "-unmatched", "N3": "-unmatched",
    }  # fmt: skip
    real = after.exact("waterfall").query("is_real")["family_id"]
    assert [*real] == ["F04", "F18"]


def test_the_waterfall_adds_up(before: Ran, after: Ran) -> None:
    told, counts = after.report["waterfall"], before.report["families"]
    assert told["before"] == counts["uncovered"] + counts["unmatched"] == 31
    assert told["after"] == after.report["families"]["uncovered"] == 19
    assert told["after"] == (
        told["before"] + sum(told["gains"].values()) - sum(told["losses"].values())
    )
    manifest = json.loads((after.folder / "manifest.json").read_bytes())
    assert manifest["waterfall"] == told


def test_the_meeting_is_told_no_small_step(after: Ran) -> None:
    told = after.shown("tables/registers.json")["waterfall"]
    counts = [n for side in ("gains", "losses") for n in told[side].values()]
    assert not [n for n in counts if n is not None and 0 < n < 5]
    assert after.shown("summary.json")["visits"] == {"disagreements": None}


def test_the_public_hears_nothing_of_visits(after: Ran) -> None:
    texts = [path.read_text("utf-8") for path in (after.folder / "shown/public").rglob("*.json")]
    for word in ("disagreements", "waterfall", "ended_by"):
        assert not [text for text in texts if word in text]


def test_ranks_and_map_follow_what_was_found(before: Ran, after: Ran) -> None:
    """HERE had 14 uncovered families and has 8; THERE nobody was visited."""
    tables = [ran.exact("villages").set_index("village_code") for ran in (before, after)]
    counts = [table["uncovered_families"] for table in tables]
    assert [(one[HERE], one[THERE]) for one in counts] == [(14, 11), (8, 11)]
    first = [table["priority_rank"].idxmin() for table in tables]
    assert first == [HERE, THERE]
    assert [ran.report["priority"][0] for ran in (before, after)] == [HERE, THERE]
    shown = [{row["village_code"]: row["uncovered_families"]
              for row in ran.shown("tables/villages.json")} for ran in (before, after)]  # fmt: skip
    assert [one[HERE] for one in shown] == [14, 8]


def test_a_later_fit_visit_undoes_what_ended_a_family(later: Ran) -> None:
    found = later.family("F12")
    assert found["welfare_class"] == "extreme_poor"
    assert pd.isna(found["ended_by"])


def test_whom_nobody_found_afterwards_stays_dead(later: Ran) -> None:
    assert later.family("F08")["ended_by"] == "died"


def test_the_same_visits_again_change_nothing(later: Ran) -> None:
    """Only F12, whom somebody met again; who was unmatched is so once more."""
    nobody_knows = dict.fromkeys(("F06", "F07", "N1", "N2", "N3"), "-unmatched")
    assert later.steps() == {**nobody_knows, "F12": "+re_classified"}
