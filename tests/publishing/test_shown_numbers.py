"""A number that is shown and that nobody has classified is noticed."""

import json
import shutil
from pathlib import Path

import pytest

from tests.publishing.shown_numbers import CLASSES, NUMBERS, unclassified
from tests.web.sample import RUN_ID, write_snapshot


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_snapshot(folder)
    return folder / RUN_ID / "shown"


def test_every_number_of_the_sample_has_a_class(sample: Path) -> None:
    assert unclassified(sample) == set()


def test_every_class_is_one_that_says_what_holds_it() -> None:
    used = {of for patterns in NUMBERS.values() for _, of in patterns}
    assert used == {*CLASSES}


@pytest.mark.parametrize(
    ("file", "key"),
    [("meeting/tables/villages.json", "widows"), ("meeting/tables/rw.json", "covered_families"),
     ("meeting/tables/clusters.json", "members"), ("meeting/tables/scattered.json", "alone"),
     ("meeting/tables/access.json", "families"), ("meeting/tables/coverage.json", "widows")],
)  # fmt: skip
def test_a_new_column_is_noticed(sample: Path, tmp_path: Path, file: str, key: str) -> None:
    shutil.copytree(sample, tmp_path / "shown")
    written = tmp_path / "shown" / file
    rows = json.loads(written.read_text("utf-8"))
    some = rows.get("villages", next(iter(rows.values()))) if isinstance(rows, dict) else rows
    one = next(iter(some.values())) if isinstance(some, dict) else some[0]
    one[key] = 3
    written.write_text(json.dumps(rows), "utf-8")
    (found,) = unclassified(tmp_path / "shown")
    assert found.startswith(file)
    assert found.endswith(key)


def test_a_new_file_is_noticed(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "shown")
    (tmp_path / "shown" / "meeting" / "tables" / "widows.json").write_text("[]", "utf-8")
    assert unclassified(tmp_path / "shown") == {"meeting/tables/widows.json"}
