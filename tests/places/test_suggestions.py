"""What nobody can join goes to a person, and comes back as a decision."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.errors import ConfigError
from geo_target.places.crosswalk import crosswalk_of, read_crosswalk, read_decisions
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.spelling import folded, folded_sql
from geo_target.places.suggestions import suggest_villages, suggestions_csv
from geo_target.workbench import Workbench
from tests.builders import nik
from tests.places.test_catalogue_places import CIPARE, SUKAWANA, placed, villages

LINES = (
    " | Kota Serang | Serang | Ciparee",
    " | Kota Serang | Serang | Ciparee",
    " | | | Sukawanna",
    " | Kota Serang | Serang | Cipare",
)


def test_a_decision_comes_back_as_the_queue_was_written(bench: Workbench, tmp_path: Path) -> None:
    first = placed(bench, tmp_path / "daftar.csv", LINES)
    queue = suggest_villages([first], read_gazetteer("36"))
    assert [(row["village_name"], row["rows"]) for row in queue] == [
        ("Ciparee", 2),
        ("Sukawanna", 1),
    ]
    assert (queue[0]["code_1"], queue[0]["score_1"]) == (CIPARE, 92)

    decided = tmp_path / "alias.csv"
    decided.write_bytes(suggestions_csv([
        queue[0] | {"village_code": CIPARE}, queue[1] | {"village_code": SUKAWANA},
    ]))  # fmt: skip
    known = crosswalk_of("36", decided)
    second = placed(bench, tmp_path / "daftar.csv", LINES, known)
    assert villages(second) == [CIPARE, CIPARE, SUKAWANA, CIPARE]
    assert suggest_villages([second], read_gazetteer("36")) == []


def test_a_row_that_is_not_filled_in_decides_nothing(bench: Workbench, tmp_path: Path) -> None:
    first = placed(bench, tmp_path / "daftar.csv", LINES)
    undecided = tmp_path / "alias.csv"
    undecided.write_bytes(suggestions_csv(suggest_villages([first], read_gazetteer("36"))))
    assert read_decisions(undecided, read_gazetteer("36")).empty


def test_nothing_joins_by_its_score(bench: Workbench, tmp_path: Path) -> None:
    found = placed(bench, tmp_path / "daftar.csv", LINES)
    assert villages(found) == [None, None, None, CIPARE]


HEAD = "regency_name,district_name,village_name,village_code\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (HEAD + f"Kota Serang,Serang,Ciparee,{CIPARE}\nKota Serang,Serang,X,36.73.01.9999\n", [3]),
        (HEAD + f",,Ciparee,{CIPARE}\n,,Kel. Ciparee,{SUKAWANA}\n,,,{CIPARE}\n", [3, 4]),
        ("village_name,village_code\nCiparee,\n", [None]),
    ],
)
def test_a_wrong_decision_is_named_with_its_row(
    tmp_path: Path, text: str, rows: list[int | None]
) -> None:
    file = tmp_path / "alias.csv"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_decisions(file, read_gazetteer("36"))
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [
        ("E-ALIASES", row) for row in rows
    ]


def test_a_missing_file_of_decisions_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="E-ALIASES"):
        crosswalk_of("36", tmp_path / "alias.csv")


def test_the_queue_shows_no_number_and_starts_no_formula(bench: Workbench, tmp_path: Path) -> None:
    lines = [f" | Kota Serang | Serang | Desa {nik(1)}", " | Kota Serang | Serang | =1+1"]
    queue = suggest_villages([placed(bench, tmp_path / "daftar.csv", lines)], read_gazetteer("36"))
    text = suggestions_csv(queue).decode("utf-8-sig")
    assert nik(1) not in text
    names = {row["village_name"] for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert names == {"Desa ************" + nik(1)[-4:], "'=1+1"}


def test_shipped_spellings_are_no_other_village_and_lead_somewhere() -> None:
    gazetteer, known = read_gazetteer("36"), read_crosswalk("36")
    official = {
        (row.regency_code, folded(str(row.district_name)), folded(str(row.village_name)))
        for row in gazetteer.itertuples()
    }
    for row in known.aliases.itertuples():
        assert row.village_code in gazetteer.index
        key = (
            str(row.village_code)[:5],
            folded(str(row.district_name)),
            folded(str(row.village_name)),
        )
        assert key not in official
    assert known.changes["successor_code"].isin(gazetteer.index).all()
    assert not known.changes["village_code"].isin(gazetteer.index).any()


@given(st.lists(st.text("abcé KELkec.kabdsa '-1\t", max_size=20), min_size=1, max_size=20))
def test_sql_and_python_fold_alike(names: list[str]) -> None:
    with Workbench() as bench:
        rows = bench.take_rows({"name": "varchar"}, [(name,) for name in names])
        found = bench.execute(f"select name, {folded_sql('name')} from {rows.name}")
    assert [(name, folded(name)) for name, _ in found] == found
