"""docs/benchmarks.md says what the benchmarks printed, and nothing else."""

import dataclasses
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import results
from benchmarks.plots import svg
from benchmarks.report import PAGE, kept_results, with_results
from benchmarks.results import Plot, Result, Table, cell_text, finish, markdown, read_result

BARS = Plot("Seconds & more", "", "s", "bars", {"ours": [("small", 0.5), ("large", 2.0)]})
LINES = Plot(
    "Growth", "families", "s", "lines", {"a": [(300, 1.5), (30, 0.2)], "b": [(30, 3)]}, log=True
)
SMALL = Result(
    name="small",
    title="A small one",
    command="python -m benchmarks.small",
    note="Two sums.",
    tables=(Table("Sums", ("engine", "s", "rows"), (("ours", 0.123456, 1200), ("peer", None, 3))),),
    plot=BARS,
    versions={"duckdb": "2"},
    machine="a machine",
    day="1 May 2026",
)
PRINTED = """\
## A small one

    python -m benchmarks.small

Two sums.

a machine; duckdb 2; 1 May 2026.

Sums:

| engine | s | rows |
| --- | --: | --: |
| ours | 0.123 | 1,200 |
| peer |  | 3 |

![Seconds & more](plots/small.svg)"""


def test_every_part_of_make_bench_has_its_place_in_the_page() -> None:
    makefile = (PAGE.parents[1] / "Makefile").read_text("utf-8")
    (parts,) = re.findall(r"^ONLY \?= (.+)$", makefile, flags=re.MULTILINE)
    results = [dataclasses.replace(SMALL, name=part) for part in parts.split()]
    assert with_results(PAGE.read_text("utf-8"), results).count("A small one") == len(results) > 6


def test_a_result_is_printed_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    finish(SMALL, save=False)
    assert capsys.readouterr().out == PRINTED + "\n"


@pytest.mark.parametrize("plot", [None, BARS, LINES], ids=["none", "bars", "lines"])
def test_a_result_that_is_kept_comes_back_whole(
    plot: Plot | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    result = dataclasses.replace(SMALL, plot=plot)
    finish(result, save=True)
    assert read_result(tmp_path / "small.json") == result


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), ("a|b", "a\\|b"), (0, "0"), (12000, "12,000"), (1234.5, "1,234"),
        (99.96, "100"), (12.34, "12.3"), (0.00001234, "0.000012"), (0.0, "0"),
    ],
)  # fmt: skip
def test_cells_are_written_as_people_read_them(cell: results.Cell, text: str) -> None:
    assert cell_text(cell) == text


def test_a_row_fits_its_columns() -> None:
    with pytest.raises(ValueError, match="1 cells for 2"):
        Table("Sums", ("a", "b"), (("ours",),))


def test_a_page_keeps_what_stands_between_results() -> None:
    page = "# Page\n<!-- small -->\nold\n<!-- /small -->\nby hand\n"
    once = with_results(page, [SMALL])
    assert once == f"# Page\n<!-- small -->\n{PRINTED}\n<!-- /small -->\nby hand\n"
    assert with_results(once, [SMALL]) == once


@pytest.mark.parametrize("page", ["", "<!-- small -->\n<!-- /small -->\n" * 2])
def test_a_result_has_one_place(page: str) -> None:
    with pytest.raises(ValueError, match="places for small"):
        with_results(page, [SMALL])


@pytest.mark.parametrize("plot", [BARS, LINES], ids=["bars", "lines"])
def test_a_plot_is_an_image_with_its_words(plot: Plot) -> None:
    drawn = svg(plot)
    assert drawn == svg(plot)
    words = {element.text for element in ElementTree.fromstring(drawn).iter()}
    assert {plot.title, plot.y_label} <= words


def test_the_documentation_says_what_was_printed() -> None:
    page = PAGE.read_text("utf-8")
    kept = kept_results()
    assert with_results(page, kept) == page
    for result in kept:
        assert markdown(result) in page
        if result.plot:
            drawn = (PAGE.parent / "plots" / f"{result.name}.svg").read_text("utf-8")
            assert drawn == svg(result.plot)


def test_files_of_results_are_named_as_their_result() -> None:
    for file in results.FOLDER.glob("*.json"):
        assert json.loads(file.read_text("utf-8"))["name"] == file.stem
