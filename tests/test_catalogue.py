"""The catalogue of bad inputs, entries 1 to 123: each has a test that shows its outcome.

catalogue_of_bad_inputs.csv says which test shows which entry, and which codes it asserts.
"""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests" / "catalogue_of_bad_inputs.csv"
ENTRIES = range(1, 124)
#: What shows that the books balance, or that nothing of the file was used; and helpers of the
#: catalogue's tests that see to it by themselves.
BOOKS = re.compile(
    r"\b(books|assert_balanced|cell|persons|placed|located|codes|refused|refusal|used|notes)\("
    r"|report\.rows|DataRefusedError\)"
)
#: Entry 83 is of a map, which has no rows; 38, 39 and 82 are of what is below or beside them.
NO_LISTS = {38, 39, 82, 83}


def lines() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


@cache
def sources_in(file: str) -> dict[str, str]:
    """Source of each test of a file, with its parameters, by name."""
    text = (ROOT / file).read_text("utf-8")
    rows = text.splitlines()
    return {
        node.name: "\n".join(rows[_first(node) - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def _first(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def test_every_entry_has_a_test() -> None:
    assert sorted({int(line["entry"]) for line in lines()}) == list(ENTRIES)


def test_the_table_reads_in_the_order_of_the_catalogue() -> None:
    numbers = [int(line["entry"]) for line in lines()]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line['entry']}-{line['input']}")
def test_a_test_exists_and_asserts_its_codes(line: dict[str, str]) -> None:
    file, _, name = line["tests"].partition("::")
    source = sources_in(file).get(name)
    assert source is not None, f"there is no {line['tests']}"
    assert [code for code in line["codes"].split() if f'"{code}"' not in source] == []
    if "/test_catalogue_" in file and int(line["entry"]) not in NO_LISTS:
        assert BOOKS.search(source), f"{name} says nothing of the rows"
